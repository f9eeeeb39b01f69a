"""How one insight bears on another, as a language model that may write tells it.

It is asked twice, with the two in either order, and believed only when both answers say the same: a model
that guesses leans to a place, not to a claim.
"""

import json
from functools import cache
from typing import Any, cast

from earmark.insights.model import LanguageModel
from earmark.insights.verify import name_problems, number_problems, praise_problems
from earmark.paths import resource
from earmark.records import MIRRORED, Insight, Kind, Verdict

VERSION = "kind-1"
"""Changed whenever the prompt or what is done with its answer changes; pairs are then told of anew."""
MAX_TOKENS = 128
LONGEST_WHY = 160


def told(model: LanguageModel, one: Insight, other: Insight) -> Verdict:
    """What the model says of a pair, in the order of their ids; its kind is None when it cannot be believed.

    Raises KnownError and Cancelled, as the model does.
    """
    one, other = sorted((one, other), key=lambda insight: insight.id)
    there = _asked(model, one.text, other.text)
    back = _asked(model, other.text, one.text) if there else None
    if there is None or back is None or MIRRORED[back[0]] != there[0]:
        return Verdict(one.id, other.id, None)
    return Verdict(one.id, other.id, there[0], _honest(there[1], f"{one.text} {other.text}"))


@cache
def system_prompt() -> str:
    """What is asked of the model; the same for every pair, so that its evaluated state can be kept."""
    return (resource("prompts") / "kind-system.txt").read_text("utf-8").strip()


def _asked(model: LanguageModel, first: str, second: str) -> tuple[Kind, str] | None:
    prompt = f"A: {' '.join(first.split())}\nB: {' '.join(second.split())}"
    try:
        value: Any = json.loads(model.write(system_prompt(), prompt, "kind", MAX_TOKENS))
    except ValueError:
        return None
    kind, why = (value.get("kind"), value.get("why")) if isinstance(value, dict) else (None, None)
    if kind not in MIRRORED or not isinstance(why, str):
        return None
    return cast(Kind, kind), " ".join(why.split())


def _honest(why: str, claims: str) -> str:
    """The line as it may be shown: nothing when it holds a number, name or praise that the claims do not,
    or was cut off."""
    problems = [
        *number_problems(why, claims),
        *name_problems("", why, claims),
        *praise_problems(why, claims),
    ]
    return "" if problems or len(why) >= LONGEST_WHY else why
