"""Opening a file or a folder with whatever the system has for it."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QProcessEnvironment, QUrl
from PySide6.QtGui import QDesktopServices


def open_path(path: Path) -> bool:
    """Whether somebody was found to open it.

    The frozen program on Linux brings libraries of its own, which must not be forced on other programs.
    """
    url = QUrl.fromLocalFile(str(path))
    if not (getattr(sys, "frozen", False) and sys.platform.startswith("linux")):
        return QDesktopServices.openUrl(url)
    process, environment = QProcess(), QProcessEnvironment.systemEnvironment()
    before = os.environ.get("LD_LIBRARY_PATH_ORIG")
    environment.remove("LD_LIBRARY_PATH")
    if before:
        environment.insert("LD_LIBRARY_PATH", before)
    process.setProcessEnvironment(environment)
    process.setProgram("xdg-open")
    process.setArguments([str(path)])
    return bool(process.startDetached()[0])
