"""What a stretch of talk is about, as one vector."""

import numpy as np
from scripted_model import ScriptedModel
from small_shows import an_insight

from earmark.engines import Language
from earmark.insights import extract, passage_vectors, vectors_in_context
from earmark.insights.meaning import REACH, common_part
from earmark.records import Insight, Passage, Segment, Transcript

TEXTS = [
    "The bakery raised the price of its bread by ten percent last winter.",
    "Customers of the bakery hardly noticed the new price of bread.",
    "Bread is what people buy without looking at the price.",
    "Rivers freeze from the top because cold water is heavier than ice.",
    "Fish in the rivers live through the winter under that ice.",
    "Ice on rivers keeps the cold wind away from the water.",
]
SAID = Transcript(
    "publisher", tuple(Segment(i * 5000, i * 5000 + 5000, t) for i, t in enumerate(TEXTS)), "en"
)


def test_each_passage_of_talk_has_a_unit_vector_that_is_nearest_to_its_own_words() -> None:
    model = ScriptedModel()
    passages = (Passage(0, 2, 0, 15_000, "talk"), Passage(3, 5, 15_000, 30_000, "talk"))
    found = passage_vectors(SAID, passages, model.embed)
    assert list(found) == [0, 3]
    assert all(abs(float(np.linalg.norm(v)) - 1) < 1e-5 for v in found.values())
    bread = model.embed(["the price of bread"])[0]
    assert found[0] @ bread > found[3] @ bread


def test_adverts_have_none_and_a_passage_of_one_sentence_has() -> None:
    model = ScriptedModel()
    passages = (Passage(0, 0, 0, 5000, "talk"), Passage(1, 5, 5000, 30_000, "ad"))
    assert list(passage_vectors(SAID, passages, model.embed)) == [0]
    assert passage_vectors(SAID, (), model.embed) == {}


def test_what_extraction_embedded_is_all_that_is_needed() -> None:
    model = ScriptedModel()
    extraction = extract(SAID, model, identity="x", cancelled=lambda: False, on_progress=lambda _: None)
    seen = set(model.embedded)
    passage_vectors(SAID, extraction.passages, model.embed)
    talk = [p for p in extraction.passages if p.kind == "talk"]
    assert talk
    assert len(set(model.embedded) - seen) <= 2 * len(talk)


def insight_at(first: int, text: str) -> Insight:
    """A claim whose words are those of one segment."""
    at = first * 5000
    return an_insight(text, text, start_ms=at, end_ms=at + 5000, first_segment=first, last_segment=first)


def in_its_context(text: str, around: list[str], model: ScriptedModel) -> np.ndarray:
    said = [*around[:3], text, *around[3:]]
    transcript = Transcript(
        "publisher", tuple(Segment(i * 5000, i * 5000 + 5000, t) for i, t in enumerate(said)), "en"
    )
    (vector,) = vectors_in_context(
        transcript, [insight_at(3, text)], model.embed([text]), model.embed, "hashed-words"
    )
    return vector


def test_what_is_said_around_a_claim_brings_it_nearer_to_claims_in_such_company() -> None:
    model = ScriptedModel()
    vague = "That is where most people get it wrong the first time they try."
    other = "Nobody who tried it the first time got most of that right."
    bread, ice = TEXTS[:3] * 2, TEXTS[3:] * 2
    among_bread = in_its_context(vague, bread, model)
    assert abs(float(np.linalg.norm(among_bread)) - 1) < 1e-5
    assert among_bread @ in_its_context(other, bread, model) > among_bread @ in_its_context(other, ice, model)


def test_a_claim_without_a_place_in_the_words_stands_for_itself() -> None:
    model = ScriptedModel()
    claims = model.embed(["bread"])
    (vector,) = vectors_in_context(SAID, [insight_at(99, "bread")], claims, model.embed, "hashed-words")
    assert np.allclose(vector, claims[0], atol=1e-6)
    assert vectors_in_context(SAID, [], claims[:0], model.embed, "hashed-words").shape == (0, 384)


def test_only_so_many_sentences_to_either_side_are_its_context() -> None:
    model = ScriptedModel()
    far = ["Something else entirely."] * (REACH + 5)
    transcript = Transcript(
        "publisher",
        tuple(Segment(i * 5000, i * 5000 + 5000, t) for i, t in enumerate([*far, TEXTS[0], *far])),
        "en",
    )
    insight = insight_at(len(far), TEXTS[0])
    vectors_in_context(transcript, [insight], model.embed([TEXTS[0]]), model.embed, "hashed-words")
    assert len(model.embedded) - 1 == 2 * REACH + 1 - 2


def test_what_all_talk_has_in_common_is_known_for_the_model_that_comes_along() -> None:
    common = common_part(Language.embedding_model_id)
    assert isinstance(common, np.ndarray)
    assert common.shape == (384,)
    assert 0.2 < float(np.linalg.norm(common)) < 1
    assert common_part("another") == 0.0
