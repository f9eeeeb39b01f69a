"""The words that go to a language model that may write; they lie in resources/prompts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from earmark.insights.model import LanguageModel
from earmark.paths import resource

SCHEMA = "insight"
VERSION = "insight-1"
QUOTES_VERSION = "quotes-1"
MAX_TOKENS = 320


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote: the numbers are those of the excerpt's sentences, from 1."""

    headline: str
    text: str
    numbers: tuple[int, ...]


@cache
def system_prompt() -> str:
    """The rules of a card; the same for every call, so that its evaluated state can be kept."""
    return (resource("prompts") / "insight-system.txt").read_text("utf-8").strip()


def ask(model: LanguageModel, excerpt: Sequence[str], reasons: Sequence[str] = ()) -> Draft | None:
    """Let the model write a card on numbered sentences; None when the answer is not usable.

    `reasons` say what was wrong with the first answer.
    """
    lines = [f"[{number}] {sentence}" for number, sentence in enumerate(excerpt, start=1)]
    if reasons:
        lines += ["", "Your last card was refused:", *(f"- {reason}" for reason in reasons)]
    return _parsed(model.write(system_prompt(), "\n".join(lines), SCHEMA, MAX_TOKENS), len(excerpt))


def _parsed(answer: str, count: int) -> Draft | None:
    try:
        value: Any = json.loads(answer)
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    headline, text, listed = value.get("headline"), value.get("text"), value.get("sentences")
    if not (isinstance(headline, str) and isinstance(text, str) and isinstance(listed, list)):
        return None
    numbers = sorted(
        {n for n in listed if isinstance(n, int) and not isinstance(n, bool) and 1 <= n <= count}
    )
    if not numbers:
        return None
    return Draft(" ".join(headline.split()).rstrip("."), " ".join(text.split()), tuple(numbers))
