"""A letter goes to the user's own server, encrypted, whole or not at all, and every fault is said plainly."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from letter_box import LetterBox, start

from earmark.errors import KnownError
from earmark.net import Door, MailServer, send_mail

LETTER = b"From: ann@example.org\r\nTo: bo@example.org\r\nSubject: Five\r\n\r\nHello.\r\n.dot\r\n"
Box = Callable[..., LetterBox]
Send = Callable[..., None]


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The same, and this process trusts it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    return certificate


@pytest.fixture
def box() -> Iterator[Box]:
    """Starts servers, and stops them at the end."""
    stops = []

    def made(ssl_files: tuple[Path, Path] | None = None, **how: Any) -> LetterBox:
        server, stop = start(ssl_files, **how)
        stops.append(stop)
        return server

    yield made
    for stop in stops:
        stop()


@pytest.fixture
def send(noted: Any) -> Send:
    """Sends LETTER to a box."""

    def sent(server: LetterBox | int, protection: Any = "none", **more: Any) -> None:
        port = server if isinstance(server, int) else server.port
        user, offline = more.pop("user", None), more.pop("offline", False)
        place = MailServer(more.pop("host", "127.0.0.1"), port, protection, user)
        door = Door(user_agent="t", log=noted, offline=lambda: offline)
        send_mail(door, place, LETTER, sender="ann@example.org", to="bo@example.org", **more)

    return sent


@pytest.mark.parametrize("protection", ["tls", "starttls"])
def test_a_letter_goes_encrypted_and_logged_in_and_is_noted(
    protection: str, box: Box, send: Send, trusted: tuple[Path, Path], noted: Any
) -> None:
    server = box(trusted, tls=protection == "tls", offers_starttls=True, password="s3cret")
    send(server, protection, user="ann", password="s3cret")
    ((sender, recipients, letter),) = server.letters
    assert letter == LETTER
    assert sender.startswith("MAIL FROM:<ann@example.org>")
    assert recipients == ["RCPT TO:<bo@example.org>"]
    assert noted.lines == [("127.0.0.1", "mail the brief", 250, len(LETTER))]
    assert socket.gethostname() not in " ".join(server.said)
    assert server.said[0] == "EHLO [127.0.0.1]"
    before_tls = server.said[: server.said.index("STARTTLS")] if protection == "starttls" else []
    assert not [line for line in before_tls if line.startswith(("AUTH", "MAIL"))]


def test_a_password_in_any_letters_is_taken(box: Box, send: Send, trusted: tuple[Path, Path]) -> None:
    server = box(trusted, tls=True, password="pässwörd-日本")
    send(server, "tls", user="änn", password="pässwörd-日本")
    assert len(server.letters) == 1
    with pytest.raises(KnownError, match="does not accept the name or the password") as fault:
        send(server, "tls", user="änn", password="pässwörd")
    assert "ssw" not in repr(fault.value).replace("the password", "")


def test_in_the_users_own_network_it_may_go_open_but_never_with_a_password(box: Box, send: Send) -> None:
    server = box(password="s3cret")
    send(server)
    assert len(server.letters) == 1
    with pytest.raises(KnownError, match="only over an encrypted way"):
        send(server, user="ann", password="s3cret")
    assert len(server.letters) == 1


def test_outside_the_users_own_network_it_never_goes_open(
    send: Send, noted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 25))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(KnownError, match="not in your own network"):
        send(25, host="mail.example.org")
    assert noted.lines == []


def test_offline_nothing_is_sent_or_asked(box: Box, send: Send, noted: Any) -> None:
    server = box()
    with pytest.raises(KnownError, match="stay offline"):
        send(server, offline=True)
    assert (server.said, noted.lines) == ([], [])


def test_a_server_that_nobody_vouches_for_gets_nothing(
    box: Box, send: Send, certificate: tuple[Path, Path], noted: Any
) -> None:
    for protection in ("tls", "starttls"):
        server = box(certificate, tls=protection == "tls", offers_starttls=True, password="s3cret")
        with pytest.raises(KnownError, match="could not prove who it is, so nothing was sent to it"):
            send(server, protection, user="ann", password="s3cret")
        assert server.letters == []
        assert not [line for line in server.said if line.startswith(("AUTH", "MAIL"))]
    assert [line[2] for line in noted.lines] == [None, None]


def test_a_certificate_is_good_for_its_own_name_only(
    box: Box, send: Send, trusted: tuple[Path, Path]
) -> None:
    server = box(trusted, tls=True)
    with pytest.raises(KnownError, match="could not prove who it is"):
        send(server, "tls", host="localhost")
    assert server.letters == []


def test_a_server_that_does_not_offer_what_is_set_gets_nothing(
    box: Box, send: Send, trusted: tuple[Path, Path]
) -> None:
    plain = box(password="s3cret")
    with pytest.raises(KnownError, match="does not offer what is set"):
        send(plain, "starttls", user="ann", password="s3cret")
    with pytest.raises(KnownError, match="does not speak TLS at this port"):
        send(plain, "tls")
    without_login = box(trusted, tls=True)
    with pytest.raises(KnownError, match="does not offer what is set"):
        send(without_login, "tls", user="ann", password="s3cret")
    assert (plain.letters, without_login.letters) == ([], [])
    assert not [line for line in plain.said if line.startswith("AUTH")]


def test_a_refused_login_is_said_without_the_password_or_the_servers_words(
    box: Box, send: Send, trusted: tuple[Path, Path], noted: Any
) -> None:
    server = box(trusted, tls=True, password="other")
    with pytest.raises(KnownError, match="does not accept the name or the password") as fault:
        send(server, "tls", user="ann", password="s3cret")
    assert "s3cret" not in repr(fault.value)
    assert "not you" not in repr(fault.value)
    assert fault.value.__cause__ is None
    assert [line[2] for line in noted.lines] == [535]
    assert server.letters == []


@pytest.mark.parametrize(
    ("refused", "says", "status"),
    [("MAIL", "does not take mail", 550), ("RCPT", "does not take mail", 550), ("DATA", "answer 550", 550)],
)
def test_a_refused_letter_is_said_with_the_servers_answer(
    refused: str, says: str, status: int, box: Box, send: Send, noted: Any
) -> None:
    server = box(refuses=refused)
    with pytest.raises(KnownError, match=says) as fault:
        send(server)
    assert "ann@" not in str(fault.value)
    assert [line[2] for line in noted.lines] == [status]


@pytest.mark.parametrize("when", ["greeting", "EHLO", "MAIL", "DATA"])
def test_a_server_that_goes_away_is_a_known_fault(when: str, box: Box, send: Send) -> None:
    server = box(goes_at=when)
    with pytest.raises(KnownError, match=r"broke off|cannot be reached"):
        send(server)
    assert server.letters == []


def test_a_server_that_goes_away_after_it_took_the_letter_is_no_fault(box: Box, send: Send) -> None:
    server = box(goes_at="QUIT")
    send(server)
    assert len(server.letters) == 1


def test_nobody_there_is_a_known_fault(send: Send, noted: Any) -> None:
    with pytest.raises(KnownError, match="cannot be reached"):
        send(1)
    assert [line[2] for line in noted.lines] == [None]


def test_a_server_that_trickles_is_left_at_the_deadline(box: Box, send: Send) -> None:
    server = box(trickles=True)
    with pytest.raises(KnownError, match="broke off or did not answer in time"):
        send(server, deadline_s=0.3)


@pytest.mark.parametrize("flood_bytes", [30, 4000])
@pytest.mark.parametrize("command", ["EHLO", "MAIL"])
def test_a_server_that_answers_without_end_is_left_after_a_few_lines(
    command: str, flood_bytes: int, box: Box, send: Send
) -> None:
    server = box(floods=command, flood_bytes=flood_bytes)
    with pytest.raises(KnownError, match="broke off or did not answer in time"):
        send(server)
    assert server.flooded_bytes < 16_000_000
    assert server.letters == []


@pytest.mark.parametrize("greets", ["HTTP/1.1 400 Bad Request", "hello"])
def test_a_server_for_something_else_is_said_to_be_none_for_mail(greets: str, box: Box, send: Send) -> None:
    with pytest.raises(KnownError, match="does not answer as a mail server does") as fault:
        send(box(greets=greets))
    assert "-1" not in str(fault.value)
