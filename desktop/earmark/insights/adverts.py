"""Where adverts are, host-read ones too: an onset, an end, and what stands between.

An advert is found by what it cannot do without: it opens ("brought to you by"), or it calls to action
(an address to visit, a code, a price). From there it is followed by the names it sells. Strict on
purpose: a sentence too many costs little, a sold sentence shown as an insight costs trust.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from earmark.insights.sentences import Sentence
from earmark.insights.words import STOP

_TLD = r"(?:com|org|net|io|fm|co|ai|app|dev|example|tv|me|us|shop|store|tools|health|eu|uk|de)"
_SITE = rf"(?:[\w-]+\.{_TLD}\b|\bdot (?:{_TLD})\b|\bslash [a-z]+)"
ONSET = re.compile(
    r"\b(?:brought to you (?:in part )?by|sponsored by|(?:our|today's|this week's|episode's) (?:\w+ )?"
    r"(?:sponsors?|partner)\b|(?:word|message|note) (?:from|about)|(?:quick|short) (?:break|word"
    r"|message|pause|ad)\b|\bthank a sponsor\b|is a sponsor of (?:this|the|our)\b|\bgonna mention an ad\b"
    r"|support (?:for|of) (?:this|the|our) (?:show|podcast|episode|program)|(?:is|are) supported by"
    r"|who (?:support|sponsor|pay)s? "
    r"(?:this|for this|the)|(?:right|be) back after|we'?ll be right back"
    r"|thank(?:s| you) (?:again )?to [\w ]+ for (?:sponsoring|supporting)|thank(?:s| you)? (?:again "
    r"|so much )?(?:to )?(?:our (?:friends|sponsors?|partners?)|the "
    r"(?:people|folks) (?:who|at|from))|(?:I'd|I would|we'd) like to thank (?-i:[A-Z])|(?:take"
    r"|stop)\b.{0,20}\b(?:second|moment"
    r"|minute) to (?:talk|tell|thank|mention)|want to tell you about|let me tell you about"
    r"|partner for this|paid (?:ad|promotion|partnership)|quick aside\b)",
    re.I,
)
CALL = re.compile(
    rf"(?:\b(?:visit|go to|head (?:over )?to|going to|check (?:it |them |us )?out|sign up|order|try"
    rf"|quote|free|learn more|available|get started|start building|browse"
    rf"|join|register|donate|buy|months?|days?|code|word)\b.{{0,70}}{_SITE}"
    rf"|^that'?s {_SITE}|{_SITE},? spelled\b|\bpromo ?code"
    rf"|\b(?:use|enter|with|is|the) (?:the |our |my )?(?:code|offer code"
    rf"|word) (?-i:[A-Z]{{3,}})"
    r"|\bthe code is\b|\bcode (?-i:[A-Z]{3,}[A-Z0-9]*)\b|\b\d+ ?(?:percent|%|dollars|euros|pounds) off\b"
    r"|[$€£]\d+ off\b|\b(?:for|get|start|claim|your) (?:an? |your )?(?:[\w-]+ ){0,2}free trial|\bfree "
    r"for \d+|for free at|\bmoney[- ]back guarantee|\bfree (?:shipping|delivery"
    r"|sample|peeler|month|gift)\b|\byour first (?:month|order|box|purchase|quarter|year)\b"
    r"|\b\w+ (?:months?|weeks?) free\b|\bcancel any ?time|\bterms apply|\bfor just \$"
    r"|\blinks?\b.{0,25} in (?:the|your|our) "
    r"(?:\w+ ){0,3}(?:show ?notes|description|episode notes)|\btell them (?:that )?(?:we|I) sent you"
    r"|\bfor more information,? visit|\btry \w+\.com\b)",
    re.I,
)
END = re.compile(
    r"\b(?:thank(?:s| you) (?:again |so much |very much )?to [\w ]+ for (?:sponsoring|supporting)"
    r"|back to (?:the|our) (?:show|episode|conversation|interview)"
    r"|let'?s get (?:on|back|in)(?: in)?to (?:that|the|it)"
    r"|helps support the show|welcome back to)\b",
    re.I,
)
_INVITES = re.compile(
    r"\b(?:give|have|share|leave)\b.{0,20}\bcall[- ]to[- ]action\b"
    r"|\bwhat(?:'s| is)\b.{0,20}\b(?:call[- ]to[- ]action|invitation)\b",
    re.I,
)
"""A guest is asked to invite listeners to something of the guest's own."""
_PAID = re.compile(r"\b(?:brought to you (?:\w+ ){0,3}by|sponsored by|supported by|our sponsors?)\b", re.I)
"""An opening that leaves no doubt, and names who paid."""
_PATH = re.compile(rf"\b[\w-]+\.{_TLD}/(\w[\w-]+)")
"""An address with a path, as sponsors give out: it goes on with an advert, and does not begin one."""
SELF = re.compile(
    r"\b(?:alpha program|beta program|wait ?list|(?:exciting|brand|our|a|my) new (?:course|book"
    r"|product|app|album)"
    r"|next major release|excited to (?:announce|say|share) that we|this course|our courses?\b"
    r"|catalogs? of [\w ]+ courses|pre-?order|my (?:new )?book is|level up your|there's not a "
    r"subscription)\b",
    re.I,
)
MEMBERS = re.compile(
    r"\b(?:a|our|the) (?:\w+ )?membership (?:called|program)\b"
    r"|\bbecom(?:e|ing) (?:a|our) (?:paying )?(?:member|patron)s?\b"
    r"|\b(?:on|our|via|through|join (?:the|our|us on)) patreon\b"
    r"|\bad[- ]free (?:feed|version|episode|show)s?\b|\b(?:don't|do not) want the ad (?:version|read)s?\b"
    r"|\bplus plus (?:subscriber|member|listener|folk)s?\b|\bmembers[- ]only feed\b"
    r"|\brenew(?:ing|ed)? my [\w+ ]{0,30}membership\b",
    re.I,
)
"""The show's own club of those who pay for it: an advert like any other, and often a longer one."""
MARKER = re.compile(
    r"^\W*(?:ad|ads|advert\w*|break|ad break|commercial|sponsor message)\b[\W\d]*(?:to[\W\d]+)?$", re.I
)
_OWN = re.compile(
    r"\b([A-Z]\w{2,}) is (?:a|an|the|our) (?:\w+ ){0,4}(?:tool|app|company|platform|product|software|service)"
)
_PITCH = re.compile(
    r"\b(?:whether \w+ can|what we(?:'re)? try\w*|the vision of|our swing|helps? you|lets you|see \w+ "
    r"as a)\b",
    re.I,
)
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-zA-Z0-9]{2,}|^[A-Z][a-z]*[A-Z0-9]\w*")

