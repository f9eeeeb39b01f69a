"""Somebody who presses everything at random, always the same from the same seed."""

import random
from collections.abc import Callable

from every_room import addresses
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
)

from earmark.library import Library, Reader
from earmark.ui.main_window import MainWindow

KEYS = (
    Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Down,
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_F1, Qt.Key.Key_F5, Qt.Key.Key_F10,
)  # fmt: skip
LEFT_OUT = ("Quit", "Start with the computer, or no longer", "Whole screen, or no longer")
"""Commands that end the walk, or reach beyond the window."""
SIZES = ((1280, 860), (820, 700), (640, 600), (1000, 500))


class Monkey:
    """`act` does one thing at random and gives its name, for whoever looks for the cause of a fault."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self._window, self._draw = window, random.Random(seed)
        self._places = addresses(window)
        self._actions = [action for _title, each in window.menus for action in each]
        for action in self._actions:
            action.setEnabled(action.text() not in LEFT_OUT)
        self._deeds: tuple[tuple[int, Callable[[QWidget], str]], ...] = (
            (40, self._click), (30, self._key), (8, self._type), (10, self._command), (6, self._go),
            (2, self._resize), (4, self._leave),
        )  # fmt: skip

    def act(self) -> str:
        """One press, key or word, wherever the keyboard would go."""
        where = self._where()
        if isinstance(where, QFileDialog):  # Qt's own would let it delete files
            where.reject()
            return "no file"
        weights = [weight for weight, _ in self._deeds]
        ((_, deed),) = self._draw.choices(self._deeds, weights)
        done = deed(where)
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no loop runs here that would do it
        return done

    def _where(self) -> QWidget:
        """A menu before a dialog before the window."""
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._window

    def _click(self, where: QWidget) -> str:
        if isinstance(where, QMenu):
            return self._leave(where)
        kinds = (QAbstractButton, QAbstractItemView, QLineEdit)
        seen = [w for kind in kinds for w in where.findChildren(kind) if w.isVisible() and w.isEnabled()]
        seen = [w for w in seen if not isinstance(w, QToolButton)]  # Qt's own, whose menu waits for a person
        if not seen:
            return "nothing to click"
        chosen = self._draw.choice(seen)
        target = chosen.viewport() if isinstance(chosen, QAbstractItemView) else chosen
        x, y = (self._draw.randrange(max(1, side)) for side in (target.width(), target.height()))
        name = f"click {type(chosen).__name__} {chosen.accessibleName()[:40]!r}"
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, y))
        return name

    def _key(self, where: QWidget) -> str:
        key = self._draw.choice(KEYS)
        if isinstance(where, QMenu) and key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            key = Qt.Key.Key_Escape  # the menu holds what must be left out
        QTest.keyClick(QApplication.focusWidget() or where, key)
        return f"key {key.name}"

    def _type(self, where: QWidget) -> str:
        word = self._draw.choice(["example.org/feed", "sleep", "<b>&amp;", "שלום", "a" * 500, " ", "%n {x}"])
        target = QApplication.focusWidget() or where
        if isinstance(target, QLineEdit):
            target.insert(word)  # what comes from an input method comes whole
        return f"type {word[:20]!r}"

    def _command(self, _where: QWidget) -> str:
        action = self._draw.choice(self._actions)
        action.trigger()
        return f"command {action.text()}"

    def _go(self, _where: QWidget) -> str:
        address = self._draw.choice([*self._places, "insight/gone", "show/999999"])
        self._window.go(address)
        return f"go {address}"

    def _resize(self, _where: QWidget) -> str:
        size = self._draw.choice(SIZES)
        self._window.resize(*size)
        return f"resize {size}"

    def _leave(self, where: QWidget) -> str:
        if where is not self._window:
            QTest.keyClick(where, Qt.Key.Key_Escape)
        return "escape"


def let_nothing_block() -> None:
    """The system's own dialogs for files and printers would wait for a person for ever."""
    for name in ("getOpenFileName", "getSaveFileName", "getOpenFileNames"):
        setattr(QFileDialog, name, staticmethod(lambda *_a, **_k: ("", "")))
    QPrintDialog.exec = lambda *_a: 0  # type: ignore[assignment]
    QFileDialog.getExistingDirectory = staticmethod(lambda *_a, **_k: "")  # type: ignore[method-assign]


def rows(library: Reader | Library) -> dict[str, frozenset[object]]:
    """What may never be lost, whatever is pressed."""
    return {
        "insights": frozenset(insight.id for insight in library.insights()),
        "episodes": frozenset(episode.id for episode in library.episodes()),
        "days": frozenset(library.brief_dates()),
        "cards": frozenset(
            (day, item.insight_id)
            for day in library.brief_dates()
            if (page := library.brief(day))
            for item in page.brief.items
        ),
    }


def still_lives(window: MainWindow) -> bool:
    """Whether it can be left where it is, and goes where it is sent."""
    for _ in range(20):
        if (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        elif (dialog := QApplication.activeModalWidget()) is not None:
            dialog.close()
        QApplication.processEvents()
    reached = []
    for place in ("Library", "Today"):
        window.go(place)
        QApplication.processEvents()
        reached.append(window.desk.history.here == place)
    return all(reached) and window.isVisible() and QApplication.activeModalWidget() is None
