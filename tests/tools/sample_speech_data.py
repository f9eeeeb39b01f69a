"""What the sample speech model learns from: windows of the sample episodes as whisper.cpp will cut them."""

import base64
import random
import re
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from earmark.demo import DemoEpisode, demo_episodes
from earmark.paths import resource

RATE, HOP, WINDOW = 16_000, 160, 30 * 16_000
STEP = 320  # samples in one time token (20 ms)
FRAMES = 3000
EARLY, LATE = -4000, 2400  # how far from a sentence's bound a window may begin, in samples
# Whisper's English vocabulary: 50256 texts, then the tokens with a meaning of their own.
END, START, FIRST_TIME, ANCHOR_IDS = 50_256, 50_257, 50_363, 51_864
TIMES = range(FIRST_TIME, FIRST_TIME + 1501)
WORD = re.compile(r"'(?:s|t|re|ve|m|ll|d)| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+")

Pcm = NDArray[np.float32]


@dataclass(frozen=True)
class Window:
    """Where a window of at most 30 s begins, and how its sound is changed for variety.

    A start below zero stands for silence before the recording.
    """

    start: int
    gain: float = 1.0
    louder_elsewhere: float = 0.0


@dataclass(frozen=True)
class Sample:
    """What the encoder hears, and the tokens (numbered by use) that the decoder must say."""

    mel: Tensor
    tokens: list[int]


