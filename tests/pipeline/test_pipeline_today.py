"""The brief of a day: the user's taste in it, what never moves, and what is never shown twice."""

import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from lived import Life, lived
from numpy.typing import NDArray

from earmark.errors import KnownError
from earmark.library import pool_queries
from earmark.pipeline import (
    brief_of,
    forget_taste,
    learn_now,
    review_of,
    undo_lesson,
)
from earmark.records import BriefPage, InsightId
from earmark.settings import Settings, save_settings
from earmark.taste import MutedShow, Taste, load_taste, save_taste, taste_file

TRAMS = ("electric trams carry people", "electric trams need room", "electric trams last long")
BREAD = ("rye bread needs rest", "rye bread wants salt", "rye bread tears early", "rye bread keeps well")
FILLER = ("alpha one two", "beta three four", "gamma five six", "delta seven eight", "epsilon nine ten")


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    with lived(tmp_path / "profile") as made:
        yield made


def shown(page: BriefPage) -> list[InsightId]:
    return [item.insight_id for item in page.brief.items]


def test_what_the_user_wrote_comes_first_at_the_next_brief(life: Life) -> None:
    for number, claim in enumerate(FILLER):
        life.hear(f"Show {number}", claim, quality=0.6)
    [tram] = life.hear("City", TRAMS[0], quality=0.5)
    save_taste(life.paths, Taste(interests=("electric trams",)))
    page = brief_of(life.tools, life.today)
    assert shown(page)[0] == tram
    item = page.brief.items[0]
    assert item.why.startswith("Close to “electric trams”, which you wrote")
    assert dict(item.terms)["interest"] > 1.5
    assert page.brief.items[4].outside


def test_interests_that_are_written_before_anything_was_read_do_no_harm(life: Life) -> None:
    save_taste(life.paths, Taste(interests=("electric trams",), muted_topics=("bread",)))
    assert brief_of(life.tools, life.today).brief.items == ()


def test_the_score_is_the_product_of_the_terms_that_are_told(life: Life) -> None:
    for number, claim in enumerate((*FILLER, *TRAMS)):
        life.hear(f"Show {number}", claim, quality=0.3 + number / 20)
    save_taste(life.paths, Taste(interests=("trams",)))
    items = [item for item in brief_of(life.tools, life.today).brief.items if not item.outside]
    scores = [float(np.prod([factor for _, factor in item.terms])) for item in items]
    assert scores == sorted(scores, reverse=True)
    assert life.library.brief(life.today) == brief_of(life.tools, life.today)


def test_saves_teach_a_topic_in_words_and_undo_takes_it_back_for_good(life: Life) -> None:
    trams = [life.hear(f"City {n}", claim)[0] for n, claim in enumerate(TRAMS)]
    life.hear("Other", *FILLER)
    for id_ in trams[:2]:
        life.library.set_mark(id_, saved=True)
    [lesson] = learn_now(life.tools).lessons
    assert (lesson.name, lesson.says) == (
        "more-electric-trams",
        "More on electric trams, because you saved 2.",
    )
    assert set(lesson.because) == set(trams[:2])
    assert load_taste(life.paths).lessons == (lesson,)
    assert learn_now(life.tools).lessons == (lesson,)
    page = brief_of(life.tools, life.today)
    mine = next(item for item in page.brief.items if item.insight_id in trams)
    assert "more on electric trams, because you saved 2" in mine.why.lower()
    undo_lesson(life.tools, "more-electric-trams")
    assert learn_now(life.tools).lessons == ()
    with pytest.raises(KnownError, match="no lesson called"):
        undo_lesson(life.tools, "more-electric-trams")
    life.library.set_mark(trams[0], saved=True)
    life.library.set_mark(trams[2], thumb=1)
    assert [again.says for again in learn_now(life.tools).lessons] == [
        "More on electric trams, because you saved 1 and liked 1."
    ]


def test_a_lesson_that_the_user_deletes_from_the_file_stays_away(life: Life) -> None:
    for n, claim in enumerate(TRAMS):
        life.library.set_mark(life.hear(f"City {n}", claim)[0], saved=True)
    life.hear("Other", *FILLER)
    assert learn_now(life.tools).lessons
    text = taste_file(life.paths).read_text("utf-8")
    taste_file(life.paths).write_text(text[: text.index("[[learned]]")], "utf-8")
    assert learn_now(life.tools).lessons == ()
    assert learn_now(life.tools).lessons == ()


