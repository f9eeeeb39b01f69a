"""How good the chosen insights are, beside other ways to choose, on shows the ranker has not seen.

    PYTHONPATH=tests/tools uv run --with sumy python tests/benchmarks/insights.py SHARED FOLDER

SHARED is the folder of the evidence data. FOLDER keeps models and vectors between runs. Rows, all scored by
the bench's own score.py in the same run:

random      ten stretches of three sentences, the mean of twenty draws
LexRank     the ten best sentences by sumy's LexRank (Erkan & Radev 2004)
first head  logistic regression on MiniLM embeddings of three sentences and cues, from the bench's other shows
Earmark     the whole program, its ranker trained without the show
shipped     the whole program as it is (its ranker has seen the bench: not a fair figure)
oracle      the whole program with a scripted model that answers from the marks; ranker without the show

At the end, the cards of all marked episodes, ours too, with rankers that have not seen their shows: how many
rest mostly on an advert, a greeting, housekeeping or banter, and how many touch an advert at all.
"""

import importlib.util
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from marked_episodes import Marked, bench_episodes, own_episodes
from numpy.typing import NDArray
from oracle import Oracle
from train_ranker import Embed, Episode, cached_embedding, chosen, fit, leaving_out, load, say

from earmark.engines import Language
from earmark.insights import LanguageModel, extract
from earmark.insights.cues import CUES
from earmark.insights.extract import bench_items
from earmark.insights.noise import find_noise, set_apart
from earmark.insights.sentences import Sentence, split_sentences
from earmark.paths import Paths
from earmark.records import Tier, Transcript

Items = list[dict[str, Any]]
FIGURES = ("ndcg10", "p5", "p10", "recall10", "bad10", "ads", "quote_ok", "form_ok", "grounded", "read")
DRAWS = 20


class Remembering:
    """The starter models, with a memory for vectors between runs."""

    context_tokens = 2048

    def __init__(self, language: Language, embed: Embed) -> None:
        self.embed = embed
        self.choose = language.choose
        self.write = language.write
        self.count_tokens = language.count_tokens
        self.tier: Tier = language.tier
        self.model_id = language.model_id
        self.embedding_model_id = language.embedding_model_id


def main() -> None:
    shared, kept = Path(sys.argv[1]), Path(sys.argv[2])
    folder = shared / "insightbench/episodes"
    score = _score_module(shared / "insightbench/score.py")
    with Language(Paths(kept)) as language:
        embed, save = cached_embedding(language, kept / "vectors.npz")
        model = Remembering(language, embed)
        bench = list(bench_episodes(folder))
        own = list(own_episodes(shared / "data/transcripts"))
        episodes = [load(each, embed) for each in [*bench, *own]]
        save()
        say(f"{'':14}" + "".join(f"{name:>10}" for name in FIGURES))
        unseen = {show: leaving_out(show, episodes) for show in {each.show for each in [*bench, *own]}}
        rows: dict[str, Callable[[Marked], tuple[Items, float]]] = {
            "LexRank": lambda each: (_lexrank(each), 0.0),
            "first head": lambda each: (_first_head(each, episodes), 0.0),
            "Earmark": lambda each: _earmark(each, model, ranker=unseen[each.show]),
            "shipped": lambda each: _earmark(each, model),
            "oracle 30%": lambda each: _earmark(each, _oracle(each, model, folder), ranker=unseen[each.show]),
            "oracle all": lambda each: _earmark(
                each, _oracle(each, model, folder), ranker=unseen[each.show], read_share=1.0
            ),
        }
        draws = [
            _means(score, folder, bench, lambda each, n=n: (_random(each, n), 0.0)) for n in range(DRAWS)
        ]
        _print("random", {name: float(np.mean([draw[name] for draw in draws])) for name in FIGURES})
        for name, make in rows.items():
            _print(name, _means(score, folder, bench, make))
        kinds, touching = _leaks(
            [*bench, *own], lambda each: _earmark(each, model, ranker=unseen[each.show])[0]
        )
        say(f"{kinds.total()} cards of all marked episodes: {dict(kinds)}, {touching} touch an advert")
        save()


