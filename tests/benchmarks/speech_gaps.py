"""What a judge of speech saves and keeps where 40% of a sound is silence: `speech_speed.py --gaps`.

One sample episode over and over, and faint hiss after each. What is heard is compared with what is said, word
by word, and with what the same engine hears of the episode alone, without any gap. The sample model knows its
episode only from where its own windows begin: where a window without a judge would hold hiss and then speech,
it recites what nobody says and loses its place. So the gaps last for whole windows, and both ways begin each
turn at its beginning; what is compared is what it costs to listen to the silences, not how that model fails.
"""

import itertools
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
GAP_SHARE, HISS = 0.4, 20
WINDOW_S = 30
_LATE_MS = 500
"""A word whose time lies so near to speech counts as spoken there."""
Pcm = NDArray[np.int16]


@dataclass(frozen=True)
class Gaps:
    """A sound with gaps: what is said in it, and where nobody speaks (start_ms, end_ms)."""

    said: list[str]
    silent_ms: list[tuple[int, int]]

    def invented(self, words_at: Sequence[tuple[int, str]]) -> int:
        """How many words lie in the silences."""
        return sum(
            any(start + _LATE_MS <= at < end - _LATE_MS for start, end in self.silent_ms)
            for at, _ in words_at
        )


def write_gaps(path: Path, episode: Pcm, ends_s: float, said: list[str], minutes: float) -> Gaps:
    """Write the sound as a WAV file and as bare samples beside it: whole turns of an episode and hiss, about
    so many minutes. `ends_s`: where its last sentence ends, from where the next window is counted."""
    turns = max(1, round(minutes * 60 * RATE_HZ / (episode.size / (1 - GAP_SHARE))))
    silent = round(episode.size * turns * GAP_SHARE / (1 - GAP_SHARE))
    between = round(silent / turns / RATE_HZ / WINDOW_S) * WINDOW_S * RATE_HZ
    between -= episode.size - round(ends_s * RATE_HZ)
    sizes = [between] * (turns - 1) + [silent - between * (turns - 1)]
    assert min(sizes) >= 0, "so many turns leave no silence for the last"
    hiss = np.random.default_rng(3).standard_normal(max(sizes)) * HISS
    write(path, np.concatenate([part for size in sizes for part in (episode, hiss[:size].astype(np.int16))]))
    begins = np.cumsum([episode.size, *(size + episode.size for size in sizes[:-1])])
    spans = [(int(at), int(at) + size) for at, size in zip(begins, sizes, strict=True)]
    return Gaps(said * turns, [(a * 1000 // RATE_HZ, b * 1000 // RATE_HZ) for a, b in spans])


def write(path: Path, samples: Pcm) -> None:
    """A WAV file, and the bare samples beside it."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.astype("<i2").tobytes())
    samples.astype("<i2").tofile(path.with_suffix(".pcm"))


def in_order(said: Sequence[str], heard: Sequence[str]) -> int:
    """The most words of `said` that are heard in their order (Allison and Dix's way over long numbers).

    >>> in_order("a b c d".split(), "b x d a".split())
    2
    """
    places: dict[str, int] = {}
    for number, word in enumerate(said):
        places[word] = places.get(word, 0) | 1 << number
    all_of_them = (1 << len(said)) - 1
    left = all_of_them
    for word in heard:
        taken = left & places.get(word, 0)
        left = ((left + taken) | (left - taken)) & all_of_them
    return len(said) - left.bit_count()


def first_difference(said: Sequence[str], heard: Sequence[str]) -> int | None:
    """The number of the first word that is another; None where both are the same."""
    pairs = enumerate(itertools.zip_longest(said, heard))
    return next((number for number, (a, b) in pairs if a != b), None)


def told(gaps: Gaps, words_at: Sequence[tuple[int, str]]) -> str:
    """One row's cells: words heard, words said found in order, words in silences, and whether all is the
    same."""
    heard = [word for _, word in words_at]
    other = first_difference(gaps.said, heard)
    same = "word for word" if other is None else f"until word {other}"
    return f"{len(heard)} | {in_order(gaps.said, heard)} | {gaps.invented(words_at)} | {same}"
