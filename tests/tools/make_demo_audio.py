"""Make the audio of the sample episodes: espeak-ng speaks each sentence, PyAV packs them as Opus.

Needs the program espeak-ng. Run from the repository root:

    PYTHONPATH=desktop uv run python tests/tools/make_demo_audio.py [part of an episode's name]

Writes resources/demo/EPISODE.opus, and the start and end of every sentence into times.json.
"""

import io
import json
import subprocess
import sys
import wave
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from earmark.demo import DemoEpisode, parse_script
from earmark.paths import resource

RATE = 22_050  # what espeak-ng gives
GRID = 441  # 20 ms: Whisper's unit of time, so that its time tokens can be exact
PAUSE = 16 * GRID  # 320 ms between sentences
LEAD = 8 * GRID
TAIL = RATE // 2
# Words a minute and bit rate. The two episodes that are transcribed from their sound get more of it.
SLOW, FINE = 140, 24_000
BRISK, COARSE = 150, 11_000

Samples = NDArray[np.int16]


def has_transcript(episode: DemoEpisode) -> bool:
    """Whether the publisher gives the words, so that nobody needs to recognise them."""
    return episode.transcript != "none"


def speak(text: str, voice: str, pace: int) -> Samples:
    """One sentence in `voice`, without silence around it, as long as a whole number of 20 ms steps."""
    command = ["espeak-ng", "-v", voice, "-s", str(pace), "--stdout", "--", text]
    spoken = subprocess.run(command, check=True, capture_output=True).stdout
    with wave.open(io.BytesIO(spoken)) as sound:
        # espeak-ng writes to a pipe with a made-up length in the header, so read all there is.
        samples = np.frombuffer(sound.readframes(len(spoken)), np.int16)
    loud = np.flatnonzero(np.abs(samples) > 200)
    samples = samples[loud[0] : loud[-1] + 1]
    return np.pad(samples, (0, -len(samples) % GRID))


def perform(episode: DemoEpisode) -> tuple[Samples, list[list[float]]]:
    """The whole episode, and (start, end) of each sentence in seconds."""
    parts, spans, at = [np.zeros(LEAD, np.int16)], [], LEAD
    pace = BRISK if has_transcript(episode) else SLOW
    for line in episode.lines:
        sentence = speak(line.text, episode.voices[line.speaker], pace)
        spans.append([round(at / RATE, 2), round((at + len(sentence)) / RATE, 2)])
        parts += [sentence, np.zeros(PAUSE, np.int16)]
        at += len(sentence) + PAUSE
    parts[-1] = np.zeros(TAIL, np.int16)
    return np.concatenate(parts), spans


def encode(samples: Samples, path: Path, bit_rate: int) -> None:
    """Write mono Opus in an Ogg file."""
    options = {"application": "voip", "vbr": "on"}
    with av.open(path, "w", format="ogg") as out:
        stream = out.add_stream("libopus", rate=48_000, layout="mono", options=options)
        stream.bit_rate = bit_rate
        resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000, frame_size=960)
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate = RATE
        for ready in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(ready))
        out.mux(stream.encode(None))


def main() -> None:
    """Make all episodes whose name holds the argument, or all."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    demo = resource("demo")
    times_file = demo / "times.json"
    times = json.loads(times_file.read_text("utf-8")) if times_file.exists() else {}
    for script in sorted(demo.glob(f"*{wanted}*.txt")):
        if script.stem == "shows":
            continue
        episode = parse_script(script, None)
        samples, times[episode.slug] = perform(episode)
        audio = script.with_suffix(".opus")
        encode(samples, audio, COARSE if has_transcript(episode) else FINE)
        sys.stdout.write(f"{episode.slug}: {len(samples) / RATE:.1f} s, {audio.stat().st_size} bytes\n")
    rows = [f" {json.dumps(slug)}: {json.dumps(times[slug])}" for slug in sorted(times)]
    times_file.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
