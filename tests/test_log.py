"""The log, and what the program says of its own mistakes: nothing that was said, no address, no token."""

import doctest
import logging
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import earmark.log
from earmark.app import open_tools
from earmark.jobs import Jobs
from earmark.log import told_without_words
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch
from earmark.records import Changes

SECRETS = ("canary-said", "canary-token", "canary-path", "canary-query")
BROKEN = "canary-said https://ann:canary-token@example.org/canary-path?q=canary-query"


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(earmark.log).failed == 0


def test_p_09_a_mistake_of_ours_is_logged_without_words_or_addresses(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_tools: Tools, _watch: Watch) -> Changes:
        try:
            raise KeyError(BROKEN)
        except KeyError as error:
            raise RuntimeError(BROKEN) from error

    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    logger = logging.getLogger("earmark")
    before, logger.handlers = logger.handlers, []
    paths = Paths(tmp_path / "profile")
    jobs = Jobs(lambda: open_tools(paths))
    try:
        jobs.start()
        with qtbot.waitSignal(jobs.failed, timeout=30_000):
            jobs.run(broken)
        logging.getLogger("earmark.any").warning("no answer: %s", BROKEN.removeprefix("canary-said "))
    finally:
        jobs.shutdown()
        for handler in logger.handlers:
            handler.close()
        logger.handlers = before
    log = paths.log.read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in log] == []
    assert "test_log.py:" in log
    assert "in broken\nRuntimeError\nBecause of this:" in log
    assert "KeyError" in log
    assert "no answer: example.org" in log


ENTRY = f"""
import threading, earmark.cli, earmark.__main__

def broken(**_):
    thread = threading.Thread(target=lambda: int({BROKEN!r}))
    thread.start()
    thread.join()
    raise RuntimeError({BROKEN!r})

earmark.cli.main = broken
earmark.__main__.main()
"""


def test_p_09_the_text_of_a_crash_holds_no_words_or_addresses() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENTRY], env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert [secret for secret in SECRETS if secret in done.stdout + done.stderr] == []
    assert done.stderr.count("This is a mistake in Earmark itself.") == 2
    assert "earmark/__main__.py:" in done.stderr
    assert "ValueError\n" in done.stderr
    assert "RuntimeError\n" in done.stderr


def test_what_a_system_or_the_library_calls_its_faults_is_kept() -> None:
    with pytest.raises(OSError) as of_system:
        (Path(__file__) / "canary").read_bytes()
    assert told_without_words(of_system.value).endswith("NotADirectoryError: Not a directory")
    with pytest.raises(sqlite3.Error) as of_library:
        sqlite3.connect(":memory:").execute("SELECT * FROM canary")
    assert told_without_words(of_library.value).endswith("OperationalError: SQLITE_ERROR")
