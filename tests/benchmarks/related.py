"""How good related insights are, beside plain cosine without any rule.

    uv run python tests/benchmarks/related.py FOLDER

FOLDER is a copy of the library that tests/tools/transcript_library.py makes; it is brought to the newest form
and related anew. The pairs were marked by reading: related/README.md.
"""

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.app import open_tools
from earmark.insights import in_context
from earmark.library import Reader
from earmark.paths import Paths
from earmark.pipeline import relate_all
from earmark.records import Card, InsightId

MARKS = Path(__file__).parent / "related" / "pairs.json"
BANDS = (-1.0, 0.2, 0.3, 0.36, 0.42, 0.48, 0.54, 0.6, 1.01)
TWICE = 0.66
"""Two claims of one list are compared by a person from this cosine on; see related.md for what was found."""

Lists = Mapping[InsightId, Sequence[InsightId]]


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201


def main() -> None:
    """Relates the library, then prints the curve and the table."""
    with open_tools(Paths(Path(sys.argv[1]))) as tools:
        began = time.monotonic()
        relate_all(tools)
        say(f"related anew in {time.monotonic() - began:.1f} s")
        model_id = tools.language.embedding_model_id
        report(tools.library, model_id)


def report(library: Reader, model_id: str) -> None:
    """All figures of a library whose links are up to date."""
    cards = {card.insight.id: card for card in library.cards()}
    marks = json.loads(MARKS.read_text("utf-8"))
    find = finder(library, cards)
    grades = {
        frozenset((one, other)): row[1]
        for row in marks["pairs"]
        if (one := find(row[2])) and (other := find(row[3]))
    }
    say(f"{len(cards)} insights; {len(grades)} of {len(marks['pairs'])} marked pairs are in this library")
    placed = library.placed_vectors(model_id)
    plain_ids, plain = placed.ids, placed[:]
    placed = library.placed_vectors(in_context(model_id))
    ids, context = placed.ids, placed[:]
    assert ids == plain_ids
    for name, vectors in (("claims alone", plain), ("claims in context", context)):
        curve(name, ids, vectors, grades, cards)
    ours = {id_: [item.card.insight.id for item in library.related(id_)] for id_ in ids}
    cosine = closest_ten(ids, plain)
    pages = {name: [id_ for span in spans if (id_ := find(span))] for name, spans in marks.items()
             if name != "pairs"}  # fmt: skip
    say("\npages                        way        lists  items  marked  precision@5  strong@5")
    for name, wanted in pages.items():
        for way, lists in (("Earmark", ours), ("plain", cosine)):
            precision(f"{name:28} {way:8}", {id_: lists[id_] for id_ in wanted}, grades)
    say("\nway        with a list  items a list  same show  same episode  most in-degree  twice")
    for way, lists in (("Earmark", ours), ("plain", cosine)):
        shape(way, lists, cards, dict(zip(ids, plain, strict=True)))


def finder(library: Reader, cards: Mapping[InsightId, Card]) -> Any:
    """A function from (GUID, start, end) to the insight there, or None."""
    guids = {episode.id: episode.guid for episode in library.episodes()}
    there: dict[str, list[Card]] = defaultdict(list)
    for card in cards.values():
        there[guids[card.episode_id]].append(card)

    def find(span: Sequence[Any]) -> InsightId | None:
        guid, start, end = span
        shared = {
            c.insight.id: min(end, c.insight.end_ms) - max(start, c.insight.start_ms) for c in there[guid]
        }
        best = max(shared, key=lambda id_: shared[id_], default=None)
        return best if best is not None and shared[best] >= (end - start) / 2 else None

    return find


def curve(
    name: str,
    ids: Sequence[InsightId],
    vectors: NDArray[np.float32],
    grades: Mapping[frozenset[InsightId], int],
    cards: Mapping[InsightId, Card],
) -> None:
    """Share of related among marked pairs of other episodes, by closeness."""
    row = {id_: k for k, id_ in enumerate(ids)}
    scored = []
    for pair, grade in grades.items():
        one, other = tuple(pair)
        if cards[one].episode_id != cards[other].episode_id:
            scored.append((float(vectors[row[one]] @ vectors[row[other]]), grade))
    good = [score for score, grade in scored if grade]
    bad = [score for score, grade in scored if not grade]
    auc = np.mean([(g > b) + 0.5 * (g == b) for g in good for b in bad])
    say(f"\n{name}: AUC {auc:.3f} over {len(scored)} pairs of other episodes")
    say("  cosine         pairs  related  strongly")
    for low, high in pairwise(BANDS):
        inside = [grade for score, grade in scored if low <= score < high]
        if inside:
            shares = np.mean([g > 0 for g in inside]), np.mean([g == 2 for g in inside])
            say(f"  {low:5.2f} to {high:4.2f}  {len(inside):5}  {shares[0]:7.2f}  {shares[1]:8.2f}")


def closest_ten(ids: Sequence[InsightId], vectors: NDArray[np.float32]) -> dict[InsightId, list[InsightId]]:
    """The ten nearest by cosine of the bare claims, whatever they are."""
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -2)
    return {id_: [ids[k] for k in np.argsort(-scores[n])[:10]] for n, id_ in enumerate(ids)}


def precision(name: str, lists: Lists, grades: Mapping[frozenset[InsightId], int]) -> None:
    """Of the first five of each list, the share that is related; only marked ones count."""
    found = [grades.get(frozenset((id_, other))) for id_, own in lists.items() for other in own[:5]]
    marked = [grade for grade in found if grade is not None]
    shares = [np.mean([g > 0 for g in marked]), np.mean([g == 2 for g in marked])] if marked else [0.0, 0.0]
    filled = sum(bool(own) for own in lists.values())
    say(f"{name} {filled:7} {len(found):6} {len(marked):7} {shares[0]:12.2f} {shares[1]:9.2f}")


def shape(
    name: str,
    lists: Lists,
    cards: Mapping[InsightId, Card],
    vectors: Mapping[InsightId, NDArray[np.float32]],
) -> None:
    """What lists are like, apart from whether their items are related."""
    items = [(id_, other) for id_, own in lists.items() for other in own]
    shows = np.mean([cards[a].feed_title == cards[b].feed_title for a, b in items])
    episodes = np.mean([cards[a].episode_id == cards[b].episode_id for a, b in items])
    most = Counter(other for _, other in items).most_common(1)[0][1]
    filled = [own for own in lists.values() if own]
    twice = sum(any(True for _ in near_pairs(own, vectors)) for own in filled)
    say(
        f"{name:10} {len(filled):5} of {len(lists):3} {len(items) / len(filled):10.1f} {shows:12.2f}"
        f" {episodes:12.2f} {most:6} ({most / len(lists):.1%}) {twice:4} ({twice / len(filled):.0%})"
    )
    largest = max(Counter(cards[b].feed_title for b in own).most_common(1)[0][1] for own in filled)
    say(f"           most items of one show in a list: {largest}")


def near_pairs(
    own: Sequence[InsightId], vectors: Mapping[InsightId, NDArray[np.float32]]
) -> Iterator[tuple[InsightId, InsightId]]:
    """Pairs of a list whose claims are so close that they may be one."""
    for one, other in combinations(own, 2):
        if float(vectors[one] @ vectors[other]) >= TWICE:
            yield one, other


if __name__ == "__main__":
    main()