REACH = 9
"""How many sentences may lie between two signs of the same advert."""
LONGEST = 30
"""No advert has more sentences than this, unless its own sponsor is called or thanked at its end."""
FARTHEST = 45
"""So far after the opening of an advert its end is looked for."""
GAP = 3
"""Fewer sentences than this between two parts of adverts belong to them."""


def find_adverts(sentences: Sequence[Sentence]) -> set[int]:
    """Numbers of all sentences that belong to an advert, a sponsor read or a pitch of one's own product."""
    texts = [s.text for s in sentences]
    found: set[int] = set()
    for i, sentence in enumerate(sentences):
        if MARKER.match(sentence.text) or (sentence.speaker or "").lower() in ("ad", "break", "sponsor"):
            found.add(i)
        elif i in found:
            continue
        elif _INVITES.search(texts[i]):
            found |= _invited(i, sentences)
        elif _opens(texts[i]):
            found |= set(range(i, _end_of(i, sentences) + 1))
        elif CALL.search(texts[i]):
            found |= set(range(_begin_of(i, sentences), _end_of(i, sentences) + 1))
    return _joined(found, sentences) | _own_pitches(sentences)


def _opens(text: str) -> bool:
    return any(sign.search(text) for sign in (ONSET, SELF, MEMBERS))


def _brands(text: str) -> set[str]:
    """Names that a sentence may be selling, and the first part of every address in it."""
    found = {name.lower() for name in _NAME.findall(text)}
    for match in re.finditer(rf"([\w-]+)(?:\.| dot ){_TLD}\b", text):
        found.add(match.group(1).lower())
    shouted = {name.lower() for name in re.findall(r"\b[A-Z0-9]{4,}\b", text)}
    return {name for name in found - shouted if name not in STOP and len(name) > 3}


def _paths(text: str) -> set[str]:
    """What stands behind the slash of each address: there it is often the sponsor."""
    return {path.lower() for path in _PATH.findall(text)}


