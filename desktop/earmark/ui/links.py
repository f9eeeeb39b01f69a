"""Links of publishers: only to the web, with their host named before they are opened."""

import os
import subprocess
import sys

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from earmark.export import web_address
from earmark.hiding import host_of

_FROZEN_LINUX = sys.platform.startswith("linux") and getattr(sys, "frozen", False)


def link_host(link: str | None) -> str:
    """The host that a link leads to; nothing where it leads nowhere that may be opened."""
    address = web_address(link)
    return host_of(address) if address else ""


def open_link(link: str | None) -> bool:
    """Open a link in the user's browser; False for one that is none of the web."""
    address = web_address(link)
    if address is None:
        return False
    if _FROZEN_LINUX:  # the libraries of the frozen program would make the browser crash
        clean = {**os.environ, "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH_ORIG", "")}
        subprocess.Popen(["xdg-open", address], env=clean, stdin=subprocess.DEVNULL)
        return True
    return QDesktopServices.openUrl(QUrl(address))
