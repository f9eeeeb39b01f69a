"""What a screen reader has of a program: the tree of the system's accessibility bus, by names and roles.

The bus is the real one: its programs are started here on a screen of their own, the window under test is a
process beside, and all that is known of it and done with it goes through AT-SPI, as with Orca.
"""

import os
import shutil
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
SPI = "org.a11y.atspi"
ROOT = "/org/a11y/atspi/accessible/root"
PROPERTIES = "org.freedesktop.DBus.Properties"
SHOWING, FOCUSED, CHECKED, ENABLED = 25, 12, 4, 8
WAIT_S = 60.0


def missing() -> list[str]:
    """The programs of the system that are not here."""
    needed = [name for name in ("Xvfb", "dbus-daemon") if shutil.which(name) is None]
    return needed if LAUNCHER.exists() else [*needed, "at-spi2-core"]


@contextmanager
def desktop(home: Path) -> Iterator[dict[str, str]]:
    """A screen and a session with its accessibility bus; the environment for programs on it."""
    with ExitStack() as stack:
        read, write = os.pipe()
        screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
        stack.enter_context(_running(screen, {**os.environ}, (write,)))
        display = os.read(read, 20).decode().strip()
        os.close(read)
        os.close(write)
        own = {
            **os.environ,
            "DISPLAY": f":{display}",
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "NO_AT_BRIDGE": "0",
        }
        bus = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
        process = stack.enter_context(_running(bus, own))
        assert process.stdout is not None
        address = process.stdout.readline().decode().strip()
        yield {
            **own,
            "DBUS_SESSION_BUS_ADDRESS": address,
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_QPA_PLATFORM": "xcb",
        }


@contextmanager
def _running(
    command: Sequence[str], environment: dict[str, str], passed: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=tuple(passed),
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)


@dataclass(frozen=True, slots=True)
class Heard:
    """A thing of the tree, as it was when it was looked at. `place`: its address on the bus and its path."""

    place: tuple[str, str]
    role: str
    name: str
    states: frozenset[int]
    depth: int

    @property
    def is_showing(self) -> bool:
        """Whether it is seen."""
        return SHOWING in self.states