def test_a_save_that_is_taken_back_leaves_the_lesson(life: Life) -> None:
    trams = [life.hear(f"City {n}", claim)[0] for n, claim in enumerate(TRAMS)]
    life.hear("Other", *FILLER)
    for id_ in trams:
        life.library.set_mark(id_, saved=True)
    assert learn_now(life.tools).lessons[0].says.endswith("saved 3.")
    life.library.set_mark(trams[0], saved=False)
    assert learn_now(life.tools).lessons[0].says.endswith("saved 2.")
    for id_ in trams:
        life.library.set_mark(id_, saved=False)
    assert learn_now(life.tools).lessons == ()


def test_a_topic_is_named_by_the_users_own_words_where_it_is_near_them(life: Life) -> None:
    save_taste(life.paths, Taste(interests=("electric trams people",)))
    life.library.set_mark(life.hear("City", TRAMS[0])[0], saved=True)
    assert [lesson.says for lesson in learn_now(life.tools).lessons] == [
        "More on electric trams people, because you saved 1."
    ]


def test_hiding_and_long_reading_teach_too(life: Life) -> None:
    bread = [life.hear(f"Oven {n}", claim)[0] for n, claim in enumerate(BREAD)]
    trams = [life.hear(f"City {n}", claim)[0] for n, claim in enumerate(TRAMS)]
    life.hear("Other", *FILLER)
    life.library.set_mark(bread[0], hidden=True)
    life.library.set_mark(bread[1], hidden=True)
    life.library.set_mark(bread[2], thumb=-1)
    for id_ in trams:
        life.library.add_reading(id_, 20_000)
    life.library.add_reading(trams[0], 20_000)
    life.library.add_reading(trams[1], 20_000)
    assert {lesson.says for lesson in learn_now(life.tools).lessons} == {
        "Less on rye bread, because you hid 2 and disliked 1.",
        "More on electric trams, because you read 2.",
    }
    page = brief_of(life.tools, life.today)
    assert set(trams) & set(shown(page))
    assert bread[3] not in shown(page)[:3]


def test_a_show_is_learned_when_nearly_all_of_it_is_saved_or_hidden(life: Life) -> None:
    dull = life.hear("Dull Hour", "one red", "two green", "three blue", "four grey")
    life.hear("Other", *FILLER)
    for id_ in dull[:3]:
        life.library.set_mark(id_, hidden=True)
    says = {lesson.says for lesson in learn_now(life.tools).lessons}
    assert says == {"Less from Dull Hour, because you hid 3."}
    life.library.set_mark(dull[3], saved=True)
    assert dull[0] not in shown(brief_of(life.tools, life.today))


def test_a_reader_who_turns_to_a_show_that_they_hid_is_not_kept_from_it(life: Life) -> None:
    claims = [f"{word} {word}er {word}est" for word in ("warm", "cold", "dark", "soft", "loud", "calm")]
    heard = life.hear("Dull Hour", *claims)
    for id_ in heard[:4]:
        life.library.set_mark(id_, hidden=True)
    assert [lesson.topic for lesson in learn_now(life.tools).lessons if lesson.about == "show"] == [
        "Dull Hour"
    ]
    for id_ in heard[4:]:
        life.library.set_mark(id_, saved=True)
    assert [lesson.topic for lesson in learn_now(life.tools).lessons if lesson.about == "show"] == []


def test_forgetting_leaves_what_the_user_wrote_and_what_is_saved(life: Life) -> None:
    trams = [life.hear(f"City {n}", claim)[0] for n, claim in enumerate(TRAMS)]
    life.hear("Other", *FILLER)
    for id_ in trams:
        life.library.set_mark(id_, saved=True)
    save_taste(life.paths, Taste(interests=("bread",), muted_words=("crypto",)))
    assert len(learn_now(life.tools).lessons) == 1
    assert forget_taste(life.tools) == 1
    assert learn_now(life.tools) == Taste(interests=("bread",), muted_words=("crypto",))
    assert len(life.library.saved_cards()) == 3
    forget_taste(life.tools, all_=True)
    assert learn_now(life.tools) == Taste()


