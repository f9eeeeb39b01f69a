"""The suites of eleven other readers, against what the library holds of their files.

Each file is served on loopback and subscribed to through the real door; differences.tsv says where Earmark
holds something else than a suite expects, and why.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from compared import Compared, compare, documents, known_differences
from stored import Stored, subscribe_to_all

pytestmark = pytest.mark.needs_shared
FEWEST = {
    "antennapod": 80, "feedparser": 1400, "gofeed": 140, "miniflux": 130, "netnewswire": 800,
    "partytime-js": 340, "podcast-namespace": 35, "podcastparser": 280, "reader": 45, "rss-parser": 930,
    "rust-rss": 90,
}  # fmt: skip
"""So many fields of each suite are compared at least: fewer, and expectations are no longer understood."""


@pytest.fixture(scope="module")
def stored(shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Stored]:
    root = shared("data/feeds")
    return subscribe_to_all(root, documents(root), tmp_path_factory.mktemp("peers"))


@pytest.fixture(scope="module")
def compared(shared: Callable[[str], Path], stored: Mapping[str, Stored]) -> Mapping[str, Compared]:
    return compare(shared("data/feeds"), list(stored), stored)


def test_the_library_holds_what_the_suites_expect_but_for_the_known_differences(
    compared: Mapping[str, Compared],
) -> None:
    found = {each for suite in compared.values() for each in suite.differences}
    known = set(known_differences())
    assert found - known == set(), "new: mend it, or run compared.py and say why"
    assert known - found == set(), "gone: run compared.py"


def test_every_difference_has_its_reason() -> None:
    assert [each for each, why in known_differences().items() if len(why) < 20] == []


def test_every_suite_is_understood(compared: Mapping[str, Compared]) -> None:
    assert {suite: one.fields >= FEWEST[suite] for suite, one in compared.items()} == dict.fromkeys(
        FEWEST, True
    )


def test_what_is_refused_is_refused_in_plain_words(stored: Mapping[str, Stored]) -> None:
    reasons = Counter(each.refused for each in stored.values() if each.refused)
    assert set(reasons) <= {
        "ADDRESS is neither a feed nor a page that links to one. Look for “RSS” on the show's own page and "
        "paste that address.",
        "ADDRESS is JSON, but not a JSON Feed, so Earmark cannot read it. Look for the show's RSS address.",
        "What ADDRESS gives is not a feed.",
        "The feed at ADDRESS is damaged.",
        "Nothing came from ADDRESS: the answer was empty.",
        "There is nothing at this address of 127.0.0.1 any more (answer 404).",
    }


def test_no_text_holds_what_cannot_be_shown(stored: Mapping[str, Stored]) -> None:
    for each in stored.values():
        for episode in each.episodes:
            for text in (episode.title, episode.notes, episode.guid):
                assert not any(ord(letter) < 32 and letter not in "\t\n" for letter in text)
            assert "\n" not in episode.title
