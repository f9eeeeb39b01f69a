"""From a transcript to cards, with a scripted model and with the real one."""

import json
import random
import re
from itertools import pairwise
from pathlib import Path

import pytest
from scripted_model import ScriptedModel

from earmark.demo import DemoEpisode, demo_episodes
from earmark.engines import Language
from earmark.errors import Cancelled
from earmark.insights import LanguageModel, bench_items, claim_text, extract
from earmark.insights.spans import DANGLING, FRAME
from earmark.insights.words import folded
from earmark.paths import Paths
from earmark.records import Chapter, Extraction, Segment, Transcript

EPISODES = demo_episodes()


def transcript_of(episode: DemoEpisode) -> Transcript:
    segments = [Segment(i * 5000, i * 5000 + 5000, x.text, x.speaker) for i, x in enumerate(episode.lines)]
    return Transcript("publisher", tuple(segments))


def read(transcript: Transcript, model: LanguageModel | None = None) -> Extraction:
    return extract(
        transcript,
        model or ScriptedModel(),
        identity="http://feed\nguid",
        cancelled=lambda: False,
        on_progress=lambda _: None,
    )


def check_cards(extraction: Extraction, episode: DemoEpisode) -> None:
    for insight in extraction.insights:
        lines = episode.lines[insight.first_segment : insight.last_segment + 1]
        assert {line.kind for line in lines} <= {"talk", "chat"}
        assert folded(insight.quote) in folded(" ".join(line.text for line in lines))
        assert insight.start_ms == insight.first_segment * 5000
        assert insight.end_ms == insight.last_segment * 5000 + 5000
        assert 25 <= len(insight.text.split()) <= 65
        assert not FRAME.search(insight.text)
        assert not DANGLING.match(insight.text)
        assert 0 <= insight.quality <= 1


@pytest.mark.parametrize("episode", EPISODES, ids=lambda e: e.slug)
def test_each_sample_episode_gives_insights_in_the_speakers_words(episode: DemoEpisode) -> None:
    extraction = read(transcript_of(episode))
    assert 3 <= len(extraction.insights) <= 6
    check_cards(extraction, episode)
    assert all(insight.tier == "quotes" for insight in extraction.insights)
    assert extraction.counts.adverts == 1
    assert extraction.counts.kept == len(extraction.insights)


def test_the_same_words_give_the_same_insights_with_the_same_ids() -> None:
    transcript = transcript_of(EPISODES[0])
    assert read(transcript) == read(transcript)
    other = extract(
        transcript, ScriptedModel(), identity="b", cancelled=lambda: False, on_progress=lambda _: None
    )
    assert not {i.id for i in other.insights} & {i.id for i in read(transcript).insights}