def test_muted_words_shows_and_topics_are_held_back_counted_and_can_be_seen(life: Life) -> None:
    [coin] = life.hear("Money", "a Crypto-coin fell by half")
    [loud] = life.hear("Loud", FILLER[0])
    [tram] = life.hear("City", TRAMS[0])
    kept = [life.hear(f"Show {n}", claim)[0] for n, claim in enumerate(FILLER[1:])]
    save_taste(
        life.paths,
        Taste(muted_words=("CRYPTO",), muted_shows=(MutedShow("loud"),), muted_topics=("electric trams",)),
    )
    page = brief_of(life.tools, life.today)
    assert set(shown(page)) == set(kept)
    assert "3 held back by what you muted." in page.brief.coverage
    assert {held.card.insight.id: held.why for held in page.held_back} == {
        coin: "the word “CRYPTO”",
        loud: "the show “Loud”",
        tram: "the topic “electric trams”",
    }


def test_all_that_muting_kept_out_of_a_days_choice_is_told_also_of_episodes_read_before(life: Life) -> None:
    [loud, *_] = life.hear("Loud", *FILLER)
    life.hear("City", *TRAMS)
    first = brief_of(life.tools, life.today)
    life.sleep(days=1)
    [bread] = life.hear("Oven", BREAD[0])
    save_taste(life.paths, Taste(muted_shows=(MutedShow("Loud"), MutedShow("City"))))
    page = brief_of(life.tools, life.today)
    assert shown(page) == [bread]
    left = {card.insight.id for card in life.library.cards()} - {*shown(first), bread}
    assert {held.card.insight.id for held in page.held_back} == left
    assert len(left) == 3
    assert "3 held back by what you muted." in page.brief.coverage
    assert loud in {*shown(first), *left}


def test_where_muting_leaves_nothing_for_a_day_it_is_told_what_was_held_back(life: Life) -> None:
    [tram] = life.hear("City", TRAMS[0])
    save_taste(life.paths, Taste(muted_shows=(MutedShow("City"),)))
    page = brief_of(life.tools, life.today)
    assert [held.card.insight.id for held in page.held_back] == [tram]
    assert "1 held back by what you muted." in page.brief.coverage
    save_taste(life.paths, Taste())
    [bread] = life.hear("Oven", BREAD[0])
    life.library.set_mark(tram, hidden=True)
    assert shown(brief_of(life.tools, life.today)) == [bread]
    save_taste(life.paths, Taste(muted_words=("salt",)))
    [salt] = life.hear("Oven", BREAD[1])
    assert [held.card.insight.id for held in brief_of(life.tools, life.today).held_back] == [salt]


def test_a_broken_file_stops_a_new_brief_with_a_plain_message_and_nothing_is_lost(life: Life) -> None:
    life.hear("City", *TRAMS)
    taste_file(life.paths).write_text("interests = [", "utf-8")
    with pytest.raises(KnownError, match="Mend it"):
        brief_of(life.tools, life.today)
    assert taste_file(life.paths).read_text("utf-8") == "interests = ["
    taste_file(life.paths).write_text("interests = []", "utf-8")
    assert brief_of(life.tools, life.today).cards


def test_what_was_shown_does_not_move_when_taste_or_library_change(life: Life) -> None:
    life.hear("City", TRAMS[0])
    first = brief_of(life.tools, life.today)
    assert len(first.cards) == 1
    better = [life.hear(f"Show {n}", claim, quality=0.9)[0] for n, claim in enumerate(FILLER)]
    save_taste(life.paths, Taste(interests=("bread",), muted_words=("trams",)))
    filled = brief_of(life.tools, life.today)
    assert filled.brief.items[0] == first.brief.items[0]
    assert set(shown(filled)[1:]) <= set(better)
    life.hear("Oven", *BREAD, quality=1.0)
    assert brief_of(life.tools, life.today) == filled


def test_a_place_whose_insight_was_withdrawn_stays_empty(life: Life) -> None:
    life.hear("City", TRAMS[0])
    life.hear("Oven", BREAD[0])
    first = brief_of(life.tools, life.today)
    gone = life.library.card(first.brief.items[0].insight_id)
    life.read(gone.episode_id, "again", ["something else was said"])
    for number, claim in enumerate(FILLER):
        life.hear(f"Show {number}", claim)
    page = brief_of(life.tools, life.today)
    assert [item.position for item in page.brief.items] == [1, 2, 3, 4]
    assert page.brief.items[0] == first.brief.items[1]


