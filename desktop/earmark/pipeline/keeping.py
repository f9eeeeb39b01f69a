"""What stays on the disk of recordings: decided here, purely, and done at the end of this module.

A recording that was fetched to be listened to by Earmark goes when it was read and its days are over, or when
room is needed; one that the user fetched stays until they remove it. The moments of insights stay.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from earmark.clock import to_ms
from earmark.errors import KnownError
from earmark.pipeline.proofs import cut_moments
from earmark.pipeline.surroundings import is_metered
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Episode, EpisodeId, KeptAudio
from earmark.settings import Settings

DAY_MS = 86_400_000
CUT_SHARE, CUT_MS = 0.05, 60_000
"""A recording that is shorter than its feed says by more than both may be cut; adverts make small changes."""
METERED = (
    "It waits for a connection that is not paid for by the amount. You can fetch it with: earmark download"
)


class Postponed(KnownError):  # noqa: N818  (says what happened)
    """A download that waits; nothing failed, and later runs look again."""


def to_sweep(kept: Sequence[KeptAudio], keep_days: int, now_ms: int) -> list[KeptAudio]:
    """The recordings whose time is over.

    >>> read = KeptAudio(EpisodeId(1), "a", 5, fetched_ms=1, read=True)
    >>> [len(to_sweep([read], days, now_ms=3 * DAY_MS)) for days in (0, 2, 3)]
    [1, 1, 0]
    """
    return [each for each in kept if _may_go(each) and now_ms - _came_ms(each, now_ms) >= keep_days * DAY_MS]


def to_free(kept: Sequence[KeptAudio], need_bytes: int, most_bytes: int) -> list[KeptAudio] | None:
    """What has to go so that `need_bytes` more fit into `most_bytes`, the oldest first; None: they cannot."""
    over = sum(each.size_bytes for each in kept) + need_bytes - most_bytes
    going: list[KeptAudio] = []
    for each in sorted(filter(_may_go, kept), key=lambda each: each.fetched_ms):
        if over <= 0:
            break
        going.append(each)
        over -= each.size_bytes
    return going if over <= 0 else None


def may_be_cut(heard_ms: int, claimed_ms: int | None, *, length_told: bool) -> bool:
    """Whether a recording whose server did not say its length is clearly shorter than its feed says (N-03).

    >>> may_be_cut(600_000, 3_600_000, length_told=False), may_be_cut(600_000, 3_600_000, length_told=True)
    (True, False)
    >>> may_be_cut(3_550_000, 3_600_000, length_told=False), may_be_cut(1, None, length_told=False)
    (False, False)
    """
    if length_told or claimed_ms is None:
        return False
    return claimed_ms - heard_ms > max(CUT_MS, CUT_SHARE * claimed_ms)


def cut_note(heard_ms: int, claimed_ms: int | None) -> str:
    """What is said of a recording that may be cut.

    >>> cut_note(720_000, 3_480_000)
    'The recording may be cut: 12 of about 58 min came, and its server did not say how long it is.'
    """
    came, whole = heard_ms // 60_000, round((claimed_ms or heard_ms) / 60_000)
    return (
        f"The recording may be cut: {came} of about {whole} min came, and its server did not say how long "
        "it is."
    )


def make_room(tools: Tools, episode: Episode, watch: Watch) -> None:
    """See that an episode's recording may come now: the connection, and room within the user's limit.

    What was read goes first. Raises Postponed.
    """
    settings = tools.choices()
    if settings.wait_on_metered and is_metered():
        raise Postponed(METERED)
    make_room_for(tools, episode, settings, watch)


def make_room_for(tools: Tools, episode: Episode, settings: Settings, watch: Watch) -> None:
    """See that the user's limit holds, whatever the connection is. Raises Postponed."""
    said = episode.enclosure.length_bytes if episode.enclosure else None
    need = min(max(0, said or 0), settings.max_episode_mb * 10**6)
    kept = [each for each in tools.library.kept_audio() if each.episode_id != episode.id]
    going = to_free(kept, need, settings.max_audio_gb * 10**9)
    if going is None:
        raise Postponed(
            f"Recordings may take {settings.max_audio_gb} GB and do. What takes room: earmark library size"
        )
    drop_audio(tools, going, watch)


def sweep(tools: Tools, watch: Watch) -> Changes:
    """Let go of the recordings whose time is over."""
    kept = tools.library.kept_audio()
    going = to_sweep(kept, tools.choices().keep_audio_days, to_ms(tools.clock()))
    return drop_audio(tools, going, watch)


def drop_audio(
    tools: Tools, going: Sequence[KeptAudio], watch: Watch, *, moments_too: bool = False
) -> Changes:
    """Delete these recordings, after their moments were cut where they are not kept yet.

    One whose moments could not be cut stays, unless they are to go, too; so does one that is open in another
    program, which some systems do not allow to be deleted. Next time it is tried again.
    """
    changes, uncut = keep_moments_of(tools, [each.episode_id for each in going], watch)
    may_go = [each for each in going if moments_too or each.episode_id not in uncut]
    gone = [each.episode_id for each in may_go if _unlink(tools.paths.audio / each.file_name)]
    return changes | tools.library.forget_audio(gone)


def remove_audio(tools: Tools, episode_id: EpisodeId, watch: Watch) -> Changes:
    """Delete an episode's recording, which the user wants gone; its moments are kept where they can be."""
    going = [each for each in tools.library.kept_audio() if each.episode_id == episode_id]
    return drop_audio(tools, going, watch, moments_too=True)


def keep_moments_of(
    tools: Tools, episode_ids: Iterable[EpisodeId], watch: Watch
) -> tuple[Changes, set[EpisodeId]]:
    """Cut what is missing of the moments of these episodes, as of those read before moments were kept; and
    the episodes where that went wrong, which is told."""
    changes, uncut = Changes(), set()
    files = {each.episode_id: each.file_name for each in tools.library.kept_audio()}
    for episode_id in episode_ids:
        audio = tools.paths.audio / files[episode_id] if episode_id in files else None
        if audio is None or not audio.is_file():
            continue
        episode = tools.library.episode(episode_id)
        try:
            changes |= cut_moments(tools, episode, audio, watch)
        except KnownError as error:
            uncut.add(episode_id)
            told = "its recording stays, since its moments could not be kept"
            watch.on_warning(f"{episode.title}: {told}. {error}")
    return changes, uncut


def _unlink(file: Path) -> bool:
    with suppress(OSError):
        file.unlink(missing_ok=True)
        return True
    return False


def _may_go(each: KeptAudio) -> bool:
    return each.read and not each.asked


def _came_ms(each: KeptAudio, now_ms: int) -> int:
    """A clock that was set back makes nothing older than it is; 0: not known."""
    return min(each.fetched_ms or now_ms, now_ms)
