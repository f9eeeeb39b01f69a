"""What a stretch of talk is about, as one vector."""

import numpy as np
from scripted_model import ScriptedModel

from earmark.insights import extract, passage_vectors
from earmark.records import Passage, Segment, Transcript

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
