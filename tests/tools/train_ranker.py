"""Train the ranker's head on marked episodes, and say how good it is on shows it has not seen.

    python tests/tools/train_ranker.py BENCH TRANSCRIPTS resources/ranker.npz FOLDER

BENCH is the folder of the insight bench's episodes, TRANSCRIPTS the folder of transcripts that our own marks
(tests/tools/marks) belong to. FOLDER keeps the embedding model and the vectors between runs. The regression
is a dozen lines, so that no further package is needed.
"""

import hashlib
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from marked_episodes import Marked, bench_episodes, own_episodes
from numpy.typing import NDArray

from earmark.engines import Language
from earmark.insights.candidates import EMBEDDING_SCALE, Ranker, raw_features, window_spans
from earmark.insights.choose import SPACE
from earmark.insights.cues import CUES
from earmark.insights.passages import kinds_of
from earmark.insights.sentences import Sentence, split_sentences
from earmark.paths import Paths

C = 0.001
GRADE_WEIGHT = {0: 1.0, 1: 0.3, 2: 1.0, 3: 1.5}
TOP = 10
Floats = NDArray[np.float64]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass
class Episode:
    """An episode with the windows of its talk: their features, the grade of what each hits, and which."""

    name: str
    show: str
    sentences: list[Sentence]
    spans: list[tuple[int, int]]
    features: Floats
    grades: NDArray[np.int64]
    hits: list[list[int]]
    gold: Sequence[dict[str, Any]]


def cached_embedding(language: Language, cache: Path) -> tuple[Embed, Callable[[], None]]:
    """Embed with the program's own engine, remembering every text in `cache`."""
    known: dict[str, NDArray[np.float32]] = {}
    if cache.exists():
        with np.load(cache) as stored:
            known = dict(zip(stored["keys"].tolist(), stored["rows"], strict=True))

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        known.update(zip(missing, language.embed(list(missing.values())), strict=True))
        return np.array([known[key] for key in keys], np.float32)

    def save() -> None:
        np.savez(cache, keys=np.array(list(known)), rows=np.array(list(known.values()), np.float32))

    return embed, save


def hit(ids: set[int], gold: dict[str, Any]) -> bool:
    """The bench's rule for supporting the same thing."""
    for first, last in [gold["span"], *gold.get("also", [])]:
        wanted = set(range(first, last + 1))
        common = len(ids & wanted)
        if common and (common / len(ids) >= 0.3 or common / len(wanted) >= 0.5):
            return True
    return False


def load(marked: Marked, embed: Embed) -> Episode:
    """Compute the features of every window of a marked episode's talk."""
    sentences = split_sentences(marked.segments)
    spans = window_spans(kinds_of(sentences))
    hits = []
    for first, last in spans:
        ids = set(range(sentences[first].first_segment, sentences[last].last_segment + 1))
        hits.append([k for k, g in enumerate(marked.insights) if hit(ids, g)])
    grades = np.array([max((marked.insights[k]["grade"] for k in found), default=0) for found in hits])
    features = raw_features(sentences, spans, embed)
    return Episode(marked.name, marked.show, sentences, spans, features, grades, hits, marked.insights)


def fit(rows: Floats, wanted: NDArray[np.bool_], weights: Floats) -> tuple[Floats, float]:
    """L2 logistic regression with balanced classes by Newton's method; the bias is not penalised."""
    with_one = np.hstack([rows, np.ones((len(rows), 1))]).astype(np.float32)
    share = np.where(wanted, 0.5 / wanted.mean(), 0.5 / (1 - wanted.mean())) * weights
    theta = np.zeros(with_one.shape[1])
    penalty = np.ones(len(theta))
    penalty[-1] = 0
    for _ in range(30):
        p = 1 / (1 + np.exp(-(with_one @ theta)))
        gradient = penalty * theta + C * with_one.T @ (share * (p - wanted))
        curved = (with_one * (share * p * (1 - p))[:, None].astype(np.float32)).T @ with_one
        step = np.linalg.solve(np.diag(penalty) + C * curved, gradient)
        theta -= step
        if np.abs(step).max() < 1e-4:
            break
    return theta[:-1], float(theta[-1])


