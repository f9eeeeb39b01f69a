"""Checks on a card that need no model: what is shown was said, as strongly as it was said."""

import re
from collections import Counter
from dataclasses import dataclass

from earmark.insights.amounts import amount_problems
from earmark.insights.spans import DANGLING, FRAME, MAX_SENTENCES, MAX_WORDS, MIN_WORDS, count_sentences
from earmark.insights.strength import hedge_problems, negation_problems, strength_problems
from earmark.insights.words import content_words, folded, names, numbers, words

CLOSENESS: dict[str, float] = {"all-minilm-l6-v2-q8_0": 0.45}
"""Least cosine between a written text and its span, for each embedding model: of the bench's 144 hand-written
cards 99% lie above it against their own span, and 1% against another span of their episode."""
DEFAULT_CLOSENESS = 0.45
LONGEST_COPY = 11
"""So many words in a row may be the transcript's own; more is a quotation without marks."""

_FILLER = re.compile(
    r"\b(?:ultimate|crucial|powerful|game[- ]changing|paradigm|seamless\w*|in today's world|it is "
    r"important to"
    r"|highlights? the|underscores?|delves?|landscape|testament|pivotal)\b",
    re.I,
)
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked on a card, by name, and what was found: nothing is good."""

    findings: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def problems(self) -> list[str]:
        """All that is wrong, in words that a writing model understands."""
        return [problem for _, found in self.findings for problem in found]

    @property
    def passed(self) -> tuple[str, ...]:
        """The names of the checks that found nothing."""
        return tuple(name for name, found in self.findings if not found)


def check_quoted(text: str, quote: str, said: str) -> Report:
    """Check a card that is a quotation; its headline is chosen from the same words."""
    found = {
        "quote": quote_problems(quote, said),
        "loops": loop_problems(text),
        "form": form_problems("four words of it", text),
    }
    return Report(tuple((name, tuple(problems)) for name, problems in found.items()))


def check_written(headline: str, text: str, quote: str, said: str, closeness: float, least: float) -> Report:
    """Check a card that a model wrote on the sentences `said`.

    `closeness` is the cosine of card and span, `least` the embedding model's cut-off (`CLOSENESS`).
    """
    claim = f"{headline}. {text}"
    found = {
        "quote": quote_problems(quote, said),
        "loops": loop_problems(text),
        "form": form_problems(headline, text),
        "numbers": number_problems(claim, said),
        "amounts": amount_problems(claim, said),
        "names": name_problems(headline, text, said),
        "negation": negation_problems(claim, said),
        "hedges": hedge_problems(claim, said),
        "strength": strength_problems(claim, said),
        "praise": praise_problems(claim, said),
        "meaning": topic_problems(text, said, closeness, least),
        "copy": copy_problems(text, said),
    }
    return Report(tuple((name, tuple(problems)) for name, problems in found.items()))


def check_answer(text: str, said: str, closeness: float, least: float) -> Report:
    """Check a sentence that a model wrote to answer a question from the words `said`, as a card is checked.

    `closeness` is the cosine of both, `least` the embedding model's cut-off (`CLOSENESS`).
    """
    framed = FRAME.search(text) or count_sentences(text) > 1
    found = {
        "loops": loop_problems(text),
        "form": ["Say the claim itself, in one sentence."] if framed else [],
        "numbers": number_problems(text, said),
        "amounts": amount_problems(text, said),
        "names": name_problems("", text, said),
        "negation": negation_problems(text, said),
        "hedges": hedge_problems(text, said),
        "strength": strength_problems(text, said),
        "praise": praise_problems(text, said),
        "meaning": topic_problems(text, said, closeness, least),
        "copy": copy_problems(text, said),
    }
    return Report(tuple((name, tuple(problems)) for name, problems in found.items()))


def quote_problems(quote: str, said: str) -> list[str]:
    """Why a quotation cannot be shown: it must stand in `said` word for word, whatever case and marks."""
    inside = f" {folded(quote)} " in f" {folded(said)} "
    return [] if inside and quote else ["The quotation was not said in these words."]


def loop_problems(text: str) -> list[str]:
    """Whether the text goes in circles, as recognisers and small models do."""
    found = words(text)
    runs = Counter(tuple(found[i : i + 4]) for i in range(len(found) - 3))
    looped = (runs and max(runs.values()) >= 3) or (len(found) >= 20 and len(set(found)) / len(found) < 0.35)
    return ["The text repeats itself."] if looped else []


def form_problems(headline: str, text: str) -> list[str]:
    """What is wrong with how a card is written, whoever wrote it."""
    found = []
    if not MIN_WORDS <= len(text.split()) <= MAX_WORDS:
        found.append(f"The text must have {MIN_WORDS} to {MAX_WORDS} words.")
    if count_sentences(text) > MAX_SENTENCES:
        found.append(f"The text must have at most {MAX_SENTENCES} sentences.")
    if FRAME.search(text) or FRAME.search(headline):
        found.append("Say the claim itself, not who says it or where.")
    if DANGLING.match(text) or DANGLING.match(headline):
        found.append("Begin with the thing itself, not with a word that points back.")
    if not 4 <= len(headline.split()) <= 10 or ":" in headline:
        found.append("The headline must be a claim of 4 to 9 words, without a colon.")
    return found


def number_problems(claim: str, said: str) -> list[str]:
    """Numbers that were not said; "four percent", "4 percent" and "4%" are one."""
    strange = sorted(numbers(claim) - numbers(said) - set(re.findall(r"\d+", said)))
    return [f"These numbers were not said: {', '.join(strange)}."] if strange else []


def name_problems(headline: str, text: str, said: str) -> list[str]:
    """Names that were not said."""
    low = f" {folded(said)} "
    unknown = sorted(name for name in names(text) | _headline_names(headline) if folded(name) not in low)
    return [f"These names were not said: {', '.join(unknown)}."] if unknown else []


def praise_problems(claim: str, said: str) -> list[str]:
    """Praise and filler that a model adds of its own."""
    return (
        ["Leave out words of praise and filler."]
        if _FILLER.search(claim) and not _FILLER.search(said)
        else []
    )


def topic_problems(text: str, said: str, closeness: float, least: float) -> list[str]:
    """Whether the text is about what was said."""
    near = closeness >= least and set(content_words(text)) & set(content_words(said))
    return [] if near else ["Stay with what these sentences say."]


def copy_problems(text: str, said: str) -> list[str]:
    """Whether a written text is really the transcript, outside quotation marks."""
    inside = f" {folded(said)} "
    for part in _QUOTED.split(text):
        found = words(part)
        size = LONGEST_COPY + 1
        if any(f" {' '.join(found[i : i + size])} " in inside for i in range(len(found) - size + 1)):
            return ["Use words of your own, or put into quotation marks what you repeat."]
    return []


def _headline_names(headline: str) -> set[str]:
    """The names of a headline, unless it is set In Capitals Throughout, where they cannot be told apart."""
    tokens = headline.split()
    titled = sum(token[:1].isupper() for token in tokens) > len(tokens) / 2
    return set() if titled else names(headline)
