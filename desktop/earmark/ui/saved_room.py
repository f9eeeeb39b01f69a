"""The room of what the user saved."""

from collections.abc import Mapping, Sequence
from typing import cast

from earmark.library.insight_queries import SavedOrder
from earmark.pipeline.out import Wish
from earmark.records import Card, InsightId
from earmark.ui.deeds import deed_of, deeds_menu, open_at
from earmark.ui.desk import Desk
from earmark.ui.listed import Row
from earmark.ui.saved_page import SavedPage
from earmark.ui.sending import export
from earmark.ui.subject_page import card_row
from earmark.ui.words import count_of, tr


class SavedRoom:
    """Shows "Saved"."""

    kinds = ("Saved",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.page = page = SavedPage()
        page.opened.connect(lambda id_: desk.go(f"insight/{id_}"))
        page.played.connect(desk.played)
        page.keyed.connect(self._on_key)
        page.menu_asked.connect(self._open_menu)
        page.unsaved.connect(self._unsave)
        page.exported.connect(self._export)
        page.narrowed.connect(lambda: self.show("Saved"))

    def name(self, _address: str) -> str:
        """Saved."""
        return tr("Saved")

    def show(self, _address: str) -> None:
        """What the user saved, narrowed and in the order that they chose."""
        order = cast(SavedOrder, self.page.order.key)
        self.page.show_ids(self._desk.reader.saved_ids(self.page.words, order), self._rows)

    def _rows(self, ids: Sequence[InsightId]) -> Mapping[InsightId, Row]:
        return {card.insight.id: _row(card) for card in self._desk.reader.cards(ids)}

    def _card(self, insight_id: str) -> Card | None:
        return next(iter(self._desk.reader.cards([InsightId(insight_id)])), None)

    def _on_key(self, key: int, insight_id: str) -> None:
        card = self._card(insight_id)
        if card is not None and (deed := deed_of(key, card)) is not None:
            self._desk.act(deed, insight_id)

    def _open_menu(self, insight_id: str) -> None:
        if (card := self._card(insight_id)) is not None:
            open_at(deeds_menu(card, self._desk.act, self.page), self.page.view.menu_place)

    def _unsave(self, ids: list[str]) -> None:
        if ids:
            self._desk.unsave(ids)

    def _export(self, ids: list[str]) -> None:
        if ids:
            what = count_of(len(ids), "%n saved insight", "%n saved insights")
            export(self._desk, self.page, Wish(insights=tuple(InsightId(id_) for id_ in ids)), what)


def _row(card: Card) -> Row:
    """A saved insight; the user's note stands in place of its text."""
    if not card.note:
        return card_row(card, tell_saved=False)
    note = tr("Your note: {note}").format(note=" ".join(card.note.split()))
    return card_row(card, under=note, tell_saved=False)
