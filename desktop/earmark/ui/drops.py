"""Links, texts and files that are dropped anywhere on the window."""

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class Drops(QObject):
    """Takes what is dropped on a window. Signals: dropped(str): addresses and paths, one a line."""

    dropped = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Take what says something that could be a show."""
        if event.type() not in (QEvent.Type.DragEnter, QEvent.Type.Drop) or not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        text = text_of(event.mimeData())
        if text:
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self.dropped.emit(text)
        return bool(text)


def text_of(data: QMimeData) -> str:
    """Paths and addresses, or else the text that was dropped."""
    urls = [url.toLocalFile() or url.toString() for url in data.urls()]
    return "\n".join(urls) or data.text().strip()
