"""One letter to the user's own mail server (SMTP, RFC 5321), encrypted unless the user's network is the way.

The server is the one that the user named; a password goes to it over TLS alone, and the letter goes whole or
not at all. Nothing of the letter or of the password stands in a message or in the list of requests.
"""

import base64
import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from earmark.errors import KnownError
from earmark.net.address import is_public
from earmark.net.door import UNPROVEN, Door, Talk
from earmark.settings import Protection

PORTS: dict[Protection, int] = {"tls": 465, "starttls": 587, "none": 25}
"""tls: encrypted from the first byte (RFC 8314); starttls: before anything of the letter is said."""
CONNECT_S = 20.0
LETTER_S = 90.0
MOST_LINES = 64
MOST_BYTES = 64_000
"""Of one answer. Real ones have a dozen lines; a server may say lines without end until memory is gone."""
_AGAIN = "Set it again with: earmark mail setup"
_PLACE = "Are its name and the port right? Set them with: earmark mail setup"
_OWN_NAME = "[127.0.0.1]"
"""How we greet: RFC 5321 allows an address, and this computer's name is nobody's business."""


class MaybeSent(KnownError):  # noqa: N818  (a state of the world)
    """The server broke off while it took the letter: nobody can know whether it has it."""


class _BrokeOff(smtplib.SMTPServerDisconnected):
    """The connection ended after the letter had begun to go."""


class _Answer:
    """What a server says, of which one answer has no more than it may."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.close = file.close
        self.begin()

    def begin(self) -> None:
        """Now a new answer begins."""
        self._lines, self._bytes = MOST_LINES, MOST_BYTES

    def readline(self, size: int) -> bytes:
        """The next line; raises OSError when this answer has had its share."""
        line = self._file.readline(min(size, self._bytes))
        self._lines -= 1
        self._bytes -= len(line)
        if self._lines < 0 or self._bytes <= 0:
            raise OSError("an answer without end")
        return line


class _Bounded(smtplib.SMTP):
    """smtplib reads an answer to its end, however long it is; this one hangs up instead."""

    def getreply(self) -> tuple[int, bytes]:
        """As in smtplib, which reads `self.file`."""
        if self.file is None:
            assert self.sock is not None
            self.file = _Answer(self.sock.makefile("rb"))
        self.file.begin()
        return super().getreply()

    def data(self, msg: Any) -> tuple[int, bytes]:
        """As in smtplib; an end of the connection from here on is told apart."""
        try:
            return super().data(msg)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if isinstance(error, smtplib.SMTPResponseException):
                raise
            raise _BrokeOff(str(error)) from error


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The user's server. Without `user` it is not logged in."""

    host: str
    port: int
    protection: Protection = "tls"
    user: str | None = None


def send_mail(
    door: Door,
    server: MailServer,
    letter: bytes,
    *,
    sender: str,
    to: str,
    password: str | None = None,
    why: str = "mail the brief",
    deadline_s: float = LETTER_S,
) -> None:
    """Hand a letter to the server. `sender` and `to` are plain ASCII addresses.

    Raises KnownError in the user's words for every fault: offline, away, unproven, login refused, letter
    refused, too slow. Then nothing was delivered; only after a `MaybeSent` it may have been.
    """
    if server.protection == "none":
        _check_open_way(server, password)
    with door.talk(server.host, why) as talk, _plain_faults(server.host, talk):
        with _connected(server, talk, deadline_s) as smtp:
            if server.user:
                _log_in(smtp, server.user, password or "")
            refused = smtp.sendmail(sender, [to], letter)
            talk.status, talk.size_bytes = 250, len(letter)
        assert not refused  # smtplib raises when the only recipient is refused


def _check_open_way(server: MailServer, password: str | None) -> None:
    """Without encryption only within the user's own network, and never with a password."""
    if server.user or password:
        raise KnownError("A password goes only over an encrypted way. Use --starttls, or no --user.")
    if any(map(is_public, _addresses(server.host))):
        raise KnownError(
            f"{server.host} is not in your own network, so mail goes there only encrypted: "
            "leave out --no-encryption, or use --starttls."
        )


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise KnownError(f"There is no computer called {host}. Is the address right?") from error
    return [str(entry[4][0]) for entry in found]


