"""In which language an episode is, told without any model: by its script, else by its commonest words.

Insights know English so far. Read as if it were English, another language gives headlines that break off in
the middle and, worse, adverts and greetings as insights, since both are known by their English words. So such
an episode gives none, and whoever asked is told why.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from earmark.insights.words import word_set, words
from earmark.records import Segment, Transcript

KNOWN = "en"
MOST_LETTERS = 4000
"""So many letters, spread over the episode, are looked at to tell its script."""
FEWEST_LETTERS, FEWEST_WORDS = 40, 30
"""Fewer letters tell no script, and fewer words no language."""
LEAST_SHARE = 0.1
"""The share of an episode's words that must be common words of a language for it to be told."""
MANY_WORDS, NO_SHARE = 150, 0.04
"""So many words with hardly any of the commonest English ones are surely another language: of English speech
they are a third."""
OTHER = "other"
CLEARLY = 1.3
"""How many times commoner than English words those of another language must be."""

_COMMON: dict[str, frozenset[str]] = {
    "en": word_set("the and of to that is it you in we have this for was are with they but not what i"),
    "de": word_set(
        "der die das und ist ich nicht wir ein eine es zu den mit sie auf auch dass von für sich aber war man"
    ),
    "es": word_set("de que la el y en los no es un una se por con las para lo como pero más muy esto"),
    "fr": word_set("de le la les et est que des un une pas je vous nous pour dans qui ce il sur mais c'est"),
    "it": word_set("di che il la e è un una per non sono con le si in ma del della questo anche come più"),
    "pt": word_set("de que o a e é um uma não para com os as se por mais em do da isso mas muito você"),
    "nl": word_set("de het een en van is dat ik niet we die in je te zijn maar ook voor met er op wat aan"),
    "sv": word_set("och det att är en som jag inte på vi för av ett den med har de man men om så var till"),
    "da": word_set("og det at er en som jeg ikke på vi for af et den med har de man men om så var til"),
    "pl": word_set("i w nie się że to na z jest do jak ale o co tak za po czy już dla są mnie"),
    "cs": word_set("a se je že to na v ne jsem jsme ale jako tak s by pro už co když jsou nebo"),
    "ro": word_set("și de că în nu o la este un să cu pe mai din care ce pentru sunt dar"),
    "tr": word_set("bir ve bu da de için çok ne gibi ama daha o var mi ben biz olarak değil sonra kadar"),
    "id": word_set("yang dan di itu ini dengan untuk dari tidak ada ke saya kita akan juga bisa karena apa"),
    "fi": word_set("ja on ei se että oli hän en ole mutta niin kun mitä olen me tämä sitä myös joka"),
    "hu": word_set("a az és hogy nem is egy van meg de ez azt csak már volt mert ha vagy mint ki"),
}
_SCRIPTS = {
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "ARABIC": "ar",
    "HEBREW": "he",
    "THAI": "th",
    "DEVANAGARI": "hi",
    "CYRILLIC": "ru",
    "GREEK": "el",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
}
_NAMES = {
    "en": "English",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "sv": "Swedish",
    "da": "Danish or Norwegian",
    "no": "Norwegian",
    "pl": "Polish",
    "cs": "Czech",
    "ro": "Romanian",
    "tr": "Turkish",
    "id": "Indonesian",
    "fi": "Finnish",
    "hu": "Hungarian",
    "zh": "Chinese",
    "ja": "Japanese",
    "ko": "Korean",
    "he": "Hebrew",
    "th": "Thai",
    "ar": "Arabic or Persian",
    "ru": "Russian or a relative",
    "el": "Greek",
    "hi": "Hindi or a relative",
    "bn": "Bengali",
    "ta": "Tamil",
    "te": "Telugu",
    "ka": "Georgian",
    "hy": "Armenian",
    "uk": "Ukrainian",
    "fa": "Persian",
    "ca": "Catalan",
}
_LONG_CODES = {"eng": "en", "deu": "de", "ger": "de", "spa": "es", "fra": "fr", "fre": "fr", "english": "en"}
_UNTOLD = word_set("und mul zxx x unknown auto")


def foreign_language(transcript: Transcript) -> str | None:
    """The code of the language that this transcript is in, when insights do not know it; else None.

    What the transcript says of itself counts first. None, too, where nothing can be told.
    """
    said = (transcript.language or "").lower().replace("_", "-").partition("-")[0].strip()
    said = _LONG_CODES.get(said, said)
    told = said if said and said not in _UNTOLD else language_of(transcript.segments)
    return None if told in (None, KNOWN) else told


def language_of(segments: Sequence[Segment]) -> str | None:
    """The language of most of what is said, as two letters; None when it cannot be told.

    Of languages that share a script or their commonest words, one stands for all; of one that is in no list
    its script's name, or "other".
    """
    text = " ".join(segment.text for segment in segments)
    script = _script_of(text)
    if script != "LATIN":
        return _SCRIPTS.get(script, script.lower()) if script else None
    found = words(text)
    counts = Counter(found)
    if len(found) < FEWEST_WORDS:
        return None
    shares = {code: sum(counts[word] for word in common) / len(found) for code, common in _COMMON.items()}
    best = max(shares, key=lambda code: shares[code])
    if shares[best] < LEAST_SHARE:
        return OTHER if len(found) >= MANY_WORDS and shares[KNOWN] < NO_SHARE else None
    if shares[best] < CLEARLY * shares[KNOWN]:
        return KNOWN
    return best


def language_name(code: str) -> str:
    """The English name of a language.

    >>> language_name("de"), language_name("qq")
    ('German', 'another language (qq)')
    """
    if code == OTHER:
        return "another language"
    return _NAMES.get(code, f"another language ({code})")


def unread_reason(code: str) -> str:
    """Why an episode in this language has no insights, for the user.

    >>> unread_reason("de")
    "Earmark's insights know English so far; this transcript seems to be German."
    """
    return f"Earmark's insights know English so far; this transcript seems to be {language_name(code)}."


def _script_of(text: str) -> str | None:
    """The script of most letters, as Unicode names it; None when there are none."""
    letters = text[:: max(1, len(text) // (2 * MOST_LETTERS))]
    scripts = Counter(unicodedata.name(c, "?").split()[0].split("-")[0] for c in letters if c.isalpha())
    if scripts.total() < FEWEST_LETTERS:
        return None
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.2 * scripts["CJK"] > 0:
        scripts["HIRAGANA"] += scripts.pop("CJK")
    return scripts.most_common(1)[0][0]
