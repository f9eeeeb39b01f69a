"""A week looked back on: the best of its briefs, what was saved in it, and what was heard again and again."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal

from earmark.pipeline import Review
from earmark.records import Card
from earmark.ui.flow import spread
from earmark.ui.insight_row import InsightRow
from earmark.ui.page import Page
from earmark.ui.parts import SEMI_BOLD, Label, Title, button, hairline, row
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID
from earmark.ui.weeks import week_beside, week_name
from earmark.ui.words import count_of, tr

MOST = 5


class ReviewPage(Page):
    """A week. Signals: acted(str, str): see `deeds`; week_asked(str): 2026-W48; saved_asked()."""

    acted = Signal(str, str)
    week_asked = Signal(str)
    saved_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("The week"))

    def show_week(self, week: str, found: Review, *, earlier: bool, later: bool) -> None:
        """Set a week."""
        if not self.begin(week, found, earlier, later):
            return
        words = [
            button(word, "word", partial(self.week_asked.emit, week_beside(week, step)), name=spoken)
            for there, word, step, spoken in (
                (earlier, tr("Earlier"), -1, tr("The week before")),
                (later, tr("Later"), 1, tr("The week after")),
            )
            if there
        ]
        title = Title(week_name(week))
        self.add(spread(title, words), ringed="right")
        self.add(Label(coverage(found), 13, "muted"), 6)
        if not (found.best or found.saved or found.heard_often):
            self.add(Prose(tr("Nothing was shown in this week, and nothing saved."), 15), 3 * GRID)
        best = {card.insight.id for card in found.best}
        self._add_part(tr("The best"), found.best)
        self._add_part(tr("You saved"), [card for card in found.saved if card.insight.id not in best])
        self._add_part(tr("Heard often"), found.heard_often)
        self.finish()

    def show_looking(self, week: str) -> None:
        """The library is being asked."""
        if self.begin(week, "looking"):
            self.add(Title(week_name(week)))
            self.add(Label(tr("Looking through your library"), 13, "muted"), 6)
            self.finish()

    def _add_part(self, title: str, cards: Sequence[Card]) -> None:
        """What there is of one kind; of very much, the first."""
        if not cards:
            return
        self.add(Label(title, 15, "ink", weight=SEMI_BOLD), 4 * GRID)
        self.column.addSpacing(4)
        for card in cards[:MOST]:
            self.add(hairline())
            self.rows[card.insight.id] = InsightRow(card, self.acted.emit)
            self.add(self.rows[card.insight.id], ringed="both")
        if len(cards) > MOST:
            more = len(cards) - MOST
            text = count_of(more, "and %n more, in Saved", "and %n more, in Saved")
            self.add(hairline())
            self.add(row(button(text, "word", self.saved_asked.emit), None), GRID, ringed="left")


def coverage(found: Review) -> str:
    """“23 insights in 5 briefs”."""
    if not found.days:
        return tr("No brief in this week")
    insights = count_of(found.shown, "%n insight", "%n insights")
    briefs = count_of(found.days, "%n brief", "%n briefs")
    return tr("{insights} in {briefs}").format(insights=insights, briefs=briefs)
