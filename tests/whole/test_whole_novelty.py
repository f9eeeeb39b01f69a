"""No claim is shown twice in ninety days: the sample shows, told again by a second show, on real meanings."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from lived import Life, lived
from retold import RETOLD

from earmark.demo import demo_episodes
from earmark.engines import Language
from earmark.paths import Paths
from earmark.pipeline import brief_of

DAYS = 90
LAST_NEWS = 30
A_DAY = 4


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Language]:
    """The embedding model that comes with the program."""
    paths = Paths(tmp_path_factory.mktemp("models"))
    paths.create()
    with Language(paths) as made:
        yield made


def claims() -> list[str]:
    """Those that are told again, then others of the same shows."""
    told_again = [claim for claim, _ in RETOLD]
    lines = [line.text for episode in demo_episodes() for line in episode.lines if line.kind == "talk"]
    others = [text for text in lines if len(text.split()) >= 14 and text not in told_again]
    return told_again + others[: 70 - len(told_again)]


def test_what_a_second_show_says_again_is_counted_and_not_shown(tmp_path: Path, language: Language) -> None:
    originals = claims()
    again = dict(RETOLD)
    with lived(tmp_path / "profile") as life:
        life.language = language
        said_again: dict[str, str] = {}
        shown: list[tuple[int, str]] = []
        for day in [*range(LAST_NEWS), DAYS - 1]:
            _hear(life, day, originals, again, said_again)
            before = life.library.shown_insight_ids()
            page = brief_of(life.tools, life.today)
            shown += [(day, card.insight.text) for card in page.cards if card.insight.id not in before]
            life.sleep(days=1 if day < LAST_NEWS - 1 else DAYS - LAST_NEWS)
        texts = [text for _, text in shown]
        assert len(texts) == len(set(texts)) >= 50
        pairs = [(text, said_again[text]) for text in texts if text in said_again]
        assert not [pair for pair in pairs if pair[1] in texts]
        assert len(pairs) >= 30
        vectors = language.embed(texts)
        assert np.max(vectors @ vectors.T - np.eye(len(texts))) < 0.75
        heard = {card.insight.text: card.heard for card in life.library.cards()}
        assert all(heard[text] >= 2 for text, _ in pairs)


def _hear(
    life: Life, day: int, originals: list[str], again: dict[str, str], said_again: dict[str, str]
) -> None:
    """New claims at the first show; a week later the second show says them again, in other words or in the
    same."""
    fresh = originals[day * A_DAY : (day + 1) * A_DAY]
    old = originals[(day - 7) * A_DAY : (day - 6) * A_DAY] if day >= 7 else []
    twins = [again.get(claim, f"So {claim[:1].lower()}{claim[1:]}") for claim in old]
    said_again.update(zip(old, twins, strict=True))
    if fresh:
        life.hear("First", *fresh)
    if twins:
        life.hear("Second", *twins)