@contextmanager
def _connected(server: MailServer, talk: Talk, deadline_s: float) -> Iterator[smtplib.SMTP]:
    """A greeted, protected connection that ends at the deadline whatever trickles in until then."""
    if server.protection == "tls":
        smtp: smtplib.SMTP = _BoundedTls(local_hostname=_OWN_NAME, timeout=CONNECT_S, context=talk.tls)
    else:
        smtp = _Bounded(local_hostname=_OWN_NAME, timeout=CONNECT_S)
    # The name that a certificate must have; smtplib learns it only where it connects in its constructor,
    # which would be before the deadline runs.
    smtp._host = server.host  # type: ignore[attr-defined]
    late = threading.Event()
    end = threading.Timer(deadline_s, _hang_up, (smtp, late))
    end.daemon = True
    end.start()
    try:
        code, _greeting = smtp.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, b"")
        smtp.ehlo_or_helo_if_needed()
        if server.protection == "starttls":
            smtp.starttls(context=talk.tls)
            smtp.ehlo()
        yield smtp
        with contextlib.suppress(smtplib.SMTPException, OSError):
            smtp.quit()  # the letter is taken by now, whatever comes
    except (smtplib.SMTPException, OSError) as error:
        if late.is_set() and not isinstance(error, _BrokeOff):
            raise TimeoutError from error
        raise
    finally:
        end.cancel()
        smtp.close()


def _log_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """Log in; what is not ASCII, which smtplib cannot say, goes as RFC 4616 asks: in UTF-8."""
    if user.isascii() and password.isascii():
        smtp.login(user, password)
        return
    if "PLAIN" not in str(smtp.esmtp_features.get("auth", "")).upper().split():
        raise smtplib.SMTPNotSupportedError
    secret = base64.b64encode(f"\0{user}\0{password}".encode("utf-8", "replace")).decode("ascii")
    code, _answer = smtp.docmd("AUTH", f"PLAIN {secret}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, b"")


def _hang_up(smtp: smtplib.SMTP, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError):
        if smtp.sock is not None:
            smtp.sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def _plain_faults(host: str, talk: Talk) -> Iterator[None]:
    """Every fault of a mail server in the user's words. Its own words may hold names, so they stay out."""
    try:
        yield
    except ssl.SSLError as error:
        raise KnownError(_tls_fault(host, error)) from error
    except smtplib.SMTPAuthenticationError as error:
        talk.status = error.smtp_code
        raise KnownError(f"{host} does not accept the name or the password. {_AGAIN}") from None
    except smtplib.SMTPNotSupportedError as error:
        raise KnownError(
            f"{host} does not offer what is set: encryption, or a login. Nothing was sent."
        ) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused) as error:
        talk.status = _code_of(error)
        raise KnownError(f"{host} does not take mail from or for these addresses.") from None
    except smtplib.SMTPResponseException as error:
        if not 200 <= error.smtp_code < 600:
            raise KnownError(f"{host} does not answer as a mail server does. {_PLACE}") from None
        talk.status = error.smtp_code
        raise KnownError(f"{host} did not take the letter (answer {error.smtp_code}).") from None
    except _BrokeOff as error:
        raise MaybeSent(
            f"{host} broke off or did not answer in time. Look whether the letter came before you try again."
        ) from error
    except (smtplib.SMTPException, TimeoutError) as error:
        raise KnownError(f"{host} broke off or did not answer in time. Nothing was sent.") from error
    except OSError as error:
        raise KnownError(f"{host} cannot be reached. Is this computer online?") from error


def _tls_fault(host: str, error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{host} {UNPROVEN.replace('taken from', 'sent to')}"
    return f"{host} does not speak TLS at this port. Is it --starttls?"


def _code_of(error: smtplib.SMTPSenderRefused | smtplib.SMTPRecipientsRefused) -> int | None:
    if isinstance(error, smtplib.SMTPSenderRefused):
        return error.smtp_code
    return next((code for code, _ in error.recipients.values()), None)
