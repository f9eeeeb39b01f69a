"""The same thing said twice in one episode is one insight."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from earmark.insights.candidates import Embed

SAME = 0.8
"""Cosine of two quotations of one episode from which they say the same; neighbours on a topic have
0.3-0.6."""


class HasText(Protocol):
    """Something that says something."""

    @property
    def text(self) -> str:
        """What it says."""


Chosen = TypeVar("Chosen", bound=HasText)


def distinct(choices: Sequence[Chosen], embed: Embed) -> list[Chosen]:
    """`choices` in their order, without those that repeat an earlier one."""
    if not choices:
        return []
    vectors = embed([choice.text for choice in choices])
    kept: list[int] = []
    for i in range(len(choices)):
        if all(float(vectors[i] @ vectors[k]) < SAME for k in kept):
            kept.append(i)
    return [choices[i] for i in kept]
