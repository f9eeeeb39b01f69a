"""The room of a transcript."""

from earmark.records import EpisodeId
from earmark.ui.desk import Desk, number_in, rest_of
from earmark.ui.episode_room import words_from
from earmark.ui.transcript_page import TranscriptPage
from earmark.ui.words import shown, tr


class TranscriptRoom:
    """Shows "transcript/12", and "transcript/12/804000" from so many ms on."""

    kinds = ("transcript",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._episode_id = EpisodeId(0)
        self._address = ""
        self.page = TranscriptPage()
        self.page.episode_asked.connect(lambda: desk.go(f"episode/{self._episode_id}"))
        self.page.heard.connect(lambda start_ms: desk.heard.emit(self._episode_id, start_ms))
        desk.moved.connect(self._follow)

    def name(self, address: str) -> str:
        """The episode's title."""
        return shown(self._desk.reader.episode(_place(address)[0]).title)

    def show(self, address: str) -> None:
        """The words that are there, and the place in them that is meant."""
        reader = self._desk.reader
        self._episode_id, start_ms = _place(address)
        episode = reader.episode(self._episode_id)
        segments = reader.said(episode.id)
        note = words_from(reader, episode.id) or tr("There are no words of this episode yet.")
        if segments and not reader.has_transcript(episode.id):
            note = tr("{words}; listening goes on").format(words=note)
        hint = tr("Click a line, or press Enter on it, to hear it.")
        told = f"{note}. {hint}" if segments else note
        self.page.show_words(episode.id, shown(episode.title), told, segments)
        if address != self._address and start_ms is not None:
            self.page.words.go_to(start_ms)
        self._address = address

    def _follow(self, episode_id: int, position_ms: int) -> None:
        if episode_id == self._episode_id and self.page.isVisible():
            self.page.show_playing(position_ms)


def _place(address: str) -> tuple[EpisodeId, int | None]:
    number, _, start_ms = rest_of(address).partition("/")
    return EpisodeId(number_in(number)), int(start_ms) if start_ms.isdecimal() else None