def _mentions(text: str, brands: set[str]) -> bool:
    low = text.lower()
    stems = [word for word in re.findall(r"\w{4,}", low) if word not in STOP]
    return any(brand in low or any(brand.startswith(stem) for stem in stems) for brand in brands)


def _end_of(start: int, sentences: Sequence[Sentence]) -> int:
    """The last sentence of the advert that shows its first sign at `start`."""
    text = sentences[start].text
    brands = _brands(text) | _paths(text)
    last = _closed_at(start, sentences, brands) if _PAID.search(text) else start
    called = last > start or bool(CALL.search(text))
    opens, among_hosts = _opens(text), bool(MEMBERS.search(text))
    near = REACH if among_hosts else 4
    for i in range(last + 1, min(len(sentences), max(last + GAP, start + LONGEST))):
        text = sentences[i].text
        strange = _other_voice(sentences, start, i) and not among_hosts
        if i - last > (REACH if opens else 2) or (strange and i - last > 1):
            break
        if END.search(text):
            return i + 1 if i + 1 < len(sentences) and END.search(sentences[i + 1].text) else i
        calls = bool(CALL.search(text) or SELF.search(text) or MEMBERS.search(text) or _PATH.search(text))
        if calls or ONSET.search(text) or (i - last <= near and _mentions(text, brands)):
            last, called = i, called or calls
            brands |= _brands(text) if i - start <= 2 else set()
    if opens and not called:
        return max(last, min(start + 2, _turn_end(start, sentences)))
    return last


def _closed_at(start: int, sentences: Sequence[Sentence], brands: set[str]) -> int:
    """Where the voice that opens an advert thanks its sponsor, or gives out the sponsor's own address."""
    for i in reversed(range(start + 1, min(len(sentences), start + FARTHEST))):
        text = sentences[i].text
        closes = END.search(text) or CALL.search(text) or _PATH.search(text)
        if closes and not _other_voice(sentences, start, i) and _mentions(text, brands):
            return i
    return start


def _invited(question: int, sentences: Sequence[Sentence]) -> set[int]:
    """The question and the whole answer, which is the next turn of another voice."""
    answer = _turn_end(question, sentences) + 1
    if answer >= len(sentences):
        return {question}
    return set(range(question, min(_turn_end(answer, sentences), question + LONGEST) + 1))


def _joined(found: set[int], sentences: Sequence[Sentence]) -> set[int]:
    """With what stands between two parts of adverts, where it is short and of their voice."""
    places = sorted(found)
    gaps = [
        range(one + 1, other)
        for one, other in pairwise(places)
        if other - one <= GAP and not any(_other_voice(sentences, one, i) for i in range(one, other + 1))
    ]
    return found | {i for gap in gaps for i in gap}


def _begin_of(call: int, sentences: Sequence[Sentence]) -> int:
    """Back from a call to action to where its product is first named by the same voice."""
    brands, first = _brands(sentences[call].text), call
    for i in range(call - 1, max(-1, call - REACH), -1):
        if _other_voice(sentences, call, i):
            break
        if _mentions(sentences[i].text, brands):
            first = i
            brands |= _brands(sentences[i].text)
    return first


def _other_voice(sentences: Sequence[Sentence], one: int, other: int) -> bool:
    return sentences[one].speaker != sentences[other].speaker


def _turn_end(start: int, sentences: Sequence[Sentence]) -> int:
    end = start
    while end + 1 < len(sentences) and not _other_voice(sentences, start, end + 1):
        end += 1
    return end


def _own_pitches(sentences: Sequence[Sentence]) -> set[int]:
    """Sentences in which the makers of a show praise the product that the show is named for."""
    opening = " ".join(s.text for s in sentences[: max(20, len(sentences) // 25)])
    welcome = re.search(r"\b[Ww]elcome (?:back )?to ([\w ]{3,40})", opening)
    if not welcome:
        return set()
    show = welcome.group(1).lower().replace(" ", "")
    own = {name for name in _OWN.findall(opening) if name.lower() in show}
    hits = [
        i
        for i, s in enumerate(sentences)
        if any(re.search(rf"\b{name}\b", s.text) for name in own) and _PITCH.search(s.text)
    ]
    found: set[int] = set()
    for i in hits:
        found |= set(range(i, min(i + 3, _turn_end(i, sentences)) + 1))
    return found
