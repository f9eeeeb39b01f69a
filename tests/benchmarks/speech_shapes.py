"""How fast this computer encodes speech with Whisper models of real shape, before real weights are at hand.

    uv run python tests/benchmarks/speech_shapes.py [tiny.en base.en ...]

For each size, form and number of threads: the time to encode half a minute as a share of it (real-time
factor) by the clock and in processor time, tokens a second of processor time, and the memory of the process;
medians of three. Where other programs run, the processor's time is what to believe.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import get_args

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "desktop"), str(ROOT / "tests" / "tools")]
ROUNDS = 3
TOKENS = 40


def measure(path: Path, threads: int) -> dict[str, float]:
    """Encode and decode with one model, in this process."""
    import _pywhispercpp as whisper
    from pywhispercpp.model import Model

    from earmark.engines.memory import peak_bytes

    model = Model(str(path), n_threads=threads, redirect_whispercpp_logs_to=None)
    context = model._ctx
    mel = np.random.default_rng(1).standard_normal((80, 3000)).astype(np.float32)
    whisper.whisper_set_mel(context, mel, 3000, 80)
    encode_s, used_s, decode_s = [], [], []
    for _ in range(ROUNDS):
        began, used = time.perf_counter(), time.process_time()
        whisper.whisper_encode(context, 0, threads)
        encode_s.append(time.perf_counter() - began)
        used_s.append(time.process_time() - used)
        used = time.process_time()
        for place in range(TOKENS):
            whisper.whisper_decode(context, 1000 + place, 1, place, threads)
        decode_s.append(time.process_time() - used)
    return {
        "factor": statistics.median(encode_s) / 30,
        "used": statistics.median(used_s) / 30,
        "tokens_a_s": TOKENS / statistics.median(decode_s),
        "peak_mb": (peak_bytes() or 0) / 1e6,
    }


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--one"]:
        sys.stdout.write(json.dumps(measure(Path(sys.argv[2]), int(sys.argv[3]))) + "\n")
        return
    from random_speech_model import SIZES, Form, write_random_model

    from earmark.engines import sample_speech_model
    from earmark.paths import Paths

    sys.stdout.write(
        "| model | form | file MB | threads | encode, clock | encode, processor | tokens/s | peak MB |\n"
    )
    sys.stdout.write("|---|---|---|---|---|---|---|---|\n")
    with tempfile.TemporaryDirectory() as folder:
        sample = sample_speech_model(Paths(Path(folder) / "profile"))
        for name in sys.argv[1:] or ["tiny.en", "base.en"]:
            for form in get_args(Form):
                path = Path(folder) / f"{name}-{form}.bin"
                write_random_model(SIZES[name], form, sample, path)
                for threads in (1, 2):
                    argv = [sys.executable, __file__, "--one", str(path), str(threads)]
                    done = subprocess.run(argv, capture_output=True, text=True, check=True)
                    got = json.loads(done.stdout.splitlines()[-1])
                    sys.stdout.write(
                        f"| {name} | {form} | {path.stat().st_size / 1e6:.0f} | {threads} |"
                        f" {got['factor']:.3f} | {got['used']:.3f} | {got['tokens_a_s']:.0f} |"
                        f" {got['peak_mb']:.0f} |\n"
                    )
                    sys.stdout.flush()
                path.unlink()


if __name__ == "__main__":
    main()
