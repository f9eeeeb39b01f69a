"""How a language model is spoken to: the chat template of its family (resources/prompts)."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from earmark.paths import resource


@dataclass(frozen=True, slots=True)
class Template:
    """What stands before the system text, between it and the user's words, and after those.

    `sign` is a control token that marks the family; empty for the last resort.
    """

    name: str
    sign: str
    begin: str
    middle: str
    end: str


@lru_cache
def templates() -> tuple[Template, ...]:
    """All families, in the order in which they are tried."""
    with resource("prompts/templates.toml").open("rb") as file:
        return tuple(Template(**family) for family in tomllib.load(file)["family"])


def template_for(marker_tokens: Callable[[str], int]) -> Template:
    """The family of a model, by its vocabulary: `marker_tokens` says how many tokens a control text takes."""
    return next(family for family in templates() if not family.sign or marker_tokens(family.sign) == 1)