def test_a_claim_is_not_shown_twice_in_ninety_days_and_is_counted_instead(life: Life) -> None:
    [first] = life.hear("City", TRAMS[0])
    assert shown(brief_of(life.tools, life.today)) == [first]
    life.sleep(days=1)
    life.hear("Second City", TRAMS[0])
    [new] = life.hear("Oven", BREAD[0])
    assert shown(brief_of(life.tools, life.today)) == [new]
    assert life.library.card(first).heard == 2
    life.sleep(days=85)
    [other] = life.hear("Oven", BREAD[1])
    assert other in shown(brief_of(life.tools, life.today))
    assert not [
        card for card in life.library.cards() if card.feed_title == "Second City" and _was(life, card)
    ]


def _was(life: Life, card: object) -> bool:
    return getattr(card, "insight").id in life.library.shown_insight_ids()  # noqa: B009


def test_a_claim_stays_known_although_its_insight_was_withdrawn_or_hidden(life: Life) -> None:
    [gone] = life.hear("City", TRAMS[0])
    [hidden] = life.hear("Oven", BREAD[0])
    brief_of(life.tools, life.today)
    life.read(life.library.card(gone).episode_id, "cut otherwise", ["an unlike thing"])
    life.library.set_mark(hidden, hidden=True)
    life.sleep(days=1)
    twins = [life.hear("Second", TRAMS[0])[0], life.hear("Third", BREAD[0])[0]]
    assert not set(twins) & set(shown(brief_of(life.tools, life.today)))


def test_a_claim_that_was_hidden_before_it_was_shown_does_not_come_from_another_show(life: Life) -> None:
    [hidden] = life.hear("City", TRAMS[0])
    life.library.set_mark(hidden, hidden=True)
    life.hear("Second", TRAMS[0])
    [other] = life.hear("Oven", BREAD[0])
    assert shown(brief_of(life.tools, life.today)) == [other]


def test_an_old_saved_insight_comes_from_the_shelf_once_a_day_if_wanted(life: Life) -> None:
    ids = [life.hear(f"Show {n}", claim)[0] for n, claim in enumerate(FILLER)]
    brief_of(life.tools, life.today)
    life.library.set_mark(ids[0], saved=True)
    life.library.set_mark(ids[1], saved=True)
    life.now = datetime.now(UTC).replace(hour=9)
    came = []
    for _ in range(3):
        life.sleep(days=9)
        life.hear("City", f"{life.today} {life.today} {life.today} only")
        save_settings(life.paths, Settings(from_your_shelf=bool(came)))
        page = brief_of(life.tools, life.today)
        came.append(page.shelf.insight.id if page.shelf else None)
        assert page.shelf is None or page.shelf.insight.id not in shown(page)
        assert brief_of(life.tools, life.today).shelf == page.shelf
    assert came[0] is None
    assert set(came[1:]) == set(ids[:2])


def test_the_week_is_told_by_what_was_saved_and_by_what_was_heard_often(life: Life) -> None:
    life.now = datetime.now(UTC).replace(hour=9)
    ids = [life.hear(f"Show {n}", claim, quality=0.5 + n / 20)[0] for n, claim in enumerate(FILLER)]
    life.hear("Echo", FILLER[0])
    brief_of(life.tools, life.today)
    twin = next(card.insight.id for card in life.library.cards() if card.heard == 2)
    life.library.set_mark(ids[1], saved=True)
    life.library.set_mark(ids[4], hidden=True)
    found = review_of(life.library, life.today, now_ms=round(life.now.timestamp() * 1000))
    assert (found.days, found.shown) == (1, 5)
    assert found.best[0].insight.id == ids[1]
    assert ids[4] not in {card.insight.id for card in found.best}
    assert [card.insight.id for card in found.saved] == [ids[1]]
    assert [card.insight.id for card in found.heard_often] == [twin]
    for saved in (False, True):
        life.library.set_mark(twin, hidden=True, saved=saved)
        hidden = review_of(life.library, life.today, now_ms=round(life.now.timestamp() * 1000))
        assert hidden.heard_often == ()
    life.library.set_mark(twin, saved=False)
    life.sleep(days=8)
    later = review_of(life.library, life.today, now_ms=round(life.now.timestamp() * 1000))
    assert (later.days, later.best, later.saved) == (0, (), ())


