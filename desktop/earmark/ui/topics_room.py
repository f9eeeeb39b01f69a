"""The rooms of topics and people, and of one of them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from earmark.errors import KnownError
from earmark.found import Person, Topic, TopicId
from earmark.library import Reader
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch, disagreements, wishes
from earmark.records import Card, InsightId
from earmark.taste import Taste, load_taste
from earmark.ui.asides import Rest
from earmark.ui.deeds import deed_of, deeds_menu, open_at
from earmark.ui.desk import Desk, kind_of, rest_of
from earmark.ui.listed import Row
from earmark.ui.subject_page import Subject, SubjectPage, card_row
from earmark.ui.topics_page import TopicsPage, size_of
from earmark.ui.words import day_of, name, tr

TOPICS, SUBJECT = "topics", "subject"
Lists = tuple[list[Topic], list[Person]]


class TopicsRoom:
    """Shows "Topics"."""

    kinds = ("Topics",)

    def __init__(self, desk: Desk) -> None:
        self._desk, self._rest = desk, Rest()
        self.page = TopicsPage()
        self.page.went.connect(desk.go)

    def name(self, _address: str) -> str:
        """Topics."""
        return tr("Topics")

    def show(self, _address: str) -> None:
        """What was listed stays until the library was asked anew."""
        if self._rest.is_over():
            self._desk.find(TOPICS, lists_of, self._take)

    def _take(self, lists: Lists | KnownError) -> None:
        if isinstance(lists, KnownError):
            self._desk.say(str(lists))
        else:
            self.page.show_lists(*lists)


class SubjectRoom:
    """Shows "topic/12" and "person/KEY"."""

    kinds = ("topic", "person")

    def __init__(self, desk: Desk) -> None:
        self._desk, self._rest = desk, Rest()
        self._address = ""
        self._gone: KnownError | None = None
        self._names: dict[str, str] = {}
        self.page = page = SubjectPage()
        page.went.connect(desk.go)
        page.keyed.connect(self._on_key)
        page.menu_asked.connect(self._open_menu)
        page.liked.connect(self._like)
        page.muted.connect(self._mute)

    def name(self, address: str) -> str:
        """Its name, once it was shown."""
        return name(self._names.get(address, tr("Topics")))

    def show(self, address: str) -> None:
        """A topic or somebody; the library is asked beside the work. Raises KnownError for one that is not
        there, once that is known; a later visit asks anew."""
        gone, self._gone = self._gone, None
        if gone is not None and address == self._address:
            self._address = ""
            raise gone
        if address != self._address:
            self._address, self._rest = address, Rest()
            self.page.show_looking(self._names.get(address, ""))
        self.page.show_rows_again()
        if self._rest.is_over():
            self._desk.find(SUBJECT, partial(subject_of, address), self._take)

    def _take(self, subject: Subject | KnownError) -> None:
        if isinstance(subject, KnownError):
            self._leave(subject)
            return
        self._names[self._address] = subject.title
        self.page.show_subject(subject, self._rows)

    def _leave(self, gone: KnownError) -> None:
        """Say that it is not there, and make way for the place above; who is elsewhere by now is not told."""
        if self._desk.history.here == self._address:
            self._gone = gone
            self._desk.say(str(gone))
            self._desk.turned.emit()
        else:
            self._address = ""

    def _rows(self, ids: Sequence[InsightId]) -> Mapping[InsightId, Row]:
        gone = Row(tr("This insight was withdrawn."))
        there = {card.insight.id: card_row(card) for card in self._desk.reader.cards(ids)}
        return dict.fromkeys(ids, gone) | there

    def _on_key(self, key: int, insight_id: str) -> None:
        if (card := self._card(insight_id)) is not None:
            deed = deed_of(key, card)
            if deed is not None:
                self._desk.act(deed, insight_id)

    def _open_menu(self, insight_id: str) -> None:
        if (card := self._card(insight_id)) is not None:
            open_at(deeds_menu(card, self._desk.act, self.page), self.page.view.menu_place)

    def _card(self, insight_id: str) -> Card | None:
        return next(iter(self._desk.reader.cards([InsightId(insight_id)])), None)

    def _like(self, wanted: bool) -> None:
        text = self._names.get(self._address, "")
        said = tr("Noted. The next brief has more of this.") if wanted else tr("Taken back.")
        self._wish(wishes.add_interest if wanted else wishes.remove_interest, text, said)

    def _mute(self, wanted: bool) -> None:
        text = self._names.get(self._address, "")
        said = tr("Muted. Briefs say how many they hold back.") if wanted else tr("No longer muted.")
        back = partial(self._wish, partial(_mute_topic, muted=not wanted), text, tr("Taken back."))
        self._wish(partial(_mute_topic, muted=wanted), text, said, undo=back)

    def _wish(
        self,
        change: Callable[..., Taste],
        text: str,
        said: str,
        undo: Callable[[], object] | None = None,
    ) -> None:
        def answered(_taste: Taste) -> None:
            if self._address:
                self._desk.find(SUBJECT, partial(subject_of, self._address), self._take)
            if undo is None:
                self._desk.say(said, briefly=True)
            else:
                self._desk.offer(said, tr("Undo"), undo)

        self._desk.ask(lambda tools, _watch: change(tools.paths, text), answered)


def _mute_topic(paths: Paths, text: str, *, muted: bool) -> Taste:
    return (wishes.mute if muted else wishes.unmute)(paths, "topic", text)


def lists_of(reader: Reader, _tools: Tools, _watch: Watch) -> Lists:
    """All topics and everybody, the largest first."""
    return reader.topics(), reader.people()


def subject_of(address: str, reader: Reader, tools: Tools, _watch: Watch) -> Subject:
    """A topic or somebody, with all that is told of them. Raises KnownError for an unknown one."""
    taste = load_taste(tools.paths)
    if kind_of(address) == "topic":
        topic = reader.topic_named(rest_of(address))
        ids = reader.topic_insight_ids(TopicId(topic.id))
        newest = day_of(topic.newest_ms)
        told = tr("{size}, the newest of {day}").format(size=size_of(topic), day=newest)
        detail = told if newest else size_of(topic)
        against = tuple(disagreements(reader, ids))
        liked, muted = topic.name in taste.interests, topic.name in taste.muted_topics
        return Subject(topic.name, detail, tuple(ids), against, liked=liked, muted=muted)
    person = reader.person_named(rest_of(address))
    ids = reader.said_by(person.key)
    against = tuple(disagreements(reader, ids))
    episodes = tuple(_episode_row(reader, id_) for id_ in reader.episodes_with_person(person.key))
    liked = person.name in taste.interests
    return Subject(person.name, size_of(person), tuple(ids), against, episodes, liked=liked, can_mute=False)


def _episode_row(reader: Reader, episode_id: int) -> tuple[str, Row]:
    episode = reader.episode(episode_id)  # type: ignore[arg-type]
    row = Row(episode.title, name(episode.feed_title), day_of(episode.published_ms), said=True)
    return f"episode/{episode_id}", row
