"""The room of an insight."""

from dataclasses import replace

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from earmark.records import InsightId
from earmark.ui.desk import Desk, rest_of
from earmark.ui.insight_page import InsightPage
from earmark.ui.notes import Notes
from earmark.ui.sharing import picture_of
from earmark.ui.words import shown, tr

AROUND_SEGMENTS = 24


class InsightRoom:
    """Shows "insight/ID", and a bare id."""

    kinds = ("insight",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shown: InsightId | None = None
        self.page = InsightPage()
        self.notes = Notes(desk)
        self.page.acted.connect(desk.act)
        self.page.noted.connect(self.notes.keep)
        self.page.shared.connect(self._share)
        desk.moved.connect(self.page.show_heard)

    def name(self, address: str) -> str:
        """Its headline."""
        cards = self._desk.reader.cards([_id(address)])
        return shown(next((card.insight.headline for card in cards), ""))

    def show(self, address: str) -> None:
        """The insight with the words around its quotation, and what is related. Raises KnownError."""
        self.page.keep_note()
        reader, history = self._desk.reader, self._desk.history
        card = reader.card(_id(address))
        card = replace(card, note=self.notes.words(card.insight.id, card.note))
        self._shown = card.insight.id
        first, last = card.insight.first_segment, card.insight.last_segment
        self.page.show_insight(
            card,
            reader.segments(card.episode_id, first - AROUND_SEGMENTS, last + AROUND_SEGMENTS),
            reader.related(card.insight.id),
            self._desk.name_of(history.before or "Today"),
            back=history.before is not None,
            forward=history.after is not None,
        )

    def _share(self, how: str) -> None:
        if self._shown is None:
            return
        picture = picture_of(self._desk.reader.card(self._shown), self.page)
        if how == "picture":
            QGuiApplication.clipboard().setImage(picture)
            self._desk.say(tr("Copied as a picture."), briefly=True)
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        place = f"{folder}/earmark.png" if folder else "earmark.png"
        chosen, _ = QFileDialog.getSaveFileName(self.page, tr("Save as picture"), place, "PNG (*.png)")
        if chosen and not picture.save(chosen, "PNG"):  # type: ignore[call-overload]
            self._desk.say(tr("The picture could not be written there. Choose another place."))


def _id(address: str) -> InsightId:
    return InsightId(rest_of(address) or address)
