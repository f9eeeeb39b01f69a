"""What the user is told of a recording that could not be heard whole."""

from dataclasses import dataclass

_WHOLE_ENOUGH = 0.97
_SLACK_MS = 500
_AT_ONCE_MS = 1000


@dataclass(slots=True)
class Tally:
    """What went by while decoding. `bad`: packets that could not be decoded; `holes`: how often sound went on
    after such; `broke_off`: reading ended in a fault; `at_limit`: more sound would have followed."""

    done_ms: int = 0
    bad: int = 0
    holes: int = 0
    broke_off: bool = False
    at_limit: bool = False


def warning(tally: Tally, claimed_ms: int | None) -> str | None:
    """One sentence for the user, None when nothing is missing. `claimed_ms`: what the file says of its own
    length, None where that is a guess.

    >>> warning(Tally(done_ms=720_000), 3_480_000)
    'The recording broke off after 12 of about 58 min; only what came before is heard.'
    >>> warning(Tally(done_ms=3_300_000, bad=400, holes=2), 3_480_000)
    'About 3 min of the recording are damaged and cannot be heard.'
    """
    done = tally.done_ms
    if tally.at_limit:
        return f"The recording is very long: only its first {_length(done)} are heard."
    if claimed_ms is not None and done < claimed_ms * _WHOLE_ENOUGH - _SLACK_MS:
        if tally.holes and not tally.broke_off:
            return f"About {_length(claimed_ms - done)} of the recording are damaged and cannot be heard."
        return _broke_off(done, claimed_ms)
    if tally.broke_off:
        return f"The recording is damaged after {_length(done)}; only what came before is heard."
    return None


def _broke_off(done_ms: int, claimed_ms: int) -> str:
    if done_ms < _AT_ONCE_MS:
        return f"The recording broke off almost at once; it should last about {_length(claimed_ms)}."
    done, whole = _length(done_ms), _length(claimed_ms)
    if done.split()[1] == whole.split()[1]:
        done = done.split()[0]
    return f"The recording broke off after {done} of about {whole}; only what came before is heard."


def _length(ms: int) -> str:
    """A length in the unit that suits it."""
    if ms < 120_000:
        return f"{ms / 1000:.0f} s"
    if ms < 4 * 3_600_000:
        return f"{ms / 60_000:.0f} min"
    return f"{ms / 3_600_000:.0f} hours"
