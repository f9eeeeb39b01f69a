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
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from typist import plain

LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
SPI = "org.a11y.atspi"
ROOT = "/org/a11y/atspi/accessible/root"
PROPERTIES = "org.freedesktop.DBus.Properties"
SHOWING, CHECKED = 25, 4
WAIT_S = 150.0
LOOK_EVERY_S = 0.05
AGAIN_S = 2.0


def missing() -> list[str]:
    """The programs of the system that are not here."""
    needed = [name for name in ("Xvfb", "dbus-daemon") if shutil.which(name) is None]
    return needed if LAUNCHER.exists() else [*needed, "at-spi2-core"]


@contextmanager
def desktop(home: Path) -> Iterator[dict[str, str]]:
    """A screen and a session with its accessibility bus; the environment for programs on it."""
    with ExitStack() as stack:
        read, write = os.pipe()
        size = ("-screen", "0", "1600x1200x24")
        screen = ["Xvfb", "-displayfd", str(write), *size, "-nolisten", "tcp", "-noreset"]
        stack.enter_context(_running(screen, {**os.environ}, (write,)))
        os.close(write)
        with os.fdopen(read) as told:
            display = told.readline().strip()  # to its end: a screen that cannot tell its number goes away
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


class Ears:
    """One program, heard."""

    def __init__(self, environment: dict[str, str]) -> None:
        session = open_dbus_connection(environment["DBUS_SESSION_BUS_ADDRESS"])
        where = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
        (address,) = session.send_and_get_reply(new_method_call(where, "GetAddress"), timeout=20).body
        session.close()
        self._bus: DBusConnection = open_dbus_connection(address)
        self._announced: deque[Any] = deque()
        self._focused: deque[Any] = deque(maxlen=1)
        self._program: tuple[str, str] | None = None
        self._listen()

    def close(self) -> None:
        """No longer."""
        self._bus.close()

    def things(self) -> Iterator[Heard]:
        """All that is showing, from the top."""
        yield from self._below(self._root(), 0)

    def find(self, role: str, name: str, end: str = "") -> Heard:
        """What is showing with this role, whose name begins and ends so; waits for it."""
        found: list[Heard] = []

        def look() -> bool:
            found[:] = self._called(role, name, end)
            return bool(found)

        self.until(look, f"{role} {name!r}")
        return found[0]

    def _called(self, role: str, name: str, end: str = "") -> list[Heard]:
        own = [each for each in self.things() if each.role == role]
        return [each for each in own if plain(each.name).startswith(name) and plain(each.name).endswith(end)]

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
            with suppress(TimeoutError):
                self._bus.recv_messages(timeout=LOOK_EVERY_S)
            if time.monotonic() > end:
                told = [f"{'  ' * each.depth}{each.role} {each.name!r}" for each in self.things()]
                raise AssertionError(f"{what} never came; there is:\n" + "\n".join(told))

    def act(self, thing: Heard, deed: str) -> None:
        """Do one of its actions, by the name that the bus has for it."""
        count = self._get(thing.place, f"{SPI}.Action", "NActions")
        names = [self._call(thing.place, f"{SPI}.Action", "GetName", "i", (n,))[0] for n in range(count)]
        assert deed in names, f"{thing.role} {thing.name!r} has {names}"
        self._call(thing.place, f"{SPI}.Action", "DoAction", "i", (names.index(deed),))

    def press(self, role: str, name: str, end: str = "") -> None:
        """Find and press, or turn what can be turned; again where it was set anew just then."""
        self.until(lambda: self._pressed(role, name, end), f"{role} {name!r}")

    def open(self, name: str, text: str) -> None:
        """Press a button until a text of what it opens is heard: a button feels a press a moment later, and
        may have been set anew by then."""
        again_s = 0.0

        def opened() -> bool:
            nonlocal again_s
            if not self.hears(text) and time.monotonic() >= again_s and self._pressed("push button", name):
                again_s = time.monotonic() + AGAIN_S
            return self.hears(text)

        self.until(opened, repr(text))

    def _pressed(self, role: str, name: str, end: str = "") -> bool:
        deed = "Toggle" if role in ("radio button", "check box") else "Press"
        for thing in self._called(role, name, end)[:1]:
            with suppress(Gone):
                self.act(thing, deed)
                return True
        return False

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

    def announced(self) -> list[str]:
        """All that was announced until now."""
        self._call(("org.freedesktop.DBus", "/"), "org.freedesktop.DBus.Peer", "Ping")
        return [plain(str(message.body[3][1])) for message in self._announced]

    def choose(self, name: str) -> None:
        """Take what is called so from the menu that has just opened. A menu is no part of the tree: who
        hears knows of it by what the focus came to."""
        found: list[Heard] = []

        def look() -> bool:
            self.announced()
            if self._focused:
                message = self._focused[0]
                place = (message.header.fields[HeaderFields.sender], message.header.fields[HeaderFields.path])
                found[:] = [each for each in self._beside(place) if plain(each.name) == name]
            return bool(found)

        self.until(look, f"menu item {name!r}")
        self.act(found[0], "Press")

    def _beside(self, place: tuple[str, str]) -> Iterator[Heard]:
        """What stands in a menu with that."""
        try:
            if self._call(place, f"{SPI}.Accessible", "GetRoleName")[0] == "menu item":
                above = tuple(self._get(place, f"{SPI}.Accessible", "Parent"))
                for child in self._call(above, f"{SPI}.Accessible", "GetChildren")[0]:
                    yield self._look(tuple(child), 0, frozenset())
        except Gone:
            return

    def _listen(self) -> None:
        registry = (f"{SPI}.Registry", "/org/a11y/atspi/registry")
        kept: tuple[tuple[str, deque[Any]], ...] = (
            ("Announcement", self._announced),
            ("StateChanged", self._focused),
        )
        for member, queue in kept:
            rule = MatchRule(type="signal", interface=f"{SPI}.Event.Object", member=member)
            if member == "StateChanged":
                rule.add_arg_condition(0, "focused")
            self._bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=20)
            self._bus.filter(rule, queue=queue).__enter__()
        for event in ("object:announcement", "object:state-changed:focused"):
            self._call(registry, f"{SPI}.Registry", "RegisterEvent", "sass", (event, [], ""))

    def _root(self) -> tuple[str, str]:
        if self._program is None:
            found: list[tuple[str, str]] = []

            def look() -> bool:
                place = (f"{SPI}.Registry", ROOT)
                found[:] = self._call(place, f"{SPI}.Accessible", "GetChildren")[0]
                return bool(found)

            _wait(look)
            self._program = found[-1]
        return self._program

    def _below(self, place: tuple[str, str], depth: int) -> Iterator[Heard]:
        try:
            states = self._states(place)
            if depth and SHOWING not in states:
                return
            thing = self._look(place, depth, states)
            children = self._call(place, f"{SPI}.Accessible", "GetChildren")[0]
        except Gone:
            return
        yield thing
        for child in children:
            yield from self._below(tuple(child), depth + 1)

    def _states(self, place: tuple[str, str]) -> frozenset[int]:
        low, high = self._call(place, f"{SPI}.Accessible", "GetState")[0]
        bits = low | (high << 32)
        return frozenset(n for n in range(64) if bits >> n & 1)

    def _look(self, place: tuple[str, str], depth: int, states: frozenset[int]) -> Heard:
        accessible = f"{SPI}.Accessible"
        role = self._call(place, accessible, "GetRoleName")[0]
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


def _wait(so: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not so():
        assert time.monotonic() < end, "no program came"
