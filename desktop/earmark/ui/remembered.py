"""What the window remembers by itself from one start to the next: its place on the screen, and where sounds
were left. One small file in the profile; a lost or broken one costs nothing else."""

import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

from earmark.kept import put

MOST_PLACES = 2000
"""So many recordings keep their place; the one left longest ago is forgotten first."""


class Remembered:
    """`get` and `note` by name; `save` writes. With no file nothing outlives the window."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._values: dict[str, Any] = {}
        self._changed = False
        if file is not None:
            with suppress(OSError, ValueError):
                read = json.loads(file.read_text(encoding="utf-8"))
                self._values = read if isinstance(read, dict) else {}

    def text(self, name: str) -> str:
        """A text that was noted, or nothing."""
        value = self._values.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str, least: float, most: float, default: float) -> float:
        """A number that was noted, within its bounds."""
        value = self._values.get(name)
        return min(most, max(least, value)) if isinstance(value, int | float) else default

    def note(self, name: str, value: object) -> None:
        """Remember it; `save` writes it."""
        if self._values.get(name) != value:
            self._values[name], self._changed = value, True

    def place_of(self, episode_id: int) -> int | None:
        """Where an episode's sound was left, in ms."""
        value = self._places().get(str(episode_id))
        return value if isinstance(value, int) and value >= 0 else None

    def leave(self, episode_id: int, position_ms: int | None) -> None:
        """An episode's sound was left there; None: at its end."""
        places = self._places()
        places.pop(str(episode_id), None)
        if position_ms is not None:
            places[str(episode_id)] = position_ms
        self._values["places"] = dict(list(places.items())[-MOST_PLACES:])
        self._changed = True

    def save(self) -> None:
        """Write what changed. A disk that refuses is noted in the log: nothing of worth is lost."""
        if self._file is None or not self._changed:
            return
        try:
            put(self._file, json.dumps(self._values).encode())
        except OSError as error:
            logging.getLogger(__name__).warning("the window's state was not kept: %s", error.strerror)
        self._changed = False

    def _places(self) -> dict[str, Any]:
        found = self._values.get("places")
        return dict(found) if isinstance(found, dict) else {}
