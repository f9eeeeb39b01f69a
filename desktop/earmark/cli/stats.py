"""What an extraction cost, for `earmark extract --stats`."""

import time
from typing import Any

from earmark.engines import Language, peak_bytes
from earmark.records import ExtractionCounts

_STAGES = {"embed": "embedding", "choose": "choosing", "write": "writing"}


class Meter:
    """Measures one use of the models, from when it is made."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._began = time.monotonic()

    def stats(self, counts: ExtractionCounts) -> dict[str, Any]:
        """What was read, written and left out, how long each part took, and the most memory that was held.

        Call it while the engine runs. Memory is in bytes, and None where the system does not tell.
        """
        whole = time.monotonic() - self._began
        usage = self._language.usage
        seconds = {name: usage.seconds.get(do, 0.0) for do, name in _STAGES.items()}
        seconds["everything else"] = max(0.0, whole - sum(seconds.values()))
        tokens = {
            "embedded": usage.tokens_embedded,
            "read": usage.tokens_read,
            "written": usage.tokens_written,
        }
        _, engine_peak = self._language.describe()
        return {
            "words": counts.words,
            "words_read": counts.words_read,
            "share_read": round(counts.words_read / max(1, counts.words), 4),
            "tokens": tokens,
            "seconds": {name: round(value, 3) for name, value in seconds.items()},
            "peak_bytes": {"program": peak_bytes(), "language engine": engine_peak},
            "minutes": {
                "all": _minutes(counts.total_ms),
                "read": _minutes(counts.read_ms),
                "left_out": {kind: _minutes(ms) for kind, ms in sorted(counts.left_out_ms.items())},
            },
            "rewritten": counts.rewritten,
            "quoted": counts.quoted,
            "dropped": counts.dropped,
        }


def stats_lines(stats: dict[str, Any]) -> list[str]:
    """The same for people, a line for each kind of cost.

    >>> told = {"words": 9000, "words_read": 90, "share_read": 0.01, "tokens": {"embedded": 30000}}
    >>> told |= {"seconds": {"embedding": 9.25}, "peak_bytes": {"program": 95_000_000, "engine": None}}
    >>> told |= {"minutes": {"all": 60.0, "read": 0.6, "left_out": {"ad": 2.0}}}
    >>> for line in stats_lines({**told, "rewritten": 0, "quoted": 1, "dropped": 2}):
    ...     print(line)
    Words: 9000, of which the language model read 90 (1.0 %)
    Tokens: 30000 embedded
    Seconds: 9.2 embedding
    Most memory: program 95 MB, engine not told
    Minutes: 60.0, read 0.6, left out: 2.0 ad
    Cards: 0 rewritten, 1 quoted instead, 2 dropped
    """
    minutes, memory = stats["minutes"], stats["peak_bytes"]
    left_out = ", ".join(f"{value} {kind}" for kind, value in minutes["left_out"].items()) or "none"
    held = ", ".join(
        f"{name} {'not told' if value is None else f'{value / 1e6:.0f} MB'}" for name, value in memory.items()
    )
    return [
        f"Words: {stats['words']}, of which the language model read {stats['words_read']} "
        f"({100 * stats['share_read']:.1f} %)",
        "Tokens: " + ", ".join(f"{value} {name}" for name, value in stats["tokens"].items()),
        "Seconds: " + ", ".join(f"{value:.1f} {name}" for name, value in stats["seconds"].items()),
        f"Most memory: {held}",
        f"Minutes: {minutes['all']}, read {minutes['read']}, left out: {left_out}",
        f"Cards: {stats['rewritten']} rewritten, {stats['quoted']} quoted instead, "
        f"{stats['dropped']} dropped",
    ]


def _minutes(ms: int) -> float:
    return round(ms / 60_000, 1)
