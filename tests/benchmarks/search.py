"""What search finds, what an answer refuses, and how long both take.

    uv run python tests/benchmarks/search.py quality LIBRARY   (made by tests/tools/transcript_library.py)
    uv run python tests/benchmarks/search.py speed [SEGMENTS]  (a library is made up; 2 000 000 segments)

Quality: 60 questions with a known answer and 30 without one (tests/benchmarks/search/questions.json). Work on
a copy of the library: what it lacks for search is made first. Speed: beside a LIKE scan and a plain FTS5
table of segments, over the same rows in the same run. Results: tests/benchmarks/search.md.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from earmark.app import open_tools
from earmark.found import By, Moment, Narrow
from earmark.insights import answer
from earmark.library import Library, open_library, open_reader
from earmark.library.schema import fingerprint
from earmark.library.search_rows import insert_stretches, put_episode_text
from earmark.library.search_text import asked_words
from earmark.paths import Paths
from earmark.pipeline import Tools, relate_all
from earmark.pipeline.asking import _candidates, ask
from earmark.pipeline.finding import read_passages
from earmark.pipeline.gathering import gather_topics
from earmark.pipeline.searching import search

QUESTIONS = Path(__file__).parent / "search" / "questions.json"
ENOUGH_MS = 8_000
WIDTH = 384
FIRST_ASKED = 150
"""The most frequent words are not looked for (`search_text`), so no question has them."""
ASKED = 60
INSIGHTS, PASSAGES_AN_EPISODE, SEGMENTS_AN_EPISODE = 100_000, 28, 780


def say(line: str) -> None:
    """A line of the results."""
    print(line, flush=True)  # noqa: T201


def fits(moment: Moment, episode: int, spans: Iterable[Sequence[int]]) -> bool:
    """Whether a moment is the answer: of that episode, and half of the shorter, or 8 s, in common with it."""
    for begin, end in spans:
        common = min(end, moment.end_ms) - max(begin, moment.start_ms)
        shorter = min(end - begin, moment.end_ms - moment.start_ms)
        if moment.episode_id == episode and common > 0 and (2 * common >= shorter or common >= ENOUGH_MS):
            return True
    return False


def plain_words(library: Library, asked: str) -> list[Moment]:
    """The other way: bm25 of SQLite over single segments, any of the words, stemmed by Porter."""
    db = library._db
    db.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.plain USING fts5(text, episode, start, stop, tokenize ="
        " 'porter unicode61')"
    )
    if not db.execute("SELECT count(*) FROM temp.plain").fetchone()[0]:
        db.execute("INSERT INTO temp.plain SELECT text, episode_id, start_ms, end_ms FROM segments")
    match = " OR ".join(f'"{word}"' for word in asked_words(asked))
    rows = db.execute("SELECT * FROM temp.plain WHERE text MATCH ? ORDER BY rank LIMIT 20", [match])
    return [Moment(int(row[1]), int(row[2]), int(row[3]), row[0]) for row in rows]  # type: ignore[arg-type]


def quality(folder: Path) -> None:
    """Print recall of the ways to search, and what an answer gives or refuses."""
    asked = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    with open_tools(Paths(folder)) as tools:
        read_passages(tools)
        relate_all(tools)
        gather_topics(tools)
        ids = {episode.guid: episode.id for episode in tools.library.episodes()}
        known = [
            (each["question"], int(ids[each["episode"]]), each["spans_ms"], each["words"])
            for each in asked["answered"]
        ]
        say("| way | recall@1 | @5 | @10 | @5, words shared | @5, other words | ms, median |")
        say("|---|---|---|---|---|---|---|")
        ways: dict[str, Callable[[str], list[Moment]]] = {
            "bm25 of single segments (SQLite, Porter)": lambda q: plain_words(tools.library, q),
            **{by: _way(tools, by) for by in ("words", "meaning", "both")},  # type: ignore[arg-type]
        }
        for name, way in ways.items():
            _print_recall(name, way, known)
        _print_answers(tools, known, asked["unanswered"])


def _way(tools: Tools, by: By) -> Callable[[str], list[Moment]]:
    def found(asked: str) -> list[Moment]:
        return [f.moment for f in search(tools.library, tools.language, asked, by=by).moments]

    return found


def _print_recall(
    name: str, way: Callable[[str], list[Moment]], known: Sequence[tuple[str, int, list[list[int]], str]]
) -> None:
    ranks, took = [], []
    for question, episode, spans, _ in known:
        began = time.perf_counter()
        moments = way(question)
        took.append(time.perf_counter() - began)
        ranks.append(next((n for n, m in enumerate(moments, 1) if fits(m, episode, spans)), 99))
    got = np.array(ranks)
    shared = np.array([words == "shared" for *_, words in known])
    cells = [np.mean(got <= n) for n in (1, 5, 10)]
    cells += [np.mean(got[shared] <= 5), np.mean(got[~shared] <= 5)]
    say(f"| {name} | " + " | ".join(f"{c:.2f}" for c in cells) + f" | {1000 * np.median(took):.0f} |")


def _print_answers(
    tools: Tools, known: Sequence[tuple[str, int, list[list[int]], str]], unknown: Sequence[str]
) -> None:
    """What is answered at each bar, and how a bar that was chosen on one half does on the other."""
    model, nowhere = tools.language, Narrow()
    there = [(_candidates(tools.library, model, q, nowhere), e, s) for q, e, s, _ in known]
    absent = [_candidates(tools.library, model, question, nowhere) for question in unknown]

    def counts(
        bar: float,
        some: Sequence[tuple[list[answer.Candidate], int, list[list[int]]]],
        none: Sequence[object],
    ) -> tuple[int, int, int, int]:
        right = other = 0
        for candidates, episode, spans in some:
            shown = answer.chosen(candidates, bar, answer.MOST_QUOTED)
            good = any(fits(c.moment, episode, spans) for c in shown)
            right, other = right + good, other + (bool(shown) and not good)
        refused = sum(not answer.chosen(c, bar, 1) for c in none)  # type: ignore[arg-type]
        return right, other, len(some) - right - other, refused

    say(f"\n| bar | right | other | refused of {len(there)} with one | of {len(absent)} without |")
    say("|---|---|---|---|---|")
    bars = [round(float(bar), 2) for bar in np.arange(0.5, 0.76, 0.02)]
    for bar in bars:
        say(f"| {bar:.2f} | " + " | ".join(map(str, counts(bar, there, absent))) + " |")
    for half in (0, 1):

        def worth(bar: float, half: int = half) -> float:
            right, _, _, refused = counts(bar, there[half::2], absent[half::2])
            return right / len(there[half::2]) + refused / len(absent[half::2])

        best = max(bars, key=worth)
        say(
            f"\nBar {best:.2f}, chosen on one half; on the other half (right, other, refused of "
            f"{len(there[1 - half :: 2])}; refused of {len(absent[1 - half :: 2])}): "
            f"{counts(best, there[1 - half :: 2], absent[1 - half :: 2])}"
        )
    began = time.perf_counter()
    for question, *_ in known[:20]:
        ask(tools.library, model, question)
    say(f"\nAn answer takes {1000 * (time.perf_counter() - began) / 20:.0f} ms once its sentences are known.")


class Drawn:
    """Stands for the embedding model where only the library's time is measured: vectors without meaning."""

    embedding_model_id = "drawn"

    def __init__(self) -> None:
        self._rows = np.random.default_rng(5)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A unit row for each text."""
        return _units(self._rows, len(texts))


def _units(rng: np.random.Generator, count: int) -> NDArray[np.float32]:
    rows = rng.standard_normal((count, WIDTH), np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def speed(segments: int) -> None:
    """Print how long searches of a made-up library take, beside two other ways."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder))
        began = time.perf_counter()
        with open_library(paths) as library:
            vocabulary = _made_up(library, segments)
            sizes = {
                name: library._db.execute(f"SELECT sum(length(block)) FROM {name}_data").fetchone()[0] / 1e6
                for name in ("spoken_words", "insight_words")
            }
            text = library._db.execute("SELECT sum(length(text)) FROM segments").fetchone()[0] / 1e6
        say(
            f"Made in {time.perf_counter() - began:.0f} s: {segments} segments of {text:.0f} MB, index of "
            f"what is said {sizes['spoken_words']:.0f} MB, of {INSIGHTS} insights "
            f"{sizes['insight_words']:.0f} MB; file {paths.library.stat().st_size / 1e6:.0f} MB"
        )
        _print_speed(paths, vocabulary)


