"""From a chosen window to a card, as far as the language model may go.

quotes: the speaker's words, and a headline chosen among their clauses. short: the model writes the headline.
full: it writes headline and text. What is written is verified, rewritten once, else the words take its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from earmark.insights import prompts
from earmark.insights.candidates import Embed
from earmark.insights.headlines import HeadlineOption, headline_options, shortened
from earmark.insights.model import LanguageModel
from earmark.insights.sentences import Sentence
from earmark.insights.spans import Span, trimmed
from earmark.insights.verify import form_problems, loop_problems, meaning_problems, quote_problems
from earmark.records import PassageKind, Tier

AROUND = 2
"""Sentences before and after the quoted ones that a writing model may see and cite."""
MOST_READ = 9

RULE_WEIGHT, NEARNESS_WEIGHT, MODEL_WEIGHT = 1.0, 0.6, 0.1
"""The model's taste in headlines only breaks near-ties: a bad model must do no harm."""


@dataclass(frozen=True, slots=True)
class Written:
    """A finished card on sentences `first` to `last`; `tries` counts what a model wrote for it."""

    headline: str
    text: str
    quote: str
    first: int
    last: int
    tier: Tier
    prompt_version: str
    tries: int = 0


def write_card(
    span: Span,
    sentences: Sequence[Sentence],
    kinds: Sequence[PassageKind],
    model: LanguageModel,
    embed: Embed,
) -> Written | None:
    """The card of a span in the model's tier, in the tier below when that fails, None when nothing holds."""
    tries = 0
    if model.tier != "quotes":
        card, tries = _written(span, sentences, kinds, model, embed)
        if card:
            return card
    return _quoted(span, sentences, model, embed, tries)


def choose_headline(text: str, model: LanguageModel, embed: Embed) -> str:
    """The clause that says most of `text`: by rules, by closeness of meaning, and by the model's taste."""
    options = headline_options(text)
    if not options:
        return shortened(text)
    if len(options) == 1:
        return options[0].text
    vectors = embed([text, *(option.text for option in options)])
    nearness = vectors[1:] @ vectors[0]
    liked = model.choose(f"{text}\n\nIn short: ", [option.text for option in options])
    return options[int(np.argmax(_headline_values(options, nearness.tolist(), liked)))].text


def _headline_values(
    options: Sequence[HeadlineOption], nearness: Sequence[float], liked: Sequence[float]
) -> list[float]:
    taste = np.array(liked) if len(liked) == len(options) else np.zeros(len(options))
    taste = np.where(np.isfinite(taste), taste, -20.0)
    spread = float(taste.std()) or 1.0
    scaled = np.clip((taste - taste.mean()) / spread, -1.5, 1.5)
    return [
        RULE_WEIGHT * option.score + NEARNESS_WEIGHT * near + MODEL_WEIGHT * float(like)
        for option, near, like in zip(options, nearness, scaled, strict=True)
    ]


def _quoted(
    span: Span, sentences: Sequence[Sentence], model: LanguageModel, embed: Embed, tries: int
) -> Written | None:
    said = " ".join(s.text for s in sentences[span.first : span.last + 1])
    if quote_problems(span.quote, said) or form_problems("four words of it", span.text):
        return None
    headline = choose_headline(span.text, model, embed)
    return Written(
        headline, span.text, span.quote, span.first, span.last, "quotes", prompts.QUOTES_VERSION, tries
    )


def _written(
    span: Span,
    sentences: Sequence[Sentence],
    kinds: Sequence[PassageKind],
    model: LanguageModel,
    embed: Embed,
) -> tuple[Written | None, int]:
    """What the model writes, if it holds at the first or the second try; and the number of tries."""
    numbers = _excerpt(span, sentences, kinds)
    reasons: list[str] = []
    for attempt in (1, 2):
        draft = prompts.ask(model, [sentences[i].text for i in numbers], reasons)
        if draft is None:
            reasons = ["The answer was not a card."]
            continue
        first, last = numbers[draft.numbers[0] - 1], numbers[draft.numbers[-1] - 1]
        card = _card_of(draft, span, first, last, sentences, model.tier, attempt)
        said = " ".join(s.text for s in sentences[card.first : card.last + 1])
        vectors = embed([f"{card.headline}. {card.text}", said])
        reasons = [
            *form_problems(card.headline, card.text),
            *loop_problems(card.text),
            *quote_problems(card.quote, said),
            *meaning_problems(card.headline, card.text, said, float(vectors[0] @ vectors[1])),
        ]
        if not reasons:
            return card, attempt
    return None, 2


def _card_of(
    draft: prompts.Draft,
    span: Span,
    first: int,
    last: int,
    sentences: Sequence[Sentence],
    tier: Tier,
    tries: int,
) -> Written:
    if tier == "short":
        return Written(
            draft.headline, span.text, span.quote, span.first, span.last, tier, prompts.VERSION, tries
        )
    quote = trimmed(" ".join(s.text for s in sentences[first : last + 1]))
    return Written(draft.headline, draft.text, quote, first, last, tier, prompts.VERSION, tries)


def _excerpt(span: Span, sentences: Sequence[Sentence], kinds: Sequence[PassageKind]) -> list[int]:
    """The quoted sentences and the talk right around them."""
    first, last = span.first, span.last
    for _ in range(AROUND):
        if last + 1 < len(sentences) and kinds[last + 1] == "talk" and last - first + 1 < MOST_READ:
            last += 1
        if first > 0 and kinds[first - 1] == "talk" and last - first + 1 < MOST_READ:
            first -= 1
    return list(range(first, last + 1))
