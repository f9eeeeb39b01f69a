"""A library as a heavy user has it after years: 400 shows, 200,000 episodes, 100,000 insights.

Written straight into the tables, in a few large transactions: what the program itself would take days for.
"""

import json
import random
import re
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from earmark.engines.names import EMBEDDING_ID
from earmark.insights import in_context
from earmark.library import Library
from earmark.library.schema import fingerprint

SHOWS, EPISODES, INSIGHTS_OF_EACH = 400, 200_000, 5
READ = 20_000
"""So many episodes were read; these have words, insights and vectors."""
WAITING, SAVED, DAYS, TOPICS, LINKED = 1_000, 3_000, 400, 60, 20_000
SEGMENTS, STRETCH, WIDTH = 12, 4, 384
NEAR = 0.55
"""How much of a claim's vector is its topic's: a cosine of 0.48 to the middle of the topic."""
DAY_MS = 86_400_000
WORDS = re.findall(
    r"\w+",
    "churn growth sleep memory heat pump boiler reward training bus timetable evening switch saving house"
    " winter insulation price meeting engineer failure shelf language learning running shoes damp wall loan"
    " rent teacher school museum harbour ferry bread flour oven cheese orchard river flood valley signal"
    " antenna satellite orbit battery charge grid tariff court witness archive letter printer ink paper",
)


def fill_large(library: Library, today: date, newest_ms: int, *, share: float = 1.0) -> None:
    """Fill an empty library; `share` makes a smaller one of the same shape."""
    draw = random.Random(7)
    episodes, read = round(EPISODES * share), round(READ * share)
    with library._transaction() as db:
        _shows(db)
        db.executemany(
            "INSERT INTO episodes (id, feed_id, guid, title, published_ms, enclosure_url, enclosure_mime,"
            " enclosure_bytes, transcripts, duration_ms, notes, link) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            _episodes(draw, episodes, newest_ms),
        )
        db.execute("INSERT INTO episode_texts SELECT id, title, notes FROM episodes")
    with library._transaction() as db:
        _words(db, draw, read)
    with library._transaction() as db:
        _insights(db, draw, read, newest_ms)
        _queue(db, read, round(WAITING * share))
        _what_the_user_did(db, draw, read, round(SAVED * share), today, newest_ms)
    with library._transaction() as db:
        _vectors(db, read)
        _links(db, draw, round(LINKED * share))


def insight_id(episode: int, place: int) -> str:
    """The id of an episode's insight."""
    return f"i{episode:06}{place}"


def topic_of(episode: int, place: int) -> int:
    """The topic of an episode's insight."""
    return (episode * 7 + place) % TOPICS + 1


def _said(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(WORDS, k=count)).capitalize() + "."


def _shows(db: sqlite3.Connection) -> None:
    db.executemany(
        "INSERT INTO feeds (id, url, title, link, language, body_sha256, checked_ms, near)"
        " VALUES (?, ?, ?, NULL, 'en', '0', 1, 0)",
        [
            (n, f"https://example.org/{n}", f"{WORDS[n % len(WORDS)].title()} and {n}")
            for n in range(1, SHOWS + 1)
        ],
    )


