"""Services that count who downloads, where a network blocks them: said, with the way around."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from earmark.errors import KnownError
from earmark.feeds import counter, direct
from earmark.net import Door


@contextmanager
def naming_blocked_counters(door: Door, address: str) -> Iterator[None]:
    """Where an address cannot be asked since a counting service in front of it is blocked, say so.

    Many home networks block them (Pi-hole; AntennaPod#5591). Other faults stay as they are.
    """
    try:
        yield
    except KnownError as error:
        blocked = _blocked(door, address)
        if blocked is None:
            raise
        host, own = blocked
        raise KnownError(
            f"{host}, which only counts who listens, is blocked in this network. The recording itself lies "
            f"at {own}. To go there directly: earmark library keep --direct"
        ) from error


def _blocked(door: Door, address: str) -> tuple[str, str] | None:
    """The counting service's host, if that leads nowhere, and the recording's own, if that does."""
    own = direct(address)
    if counter(address) is None or door.knows(address) or not door.knows(own):
        return None
    return urlsplit(address).hostname or "", urlsplit(own).hostname or ""
