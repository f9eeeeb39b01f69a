"""Where models ran on a graphics processor and where that failed, in a file that people can read.

What failed once is done on the processor from then on: until the build of the engine, the model or the device
is another one, or the user asks to try again.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from earmark.clock import local_date, system_clock
from earmark.engines.client import Engine, EngineDied, OnEvent
from earmark.engines.lines import Message
from earmark.kept import put

FILE_NAME = "graphics.json"


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a model on a device under a build of an engine; `why` says what went wrong."""

    build: str
    model: str
    device: str
    works: bool
    why: str
    date: str

    @property
    def key(self) -> list[str]:
        """As it stands in jobs and events."""
        return [self.build, self.model, self.device]


class Places:
    """The file, and what came of places in this run that could not be written there.

    A file that is damaged or cannot be written is done without: then the next run tries again.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME
        self._unwritten: dict[tuple[str, ...], Tried] = {}

    def all(self) -> list[Tried]:
        """What was tried so far, in the order of trying."""
        try:
            stored = [Tried(**row) for row in json.loads(self._file.read_text("utf-8"))]
        except (OSError, ValueError, TypeError):
            stored = []
        written = [tried for tried in stored if tuple(tried.key) not in self._unwritten]
        return [*written, *self._unwritten.values()]

    def keep(self, place: list[str], *, works: bool, why: str = "") -> None:
        """Remember what came of a place, in place of what stood there before."""
        build, model, device = place
        fresh = Tried(build, model, device, works, why, local_date(system_clock).isoformat())
        before = [tried for tried in self.all() if tried.key != place]
        if self._write([*before, fresh]):
            self._unwritten.clear()  # another process may make the file forget
        else:
            self._unwritten[tuple(place)] = fresh

    def forget(self) -> None:
        """Try everything again at the next work."""
        self._unwritten.clear()
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def _write(self, rows: list[Tried]) -> bool:
        text = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)
        try:
            put(self._file, f"{text}\n".encode())
        except OSError:
            return False
        return True


class Placer:
    """Has an engine's requests done on the graphics processor where that works, else on the processor.

    A child that dies, hangs or gives up while it works there is taken for a fault of that place: it is
    remembered, and the request is done once more on the processor. Only a child that was killed from outside
    while a place worked that had worked before is no such sign.
    """

    def __init__(self, engine: Engine, places: Places | None) -> None:
        self._engine = engine
        self._places = places

    def request(
        self,
        make_job: Callable[[], Message],
        *,
        on_event: OnEvent,
        cancelled: Callable[[], bool],
        silent_for_s: float,
        stalled_for_s: float = 600.0,
    ) -> Message:
        """As Engine.request; `make_job` is asked again for what is left to do when a place has failed."""
        at: list[tuple[list[str], bool]] = []
        fell_back = False

        def listen(event: Message) -> None:
            if event["type"] != "place":
                on_event(event)
                return
            if event["tried"] and at and not at[-1][1] and self._places:
                self._places.keep(event["place"], works=True)
            at.append((event["place"], event["tried"]))

        while True:
            try:
                return self._engine.request(
                    {**make_job(), **self._known()},
                    on_event=listen,
                    cancelled=cancelled,
                    silent_for_s=silent_for_s,
                    stalled_for_s=stalled_for_s,
                )
            except EngineDied as death:
                if not at or self._places is None or (death.killed and at[-1][1]):
                    raise
                self._places.keep(at[-1][0], works=False, why=str(death))
                if fell_back:  # what dies everywhere has another fault
                    raise
                at.clear()
                fell_back = True

    def _known(self) -> Message:
        if self._places is None:  # what cannot be remembered is not tried
            return {}
        tried = self._places.all()
        return {
            "works": [each.key for each in tried if each.works],
            "fails": [each.key for each in tried if not each.works],
        }
