"""Heights are kept, since Qt asks for the same ones again and again, and measured anew after a change."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from earmark.ui.flow import flow
from earmark.ui.parts import Label
from earmark.ui.prose import Prose

WIDTH = 300
SHORT, LONG = "A few words.", "Many words that go on for more than one line. " * 6


def heights(prose: Prose) -> list[int]:
    """How high it is at many widths."""
    return [prose.heightForWidth(width) for width in range(100, 900, 10)]


@pytest.mark.parametrize(
    "change",
    [
        lambda prose: prose.say(LONG),
        lambda prose: prose.embolden(((0, 60),)),
    ],
    ids=["says something else", "is set in bold"],
)
def test_a_paragraph_that_changed_is_measured_like_a_new_one(
    change: Callable[[Prose], None], qtbot: QtBot
) -> None:
    kept, fresh = Prose("m" * 60, 15), Prose("m" * 60, 15)
    for each in (kept, fresh):
        qtbot.addWidget(each)
    before = heights(kept)
    for each in (kept, fresh):
        change(each)
    assert heights(kept) == heights(fresh) != before


def test_a_paragraph_grows_with_its_font(qtbot: QtBot) -> None:
    prose = Prose(LONG, 15)
    qtbot.addWidget(prose)
    before = prose.heightForWidth(WIDTH)
    larger = prose.font()
    larger.setPointSizeF(2 * larger.pointSizeF())
    prose.setFont(larger)
    assert prose.heightForWidth(WIDTH) > before


@pytest.mark.parametrize("change", ["a longer text", "one less"])
def test_things_side_by_side_that_changed_are_measured_anew(change: str, qtbot: QtBot) -> None:
    labels = [Label(f"Word {number}", wrap=False) for number in range(8)]
    holder = flow(labels)
    qtbot.addWidget(holder)
    holder.resize(WIDTH, 200)
    holder.show()
    layout = holder.layout()
    assert layout is not None
    before = layout.heightForWidth(WIDTH)
    if change == "a longer text":
        for label in labels:
            label.setText(3 * label.text())
    else:
        for label in labels[2:]:
            label.hide()
    QApplication.processEvents()
    assert (layout.heightForWidth(WIDTH) > before) is (change == "a longer text")
    assert layout.heightForWidth(WIDTH) != before


def test_what_is_taken_out_of_a_row_of_things_no_longer_counts(qtbot: QtBot) -> None:
    labels = [Label(f"Word {number}", wrap=False) for number in range(8)]
    holder = flow(labels)
    qtbot.addWidget(holder)
    layout = holder.layout()
    assert layout is not None
    before = layout.heightForWidth(WIDTH)
    while layout.count() > 1:
        layout.takeAt(1)
    assert layout.heightForWidth(WIDTH) < before
