"""The brief by mail, through the user's own server. Off until the user sets it up."""

import re
from dataclasses import dataclass, field

from earmark.clock import Clock
from earmark.errors import KnownError
from earmark.export import as_letter
from earmark.library import Reader
from earmark.net import PORTS, Door, MailServer, send_mail
from earmark.passwords import stored_password
from earmark.pipeline.out.choose import Wish, chosen
from earmark.settings import Protection, Settings

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}")


@dataclass(frozen=True, slots=True)
class Letter:
    """A brief that is ready to go. `day` is its date."""

    day: str
    to: str
    sender: str
    server: MailServer
    words: bytes = field(repr=False)
    password: str | None = field(repr=False)


def mail_brief(reader: Reader, door: Door, settings: Settings, date: str | None, clock: Clock) -> str:
    """Send the brief of a date (None: the newest); gives that date.

    Raises KnownError when mail is off, a password is missing, there is no such brief, or sending failed.
    """
    letter = ready_letter(reader, settings, date, clock)
    send_letter(door, letter)
    return letter.day


def send_letter(door: Door, letter: Letter) -> None:
    """Hand it to the server, which may take a minute. Raises KnownError, `MaybeSent` among them."""
    send_mail(door, letter.server, letter.words, sender=letter.sender, to=letter.to, password=letter.password)


def ready_letter(reader: Reader, settings: Settings, date: str | None, clock: Clock) -> Letter:
    """The brief of a date (None: the newest) as a letter. Raises KnownError as `mail_brief` does."""
    server = mail_server(settings)
    if server is None or not settings.mail_from or not settings.mail_to:
        raise KnownError("Mail is off. Set it up with: earmark mail setup")
    if settings.proxy:
        raise KnownError("Everything is to go through your proxy, and mail cannot. Nothing was sent.")
    selection = chosen(reader, Wish(brief=date), clock)
    password = stored_password(mail_account(server)) if server.user else None
    if server.user and password is None:
        raise KnownError("The password of your mail server is not known. Give it with: earmark mail setup")
    sender, to = check_address(settings.mail_from), check_address(settings.mail_to)
    words = as_letter(selection, sender=sender, to=to, clock=clock)
    return Letter(selection.days[0].day or "", to, sender, server, words, password)


def mail_server(settings: Settings) -> MailServer | None:
    """The server of the settings, None while mail is off. Raises KnownError for what is no server."""
    if settings.mail_server is None:
        return None
    host, port = _place(settings.mail_server, settings.mail_protection)
    return MailServer(host, port, settings.mail_protection, settings.mail_user)


def mail_account(server: MailServer) -> str:
    """Under which name the system keeps the password: a changed server gets no old password."""
    return f"{server.user}@{server.host}"


def check_address(text: str) -> str:
    """A plain mail address. Raises KnownError for anything else, such as one with a line break in it."""
    address = text.strip()
    if not _ADDRESS.fullmatch(address):
        raise KnownError(f"“{address[:80]}” is not a mail address. Write it like ann@example.org.")
    return address


def _place(text: str, protection: Protection) -> tuple[str, int]:
    host, _, port = text.strip().partition(":")
    number = int(port) if port.isdecimal() and len(port) <= 5 else 0 if port else PORTS[protection]
    if not _HOST.fullmatch(host) or not 0 < number < 65536:
        raise KnownError(f"“{text[:80]}” is not a mail server. Write it like smtp.example.org:465.")
    return host.lower(), number