def test_spans_of_insights_never_overlap() -> None:
    for episode in EPISODES:
        spans = sorted((i.start_ms, i.end_ms) for i in read(transcript_of(episode)).insights)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_a_moment_holds_the_sentences_around_its_quotation_and_none_of_an_advert() -> None:
    for episode in EPISODES:
        lines = episode.lines
        for insight in read(transcript_of(episode)).insights:
            first, last = insight.first_segment, insight.last_segment
            begin, end = (ms // 5000 for ms in insight.moment_ms)
            told = [line.kind for line in lines[begin:end]]
            assert "ad" not in told
            assert first - 2 <= begin <= first
            assert last + 1 <= end <= last + 3
            if begin == first and first > 1:
                assert {lines[first - 1].kind, lines[first - 2].kind} - {"talk", "chat"}, insight.quote
    moments = [i.moment_ms for e in EPISODES for i in read(transcript_of(e)).insights]
    assert any(insight_ms[1] - insight_ms[0] > 5000 * 4 for insight_ms in moments)


def test_a_moment_ends_where_something_else_begins() -> None:
    (insight, *_) = read(transcript_of(EPISODES[0])).insights
    chapters = [Chapter(insight.start_ms, "Here"), Chapter(insight.end_ms, "There")]
    again = extract(
        transcript_of(EPISODES[0]),
        ScriptedModel(),
        identity="http://feed\nguid",
        cancelled=lambda: False,
        on_progress=lambda _: None,
        chapters=[Chapter(0, "Before"), *chapters],
    )
    same = [found for found in again.insights if found.quote == insight.quote]
    assert [found.moment_ms for found in same] == [(insight.start_ms, insight.end_ms)]


def test_a_transcript_without_times_still_gives_insights_of_their_own() -> None:
    timed = transcript_of(EPISODES[0])
    segments = tuple(Segment(0, 0, segment.text, segment.speaker) for segment in timed.segments)
    found = read(Transcript("publisher", segments)).insights
    assert len({insight.id for insight in found}) == len(found) >= 3


def test_progress_rises_to_one_and_a_stop_is_heard() -> None:
    told: list[float] = []
    extract(
        transcript_of(EPISODES[0]),
        ScriptedModel(),
        identity="a",
        cancelled=lambda: False,
        on_progress=told.append,
    )
    assert told == sorted(told)
    assert told[-1] == 1.0
    with pytest.raises(Cancelled):
        extract(
            transcript_of(EPISODES[0]),
            ScriptedModel(),
            identity="a",
            cancelled=lambda: len(told) > 0,
            on_progress=told.append,
        )


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_hardly_any_words_give_few_or_no_insights(count: int) -> None:
    segments = tuple(Segment(i * 1000, i * 1000 + 1000, "Yes.") for i in range(count))
    assert read(Transcript("speech", segments)).insights == ()


def test_text_that_goes_in_circles_gives_no_insight() -> None:
    line = (
        "The cat sat on the mat and the cat sat on the mat and the cat sat on the mat again, because of it."
    )
    segments = tuple(Segment(i * 4000, i * 4000 + 4000, line) for i in range(40))
    assert read(Transcript("speech", segments)).insights == ()


def test_words_without_capitals_and_full_stops_still_give_insights() -> None:
    lines = [
        line.text.lower().replace(",", "").rstrip(".?") for line in EPISODES[7].lines if line.kind == "talk"
    ]
    words = " ".join(lines).split()
    texts = [" ".join(words[i : i + 9]) for i in range(0, len(words), 9)]
    segments = tuple(Segment(i * 3000, i * 3000 + 2900, text) for i, text in enumerate(texts))
    assert read(Transcript("speech", segments)).insights


def test_words_of_any_kind_never_break_it() -> None:
    draw = random.Random(4)
    alphabet = "abc .,?!…\"'“”()[]0123456789%€ßçйوのA\n\t-—:;"
    for _ in range(60):
        texts = ["".join(draw.choice(alphabet) for _ in range(draw.randrange(0, 160))) for _ in range(20)]
        segments = tuple(Segment(i * 1000, i * 1000 + draw.randrange(0, 900), x) for i, x in enumerate(texts))
        read(Transcript("speech", segments))


def good_answer(
    numbers: list[int], text: str, headline: str = "Free fares move few cars off the road"
) -> str:
    return json.dumps({"headline": headline, "text": text, "sentences": numbers})


def test_a_model_that_may_write_is_held_to_what_was_said() -> None:
    transcript = transcript_of(EPISODES[0])
    invented = good_answer(
        [1, 2],
        "Firms lose 77 percent of their customers each year, because nobody at Globex ever measures anything "
        "that matters to them. The remedy is to measure everything and to do so all the time.",
    )
    model = ScriptedModel("full", [invented] * 100)
    extraction = read(transcript, model)
    assert extraction.insights
    assert all(i.tier == "quotes" for i in extraction.insights)
    assert extraction.counts.quoted == len(extraction.insights)
    assert any("77" in prompt and "refused" in prompt for prompt in model.prompts)


class Echo(ScriptedModel):
    """Writes a card that only quotes the excerpt's sentences, as a faithful model might; `worth` as told."""

    worth = 2

    def write(self, system: str, prompt: str, schema_name: str, max_tokens: int) -> str:
        self.prompts.append(prompt)
        lines = [line.split("] ", 1)[1] for line in prompt.splitlines() if line.startswith("[")]
        for first in range(len(lines)):
            for last in range(first, len(lines)):
                text = " ".join(lines[first : last + 1])
                if 25 <= len(text.split()) <= 65 and last - first < 3 and not DANGLING.match(text):
                    head = " ".join(lines[first].split()[:8]).rstrip(",.;")
                    card = json.loads(good_answer(list(range(first + 1, last + 2)), f"“{text}”", head))
                    return json.dumps({"insights": [{**card, "worth": self.worth}]})
        return "{}"


def test_a_faithful_card_is_kept_in_the_tier_that_wrote_it() -> None:
    transcript = transcript_of(EPISODES[3])
    for tier in ("short", "full"):
        found = read(transcript, Echo(tier)).insights
        assert any(i.tier == tier for i in found)
        assert all("negation" in i.checks for i in found if i.tier == tier)


def test_a_model_that_finds_nothing_in_a_stretch_is_believed() -> None:
    extraction = read(transcript_of(EPISODES[3]), ScriptedModel("full", ['{"insights": []}'] * 100))
    assert extraction.insights == ()
    assert extraction.counts.dropped == 0


def test_a_writing_model_reads_at_most_its_share_of_the_words() -> None:
    model = Echo("full")
    texts = [line.text for episode in EPISODES for line in episode.lines if line.kind == "talk"]
    segments = tuple(Segment(i * 5000, i * 5000 + 5000, text) for i, text in enumerate(texts))
    counts = read(Transcript("publisher", segments), model).counts
    assert 0 < counts.words_read <= 0.3 * counts.words
    first = [prompt for prompt in model.prompts if "refused" not in prompt]
    read_by_model = sum(len(re.sub(r"\[\d+\] ", "", prompt).split()) for prompt in first)
    assert read_by_model == counts.words_read


def test_the_opinion_of_a_capable_model_overrules_the_ranker() -> None:
    class Taste(Echo):
        def write(self, system: str, prompt: str, schema_name: str, max_tokens: int) -> str:
            self.worth = 3 if "night" in prompt else 1
            return super().write(system, prompt, schema_name, max_tokens)

    found = read(transcript_of(EPISODES[3]), Taste("full")).insights
    liked = ["night" in i.quote.lower() for i in found]
    assert liked == sorted(liked, reverse=True)


def test_answers_that_are_not_cards_fall_back_to_the_words() -> None:
    broken = ["", "null", "[]", '{"headline": 3}', '{"headline": "a", "text": "b", "sentences": [99]}'] * 20
    extraction = read(transcript_of(EPISODES[1]), ScriptedModel("full", broken))
    assert extraction.insights
    assert {i.tier for i in extraction.insights} == {"quotes"}


def test_the_printed_form_has_what_the_bench_asks_for() -> None:
    extraction = read(transcript_of(EPISODES[0]))
    items = bench_items(extraction)
    assert {"headline", "text", "quote", "start_ms", "end_ms", "quality"} <= set(items[0])
    json.dumps(items)
    assert claim_text(extraction.insights[0])


def test_the_real_models_read_a_sample_episode(tmp_path: Path) -> None:
    with Language(Paths(tmp_path)) as language:
        extraction = read(transcript_of(EPISODES[0]), language)
    assert len(extraction.insights) >= 3
    check_cards(extraction, EPISODES[0])
    assert extraction.insights[0].quality > 0.4
