"""What the user has chosen, in one readable file: settings.toml in the profile."""

import json
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from earmark.errors import KnownError
from earmark.paths import Paths


@dataclass(frozen=True, slots=True)
class Settings:
    """`speech_model`: the whisper.cpp file to listen with; None until the user has chosen one.

    `language_model`: the GGUF file to write with; None: the one that comes with the program.
    """

    speech_model: Path | None = None
    language_model: Path | None = None


_NAMES = tuple(field.name for field in fields(Settings))


def load_settings(paths: Paths) -> Settings:
    """The user's choices; the defaults when there is no file. Raises KnownError for a broken one."""
    file = _file(paths)
    if not file.exists():
        return Settings()
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
        chosen = {name: _path(values.get(name), name, file) for name in _NAMES}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnownError(f"{file} cannot be read ({error}). Mend it, or move it away.") from error
    return Settings(**chosen)


def save_settings(paths: Paths, settings: Settings) -> None:
    """Write the file anew, whole or not at all. Raises KnownError."""
    lines = ["# Earmark's settings. You may edit this file.\n"]
    for name in _NAMES:
        if path := getattr(settings, name):
            # A JSON string of this form is a valid TOML basic string.
            lines.append(f"{name} = {json.dumps(str(path), ensure_ascii=False)}\n")
    part = _file(paths).with_suffix(".part")
    try:
        part.write_text("".join(lines), encoding="utf-8")
        part.replace(_file(paths))
    except OSError as error:
        raise KnownError(f"The settings could not be written ({error.strerror}).") from error


def _path(value: object, name: str, file: Path) -> Path | None:
    if value is not None and not isinstance(value, str):
        raise KnownError(f"In {file}, {name} must be the path of a file in quotation marks.")
    return Path(value) if value else None


def _file(paths: Paths) -> Path:
    return paths.data / "settings.toml"
