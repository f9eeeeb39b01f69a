"""The names of recordings on the disk, which are ours, and what is left there of downloads that broke off."""

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

from earmark.net import part_files
from earmark.records import Episode


def audio_name(episode: Episode) -> str:
    """The name of an episode's recording in the folder of audio: nothing of it comes from the network."""
    identity = f"{episode.feed_url}\n{episode.guid}"
    return hashlib.sha256(identity.encode()).hexdigest()[:16] + ".audio"


def part_names(episode: Episode) -> set[str]:
    """What a download of it that breaks off leaves: what came, and the note that says of which file."""
    return {path.name for path in part_files(Path(audio_name(episode)))}


def forget_parts(folder: Path, episodes: Iterable[Episode]) -> bool:
    """Delete what is left of their downloads; whether there was any. What is open elsewhere stays."""
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    names = {name for episode in episodes for name in part_names(episode)} & there
    for name in names:
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)
    return bool(names)
