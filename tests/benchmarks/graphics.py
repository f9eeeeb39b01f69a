"""What a graphics processor is worth: the same models there and on the processor, and what comes without it.

    python tests/benchmarks/graphics.py [--speech base.en ...] [--language 1.5b ...]

Needs whisper.cpp or llama.cpp built for a graphics processor; says so and ends where neither is. Weights are
random and have the shape of real models; each figure is taken in a process of its own, the median of
`--rounds` after a warm-up. With `--folder` the models are kept for the next time, and `--write` only makes
them. Then Earmark's own engines work there, with the device hidden, and with it failing (graphics_places.py).
`--pcm` gives speech where there is no decoder, `--vocabulary` a model whose words the random ones take.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "desktop"), str(ROOT / "tests" / "tools")]
from graphics_places import ask_everywhere, embed_everywhere, hear_everywhere, say  # noqa: E402

from earmark.engines import Media, sample_speech_model  # noqa: E402
from earmark.engines.effort import cores_here  # noqa: E402
from earmark.engines.starter import starter_llm  # noqa: E402
from earmark.paths import Paths, resource  # noqa: E402

SPEECH_FORMS: tuple[Literal["f16", "q8_0"], ...] = ("f16", "q8_0")
LANGUAGE_FORMS = ("q8_0",)
SOUND_S, WINDOW_S = 60, 30
WRITTEN = 64
PROMPT = 512
PLACES = ("processor", "graphics")


def measure_speech(path: Path, on_graphics: bool, threads: int, rounds: int) -> dict[str, float]:
    """Seconds to encode half a minute, and tokens a second, of a speech model in this process."""
    import _pywhispercpp as whisper
    from pywhispercpp.model import Model

    place: Any = {"use_gpu": on_graphics}
    model: Any = Model(str(path), context_params=place, n_threads=threads, redirect_whispercpp_logs_to=None)
    context = model._ctx
    mel = np.random.default_rng(1).standard_normal((80, 3000)).astype(np.float32)
    whisper.whisper_set_mel(context, mel, 3000, 80)
    tokens = list(range(1000, 1000 + WRITTEN))

    def decode() -> None:
        for position, token in enumerate(tokens):
            whisper.whisper_decode(context, token, 1, position, threads)

    encode_s = median_s(lambda: whisper.whisper_encode(context, 0, threads), rounds)
    return {"encode_s": encode_s, "written": WRITTEN / median_s(decode, rounds)}


def measure_language(path: Path, on_graphics: bool, threads: int, rounds: int) -> dict[str, float]:
    """Tokens a second that a language model reads, and that it writes, in this process."""
    from earmark.engines.llama import Llama

    model = Llama(path, n_ctx=PROMPT + WRITTEN, threads=threads, on_graphics=on_graphics)
    tokens = [int(token) for token in np.random.default_rng(1).integers(1000, 40_000, PROMPT)]

    def read() -> None:
        model.forget()
        model.evaluate(tokens, 0)

    def write() -> None:
        for number in range(WRITTEN):
            model.evaluate([1000 + number], PROMPT + number)
        model.forget(PROMPT)

    read_s = median_s(read, rounds)
    return {"read": PROMPT / read_s, "written": WRITTEN / median_s(write, rounds)}


def median_s(work: Callable[[], object], rounds: int) -> float:
    """Seconds that a piece of work takes, once it has been done for warmth."""
    work()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def device_of(kind: str) -> dict[str, Any]:
    """The device that the build in this process would use, or why there is none."""
    from earmark.engines.gpu import find_device

    if kind == "asr":
        from earmark.engines.whisper import BUILD, GGML
    else:
        from earmark.engines.llama import GGML, VERSION

        BUILD = f"llama.cpp of llama-cpp-python {VERSION}"  # noqa: N806
    found = find_device(GGML)
    return {"build": BUILD, "device": found.name if found else None, "free": found.free_bytes if found else 0}


def alone(*arguments: object) -> dict[str, Any]:
    """What this program says in a process of its own, which ggml may end."""
    argv = [sys.executable, __file__, "--one", *(str(each) for each in arguments)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"fault": f"ended with {done.returncode}: {done.stderr.strip()[-300:]}"}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def one(kind: str, *arguments: str) -> dict[str, Any]:
    """The other side of `alone`."""
    if kind == "device":
        return device_of(*arguments)
    path, where, threads, rounds = arguments
    measure = {"speech": measure_speech, "language": measure_language}[kind]
    return measure(Path(path), where == "graphics", int(threads), int(rounds))


@dataclass(frozen=True)
class Material:
    """Where models are made and kept, what they are made of, and which are wanted."""

    folder: Path
    paths: Paths
    vocabulary: Path | None
    speech: list[str]
    language: list[str]

    def speech_models(self) -> Iterator[tuple[str, Path]]:
        """Names and files, made where they are missing."""
        from random_speech_model import SIZES, write_random_model

        for name in self.speech:
            for form in SPEECH_FORMS:
                path = self.folder / f"{name}-{form}.bin"
                if not path.exists():
                    write_random_model(SIZES[name], form, sample_speech_model(self.paths), path)
                yield f"{name} {form}", path

    def language_models(self) -> Iterator[tuple[str, Path]]:
        """Names and files, made where they are missing."""
        from random_language_model import LANGUAGE_SIZES, write_random_language_model

        for name in self.language:
            for form in LANGUAGE_FORMS:
                path = self.folder / f"{name}-{form}.gguf"
                if not path.exists():
                    words = self.vocabulary or starter_llm(self.paths)
                    write_random_language_model(LANGUAGE_SIZES[name], form, words, path)
                yield f"{name} {form}", path


def measured(
    kind: str, models: Iterator[tuple[str, Path]], threads: int, rounds: int
) -> Iterator[tuple[str, Path, dict[str, Any], dict[str, Any]]]:
    """Each model with its figures in both places; what could not be measured gets a row that says so."""
    for name, path in models:
        plain, quick = (alone(kind, path, where, threads, rounds) for where in PLACES)
        if "fault" in {*plain, *quick}:
            came = (each.get("fault", "works") for each in (plain, quick))
            say(f"| {name}: {', '.join(f'{where} {how}' for where, how in zip(PLACES, came, strict=True))} |")
            continue
        yield name, path, plain, quick


def speech_table(material: Material, threads: int, rounds: int) -> None:
    """Encoding and decoding in both places."""
    say("\n| speech model | MB | encode s | on graphics | times | factors | tokens/s | on graphics |")
    say("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, path, plain, quick in measured("speech", material.speech_models(), threads, rounds):
        slow_s, quick_s = plain["encode_s"], quick["encode_s"]
        say(
            f"| {name} | {path.stat().st_size / 1e6:.0f} | {slow_s:.3f} | {quick_s:.4f} |"
            f" {slow_s / quick_s:.1f} | {slow_s / WINDOW_S:.4f}, {quick_s / WINDOW_S:.5f} |"
            f" {plain['written']:.0f} | {quick['written']:.0f} |"
        )


def language_table(material: Material, threads: int, rounds: int) -> None:
    """Reading and writing in both places."""
    say("\n| language model | MB | tokens/s read, processor | graphics | written, processor | graphics |")
    say("|---|---:|---:|---:|---:|---:|")
    for name, path, plain, quick in measured("language", material.language_models(), threads, rounds):
        say(
            f"| {name} | {path.stat().st_size / 1e6:.0f} | {plain['read']:.0f} | {quick['read']:.0f} |"
            f" {plain['written']:.1f} | {quick['written']:.1f} |"
        )


def speech_of(folder: Path, given: Path | None) -> Path:
    """A minute of a sample episode."""
    target = folder / "sound.pcm"
    if given is None:
        audio = next(path for path in sorted(resource("demo").glob("kitchen-table-*.opus")))
        with Media() as media:
            media.decode(audio, target)
    target.write_bytes((given or target).read_bytes()[: 32_000 * SOUND_S])
    return target


def arguments_given() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--speech", nargs="*", default=["base.en", "small.en"])
    parser.add_argument("--language", nargs="*", default=["1.5b"])
    parser.add_argument("--folder", type=Path, help="where the models are kept")
    parser.add_argument("--write", action="store_true", help="make the models and end")
    parser.add_argument("--pcm", type=Path, help="speech, raw 16-bit mono at 16 kHz")
    parser.add_argument("--vocabulary", type=Path, help="a language model whose words are taken")
    parser.add_argument("--embedding", type=Path, help="a model of meaning to try as well")
    parser.add_argument("--threads", type=int, default=cores_here())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--anyway", action="store_true", help="go on where there is no device")
    given = parser.parse_args()
    if given.write and not given.folder:
        parser.error("--write needs --folder, or what is written is gone at once")
    return given


def work(given: argparse.Namespace, folder: Path) -> None:
    """All of it."""
    material = Material(folder, Paths(folder / "profile"), given.vocabulary, given.speech, given.language)
    material.paths.create()
    if given.write:
        say(*(f"{name} written;" for name, _ in (*material.speech_models(), *material.language_models())))
        return
    able = {kind for kind in ("asr", "llm") if has_device(kind) or given.anyway}
    if not able:
        say("Neither engine can use a graphics processor here, so there is nothing to compare.")
        return
    say(f"{given.threads} threads on the processor, medians of {given.rounds}.")
    if "asr" in able:
        speech_table(material, given.threads, given.rounds)
    if "llm" in able:
        language_table(material, given.threads, given.rounds)
    with tempfile.TemporaryDirectory() as fresh:
        if "asr" in able:
            hear_everywhere(Paths(Path(fresh)), speech_of(folder, given.pcm))
        if "llm" in able:
            ask_everywhere(Path(fresh), material.language_models())
            if given.embedding:
                embed_everywhere(Path(fresh), given.embedding)


def has_device(kind: str) -> bool:
    """Whether a build can use a graphics processor; says which."""
    found = alone("device", kind)
    why_none = found.get("fault", "not built for one")
    say(f"{found.get('build', kind)}: {found.get('device') or 'none: ' + why_none}")
    return bool(found.get("device"))


def main() -> None:
    """Measure, with the models in a folder that stays or in one that goes."""
    if sys.argv[1:2] == ["--one"]:
        say(json.dumps(one(*sys.argv[2:])))
        return
    given = arguments_given()
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
        work(given, given.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        work(given, Path(folder))


if __name__ == "__main__":
    main()
