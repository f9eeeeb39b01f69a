"""What goes on around the program: does the computer run on battery, and does somebody use it?

The one place that asks the system. Nothing is installed for it: each system has a call of its own, reached
through ctypes, or on Linux one of the desktops' services through `busctl`, which comes with systemd. What
cannot be known is None, and nobody waits for it.
"""

import ctypes
import ctypes.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psutil

ASK_S = 2.0
"""How long a desktop's service may take to answer."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`on_battery`: None where there is no battery. `idle_s`: since the last key or move of the mouse; None
    where the system does not tell."""

    on_battery: bool | None = None
    idle_s: float | None = None


Look = Callable[[], Surroundings]


def look_around() -> Surroundings:
    """How it is now. Takes some milliseconds."""
    return Surroundings(_on_battery(), _idle_s())


def is_metered() -> bool | None:
    """Whether the connection is paid for by the amount, as NetworkManager knows or guesses; None where the
    system does not tell (no NetworkManager, Windows, macOS). Takes some milliseconds."""
    if sys.platform != "linux":
        return None
    manager = "org.freedesktop.NetworkManager"
    place = "/org/freedesktop/NetworkManager"
    return metered(_bus("get-property", manager, place, manager, "Metered"))


def metered(answer: object) -> bool | None:
    """What a value of NMMetered means: 1 yes, 3 guessed yes, 2 no, 4 guessed no, 0 not known.

    >>> [metered(value) for value in (1, 3, 2, 4, 0, None, "yes")]
    [True, True, False, False, None, None, None]
    """
    return {1: True, 3: True, 2: False, 4: False}.get(answer) if type(answer) is int else None


def _on_battery() -> bool | None:
    try:
        battery = psutil.sensors_battery()
    except (OSError, AttributeError, psutil.Error):  # a system without such a question
        return None
    if battery is None or battery.power_plugged is None:
        return None
    return not battery.power_plugged


def _idle_s() -> float | None:
    if sys.platform == "win32":
        return _idle_on_windows()
    if sys.platform == "darwin":
        return _idle_on_mac()
    if os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        return _idle_on_x11()
    return _idle_of_desktop()


def _idle_on_windows() -> float | None:
    class LastInput(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint), ("tick_ms", ctypes.c_uint))

    windows: Any = getattr(ctypes, "windll", None)
    last = LastInput(ctypes.sizeof(LastInput), 0)
    if not windows or not windows.user32.GetLastInputInfo(ctypes.byref(last)):
        return None
    now_ms = windows.kernel32.GetTickCount() & 0xFFFFFFFF
    return float((now_ms - last.tick_ms) % 2**32) / 1000  # both begin again after 49 days


def _idle_on_mac() -> float | None:
    of_this_session, any_input = 0, 0xFFFFFFFF
    name = ctypes.util.find_library("ApplicationServices")
    if name is None:
        return None
    ask = ctypes.CDLL(name).CGEventSourceSecondsSinceLastEventType
    ask.restype, ask.argtypes = ctypes.c_double, [ctypes.c_int32, ctypes.c_uint32]
    return float(ask(of_this_session, any_input))


class _ScreenSaverInfo(ctypes.Structure):
    """XScreenSaverInfo of X11/extensions/scrnsaver.h."""

    _fields_ = (
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("til_or_since", ctypes.c_ulong),
        ("idle_ms", ctypes.c_ulong),
        ("event_mask", ctypes.c_ulong),
    )


def _idle_on_x11() -> float | None:
    """By the screen saver extension; the connection lasts no longer than the question."""
    try:
        x11, saver = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
    except OSError:  # not installed
        return _idle_of_desktop()
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    if not display:
        return None
    try:
        number, info = ctypes.c_int(), _ScreenSaverInfo()
        if not saver.XScreenSaverQueryExtension(display, ctypes.byref(number), ctypes.byref(number)):
            return None
        root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
        known = saver.XScreenSaverQueryInfo(display, root, ctypes.byref(info))
        return info.idle_ms / 1000 if known else None
    finally:
        x11.XCloseDisplay(display)


def _idle_of_desktop() -> float | None:
    """By GNOME's or KDE's own service, both in milliseconds, then by what the desktop told the system."""
    for service, path, interface, method in (
        (
            "org.gnome.Mutter.IdleMonitor",
            "/org/gnome/Mutter/IdleMonitor/Core",
            "org.gnome.Mutter.IdleMonitor",
            "GetIdletime",
        ),
        (
            "org.kde.screensaver",
            "/org/freedesktop/ScreenSaver",
            "org.freedesktop.ScreenSaver",
            "GetSessionIdleTime",
        ),
    ):
        answer = _bus("--user", "call", service, path, interface, method)
        if isinstance(answer, list) and answer and isinstance(answer[0], int):
            return answer[0] / 1000
    return _idle_by_logind(time.time())


def _idle_by_logind(now_s: float) -> float | None:
    """The hint of the session; one that no desktop ever gave says nothing."""
    of_session = (
        "org.freedesktop.login1",
        "/org/freedesktop/login1/session/auto",
        "org.freedesktop.login1.Session",
    )
    hint = _bus("get-property", *of_session, "IdleHint")
    since_us = _bus("get-property", *of_session, "IdleSinceHint")
    if not isinstance(hint, bool) or not isinstance(since_us, int) or since_us == 0:
        return None
    return max(0.0, now_s - since_us / 1e6) if hint else 0.0


def _bus(*arguments: str) -> Any:
    """What a service of the desktop answers, or None where there is no such service, or no bus."""
    try:
        asked = ["busctl", "--json=short", "--no-pager", "--auto-start=no", *arguments]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=ASK_S, check=True)
        return json.loads(done.stdout)["data"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return None
