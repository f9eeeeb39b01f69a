"""Where topics begin: stretches of different episodes put together, and whether their seams are found.

    PYTHONPATH=tests/tools uv run --with nltk python tests/benchmarks/topics.py SHARED FOLDER

SHARED is the folder of the evidence data, FOLDER keeps models and vectors between runs. Each of 24 documents
is made of seven stretches of 20 to 70 sentences. Pk (Beeferman 1999) and WindowDiff (Pevzner and Hearst 2002)
are errors, less is better; recall and precision allow two sentences of slack. TextTiling is nltk's, on
paragraphs of three sentences.
"""

import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from marked_episodes import bench_episodes, own_episodes
from train_ranker import cached_embedding, say

from earmark.engines import Language
from earmark.insights.sentences import Sentence, split_sentences
from earmark.insights.topics import topic_borders
from earmark.insights.words import STOP
from earmark.paths import Paths

DOCUMENTS, STRETCHES = 24, 7
SLACK = 2
Document = tuple[list[Sentence], set[int]]


def documents(shared: Path) -> list[Document]:
    """Sentences, and where the stretches of another episode begin."""
    marked = [*bench_episodes(shared / "insightbench/episodes"), *own_episodes(shared / "data/transcripts")]
    episodes = [split_sentences(each.segments) for each in marked]
    draw = random.Random(3)
    found = []
    for _ in range(DOCUMENTS):
        parts: list[Sentence] = []
        seams: set[int] = set()
        for episode in draw.sample(episodes, STRETCHES):
            size = draw.randrange(20, 70)
            begin = draw.randrange(20, max(21, len(episode) - size - 20))
            seams.add(len(parts))
            parts += episode[begin : begin + size]
        found.append(([replace(s, number=i) for i, s in enumerate(parts)], seams - {0}))
    return found


def texttiling(sentences: Sequence[Sentence]) -> set[int]:
    """nltk's, with the program's own list of words that say nothing."""
    from nltk.tokenize import TextTilingTokenizer

    groups = [sentences[i : i + 3] for i in range(0, len(sentences), 3)]
    text = "\n\n".join(" ".join(s.text for s in group) for group in groups)
    tiles = TextTilingTokenizer(stopwords=sorted(STOP)).tokenize(text)
    borders, seen = set(), 0
    for tile in tiles[:-1]:
        seen += sum(bool(part.strip()) for part in tile.split("\n\n"))
        borders.add(min(len(sentences) - 1, 3 * seen))
    return borders


def errors(count: int, true: set[int], found: set[int]) -> tuple[float, ...]:
    """Pk, WindowDiff, recall, precision."""
    reach = max(2, round(count / (len(true) + 1) / 2))
    places = range(count - reach)

    def crossed(borders: set[int], i: int) -> int:
        return sum(i < border <= i + reach for border in borders)

    pk = np.mean([(crossed(true, i) == 0) != (crossed(found, i) == 0) for i in places])
    diff = np.mean([crossed(true, i) != crossed(found, i) for i in places])
    recall = np.mean([any(abs(a - b) <= SLACK for b in found) for a in true])
    precision = np.mean([any(abs(a - b) <= SLACK for b in true) for a in found]) if found else 0.0
    return float(pk), float(diff), float(recall), float(precision)


def main() -> None:
    """Print the table."""
    made = documents(Path(sys.argv[1]))
    kept = Path(sys.argv[2])
    draw = random.Random(1)
    with Language(Paths(kept)) as language:
        embed, save = cached_embedding(language, kept / "vectors.npz")
        rows: dict[str, Callable[[list[Sentence], set[int]], set[int]]] = {
            "none": lambda s, true: set(),
            "even": lambda s, true: {round(len(s) * i / (len(true) + 1)) for i in range(1, len(true) + 1)},
            "random": lambda s, true: set(draw.sample(range(1, len(s)), len(true))),
            "TextTiling": lambda s, true: texttiling(s),
            "Earmark": lambda s, true: set(topic_borders(s, ["talk"] * len(s), (), embed)),
        }
        say(f"{'':12}{'Pk':>8}{'WinDiff':>9}{'recall':>8}{'precision':>11}")
        for name, find in rows.items():
            pk, diff, recall, precision = np.mean(
                [errors(len(s), true, find(s, true)) for s, true in made], axis=0
            )
            say(f"{name:12}{pk:8.3f}{diff:9.3f}{recall:8.3f}{precision:11.3f}")
        save()


if __name__ == "__main__":
    main()
