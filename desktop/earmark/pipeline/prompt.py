"""What a speech model is told that it will hear about, so that it writes names as the show does."""

from collections.abc import Sequence

MAX_CHARACTERS = 500
"""About half of the 224 tokens that Whisper reads before a window."""


def speech_prompt(show: str, title: str, people: Sequence[str], glossary: Sequence[str]) -> str:
    """One line of names: the user's own words first, since what does not fit is left out from the end.

    >>> speech_prompt("Kitchen Table", "Heating at night", ["Ines Varga"], ["Brackwater"])
    'Brackwater. Ines Varga. Heating at night. Kitchen Table.'
    """
    names = [*glossary, *people, title, show]
    plain = dict.fromkeys(" ".join(name.split()).rstrip(".") for name in names)
    line = ""
    for name in filter(None, plain):
        if len(line) + len(name) + 2 > MAX_CHARACTERS:
            break
        line += f" {name}."
    return line.strip()
