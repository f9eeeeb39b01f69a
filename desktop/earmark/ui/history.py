"""Where the user was, like a browser. A place is a name of PLACES, a date, or an insight's id."""


class History:
    """The places visited and which of them is shown."""

    def __init__(self, first: str) -> None:
        self._visited = [first]
        self._at = 0

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

    def visit(self, place: str) -> None:
        """Go somewhere new; what lay ahead is forgotten, as in a browser."""
        if place != self.here:
            self._visited = [*self._visited[: self._at + 1], place]
            self._at += 1

    def back(self) -> str | None:
        """Go back; None at the beginning."""
        if self.before is None:
            return None
        self._at -= 1
        return self.here

    def forward(self) -> str | None:
        """Go forward; None at the end."""
        if self.after is None:
            return None
        self._at += 1
        return self.here
