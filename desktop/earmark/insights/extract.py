"""From a transcript to its insights: sentences, kinds, scored windows, chosen sentences, cards, checks."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.errors import Cancelled
from earmark.insights import prompts
from earmark.insights.candidates import Embed, Ranker, Window, load_ranker, score_windows
from earmark.insights.chapters import fitting_chapters
from earmark.insights.choose import choose_spans, quotable
from earmark.insights.dedupe import distinct
from earmark.insights.model import LanguageModel
from earmark.insights.noise import find_noise, set_apart
from earmark.insights.passages import kinds_of, mark
from earmark.insights.reading import LEAST_WORDS, READ_SHARE, fitted, grown, stretches
from earmark.insights.sentences import Sentence, split_sentences
from earmark.insights.spans import Span, spans_for
from earmark.insights.tongue import foreign_language
from earmark.insights.topics import topic_borders
from earmark.insights.write import Attempt, Refused, Written, quoted, written
from earmark.records import (
    Chapter,
    Extraction,
    ExtractionCounts,
    Insight,
    InsightId,
    PassageKind,
    Transcript,
)

FEWEST, MOST = 3, 15
WORDS_A_CARD = 110
SPARE = 4
"""More spans are chosen than cards are wanted, because some will be told twice or fail the checks."""
EMBED_AT_ONCE = 16
UNHEADED = 0.85
"""What a card is worth beside others when none of its clauses can head it."""
WORTH_WEIGHT = 3.0
"""Log-odds for each step of a capable model's opinion: it overrules the ranker, which breaks its ties."""
AROUND = 2
"""Sentences on either side of a card's own that belong to its moment. What people mark as the support of an
insight has seven sentences, a quotation two."""
MOST_EXCERPT = 12
"""Sentences that a model which writes one sentence may see."""


@dataclass(frozen=True, slots=True)
class Card:
    """A written card with its place in the order, as log-odds."""

    written: Written
    order: float

    @property
    def text(self) -> str:
        """What is compared with other cards."""
        return self.written.text


@dataclass
class Reading:
    """One episode while it is read: what everybody needs to know, and what is counted on the way."""

    sentences: Sequence[Sentence]
    kinds: Sequence[PassageKind]
    borders: frozenset[int]
    model: LanguageModel
    embed: Embed
    cancelled: Callable[[], bool]
    share: float = READ_SHARE
    dropped: int = 0
    read: set[int] = field(default_factory=set)

    def stop_if_asked(self) -> None:
        """Raises Cancelled."""
        if self.cancelled():
            raise Cancelled


def extract(
    transcript: Transcript,
    model: LanguageModel,
    *,
    identity: str,
    cancelled: Callable[[], bool],
    on_progress: Callable[[float], None],
    chapters: Sequence[Chapter] = (),
    read_share: float = READ_SHARE,
    ranker: Ranker | None = None,
) -> Extraction:
    """The insights of a transcript, best first, with all its passages and what was counted on the way.

    `identity` names the episode (feed address, newline, GUID); with the times it makes the insights' ids, so
    that the same words give the same ids. `chapters` are the publisher's, by time. `on_progress` gets the
    done share. `read_share` is the share of the words that a model of tier "full" may read. `ranker` stands
    in for the one that comes with the program. A transcript in a language that is not known gives none, and
    its counts say so. Raises Cancelled.
    """
    on_progress = _rising(on_progress)
    everything = split_sentences(set_apart(transcript.segments))
    if foreign := foreign_language(transcript):
        return _unread(everything, foreign)
    noise = find_noise(everything)
    sentences = [s for s in everything if s.number not in noise]
    chapters = fitting_chapters(sentences, chapters)
    kinds = kinds_of(sentences, chapters)
    embed = _watched(model, sum(kind == "talk" for kind in kinds), cancelled, on_progress)
    ranker = ranker or load_ranker()
    windows = score_windows(sentences, kinds, embed, ranker)
    borders = topic_borders(sentences, kinds, chapters, embed)
    reading = Reading(sentences, kinds, borders, model, embed, cancelled, read_share)
    wanted = _wanted(sentences, kinds)
    makers = _read_cards if model.tier == "full" else _span_cards
    cards: list[Card] = []
    for done, found in makers(windows, ranker, reading, wanted):
        reading.stop_if_asked()
        cards += found
        on_progress(0.8 + 0.2 * min(1.0, done))
    cards = distinct(sorted(cards, key=lambda card: (-card.order, card.written.first)), embed)[:wanted]
    insights = _insights(cards, reading, ranker, identity)
    known = dict(zip((s.number for s in sentences), kinds, strict=True))
    every_kind = [known.get(s.number, "noise") for s in everything]
    begin = {sentences[i].number for i in borders}
    passages = mark(everything, every_kind, begin)
    counts = _counts(reading, everything, every_kind, len(windows), cards)
    on_progress(1.0)
    return Extraction(tuple(insights), tuple(passages), counts)


