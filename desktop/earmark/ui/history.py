"""Where the user was, like a browser. It knows addresses only; see `desk`."""

from earmark.ui.page import Mark


class History:
    """The places visited, which of them is shown, and where on each the user was."""

    def __init__(self, first: str) -> None:
        self._visited = [first]
        self._marks = [Mark()]
        self._at = self._from = 0

    @property
    def here(self) -> str:
        """What is shown."""
        return self._visited[self._at]

    @property
    def before(self) -> str | None:
        """Where `back` leads."""
        return self._visited[self._at - 1] if self._at else None

    @property
    def after(self) -> str | None:
        """Where `forward` leads."""
        return self._visited[self._at + 1] if self._at + 1 < len(self._visited) else None

    @property
    def mark(self) -> Mark:
        """Where the user was on the page that is shown, when they left it."""
        return self._marks[self._at]

    def keep(self, mark: Mark) -> None:
        """Remember where the user is on the page that is shown."""
        self._marks[self._at] = mark

    def visit(self, place: str) -> None:
        """Go somewhere new; what lay ahead is forgotten, as in a browser."""
        self._from = self._at
        if place != self.here:
            self._visited = [*self._visited[: self._at + 1], place]
            self._marks = [*self._marks[: self._at + 1], Mark()]
            self._at += 1

    def back(self) -> str | None:
        """Go back; None at the beginning."""
        if self.before is None:
            return None
        self._from = self._at
        self._at -= 1
        return self.here

    def forward(self) -> str | None:
        """Go forward; None at the end."""
        if self.after is None:
            return None
        self._from = self._at
        self._at += 1
        return self.here

    def drop(self) -> None:
        """Forget the place that is shown, since it leads nowhere; stand again where the user came from."""
        if self._from != self._at:
            del self._visited[self._at], self._marks[self._at]
            self._at = self._from = self._from - (self._from > self._at)

    def replace(self, place: str) -> None:
        """Stand at another place in place of the one that is shown, which is no longer there."""
        self._visited[self._at], self._marks[self._at] = place, Mark()
