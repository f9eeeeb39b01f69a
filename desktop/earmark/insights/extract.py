"""From a transcript to its insights: sentences, kinds, scored windows, quotable spans, cards, checks."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.errors import Cancelled
from earmark.insights.candidates import Embed, Ranker, Window, load_ranker, score_windows
from earmark.insights.dedupe import distinct
from earmark.insights.headlines import headline_options
from earmark.insights.model import LanguageModel
from earmark.insights.passages import kinds_of, mark
from earmark.insights.sentences import Sentence, split_sentences
from earmark.insights.spans import Span, spans_for
from earmark.insights.write import Written, write_card
from earmark.records import Extraction, ExtractionCounts, Insight, InsightId, PassageKind, Transcript

FEWEST, MOST = 3, 15
WORDS_A_CARD = 110
SPARE = 4
"""More spans are chosen than cards are wanted, because some will be told twice or fail the checks."""
LEAST_QUALITY = 0.12
"""Below this a window is not shown, however few there are: a weak episode gives few insights."""
NO_HEADLINE = 1.2
"""What a span loses when none of its clauses can head it."""
FORM_WEIGHT = 0.4
"""How much standing alone counts beside the ranker's log-odds when the cards are put in order."""
EMBED_AT_ONCE = 16

UNHEADED = 0.85
"""What a card is worth beside others when none of its clauses can head it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A window with the span that quotes it, and its place in the order."""

    window: Window
    span: Span
    order: float


def extract(
    transcript: Transcript,
    model: LanguageModel,
    *,
    identity: str,
    cancelled: Callable[[], bool],
    on_progress: Callable[[float], None],
) -> Extraction:
    """The insights of a transcript, best first, with all its passages and what was counted on the way.

    `identity` names the episode (feed address, newline, GUID); with the times it makes the insights' ids, so
    that the same words give the same ids. `on_progress` gets the done share. Raises Cancelled.
    """
    sentences = split_sentences(transcript.segments)
    kinds = kinds_of(sentences)
    passages = mark(sentences, kinds)
    embed = _watched(model, sum(kind == "talk" for kind in kinds), cancelled, on_progress)
    ranker = load_ranker()
    windows = score_windows(sentences, kinds, embed, ranker)
    wanted = _wanted(sentences, kinds)
    choices = distinct(_choose(windows, sentences, kinds, ranker, wanted + SPARE), embed)
    cards: list[tuple[Choice, Written]] = []
    dropped = 0
    for choice in choices:
        if len(cards) == wanted:
            break
        if cancelled():
            raise Cancelled
        card = write_card(choice.span, sentences, kinds, model, embed)
        dropped += card is None
        cards += [(choice, card)] if card else []
        on_progress(0.8 + 0.2 * len(cards) / wanted)
    insights = _insights(cards, sentences, ranker, model, identity)
    counts = ExtractionCounts(
        candidates=len(windows),
        kept=len(insights),
        rewritten=sum(card.tries > 1 and card.tier != "quotes" for _, card in cards),
        quoted=sum(card.tries > 0 and card.tier == "quotes" for _, card in cards),
        dropped=dropped,
        adverts=sum(passage.kind == "ad" for passage in passages),
        words=sum(s.words for s in sentences),
        words_read=sum(s.words for s, kind in zip(sentences, kinds, strict=True) if kind == "talk"),
    )
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
            "start_ms": insight.start_ms,
            "end_ms": insight.end_ms,
            "quality": round(insight.quality, 4),
            "tier": insight.tier,
        }
        for insight in extraction.insights
    ]


def _wanted(sentences: Sequence[Sentence], kinds: Sequence[PassageKind]) -> int:
    """One insight for every `WORDS_A_CARD` of talk, which is less than a minute, within bounds."""
    talk = sum(s.words for s, kind in zip(sentences, kinds, strict=True) if kind == "talk")
    return max(FEWEST, min(MOST, round(talk / WORDS_A_CARD)))


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


def _choose(
    windows: Sequence[Window],
    sentences: Sequence[Sentence],
    kinds: Sequence[PassageKind],
    ranker: Ranker,
    most: int,
) -> list[Choice]:
    """The best windows that can be quoted, not overlapping, in the order in which cards are shown."""
    worth = _worth(windows)
    taken: set[int] = set()
    chosen: list[Choice] = []
    for window in windows:
        if len(chosen) == most or ranker.quality(window.score) < LEAST_QUALITY:
            break
        if taken & set(range(window.first, window.last + 1)):
            continue
        spans = spans_for(window, sentences, kinds, worth, taken)
        if spans:
            span, value = max(((span, _value(span)) for span in spans[:8]), key=lambda pair: pair[1])
            form = value - 0.5 * window.score
            chosen.append(Choice(window, span, window.score + FORM_WEIGHT * form))
            taken |= set(range(span.first, span.last + 1))
    return sorted(chosen, key=lambda choice: (-choice.order, choice.span.first))


def _value(span: Span) -> float:
    options = headline_options(span.text, most=1)
    return span.fitness + (0.5 * options[0].score if options else -NO_HEADLINE)


def _worth(windows: Sequence[Window]) -> dict[int, float]:
    """The mean score of the windows that hold a sentence."""
    sums: dict[int, list[float]] = {}
    for window in windows:
        for i in range(window.first, window.last + 1):
            sums.setdefault(i, []).append(window.score)
    return {i: sum(scores) / len(scores) for i, scores in sums.items()}


def _insights(
    cards: Sequence[tuple[Choice, Written]],
    sentences: Sequence[Sentence],
    ranker: Ranker,
    model: LanguageModel,
    identity: str,
) -> list[Insight]:
    """The cards as records, each with an id of its own."""
    found: dict[InsightId, Insight] = {}
    for choice, card in cards:
        first, last = sentences[card.first], sentences[card.last]
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
            quality=ranker.quality(choice.order) * (UNHEADED if card.headline.endswith("…") else 1.0),
            tier=card.tier,
            model_id=model.model_id,
            prompt_version=card.prompt_version,
        )
        found[insight.id] = insight
    return list(found.values())


def _id_of(key: str) -> InsightId:
    return InsightId(hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16])