def claim_text(insight: Insight) -> str:
    """What is embedded to relate an insight to others: the claim alone."""
    return insight.text


def bench_items(extraction: Extraction) -> list[dict[str, Any]]:
    """The insights as `earmark extract --json` prints them, best first."""
    return [
        {
            "id": insight.id,
            "headline": insight.headline,
            "text": insight.text,
            "quote": insight.quote,
            "start_ms": insight.moment_ms[0],
            "end_ms": insight.moment_ms[1],
            "quote_start_ms": insight.start_ms,
            "quote_end_ms": insight.end_ms,
            "quality": round(insight.quality, 4),
            "tier": insight.tier,
            "checks": list(insight.checks),
        }
        for insight in extraction.insights
    ]


def _wanted(sentences: Sequence[Sentence], kinds: Sequence[PassageKind]) -> int:
    """One insight for every `WORDS_A_CARD` of talk, which is less than a minute, within bounds."""
    talk = sum(s.words for s, kind in zip(sentences, kinds, strict=True) if kind == "talk")
    return max(FEWEST, min(MOST, round(talk / WORDS_A_CARD)))


def _rising(on_progress: Callable[[float], None]) -> Callable[[float], None]:
    """Progress that never falls back."""
    highest = 0.0

    def told(done: float) -> None:
        nonlocal highest
        highest = max(highest, done)
        on_progress(highest)

    return told


def _watched(
    model: LanguageModel, talk: int, cancelled: Callable[[], bool], on_progress: Callable[[float], None]
) -> Embed:
    """`model.embed` in small portions with a memory, so that a user's stop is heard and nothing is
    done twice."""
    known: dict[str, NDArray[np.float32]] = {}

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        for begin in range(0, len(missing), EMBED_AT_ONCE):
            if cancelled():
                raise Cancelled
            portion = missing[begin : begin + EMBED_AT_ONCE]
            known.update(zip(portion, model.embed(portion), strict=True))
            on_progress(min(0.8, 0.8 * len(known) / max(1, talk)))
        return np.array([known[text] for text in texts], np.float32)

    return embed


def _span_cards(
    windows: Sequence[Window], ranker: Ranker, reading: Reading, wanted: int
) -> Iterable[tuple[float, list[Card]]]:
    """Cards on the best quotable spans, as many as are wanted and some to spare; with the done share."""
    choices = choose_spans(windows, reading.sentences, reading.kinds, ranker, wanted + SPARE)
    kept = 0
    for choice in choices:
        if kept == wanted + 1:
            return
        card = _span_card(choice.span, reading)
        kept += card is not None
        reading.dropped += card is None
        yield kept / (wanted + 1), [Card(card, choice.window.score)] if card else []


def _span_card(span: Span, reading: Reading) -> Written | None:
    """The card of a span in the model's tier, in the speaker's words when that fails."""
    sentences, model, embed = reading.sentences, reading.model, reading.embed
    if model.tier != "short":
        reading.read |= set(range(span.first, span.last + 1))
        return _quoted(span, reading)
    window = Window(span.first, span.last, 0.0)
    numbers = grown(window, sentences, reading.kinds, reading.borders, set(), MOST_EXCERPT)
    numbers = fitted(numbers, sentences, model)
    reading.read |= set(numbers)
    attempt = written(numbers, sentences, model, embed)
    return attempt.cards[0] if attempt.cards else _quoted(span, reading, attempt.tries)


def _read_cards(
    windows: Sequence[Window], ranker: Ranker, reading: Reading, _wanted: int
) -> Iterable[tuple[float, list[Card]]]:
    """Cards on what a capable model finds in the most promising stretches; with the done share."""
    sentences, model = reading.sentences, reading.model
    budget = max(LEAST_WORDS, reading.share * sum(s.words for s in sentences))
    chosen = stretches(windows, sentences, reading.kinds, reading.borders, budget)
    worth = {i: window.score for window in reversed(windows) for i in range(window.first, window.last + 1)}
    for done, stretch in enumerate(chosen, start=1):
        numbers = fitted(stretch.numbers, sentences, model)
        reading.read |= set(numbers)
        attempt = written(numbers, sentences, model, reading.embed)
        cards = [*attempt.cards, *_quoted_instead(attempt, stretch.window, worth, reading)]
        yield done / len(chosen), [Card(card, _order(stretch.window.score, card.worth)) for card in cards]


