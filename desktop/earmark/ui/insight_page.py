"""Insight: the claim, the words that prove it where they were said, and what else the library holds on it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton

from earmark.records import Card, EpisodeId, InsightId, RelatedCard, Segment
from earmark.ui.deeds import deeds_menu, open_below, thumb_words
from earmark.ui.flow import flow
from earmark.ui.note import Note
from earmark.ui.page import Page
from earmark.ui.parts import SEMI_BOLD, Cut, Label, button, hairline, row
from earmark.ui.prose import Prose
from earmark.ui.quotation import AROUND_CHARACTERS, Quotation, quotation
from earmark.ui.related_row import RelatedRow, kind_words
from earmark.ui.theme import GRID
from earmark.ui.words import name, shown, span, tr

ALL_AROUND = 100_000


class InsightPage(Page):
    """One insight.

    Signals: acted(str, str): a deed and an insight's id (see `deeds`); noted(str, str, str): an insight's id,
    the user's words on it, and those that they were written over; shared(str): "picture" or "file";
    back_asked(), forward_asked().
    """

    acted = Signal(str, str)
    noted = Signal(str, str, str)
    shared = Signal(str)
    back_asked = Signal()
    forward_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Insight"))
        self._wide: set[InsightId] = set()
        self._note: Note | None = None
        self._noted_id: InsightId | None = None
        self._quote: Quotation | None = None
        self._episode_id: EpisodeId | None = None
        self._line_y = 0

    def show_insight(
        self,
        card: Card,
        around: Sequence[Segment],
        related: Sequence[RelatedCard],
        came_from: str,
        *,
        back: bool,
        forward: bool,
    ) -> None:
        """Set an insight; `around` is the transcript from a little before it to a little after."""
        insight = card.insight
        if self._noted_id == insight.id and self._note is not None:
            self._note.show_stored(card.note)
        else:
            self._note = None
        plain, around, related = replace(card, note=""), tuple(around), tuple(related)
        with_note = bool(card.note) or self._keeps_note(insight.id)
        content = (plain, around, related, came_from, back, forward, with_note, insight.id in self._wide)
        if not self.begin(insight.id, *content):
            return
        self._content = around, related, came_from, back, forward
        self._card, self._episode_id, self._line_y = card, card.episode_id, 0
        self._add_history(came_from, back=back, forward=forward)
        title = Label(shown(insight.headline), 26, "ink", serif=True, weight=SEMI_BOLD)
        self.add(title, 2 * GRID + 2)
        self.add(Prose(insight.text, 17, "ink", leading=1.6), GRID)
        reach = ALL_AROUND if insight.id in self._wide else AROUND_CHARACTERS
        self._quote = quotation(insight.quote, around, reach)
        self.add(self._quote, 2 * GRID + 2)
        self._add_byline(card)
        self._add_actions(card)
        focused = self._put_note(card) if with_note else False
        self._add_related(related)
        self.finish()
        if focused and self._note is not None:
            self._note.setFocus()

    def show_heard(self, episode_id: int, position_ms: int) -> None:
        """Mark what is said at a moment of an episode that plays, and scroll along with it."""
        if self._quote is None or not self.isVisible():
            return
        here = episode_id == self._episode_id and position_ms >= 0
        y = self._quote.show_heard(position_ms if here else None)
        inside = self.widget()
        if y is not None and y != self._line_y and inside is not None:
            self._line_y = y
            at = self._quote.mapTo(inside, self._quote.rect().topLeft()).y() + y
            self.ensureVisible(0, at, 0, 10 * GRID)

    def open_note(self) -> None:
        """Bring the keyboard to the note, with an empty one where there is none."""
        if self._note is None or self._noted_id != self._card.insight.id:
            self._begin_note(self._card)
            self._set_again()
        if self._note is not None:
            self._note.setFocus()
            self.ensureWidgetVisible(self._note)

    def keep_note(self) -> None:
        """Have what was typed kept now."""
        if self._note is not None:
            self._note.keep()

    def menu(self) -> QMenu:
        """What else can be done."""
        menu = deeds_menu(self._card, self.acted.emit, self)
        menu.addSeparator()
        menu.addAction(tr("Copy as picture"), lambda: self.shared.emit("picture"))
        menu.addAction(tr("Save as picture"), lambda: self.shared.emit("file"))
        return menu

    def _add_history(self, came_from: str, *, back: bool, forward: bool) -> None:
        back_word = button("←", "word", self.back_asked.emit, name=tr("Back"), px=15)
        forward_word = button("→", "word", self.forward_asked.emit, name=tr("Forward"), px=15)
        back_word.setEnabled(back)
        forward_word.setEnabled(forward)
        line = row(back_word, forward_word, 2, Cut(came_from, 13, "muted"), None, spacing=6)
        self.column.setContentsMargins(0, 3 * GRID + 2, 0, 6 * GRID)
        self.add(line, ringed="left")

    def _add_byline(self, card: Card) -> None:
        insight = card.insight
        proof = tr("Words matched to the transcript")
        if card.source == "speech":
            proof = tr("Words matched to what was heard on this computer")
        source = Cut(f"{name(card.feed_title)}, {name(card.episode_title)}", 13, "muted")
        times = Label(span(insight.start_ms, insight.end_ms), 13, "muted", wrap=False)
        wide = insight.id in self._wide
        word = tr("Less around it") if wide else tr("More around it")
        around = button(word, "word", self._turn_around)
        self.add(flow((source, times, Cut(proof, 13, "muted"), around), 2 * GRID), GRID)

    def _set_again(self) -> None:
        around, related, came_from, back, forward = self._content
        self.show_insight(self._card, around, related, came_from, back=back, forward=forward)

    def _turn_around(self) -> None:
        self._wide ^= {self._card.insight.id}
        self._set_again()

    def _add_actions(self, card: Card) -> None:
        def plain(text: str, deed: str) -> QPushButton:
            return button(text, "plain", lambda: self.acted.emit(deed, card.insight.id), px=14)

        play = button(
            tr("▶ Play this moment"), "main", lambda: self.acted.emit("play", card.insight.id), px=14
        )
        save = plain(tr("Saved"), "unsave") if card.saved else plain(tr("Save"), "save")
        note = button(tr("Note"), "plain", self.open_note, px=14)
        more = button(tr("More"), "plain", lambda: open_below(more, self.menu()), px=14)
        self.add(flow((play, save, note, plain(tr("Copy"), "copy"), more)), 3 * GRID)
        if said := thumb_words(card):
            self.add(Label(said, 13, "muted"), GRID + 4)
        if card.hidden:
            again = button(tr("Show it again"), "word", lambda: self.acted.emit("unhide", card.insight.id))
            said = tr("You hid this one.")
            self.add(row(Label(said, 13, "muted", wrap=False), again, None, spacing=6), GRID + 4)

    def _keeps_note(self, insight_id: InsightId) -> bool:
        return self._note is not None and self._noted_id == insight_id

    def _begin_note(self, card: Card) -> None:
        self._note, self._noted_id = Note(card.note), card.insight.id
        self._note.written.connect(lambda text, was, id_=card.insight.id: self.noted.emit(id_, text, was))

    def _put_note(self, card: Card) -> bool:
        """The note goes over to the new column as it is; whether it had the keyboard."""
        if not self._keeps_note(card.insight.id):
            self._begin_note(card)
        assert self._note is not None
        focused = self._note.hasFocus()
        self.add(self._note, 3 * GRID)
        return focused

    def _add_related(self, related: Sequence[RelatedCard]) -> None:
        self.add(Label(tr("Related Insights"), 15, "ink", weight=SEMI_BOLD), 4 * GRID)
        self.add(hairline(), 4)
        if not related:
            self.add(Label(tr("Nothing else in your library bears on this yet."), 15, "muted"), 2 * GRID)
        grouped = any(item.kind for item in related)
        for number, item in enumerate(related):
            begins = grouped and (number == 0 or item.kind != related[number - 1].kind)
            if number:
                self.add(hairline())
            if begins:
                self.add(Label(kind_words(item.kind), 13, "muted", weight=SEMI_BOLD), 2 * GRID - 2)
            related_row = RelatedRow(
                item, lambda id_: self.acted.emit("open", id_), lambda id_: self.acted.emit("play", id_)
            )
            self.add(related_row, ringed="both")
