"""The room of an episode."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from earmark.clock import to_ms
from earmark.library import Reader
from earmark.pipeline import Tools, Watch
from earmark.pipeline.episode import stored_audio
from earmark.pipeline.keeping import remove_audio
from earmark.pipeline.local import is_local
from earmark.pipeline.offered import shown_chapters
from earmark.pipeline.own_words import DoesNotFit, add_own_transcript, remove_own_transcript
from earmark.records import Changes, Episode, EpisodeId, EpisodeRow
from earmark.ui.desk import Desk, number_in, rest_of
from earmark.ui.episode_page import Act, EpisodeFacts, EpisodePage
from earmark.ui.file_asking import ask_for_file
from earmark.ui.links import link_host, open_link
from earmark.ui.show_words import day_in, episode_state, length_text, plain_notes, sentence
from earmark.ui.words import count_of, shown, tr

TRANSCRIPTS = "*.srt *.vtt *.json *.html *.htm"


class EpisodeRoom:
    """Shows "episode/12"."""

    kinds = ("episode",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._episode: Episode
        self.page = page = EpisodePage()
        page.library_asked.connect(lambda: desk.go("Library"))
        page.show_asked.connect(lambda: desk.go(f"show/{self._episode.feed_id}"))
        page.opened.connect(desk.go)
        page.played.connect(desk.played)
        page.heard.connect(lambda start_ms: desk.heard.emit(self._episode.id, start_ms))
        page.acted.connect(self._act)
        desk.follow(page.show_progress)

    def name(self, address: str) -> str:
        """Its title."""
        return shown(self._desk.reader.episode(_id(address)).title)

    def show(self, address: str) -> None:
        """An episode with all that is known of it."""
        reader = self._desk.reader
        self._episode = episode = reader.episode(_id(address))
        (line,) = reader.episode_rows(ids=[episode.id])
        found = shown_chapters(reader, episode)
        facts = EpisodeFacts(
            title=shown(episode.title),
            show=shown(episode.feed_title),
            byline=self._byline(episode),
            state=sentence(episode_state(line)),
            alarm=line.state == "failed",
            running=line.step if line.state == "running" else None,
            words=words_from(reader, episode.id),
            acts=self._acts(line),
            more=self._more(line),
            insights=tuple(reader.insights(episode.id)),
            chapters=found.chapters if found else (),
            notes=plain_notes(episode.notes),
        )
        self.page.show_episode(episode.id, facts)

    def _byline(self, episode: Episode) -> str:
        people = ", ".join(shown(each, 60) for each in episode.people[:6])
        day = day_in(episode.published_ms, self._desk.clock())
        return ", ".join(filter(None, (day, length_text(episode.duration_ms), people)))

    def _acts(self, line: EpisodeRow) -> tuple[Act, ...]:
        words = bool(self._desk.reader.segments(line.id, 0, 0))
        return main_acts(line, words=words, sound=self._episode.enclosure is not None)

    def _more(self, line: EpisodeRow) -> tuple[Act, ...]:
        reader, episode = self._desk.reader, self._episode
        here = stored_audio(reader, self._desk.choices.paths.audio, episode.id) is not None
        feeds = not is_local(episode.feed_url)
        return other_acts(
            line,
            audio=here and feeds,
            fetchable=episode.enclosure is not None and feeds and not here,
            own_words=reader.has_own_transcript(episode.id),
            host=link_host(episode.link),
        )

    def _act(self, act: str) -> None:
        desk, episode = self._desk, self._episode
        acts: dict[str, Callable[[], object]] = {
            "play": lambda: desk.heard.emit(episode.id, 0),
            "read": lambda: desk.go(f"transcript/{episode.id}"),
            "queue": lambda: self._work(partial(_unskip, episode.id)),
            "again": lambda: self._work(partial(_try_again, episode.id)),
            "skip": self._skip,
            "fetch": lambda: desk.jobs.fetch_audio(episode.id),
            # Moments are cut by the decoder, which the work on an episode may hold.
            "drop": lambda: desk.jobs.between(partial(_drop_audio, episode.id)),
            "played": lambda: desk.do(partial(_mark_played, episode.id, True)),
            "unplayed": lambda: desk.do(partial(_mark_played, episode.id, False)),
            "add words": self._ask_for_words,
            "forget words": lambda: self._work(partial(_forget_words, episode.id)),
            "website": lambda: open_link(episode.link),
        }
        acts[act]()

    def _work(self, task: Callable[[Tools, Watch], Changes]) -> None:
        self._desk.do(task)
        self._desk.work_wanted.emit()

    def _skip(self) -> None:
        episode = self._episode
        self._desk.jobs.between(partial(_skip, episode.id))
        said = tr("Skipped: {title}").format(title=shown(episode.title, 80))
        self._desk.offer(said, tr("Undo"), lambda: self._work(partial(_unskip, episode.id)))

    def _ask_for_words(self) -> None:
        taken = partial(self._take_words, self._episode.id)
        ask_for_file(self.page, tr("A transcript of this episode"), tr("Transcripts"), TRANSCRIPTS, taken)

    def _take_words(self, episode_id: EpisodeId, file: Path, anyway: bool = False) -> None:
        """A file that does not fit is offered to be taken all the same."""

        def question(tools: Tools, _watch: Watch) -> str | None:
            try:
                add_own_transcript(tools, str(episode_id), file, anyway=anyway)
            except DoesNotFit as error:
                return error.misfit
            return None

        def answered(misfit: str | None) -> None:
            if misfit is not None:
                again = partial(self._take_words, episode_id, file, True)
                self._desk.offer(misfit, tr("Take it anyway"), again)
                return
            self._desk.say(tr("These words are used from now on."), briefly=True)
            self._work(lambda _tools, _watch: Changes(episode_ids=frozenset({episode_id})))

        self._desk.ask(question, answered)


def main_acts(line: EpisodeRow, *, words: bool, sound: bool) -> tuple[Act, ...]:
    """The buttons of an episode: to read or to play it, and to have it worked on or not."""
    acts: list[Act] = []
    if words:
        acts.append(("read", tr("Read the transcript"), "main"))
    if sound:
        acts.append(("play", tr("▶ Play"), "plain" if words else "main"))
    if line.state == "failed":
        acts.append(("again", tr("Try again"), "plain"))
    if line.state is None and not line.read:
        acts.append(("queue", tr("Work through it"), "plain"))
    if line.state in ("waiting", "running", "failed"):
        acts.append(("skip", tr("Skip"), "plain"))
    return tuple(acts)


def other_acts(
    line: EpisodeRow, *, audio: bool, fetchable: bool, own_words: bool, host: str
) -> tuple[Act, ...]:
    """The quieter words below."""
    acts: list[Act] = []
    if fetchable:
        acts.append(("fetch", tr("Download the recording"), "word"))
    if audio and line.state not in ("waiting", "running"):
        acts.append(("drop", tr("Remove the recording"), "word"))
    if own_words:
        acts.append(("forget words", tr("Remove your transcript"), "word"))
    else:
        acts.append(("add words", tr("Add a transcript"), "word"))
    if line.played_ms:
        acts.append(("unplayed", tr("Not played"), "word"))
    else:
        acts.append(("played", tr("Mark as played"), "word"))
    if host:
        acts.append(("website", tr("Website: {host}").format(host=host), "word"))
    return tuple(acts)


def words_from(reader: Reader, episode_id: EpisodeId) -> str:
    """Where the words of an episode come from, and how many there are."""
    source = reader.words_source(episode_id)
    if source is None:
        return ""
    words = count_of(reader.word_count(episode_id), "%n word", "%n words")
    told = {
        "publisher": tr("{words}, from its publisher's transcript"),
        "speech": tr("{words}, heard on this computer"),
        "user": tr("{words}, from your transcript"),
    }
    return told[source].format(words=words)


def _unskip(episode_id: EpisodeId, tools: Tools, _watch: Watch) -> Changes:
    return tools.library.unskip([episode_id])


def _skip(episode_id: EpisodeId, tools: Tools, _watch: Watch) -> Changes:
    return tools.library.skip([episode_id])


def _try_again(episode_id: EpisodeId, tools: Tools, _watch: Watch) -> Changes:
    job = tools.library.job(episode_id)
    return tools.library.set_job(episode_id, step=job.step if job else "words", state="waiting", attempts=0)


def _drop_audio(episode_id: EpisodeId, tools: Tools, watch: Watch) -> Changes:
    return remove_audio(tools, episode_id, watch)


def _mark_played(episode_id: EpisodeId, played: bool, tools: Tools, _watch: Watch) -> Changes:
    played_ms = to_ms(tools.clock()) if played else None
    return tools.library.mark_played([episode_id], played_ms=played_ms)


def _forget_words(episode_id: EpisodeId, tools: Tools, _watch: Watch) -> Changes:
    remove_own_transcript(tools, str(episode_id))
    return Changes(episode_ids=frozenset({episode_id}))


def _id(address: str) -> EpisodeId:
    return EpisodeId(number_in(rest_of(address)))
