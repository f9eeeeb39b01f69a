"""Where Earmark's engines work when there is a graphics processor, when it is hidden, and when it fails.

A part of graphics.py. CUDA_FORCE_PTX_JIT has the driver make each kernel out of PTX, so a build that carries
none fails at once (CMAKE_CUDA_ARCHITECTURES=90-real, say); another build is only slow to begin.
"""

import base64
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from earmark.engines import Engine, Language, Places, Speech, sample_speech_model
from earmark.engines.client import OnEvent
from earmark.engines.lines import Message
from earmark.engines.places import Placer
from earmark.paths import Paths

HIDDEN = {"CUDA_VISIBLE_DEVICES": ""}
FAILING = {"CUDA_FORCE_PTX_JIT": "1"}
RUNS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("device hidden, nothing known", "new", HIDDEN),
    ("with the device, first", "well", {}),
    ("with the device, again", "well", {}),
    ("device hidden", "well", HIDDEN),
    ("device failing, first", "ill", FAILING),
    ("device failing, again", "ill", FAILING),
    ("device well again, but remembered", "ill", {}),
)
"""What happens, whose memory of places is used, and the children's surroundings."""
PASSAGE = "the cat sat on the mat and thought about prices. "


def say(*parts: object) -> None:
    """A line, at once."""
    sys.stdout.write(" ".join(str(part) for part in parts) + "\n")
    sys.stdout.flush()


class Watched(Engine):
    """An engine that remembers where its last request was done, and how often a place was new to it."""

    device: str | None = None
    tries = 0

    def request(self, job: Message, *, on_event: OnEvent | None = None, **more: Any) -> Message:
        """As Engine.request."""
        self.device = None

        def listen(event: Message) -> None:
            if event["type"] == "place":
                self.device = event["place"][2]
                self.tries += not event["tried"]
            if on_event is not None:
                on_event(event)

        return super().request(job, on_event=listen, **more)

    @property
    def where(self) -> str:
        """In words."""
        return self.device or "the processor"


@contextmanager
def surroundings(variables: dict[str, str]) -> Iterator[None]:
    """What children are started with meanwhile."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def hear(model: Path, sound: Path, places: Places | None) -> tuple[Any, Watched, float]:
    """The segments of a sound with all their times, the engine that heard it, and the seconds."""
    engine, heard = Watched("asr", mode=lambda: "fast"), []
    with Speech(engine, places=places) as speech:
        speech.prepare(model)
        began = time.monotonic()
        speech.transcribe(sound, model=model, on_window=lambda window: heard.append(window.segments))
        return heard, engine, time.monotonic() - began


def hear_everywhere(home: Paths, sound: Path) -> None:
    """Earmark's speech engine with the sample model, and whether it hears the same."""
    home.create()
    model = sample_speech_model(home)
    plain, _, seconds = hear(model, sound, None)
    said = texts_of(plain)
    say(f"\nSpeech engine, processor: {len(' '.join(said).split())} words in {seconds:.2f} s: {said[0][:60]}")
    for name, memory, variables in RUNS:
        (home.data / memory).mkdir(exist_ok=True)
        places = Places(home.data / memory)
        with surroundings(variables):
            heard, engine, seconds = hear(model, sound, places)
        same = "the same words" if texts_of(heard) == said else "OTHER WORDS"
        exact = " and numbers" if heard == plain else ""
        say(f"- {name}: on {engine.where}, {engine.tries} tries, {same}{exact}, {seconds:.2f} s")
        say_remembered(places)


def texts_of(heard: list[Any]) -> list[str]:
    """What was heard, window after window."""
    return [segment.text for window in heard for segment in window]


def say_remembered(places: Places) -> None:
    """What is kept of a memory of places."""
    for tried in places.all():
        came = "works" if tried.works else f"fails ({tried.why})"
        say(f"  - remembered: {tried.model} {came} on {tried.device}")


def ask(model: Path, home: Paths) -> tuple[list[float], Watched, Any]:
    """Scores of three endings, the engine that gave them, and what was used."""
    home.create()
    engine = Watched("llm", mode=lambda: "fast")
    with Language(home, engine, llm=model) as language:
        scores = language.choose(PASSAGE * 20, ["the cat", " a dog", " prices"])
        language.write("Be brief.", PASSAGE * 20, "full", 40)
        return scores, engine, language.usage


def ask_everywhere(folder: Path, models: Iterable[tuple[str, Path]]) -> None:
    """Earmark's language engine; scores differ in their last digits from device to device."""
    for name, model in models:
        plain: list[float] = []
        say(f"\nLanguage engine, {name}:")
        for what, memory, variables in RUNS:
            home = Paths(folder / f"{memory} {name}")
            with surroundings(variables):
                scores, engine, usage = ask(model, home)
            plain = plain or scores
            apart = max(abs(a - b) for a, b in zip(scores, plain, strict=True))
            say(
                f"- {what}: on {engine.where}, {engine.tries} tries, scores of {plain[0]:.2f} at most"
                f" {apart:.4f} apart, {usage.tokens_written} tokens in {usage.write_s:.2f} s"
            )
            say_remembered(Places(home.data))


def embed_everywhere(folder: Path, model: Path) -> None:
    """The vectors of a model of meaning, and how near those of both places are."""
    job = {"do": "embed", "model": str(model), "texts": [PASSAGE, "a kitten", "the tax law of 1923"]}
    plain = None
    say(f"\nLanguage engine, {model.name}:")
    for name, memory, variables in RUNS:
        home = folder / f"{memory} meaning"
        home.mkdir(exist_ok=True)
        engine = Watched("llm")
        with surroundings(variables), engine:
            placer = Placer(engine, Places(home))
            found = placer.request(
                lambda: job, on_event=lambda _: None, cancelled=lambda: False, silent_for_s=60.0
            )
        vectors = np.frombuffer(base64.b64decode(found["vectors"]), "<f4").reshape(3, -1)
        plain = vectors if plain is None else plain
        nearness = float((vectors * plain).sum(axis=1).min())
        say(f"- {name}: on {engine.where}, {engine.tries} tries, nearness {nearness:.6f}")
        say_remembered(Places(home))
