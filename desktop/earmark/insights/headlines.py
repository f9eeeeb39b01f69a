"""Headlines that are the speaker's own: a clause of four to nine words that can be true or false."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from earmark.insights.words import STOP, names, word_set

MIN_WORDS, MAX_WORDS = 4, 9
LONGEST = 11
"""A clause may have so many words when it is whole: "better to limit efforts" is less than "by time"."""

_BASES = (
    "be have do say make go take come see know get give find think tell become show leave feel put "
    "bring begin "
    "keep hold write stand hear let mean set meet run pay sit speak lie lead read grow lose fall send build "
    "understand draw break spend cut rise drive buy wear choose seek throw catch deal win forget "
    "teach sell fight "
    "shut fit hide hit hurt spread cost need want use work seem try ask call help start turn play "
    "move live believe "
    "happen include continue change watch follow stop create allow add open walk offer remember love "
    "consider "
    "appear serve die expect stay reach remain suggest raise pass require report decide pull depend "
    "matter solve "
    "fail improve reduce increase save waste learn store recall double drop beat kill cause prevent produce "
    "protect replace remove treat test measure feed carry cover share ship scale solve tend tests trust hire "
    "interrupt activate relieve destroy limit compete attract explain apply contain own charge earn "
    "sound look "
    "react respond predict train generate answer affect form gain prove act count force hate like enjoy care "
    "worry wait warm heat cool rent travel arrive release publish support provide ruin last exist "
    "involve define "
    "avoid accept ignore admit agree assume burn bet focus contribute outweigh dominate struggle "
    "suffer thrive "
    "survive collapse shift switch track vary enable encourage recognize operate separate simplify speed "
    "talk wonder equate"
)
_ODD = (
    "is are was were am been isn't aren't wasn't weren't has had haven't hasn't did does doesn't "
    "don't didn't can "
    "can't cannot could couldn't will won't would wouldn't should shouldn't may might must said made "
    "went took came "
    "saw knew got gave found thought told became left felt put brought began kept held wrote stood "
    "heard meant ran "
    "paid sat spoke lay led read grew lost fell sent built understood drew broke spent rose drove "
    "bought wore chose "
    "sought threw caught dealt won forgot taught sold fought hid hurt it's that's there's you're "
    "we're they're i'm "
    "he's she's what's gets goes tries tried relies rely carries dies studied needs"
)


def _forms(base: str) -> set[str]:
    stem = base[:-1] if base.endswith("e") else base
    return {base, base + "s", base + "es", stem + "ed", stem[:-1] + "ies" if base.endswith("y") else base}


_IMPERATIVES = frozenset(_BASES.split()) - {"be", "like", "think", "mean"}
_VERBS = frozenset(form for base in _BASES.split() for form in _forms(base)) | frozenset(_ODD.split())
_BAD_START = word_set(
    "he she they it this that these those them him her his their its and but so because which who "
    "whom whose also well yeah than as or nor of then it's that's they're he's she's there's here "
    "like such to for with by from about into onto at on up off too just even ever right okay oh "
    "um uh actually basically literally very more most not is are was were be been has have had "
    "do does did can could will would should may might must what how why where whether either "
    "neither both another other i'm i i've i'd i'll let's here's there kind sort etc "
    "now remember otherwise again sometimes maybe first second third only certainly obviously whatever"
)
_BAD_END = word_set(
    "a an the this that these those of to in on at for with by from about into as and or but so "
    "because if when than which who whose while where is are was were be been am has have had do "
    "does did can could will would should may might must not very really just more most i we you "
    "they he she it's that's i'm we're my your our their his her its no some any every each all "
    "both either like kind sort lot much many also too even only actually basically don't doesn't "
    "isn't didn't can't won't there how what why whether or go get make take want need let's "
    "you're they're going trying able come give put say think know mean feel gonna wanna one's "
    "such other"
)
_DETERMINERS = word_set("the a an our their your my his her its this that these those each every no of")
_BREAKS = word_set("because but so which when while if where whereas although")
"""Before these a clause may end."""
_SUBJECTS = word_set("i you he she it we they everyone everybody nobody people there that this then so")
"""After "and" these begin a clause of their own, so that the one before it is whole."""
_OPENERS = word_set("because but so whereas")
"""After these a clause may begin."""
_FALSE_STARTS = word_set("if when while since although where as though until unless before after once")
_PHRASES = word_set("in on at for with from by into during after before about across between through per")
"""Before these a claim may be cut when nothing better is found; it then says less, but nothing else."""
_TAKES_BACK = word_set("but although though yet")
"""What follows these takes back part of the headline."""
_DUMMY = re.compile(r"(?:it's|it is) (?:\w+ )?\w+ to \w|there(?:'s| is| are) (?:no|an?|always|never|\w+s) ")
"""Beginnings that point to nothing though they look like it."""
_EXISTS = re.compile(r"there(?:'s|’s| is| are) (?:an?|the|some|\w+s) ", re.I)
"""A headline that only says that something exists is a topic, not a claim."""
_TURNS = re.compile(
    r"\b(?:not|n't|never|no|nobody|nothing|none|without|if|whether|unless|myth|wrong|instead|rather"
    r"|says?|said|claims?"
    r"|ask(?:s|ed)?|imagine|suppose|pretend|maybe|probably|might|could|seems?|perhaps|would|wish|hope"
    r"|hard to|used to"
    r"|idea|question|tell|told|people think|they think|you think|thought|believed?|like)\b|n't\b|[\"“]",
    re.I,
)
_POINTERS = word_set("it it's that this they they're them he she these those")
_REFERS_BACK = word_set("than as before after until that")
"""After these a pronoun mostly means what the headline itself has named: "cost more than it saved"."""
_LIMITS = word_set("unless except only if until without than not or provided")


@dataclass(frozen=True, slots=True)
class HeadlineOption:
    """A possible headline, and how good the rules find it."""

    text: str
    score: float


def headline_options(text: str, most: int = 6) -> list[HeadlineOption]:
    """Contiguous words of `text` that could head it, best first; empty when no clause will do."""
    found: dict[str, HeadlineOption] = {}
    for place, sentence in enumerate(re.split(r"(?<=[.!?…])[\"”’)]*\s+", text)):
        if sentence.rstrip('"”’)').endswith("?"):
            continue
        for option in _of_sentence(sentence):
            scored = HeadlineOption(option.text, option.score - 0.05 * place)
            if option.text.lower() not in found or found[option.text.lower()].score < scored.score:
                found[option.text.lower()] = scored
    return sorted(found.values(), key=lambda option: (-option.score, option.text))[:most]


def shortened(text: str) -> str:
    """The opening words of a text, for a card none of whose clauses can head it."""
    tokens = re.split(r"(?<=[.!?])\s", text)[0].split()[:MAX_WORDS]
    while len(tokens) > MIN_WORDS and _hangs(tokens[-1]):
        tokens.pop()
    return _capital(" ".join(tokens).rstrip(",;:.-–— ")) + " …"


def _hangs(token: str) -> bool:
    """Whether a headline that ends here seems cut: before a noun, or between a number and what it counts."""
    return _plain(token) in _BAD_END or bool(re.search(r"\d$", token))


def _of_sentence(sentence: str) -> list[HeadlineOption]:
    tokens = sentence.split()
    starts = [0] + [i for i in range(1, len(tokens)) if _begins(tokens, i)]
    ends = [i + 1 for i in range(len(tokens)) if _finishes(tokens, i)]
    options = []
    for start in starts:
        for end in ends:
            whole = end == len(tokens) or bool(re.search(r"[,;:.!?…]$", tokens[end - 1]))
            if MIN_WORDS <= end - start <= (LONGEST if whole else MAX_WORDS):
                option = _option(tokens, start, end)
                if option:
                    options.append(option)
    return options


def _begins(tokens: Sequence[str], i: int) -> bool:
    """Whether a clause that says something by itself may begin at word `i`."""
    before = _plain(tokens[i - 1])
    if re.search(r"[,;:…—–]$|^--?$", tokens[i - 1]):
        return _plain(tokens[i]) not in ("and", "or", "but", "so", "because")
    after_comma = i > 1 and bool(re.search(r"[,;:—–]$|^--?$", tokens[i - 2]))
    if before == "that" and _plain(tokens[0]) in _FALSE_STARTS:
        return False
    if before == "that" and i > 2 and _plain(tokens[i - 2]) == "think":
        return _plain(tokens[i - 3]) == "i"
    if before == "that":
        return i > 1 and _plain(tokens[i - 2]) in _VERBS
    if before in ("think", "say") and i > 1:
        return _plain(tokens[i - 2]) in ("i", "would", "i'd") and _plain(tokens[i]) != "that"
    return before in _OPENERS or (before == "and" and after_comma)


def _finishes(tokens: Sequence[str], i: int) -> bool:
    """Whether a clause may end with word `i`."""
    if i + 1 == len(tokens) or re.search(r"[,;:.!?…—–][\"”]?$", tokens[i]):
        return True
    joins = _plain(tokens[i + 1]) == "and" and i + 2 < len(tokens) and _plain(tokens[i + 2]) in _SUBJECTS
    return joins or _plain(tokens[i + 1]) in _BREAKS | _PHRASES or tokens[i + 1] in ("-", "--", "—", "–")


def _option(tokens: Sequence[str], start: int, end: int) -> HeadlineOption | None:
    words = [_plain(token) for token in tokens[start:end]]
    dummy = bool(_DUMMY.match(" ".join(words)))
    if (words[0] in _BAD_START and not dummy) or words[0] in _FALSE_STARTS:
        return None
    if words[-1] in _BAD_END or not all(words):
        return None
    if words[0] in _VERBS and not dummy and (start or words[0] not in _IMPERATIVES):
        return None
    inside = " ".join(tokens[start : end - 1])
    if re.search(r",(?!\d)|[;:…\"“”()\[\]?]|--|—|–", inside + tokens[end - 1].rstrip(".,;:!…—–-")):
        return None
    verbs = [i for i, word in enumerate(words) if word in _VERBS and not (i and words[i - 1] in _DETERMINERS)]
    participle = len(verbs) == 1 and words[verbs[0]].endswith("ed")
    if participle and len(words) > verbs[0] + 1 and words[verbs[0] + 1] in _PHRASES:
        return None
    if not verbs or (verbs == [0] and not dummy) or (verbs == [len(words) - 1] and len(words) < 5):
        return None
    if re.match(r"the (?:more|less|higher|lower|\w+er)$", " ".join(words[:2])) or _is_thin(words, verbs):
        return None
    after = _plain(tokens[end]) if end < len(tokens) else ""
    if "so" in words[1:] and after:
        return None
    if start and _TURNS.search(" ".join(tokens[:start])):
        return None
    if (after in _LIMITS and after != "than") or (
        after in _PHRASES and (words[-1] in _VERBS or "that" in words)
    ):
        return None
    return HeadlineOption(_tidy(tokens, start, end), _score(tokens, start, end, words, after))


def _is_thin(words: Sequence[str], verbs: Sequence[int]) -> bool:
    """Whether a clause says next to nothing: two words of weight, one of them after its verb, are
    the least."""
    heavy = [i for i, word in enumerate(words) if word not in STOP and len(word) > 2]
    relative = [i for i, word in enumerate(words) if word in ("that", "who", "which")]
    hangs = len(words) > 2 and words[-1] in _VERBS and words[-2] in ("and", "or")
    only_relative = bool(relative) and not any(i < relative[0] for i in verbs) and len(verbs) < 2
    return len(heavy) < 2 or max(heavy) <= min(verbs) or hangs or only_relative


def _score(tokens: Sequence[str], start: int, end: int, words: Sequence[str], after: str) -> float:
    content = [word for word in words if word not in STOP and len(word) > 2]
    text = " ".join(tokens[start:end])
    score = 0.12 * min(5, len(content)) + 0.2 * bool(re.search(r"\d", text)) + 0.1 * bool(names("X " + text))
    score += (
        0.15 * (start == 0) + 0.2 * (end == len(tokens)) + 0.1 * bool(re.search(r"[,;:.]$", tokens[end - 1]))
    )
    score -= 0.3 * (words[0] in ("if", "when", "while", "since", "although", "where")) + 0.15 * (
        "we" in words[:2]
    )
    score -= (
        0.25 * (after in _TAKES_BACK)
        + 0.6 * (after in _PHRASES)
        + 0.25 * (after in ("than", "that"))
        + 0.4 * (len(content) < 2)
    )
    score -= 0.5 * bool({"something", "anything", "things", "thing", "stuff"} & set(words))
    score -= 0.3 * any(
        word in _POINTERS and not (i and words[i - 1] in _REFERS_BACK) for i, word in enumerate(words)
    )
    score -= 0.2 * bool({"i", "i'm", "my", "me", "i've"} & set(words))
    score -= 0.1 * max(0, len(words) - MAX_WORDS) + 0.4 * bool(_EXISTS.match(text))
    return score - 0.1 * (words[0] in ("in", "after", "before", "during", "you"))


def _plain(token: str) -> str:
    return token.lower().replace("’", "'").strip(".,;:!?…\"“”()[]—–-'")


def _tidy(tokens: Sequence[str], start: int, end: int) -> str:
    return _capital(" ".join(tokens[start:end]).strip(' .,;:!…"“”—–-'))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
