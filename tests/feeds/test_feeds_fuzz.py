"""F-18: what strangers send is read or refused in plain words, however it is damaged.

The long run is tests/benchmarks/fuzz_feeds.py.
"""

import time
from collections import Counter

from damaged_documents import SEEDS, damaged, read_every_way


def test_f_18_damaged_documents_are_read_or_refused_and_nothing_else() -> None:
    began = time.process_time()
    ends = Counter(read_every_way(damaged(seed, SEEDS)) for seed in range(1500))
    assert time.process_time() - began < 60
    assert ends["refused"] > 50
    assert ends["feed"] > 300


def test_f_18_each_seed_is_read_as_what_it_is() -> None:
    assert [read_every_way(seed) for seed in SEEDS] == [
        *("feed", "feed", "feed"),
        *("transcript", "transcript", "transcript", "chapters", "transcript"),
    ]
