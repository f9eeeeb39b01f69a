"""Checks on a card that need no model: what is shown was said, as strongly as it was said."""

import re
from collections import Counter

from earmark.insights.spans import DANGLING, FRAME, MAX_SENTENCES, MAX_WORDS, MIN_WORDS, count_sentences
from earmark.insights.words import content_words, folded, names, numbers, words

CLOSENESS = 0.5
"""Least cosine between a written text and its span; a faithful summary of a span has 0.6 to 0.9."""

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|rarely|instead|rather "
    r"than|fails?"
    r"|failed|unlike|stop(?:s|ped)?|lacks?|wrong|myth|unless|less)\b|n['’]t\b",
    re.I,
)
_HEDGE = re.compile(
    r"\b(?:may|might|maybe|perhaps|probably|possibly|could|seems?|seemed|likely|I think|I guess|I "
    r"believe|in my "
    r"experience|so far|almost|roughly|about|around|suggests?|often|usually|tends?|sometimes|some|many"
    r"|most|can)\b",
    re.I,
)
_STRONG = re.compile(
    r"\b(?:the only|always|ultimate|guarantees?|proves?|every single|impossible|inevitabl[ey])\b", re.I
)
_FILLER = re.compile(
    r"\b(?:ultimate|crucial|powerful|game[- ]changing|paradigm|seamless\w*|in today's world|it is "
    r"important to"
    r"|highlights? the|underscores?|delves?|landscape|testament|pivotal)\b",
    re.I,
)


def quote_problems(quote: str, said: str) -> list[str]:
    """Why a quotation cannot be shown: it must stand in `said` word for word, whatever case and marks."""
    inside = f" {folded(quote)} " in f" {folded(said)} "
    return ([] if inside and quote else ["The quotation was not said in these words."]) + loop_problems(quote)


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


def meaning_problems(headline: str, text: str, said: str, closeness: float) -> list[str]:
    """Where written words say something else than the span: numbers, names, negation, strength, topic."""
    written = f"{headline}. {text}"
    found = []
    strange = sorted(numbers(written) - numbers(said) - set(re.findall(r"\d+", said)))
    if strange:
        found.append(f"These numbers were not said: {', '.join(strange)}.")
    low = f" {folded(said)} "
    unknown = sorted(name for name in names(text) | _headline_names(headline) if folded(name) not in low)
    if unknown:
        found.append(f"These names were not said: {', '.join(unknown)}.")
    if bool(_NEGATION.search(said)) != bool(_NEGATION.search(text)):
        found.append("Keep every not, no and never as it was said, and add none.")
    if _HEDGE.search(said) and not _HEDGE.search(text):
        found.append("Keep words such as may, probably and about as they were said.")
    if _STRONG.search(written) and not _STRONG.search(said):
        found.append("Do not say it more strongly than it was said.")
    if _FILLER.search(written) and not _FILLER.search(said):
        found.append("Leave out words of praise and filler.")
    if closeness < CLOSENESS or not set(content_words(text)) & set(content_words(said)):
        found.append("Stay with what these sentences say.")
    return found


def _headline_names(headline: str) -> set[str]:
    """The names of a headline, unless it is set In Capitals Throughout, where they cannot be told apart."""
    tokens = headline.split()
    titled = sum(token[:1].isupper() for token in tokens) > len(tokens) / 2
    return set() if titled else names(headline)
