"""Sentences to passages: adverts, greetings, farewells, housekeeping, chatter and noise apart from talk."""

import re
from collections.abc import Sequence, Set
from itertools import pairwise

from earmark.insights.adverts import find_adverts
from earmark.insights.chapters import chapter_kinds
from earmark.insights.sentences import Sentence
from earmark.records import Chapter, Passage, PassageKind

_GREETING = re.compile(
    r"\b(?:welcome (?:back )?to|you(?:'re| are) listening to|I(?:'m| am) your host|this is your host"
    r"|my guests? (?:today|this)|joined by|(?:joining|with) (?:me|us) (?:today|as always|here)"
    r"|thanks? (?:you )?(?:so much )?for (?:being|coming|joining)|welcome,? \w+|hello and welcome"
    r"|our (?:topic|guest) (?:for )?(?:today|is)|today (?:we|I)(?:'re|'m| are| am)? (?:talk|check|open"
    r"|look|ask|visit)"
    r"|(?:introduce|introduction (?:in)?to) yourself|(?:great|good|happy|excited) to (?:be here|have you)"
    r"|this (?:is|episode is)(?: all)? about|recorded (?:on )?(?:monday|tuesday|wednesday|thursday|friday))",
    re.I,
)
_PROGRAMME = re.compile(r"^(?:This is|I'm|I am) [A-Z][\w ,]+(?:show|podcast|where|and (?:today|this|I))\b")
_FAREWELL = re.compile(
    r"\b(?:thank(?:s| you)(?: so much| again| very much| all)?[\w ,.]{0,40} for (?:coming|joining"
    r"|being|listening"
    r"|having|tuning|the conversation|taking the time)|thanks for listening|see you (?:next|in|soon|all)"
    r"|until next (?:time|week)|that'?s (?:it|all|our show) for|let'?s wrap it|wrap (?:it|this|things) up"
    r"|take care,? everyone|bye[- ]?bye|talk to you (?:again )?soon|back next \w+|music (?:is )?by|edited by"
    r"|produced by|had a great time|have a great (?:week|day|one)|pleasure (?:talking|having|to have))\b",
    re.I,
)
_HOUSE = re.compile(
    r"\b(?:housekeeping|(?:please|sure to|forget to|can) subscribe|subscribe (?:wherever|to (?:the|our|my) "
    r"(?:show|podcast|newsletter|feed|youtube))|(?:our|my) newsletter|show ?notes|follow (?:us|me) on"
    r"|(?:our|my|on) patreon|our discord|discord channel|slack channel|changelog slack|e-?mail (?:us|me) at"
    r"|write (?:us|to us|to me|me) (?:on|at|via)|leave (?:us )?a (?:review|comment|rating)"
    r"|rate (?:us|the show)"
    r"|youtube channel|links? of the week|wherever you get your podcasts"
    r"|if you (?:liked|enjoy(?:ed)?) (?:this|the|our)|tell (?:one|a) friend about|share this episode"
    r"|this episode airs|future episodes|if you have (?:any )?feedback|pro members|love to hear from you"
    r"|in your podcast app|where (?:can|do) (?:people|folks|listeners) (?:find|go)"
    r"|find (?:me|us|you) (?:on|at|online)|(?:I'll|we'll) (?:put|drop|add) (?:a |the |all )?.{0,20}links?)\b"
    r"|^subscribe\b",
    re.I,
)
_CHATTER = re.compile(
    r"\[?\b(?:laugh\w*|laughter|haha"
    r"\w*|hilarious|so funny|how'?s it going|nice to (?:meet|see) you|oh,? man|dude"
    r"|my (?:kids?|dog|cat|wife|husband|beard|hair)|the weather|congrat\w*|happy birthday|no pun)\b",
    re.I,
)
TALK_LENGTH = 40
"""A talk passage is cut when it has this many sentences, at the next change of speaker."""