def test_the_archive_counts_days_and_keeps_them(life: Life) -> None:
    for number, claim in enumerate(FILLER[:2]):
        life.hear(f"Show {number}", claim)
    brief_of(life.tools, life.today)
    life.sleep(days=3)
    life.hear("City", TRAMS[0])
    brief_of(life.tools, life.today)
    assert life.library.archive() == {"2026-11-26": 1, "2026-11-23": 2}


def test_a_brief_of_a_large_library_holds_no_library_in_memory(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words and vectors of 6,000 insights are 15 MB; what is held of each is its numbers."""
    monkeypatch.setattr(pool_queries, "BLOCK_ROWS", 256)
    for number in range(60):
        life.hear(f"Show {number}", *(f"{number}of{n}{'y' * 300}" for n in range(100)))
    save_taste(life.paths, Taste(interests=("electric trams",)))
    brief_of(life.tools, life.today)
    life.sleep(days=1)
    tracemalloc.start()
    try:
        assert len(brief_of(life.tools, life.today).cards) == 5
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 6_000_000


def a_week(root: Path, block_rows: int, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What a reader of many tastes is shown in a week, read so many insights at a time."""
    monkeypatch.setattr(pool_queries, "BLOCK_ROWS", block_rows)
    seen: list[object] = []
    with lived(root) as life:
        save_taste(life.paths, Taste(("electric trams",), ("gamma",), muted_topics=("epsilon nine",)))
        for day in range(7):
            for show in range(4):
                claims = (f"{word} {day} d{day} s{show}" for word in ("trams run", "rye bread", *FILLER))
                life.hear(f"Show {show}", *claims, TRAMS[day % 3], BREAD[day % 4], quality=0.4 + show / 10)
            page = brief_of(life.tools, life.today)
            for card in page.cards:
                trams = "tram" in card.insight.text
                life.library.set_mark(card.insight.id, saved=trams, thumb=0 if trams else -1)
            items = [(each.insight_id, each.why, each.terms, each.outside) for each in page.brief.items]
            heard = [(card.insight.id, card.heard) for card in life.library.cards()]
            lessons = [(lesson.says, lesson.because) for lesson in load_taste(life.paths).lessons]
            seen.append((items, heard, lessons, [each.why for each in page.held_back]))
            life.sleep(days=1)
    return seen


def test_a_brief_is_the_same_however_much_is_read_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = a_week(tmp_path / "at once", 10_000, monkeypatch)
    assert a_week(tmp_path / "in parts", 3, monkeypatch) == at_once
    *_, (_, heard, lessons, held_back) = at_once
    assert lessons
    assert held_back
    assert max(times for _, times in heard) > 1
    assert [len(items) for items, *_ in at_once] == [5] * 7


def test_a_brief_that_is_made_while_another_one_waits_for_the_engine_stands(life: Life) -> None:
    for number, claim in enumerate((*FILLER, *TRAMS)):
        life.hear(f"Show {number}", claim)
    save_taste(life.paths, Taste(interests=("trams",)))
    embed, made = life.language.embed, []

    def meanwhile(texts: Sequence[str]) -> NDArray[np.float32]:
        if not made:
            made.append(None)
            made.append(brief_of(life.tools, life.today))
        return embed(texts)

    life.language.embed = meanwhile
    assert brief_of(life.tools, life.today) == made[1]


def test_a_show_that_was_left_keeps_its_place_of_today_and_its_claim_is_not_said_twice(life: Life) -> None:
    [mine] = life.hear("City", "trams run fast today")
    assert shown(brief_of(life.tools, life.today)) == [mine]
    (city,) = life.library.feeds()
    life.library.unsubscribe(city.id, now_ms=1)
    life.hear("Town", "trams run fast today")
    [bread] = life.hear("Village", "bread and flour")
    assert shown(brief_of(life.tools, life.today)) == [mine, bread]