def _episodes(draw: random.Random, count: int, newest_ms: int) -> Iterator[tuple[object, ...]]:
    notes = "<p>What is said in this one, told by its publisher, with all its links and names.</p>"
    for n in range(1, count + 1):
        show = n % SHOWS + 1
        yield (
            n, show, f"g{n}", f"{_said(draw, 5)[:-1]} {n}", newest_ms - (n // SHOWS) * DAY_MS - show * 1000,
            f"https://example.org/{n}.mp3", "audio/mpeg", 40_000_000, "[]", 2_400_000, notes, None,
        )  # fmt: skip


def _words(db: sqlite3.Connection, draw: random.Random, read: int) -> None:
    db.executemany(
        "INSERT INTO transcripts (episode_id, source, language, complete, next_ms, sha256)"
        " VALUES (?, 'publisher', 'en', 1, 0, ?)",
        ((n, f"s{n}") for n in range(1, read + 1)),
    )
    db.executemany(
        "INSERT INTO segments (episode_id, number, start_ms, end_ms, text) VALUES (?, ?, ?, ?, ?)",
        (
            (n, number, number * 20_000, number * 20_000 + 20_000, _said(draw, 14))
            for n in range(1, read + 1)
            for number in range(SEGMENTS)
        ),
    )
    stretches = [(first, first + STRETCH - 1) for first in range(0, SEGMENTS, STRETCH)]
    db.executemany(
        "INSERT INTO stretches (episode_id, first_segment, last_segment) VALUES (?, ?, ?)",
        (
            (n, first, first + STRETCH - 1)
            for n in range(1, read + 1)
            for first in range(0, SEGMENTS, STRETCH)
        ),
    )
    db.executemany(
        "INSERT INTO passages (episode_id, first_sentence, last_sentence, start_ms, end_ms, kind)"
        " VALUES (?, ?, ?, ?, ?, 'talk')",
        (
            (n, first, last, first * 20_000, (last + 1) * 20_000)
            for n in range(1, read + 1)
            for first, last in stretches
        ),
    )


def _insights(db: sqlite3.Connection, draw: random.Random, read: int, newest_ms: int) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        for n in range(1, read + 1):
            for place in range(INSIGHTS_OF_EACH):
                text, at = _said(draw, 40), 40_000 * place
                yield (
                    insight_id(n, place), n, place, _said(draw, 7)[:-1], text, text, at, at + 12_000,
                    2 * place, 2 * place, draw.random(), "quotes", "m", "1",
                )  # fmt: skip

    db.executemany(
        "INSERT INTO insights (id, episode_id, place, headline, text, quote, start_ms, end_ms,"
        " first_segment, last_segment, quality, tier, model_id, prompt_version)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        rows(),
    )
    counts = json.dumps({"kept": INSIGHTS_OF_EACH})
    db.executemany(
        "INSERT INTO extractions (episode_id, counts, read_ms) VALUES (?, ?, ?)",
        ((n, counts, newest_ms - n * 1000) for n in range(1, read + 1)),
    )


def _queue(db: sqlite3.Connection, read: int, waiting: int) -> None:
    done = ((n, "done", "done", None) for n in range(1, read + 1))
    rest = ((n, "words", "waiting", None) for n in range(read + 1, read + waiting + 1))
    failed = (
        (n, "download", "failed", "The disk is full.") for n in range(read + waiting + 1, read + waiting + 40)
    )
    for rows in (done, rest, failed):
        db.executemany("INSERT INTO jobs (episode_id, step, state, reason) VALUES (?, ?, ?, ?)", rows)


def _what_the_user_did(
    db: sqlite3.Connection, draw: random.Random, read: int, saved: int, today: date, newest_ms: int
) -> None:
    for day in range(DAYS):
        iso = (today - timedelta(days=day)).isoformat()
        at = newest_ms - day * DAY_MS
        db.execute(
            "INSERT INTO briefs (date, coverage, made_ms) VALUES (?, ?, ?)", [iso, "5 of 41 insights.", at]
        )
        db.executemany(
            "INSERT INTO brief_items (date, position, insight_id, why) VALUES (?, ?, ?, ?)",
            [(iso, place, insight_id(day * 5 + place + 1, 0), "New.") for place in range(5)],
        )
    chosen = draw.sample(range(1, read + 1), saved)
    db.executemany(
        "INSERT INTO marks (insight_id, saved, changed_ms) VALUES (?, 1, ?)",
        [(insight_id(n, 1), newest_ms - n) for n in chosen],
    )
    db.executemany(
        "INSERT INTO topics (id, name, model_id) VALUES (?, ?, ?)",
        [(n, WORDS[n % len(WORDS)], EMBEDDING_ID) for n in range(1, TOPICS + 1)],
    )
    db.executemany(
        "INSERT INTO topic_insights (insight_id, topic_id) VALUES (?, ?)",
        (
            (insight_id(n, place), topic_of(n, place))
            for n in range(1, read + 1)
            for place in range(INSIGHTS_OF_EACH)
        ),
    )


def _vectors(db: sqlite3.Connection, read: int) -> None:
    draw = np.random.default_rng(7)
    middles = _unit(draw.standard_normal((TOPICS + 1, WIDTH)))
    for n in range(1, read + 1):
        own = middles[[topic_of(n, place) for place in range(INSIGHTS_OF_EACH)]]
        for model_id in (EMBEDDING_ID, in_context(EMBEDDING_ID)):
            made = _unit(NEAR * own + _unit(draw.standard_normal((INSIGHTS_OF_EACH, WIDTH))))
            rows = []
            for place in range(INSIGHTS_OF_EACH):
                owner, blob = insight_id(n, place), made[place].astype("<f4").tobytes()
                rows.append((owner, model_id, blob, fingerprint(owner, model_id, blob)))
            db.executemany(
                "INSERT INTO embeddings (insight_id, model_id, vector, fingerprint) VALUES (?, ?, ?, ?)", rows
            )
        passages = []
        for first in range(0, SEGMENTS, STRETCH):
            blob = _unit(draw.standard_normal((1, WIDTH)))[0].astype("<f2").tobytes()
            passages.append((n, first, EMBEDDING_ID, blob, fingerprint(f"{n}:{first}", EMBEDDING_ID, blob)))
        db.executemany(
            "INSERT INTO passage_embeddings (episode_id, first_sentence, model_id, vector, fingerprint)"
            " VALUES (?, ?, ?, ?, ?)",
            passages,
        )
    db.execute("DELETE FROM vector_changes")


def _unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _links(db: sqlite3.Connection, draw: random.Random, linked: int) -> None:
    numbers = range(1, linked // INSIGHTS_OF_EACH + 1)
    rows = []
    for n in numbers:
        for place in range(INSIGHTS_OF_EACH):
            others = draw.sample(numbers, min(8, len(numbers)))
            rows += [
                (insight_id(n, place), insight_id(other, place), 0.6 - at / 50, at)
                for at, other in enumerate(other for other in others if other != n)
            ]
    db.executemany("INSERT INTO links (insight_id, other_id, score, place) VALUES (?, ?, ?, ?)", rows)
    db.execute(
        "INSERT INTO relations (insight_id, model_id, hub, stale) SELECT id, ?, 0.1, 0 FROM insights",
        [in_context(EMBEDDING_ID)],
    )
