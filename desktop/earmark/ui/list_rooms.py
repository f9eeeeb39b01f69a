"""The room of Saved."""

from earmark.ui.desk import Desk
from earmark.ui.list_pages import SavedPage
from earmark.ui.words import tr


class SavedRoom:
    """Shows "Saved"."""

    kinds = ("Saved",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.page = SavedPage()
        self.page.opened.connect(desk.go)
        self.page.played.connect(desk.played)

    def name(self, _address: str) -> str:
        """Saved."""
        return tr("Saved")

    def show(self, _address: str) -> None:
        """What the user saved."""
        self.page.show_cards(self._desk.reader.saved_cards())
