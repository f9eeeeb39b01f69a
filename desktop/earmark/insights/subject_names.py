"""The name of a topic: the words that set its insights apart from all others and mean what they mean
together, as they are mostly written."""

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from earmark.insights.candidates import Embed
from earmark.insights.words import STOP, word_set

NAME_WORDS = 3
LEAST_HOLD, LEAST_SHARE = 2, 0.15
"""A word of a name stands in so many insights of the topic at least, and in such a share of them."""
CANDIDATES, ENOUGH = 24, 40
"""So many words are compared with so many of a topic's insights."""
FAR = 0.55
"""A word whose meaning is so much further from the topic's than that of its first word is left out."""
PAIR_SHARE = 0.6
"""Two words that stand together are one word of a name when they do so in this share of their insights."""
PAIR_WEIGHT = 1.2
NUMBERED = "Topic"
_WORD = re.compile(r"[^\W\d_][\w’'+#-]*[\w+#]|[A-Z]")
_EMPTY = STOP | word_set(
    "able actually almost already always another anything around away back basically become behind "
    "believe better big bit bunch call called cause certain come comes coming couple course day days "
    "different done easy either else end enough entire especially etc ever every everybody everyone "
    "everything exactly example fact far feel find first found full gave gets gives giving gonna good "
    "great guess guy guys half happen happened happens hard help here's high hundred idea important "
    "interesting keep kind kinds knew know last least less let life line little live long look looking "
    "lots love made main make makes making many maybe mean means might mind month months must need needed "
    "needs never new next nice nobody nothing number obviously often old ones onto order others part "
    "particular parts past people per person piece place point pretty probably problem put question quite "
    "ran rather real reason run running saw saying says second see seen sense set several simple since "
    "single small somebody someone something sometimes somewhat soon sorts start started state still "
    "stuff sure take taken takes taking talk talking talks tell ten terms that'll they'll they've "
    "thinking thought three time times today together told took totally towards tried true truly try "
    "trying turn two type types understand use used useful using usually various wanna wanted wants "
    "wasn't we'll we've week weeks went whatever what's whole within without wonderful won't word words "
    "work worked working works world would wouldn't year years yet you'll you've yourself they'd he's "
    "she's gotten gone given came aren't haven't isn't couldn't shouldn't weren't doesn't hadn't hasn't "
    "ain't absolutely definitely literally certainly generally essentially particularly though although "
    "thus hence necessarily getting allow allows add added adding read include includes including switch "
    "actual ways everywhere somewhere anyway anyways anybody anyone side case cases level matter thousand "
    "million billion percent bad worse best worst hold bring brings brought ago late early open's "
    "there'll who's how's "
)


def names_of(
    texts: Mapping[int, Sequence[str]], others: Iterable[str], taken: Collection[str], embed: Embed
) -> dict[int, str]:
    """A name for each topic, given the texts of its insights; `others` are those of all else.

    No two names are the same, nor one that is `taken`. A topic whose words say nothing is numbered. `embed`
    gives vectors of unit length.
    """
    used = {name.casefold() for name in taken}
    documents = {number: [_words(text) for text in own] for number, own in texts.items()}
    everywhere: Counter[str] = Counter()
    count = 0
    for words in chain(chain.from_iterable(documents.values()), map(_words, others)):
        everywhere.update(words.keys())
        count += 1
    found = {}
    for number, own in documents.items():
        telling = _telling(own, everywhere, count) or _telling(own, {}, count)
        ranked = _meant(telling, embed(texts[number][:ENOUGH]), embed) if telling else []
        found[number] = _unused(ranked, used, number)
        used.add(found[number].casefold())
    return found


def _unused(ranked: Sequence[str], used: Collection[str], number: int) -> str:
    if not ranked:
        return f"{NUMBERED} {number}"
    for most in range(min(NAME_WORDS, len(ranked)), len(ranked) + 1):
        name = ", ".join(ranked[:most])
        name = name[:1].upper() + name[1:]
        if name.casefold() not in used:
            return name
    return f"{name}, {number}"


def _telling(own: Sequence[Mapping[str, str]], everywhere: Mapping[str, int], count: int) -> dict[str, float]:
    """The words that stand in many of these insights and in few others, as they are mostly written, and how
    telling each is."""
    held = Counter(word for words in own for word in words)
    written: dict[str, Counter[str]] = {}
    for words in own:
        for word, form in words.items():
            written.setdefault(word, Counter())[form] += 1
    scores = {}
    for word, times in held.items():
        share, usual = times / len(own), everywhere.get(word, 1) / count
        if times >= LEAST_HOLD and share >= max(LEAST_SHARE if everywhere else 0, 2 * usual):
            scores[word] = share * log(share / usual) * (PAIR_WEIGHT if " " in word else 1.0)
    kept = {}
    for word in sorted(scores, key=lambda w: (-scores[w], w)):
        pair = next((k for k in scores if k != word and word in k.split()), None)
        if pair is None or held[pair] < PAIR_SHARE * held[word]:
            kept[written[word].most_common(1)[0][0]] = scores[word]
    return kept


def _meant(telling: Mapping[str, float], vectors: NDArray[np.float32], embed: Embed) -> list[str]:
    """The most telling words, those first that mean what the insights mean together (`vectors`)."""
    words = list(telling)[:CANDIDATES]
    middle = vectors.mean(axis=0)
    nearness = np.maximum(embed(words) @ middle / max(float(np.linalg.norm(middle)), 1e-9), 0.01)
    worth = {word: telling[word] * float(near) ** 2 for word, near in zip(words, nearness, strict=True)}
    near_of = dict(zip(words, nearness.tolist(), strict=True))
    ranked: list[str] = []
    for word in sorted(words, key=lambda w: (-worth[w], w)):
        near_enough = not ranked or near_of[word] >= FAR * near_of[ranked[0]]
        if near_enough and not any(_within(word, other) or _within(other, word) for other in ranked):
            ranked.append(word)
    return ranked


def _within(word: str, other: str) -> bool:
    """Whether one is the other, or a part of it."""
    return _folded(word) in [_folded(part) for part in (other, *other.split())]


def _words(text: str) -> dict[str, str]:
    """The telling words of a text and pairs of neighbours, folded, each as it is written there."""
    text = html.unescape(text)
    tokens = [(_folded(match.group()), match.group(), match.span()) for match in _WORD.finditer(text)]
    found: dict[str, str] = {}
    for folded, form, (begin, _) in tokens:
        if _tells(folded, form):
            opens = begin == 0 or text[:begin].rstrip()[-1:] in '.!?…"“”'
            found.setdefault(folded, form.lower() if opens and not form[1:].isupper() else form)
    for (one, form, (_, end)), (other, next_form, (begin, _)) in pairwise(tokens):
        if text[end:begin] == " " and _tells(one, form) and _tells(other, next_form):
            found.setdefault(f"{one} {other}", f"{found[one]} {found[other]}")
    return found


def _folded(form: str) -> str:
    """Small letters; a plural as its singular, as far as its letters can tell."""
    word = form.lower().replace("’", "'").removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 4 and word.endswith("s") and word[-2] not in "sui'" else word


def _tells(folded: str, form: str) -> bool:
    low = form.lower().replace("’", "'")
    short = len(folded) < 4 and not (form.isupper() and len(form) > 1)
    adverb = low.endswith("ly") and form == low
    return not (short or adverb or folded in _EMPTY or low in _EMPTY)