class Ears:
    """One program, heard."""

    def __init__(self, environment: dict[str, str]) -> None:
        session = open_dbus_connection(environment["DBUS_SESSION_BUS_ADDRESS"])
        where = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
        (address,) = session.send_and_get_reply(new_method_call(where, "GetAddress"), timeout=20).body
        session.close()
        self._bus: DBusConnection = open_dbus_connection(address)
        self._announced: deque[Any] = deque()
        self._listen()
        self._program: tuple[str, str] | None = None

    def close(self) -> None:
        """No longer."""
        self._bus.close()

    def things(self, *, all_of_them: bool = False) -> Iterator[Heard]:
        """All that is showing, from the top; with `all_of_them` also what is not."""
        yield from self._below(self._root(), 0, all_of_them)

    def find(self, role: str, name: str) -> Heard:
        """What is showing with this role, whose name begins so; waits for it."""
        found: list[Heard] = []

        def look() -> bool:
            found[:] = [
                each for each in self.things() if each.role == role and plain(each.name).startswith(name)
            ]
            return bool(found)

        self.until(look, f"{role} {name!r}")
        return found[0]

    def hears(self, text: str) -> bool:
        """Whether something that is showing has this in its name."""
        return any(text in plain(each.name) for each in self.things())

    def until_hears(self, text: str) -> None:
        """Wait for that."""
        self.until(lambda: self.hears(text), repr(text))

    def until(self, so: Callable[[], bool], what: str = "it") -> None:
        """Wait until something is so."""
        end = time.monotonic() + WAIT_S
        while not so():
            if time.monotonic() > end:
                told = [f"{'  ' * each.depth}{each.role} {each.name!r}" for each in self.things()]
                raise AssertionError(f"{what} never came; there is:\n" + "\n".join(told))

    def act(self, thing: Heard, deed: str) -> None:
        """Do one of its actions, by the name that the bus has for it."""
        count = self._get(thing.place, f"{SPI}.Action", "NActions")
        names = [self._call(thing.place, f"{SPI}.Action", "GetName", "i", (n,))[0] for n in range(count)]
        assert deed in names, f"{thing.role} {thing.name!r} has {names}"
        self._call(thing.place, f"{SPI}.Action", "DoAction", "i", (names.index(deed),))

    def press(self, role: str, name: str) -> None:
        """Find and press."""
        self.act(self.find(role, name), "Press")

    def write(self, thing: Heard, text: str) -> None:
        """Put a text into it."""
        (done,) = self._call(thing.place, f"{SPI}.EditableText", "SetTextContents", "s", (text,))
        assert done, f"{thing.role} {thing.name!r} takes no text"

    def text(self, thing: Heard) -> str:
        """The text of it."""
        return str(self._call(thing.place, f"{SPI}.Text", "GetText", "ii", (0, -1))[0])

    def value(self, thing: Heard) -> float:
        """Where a slider stands."""
        return float(self._get(thing.place, f"{SPI}.Value", "CurrentValue"))

    def set_value(self, thing: Heard, value: float) -> None:
        """Put a slider somewhere."""
        self._call(
            thing.place,
            PROPERTIES,
            "Set",
            "ssv",
            (f"{SPI}.Value", "CurrentValue", ("d", value)),
        )

    def interfaces(self, thing: Heard) -> list[str]:
        """What it can do."""
        return [str(each) for each in self._call(thing.place, f"{SPI}.Accessible", "GetInterfaces")[0]]

    def announced(self) -> list[str]:
        """All that was announced until now."""
        self._call(("org.freedesktop.DBus", "/"), "org.freedesktop.DBus.Peer", "Ping")
        return [plain(str(message.body[3][1])) for message in self._announced]

    def _listen(self) -> None:
        interface = f"{SPI}.Event.Object"
        rule = MatchRule(type="signal", interface=interface, member="Announcement")
        self._bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=20)
        self._bus.filter(rule, queue=self._announced).__enter__()
        registry = (f"{SPI}.Registry", "/org/a11y/atspi/registry")
        self._call(registry, f"{SPI}.Registry", "RegisterEvent", "sass", ("object:announcement", [], ""))

    def _root(self) -> tuple[str, str]:
        if self._program is None:
            found: list[tuple[str, str]] = []

            def look() -> bool:
                place = (f"{SPI}.Registry", ROOT)
                found[:] = self._call(place, f"{SPI}.Accessible", "GetChildren")[0]
                return bool(found)

            self.until(look, "a program") if False else _wait(look)
            self._program = found[-1]
        return self._program

    def _below(self, place: tuple[str, str], depth: int, all_of_them: bool) -> Iterator[Heard]:
        try:
            thing = self._look(place, depth)
            children = self._call(place, f"{SPI}.Accessible", "GetChildren")[0]
        except Gone:
            return
        if depth and not (thing.is_showing or all_of_them):
            return
        yield thing
        for child in children:
            yield from self._below(tuple(child), depth + 1, all_of_them)

    def _look(self, place: tuple[str, str], depth: int) -> Heard:
        accessible = f"{SPI}.Accessible"
        role = self._call(place, accessible, "GetRoleName")[0]
        low, high = self._call(place, accessible, "GetState")[0]
        bits = low | (high << 32)
        states = frozenset(n for n in range(64) if bits >> n & 1)
        return Heard(place, role, self._get(place, accessible, "Name"), states, depth)

    def _get(self, place: tuple[str, str], interface: str, name: str) -> Any:
        return self._call(place, PROPERTIES, "Get", "ss", (interface, name))[0][1]

    def _call(
        self, place: tuple[str, str], interface: str, method: str, kinds: str | None = None, body: Any = ()
    ) -> Any:
        address = DBusAddress(place[1], place[0], interface)
        reply = self._bus.send_and_get_reply(new_method_call(address, method, kinds, body), timeout=30)
        if reply.header.message_type is MessageType.error:
            raise Gone(f"{interface}.{method} of {place}: {reply.header.fields.get(HeaderFields.error_name)}")
        return reply.body


class Gone(Exception):  # noqa: N818  (says what happened)
    """What was asked is not there any more."""


def plain(text: str) -> str:
    """Without the marks that keep names of other scripts in their place."""
    return text.replace("\u2068", "").replace("\u2069", "")


def _wait(so: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not so():
        assert time.monotonic() < end
