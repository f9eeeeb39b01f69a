"""Recordings of the user's own, as a show: a folder, or one file. They stay where they are, untouched.

Such a show has the address of its folder (file:). No feed can bring one: feeds name web addresses alone.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes, urlsplit

from earmark.clock import to_ms
from earmark.errors import KnownError
from earmark.feeds import clean, decide, one_line
from earmark.library import Reader
from earmark.paths import Paths
from earmark.records import (
    Changes,
    Check,
    Enclosure,
    Episode,
    EpisodeId,
    Feed,
    ParsedEpisode,
    ParsedFeed,
    Progress,
    Schedule,
    TranscriptLink,
)

if TYPE_CHECKING:
    from earmark.pipeline.tools import Tools, Watch

SOUND = frozenset((
    *(".aac", ".aif", ".aiff", ".flac", ".m4a", ".m4b", ".mka", ".mp3", ".mp4", ".oga", ".ogg", ".opus"),
    *(".wav", ".webm", ".wma"),
))  # fmt: skip
SIDECARS = {".json": "application/json", ".vtt": "text/vtt", ".srt": "application/x-subrip"}
MOST_FILES = 10_000
MOST_FOLDERS = 10_000
MOST_TRANSCRIPT_BYTES = 64 * 2**20
_OF_DAMAGE = (ValueError, LookupError, ArithmeticError, TypeError, AttributeError, RuntimeError)
GONE = "There is no file {path} any more. If it lies on another disk, connect that and try again."


def is_local(url: str) -> bool:
    """Whether an address is that of a show of the user's own files."""
    return url.startswith("file:")


def path_of(url: str) -> Path:
    """The path that `file:` address is of."""
    parts = urlsplit(url)
    path = os.fsdecode(unquote_to_bytes(parts.path))
    if os.name == "nt":
        path = f"//{parts.netloc}{path}" if parts.netloc else path.lstrip("/")
    return Path(path)


def file_of(episode: Episode) -> Path | None:
    """The user's own file that is an episode, whether it is there or not; None for every other episode."""
    if not is_local(episode.feed_url) or episode.enclosure is None:
        return None
    return path_of(episode.enclosure.url)


def own_file(library: Reader, episode_id: EpisodeId) -> Path | None:
    """The same, for an episode by its number."""
    return file_of(library.episode(episode_id))


def local_path(typed: str) -> Path | None:
    """The file or folder that was typed or dropped, if there is one of that name."""
    text = typed.strip()
    if not text:  # Path("") is the folder where one is
        return None
    try:
        path = path_of(text) if is_local(text) else Path(text).expanduser()
        return path.resolve() if path.exists() else None
    except (OSError, ValueError, RuntimeError):
        return None


def add_path(tools: Tools, path: Path, *, backlog: int, watch: Watch) -> Feed:
    """Take a folder of recordings, or one recording, in as a show. Nothing is copied.

    The newest `backlog` are queued. Raises KnownError where there is no recording: of a folder the names of
    its files tell that, of one file its content.
    """
    own = _own_folders(tools.paths)
    if any(path.is_relative_to(folder) for folder in own):
        raise KnownError(f"{path} belongs to Earmark, which deletes what it does not need there.")
    if path.is_file():
        from earmark.pipeline.hearable import require_sound  # slow to load, and for one file alone

        require_sound(tools.media, path, watch)
    url = path.as_uri()
    parsed = _read(path, {}, own, watch)
    if not parsed.episodes:
        raise KnownError(f"There is no recording in {path}. Earmark knows {', '.join(sorted(SOUND))}.")
    feed_id = tools.library.add_feed(url, parsed)
    if tools.library.is_ended(feed_id):
        tools.library.subscribe_again(feed_id, first_episodes=backlog, imported_ms=None)
    _store(tools, tools.library.feed(feed_id), parsed, backlog)
    return tools.library.feed(feed_id)


def look_into(tools: Tools, feed: Feed, watch: Watch) -> Changes:
    """Look for recordings that are new in a folder. One that is gone stays listed; raises KnownError where
    the folder itself is gone."""
    path = path_of(feed.url)
    if not path.exists():
        raise KnownError(GONE.format(path=path))
    known = {episode.guid: episode for episode in tools.library.episodes(feed.id)}
    return _store(tools, feed, _read(path, known, _own_folders(tools.paths), watch), backlog=0)


def look_into_all(tools: Tools, watch: Watch) -> tuple[Changes, int, list[tuple[str, str]]]:
    """Look for new recordings in every folder, which is a part of each refresh: what changed, how many are
    new, and (title, reason) of each folder that is gone. Raises Cancelled."""
    changes, new, problems = Changes(), 0, []
    for feed in tools.library.feeds():
        if not is_local(feed.url):
            continue
        before = {episode.id for episode in tools.library.episodes(feed.id)}
        try:
            change = look_into(tools, feed, watch)
        except KnownError as error:
            now_ms = to_ms(tools.clock())
            check = Check(feed.id, str(error), Schedule())
            change = tools.library.note_checks([check], now_ms=now_ms)
            problems.append((feed.title, str(error)))
        new += len(change.episode_ids - before)
        changes |= change
    return changes, new, problems


