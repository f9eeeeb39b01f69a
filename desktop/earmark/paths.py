"""Where things are: the user's data folder, and the files that come with the program."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from earmark.errors import KnownError


@dataclass(frozen=True, slots=True)
class Paths:
    """The places of one profile. Everything lies under `data`, so that one folder is the whole profile; only
    models may lie in a folder that the user chose."""

    data: Path
    models_folder: Path | None = None

    @property
    def library(self) -> Path:
        """The SQLite file."""
        return self.data / "library.db"

    @property
    def audio(self) -> Path:
        """Downloaded enclosures, under names of our own."""
        return self.data / "audio"

    @property
    def clips(self) -> Path:
        """The moments of insights, small Opus files that stay when a recording goes."""
        return self.data / "clips"

    @property
    def models(self) -> Path:
        """Models made or downloaded by the program."""
        return self.models_folder or self.data / "models"

    @property
    def scratch(self) -> Path:
        """Decoded audio and other files that can be made again."""
        return self.data / "scratch"

    @property
    def backups(self) -> Path:
        """Copies of the library, made before it is changed in form, and daily."""
        return self.data / "backups"

    @property
    def cache(self) -> Path:
        """What only saves time: all of it may be deleted while the program does not run."""
        return self.data / "cache"

    @property
    def vectors(self) -> Path:
        """The vectors of texts that were embedded before."""
        return self.cache / "vectors.db"

    @property
    def window(self) -> Path:
        """Where the window stood, and where sounds were left."""
        return self.data / "window.json"

    @property
    def log(self) -> Path:
        """The log file; no addresses with secrets and no transcript text go into it."""
        return self.data / "earmark.log"

    def create(self) -> None:
        """Make the folders, readable by this user alone. Raises KnownError when the disk refuses, and where a
        link of another user's could lead the program astray.

        A models folder of the user's is made in a folder that exists, never at the place of a missing disk.
        """
        if self.models_folder and not self.models_folder.parent.is_dir():
            raise KnownError(
                f"The models folder {self.models_folder} is not there. Is its disk plugged in? "
                "Another one can be set as models_folder in settings.toml."
            )
        folder, change = self.data, "Choose another one with --data-dir."
        if not _is_utf_8(folder):
            raise KnownError(f"The name of the folder {_shown_name(folder)} is not in UTF-8. {change}")
        try:
            for folder in (
                self.data,
                self.audio,
                self.clips,
                self.scratch,
                self.backups,
                self.cache,
            ):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if folder == self.data and os.name == "posix":
                    self.data.chmod(0o700)
                    _refuse_links_of_others(self.data)
            folder = self.models
            if self.models_folder:
                change = "Set another one as models_folder in settings.toml."
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise KnownError(f"The folder {folder} cannot be used ({error.strerror}). {change}") from error


def _shown_name(path: Path) -> str:
    """A path as it can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def _is_utf_8(path: Path) -> bool:
    """Whether a path can be written down: settings, exports and JSON are all in UTF-8."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _refuse_links_of_others(folder: Path) -> None:
    """Links of the user's own are welcome, such as a settings file among their others. Raises KnownError.

    Others can have put theirs here only before the folder was closed to them.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_symlink() and entry.stat(follow_symlinks=False).st_uid not in (0, os.geteuid()):
                raise KnownError(
                    f"{entry.path} is a link that another user of this computer made. Remove it, or choose "
                    "another folder with --data-dir."
                )


def default_paths() -> Paths:
    """The profile of this user: EARMARK_DATA when it is set, else the system's place for it."""
    chosen = os.environ.get("EARMARK_DATA")
    if chosen:
        return Paths(Path(chosen))
    import platformdirs

    return Paths(Path(platformdirs.user_data_dir("earmark", appauthor=False)))


def resource(name: str) -> Path:
    """A file of `resources/`, in a checkout, an installed wheel or the frozen program alike."""
    return _shipped("resources") / name


def catalogue_file() -> Path:
    """models/catalogue.toml, wherever the program was put."""
    return _shipped("models") / "catalogue.toml"


def _shipped(folder: str) -> Path:
    inside = Path(__file__).parent / folder
    if inside.is_dir() or getattr(sys, "frozen", False):
        return inside
    return Path(__file__).parents[2] / folder


def self_argv(*arguments: str) -> list[str]:
    """The command that starts this same program again, from a checkout or frozen."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "earmark", *arguments]