def _quoted_instead(
    attempt: Attempt, window: Window, scores: Mapping[int, float], reading: Reading
) -> list[Written]:
    """The speaker's own words where the model's did not hold, or where its answers were none."""
    if attempt.declined or (attempt.cards and not attempt.refused):
        return []
    places = attempt.refused or (Refused(window.first, window.last, worth=2),)
    found: list[Written] = []
    for place in places:
        around = (Window(place.first, place.last, window.score), window)
        spans = (spans_for(each, reading.sentences, reading.kinds, scores, set()) for each in around)
        found_spans = (quotable(each, reading.sentences) for each in spans)
        best = next((best for best in found_spans if best), None)
        card = _quoted(best, reading, attempt.tries, place.worth) if best else None
        found += [card] if card else []
        reading.dropped += card is None
    return found


def _quoted(span: Span, reading: Reading, tries: int = 0, worth: int | None = None) -> Written | None:
    return quoted(span, reading.sentences, reading.model, reading.embed, tries=tries, worth=worth)


def _order(score: float, worth: int | None) -> float:
    return score + WORTH_WEIGHT * ((worth or 2) - 2)


def _counts(
    reading: Reading,
    everything: Sequence[Sentence],
    kinds: Sequence[PassageKind],
    candidates: int,
    cards: Sequence[Card],
) -> ExtractionCounts:
    read = [reading.sentences[i] for i in reading.read]
    left_out: Counter[str] = Counter()
    for sentence, kind in zip(everything, kinds, strict=True):
        if kind != "talk":
            left_out[kind] += sentence.end_ms - sentence.start_ms
    return ExtractionCounts(
        candidates=candidates,
        kept=len(cards),
        rewritten=sum(card.written.tries > 1 and card.written.tier != "quotes" for card in cards),
        quoted=sum(card.written.tries > 0 and card.written.tier == "quotes" for card in cards),
        dropped=reading.dropped,
        adverts=sum(p.kind == "ad" for p in mark(everything, kinds)),
        words=sum(s.words for s in everything),
        words_read=sum(s.words for s in read),
        total_ms=sum(s.end_ms - s.start_ms for s in everything),
        read_ms=sum(s.end_ms - s.start_ms for s in read),
        left_out_ms=dict(left_out),
    )


def _unread(sentences: Sequence[Sentence], foreign: str) -> Extraction:
    """Nothing, of a transcript whose language is not known: all of it is taken for talk."""
    words, total_ms = sum(s.words for s in sentences), sum(s.end_ms - s.start_ms for s in sentences)
    kinds: list[PassageKind] = ["talk"] * len(sentences)
    counts = ExtractionCounts(words=words, total_ms=total_ms, foreign=foreign)
    return Extraction((), tuple(mark(sentences, kinds)), counts)


def _insights(cards: Sequence[Card], reading: Reading, ranker: Ranker, identity: str) -> list[Insight]:
    """The cards as records, each with an id of its own."""
    found: dict[InsightId, Insight] = {}
    for place in cards:
        card = place.written
        first, last = reading.sentences[card.first], reading.sentences[card.last]
        before, after = _around(card, reading)
        key = f"{identity}\n{first.start_ms}-{last.end_ms}"
        if _id_of(key) in found:  # a transcript without times
            key += f"\n{card.quote}"
        insight = Insight(
            id=_id_of(key),
            headline=card.headline,
            text=card.text,
            quote=card.quote,
            start_ms=first.start_ms,
            end_ms=last.end_ms,
            first_segment=first.first_segment,
            last_segment=last.last_segment,
            quality=ranker.quality(place.order) * (UNHEADED if card.headline.endswith("…") else 1.0),
            tier=card.tier,
            model_id=reading.model.model_id,
            prompt_version=prompts.VERSIONS[card.tier],
            checks=card.checks,
            before_ms=first.start_ms - before.start_ms,
            after_ms=after.end_ms - last.end_ms,
        )
        found[insight.id] = insight
    return list(found.values())


def _around(card: Written, reading: Reading) -> tuple[Sentence, Sentence]:
    """The first and the last sentence of a card's moment: some on either side of its own, as far as the talk
    goes on there. What stands right beside an advert or an outro often leads to it, and is left out."""
    sentences, kinds = reading.sentences, reading.kinds
    apart = {i for i, kind in enumerate(kinds) if kind != "talk"}

    def adjoins(i: int, k: int) -> bool:
        there = 0 <= k < len(sentences) and apart.isdisjoint((k - 1, k, k + 1))
        return (
            there and max(i, k) not in reading.borders and sentences[k].number == sentences[i].number + k - i
        )

    first, last = card.first, card.last
    for _ in range(AROUND):
        first -= adjoins(first, first - 1)
        last += adjoins(last, last + 1)
    return sentences[first], sentences[last]


def _id_of(key: str) -> InsightId:
    return InsightId(hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16])