def _leaks(episodes: Sequence[Marked], make: Callable[[Marked], Items]) -> tuple[Counter[str], int]:
    """What most of each card's sentences are by the marks, and how many cards touch an advert."""
    found: Counter[str] = Counter()
    touching = 0
    for each in episodes:
        skip = {i: s["kind"] for s in each.skip for i in range(s["span"][0], s["span"][1] + 1)}
        for item in make(each):
            kinds = Counter(
                skip.get(i, "talk")
                for i, s in enumerate(each.segments)
                if s.start_ms < item["end_ms"] and s.end_ms > item["start_ms"]
            )
            found.update([kinds.most_common(1)[0][0]])
            touching += "ad" in kinds
    return found, touching


def _print(name: str, means: dict[str, float]) -> None:
    say(f"{name:14}" + "".join(f"{means[figure]:10.3f}" for figure in FIGURES))


def _means(
    score: ModuleType, folder: Path, bench: Sequence[Marked], make: Callable[[Marked], tuple[Items, float]]
) -> dict[str, float]:
    rows = []
    for each in bench:
        items, read = make(each)
        transcript = json.loads((folder / f"{each.name}.transcript.json").read_text("utf-8"))
        gold = json.loads((folder / f"{each.name}.gold.json").read_text("utf-8"))
        for segment, ours in zip(transcript["segments"], each.segments, strict=True):
            segment["body"] = ours.text
        rows.append({**score.score_episode(items, transcript, gold), "read": read})
    return {name: float(np.mean([row[name] for row in rows])) for name in FIGURES}


def _earmark(each: Marked, model: Any, **options: Any) -> tuple[Items, float]:
    found = extract(
        Transcript("publisher", each.segments),
        model,
        identity=each.name,
        cancelled=lambda: False,
        on_progress=lambda _: None,
        **options,
    )
    return bench_items(found), found.counts.words_read / found.counts.words


def _oracle(each: Marked, model: LanguageModel, folder: Path) -> Oracle:
    gold = json.loads((folder / f"{each.name}.gold.json").read_text("utf-8"))["insights"]
    said = split_sentences(set_apart(each.segments))
    noise = find_noise(said)
    return Oracle(model, [s for s in said if s.number not in noise], gold)


def _random(each: Marked, seed: int) -> Items:
    sentences = split_sentences(each.segments)
    starts = random.Random(seed).sample(range(len(sentences) - 2), 10)
    return [_item(sentences[start : start + 3]) for start in starts]


def _lexrank(each: Marked) -> Items:
    from sumy.models.dom import ObjectDocumentModel, Paragraph
    from sumy.models.dom import Sentence as Spoken
    from sumy.summarizers.lex_rank import LexRankSummarizer

    class Words:
        """What sumy asks of a tokenizer."""

        def to_words(self, text: str) -> tuple[str, ...]:
            return tuple(text.lower().split())

    class BestFirst(LexRankSummarizer):  # type: ignore[misc]
        """sumy gives the best sentences in the order of the text; here in their own."""

        def _get_best_sentences(self, sentences: Any, count: int, rating: Any, *_: Any) -> Any:
            return sorted(sentences, key=lambda sentence: -rating[sentence])[:count]

    sentences = [s for s in split_sentences(each.segments) if s.words >= 8]
    spoken = [Spoken(s.text, Words()) for s in sentences]
    best = BestFirst()(ObjectDocumentModel([Paragraph(spoken)]), 10)
    return [_item([sentences[spoken.index(sentence)]]) for sentence in best]


def _first_head(each: Marked, episodes: Sequence[Episode]) -> Items:
    """Embedding of the window itself and cues alone, as it was before there was more to learn from."""
    own = next(e for e in episodes if e.name == each.name)
    bench = {"bs", "ft", "mm", "pai", "si", "tp"}
    others = [e for e in episodes if e.show != each.show and e.show in bench]

    def rows(e: Episode) -> NDArray[np.float64]:
        cues = e.features[:, -len(CUES) :]
        return np.hstack([2 * e.features[:, :384], (cues - cues.mean(axis=0)) / (cues.std(axis=0) + 1e-6)])

    grades = np.concatenate([e.grades for e in others])
    weights, bias = fit(np.vstack([rows(e) for e in others]), grades >= 2, np.ones(len(grades)))
    picked = chosen(own, rows(own) @ weights + bias, 10)
    return [_item(own.sentences[own.spans[i][0] : own.spans[i][1] + 1]) for i in picked]


def _item(sentences: Sequence[Sentence]) -> dict[str, Any]:
    text = " ".join(s.text for s in sentences)
    times = {"start_ms": sentences[0].start_ms, "end_ms": sentences[-1].end_ms}
    return {"headline": "", "text": text, "quote": text, **times}


def _score_module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
