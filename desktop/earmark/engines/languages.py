"""The languages that Whisper models know, by whisper.cpp's names; kept here since only a child loads it."""

# as of whisper.cpp 1.8; a test compares them with the installed one
_NAMES = (
    "af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi "
    "hr ht hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no "
    "oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo "
    "yue zh"
)
LANGUAGES = frozenset(_NAMES.split())


def short_language(written: str) -> str | None:
    """The model's name of a language as people and feeds write it, or None where models do not know it.

    >>> short_language("de-AT"), short_language("EN_us"), short_language("Klingon")
    ('de', 'en', None)
    """
    short = written.strip().lower().replace("_", "-").split("-")[0]
    return short if short in LANGUAGES else None
