"""The line under a brief's date: what it was chosen from."""

from collections.abc import Sequence
from dataclasses import dataclass

from earmark.counting import count_of


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the brief was chosen from: `read` of `new` episodes have insights, `waiting` have not yet.

    `foreign` episodes are in a language that the insights do not know. Of the cards that a model wrote,
    `rewritten` held at the second try, `quoted` gave way to the speaker's words, `dropped` held in no form.
    `held_back` insights have what the user muted. `broke_off`: (heard_ms, claimed_ms) of each recording that
    ended far before its feed says. `shows` and `episodes`: how many the library has at all.
    """

    insights: int
    read: int
    new: int
    waiting: int = 0
    waiting_ms: int | None = None
    failed: int = 0
    adverts: int = 0
    foreign: int = 0
    rewritten: int = 0
    quoted: int = 0
    dropped: int = 0
    held_back: int = 0
    broke_off: tuple[tuple[int, int], ...] = ()
    shows: int = 1
    episodes: int = 1


def coverage_line(shown: int, facts: Coverage) -> str:
    """What the brief rests on, in plain words.

    >>> coverage_line(5, Coverage(41, 7, 9, waiting=2, waiting_ms=2_280_000, adverts=3))
    '5 of 41 insights, from 7 of 9 new episodes. 2 still to be read, about 38 minutes. 3 adverts left out.'
    >>> coverage_line(1, Coverage(1, 1, 1, rewritten=2, dropped=1))
    '1 of 1 insight, from 1 of 1 new episode. Did not hold to what was said: 2 written again, 1 dropped.'
    >>> coverage_line(0, Coverage(0, 1, 1, broke_off=((720_000, 3_480_000),)))
    'No insights yet, from 1 of 1 new episode. A recording broke off after 12 of about 58 min.'
    """
    parts = [_source(shown, facts)]
    if facts.waiting:
        minutes = round((facts.waiting_ms or 0) / 60_000)
        left = f", about {count_of(minutes, 'minute')}" if minutes else ""
        parts.append(f"{facts.waiting} still to be read{left}.")
    if facts.failed:
        parts.append(f"{facts.failed} could not be read.")
    parts += _broken(facts.broke_off)
    if facts.foreign:
        parts.append(f"{facts.foreign} not in English, which is all that insights know so far.")
    if facts.adverts:
        parts.append(f"{count_of(facts.adverts, 'advert')} left out.")
    if facts.held_back:
        parts.append(f"{facts.held_back} held back by what you muted.")
    outcomes = (
        (facts.rewritten, "written again"),
        (facts.quoted, "quoted instead"),
        (facts.dropped, "dropped"),
    )
    if any(count for count, _ in outcomes):
        told = ", ".join(f"{count} {outcome}" for count, outcome in outcomes if count)
        parts.append(f"Did not hold to what was said: {told}.")
    return " ".join(parts)


def _source(shown: int, facts: Coverage) -> str:
    """What was shown of what came, honest also where one of the two is nothing."""
    new = f"from {facts.read} of {count_of(facts.new, 'new episode')}"
    if facts.insights and not shown:
        return f"Nothing new to you in {count_of(facts.insights, 'insight')}, {new}."
    if shown > facts.insights > 0:
        return f"{count_of(shown, 'insight')}, {new} and from earlier ones."
    if facts.insights:
        return f"{shown} of {count_of(facts.insights, 'insight')}, {new}."
    if shown:
        came = "the new ones gave none" if facts.new else "no new one came"
        return f"{count_of(shown, 'insight')} of earlier episodes; {came}."
    return f"No insights yet, {new}." if facts.new else _nothing_came(facts)


def _nothing_came(facts: Coverage) -> str:
    """Why there is nothing at all, and what to do where nothing ever came."""
    if not facts.shows:
        return (
            "There is no show in your library yet. Add one with: earmark add ADDRESS. "
            "Or see how it works with: earmark demo"
        )
    if not facts.episodes:
        return "No episode has come yet. Ask your shows for theirs with: earmark refresh"
    return "Nothing new: no episode came since the last brief."


def _broken(broke_off: Sequence[tuple[int, int]]) -> list[str]:
    if len(broke_off) > 1:
        return [f"{len(broke_off)} recordings broke off far before their end."]
    return [
        f"A recording broke off after {heard_ms // 60_000} of about {claimed_ms // 60_000} min."
        for heard_ms, claimed_ms in broke_off
    ]
