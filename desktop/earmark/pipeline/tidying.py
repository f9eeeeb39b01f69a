"""What a profile takes on the disk, and what of it is left over and may go."""

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from earmark.library import Library, Reader
from earmark.paths import Paths
from earmark.pipeline.recordings import part_names
from earmark.pipeline.tools import Tools
from earmark.records import EpisodeId


@dataclass(frozen=True, slots=True)
class Taken:
    """So much is taken by one kind of thing; `name` is a word for programs, `what` is for people."""

    name: str
    what: str
    size_bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What may go, by kind: files, the recordings to be noted as gone, and what each kind is called."""

    files: dict[str, tuple[Path, ...]]
    episode_ids: tuple[EpisodeId, ...] = ()

    @property
    def size_bytes(self) -> int:
        """What their going frees."""
        return sum(_size(file) for files in self.files.values() for file in files)


def sizes(paths: Paths) -> list[Taken]:
    """What takes how much, the largest first. Only the file system is asked: the library is not opened."""
    beside = {"library.db", "library.db-wal", "library.db-shm"}
    top = list(_files(paths.data, deep=False))
    kinds: list[tuple[str, str, Iterable[Path]]] = [
        ("library", "your library", [file for file in top if file.name in beside]),
        ("audio", "recordings", _files(paths.audio)),
        ("clips", "moments of insights", _files(paths.clips)),
        ("models", "models", _files(paths.models)),
        ("caches", "what only saves time", _files(paths.cache)),
        ("scratch", "decoded sound", _files(paths.scratch)),
        ("backups", "copies of your library", _files(paths.backups)),
        ("rest", "settings, logs and the like", [file for file in top if file.name not in beside]),
    ]
    taken = []
    for name, what, files in kinds:
        each = [_size(file) for file in files]
        taken.append(Taken(name, what, sum(each), len(each)))
    return sorted(taken, key=lambda one: -one.size_bytes)


def leftovers(library: Reader, paths: Paths, *, all_audio: bool = False, caches: bool = False) -> Leftovers:
    """What no work needs any more. The caller owns the library, so that nobody works meanwhile.

    Decoded sound of episodes that do not wait for it, and what downloads of them left that broke off;
    recordings of episodes that were read (with `all_audio` also those that the user fetched); files that
    belong to nothing; with `caches` what only saves time.
    """
    kept = library.kept_audio()
    waiting = {job.episode_id for job in library.unfinished_jobs()}
    going = [each for each in kept if each.read and (all_audio or not each.asked)]
    staying = {each.file_name for each in kept} - {each.file_name for each in going}
    needed = {
        f"{got.sha256[:32]}.pcm"
        for episode_id in waiting
        if (got := library.download(episode_id)) is not None
    }
    lost = {clip.file_name for clip in library.lost_clips()}
    clips = {clip.file_name for clip in library.clips()} - lost
    files = {
        "recordings": _others(paths.audio, staying | _parts_of(library, waiting)),
        "decoded sound": _others(paths.scratch, needed),
        "moments of insights that are gone": _others(paths.clips, clips),
        "what only saves time": tuple(_files(paths.cache)) if caches else (),
    }
    return Leftovers(
        {name: found for name, found in files.items() if found}, tuple(each.episode_id for each in going)
    )


def without_audio_of(tools: Tools, found: Leftovers, staying: Collection[EpisodeId]) -> Leftovers:
    """The same, but for the recordings of some episodes."""
    files = {
        tools.paths.audio / each.file_name
        for each in tools.library.kept_audio()
        if each.episode_id in staying
    }
    left = {name: tuple(f for f in some if f not in files) for name, some in found.files.items()}
    return Leftovers(left, tuple(id_ for id_ in found.episode_ids if id_ not in staying))


def clear(library: Library, found: Leftovers) -> int:
    """Delete them; the bytes that came free. What another program holds open stays for next time."""
    freed = 0
    for file in [file for files in found.files.values() for file in files]:
        size = _size(file)
        with suppress(OSError):
            file.unlink()
            freed += size
    library.forget_audio(found.episode_ids)
    library.forget_clips([clip.insight_id for clip in library.lost_clips()])
    return freed


def _parts_of(library: Reader, waiting: set[EpisodeId]) -> set[str]:
    """Downloads of episodes that wait go on where they broke off."""
    return {name for episode_id in waiting for name in part_names(library.episode(episode_id))}


def _others(folder: Path, staying: set[str]) -> tuple[Path, ...]:
    return tuple(file for file in _files(folder) if file.name not in staying)


def _files(folder: Path, *, deep: bool = True) -> Iterator[Path]:
    """The files below a folder; a link is not followed, and what cannot be read is passed over."""
    with suppress(OSError):
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.is_file(follow_symlinks=False):
                yield Path(entry.path)
            elif deep and entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path))


def _size(file: Path) -> int:
    try:
        return file.stat(follow_symlinks=False).st_size
    except OSError:
        return 0
