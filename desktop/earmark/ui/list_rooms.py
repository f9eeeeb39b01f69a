"""The rooms of Library and Saved."""

from earmark.ui.desk import Desk
from earmark.ui.list_pages import LibraryPage, ListedShow, SavedPage
from earmark.ui.words import tr


class LibraryRoom:
    """Shows "Library"."""

    kinds = ("Library",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.page = LibraryPage()
        self.page.folded.connect(lambda: self.show("Library"))

    def name(self, _address: str) -> str:
        """Library."""
        return tr("Library")

    def show(self, _address: str) -> None:
        """All shows with their newest episodes."""
        reader = self._desk.reader
        counts = reader.episode_counts()
        shows = [
            ListedShow(
                feed,
                counts.get(feed.id, 0),
                tuple(reader.episode_rows(feed_ids=[feed.id], most=self.page.wanted(feed.id))),
            )
            for feed in reader.feeds()
        ]
        self.page.show_feeds(shows)


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
