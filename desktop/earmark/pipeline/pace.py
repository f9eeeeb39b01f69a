"""How fast this computer listens and reads, as measured, in a small file; and a first guess before that.

Rates are seconds of work: for each second of sound by speech model and mode, for each word read by language
model and mode.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from earmark.errors import KnownError
from earmark.kept import put
from earmark.settings import Mode

HALF_LIFE_SOUND_S = 600.0
"""What was measured so much sound ago counts half."""
HALF_LIFE_WORDS = 10_000.0
SUMS_A_SECOND_AND_THREAD = 30e9
"""A careful guess for a laptop's core, in whisper.cpp's encoder; decoding takes half as long again."""
DECODING = 1.5
WINDOW_S = 30.0
UNKNOWN_MODEL_RATE = 0.5
GUESSED_READ_S = 0.02
"""Seconds for a word, about ten times what quoting takes here: a model that writes is slower."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Seconds of work for one unit, from `amount` units that were measured; 0 units: it is a guess."""

    seconds: float
    amount: float = 0.0

    @property
    def guessed(self) -> bool:
        """Whether nothing was measured yet."""
        return self.amount == 0


def learned(before: Rate | None, work_s: float, amount: float, half_life: float) -> Rate:
    """A rate with one more measurement: the plain mean at first, then older ones count less and less.

    >>> learned(Rate(0.1, 30), work_s=6, amount=30, half_life=600)
    Rate(seconds=0.15, amount=60)
    """
    fresh = work_s / amount
    if before is None or before.guessed:
        return Rate(fresh, amount)
    weight = max(amount / (before.amount + amount), 1 - 0.5 ** (amount / half_life))
    return Rate(round(before.seconds + weight * (fresh - before.seconds), 9), before.amount + amount)


class Pace:
    """The file of measurements. One that is damaged or cannot be written is begun anew, or done without."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "pace.json"

    def listening(self, model: Path, mode: Mode) -> Rate:
        """For each second of sound: measured, or guessed from the size of the model's encoder."""
        return self._read().get(_listening(model, mode)) or guessed_listening(model, mode)

    def reading(self, model_id: str, mode: Mode) -> Rate:
        """For each word: measured, or guessed."""
        return self._read().get(_reading(model_id, mode)) or Rate(GUESSED_READ_S)

    def note_listening(self, model: Path, mode: Mode, *, work_s: float, sound_s: float) -> None:
        """One window took so long for so much sound."""
        self._note(_listening(model, mode), work_s, sound_s, HALF_LIFE_SOUND_S)

    def note_reading(self, model_id: str, mode: Mode, *, work_s: float, words: int) -> None:
        """One transcript took so long for so many words."""
        self._note(_reading(model_id, mode), work_s, words, HALF_LIFE_WORDS)

    def _note(self, key: str, work_s: float, amount: float, half_life: float) -> None:
        if amount <= 0 or work_s < 0:
            return
        rates = self._read()
        rates[key] = learned(rates.get(key), work_s, amount, half_life)
        rows = {name: [rate.seconds, rate.amount] for name, rate in rates.items()}
        with suppress(OSError):
            put(self._file, (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode())

    def _read(self) -> dict[str, Rate]:
        try:
            rows = json.loads(self._file.read_text("utf-8"))
            rates = {str(name): Rate(float(row[0]), float(row[1])) for name, row in rows.items()}
        except (OSError, ValueError, TypeError, AttributeError, IndexError):
            return {}
        return {name: rate for name, rate in rates.items() if 0 <= rate.seconds < 1e6 and rate.amount > 0}


def guessed_listening(model: Path, mode: Mode) -> Rate:
    """From the sums that the encoder of a speech model takes for half a minute of sound."""
    from earmark.engines.effort import cores_here, effort_of  # slow to load, and needed for a guess alone
    from earmark.engines.whisper_file import check

    try:
        header = check(model)
    except KnownError:  # a server's model, or a file that is gone
        return Rate(UNKNOWN_MODEL_RATE)
    threads = effort_of(mode, cores_here()).threads
    return guessed_encoding(header.n_audio_layer, header.n_audio_state, header.n_audio_ctx, threads)


def guessed_encoding(layers: int, state: int, frames: int, threads: int) -> Rate:
    """From the build of a speech model's encoder: its layers, their width, and the frames of a window."""
    sums = layers * (24 * state**2 * frames + 4 * frames**2 * state)
    return Rate(DECODING * sums / (SUMS_A_SECOND_AND_THREAD * threads) / WINDOW_S)


def _listening(model: Path, mode: Mode) -> str:
    return f"listening, {model.name}, {mode}"


def _reading(model_id: str, mode: Mode) -> str:
    return f"reading, {model_id}, {mode}"
