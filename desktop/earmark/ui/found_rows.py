"""What a search found and what an answer rests on, row by row."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from earmark.found import AnswerSentence, Found, FoundEpisode, Source
from earmark.ui.deeds import Act
from earmark.ui.insight_row import InsightRow
from earmark.ui.parts import (
    RING_ABOVE,
    SEMI_BOLD,
    Cut,
    Label,
    Linked,
    Tile,
    button,
    inset,
    play_word,
    row,
)
from earmark.ui.prose import Prose
from earmark.ui.quotation import quotation
from earmark.ui.theme import GRID
from earmark.ui.words import day_of, moment, name, shown, tr

Go = Callable[[str], object]
Hear = Callable[[int, int], object]


def found_row(found: Found, act: Act, go: Go, hear: Hear) -> QWidget:
    """A moment: an insight, or what is said."""
    if found.card is not None:
        return InsightRow(found.card, act, said=found.moment.text, marks=found.marks)
    return SaidRow(found, go, hear)


def address_of(found: Found) -> str:
    """The address that its row opens."""
    if found.card is not None:
        return f"insight/{found.card.insight.id}"
    return f"transcript/{found.moment.episode_id}/{found.moment.start_ms}"


class SaidRow(QWidget):
    """What is said somewhere, with the words that were asked for in bold; opens the transcript there."""

    def __init__(self, found: Found, go: Go, hear: Hear) -> None:
        super().__init__()
        moment_ = found.moment
        body = _body(self)
        prose = Prose(f"… {moment_.text} …", 15, "ink", serif=True)
        prose.embolden(tuple((begin + 2, end + 2) for begin, end in found.marks))
        body.addWidget(Linked(moment_.text, prose, partial(go, address_of(found))))
        body.addSpacing(GRID - RING_ABOVE)
        day = day_of(found.published_ms)
        play = play_word(
            moment_.start_ms, found.episode_title, partial(hear, moment_.episode_id, moment_.start_ms)
        )
        source = _source(found.feed_title, found.episode_title, day)
        body.addLayout(inset(row(Tile(found.feed_title), 4, *source, 1, play, None, spacing=6)))


class EpisodeRow(QWidget):
    """An episode whose title or notes hold the words."""

    def __init__(self, found: FoundEpisode, go: Go) -> None:
        super().__init__()
        body = _body(self)
        title = Label(shown(found.episode_title), 16, "ink", serif=True, weight=SEMI_BOLD)
        opens = Linked(found.episode_title, title, partial(go, f"episode/{found.episode_id}"))
        body.addWidget(opens)
        if found.text:
            prose = Prose(found.text, 15)
            prose.embolden(found.marks)
            body.addLayout(inset(prose))
        body.addSpacing(GRID)
        day = day_of(found.published_ms)
        body.addLayout(inset(row(Tile(found.feed_title), 4, *_source(found.feed_title, "", day), None)))


class AnswerRow(QWidget):
    """One sentence of an answer and where it is from; `written`: by a model, so that its source is quoted."""

    def __init__(
        self, number: int, sentence: AnswerSentence, *, written: bool, go: Go, hear: Hear, act: Act
    ) -> None:
        super().__init__()
        body = _body(self)
        if written:
            figure = Label(f"{number}.", 17, "accent", serif=True, weight=SEMI_BOLD, wrap=False)
            line = row(figure)
            line.addWidget(Prose(sentence.text, 17, "ink", leading=1.6), 1)
            line.setAlignment(figure, Qt.AlignmentFlag.AlignTop)
            body.addLayout(inset(line))
            body.addSpacing(GRID)
        add_source(body, sentence.source, go=go, hear=hear, act=act)


class NearRow(QWidget):
    """What comes closest to a question that nothing answers."""

    def __init__(self, source: Source, *, go: Go, hear: Hear, act: Act) -> None:
        super().__init__()
        add_source(_body(self), source, go=go, hear=hear, act=act)


def add_source(body: QVBoxLayout, source: Source, *, go: Go, hear: Hear, act: Act) -> None:
    """The quotation, who says it where, and the ways to it."""
    body.addLayout(inset(quotation(source.quote, ())))
    body.addSpacing(GRID)
    if source.insight_id is not None:
        play = play_word(source.start_ms, source.quote[:80], partial(act, "play", source.insight_id))
        place = f"insight/{source.insight_id}"
    else:
        play = play_word(
            source.start_ms, source.quote[:80], partial(hear, source.episode_id, source.start_ms)
        )
        place = f"transcript/{source.episode_id}/{source.start_ms}"
    spoken = tr("Open it: {episode}, {time}").format(
        episode=shown(source.episode_title), time=moment(source.start_ms)
    )
    opens = button(tr("Open"), "word", partial(go, place), name=spoken)
    who = f"{name(source.speaker)}, " if source.speaker else ""
    line = _source(who + name(source.feed_title), source.episode_title, day_of(source.published_ms))
    body.addLayout(inset(row(Tile(source.feed_title), 4, *line, 1, play, None, opens, spacing=6), "right"))


def _body(holder: QWidget) -> QVBoxLayout:
    body = QVBoxLayout(holder)
    body.setContentsMargins(0, 2 * GRID - RING_ABOVE, 0, 2 * GRID)
    body.setSpacing(0)
    return body


def _source(show: str, episode: str, day: str) -> tuple[QWidget, ...]:
    parts = ", ".join(part for part in (name(episode) if episode else "", day) if part)
    holder = QWidget()
    holder.setLayout(
        row(
            Cut(name(show), 13, "soft", weight=SEMI_BOLD),
            Cut(f", {parts}" if parts else "", 13, "muted"),
            spacing=0,
        )
    )
    return (holder,)