def train(episodes: Sequence[Episode]) -> Ranker:
    """The head for these episodes, without calibration."""
    cues = np.vstack([e.features[:, -len(CUES) :] for e in episodes])
    blank = Ranker(cues.mean(axis=0), cues.std(axis=0) + 1e-6, np.zeros(0), 0.0, 1.0, 0.0)
    grades = np.concatenate([e.grades for e in episodes])
    rows = np.vstack([blank.prepared(e.features) for e in episodes])
    weights, bias = fit(rows, grades >= 2, np.array([GRADE_WEIGHT[g] for g in grades]))
    return Ranker(blank.mean, blank.spread, weights, bias, 1.0, 0.0)


def chosen(episode: Episode, scores: Floats, count: int) -> list[int]:
    """The best windows with room between them."""
    used: set[int] = set()
    found: list[int] = []
    for i in np.argsort(-scores, kind="stable"):
        first, last = episode.spans[i]
        if len(found) == count:
            break
        if not used & set(range(first, last + 1)):
            used |= set(range(first - SPACE, last + SPACE + 1))
            found.append(int(i))
    return found


def ndcg(episode: Episode, scores: Floats) -> float:
    """Grade-weighted gain of the first ten windows; each marked insight counts once."""
    taken: set[int] = set()
    gain = 0.0
    for rank, i in enumerate(chosen(episode, scores, TOP)):
        open_ = [(episode.gold[k]["grade"], k) for k in episode.hits[i] if k not in taken]
        if open_:
            grade, k = max(open_)
            taken.add(k)
            gain += grade / math.log2(rank + 2)
    ideal = sorted((g["grade"] for g in episode.gold), reverse=True)[:TOP]
    return gain / sum(grade / math.log2(rank + 2) for rank, grade in enumerate(ideal))


def calibrate(pairs: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and offset that turn scores into probabilities (Platt), from windows of unseen shows."""
    scores = np.array([score for score, _ in pairs])
    hits = np.array([float(found) for _, found in pairs])
    slope, offset = 1.0, 0.0
    for _ in range(5000):
        p = 1 / (1 + np.exp(-(slope * scores + offset)))
        slope -= 0.05 * float((scores * (p - hits)).mean())
        offset -= 0.05 * float((p - hits).mean())
    return slope, offset


def say(line: str) -> None:
    """One line on the terminal, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def leaving_out(show: str, episodes: Sequence[Episode]) -> Ranker:
    """The head that has not seen a show."""
    return train([episode for episode in episodes if episode.show != show])


def main() -> None:
    bench, transcripts, target, kept = (Path(argument) for argument in sys.argv[1:5])
    with Language(Paths(kept)) as language:
        embed, save = cached_embedding(language, kept / "vectors.npz")
        marked = [*bench_episodes(bench), *own_episodes(transcripts)]
        episodes = [load(each, embed) for each in marked]
        save()
    full = train(episodes)
    unseen = {show: leaving_out(show, episodes) for show in sorted({e.show for e in episodes})}
    pairs: list[tuple[float, bool]] = []
    say(f"{'episode':10} {'unseen show':>12} {'seen':>6}")
    rows = []
    for episode in episodes:
        scores = unseen[episode.show].scores(episode.features)
        rows.append((ndcg(episode, scores), ndcg(episode, full.scores(episode.features))))
        pairs += [(float(scores[i]), bool(episode.grades[i] >= 2)) for i in chosen(episode, scores, 20)]
        say(f"{episode.name:10} {rows[-1][0]:12.3f} {rows[-1][1]:6.3f}")
    benched = len(list(bench.glob("*.gold.json")))
    for name, part in (("bench", rows[:benched]), ("own marks", rows[benched:])):
        say(f"{name:10} {np.mean([r[0] for r in part]):12.3f} {np.mean([r[1] for r in part]):6.3f}")
    slope, offset = calibrate(pairs)
    say(f"quality = 1 / (1 + exp(-({slope:.3f} * score + {offset:.3f})))")
    np.savez_compressed(
        target,
        mean=full.mean.astype(np.float32),
        spread=full.spread.astype(np.float32),
        weights=full.weights.astype(np.float32),
        bias=np.float32(full.bias),
        slope=np.float32(slope),
        offset=np.float32(offset),
    )
    say(f"{target}: {target.stat().st_size} bytes, embedding scale {EMBEDDING_SCALE}, C {C}")


if __name__ == "__main__":
    main()