def transcript_beside(link: TranscriptLink) -> bytes:
    """The transcript file that lies beside a recording. Raises KnownError."""
    path = path_of(link.url)
    try:
        if path.stat().st_size > MOST_TRANSCRIPT_BYTES:
            raise KnownError(f"{path.name} is larger than any transcript.")
        return path.read_bytes()
    except OSError as error:
        raise KnownError(f"{path} cannot be read ({error.strerror}).") from error


def _store(tools: Tools, feed: Feed, parsed: ParsedFeed, backlog: int) -> Changes:
    known = {episode.guid: episode for episode in tools.library.episodes(feed.id)}
    now_ms = to_ms(tools.clock())
    decision = decide(feed, known, parsed, now_ms=now_ms)
    return tools.library.apply_refresh(
        feed.id,
        new=decision.new,
        changed=decision.changed,
        title=decision.title,
        link=None,
        language=feed.language,
        url=feed.url,
        etag=None,
        last_modified=None,
        body_sha256=None,
        now_ms=now_ms,
        backlog=backlog,
    )


def _own_folders(paths: Paths) -> tuple[Path, ...]:
    """Where Earmark keeps sound and other files of its own; a models folder of the user's may hold theirs."""
    kept = [paths.audio, paths.clips, paths.scratch, paths.backups, paths.cache]
    kept += [] if paths.models_folder else [paths.models]
    return tuple(folder.resolve() for folder in kept)


def _read(path: Path, known: dict[str, Episode], own: Collection[Path], watch: Watch) -> ParsedFeed:
    """A folder, or a file alone, as if it were a feed. Files that have not changed are not opened."""
    if path.is_file():
        episode = _episode(path, path.name, known)
        return _show(episode.title, [episode])
    episodes = []
    for file in _files(path, own):
        watch.stop_if_asked()
        watch.on_progress(Progress("Looking through", clean(path.name), detail=clean(file.name)))
        try:
            episodes.append(_episode(file, file.relative_to(path).as_posix(), known))
        except OSError:  # it went meanwhile, or may not be read: a later look finds it
            continue
    return _show(one_line(clean(path.name)) or "Recordings", episodes)


def _show(title: str, episodes: list[ParsedEpisode]) -> ParsedFeed:
    return ParsedFeed(title, None, "", None, tuple(episodes))


def _files(folder: Path, own: Collection[Path]) -> Iterator[Path]:
    """The recordings below a folder in the order of their names. Links to folders are not followed, hidden
    folders and those of Earmark's `own` passed over."""
    found = 0
    for number, (above, folders, names) in enumerate(os.walk(folder)):
        if number >= MOST_FOLDERS:
            return
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and Path(above, name) not in own
        )
        for name in sorted(names):
            path = Path(above, name)
            if path.suffix.lower() in SOUND and not name.startswith(".") and path.is_file():
                found += 1
                if found > MOST_FILES:
                    return
                yield path


def _episode(path: Path, name: str, known: dict[str, Episode]) -> ParsedEpisode:
    """A recording as an episode; its date is that of the file. Raises OSError."""
    state, guid = path.stat(), quote(os.fsencode(name))
    enclosure = Enclosure(path.as_uri(), "", state.st_size or None)
    modified_ms = state.st_mtime_ns // 1_000_000
    before = known.get(guid)
    if before and before.enclosure == enclosure and before.published_ms == modified_ms:
        title, duration_ms = before.title, before.duration_ms
    else:
        title, duration_ms = _tags(path)
    title = title or one_line(clean(path.stem).replace("_", " ")) or "Recording"
    return ParsedEpisode(
        guid, title, modified_ms, enclosure, tuple(_sidecars(path)), duration_ms, notes="", link=None
    )


def _tags(path: Path) -> tuple[str, int | None]:
    """The title that a file gives itself, and its length; nothing where it is damaged."""
    from tinytag import TinyTag, TinyTagException  # slow to load, and for the user's own files alone

    try:
        tag = TinyTag.get(path)
    except (TinyTagException, struct.error, *_OF_DAMAGE):
        return "", None
    title = one_line(tag.title) if isinstance(tag.title, str) else ""
    length_s = tag.duration if isinstance(tag.duration, int | float) else 0
    believable = 0 < length_s < 48 * 3600
    return title, round(length_s * 1000) if believable else None


def _sidecars(path: Path) -> Iterator[TranscriptLink]:
    """Transcripts beside a recording: talk.vtt or talk.mp3.vtt beside talk.mp3."""
    for suffix, mime in SIDECARS.items():
        for beside in (path.with_suffix(suffix), path.with_name(path.name + suffix)):
            if beside.is_file():
                yield TranscriptLink(beside.as_uri(), mime)
