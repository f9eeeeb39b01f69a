"""The room of an insight."""

from earmark.records import InsightId
from earmark.ui.desk import Desk, rest_of
from earmark.ui.insight_page import InsightPage
from earmark.ui.words import shown

AROUND_SEGMENTS = 6


class InsightRoom:
    """Shows "insight/ID", and a bare id."""

    kinds = ("insight",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.page = InsightPage()
        self.page.opened.connect(desk.go)
        self.page.save_asked.connect(desk.save)
        self.page.played.connect(desk.played)
        self.page.copied.connect(desk.copied)

    def name(self, address: str) -> str:
        """Its headline."""
        cards = self._desk.reader.cards([_id(address)])
        return shown(next((card.insight.headline for card in cards), ""))

    def show(self, address: str) -> None:
        """The insight with the words around its quotation, and what is related."""
        reader, history = self._desk.reader, self._desk.history
        card = reader.card(_id(address))
        first, last = card.insight.first_segment, card.insight.last_segment
        self.page.show_insight(
            card,
            reader.segments(card.episode_id, first - AROUND_SEGMENTS, last + AROUND_SEGMENTS),
            reader.related(card.insight.id),
            self._desk.name_of(history.before or "Today"),
            back=history.before is not None,
            forward=history.after is not None,
        )


def _id(address: str) -> InsightId:
    return InsightId(rest_of(address) or address)
