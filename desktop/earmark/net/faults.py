"""Faults of the network that whoever asks many must tell apart; each still is a text for the user."""

from urllib.parse import urlsplit

from earmark.errors import KnownError


class NoAnswer(KnownError):  # noqa: N818  (says what happened)
    """Nobody answered: no such host, no way there, or silence. Where all do that, there is no network."""


class BrokeOff(KnownError):  # noqa: N818  (says what happened)
    """A connection that ended before its answer did, or brought what makes no sense."""


class Unproven(KnownError):  # noqa: N818  (says what happened)
    """A server whose certificate nobody vouches for."""


class Refusal(KnownError):  # noqa: N818  (says what happened)
    """An answer that is none: its `status`, and what its Retry-After header said, None without one."""

    def __init__(self, url: str, status: int, retry_after: str | None = None) -> None:
        super().__init__(refusal(url, status))
        self.status = status
        self.retry_after = retry_after


def refusal(url: str, status: int) -> str:
    """What a status other than success means to the user."""
    host = urlsplit(url).hostname
    if status == 401:
        return (
            f"{host} wants a name and password, or others than it was given (answer 401). Give them with: "
            "earmark add ADDRESS --user NAME"
        )
    if status == 403:
        return f"{host} does not let Earmark in (answer {status})."
    if status in (404, 410):
        return f"There is nothing at this address of {host} any more (answer {status})."
    if status in (429, 503):
        return f"{host} asks to be left in peace for a while (answer {status})."
    if status >= 500:
        return f"{host} has trouble of its own (answer {status}). Earmark will try again later."
    return f"{host} gave an unusable answer ({status})."