class Speech:
    """One episode: its sound, and its sentences as tokens with the moment where each ends."""

    def __init__(self, pcm: Pcm, sentences: list[list[int]], bounds: list[int], filters: Tensor) -> None:
        self.pcm, self.sentences, self.bounds, self.filters = pcm, sentences, bounds, filters
        self.index: dict[int, int] = {}

    def chain(self) -> list[int]:
        """The window starts that follow when each begins where the last whole sentence ended."""
        starts = [0]
        while starts[-1] + WINDOW < len(self.pcm):
            whole = [bound for bound in self.bounds if bound - starts[-1] < WINDOW - STEP]
            starts.append(whole[-1])
        return starts

    def random_sample(self, chance: random.Random) -> Sample:
        """Mostly a window at a sentence's start, sometimes the rest of a cut one, or no speech at all."""
        kind = chance.random()
        if kind < 0.08:
            return self._silence(chance)
        starts = self.chain() if chance.random() < 0.4 else self.bounds[:-1]
        jitter = 0 if chance.random() < 0.3 else chance.randrange(EARLY, LATE)
        window = Window(
            chance.choice(starts) + jitter,
            gain=chance.uniform(0.9, 1.1),
            louder_elsewhere=chance.choice([0.0, 0.0, chance.uniform(0, 0.3)]),
        )
        return self._rest(window) if kind < 0.18 else self.sample(window)

    def sample(self, window: Window) -> Sample:
        """The window's sound, and `<t0> text <t1><t1> text <t2>...` for the sentences whole in it.

        A sentence that the end of the window cuts is not said: only the time where it starts, twice.
        whisper.cpp then goes on from there.
        """
        tokens, at = [START], window.start
        first = next(i for i, bound in enumerate(self.bounds) if bound >= at - LATE)
        tokens.append(_time(self.bounds[first] - at))
        for sentence, bound in zip(self.sentences[first:], self.bounds[first + 1 :], strict=True):
            if bound - at >= WINDOW - STEP:
                break
            tokens += [*sentence, _time(bound - at)]
            if bound != self.bounds[-1]:
                tokens.append(_time(bound - at))
        return Sample(self._mel(window), self._numbered([*tokens, END]))

    def _rest(self, window: Window) -> Sample:
        """The piece of a cut sentence that whisper.cpp hears last in a window: nothing is said."""
        cut = [bound for bound in self.bounds if bound - window.start < WINDOW - STEP][-1]
        mel = self._mel(window)
        if window.start + WINDOW >= len(self.pcm):
            return self.sample(window)
        left = mel[:, max(0, cut - window.start) // HOP :]
        mel = torch.cat([left, mel.amin().expand(80, FRAMES - left.shape[1])], dim=1)
        return Sample(mel, self._numbered([START, FIRST_TIME, END]))

    def _silence(self, chance: random.Random) -> Sample:
        hiss = np.random.default_rng(chance.randrange(1 << 30)).normal(0, 1, WINDOW).astype(np.float32)
        level = chance.choice([0.0, 10 ** chance.uniform(-5, -1)])
        mel = log_mel(hiss[: chance.randrange(RATE, WINDOW)] * level, self.filters, 0.0)
        return Sample(mel, self._numbered([START, FIRST_TIME, END]))

    def _mel(self, window: Window) -> Tensor:
        before = np.zeros(max(0, -window.start), np.float32)
        pcm = np.concatenate([before, self.pcm[max(0, window.start) : window.start + WINDOW]])
        return log_mel(pcm * np.float32(window.gain), self.filters, window.louder_elsewhere)

    def _numbered(self, tokens: list[int]) -> list[int]:
        return [self.index[token] for token in tokens]


def log_mel(pcm: Pcm, filters: Tensor, louder_elsewhere: float) -> Tensor:
    """80 x 3000 log-mel frames as whisper.cpp makes them of one call's sound.

    It scales by the loudest frame of the call; `louder_elsewhere` plays a call with a louder one.
    """
    sound = torch.from_numpy(np.concatenate([pcm[200:0:-1], pcm, np.zeros(WINDOW + 400, np.float32)]))
    sound = sound[: 400 + (FRAMES - 1) * HOP]
    spectrum = torch.stft(sound, 400, HOP, window=torch.hann_window(400), center=False, return_complex=True)
    mel = (filters @ spectrum.abs().square()).clamp(min=1e-10).log10()
    mel = mel.clamp(min=mel.amax() + louder_elsewhere - 8.0)
    return (mel + 4.0) / 4.0


def decode(path: Path) -> Pcm:
    """Sound as the program gives it to whisper.cpp: mono, 16 kHz, -1 to 1."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(path) as container:
        frames = [ready for frame in container.decode(audio=0) for ready in resampler.resample(frame)]
    frames += resampler.resample(None)
    pcm = np.concatenate([frame.to_ndarray().ravel() for frame in frames]).astype(np.float32)
    return pcm / np.float32(32_768)


def vocabulary(assets: Path) -> list[bytes]:
    """Whisper's English text tokens, in order."""
    lines = (assets / "gpt2.tiktoken").read_text("ascii").splitlines()
    return [base64.b64decode(line.split()[0]) for line in lines]


def mel_filters(assets: Path) -> NDArray[np.float32]:
    """The 80 x 201 filter bank."""
    with np.load(assets / "mel_filters.npz") as banks:
        filters: NDArray[np.float32] = banks["mel_80"]
    return filters


def tokens_of(sentence: str, ids: dict[bytes, int]) -> list[int]:
    """Longest known pieces, word by word; any split will do, as long as it spells the sentence."""
    found = []
    for word in WORD.findall(" " + sentence):
        rest = word.encode()
        while rest:
            size = next(n for n in range(len(rest), 0, -1) if rest[:n] in ids)
            found.append(ids[rest[:size]])
            rest = rest[size:]
    return found


def audio_episodes() -> list[DemoEpisode]:
    """The sample episodes without a transcript."""
    return [episode for episode in demo_episodes() if episode.transcript == "none"]


def load_speech(assets: Path) -> list[Speech]:
    """The audio episodes, ready to be cut into windows."""
    ids = {text: number for number, text in enumerate(vocabulary(assets))}
    filters = torch.from_numpy(mel_filters(assets))
    speech = []
    for episode in audio_episodes():
        middles = [
            (before.end_s + after.start_s) / 2
            for before, after in zip(episode.lines, episode.lines[1:], strict=False)
        ]
        # A sentence reaches to the middle of the pauses beside it; whisper.cpp knows no gaps.
        bounds = [round(moment * 50) * STEP for moment in [0.0, *middles, episode.lines[-1].end_s + 0.16]]
        sentences = [tokens_of(line.text, ids) for line in episode.lines]
        pcm = decode(resource("demo") / f"{episode.slug}.opus")
        speech.append(Speech(pcm, sentences, bounds, filters))
    words, times = used_ids(speech)
    for one in speech:
        one.index = {token: number for number, token in enumerate([*words, *times])}
    return speech


def used_ids(speech: list[Speech]) -> tuple[list[int], list[int]]:
    """The tokens in use: (texts, end and start), times."""
    texts = {token for one in speech for sentence in one.sentences for token in sentence}
    return [*sorted(texts), END, START], list(TIMES)


def _time(samples: int) -> int:
    return TIMES[max(0, round(samples / STEP))]
