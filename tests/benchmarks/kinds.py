"""Whether a language model can tell how one insight bears on another.

    uv run python tests/benchmarks/kinds.py FOLDER [MODEL.gguf]

FOLDER keeps what the starter models are made into. The pairs (related/kinds.json) are made up for this, both
orders of each are asked as the program asks. "believed": both orders gave the same answer; "right": and it is
the one that was meant. Guessing one kind for all gives at most a quarter, and half of that when both orders
must agree.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path

from earmark.engines import Language
from earmark.insights import told
from earmark.paths import Paths
from earmark.records import MIRRORED, Insight, InsightId

PAIRS = Path(__file__).parent / "related" / "kinds.json"


def main() -> None:
    """Prints each verdict, then the counts."""
    llm = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    counts: Counter[str] = Counter()
    began = time.monotonic()
    pairs = json.loads(PAIRS.read_text("utf-8"))
    with Language(Paths(Path(sys.argv[1])), llm=llm) as language:
        for number, pair in enumerate(pairs):
            swap = number % 2 == 1
            texts = (pair["other"], pair["one"]) if swap else (pair["one"], pair["other"])
            meant = MIRRORED[pair["kind"]] if swap else pair["kind"]
            verdict = told(language, _insight("a", texts[0]), _insight("b", texts[1]))
            counts.update(
                {"believed": verdict.kind is not None, "right": verdict.kind == meant, str(verdict.kind): 1}
            )
            _say(f"meant {meant:13} told {verdict.kind!s:13} {verdict.why}")
    seconds = (time.monotonic() - began) / len(pairs)
    _say(f"{len(pairs)} pairs, {seconds:.1f} s a pair: {dict(counts)}")


def _insight(id_: str, text: str) -> Insight:
    return Insight(InsightId(id_), text, text, text, 0, 1, 0, 0, 0.5, "short", "m", "1")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
