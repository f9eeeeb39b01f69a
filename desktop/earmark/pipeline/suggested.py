"""Shows that may be added at the first start: plain data that comes with the program."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from earmark.paths import resource


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A show. `feed` is its address, `source` the page that names it."""

    title: str
    by: str
    about: str
    language: str
    feed: str
    source: str

    @property
    def host(self) -> str:
        """Who is asked when it is added."""
        return urlsplit(self.feed).hostname or ""


@lru_cache
def suggestions() -> tuple[tuple[Suggestion, ...], str]:
    """All of them, and the day on which their addresses were noted."""
    with resource("suggestions.toml").open("rb") as file:
        found = tomllib.load(file)
    return tuple(Suggestion(**show) for show in found["show"]), found["noted"]
