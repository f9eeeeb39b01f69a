"""Whether a claim is as negative, as certain and as strong as what was said: no "not" lost, no "may" dropped.

A "not" is compared by its scope, the words of weight that follow it closely: a sentence that takes up none of
them need not take up the "not" itself. How much this finds and how much it refuses in error is measured in
tests/benchmarks/insights.md.
"""

import re
from collections.abc import Iterator, Sequence

from earmark.insights.words import content_words, numbers

_NOT = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|rarely)\b|\b\w+n['’]t\b", re.I
)
_SOFT = re.compile(
    r"\b(?:instead|rather than|fail(?:s|ed)?|unlike|stop(?:s|ped)?|lack(?:s|ed)?|wrong|myth|unless|less|few"
    r"|fewer|barely|lose[sd]?|lost|avoid(?:s|ed)?|refuse[sd]?|only|difficult|hard|impossible|unable"
    r"|isn['’]t|un\w+|\w+less)\b",
    re.I,
)
_HEDGE = re.compile(
    r"\b(?:may|might|maybe|perhaps|probably|possibly|could|seems?|seemed|likely|apparently|I (?:think|guess"
    r"|believe|suspect|hope)|in my experience|so far|suggests?|tends?|arguably|not sure|supposedly)\b",
    re.I,
)
_SOFTER = re.compile(
    r"\b(?:can|often|usually|sometimes|some|many|most|almost|roughly|generally|typically|expects?|in one"
    r"|estimates?|appears?|would|believes?|considers?|regards?|best seen)\b",
    re.I,
)
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|almost|nearly|maybe|probably|some|like|or so|up to|over"
    r"|more than|at least|under|less than|fewer than)\s+(?:\$|€|£)?(?P<number>\d[\d,.]*)",
    re.I,
)
_STRONG = re.compile(
    r"\b(?:the only|always|ultimate|guarantees?|proves?|every single|impossible|inevitabl[ey]|never)\b", re.I
)
_FORMS = (
    "forgot:forget forgotten:forget lost:lose made:make grew:grow grown:grow paid:pay sold:sell bought:buy "
    "found:find kept:keep left:leave built:build knew:know known:know thought:think taught:teach won:win "
    "rose:rise fell:fall ran:run wrote:write written:write spent:spend felt:feel meant:mean gave:give "
    "took:take taken:take came:come saw:see seen:see told:tell began:begin broke:break broken:break "
    "chose:choose chosen:choose led:lead held:hold met:meet sent:send slept:sleep shown:show brought:bring"
)
_IRREGULAR = dict(pair.split(":") for pair in re.split(r"\s+", _FORMS))
NEAR_WORDS = 5
"""How many words of weight after a "not" are taken to be what it is about."""


def negation_problems(text: str, said: str) -> list[str]:
    """Every not, no and never that appears in a claim or vanishes from it.

    Each sentence of the text is laid beside the sentences that it most likely comes from. Strict on purpose:
    what is refused in error is shown in the speaker's own words.
    """
    spoken = _sentences(said)
    lost = False
    for sentence in _sentences(text):
        source = _sources(sentence, spoken)
        near = " ".join(spoken[i] for i in source) if source else said
        appeared = bool(_NOT.search(sentence)) and not _negative(near)
        vanished = not _negative(sentence) and any(
            len(set(scope) & _stems(sentence)) >= 2 for scope in scopes(near, _NOT)
        )
        lost = lost or appeared or vanished
    return ["Keep every not, no and never as it was said, and add none."] if lost else []


def hedge_problems(text: str, said: str) -> list[str]:
    """Every may, probably and about that was dropped from what the text takes up."""
    spoken = _sentences(said)
    dropped = any(
        _HEDGE.search(spoken[i]) and not _softened(sentence, spoken[i])
        for sentence in _sentences(text)
        for i in _sources(sentence, spoken)[:1]
    )
    exact = {match["number"].rstrip(".,") for match in _ABOUT.finditer(said)} & numbers(text)
    vague = {match["number"].rstrip(".,") for match in _ABOUT.finditer(text)}
    if dropped or exact - vague:
        return ["Keep words such as may, probably and about as they were said."]
    return []


def strength_problems(text: str, said: str) -> list[str]:
    """Words of certainty that nobody said."""
    strong = {match.group().lower() for match in _STRONG.finditer(text)} - {"never"}
    if strong and not _STRONG.search(said):
        return ["Do not say it more strongly than it was said."]
    return []


def scopes(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, ...]]:
    """For each match, the stems of the next words of weight in its sentence."""
    for sentence in _sentences(text):
        for match in pattern.finditer(sentence):
            found = tuple(_stem(word) for word in content_words(sentence[match.end() :])[:NEAR_WORDS])
            if found:
                yield found


def _softened(sentence: str, source: str) -> bool:
    """Whether a sentence hedges, be it with a word of its own that its source does not have."""
    added = set(_SOFTER.findall(sentence.lower())) - set(_SOFTER.findall(source.lower()))
    return bool(_HEDGE.search(sentence) or added)


def _negative(text: str) -> bool:
    return bool(_NOT.search(text) or _SOFT.search(text))


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?;])\s+", text) if part]


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in content_words(text)}


def _sources(sentence: str, spoken: Sequence[str]) -> list[int]:
    """The one or two spoken sentences that share most words of weight with a written one, best first."""
    wanted = _stems(sentence)
    shared = [len(wanted & _stems(each)) for each in spoken]
    order = sorted(range(len(spoken)), key=lambda i: (-shared[i], i))[:2]
    return [i for i in order if shared[i] >= 2]


def _stem(word: str) -> str:
    """A crude stem, enough to match "pays" with "paying" and "forgot" with "forget"."""
    word = _IRREGULAR.get(word, word)
    return re.sub(r"(?:ies|ing|ed|es|s|ly|e)$", "", word) if len(word) > 4 else word
