"""The strip of the sound that plays: what it is, where in it one is, and all that can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QPushButton, QSlider, QStyle

from earmark.records import Card, Episode
from earmark.ui.bars import Strip
from earmark.ui.parts import SEMI_BOLD, Cut, Label, button
from earmark.ui.theme import NARROW, NARROWEST, keep_size, zoomed
from earmark.ui.words import moment, name, tr

SPEEDS = (0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0)
BACK_S, FORWARD_S = 15, 30


class Line(QSlider):
    """A line on which a press goes where it is, as people expect."""

    def __init__(self, spoken: str, most: int, step: int, page: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setAccessibleName(spoken)
        self.setRange(0, most)
        self.setSingleStep(step)
        self.setPageStep(page)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Go to the place that was pressed, and be dragged from there."""
        turned = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = round(event.position().x())
        place = QStyle.sliderValueFromPosition(
            self.minimum(), self.maximum(), x, max(1, self.width()), turned
        )
        self.setSliderDown(True)
        self.setSliderPosition(place)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The same."""
        if self.isSliderDown():
            self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Here it is."""
        self.setSliderDown(False)
        event.accept()


class SoundBar(Strip):
    """What plays, where in it, and the words that change that.

    Signals: toggle_asked(), stop_asked(), stepped(int): so many seconds on or back; placed(int): to a
    millisecond of the episode; faster_asked(), whole_asked(bool), volume_asked(float): 0 to 1.
    """

    toggle_asked = Signal()
    stop_asked = Signal()
    stepped = Signal(int)
    placed = Signal(int)
    faster_asked = Signal()
    whole_asked = Signal(bool)
    volume_asked = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._state = Label(tr("Playing"), 13, "muted", wrap=False)
        self._show = Cut("", 13, "ink", weight=SEMI_BOLD)
        self._episode = Cut("", 13, "muted")
        self._time = Label("", 13, "accent", weight=SEMI_BOLD, wrap=False)
        self._length = Label("", 13, "muted", wrap=False)
        self.line = Line(tr("Place in the recording"), 1, 5, 30)
        self.volume = Line(tr("Volume"), 100, 5, 20)
        self._toggle = button(tr("Pause"), "word", self.toggle_asked.emit, name=tr("Pause the sound"))
        self._speed = button("", "word", self.faster_asked.emit)
        self._whole: QPushButton = button("", "word", self._turn_whole)
        self._back = button(tr("Back 15 s"), "word", lambda: self.stepped.emit(-BACK_S))
        forward = button(tr("Forward 30 s"), "word", lambda: self.stepped.emit(FORWARD_S))
        stop = button(tr("Stop"), "word", self._stop, name=tr("Stop the sound"))
        self._put(
            self._state, self._show, self._episode, self._time, self.line, self._length, None,
            self._back, self._toggle, forward, self._speed, self._whole, self.volume, stop,
        )  # fmt: skip
        keep_size(self.volume, 64)
        self.line.setMinimumWidth(64)
        self.line.setMaximumWidth(320)
        self.across().setStretchFactor(self.line, 8)
        self.line.actionTriggered.connect(self._step)
        self.line.sliderReleased.connect(self._tell_place)
        self.line.sliderMoved.connect(lambda place: self._say_time(place * 1000))
        self.volume.valueChanged.connect(lambda percent: self.volume_asked.emit(percent / 100))
        self.show_speed(1.0)
        self.show_whole(False)
        self.show_volume(1.0)
        self.hide()

    def show_card(self, card: Card) -> None:
        """A moment began to play."""
        self._show_source(card.feed_title, card.episode_title, card.insight.start_ms)
        self._whole.setVisible(True)

    def show_episode(self, episode: Episode, start_ms: int) -> None:
        """An episode began to play."""
        self._show_source(episode.feed_title, episode.title, start_ms)
        self._whole.setVisible(False)

    def _show_source(self, feed_title: str, episode_title: str, start_ms: int) -> None:
        self._show.show_text(name(feed_title))
        self._episode.show_text(name(episode_title))
        self.show_time(start_ms)
        self.show()

    def show_playing(self, playing: bool) -> None:
        """It plays, or stands still."""
        self._state.setText(tr("Playing") if playing else tr("Paused"))
        self._toggle.setText(tr("Pause") if playing else tr("Play"))
        self._toggle.setAccessibleName(tr("Pause the sound") if playing else tr("Play the sound"))

    def show_length(self, length_ms: int | None) -> None:
        """How long it is, as far as that is known for certain."""
        self._length.setText(moment(length_ms) if length_ms else "")
        self.line.setRange(0, max(1, (length_ms or 0) // 1000))
        self._fit(self.width())

    def show_time(self, position_ms: int) -> None:
        """Where in the episode it is; a line that is being dragged stays with the finger."""
        if not self.line.isSliderDown():
            self.line.setValue(position_ms // 1000)
            self._say_time(position_ms)

    def show_speed(self, speed: float) -> None:
        """How fast it plays."""
        self._speed.setText(f"{speed:g}×")
        self._speed.setAccessibleName(tr("Speed {times}, change it").format(times=f"{speed:g}"))

    def show_whole(self, whole: bool) -> None:
        """Whether it goes on behind the moment."""
        self._is_whole = whole
        self._whole.setText(tr("Whole episode") if whole else tr("Moment only"))

    def show_volume(self, volume: float) -> None:
        """How loud it is."""
        self.volume.setValue(round(100 * volume))

    def text(self) -> str:
        """What it says, for tests."""
        parts = (self._state, self._show, self._episode, self._time)
        return "" if self.isHidden() else " ".join(part.accessibleName() or part.text() for part in parts)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """In a small window the words come first."""
        self._fit(event.size().width())
        super().resizeEvent(event)

    def _fit(self, width: int) -> None:
        has_length = bool(self._length.text())
        for each in (self._state, self._episode, self.volume):
            each.setVisible(width >= zoomed(NARROW))
        self.line.setVisible(has_length and width >= zoomed(NARROWEST))
        for word in (self._back, self._speed):
            word.setVisible(width >= zoomed(NARROWEST))
        self._length.setVisible(has_length and width >= zoomed(NARROWEST))

    def _say_time(self, position_ms: int) -> None:
        self._time.setText(moment(position_ms))
        self.line.setAccessibleDescription(moment(position_ms))

    def _step(self, action: int) -> None:
        if (
            action != QAbstractSlider.SliderAction.SliderMove.value
        ):  # a finger tells its place when it lets go
            self._tell_place()

    def _tell_place(self) -> None:
        self.placed.emit(self.line.sliderPosition() * 1000)

    def _turn_whole(self) -> None:
        self.show_whole(not self._is_whole)
        self.whole_asked.emit(self._is_whole)

    def _stop(self) -> None:
        self.hide()
        self.stop_asked.emit()
