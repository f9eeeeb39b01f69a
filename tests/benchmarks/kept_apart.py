"""How well adverts, housekeeping and the like are told from talk: precision and recall, counted in sentences.

    PYTHONPATH=tests/tools uv run python tests/benchmarks/kept_apart.py SHARED

SHARED is the folder of the evidence data. The rules were written with the bench's spans at hand, and most of
them before our own marks (tests/tools/marks) were made, so those are the fairer rows. "any" counts a sentence
as right when it was kept out under whatever name.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from marked_episodes import Marked, bench_episodes, own_episodes
from train_ranker import say

from earmark.insights.noise import find_noise, set_apart
from earmark.insights.passages import kinds_of
from earmark.insights.sentences import split_sentences

KINDS = ("ad", "intro", "outro", "housekeeping", "banter")


def told(episode: Marked) -> list[tuple[str, str, bool]]:
    """For each segment its marked kind, the kind we give it, and whether a marked insight rests on it."""
    everything = split_sentences(set_apart(episode.segments))
    noise = find_noise(everything)
    sentences = [s for s in everything if s.number not in noise]
    ours = ["noise"] * len(episode.segments)
    for sentence, kind in zip(sentences, kinds_of(sentences), strict=True):
        for i in range(sentence.first_segment, sentence.last_segment + 1):
            ours[i] = kind
    marked = ["talk"] * len(episode.segments)
    for span in episode.skip:
        for i in range(span["span"][0], span["span"][1] + 1):
            marked[i] = span["kind"]
    wanted = {i for g in episode.insights for i in range(g["span"][0], g["span"][1] + 1)}
    return [(was, is_, i in wanted) for i, (was, is_) in enumerate(zip(marked, ours, strict=True))]


def report(name: str, episodes: Sequence[Marked]) -> None:
    """A table of precision and recall by kind."""
    rows = [row for episode in episodes for row in told(episode)]
    say(f"{name}: {len(episodes)} episodes, {len(rows)} sentences")
    say(f"  {'kind':14}{'marked':>8}{'found':>8}{'precision':>11}{'recall':>8}{'kept out':>10}")
    for kind in KINDS:
        marked = [row for row in rows if row[0] == kind]
        found = [row for row in rows if row[1] == kind]
        both = sum(row[1] == kind for row in marked)
        out = sum(row[1] != "talk" for row in marked)
        figures = (both / max(1, len(found)), both / max(1, len(marked)), out / max(1, len(marked)))
        say(f"  {kind:14}{len(marked):8}{len(found):8}{figures[0]:11.2f}{figures[1]:8.2f}{figures[2]:10.2f}")
    apart = [row for row in rows if row[1] != "talk"]
    right = sum(row[0] != "talk" for row in apart)
    skip = sum(row[0] != "talk" for row in rows)
    figures = (right / max(1, len(apart)), right / max(1, skip))
    say(f"  {'any':14}{skip:8}{len(apart):8}{figures[0]:11.2f}{figures[1]:8.2f}")
    lost = sum(row[2] and row[1] != "talk" for row in rows)
    say(f"  of {sum(row[2] for row in rows)} sentences under a marked insight, {lost} are kept out\n")


def main() -> None:
    """Print the tables."""
    shared = Path(sys.argv[1])
    report("bench", list(bench_episodes(shared / "insightbench/episodes")))
    report("own marks", list(own_episodes(shared / "data/transcripts")))


if __name__ == "__main__":
    main()
