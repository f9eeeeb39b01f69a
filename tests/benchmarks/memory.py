"""How much memory models take, beside what the one formula says (engines/fit.py).

    uv run python tests/benchmarks/memory.py [tiny.en base.en small.en 0.5b 1.7b starter ...]

Speech models of random weights hear 40 s of a sample episode, language models of random weights write and
choose, each in a fresh process. `peak` is the most that was resident. Of it, the pages of the model's file
are the system's to take back where llama.cpp has repacked the weights into its own memory (Q4_0, on x86):
`own` is the rest.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "desktop"), str(ROOT / "tests" / "tools")]
NAMES = ("starter", "tiny.en", "base.en", "small.en", "0.5b", "1.7b")
PASSAGE = "the cat sat on the mat and thought about prices. " * 120


def held() -> dict[str, int]:
    """What this process holds, in bytes: peak, own memory, and pages of files."""
    rows = (row.split() for row in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    found = {
        row[0].rstrip(":"): int(row[1]) * 1024 for row in rows if row[0] in ("VmHWM:", "RssAnon:", "RssFile:")
    }
    return {"peak": found["VmHWM"], "anon": found["RssAnon"], "mapped": found["RssFile"]}


def work(model: Path, embedding: Path, sound: Path, detector: Path) -> dict[str, int]:
    """Use a model as the engines do."""
    from earmark.engines.asr_loop import SpeechLoop
    from earmark.engines.llm_loop import LanguageLoop

    loop = LanguageLoop() if model.suffix == ".gguf" else SpeechLoop()
    jobs: list[dict[str, object]] = [
        {"pcm": str(sound), "model": str(model), "start_ms": 0, "language": "en", "detector": str(detector)}
    ]
    if isinstance(loop, LanguageLoop):
        ask = {
            "model": str(model),
            "system": "Be brief.",
            "prompt": PASSAGE,
            "schema": "full",
            "max_tokens": 100,
        }
        jobs = [
            {"do": "write", **ask},
            {"do": "choose", "model": str(model), "context": PASSAGE[:3000], "options": ["a cat", "the dog"]},
            {"do": "embed", "model": str(embedding), "texts": [PASSAGE[:300]] * 4},
        ]
    for job in jobs:
        loop.work(job, lambda _event: None, lambda: False)
    return held()


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--one"]:
        sys.stdout.write(json.dumps(work(*(Path(each) for each in sys.argv[2:]))) + "\n")
        return
    from random_language_model import LANGUAGE_SIZES, write_random_language_model
    from random_speech_model import SIZES, write_random_model

    from earmark.engines import sample_speech_model, starter_detector
    from earmark.engines.fit import needed_bytes, shape_of_file
    from earmark.engines.starter import starter_embedding, starter_llm
    from earmark.paths import Paths

    sys.stdout.write(
        "| model | file MB | formula MB | peak MB | own MB | formula to own |\n|---|---|---|---|---|---|\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder) / "profile")
        sample, starter, detector = sample_speech_model(paths), starter_llm(paths), starter_detector(paths)
        embedding, sound = starter_embedding(paths), _sound(Path(folder) / "sound.pcm")
        for name in sys.argv[1:] or NAMES:
            forms = ("q4_0", "q8_0") if name in LANGUAGE_SIZES else ("q5_1", "q8_0", "f16")
            for form in forms if name != "starter" else ("q4_1",):
                model = starter
                if name in LANGUAGE_SIZES:
                    model = Path(folder) / "model.gguf"
                    write_random_language_model(LANGUAGE_SIZES[name], form, starter, model)
                elif name != "starter":
                    model = Path(folder) / "model.bin"
                    write_random_model(SIZES[name], form, sample, model)
                argv = [sys.executable, __file__, "--one", *map(str, (model, embedding, sound, detector))]
                done = subprocess.run(argv, capture_output=True, text=True, check=True)
                _row(name, form, model, needed_bytes(shape_of_file(model)), json.loads(done.stdout))


def _row(name: str, form: str, model: Path, formula: int, got: dict[str, int]) -> None:
    size = model.stat().st_size
    own = got["peak"] - (size if form == "q4_0" else 0)
    told = " | ".join(f"{value / 1e6:.0f}" for value in (size, formula, got["peak"], own))
    sys.stdout.write(f"| {name} {form} | {told} | {formula / own:.2f} |\n")
    sys.stdout.flush()


def _sound(target: Path) -> Path:
    import av  # not in the processes that are measured

    source = ROOT / "resources" / "demo" / "working-ledger-05-empty-shelf.opus"
    resampler = av.AudioResampler("s16", "mono", 16_000)
    with av.open(str(source)) as container:
        pieces = [
            piece.to_ndarray() for frame in container.decode(audio=0) for piece in resampler.resample(frame)
        ]
    np.concatenate(pieces, axis=1)[0, : 40 * 16_000].astype("<i2").tofile(target)
    return target


if __name__ == "__main__":
    main()
