"""What the user has chosen, in one readable file: settings.toml in the profile.

The file is the user's: what they wrote into it (comments, names that this version does not know) stays when
the program changes a line.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from earmark.errors import KnownError
from earmark.kept import alone, put, read_toml, read_values
from earmark.paths import Paths

if TYPE_CHECKING:
    import tomlkit

Mode = Literal["quiet", "balanced", "fast"]
"""How much of the computer the work may take."""

Theme = Literal["light", "dark", "system"]
Contrast = Literal["normal", "high", "system"]
"""How far words stand out from what is behind them."""

Protection = Literal["tls", "starttls", "none"]
"""How a letter is protected on its way to the mail server; see `net.mail`."""

FLAGS = (
    "offline",
    "pause_on_battery",
    "pause_when_active",
    "from_your_shelf",
    "mail_daily",
    "wait_on_metered",
    "direct_addresses",
    "notify",
    "keep_running",
    "welcomed",
)
COUNTS = {
    "keep_audio_days": 36_500,
    "max_episode_mb": 100_000,
    "max_audio_gb": 100_000,
    "max_download_kb_s": 10_000_000,
    "text_percent": 300,
}
"""Whole numbers, and the largest that each may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every choice, with its default.

    `speech_model`: the whisper.cpp file to listen with; None until the user has chosen one. `language_model`:
    the GGUF file to write with; None: the one that comes with the program. `models_folder`: where downloaded
    models lie; None: in the profile. `hub`: address of a mirror of the model hub; None: the hub itself.
    `proxy`: through which everything goes (http://HOST:PORT or socks5://HOST:PORT), or nothing does.
    `speech_server` and `language_server`: addresses of the user's own servers, used in place of the models
    here; `*_server_model`: the model to ask for there. `glossary`: names and words that the speech model
    should expect. `mail_*`: the user's own mail server (HOST:PORT), how the way to it is protected, the name
    to log in with (the password is with the system's keyring), and the two addresses; off while there is no
    server. `mail_daily`: the day's brief goes by itself, else only when asked. `feed_file`: the Atom file
    that is renewed with each brief; None: none was written yet. `pause_on_battery`, `pause_when_active`: wait
    while the computer runs on battery, or while somebody types or moves the mouse. `brief_time`: when the
    day's five are made, and work should be through, on the clock of the wall. `from_your_shelf`: show an
    older insight that was saved, once a day. `podcastindex_key`: the user's own key of that directory (its
    secret is with the system's keyring).
    `keep_audio_days`: how long the audio of an episode stays after it came, once it was read; 0: not at all.
    `max_episode_mb`, `max_audio_gb`: the most that one recording and all of them take on the disk.
    `max_download_kb_s`: how much of the line all downloads together take; 0: all of it. `wait_on_metered`:
    fetch no audio where the system says that the connection is paid for by the amount. `direct_addresses`:
    leave out the services in front of an address that only count who asks.
    `theme`, `contrast`, `text_percent`, `language`: how the window looks; a language of None is the system's.
    `notify`: the system tells when the day's five are ready. `keep_running`: a closed window leaves its sign
    in the tray, where there is one. `welcomed`: the first steps were gone through, or left for good.
    """

    speech_model: Path | None = None
    language_model: Path | None = None
    models_folder: Path | None = None
    hub: str | None = None
    proxy: str | None = None
    offline: bool = False
    mode: Mode = "balanced"
    pause_on_battery: bool = False
    pause_when_active: bool = False
    glossary: tuple[str, ...] = ()
    brief_time: str = "07:00"
    speech_server: str | None = None
    speech_server_model: str | None = None
    language_server: str | None = None
    language_server_model: str | None = None
    mail_server: str | None = None
    mail_protection: Protection = "tls"
    mail_user: str | None = None
    mail_from: str | None = None
    mail_to: str | None = None
    mail_daily: bool = True
    feed_file: Path | None = None
    from_your_shelf: bool = False
    podcastindex_key: str | None = None
    keep_audio_days: int = 14
    max_episode_mb: int = 2000
    max_audio_gb: int = 20
    max_download_kb_s: int = 0
    wait_on_metered: bool = False
    direct_addresses: bool = False
    theme: Theme = "system"
    contrast: Contrast = "system"
    text_percent: int = 100
    language: str | None = None
    notify: bool = True
    keep_running: bool = False
    welcomed: bool = False

    @property
    def brief_at(self) -> time:
        """`brief_time` as a time of day."""
        return time.fromisoformat(self.brief_time)


def load_settings(paths: Paths) -> Settings:
    """The user's choices; the defaults when there is no file. Raises KnownError for a broken one."""
    file = settings_file(paths)
    written = read_values(file) if file.exists() else {}
    names = [field.name for field in fields(Settings) if field.name in written]
    return Settings(**{name: _read(name, written[name], file) for name in names})


def change_settings(paths: Paths, change: Callable[[Settings], Settings]) -> Settings:
    """Change the file as it stands now, which no other process changes meanwhile; gives what it says then.

    Raises KnownError, also what `change` raises; then the file is left alone.
    """
    with alone(settings_file(paths)):
        before = load_settings(paths)
        wanted = change(before)
        if wanted != before:
            save_settings(paths, wanted)
    return wanted


def save_settings(paths: Paths, settings: Settings) -> None:
    """Write what differs from the defaults, the file whole or not at all. Raises KnownError."""
    import tomlkit

    document = _document(paths)
    default = Settings()
    for field in fields(Settings):
        value = getattr(settings, field.name)
        if value == getattr(default, field.name):
            document.pop(field.name, None)
        elif isinstance(value, tuple):
            document[field.name] = list(value)
        else:
            document[field.name] = str(value) if isinstance(value, Path) else value
    file = settings_file(paths)
    try:
        put(file, tomlkit.dumps(document).encode("utf-8"))
    except OSError as error:
        raise KnownError(f"The settings could not be written ({error.strerror}).") from error


class Choices:
    """`choices()`: the settings as they are now, read again whenever the file has changed.

    So a choice made in another window, or in an editor, counts at once. A file that is broken just now
    changes nothing. The first reading raises KnownError as `load_settings` does.
    """

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._written = self._stamp()
        self._settings = load_settings(paths)

    def __call__(self) -> Settings:
        written = self._stamp()
        if written != self._written:
            self._written = written
            with suppress(KnownError):
                self._settings = load_settings(self._paths)
        return self._settings

    @property
    def paths(self) -> Paths:
        """The profile whose settings these are."""
        return self._paths

    def mode(self) -> Mode:
        """How much of the computer the work may take, as it is now."""
        return self().mode

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = settings_file(self._paths).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


def located(paths: Paths) -> Paths:
    """The same places, with models where the user wants them. Raises KnownError for broken settings.

    A folder without a root lies in the profile, wherever the program was started.
    """
    folder = load_settings(paths).models_folder
    return replace(paths, models_folder=paths.data.absolute() / folder.expanduser() if folder else None)


def settings_file(paths: Paths) -> Path:
    """Where the settings lie."""
    return paths.data / "settings.toml"


def _document(paths: Paths) -> tomlkit.TOMLDocument:
    import tomlkit

    file = settings_file(paths)
    if not file.exists():
        fresh = tomlkit.document()
        fresh.add(tomlkit.comment("Earmark's settings. You may edit this file."))
        return fresh
    return read_toml(file)


def _read(name: str, value: object, file: Path) -> Any:
    kinds: dict[str, tuple[Callable[[object], object], str]] = {
        **dict.fromkeys(
            ("speech_model", "language_model", "feed_file"), (_path, "the path of a file in quotation marks")
        ),
        "models_folder": (_path, "the path of a folder in quotation marks"),
        **dict.fromkeys(FLAGS, (_flag, "true or false")),
        **{name: (_count_to(most), f"a whole number from 0 to {most}") for name, most in COUNTS.items()},
        "mode": (_one_of(Mode), "one of " + ", ".join(f'"{mode}"' for mode in get_args(Mode))),
        "theme": (_one_of(Theme), '"light", "dark" or "system"'),
        "contrast": (_one_of(Contrast), '"normal", "high" or "system"'),
        "mail_protection": (_one_of(Protection), '"tls", "starttls" or "none"'),
        "glossary": (_texts, "a list of words in quotation marks"),
        "brief_time": (_time_of_day, 'a time of day in quotation marks, like "07:00"'),
    }
    read, wanted = kinds.get(name, (_text, "a text in quotation marks"))
    known = read(value)
    nothing = value == "" and getattr(Settings(), name) is None
    if known is None and not nothing:
        raise KnownError(f"In {file}, {name} must be {wanted}.")
    return known


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _path(value: object) -> Path | None:
    text = _text(value)
    return Path(text) if text else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _count_to(most: int) -> Callable[[object], object]:
    return lambda value: value if type(value) is int and 0 <= value <= most else None


def _one_of(choice: Any) -> Callable[[object], object]:
    return lambda value: value if value in get_args(choice) else None


def _time_of_day(value: object) -> str | None:
    """A text, or TOML's own time of day, as HH:MM."""
    try:
        found = value if isinstance(value, time) else time.fromisoformat(str(value))
    except ValueError:
        return None
    return f"{found:%H:%M}" if found.tzinfo is None else None


def _texts(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return None
    return tuple(value)
