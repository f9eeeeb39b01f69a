"""Other users of this computer: what they can read and where they could lead the program."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest
from pytestqt.qtbot import QtBot
from small_shows import an_episode, take_in

from earmark.errors import KnownError
from earmark.library import open_library
from earmark.paths import Paths, resource
from earmark.ui.first_one import FirstOne, meeting_point

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows closes a profile to others by itself")
SOMEBODY = 64_231
"""The number of a user that no system here has."""
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may act as another user"
)


def open_to_others(folder: Path) -> list[str]:
    """What below a folder, and the folder itself, has a mode that lets others in."""
    return [
        f"{S_IMODE(each.lstat().st_mode):o} {each}"
        for each in (folder, *folder.rglob("*"))
        if S_IMODE(each.lstat().st_mode) & 0o077
    ]


def earmark(folder: Path, *arguments: str) -> None:
    """A verb of the program of a user who denies nobody anything."""
    done = subprocess.run(
        [sys.executable, "-m", "earmark", "--data-dir", str(folder), *arguments],
        umask=0,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_p_07_with_a_umask_of_nothing_all_that_is_kept_is_the_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "profile"
    earmark(folder, "add", str(resource("demo")))
    earmark(folder, "glossary", "Größe")
    earmark(folder, "taste", "add", "insulation")
    kept = {path.name for path in folder.rglob("*") if path.is_file()}
    assert {"library.db", "settings.toml", "taste.toml", "library.lock"} <= kept
    assert open_to_others(tmp_path / "new") == []


def test_p_07_what_the_user_has_written_elsewhere_is_as_their_umask_says(tmp_path: Path) -> None:
    folder, out = tmp_path / "profile", tmp_path / "web" / "shows.opml"
    earmark(folder, "add", str(resource("demo")))
    earmark(folder, "export", "opml", "--to", str(out))
    assert (S_IMODE(out.stat().st_mode), S_IMODE(out.parent.stat().st_mode)) == (0o666, 0o777)


@as_root
@pytest.mark.parametrize("name", ["library.db", "audio", "settings.toml", "earmark.log"])
def test_p_07_a_link_that_somebody_else_made_is_refused_and_not_followed(name: str, tmp_path: Path) -> None:
    paths, aim = Paths(tmp_path / "profile"), tmp_path / "aim"
    paths.data.mkdir()
    if name == "audio":
        aim.mkdir()
    (paths.data / name).symlink_to(aim)
    os.lchown(paths.data / name, SOMEBODY, SOMEBODY)
    with pytest.raises(KnownError, match=f"{name} is a link that another user of this computer made"):
        paths.create()
    assert not aim.is_file()
    assert [each.name for each in paths.data.iterdir()] == [name]


def test_p_07_links_of_the_user_s_own_are_followed(tmp_path: Path) -> None:
    paths, aim = Paths(tmp_path / "profile"), tmp_path / "dotfiles.toml"
    paths.data.mkdir()
    aim.write_text("offline = true\n")
    (paths.data / "settings.toml").symlink_to(aim)
    paths.create()
    assert aim.read_text() == "offline = true\n"


@pytest.fixture
def lived_in(tmp_path: Path, qtbot: QtBot) -> Iterator[Paths]:
    """A profile with something in each of its folders, whose window listens."""
    paths = Paths(tmp_path / "profile")
    paths.create()
    with open_library(paths) as library:
        take_in(library, "A show", [an_episode("g1")])
        for name in ("earmark.log", "audio/a.mp3", "scratch/b.pcm", "clips/c.opus", "cache/vectors.db"):
            (paths.data / name).write_bytes(b"what was heard")
            (paths.data / name).chmod(0o666)
        first = FirstOne(paths, lambda _what: None)
        yield paths
        first.close()


AS_SOMEBODY = """
import os, socket, sys
os.setgroups([]); os.setgid({other}); os.setuid({other})
for path in sys.argv[1:]:
    try:
        if path.endswith(".sock"):
            socket.socket(socket.AF_UNIX).connect(path)
        elif os.path.isdir(path):
            os.listdir(path)
        else:
            open(path, "rb").close()
    except PermissionError:
        continue
    print("open:", path)
for path in {open_}:
    open(path, "rb").close()
    print("read:", path)
"""


@as_root
def test_p_08_another_user_reads_and_reaches_nothing(lived_in: Paths, tmp_path: Path) -> None:
    point = str(meeting_point(lived_in))
    inside = [str(path) for path in lived_in.data.rglob("*")]
    assert point in inside
    assert {"library.db", "library.db-wal", "library.lock", "earmark.log"} <= {Path(p).name for p in inside}
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)  # so that nothing but the profile itself stops them
    readable = tmp_path / "readable"
    readable.write_text("anybody")
    code = AS_SOMEBODY.format(other=SOMEBODY, open_=[str(readable)])
    done = subprocess.run(
        [sys.executable, "-c", code, str(lived_in.data), *inside], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == [f"read: {readable}"], done.stderr
