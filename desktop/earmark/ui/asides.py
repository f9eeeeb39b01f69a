"""Questions of the window that are answered beside all work; see `pipeline.beside`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from earmark.pipeline import Tools
    from earmark.pipeline.beside import Beside, Question
    from earmark.records import Progress
    from earmark.ui.work import JobsLike

REST_S = 5.0


class Rest:
    """So that the same is not asked again with every change while a thousand feeds are looked at."""

    def __init__(self) -> None:
        self._until_s = 0.0

    def is_over(self) -> bool:
        """Whether it may be asked; then a new rest begins."""
        now_s = time.monotonic()
        over = now_s >= self._until_s
        if over:
            self._until_s = now_s + REST_S
        return over


class Asides(QObject):
    """One thread for each kind of question; answers arrive on the thread that made this object.

    Signals: progressed(Progress).
    """

    progressed = Signal(object)
    _answered = Signal(str, int, object, object)

    def __init__(self, jobs: JobsLike) -> None:
        super().__init__()
        self._jobs = jobs
        self._tools: Tools | None = None
        self._kinds: dict[str, Beside] = {}
        self._open: dict[str, tuple[Question, Callable[[Any], None]]] = {}
        self._numbers: dict[str, int] = {}
        self._closed = False
        self._answered.connect(self._give, Qt.ConnectionType.QueuedConnection)
        jobs.renewing.connect(self._renew)

    def find(self, kind: str, question: Question, answered: Callable[[Any], None]) -> None:
        """Have it answered in place of those of its kind before; `answered` gets a KnownError at a fault."""
        if self._closed:
            return
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        self._open[kind] = question, answered
        if self._tools is None:
            self._jobs.ask(lambda tools, _watch: tools, self._begin)
            return
        if kind not in self._kinds:
            from earmark.pipeline.beside import Beside

            self._kinds[kind] = Beside(self._tools, self._tell)
        self._kinds[kind].ask(question, lambda answer: self._answered.emit(kind, number, answered, answer))

    def stop(self, kind: str) -> None:
        """Let go of the question of this kind, also of an answer that is on its way."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        self._open.pop(kind, None)
        if kind in self._kinds:
            self._kinds[kind].stop()

    def close(self) -> None:
        """Let go of everything."""
        self._closed = True
        for kind in self._kinds.values():
            kind.close()

    def _begin(self, tools: Tools) -> None:
        if self._tools is None:
            self._tools = tools
            self._ask_again()

    @Slot()
    def _renew(self) -> None:
        """Whoever answers with what is closed now is let go of; what is asked, others shall answer."""
        self._tools = None
        kinds, self._kinds = self._kinds, {}
        for kind in kinds.values():
            kind.close(wait_s=0.0)
        self._ask_again()

    def _ask_again(self) -> None:
        for kind, (question, answered) in list(self._open.items()):
            self.find(kind, question, answered)

    def _tell(self, progress: Progress) -> None:
        self.progressed.emit(progress)

    def _give(self, kind: str, number: int, answered: Callable[[Any], None], answer: object) -> None:
        if not self._closed and number == self._numbers[kind]:
            del self._open[kind]
            answered(answer)
