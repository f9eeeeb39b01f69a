"""Which graphics processor a build of whisper.cpp or llama.cpp can use. Only in the children.

Both bring ggml, whose list of devices is asked through ctypes: a build for the processor alone lists no
other, and neither does one whose devices are hidden or taken away.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from earmark.engines.child import Emit
from earmark.engines.lines import Message
from earmark.errors import KnownError

_GRAPHICS = (1, 2)
"""Of enum ggml_backend_dev_type (ggml-backend.h): with memory of its own, and sharing the computer's."""

Model = TypeVar("Model")


@dataclass(frozen=True, slots=True)
class Device:
    """A graphics processor. `free_bytes` is 0 where its driver does not tell."""

    name: str
    free_bytes: int


def find_device(library: Any) -> Device | None:
    """The first graphics processor that `library`, a ctypes library with ggml in it, can use, or None."""
    try:
        count, get = library.ggml_backend_dev_count, library.ggml_backend_dev_get
        kind, memory = library.ggml_backend_dev_type, library.ggml_backend_dev_memory
        texts = (library.ggml_backend_dev_name, library.ggml_backend_dev_description)
    except AttributeError:  # another generation of ggml, or hidden inside another library
        return None
    count.restype, get.restype, get.argtypes = ctypes.c_size_t, ctypes.c_void_p, [ctypes.c_size_t]
    for ask in (kind, memory, *texts):
        ask.argtypes = [ctypes.c_void_p]
    memory.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t), ctypes.POINTER(ctypes.c_size_t)]
    kind.restype, memory.restype = ctypes.c_int, None
    for number in range(count()):
        device = get(number)
        if kind(device) in _GRAPHICS:
            return Device(": ".join(_text(ask, device) for ask in texts), _free(memory, device))
    return None


def _text(ask: Any, device: int) -> str:
    ask.restype = ctypes.c_char_p
    return (ask(device) or b"").decode("utf-8", errors="replace")


def _free(memory: Any, device: int) -> int:
    free, total = ctypes.c_size_t(0), ctypes.c_size_t(0)
    memory(device, ctypes.byref(free), ctypes.byref(total))
    return free.value


@dataclass(frozen=True, slots=True)
class Place:
    """A model on a device under a build: what is tried once, and remembered."""

    build: str
    model: str
    device: str

    def key(self) -> list[str]:
        """As it stands in jobs and events."""
        return [self.build, self.model, self.device]


class Placed:
    """Where a model runs: on the graphics processor where that works, else on the processor.

    The job's `works` and `fails` list the places that were tried before. A place that was not is told as one
    that is being tried, before native code can crash in it; whoever listens then knows what the crash means.
    """

    def __init__(self, build: str, library: Any, model: Path) -> None:
        size = model.stat().st_size if model.exists() else 0
        self._device = find_device(library)
        name = f"{model.name}, {size} bytes"
        self.place = Place(build, name, self._device.name) if self._device else None

    def chosen(self, job: Message, needed_bytes: int) -> Place | None:
        """The place on the graphics processor that is to be used, or None for the processor."""
        fails = job.get("fails")
        if self.place is None or self._device is None or fails is None or self.place.key() in fails:
            return None
        too_large = 0 < self._device.free_bytes < needed_bytes
        return None if too_large else self.place


def load_at(
    place: Place | None,
    job: Message,
    emit: Emit,
    load: Callable[[bool], Model],
    try_out: Callable[[Model], None],
) -> Model:
    """Load a model, on the graphics processor with a `place`; there it is tried on something tiny first.

    A fault there is no fault of the file, so it ends the process as any crash does: RuntimeError.
    """
    if place is None:
        return load(False)
    tell_place(place, emit, tried=place.key() in job.get("works", []))
    try:
        model = load(True)
        try_out(model)
    except KnownError as fault:
        raise RuntimeError(f"not on the graphics processor: {fault}") from fault
    tell_place(place, emit, tried=True)
    return model


def tell_place(place: Place | None, emit: Emit, *, tried: bool = True) -> None:
    """Say where the work goes on; nothing for the processor."""
    if place is not None:
        emit({"type": "place", "place": place.key(), "tried": tried})
