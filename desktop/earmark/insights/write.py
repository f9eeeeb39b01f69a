"""From chosen sentences to a card, as far as the language model may go.

quotes: the speaker's words, and a headline chosen among their clauses. short: the model writes headline and
one sentence. full: it reads a whole stretch, says whether anything in it is worth a card, and writes it.
What is written is verified; what fails is written once more, then the words themselves take its place.
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
from earmark.insights.verify import CLOSENESS, DEFAULT_CLOSENESS, check_quoted, check_written
from earmark.records import Tier

RULE_WEIGHT, NEARNESS_WEIGHT, MODEL_WEIGHT = 1.0, 0.6, 0.1
"""The model's taste in headlines only breaks near-ties: a bad model must do no harm."""
TRIES = 2


@dataclass(frozen=True, slots=True)
class Written:
    """A finished card on sentences `first` to `last`.

    `checks` are the names of what was checked on it, `tries` counts what a model wrote for it, and `worth` is
    the model's own opinion from 1 to 3, None when it was not asked.
    """

    headline: str
    text: str
    quote: str
    first: int
    last: int
    tier: Tier
    checks: tuple[str, ...]
    tries: int = 0
    worth: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A draft that did not hold: the sentences it was about are still worth quoting."""

    first: int
    last: int
    worth: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a model's writing came to: cards that hold, what was refused, and how often it was asked.

    `declined`: the model read the sentences and found nothing in them that is worth a card.
    """

    cards: tuple[Written, ...]
    tries: int
    declined: bool = False
    refused: tuple[Refused, ...] = ()


def quoted(
    span: Span,
    sentences: Sequence[Sentence],
    model: LanguageModel,
    embed: Embed,
    *,
    tries: int = 0,
    worth: int | None = None,
) -> Written | None:
    """The speaker's own words as a card; None when they cannot stand alone.

    `tries` and `worth` are those of a writing model whose own words did not hold.
    """
    said = " ".join(s.text for s in sentences[span.first : span.last + 1])
    report = check_quoted(span.text, span.quote, said)
    if report.problems:
        return None
    headline = choose_headline(span.text, model, embed)
    first, last, checks = span.first, span.last, report.passed
    return Written(headline, span.text, span.quote, first, last, "quotes", checks, tries, worth)


def written(
    numbers: Sequence[int], sentences: Sequence[Sentence], model: LanguageModel, embed: Embed
) -> Attempt:
    """Let the model write on these sentences, twice at most; only cards that hold are given.

    What held at the first try stays; the second is for what was refused.
    """
    texts = [sentences[i].text for i in numbers]
    reasons: list[str] = []
    cards: list[Written] = []
    refused: list[Refused] = []
    for attempt in range(1, TRIES + 1):
        drafts = prompts.ask(model, model.tier, texts, reasons)
        if drafts == [] and not reasons:
            return Attempt((), attempt, declined=True)
        if not drafts:
            reasons = reasons or ["The answer was not a card."]
            continue
        reasons, refused = [], []
        for draft in drafts:
            first, last = numbers[draft.numbers[0] - 1], numbers[draft.numbers[-1] - 1]
            if any(first <= card.last and last >= card.first for card in cards):
                continue  # told well already, at the first try
            card, problems = _checked(draft, first, last, sentences, model, embed, attempt)
            cards += [card] if card else []
            refused += [] if card else [Refused(first, last, draft.worth)]
            reasons += problems
        if not refused:
            break
    return Attempt(tuple(cards), attempt, refused=tuple(refused))


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


def _checked(
    draft: prompts.Draft,
    first: int,
    last: int,
    sentences: Sequence[Sentence],
    model: LanguageModel,
    embed: Embed,
    attempt: int,
) -> tuple[Written | None, list[str]]:
    """The card of a draft, or what is wrong with it. Its quotation is all that was said from its first to
    its last sentence, so that no word of the context is lost."""
    said = " ".join(s.text for s in sentences[first : last + 1])
    quote = trimmed(said) or said
    near = embed([f"{draft.headline}. {draft.text}", said])
    least = CLOSENESS.get(model.embedding_model_id, DEFAULT_CLOSENESS)
    report = check_written(draft.headline, draft.text, quote, said, float(near[0] @ near[1]), least)
    if report.problems:
        return None, report.problems
    card = Written(
        draft.headline,
        draft.text,
        quote,
        first,
        last,
        model.tier,
        report.passed,
        attempt,
        draft.worth if model.tier == "full" else None,
    )
    return card, []
