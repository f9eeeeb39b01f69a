"""What the user has chosen, in one readable file: settings.toml in the profile."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from earmark.errors import KnownError
from earmark.paths import Paths


@dataclass(frozen=True, slots=True)
class Settings:
    """`speech_model`: the whisper.cpp file to listen with; None until the user has chosen one."""

    speech_model: Path | None = None


def load_settings(paths: Paths) -> Settings:
    """The user's choices; the defaults when there is no file. Raises KnownError for a broken one."""
    file = _file(paths)
    if not file.exists():
        return Settings()
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
        model = values.get("speech_model")
        if model is not None and not isinstance(model, str):
            raise KnownError(f"In {file}, speech_model must be the path of a file in quotation marks.")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnownError(f"{file} cannot be read ({error}). Mend it, or move it away.") from error
    return Settings(speech_model=Path(model) if model else None)


def save_settings(paths: Paths, settings: Settings) -> None:
    """Write the file anew, whole or not at all. Raises KnownError."""
    lines = ["# Earmark's settings. You may edit this file.\n"]
    if settings.speech_model:
        # A JSON string of this form is a valid TOML basic string.
        lines.append(f"speech_model = {json.dumps(str(settings.speech_model), ensure_ascii=False)}\n")
    part = _file(paths).with_suffix(".part")
    try:
        part.write_text("".join(lines), encoding="utf-8")
        part.replace(_file(paths))
    except OSError as error:
        raise KnownError(f"The settings could not be written ({error.strerror}).") from error


def _file(paths: Paths) -> Path:
    return paths.data / "settings.toml"
