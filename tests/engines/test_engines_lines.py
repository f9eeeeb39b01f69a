"""The talk between program and engine survives any chopping and any rubbish."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.engines import lines as lines_module
from earmark.engines.lines import Lines, LineTooLong, encode

MESSAGES = [
    {"type": "window", "id": 1, "segments": [[0, 900, "Grüße, 你好, 🎧"]], "next_ms": 900},
    {"type": "heartbeat"},
    {"type": "done", "id": 1, "text": "lone \ud800 surrogate and\nline break"},
]


@pytest.mark.parametrize("size", range(1, 60))
def test_messages_are_the_same_whatever_the_stream_is_chopped_into(size: int) -> None:
    stream = b"".join(encode(message) for message in MESSAGES)
    raw = stream + json.dumps(MESSAGES[0], ensure_ascii=False).encode() + b"\n"
    lines = Lines()
    found = [m for at in range(0, len(raw), size) for m in lines.feed(raw[at : at + size])]
    assert found == [*MESSAGES, MESSAGES[0]]


@pytest.mark.parametrize(
    "rubbish",
    [
        b"whisper_init: loading\n",
        b"\xff\xfe\x00\n",
        b"[1, 2]\n",
        b"null\n",
        b'{"no": "type"}\n',
        b'{"type": 3}\n',
        b"[" * 100_000 + b"\n",
        b'{"type": "half\n',
        b"\n\r\n",
    ],
)
def test_lines_that_are_no_message_are_passed_over(rubbish: bytes) -> None:
    lines = Lines()
    assert lines.feed(rubbish + encode(MESSAGES[1])) == [MESSAGES[1]]
    assert lines.skipped == (0 if not rubbish.strip() else 1)


def test_a_stream_without_line_breaks_is_an_error_not_a_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MAX_LINE_BYTES", 1000)
    lines = Lines()
    for _ in range(10):
        lines.feed(b"x" * 100)
    with pytest.raises(LineTooLong):
        lines.feed(b"x")


@given(
    st.dictionaries(st.text(max_size=5), st.text() | st.integers() | st.none() | st.lists(st.floats(0, 1)))
)
def test_every_message_comes_back_as_it_was(rest: dict[str, object]) -> None:
    message = {**rest, "type": "window"}
    line = encode(message)
    assert line.count(b"\n") == 1
    assert line.isascii()
    assert Lines().feed(line) == [message]
