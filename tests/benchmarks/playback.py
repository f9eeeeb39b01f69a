"""Where the player really is when it was told to go somewhere, for each kind of recording.

    uv run python tests/benchmarks/playback.py [SECONDS]

Makes a sweep of SECONDS (1200) as MP3 of constant and of variable rate, with and without a Xing header, as
Opus and as M4A, plays each through the window's own player from eight places, and reads from the pitch that
comes out where it is. Printed: the largest error, and the length that Qt believes.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "desktop"), str(ROOT / "tests" / "tools")]
WHOLE_S, PIECE_S, PATIENCE_MS = 1200.0, 0.4, 20_000
PLACES = (0.05, 0.2, 0.32, 0.4, 0.52, 0.61, 0.75, 0.9)


def error_ms(player: Any, file: Path, place_ms: int, seconds: float) -> tuple[float, int]:
    """How far off the sound is when the player is told to play from `place_ms`, and Qt's length in ms."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtMultimedia import QAudioBuffer, QAudioBufferOutput, QAudioFormat
    from sweep import place_s

    from earmark.ui.player import LEAD_IN_MS

    kinds = {
        QAudioFormat.SampleFormat.Float: np.float32,
        QAudioFormat.SampleFormat.Int16: np.int16,
        QAudioFormat.SampleFormat.Int32: np.int32,
    }
    pieces: list[Any] = []
    loop, rate = QEventLoop(), [0]

    def take(buffer: QAudioBuffer) -> None:
        form = buffer.format()
        rate[0] = form.sampleRate()
        samples = np.frombuffer(bytes(buffer.constData()), kinds[form.sampleFormat()])
        pieces.append(samples[:: form.channelCount()].astype(np.float64))
        if sum(map(len, pieces)) >= PIECE_S * rate[0]:
            loop.quit()

    assert player._can_play()
    listened = QAudioBufferOutput()
    player._player.setAudioBufferOutput(listened)
    listened.audioBufferReceived.connect(take)
    QTimer.singleShot(PATIENCE_MS, loop.quit)
    player.play(file, place_ms + LEAD_IN_MS)
    loop.exec()
    length_ms = player._player.duration()
    player._player.setAudioBufferOutput(None)
    player.stop()
    heard = np.concatenate(pieces)[: int(PIECE_S * rate[0])]
    return 1000 * place_s(heard, rate[0], seconds) - place_ms, length_ms


def main() -> None:
    """Print a line for each kind."""
    from PySide6.QtWidgets import QApplication
    from sweep import FORMS, sweep, write

    from earmark.ui.player import Player

    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else WHOLE_S
    application = QApplication([])
    sound, player = sweep(seconds), Player()
    with tempfile.TemporaryDirectory() as folder:
        for name in FORMS:
            file = Path(folder) / name
            write(file, sound)
            found = [error_ms(player, file, round(place * seconds * 1000), seconds) for place in PLACES]
            worst = max((error for error, _ in found), key=abs)
            sys.stdout.write(
                f"{name:24} off by {worst:+5.0f} ms at most; Qt's length {found[0][1] / 1000:.1f} s\n"
            )
            sys.stdout.flush()
            file.unlink()
    application.processEvents()


if __name__ == "__main__":
    main()