def _made_up(library: Library, segments: int) -> list[str]:
    """Episodes of words that are as frequent as words are (Zipf), with passages, insights and vectors."""
    rng, db = np.random.default_rng(3), library._db
    letters = np.array(list("abcdefghijklmnoprstuvwz"))
    vocabulary = ["".join(rng.choice(letters, int(n))) for n in rng.integers(3, 11, 60_000)]
    weights = 1 / (np.arange(len(vocabulary)) + 2.7)
    weights /= weights.sum()
    episodes = -(-segments // SEGMENTS_AN_EPISODE)
    insights = min(-(-INSIGHTS // episodes), SEGMENTS_AN_EPISODE // 3)
    db.execute("BEGIN")
    for show in range(1, 41):
        db.execute(
            "INSERT INTO feeds (id, url, title, near) VALUES (?, ?, ?, 0)", [show, str(show), f"Show {show}"]
        )
    for episode in range(1, episodes + 1):
        words = rng.choice(len(vocabulary), SEGMENTS_AN_EPISODE * 14, p=weights)
        texts = [" ".join(vocabulary[w] for w in words[k : k + 14]) for k in range(0, len(words), 14)]
        db.execute(
            "INSERT INTO episodes (id, feed_id, guid, title, published_ms, transcripts, notes)"
            " VALUES (?, ?, ?, ?, ?, '[]', '')",
            [episode, episode % 40 + 1, str(episode), texts[0], episode * 10**7],
        )
        put_episode_text(db, episode, texts[0], texts[1])
        db.execute(
            "INSERT INTO transcripts (episode_id, source, complete, next_ms) VALUES (?, 'speech', 1, 0)",
            [episode],
        )
        db.executemany(
            "INSERT INTO segments (episode_id, number, start_ms, end_ms, text) VALUES (?, ?, ?, ?, ?)",
            [
                [episode, n, 5000 * n, 5000 * n + 4900, text.capitalize() + "."]
                for n, text in enumerate(texts)
            ],
        )
        insert_stretches(db, episode, enumerate(texts))
        _add_vectors(library, rng, episode, insights, texts)
    db.execute("COMMIT")
    return vocabulary


def _add_vectors(
    library: Library, rng: np.random.Generator, episode: int, insights: int, texts: Sequence[str]
) -> None:
    db = library._db
    size = len(texts) // PASSAGES_AN_EPISODE
    for n, row in enumerate(_units(rng, PASSAGES_AN_EPISODE)):
        db.execute(
            "INSERT INTO passages VALUES (?, ?, ?, 0, 1, 'talk')", [episode, n * size, (n + 1) * size - 1]
        )
        blob = row.astype("<f2").tobytes()
        db.execute(
            "INSERT INTO passage_embeddings VALUES (?, ?, 'drawn', ?, ?)",
            [episode, n * size, blob, fingerprint(f"{episode}:{n * size}", "drawn", blob)],
        )
    for n, row in enumerate(_units(rng, insights)):
        id_, blob = f"{episode}-{n}", row.astype("<f4").tobytes()
        text = " ".join(texts[n * 3 : n * 3 + 3])
        db.execute(
            "INSERT INTO insights VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0.5, 'quotes', 'm', '1', '[]')",
            [id_, episode, n, texts[n * 3][:60], text, text, 15000 * n, 15000 * n + 14000, n * 3, n * 3 + 2],
        )
        db.execute(
            "INSERT INTO embeddings (insight_id, model_id, vector, fingerprint) VALUES (?, 'drawn', ?, ?)",
            [id_, blob, fingerprint(id_, "drawn", blob)],
        )


def _print_speed(paths: Paths, vocabulary: Sequence[str]) -> None:
    rng = np.random.default_rng(9)
    ranks = np.exp(rng.uniform(np.log(FIRST_ASKED), np.log(20_000), 8 * ASKED)).astype(int)
    words = iter(vocabulary[r] for r in ranks)
    two = [f"{next(words)} {next(words)}" for _ in range(ASKED)]
    six = [" ".join(next(words) for _ in range(6)) for _ in range(ASKED)]
    language = Drawn()
    with ExitStack() as stack:
        reader = stack.enter_context(open_reader(paths))
        began = time.perf_counter()
        search(reader, language, two[0])
        say(f"The first question opens the index of meanings: {time.perf_counter() - began:.1f} s")
        narrow = Narrow(feed_id=reader.feeds()[3].id, since_ms=10**9)
        db = reader._db
        ways: dict[str, Callable[[int], object]] = {
            "words, two": lambda n: search(reader, None, two[n], by="words"),
            "words, two, the last not finished": lambda n: search(
                reader, None, two[n][:-2], by="words", typing=True
            ),
            "words, a question of six": lambda n: search(reader, None, six[n], by="words"),
            "words, two, in one show since a day": lambda n: search(
                reader, None, two[n], by="words", narrow=narrow
            ),
            "meaning, without the embedding itself": lambda n: search(reader, language, six[n], by="meaning"),
            "both, without the embedding itself": lambda n: search(reader, language, six[n]),
            "LIKE over all segments, two": lambda n: db.execute(
                "SELECT episode_id, number FROM segments WHERE text LIKE ? AND text LIKE ? LIMIT 60",
                [f"%{word}%" for word in two[n].split()],
            ).fetchall(),
        }
        say("\n| what | p50 ms | p95 ms |\n|---|---|---|")
        for name, way in ways.items():
            _print_times(name, way, 12 if name.startswith("LIKE") else ASKED)
        _print_plain(db, two, six)


def _print_plain(db: object, two: Sequence[str], six: Sequence[str]) -> None:
    """The other way: a plain FTS5 table of single segments with its own copy of the words."""
    connection: object = db
    run = connection.execute  # type: ignore[attr-defined]
    run("CREATE VIRTUAL TABLE temp.plain USING fts5(text, tokenize = 'porter unicode61')")
    run("INSERT INTO temp.plain SELECT text FROM segments")
    query = "SELECT rowid FROM temp.plain WHERE plain MATCH ? ORDER BY rank LIMIT 30"
    _print_times("plain FTS5 of single segments, two (AND)", lambda n: run(query, [two[n]]).fetchall(), ASKED)
    _print_times(
        "plain FTS5 of single segments, six (OR)",
        lambda n: run(query, [" OR ".join(six[n].split())]).fetchall(),
        ASKED,
    )


def _print_times(name: str, way: Callable[[int], object], count: int) -> None:
    way(0)
    took = []
    for n in range(count):
        began = time.perf_counter()
        way(n)
        took.append(1000 * (time.perf_counter() - began))
    say(f"| {name} | {np.median(took):.1f} | {np.quantile(took, 0.95):.1f} |")


def main() -> None:
    """What is measured stands first on the command line."""
    if sys.argv[1] == "quality":
        quality(Path(sys.argv[2]))
    else:
        speed(int(sys.argv[2]) if len(sys.argv) > 2 else 2_000_000)


if __name__ == "__main__":
    main()
