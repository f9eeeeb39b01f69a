"""Starting with the computer: the entry that each system reads."""

import plistlib
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.autostart import desktop_entry, entry_file, launch_agent, set_autostart, starts_itself
from earmark.errors import KnownError
from earmark.paths import Paths, self_argv

LINUX = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG")


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A profile, and a home of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return Paths(tmp_path / "a profile")


def arguments_of(entry: bytes) -> list[str]:
    """What a desktop starts: the value unescaped, then Exec's own quoting, then %% is %."""
    value = next(line for line in entry.decode().splitlines() if line.startswith("Exec="))[5:]
    unescaped = value.replace("\\\\", "\\")
    quoted = re.findall(r'"((?:\\.|[^"\\])*)"', unescaped)
    return [re.sub(r'\\(["`$\\])', r"\1", each).replace("%%", "%") for each in quoted]


@LINUX
def test_it_is_off_until_it_is_turned_on_and_off_again(paths: Paths) -> None:
    assert not starts_itself()
    set_autostart(paths, True)
    assert starts_itself()
    started = arguments_of(entry_file().read_bytes())
    assert started == self_argv("--data-dir", str(paths.data))
    set_autostart(paths, False)
    set_autostart(paths, False)
    assert not starts_itself()


@LINUX
def test_a_folder_that_cannot_be_written_is_told(paths: Paths) -> None:
    (paths.data.parent / "config").write_text("a file")
    with pytest.raises(KnownError, match="could not be changed"):
        set_autostart(paths, True)


@given(st.lists(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1), min_size=1))
def test_every_argument_survives_the_quoting_of_desktops(argv: list[str]) -> None:
    assert arguments_of(desktop_entry(argv)) == argv


def test_a_launch_agent_starts_the_program_at_login() -> None:
    read = plistlib.loads(launch_agent(["/Applications/Earmark", "--data-dir", "/a b"]))
    assert read["ProgramArguments"] == ["/Applications/Earmark", "--data-dir", "/a b"]
    assert read["RunAtLoad"] is True
