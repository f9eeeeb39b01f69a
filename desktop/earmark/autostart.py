"""Start with the computer: off until the user turns it on. One entry where each system looks for it."""

import os
import plistlib
import sys
from contextlib import suppress
from pathlib import Path

from earmark.errors import KnownError
from earmark.kept import put
from earmark.paths import Paths, default_paths, self_argv

NAME, LABEL = "earmark", "org.earmark.Earmark"
_WINDOWS_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


def starts_itself() -> bool:
    """Whether Earmark is opened when the user logs in."""
    if sys.platform == "win32":
        return _windows_value() is not None
    return entry_file().is_file()


def set_autostart(paths: Paths, on: bool) -> None:
    """Open this profile when the user logs in, or no longer. Raises KnownError."""
    argv = self_argv(*([] if paths == default_paths() else ["--data-dir", str(paths.data)]))
    try:
        if sys.platform == "win32":
            _set_windows_value(argv if on else None)
        elif on:
            put(entry_file(), launch_agent(argv) if sys.platform == "darwin" else desktop_entry(argv))
        else:
            entry_file().unlink(missing_ok=True)
    except OSError as error:
        raise KnownError(
            f"Starting with the computer could not be changed ({error.strerror or error})."
        ) from error


def entry_file() -> Path:
    """The file that says so, on systems that have one: XDG autostart, or a LaunchAgent."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    chosen = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(chosen) if chosen.startswith("/") else Path.home() / ".config"
    return folder / "autostart" / f"{NAME}.desktop"


def desktop_entry(argv: list[str]) -> bytes:
    """The entry of XDG's Autostart Specification.

    >>> print(desktop_entry(["/opt/my earmark", "50%"]).decode().splitlines()[3])
    Exec="/opt/my earmark" "50%%"
    """
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Name=Earmark",
        f"Exec={_exec_line(argv)}",
        "Terminal=false",
    )
    return ("\n".join(lines) + "\n").encode()


def launch_agent(argv: list[str]) -> bytes:
    """The property list of a macOS LaunchAgent."""
    return plistlib.dumps({"Label": LABEL, "ProgramArguments": argv, "RunAtLoad": True})


def _exec_line(argv: list[str]) -> str:
    """Quoted as the Desktop Entry Specification has it: first for Exec, then as a value of the file."""
    quoted = []
    for argument in argv:
        text = "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in argument).replace("%", "%%")
        quoted.append(f'"{text}"'.replace("\\", "\\\\"))
    return " ".join(quoted)


def _windows_value() -> str | None:
    if sys.platform != "win32":
        return None
    import winreg

    with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _WINDOWS_KEY) as key:
        return str(winreg.QueryValueEx(key, NAME)[0])
    return None


def _set_windows_value(argv: list[str] | None) -> None:
    if sys.platform != "win32":
        return
    import subprocess
    import winreg

    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _WINDOWS_KEY) as key:
        if argv is not None:
            winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(argv))
        else:
            with suppress(FileNotFoundError):
                winreg.DeleteValue(key, NAME)