def kinds_of(sentences: Sequence[Sentence], chapters: Sequence[Chapter] = ()) -> list[PassageKind]:
    """The kind of each sentence. Adverts overrule all else, by their words or by their chapter's title."""
    kinds: list[PassageKind] = ["talk"] * len(sentences)
    for i in _chatter(sentences):
        kinds[i] = "banter"
    for i in _housekeeping(sentences):
        kinds[i] = "housekeeping"
    for i in range(_opening(sentences)):
        kinds[i] = "intro"
    for i, sentence in enumerate(sentences):
        if i < max(12, len(sentences) // 5) and _GREETING.search(sentence.text):
            kinds[i] = "intro"
    for i in range(_closing(sentences), len(sentences)):
        kinds[i] = "outro"
    for i in find_adverts(sentences):
        kinds[i] = "ad"
    for i, kind in chapter_kinds(sentences, chapters).items():
        if kind == "ad" or kinds[i] == "talk":
            kinds[i] = kind
    return kinds


def mark(
    sentences: Sequence[Sentence],
    kinds: Sequence[PassageKind] | None = None,
    borders: Set[int] = frozenset(),
) -> list[Passage]:
    """The passages of an episode in order; every sentence belongs to exactly one.

    Another begins where the kind changes and at each of the `borders`, which are indices of sentences.
    """
    kinds = kinds_of(sentences) if kinds is None else kinds
    found: list[Passage] = []
    begin = 0
    for i in range(1, len(sentences) + 1):
        ends = i == len(sentences) or kinds[i] != kinds[begin]
        turn = i < len(sentences) and sentences[i].speaker != sentences[i - 1].speaker
        long = i - begin >= (TALK_LENGTH if turn else 2 * TALK_LENGTH)
        if ends or long or i in borders:
            first, last = sentences[begin], sentences[i - 1]
            found.append(
                Passage(
                    first.number, last.number, first.start_ms, max(first.start_ms, last.end_ms), kinds[begin]
                )
            )
            begin = i
    return found


def _opening(sentences: Sequence[Sentence]) -> int:
    """How many sentences greet, present show and guest, or tease, before the talk begins."""
    limit = max(6, len(sentences) // 12)
    last, chained = -1, 4 if len(sentences) < 150 else 12
    for i, sentence in enumerate(sentences[:limit]):
        greets = _GREETING.search(sentence.text) or _PROGRAMME.search(sentence.text)
        if greets and i - last <= chained:
            last = i
    return last + 1


def _closing(sentences: Sequence[Sentence]) -> int:
    """The sentence with which the farewell begins."""
    count = len(sentences)
    tail = max(6, count // 14)
    first = count
    for i in range(count - 1, max(-1, count - tail - 1), -1):
        text = sentences[i].text
        if (_FAREWELL.search(text) or _HOUSE.search(text)) and first - i <= max(5, tail // 3):
            first = i
    return first


def _housekeeping(sentences: Sequence[Sentence]) -> set[int]:
    """Sentences about the show itself, and what stands between two of them."""
    hits = [
        i
        for i, s in enumerate(sentences)
        if _HOUSE.search(s.text) or (_FAREWELL.search(s.text) and s.words < 25)
    ]
    found = set(hits)
    for one, other in pairwise(hits):
        if other - one <= 4:
            found |= set(range(one, other))
    return found


def _chatter(sentences: Sequence[Sentence]) -> set[int]:
    """Stretches of short sentences with laughter and small talk."""
    found: set[int] = set()
    size = 6
    signs = [bool(_CHATTER.search(s.text)) for s in sentences]
    for i in range(len(sentences) - size + 1):
        block = range(i, i + size)
        length = sum(sentences[k].words for k in block) / size
        laughs = sum(signs[k] for k in block)
        if (laughs >= 1 and length < 5) or (laughs >= 2 and length < 13) or (laughs >= 3 and length < 18):
            found |= set(block)
    return found
