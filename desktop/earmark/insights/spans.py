"""Which sentences to quote for a window, so that the speaker's own words stand alone."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from earmark.insights.candidates import Window
from earmark.insights.sentences import Sentence
from earmark.records import PassageKind

WORTH_WEIGHT, OVERLAP_WEIGHT = 0.5, 0.5
"""How much what the ranker found counts beside how well a quotation stands alone."""
MIN_WORDS, MAX_WORDS, MAX_SENTENCES = 25, 65, 3

FRAME = re.compile(
    r"\b(?:the (?:speaker|guest|host|author|episode|podcast|conversation|discussion|transcript|excerpt)s?"
    r"|(?:in )?this (?:episode|podcast|show)|on the show|they discuss|this (?:insight|passage|excerpt)"
    r"|listeners?)\b",
    re.I,
)
DANGLING = re.compile(
    r"^[\"“‘(]?(?:he|she|they|it|this|that|these|those|and|but|so|because|which|also|well|yeah|you "
    r"know|him|her|them"
    r"|his|their|its|then|who|whose|or|nor|such|another|others|same|here|the (?:same|latter|former"
    r"|other|second"
    r"|third|answer|reason is)|like|as well|plus|too|either|neither|both|anyway|thanks?|yes|no|sure"
    r"|right|exactly"
    r"|okay|ok|oh|just|whatever|more so|than|that's|it's|he's|she's|they're|there you|here's|again|similarly"
    r"|likewise|in that|at that|for that|to that|one of (?:them|those|these)|some of (?:them|those|these)"
    r"|none of (?:them|those|these)|otherwise|instead(?! of)|on the other hand"
    r"|(?:I|we|you) (?:did|do|don't|didn't|am|are|was|can|could)[.,])\b",
    re.I,
)
_LEAD = re.compile(
    r"^(?:\[[^\]]*\]\s*|(?:and|but|o"
    r"r|because|'?cause|cuz)(?!\s+of)\s+(?:so\s+)?|so(?!\s+(?:far|much|many|that|long|called|little|few))"
    r"[,\s]+|(?:well|yeah|yes|yep|yup|no|right|okay|ok|oh|now|like|um|uh|hmm|I mean|you know|look|sure"
    r"|exactly|absolutely|definitely"
    r"|honestly|basically|actually|(?:now )?again|also|of course|I guess|anyway|I'd say|I would say"
    r"|interesting|therefore|thus|hence|finally|meanwhile|so remember"
    r"|great|totally"
    r"|true|good question|then|for sure|all right|alright|obviously|plus|I think)[,.!…]+\s*"
    r"|(?:--|—|–|-|…|\.\.\.)\s*|(?:I mean|you know|yeah|also|then|remember,?|now,?(?= (?:you|there|I"
    r"|we|the|if|that|this|it)\b)|what's interesting is,?"
    r"|the (?:interesting |funny |other |main )?thing is,?|the point is,?)\s+)+",
    re.I,
)
_POINTS = re.compile(
    r"\b(?:it|this|that|they|them|he|she|these|those|there|him|her|it's|that's|they're|he's|she's|one"
    r"|such|do so"
    r"|the (?:same|other|second|latter|former|two|three))\b",
    re.I,
)
_LOOSE = re.compile(
    r"\b(?:you know|I mean|kind of|sort of|like,|, like|uh|um|yeah|stuff|blah|or whatever|gonna|wanna"
    r"|right\?)(?!\w)",
    re.I,
)
_ACTED = re.compile(r"(?:\b(?:is|are|was|were|be|go|goes|just)|'(?:s|m|re)) like\b", re.I)
"""Somebody is played instead of quoted ("it's like, no")."""
_NOISE = re.compile(r"\[[^\]]*\]|\(laugh|\bunintelligible\b|\binaudible\b", re.I)
_SHOWS = re.compile(
    r"\b(?:look(?:ing)? at (?:this|the screen)|as you (?:can )?see|(?:on|over) here|scroll|let me show"
    r"|click)\b",
    re.I,
)
_POSTS = re.compile(
    r"\b(?:we(?:'ll|'re going to| will| can) (?:\w+ )?(?:talk|get|come back|dive|go)\b.{0,30}"
    r"\b(?:later|more|into|to that|in a (?:bit|minute|second)|down the line)"
    r"|let'?s (?:say|talk|start|move|go|jump|dive)|as (?:I|we) (?:said|mentioned)|going back to"
    r"|like (?:I|you|we) said|my (?:next|last|first) question)\b",
    re.I,
)
"""Signposts of a talk: they point to what is said elsewhere."""
_SELF = re.compile(r"\b(?:I|I'm|I've|I'd|my|me)\b")
_CLOSES = re.compile(r"[.!?][\"”’')]*$")
_ASKS = re.compile(r"\?[\"”’')]*$")


@dataclass(frozen=True, slots=True)
class Span:
    """Sentences `first` to `last` and the part of their text that is quoted, word for word."""

    first: int
    last: int
    quote: str
    fitness: float

    @property
    def text(self) -> str:
        """The quotation as a card begins it: with a capital letter."""
        return self.quote[:1].upper() + self.quote[1:]


def spans_for(
    window: Window,
    sentences: Sequence[Sentence],
    kinds: Sequence[PassageKind],
    worth: Mapping[int, float],
    taken: Set[int],
) -> list[Span]:
    """All ways to quote a window and its surroundings, fittest first; none touches `taken` or an advert.

    `worth` gives each sentence's mean window score.
    """
    found = []
    for first in range(max(0, window.first - 1), window.last + 1):
        for last in range(max(first, window.first), min(len(sentences), window.last + 3, first + 5)):
            numbers = range(first, last + 1)
            if any(kinds[i] != "talk" or i in taken for i in numbers):
                break
            if len({sentences[i].speaker for i in numbers}) > 1:
                break
            quote = trimmed(" ".join(sentences[i].text for i in numbers))
            form = form_score(quote)
            if form is not None:
                value = sum(worth[i] * sentences[i].words for i in numbers) / sum(
                    sentences[i].words for i in numbers
                )
                overlap = len(set(numbers) & set(range(window.first, window.last + 1))) / len(numbers)
                previous = sentences[first - 1] if first else None
                judged = WORTH_WEIGHT * value + OVERLAP_WEIGHT * overlap
                fitness = judged + form - _lost_before(previous, sentences[first])
                found.append(Span(first, last, quote, fitness))
    return sorted(found, key=lambda span: (-span.fitness, span.first, span.last))


def _lost_before(previous: Sentence | None, first: Sentence) -> float:
    """What a quotation loses when it answers a question, or begins in the midst of a sentence."""
    if previous is None:
        return 0.0
    torn = previous.speaker == first.speaker and not _CLOSES.search(previous.text)
    return 0.6 * previous.text.endswith("?") + 1.2 * torn


def unbroken(span: Span, sentences: Sequence[Sentence]) -> bool:
    """Whether nothing that was left out as noise stands between the sentences of a span."""
    return sentences[span.last].number - sentences[span.first].number == span.last - span.first


def trimmed(text: str) -> str:
    """A quotation without the fillers it opens with; the rest is verbatim.

    >>> trimmed("So, you know, and churn kills growth.")
    'churn kills growth.'
    >>> trimmed("So far nobody has tried.")
    'So far nobody has tried.'
    """
    return _LEAD.sub("", text, count=1).strip()


def count_sentences(text: str) -> int:
    """How many sentences a reader would count."""
    return len(re.findall(r"[.!?](?:\s|$)", text))


def form_score(quote: str) -> float | None:
    """How well a quotation stands alone (0 is good, less is worse); None when it cannot be shown."""
    length = len(quote.split())
    if not MIN_WORDS <= length <= MAX_WORDS or count_sentences(quote) > MAX_SENTENCES:
        return None
    if FRAME.search(quote) or DANGLING.match(quote) or _NOISE.search(quote) or _SHOWS.search(quote):
        return None
    if _ASKS.search(quote):  # who asks has not yet said anything
        return None
    opening = " ".join(quote.split()[:9])
    first_sentence = re.split(r"(?<=[.!?])\s", quote)[0]
    score = -abs(length - 42) / 60
    score -= 0.35 * min(2, len(_POINTS.findall(opening)))
    score -= 0.12 * len(_LOOSE.findall(quote))
    score -= 0.3 * len(_ACTED.findall(quote)) + 0.6 * quote.startswith(('"', "“"))
    score -= 0.4 * bool(_POSTS.search(quote))
    score -= 0.05 * min(6, len(_SELF.findall(quote)))
    score -= 0.4 * (len(first_sentence.split()) < 5)
    score -= 0.6 * quote.count("?")  # asked and answered in one breath
    score -= 0.8 * (quote.count('"') % 2) + 0.8 * (quote.count("“") != quote.count("”"))
    score -= 0.9 * (not _CLOSES.search(quote))
    score -= 0.5 * bool(re.search(r"(?:\.\.\.|…|--)[\"”]?$", quote))
    score -= 0.2 * len(re.findall(r"(?:\.\.\.|…|--)", quote))
    score += 0.25 * bool(re.search(r"\d", quote))
    return score
