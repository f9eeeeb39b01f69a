"""The user's words on insights, from when they were typed until the library holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from earmark.errors import KnownError
from earmark.records import Changes, InsightId

if TYPE_CHECKING:
    from earmark.pipeline import Tools, Watch
    from earmark.ui.desk import Desk

AGAIN_MS = 10_000
"""Until a library that could not be written is asked again."""


class Notes(QObject):
    """Has notes written, again and again where that fails: words once typed are not typed a second time."""

    _ended = Signal(str, str, bool)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._open: dict[InsightId, tuple[str, str]] = {}
        self._written: dict[InsightId, str] = {}  # used by the thread that owns the library alone
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.try_again)
        self._ended.connect(self._end)

    def words(self, insight_id: InsightId, stored: str) -> str:
        """What the user wrote last, also where the library does not hold it yet."""
        return self._open.get(insight_id, (stored, ""))[0]

    def keep(self, insight_id: str, text: str, was: str) -> None:
        """Have the words written over `was`. A fault is said once, however often it is tried."""
        self._open[InsightId(insight_id)] = text, was
        self._write(InsightId(insight_id), quietly=False)

    @Slot()
    def try_again(self) -> None:
        """Have all that is not in the library yet written now."""
        for insight_id in tuple(self._open):
            self._write(insight_id, quietly=True)

    def _write(self, insight_id: InsightId, *, quietly: bool) -> None:
        text, was = self._open[insight_id]

        def write(tools: Tools, _watch: Watch) -> Changes:
            try:
                stands = tools.library.note(insight_id)
                over = stands if stands == self._written.get(insight_id) else was
                changes = tools.library.write_note(insight_id, text, was=over)
            except KnownError:
                self._ended.emit(insight_id, text, False)
                if quietly:
                    return Changes()
                raise
            self._written[insight_id] = text
            self._ended.emit(insight_id, text, True)
            return changes

        self._desk.do(write)

    @Slot(str, str, bool)
    def _end(self, insight_id: str, text: str, kept: bool) -> None:
        id_ = InsightId(insight_id)
        if not kept:
            self._again.start()
        elif self._open.get(id_, ("", ""))[0] == text:
            self._open.pop(id_, None)
