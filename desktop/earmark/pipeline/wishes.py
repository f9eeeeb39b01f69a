"""What the user says that they like or do not want to see; kept in the file of their taste."""

from dataclasses import replace
from typing import Literal

from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.taste import Taste, change_taste

Muted = Literal["word", "topic"]


def add_interest(paths: Paths, text: str) -> Taste:
    """Like something from now on. Raises KnownError."""
    return change_taste(paths, lambda now: replace(now, interests=_with(now.interests, text)))


def remove_interest(paths: Paths, text: str) -> Taste:
    """Take an interest out again. Raises KnownError for one that is not there."""
    return change_taste(paths, lambda now: replace(now, interests=_without(now.interests, text)))


def mute(paths: Paths, kind: Muted, text: str) -> Taste:
    """Hold back what has a word, or is on a topic; for shows see `muting`. Raises KnownError."""
    return change_taste(paths, lambda now: _muting(now, kind, _with(_muted(now, kind), text)))


def unmute(paths: Paths, kind: Muted, text: str) -> Taste:
    """No longer hold it back. Raises KnownError for what is not muted."""
    return change_taste(paths, lambda now: _muting(now, kind, _without(_muted(now, kind), text)))


def _muted(taste: Taste, kind: Muted) -> tuple[str, ...]:
    return taste.muted_words if kind == "word" else taste.muted_topics


def _muting(before: Taste, kind: Muted, texts: tuple[str, ...]) -> Taste:
    if kind == "word":
        return replace(before, muted_words=texts)
    return replace(before, muted_topics=texts)


def _with(texts: tuple[str, ...], text: str) -> tuple[str, ...]:
    plain = " ".join(text.split())
    if not plain:
        raise KnownError("That is empty. Say it in a few words.")
    return texts if plain in texts else (*texts, plain)


def _without(texts: tuple[str, ...], text: str) -> tuple[str, ...]:
    wanted = " ".join(text.split()).casefold()
    kept = tuple(each for each in texts if each.casefold() != wanted)
    if kept == texts:
        raise KnownError(f"“{text}” is not there. There is: {', '.join(texts) or 'nothing'}.")
    return kept
