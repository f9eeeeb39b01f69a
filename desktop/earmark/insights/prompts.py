"""The words that go to a language model that may write, and what comes back (resources/prompts)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from earmark.insights.model import LanguageModel
from earmark.paths import resource
from earmark.records import Tier

VERSIONS: dict[Tier, str] = {"quotes": "quotes-2", "short": "short-1", "full": "full-2"}
"""Changed whenever a prompt or what is done with its answer changes; stored with every insight."""
MAX_TOKENS: dict[Tier, int] = {"quotes": 0, "short": 200, "full": 480}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote: the numbers are those of the excerpt's sentences, from 1; worth is 1 to 3."""

    headline: str
    text: str
    numbers: tuple[int, ...]
    worth: int


@cache
def system_prompt(tier: Tier) -> str:
    """The rules of a card; the same for every call, so that its evaluated state can be kept."""
    return (resource("prompts") / f"{tier}-system.txt").read_text("utf-8").strip()


def fitting(model: LanguageModel, tier: Tier, excerpt: Sequence[str]) -> int:
    """How many of the first sentences fit into the model's context beside prompt, refusals and answer."""
    counts = model.count_tokens([system_prompt(tier), _REFUSALS, *excerpt])
    room = model.context_tokens - MAX_TOKENS[tier] - counts[0] - counts[1] - _FRAME_TOKENS
    for done, count in enumerate(counts[2:]):
        room -= count + _NUMBER_TOKENS
        if room < 0:
            return done
    return len(excerpt)


def ask(
    model: LanguageModel, tier: Tier, excerpt: Sequence[str], reasons: Sequence[str] = ()
) -> list[Draft] | None:
    """Let the model write cards on numbered sentences; None when the answer is not usable.

    An empty list says that there is nothing worth a card. `reasons` say what was wrong with the first answer.
    """
    lines = [f"[{number}] {' '.join(sentence.split())}" for number, sentence in enumerate(excerpt, start=1)]
    if reasons:
        lines += ["", _REFUSED, *(f"- {reason}" for reason in reasons[:_MOST_REASONS])]
    answer = model.write(system_prompt(tier), "\n".join(lines), tier, MAX_TOKENS[tier])
    return _parsed(answer, len(excerpt))


_REFUSED = "Your last answer was refused:"
_MOST_REASONS = 4
_REFUSALS = " ".join([_REFUSED, *["Keep words such as may, probably and about as they were said."] * 6])
"""As long as the longest list of reasons, for the token budget."""
_FRAME_TOKENS = 32
_NUMBER_TOKENS = 5


def _parsed(answer: str, count: int) -> list[Draft] | None:
    try:
        value: Any = json.loads(answer)
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    listed = value.get("insights", [value])
    if not isinstance(listed, list):
        return None
    drafts = [_draft(each, count) for each in listed]
    return [draft for draft in drafts if draft] if any(drafts) or not drafts else None


def _draft(value: Any, count: int) -> Draft | None:
    if not isinstance(value, dict):
        return None
    headline, text, listed = value.get("headline"), value.get("text"), value.get("sentences")
    worth = value.get("worth", 2)
    if not (isinstance(headline, str) and isinstance(text, str) and isinstance(listed, list)):
        return None
    numbers = sorted({n for n in listed if type(n) is int and 1 <= n <= count})
    if not numbers or worth not in (1, 2, 3):
        return None
    return Draft(" ".join(headline.split()).rstrip("."), " ".join(text.split()), tuple(numbers), worth)
