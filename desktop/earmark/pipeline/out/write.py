"""Writing a selection in a form, with the sound of its moments where it is on this computer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from pathlib import Path
from typing import Literal, get_args

from earmark.clock import Clock, local_date, to_ms
from earmark.engines import Media, clip_span
from earmark.errors import KnownError
from earmark.export import (
    Clips,
    Item,
    Selection,
    as_anki,
    as_csv,
    as_epub,
    as_json,
    as_page,
    as_text,
    check_place,
    has_clip,
    noted_insights,
    write_feed,
    write_vault,
    write_whole,
)
from earmark.export.feed_file import MOST_DAYS
from earmark.library import Reader
from earmark.paths import Paths
from earmark.pipeline.episode import stored_audio
from earmark.pipeline.out.choose import Wish, all_briefs, chosen
from earmark.pipeline.proofs import moment_of
from earmark.pipeline.tools import Watch
from earmark.records import EpisodeId, InsightId, Progress
from earmark.settings import change_settings

Form = Literal["markdown", "html", "epub", "json", "csv", "anki", "text", "atom"]
FORMS: tuple[Form, ...] = get_args(Form)
ENDINGS: dict[Form, str] = {
    "html": ".html",
    "epub": ".epub",
    "json": ".json",
    "csv": ".csv",
    "anki": ".apkg",
    "text": ".txt",
    "atom": ".atom",
}
HEARD: frozenset[Form] = frozenset(("markdown", "html", "epub", "anki"))
"""The forms that can hold sound."""
MOST_CLIPS = 200

Problems = list[tuple[str, str]]
"""Titles of episodes whose recording gave no clips, and why."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: where, how many insights and clips. `beside` are notes next to ones the user changed.

    `problems` says of which recordings no clip could be made, and why.
    """

    path: Path
    insights: int
    clips: int = 0
    notes: int = 0
    beside: tuple[Path, ...] = ()
    problems: tuple[tuple[str, str], ...] = field(default=())


def default_name(form: Form, clock: Clock) -> str:
    """What an export is called when the user names no place: a folder for notes, else a file of today."""
    if form == "markdown":
        return "Earmark"
    return (
        "earmark-briefs.atom" if form == "atom" else f"earmark-{local_date(clock).isoformat()}{ENDINGS[form]}"
    )


def write_out(
    reader: Reader,
    media: Media,
    paths: Paths,
    form: Form,
    wish: Wish,
    to: Path,
    clock: Clock,
    watch: Watch,
    *,
    with_clips: bool = True,
    replace: bool = False,
) -> Written:
    """Write what is wished for at `to`. Notes and the feed are renewed; other files only with `replace`.

    Where the feed lies is remembered, so that it is renewed with each brief from then on.

    Raises KnownError, Cancelled; then nothing of a single file was written.
    """
    if form == "atom":
        briefs = all_briefs(reader, clock, MOST_DAYS)
        write_feed(to, briefs)
        change_settings(paths, lambda now: replaced(now, feed_file=to.absolute()))
        return Written(to, sum(len(day.entries) for day in briefs.days))
    if form == "markdown":
        return _write_notes(reader, media, paths, wish, to, clock, watch, with_clips)
    check_place(to, replace=replace)
    selection = chosen(reader, wish, clock)
    heard = selection.items if with_clips and form in HEARD else ()
    clips, problems = cut_clips(reader, media, paths, heard, watch)
    write_whole(to, _bytes_of(form, selection, clips, clock), replace=replace)
    return Written(to, len(selection.items), len(clips), problems=tuple(problems))


def _write_notes(
    reader: Reader,
    media: Media,
    paths: Paths,
    wish: Wish,
    to: Path,
    clock: Clock,
    watch: Watch,
    with_clips: bool,
) -> Written:
    """Renew the notes that there are with those that are wished for; no clip is cut twice."""
    noted = tuple(InsightId(id_) for id_ in noted_insights(to))
    selection = chosen(reader, replaced(wish, more=noted), clock)
    missing = [item for item in selection.items if with_clips and not has_clip(to, item.id)]
    clips, problems = cut_clips(reader, media, paths, missing, watch)
    result = write_vault(to, selection, clips)
    return Written(
        to, len(selection.items), result.heard, result.written, tuple(result.beside), tuple(problems)
    )


def cut_clips(
    reader: Reader, media: Media, paths: Paths, items: Sequence[Item], watch: Watch
) -> tuple[dict[str, bytes], Problems]:
    """The moments of insights as sound, by their ids, and what could not be cut and why.

    Those that are kept, and what recordings on this computer give; of the first MOST_CLIPS items.
    """
    clips: dict[str, bytes] = {}
    groups: dict[EpisodeId, list[tuple[str, tuple[int, int]]]] = {}
    for card in reader.cards([InsightId(item.id) for item in items[:MOST_CLIPS]]):
        kept = moment_of(reader, paths, card.insight.id, card.insight.start_ms)
        if kept is not None and (sound := _bytes_in(kept.file)):
            clips[card.insight.id] = sound
            continue
        span = clip_span(card.insight.start_ms, card.insight.end_ms)
        groups.setdefault(card.episode_id, []).append((card.insight.id, span))
    problems: Problems = []
    for number, (episode_id, wanted) in enumerate(groups.items()):
        audio = stored_audio(reader, paths.audio, episode_id)
        if audio is None:
            continue
        title = reader.episode(episode_id).title
        tell = _teller(watch, title, number, len(groups))
        try:
            made = media.clips(
                audio, [span for _, span in wanted], cancelled=watch.cancelled, on_progress=tell
            )
        except KnownError as error:
            problems.append((title, str(error)))
            continue
        clips |= {wanted[n][0]: clip for n, clip in made.items()}
    return clips, problems


def _bytes_in(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _teller(watch: Watch, title: str, number: int, of: int) -> Callable[[float], None]:
    def tell(fraction: float) -> None:
        watch.on_progress(Progress("Cutting clips from", title, fraction=(number + fraction) / of))

    tell(0.0)
    return tell


def _bytes_of(form: Form, selection: Selection, clips: Clips, clock: Clock) -> bytes:
    if form == "epub":
        return as_epub(selection, clips)
    if form == "anki":
        return as_anki(selection, clips, now_ms=to_ms(clock()))
    texts: dict[Form, Callable[[], str]] = {
        "html": lambda: as_page(selection, clips),
        "json": lambda: as_json(selection),
        "csv": lambda: as_csv(selection),
        "text": lambda: as_text(selection),
    }
    return texts[form]().encode("utf-8")
