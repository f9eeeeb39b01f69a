"""Text and sound leave only for the server that the user named, and whatever it does is borne."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from own_server import (
    CHAT,
    Own,
    breaks_off,
    hangs,
    leads_to,
    own_server,
    refuses,
    says,
    sends,
    sends_100_mb,
)

from earmark.errors import Cancelled, KnownError
from earmark.net import Door, Refused, Reply, ServerAway, ask_own_server, form_body, json_body
from earmark.net.own_server import authorization

SECRET = "what was said in the kitchen"


@pytest.fixture
def own() -> Iterator[Own]:
    with own_server(chat=says({"fine": True})) as server:
        yield server


@pytest.fixture
def open_door(own: Own, noted: Any) -> Door:
    """A door that may send to `own`."""
    door = Door(user_agent="Earmark/test", log=noted)
    door.send_to(own.address)
    return door


def send(door: Door, own: Own, address: str = "", **changes: Any) -> Reply:
    """Post the secret to the server."""
    fields: dict[str, Any] = {
        "why": "test",
        "max_bytes": 1000,
        "deadline_s": 5,
        "body": json_body({"said": SECRET}),
    }
    return ask_own_server(door, (address or own.address) + CHAT, **{**fields, **changes})


def test_what_is_sent_arrives_whole_and_stands_in_the_list_of_requests(
    open_door: Door, own: Own, noted: Any
) -> None:
    reply = send(open_door, own)
    assert (reply.status, reply.body) == (200, b'{"fine": true}')
    (asked,) = own.asked
    assert (asked.method, asked.json) == ("POST", {"said": SECRET})
    assert asked.headers["content-type"] == "application/json"
    assert noted.lines == [("127.0.0.1", "test, 0.0 kB sent", 200, 14)]
    send(open_door, own, body=json_body({"said": "x" * 999_990}))
    assert noted.lines[-1][1] == "test, 1.0 MB sent"


def test_a_form_carries_its_fields_and_a_file_byte_for_byte(open_door: Door, own: Own) -> None:
    sound = bytes(range(256)) * 700 + b"\r\n--"
    fields = {"model": "größer", "language": "de"}
    send(open_door, own, body=form_body(fields, file_name="window.wav", mime="audio/wav", content=sound))
    found = own.asked[0].fields
    assert found == {"model": "größer".encode(), "language": b"de", "file": sound}


def test_nothing_is_sent_to_an_address_that_is_not_the_user_s_own_server(own: Own, noted: Any) -> None:
    door = Door(user_agent="t", log=noted)
    door.allow(own.address)  # the address of a feed that the user typed
    with pytest.raises(Refused, match=r"sends nothing to 127\.0\.0\.1"):
        send(door, own)
    assert not own.asked


def test_what_a_feed_names_is_not_fetched_from_the_user_s_own_server(open_door: Door, own: Own) -> None:
    with pytest.raises(Refused, match="inside your own network"):
        open_door.get(own.address + "/slots", why="fetch chapters")
    assert not own.asked


def test_another_port_of_the_same_host_is_another_server(open_door: Door, own: Own) -> None:
    with own_server() as other:
        with pytest.raises(Refused):
            send(open_door, other)
        assert not other.asked


@pytest.mark.parametrize("status", ["301 A", "302 B", "303 C", "307 D", "308 E"])
def test_a_redirect_is_refused_and_nothing_goes_where_it_leads(
    open_door: Door, own: Own, status: str
) -> None:
    with own_server(chat=says({})) as other:
        open_door.send_to(other.address)  # even a server that might be sent to
        own.behaviours[CHAT] = leads_to(other.address + CHAT, status)
        with pytest.raises(KnownError, match="sends on to another address"):
            send(open_door, own)
        with pytest.raises(KnownError, match="sends on to another address"):
            send(open_door, own, body=None)
        assert not other.asked


def test_offline_means_that_nothing_is_sent(own: Own, noted: Any) -> None:
    door = Door(user_agent="t", log=noted, offline=lambda: True)
    door.send_to(own.address)
    with pytest.raises(KnownError, match="offline"):
        send(door, own)
    assert not own.asked


def test_an_answer_beyond_the_bound_is_not_taken(open_door: Door, own: Own, noted: Any) -> None:
    own.behaviours[CHAT] = sends_100_mb
    with pytest.raises(KnownError, match="sent more than 4 MB"):
        send(open_door, own, max_bytes=4 * 2**20)
    assert noted.lines[-1][3] < 5 * 2**20


def test_a_server_that_breaks_off_or_is_gone_is_away(open_door: Door, own: Own, noted: Any) -> None:
    own.behaviours[CHAT] = breaks_off
    with pytest.raises(ServerAway, match="broke off"):
        send(open_door, own)
    with own_server() as gone:
        open_door.send_to(gone.address)
    with pytest.raises(ServerAway, match="cannot be reached"):
        send(open_door, gone)
    assert noted.lines[-1][1:] == ("test, nothing sent", None, 0)


def test_a_server_that_never_answers_is_left_at_the_deadline(
    own: Own, hasty_door: Callable[[float], Door]
) -> None:
    door = hasty_door(1.0)
    door.send_to(own.address)
    own.behaviours[CHAT] = hangs
    with pytest.raises(ServerAway, match="did not answer in time"):
        send(door, own, deadline_s=30)


def test_a_wish_to_stop_closes_the_connection(open_door: Door, own: Own) -> None:
    own.behaviours[CHAT] = hangs
    with pytest.raises(Cancelled):
        send(open_door, own, deadline_s=600, cancelled=lambda: bool(own.asked))
    assert own.hung_up.wait(10)


def test_a_wish_to_stop_is_heard_between_two_pieces_of_what_is_sent(
    open_door: Door, own: Own, noted: Any
) -> None:
    looks = iter(range(100))
    body = json_body({"sound": "x" * 2**20})
    with pytest.raises(Cancelled):
        send(open_door, own, body=body, cancelled=lambda: next(looks) > 6)
    sent = noted.lines[-1][1]
    assert sent.endswith(" sent")
    assert "1.0 MB" not in sent


def test_any_status_comes_back_with_what_the_server_says(open_door: Door, own: Own) -> None:
    own.behaviours[CHAT] = refuses("401 Unauthorized", "who are you")
    assert send(open_door, own).status == 401
    own.behaviours[CHAT] = sends(b"<html>Sign in</html>", "text/html")
    assert send(open_door, own).mime == "text/html"


def test_a_password_or_a_key_goes_as_a_header_and_is_never_told(
    open_door: Door, own: Own, noted: Any
) -> None:
    send(open_door, own, f"http://sesame@127.0.0.1:{own.port}")
    send(open_door, own, f"http://ann:sesame@127.0.0.1:{own.port}")
    assert own.asked[0].headers["authorization"] == "Bearer sesame"
    assert own.asked[1].headers["authorization"].startswith("Basic ")
    assert not any("sesame" in str(asked.path) + asked.headers["host"] for asked in own.asked)
    own.behaviours[CHAT] = breaks_off
    with pytest.raises(ServerAway) as told:
        send(open_door, own, f"http://sesame@127.0.0.1:{own.port}")
    with pytest.raises(Refused) as wrong:
        Door(user_agent="t", log=noted).allow("htp://ann:sesame@box")
    assert "sesame" not in str(told.value) + str(wrong.value) + str(noted.lines)
    assert authorization("http://127.0.0.1") is None
