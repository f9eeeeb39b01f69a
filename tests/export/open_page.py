"""Opens a page in Chromium (QtWebEngine) without a screen, and prints as JSON what it did and what it shows.

Run as a program of its own, since the browser must be there before any other part of Qt:
`python open_page.py PAGE.html`. `requests` are all addresses that the page asked for.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--no-sandbox --disable-gpu"  # it also runs as root, in CI

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

LONGEST_MS = 60_000
LOOK_EVERY_MS = 100
LOOK = """JSON.stringify({
  headlines: [...document.querySelectorAll('h2')].map(h => h.textContent),
  quotes: [...document.querySelectorAll('blockquote')].map(q => q.textContent.trim()),
  sounds: [...document.querySelectorAll('audio')].map(a => a.duration || 0),
  faults: [...document.querySelectorAll('audio')].map(a => a.error ? a.error.message : ''),
  pwned: window.pwned === undefined ? 'no' : 'yes',
  deadLinks: [...document.querySelectorAll('a[href^="#"]')]
    .filter(a => !document.getElementById(a.getAttribute('href').slice(1))).length,
  wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
})"""


class Requests(QWebEngineUrlRequestInterceptor):
    """Remembers every address that the page asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:  # noqa: N802  (Qt's name)
        """One request, before it is made."""
        self.seen.append(info.requestUrl().toString()[:100])


def main(page: Path) -> None:
    """Load the page, have every sound decoded, print what there is, end."""
    application = QApplication(sys.argv[:1])
    view, requests = QWebEngineView(), Requests()
    view.page().profile().setUrlRequestInterceptor(requests)
    view.resize(900, 1200)
    # A page on the disk may ask for anything, as in a browser; Qt would stop it before the listener hears.
    may = QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls
    view.page().settings().setAttribute(may, True)

    def look(found: Any) -> None:
        told = json.loads(found)
        if all(told["sounds"]) or any(told["faults"]):
            print(json.dumps({**told, "requests": requests.seen}))  # noqa: T201
            application.quit()
        else:
            QTimer.singleShot(LOOK_EVERY_MS, ask)

    def ask() -> None:
        view.page().runJavaScript(LOOK, look)

    def loaded(_ok: bool) -> None:
        view.page().runJavaScript("document.querySelectorAll('audio').forEach(a => a.load())")
        view.page().runJavaScript("document.querySelectorAll('audio').forEach(a => a.preload = 'auto')")
        ask()

    view.loadFinished.connect(loaded)
    view.show()
    view.load(QUrl.fromLocalFile(str(page)))
    QTimer.singleShot(LONGEST_MS, application.quit)
    application.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
