"""What leaving a show means for the days before and after."""

from pathlib import Path

import pytest
from lived import lived

from earmark.pipeline import brief_of
from earmark.pipeline.care import unsubscribe
from earmark.pipeline.muting import mute, muted_feeds, unmute
from earmark.records import ParsedFeed
from earmark.taste import MutedShow, Taste, load_taste, save_taste


def test_a_show_that_was_left_stays_in_past_briefs_and_comes_into_none_again(tmp_path: Path) -> None:
    with lived(tmp_path / "profile") as life:
        first = life.hear("Left", "one claim about bread")
        life.hear("Left", "second claim about ovens", "third claim about prices")
        day = life.today
        before = brief_of(life.tools, day)
        assert first[0] in {card.insight.id for card in before.cards}
        life.sleep(days=1)
        fresh = life.hear("Left", "fourth claim about flour")
        stays = life.hear("Kept", "fifth claim about boats")
        unsubscribe(life.tools, next(feed for feed in life.library.feeds() if feed.title == "Left"))
        past = life.library.brief(day)
        assert past is not None
        assert (past.brief, past.cards) == (before.brief, before.cards)
        today = {card.insight.id for card in brief_of(life.tools, life.today).cards}
        assert (set(stays) <= today, set(fresh) & today) == (True, set())
        assert life.library.card(fresh[0]).feed_title == "Left"


@pytest.mark.parametrize("title", ["A show", "Ünïcode Show"])
def test_muted_and_unmuted_again_nothing_is_left_of_it(title: str, tmp_path: Path) -> None:
    with lived(tmp_path / "profile") as life:
        life.hear(title, "a claim")
        [feed] = life.library.feeds()
        mute(life.paths, life.library, feed)
        mute(life.paths, life.library, feed)
        assert muted_feeds(life.library, load_taste(life.paths).muted_shows) == {feed.id: title}
        assert brief_of(life.tools, life.today).cards == ()
        unmute(life.paths, life.library, feed)
        assert load_taste(life.paths).muted_shows == ()
        assert len(brief_of(life.tools, life.today).cards) == 1


def test_a_mute_goes_with_its_show_and_with_no_other_of_its_title(tmp_path: Path) -> None:
    with lived(tmp_path / "profile") as life:
        for title in ("News", "Other"):
            life.hear(title, f"a claim of {title}")
        news, other = life.library.feeds()
        mute(life.paths, life.library, news)
        life.library._db.execute("UPDATE feeds SET title = 'News' WHERE id = ?", [other.id])
        life.library._db.execute("UPDATE feeds SET title = 'Dispatch', url = 'x' WHERE id = ?", [news.id])
        shown = brief_of(life.tools, life.today)
        assert [card.insight.text for card in shown.cards] == ["a claim of Other"]
        assert [held.why for held in shown.held_back] == ["the show “Dispatch”"]


def test_a_mute_of_a_title_is_of_all_shows_that_are_called_so(tmp_path: Path) -> None:
    with lived(tmp_path / "profile") as life:
        life.hear("News", "a claim")
        life.hear("Other", "another")
        life.library._db.execute("UPDATE feeds SET title = 'News'")
        for by_hand in (MutedShow("news"), MutedShow("News", "of another library")):
            save_taste(life.paths, Taste(muted_shows=(by_hand,)))
            assert len(muted_feeds(life.library, load_taste(life.paths).muted_shows)) == 2


def test_muting_a_show_that_was_muted_by_its_title_alone_makes_it_last(tmp_path: Path) -> None:
    with lived(tmp_path / "profile") as life:
        life.hear("News", "a claim")
        [feed] = life.library.feeds()
        save_taste(life.paths, Taste(muted_shows=(MutedShow("news"),)))
        mute(life.paths, life.library, feed)
        assert load_taste(life.paths).muted_shows == (MutedShow("News", feed.lasting_id),)
        life.library._db.execute("UPDATE feeds SET title = 'Dispatch'")
        assert muted_feeds(life.library, load_taste(life.paths).muted_shows) == {feed.id: "Dispatch"}


def test_muting_one_of_two_shows_of_a_muted_title_does_not_let_the_other_be_heard(tmp_path: Path) -> None:
    with lived(tmp_path / "profile") as life:
        life.hear("News", "a claim")
        life.hear("Other", "another")
        life.library._db.execute("UPDATE feeds SET title = 'News'")
        save_taste(life.paths, Taste(muted_shows=(MutedShow("News"),)))
        mute(life.paths, life.library, life.library.feeds()[0])
        assert len(muted_feeds(life.library, load_taste(life.paths).muted_shows)) == 2


def test_the_mute_of_a_show_that_is_wholly_gone_is_not_left_to_another_of_its_title(tmp_path: Path) -> None:
    with lived(tmp_path / "profile") as life:
        ids = [life.library.add_feed(url, ParsedFeed("News", None, "", None, ())) for url in ("a:", "b:")]
        assert len(ids) == 2
        gone, stays = life.library.feeds()
        assert gone.lasting_id != stays.lasting_id
        mute(life.paths, life.library, gone)
        unsubscribe(life.tools, gone)
        assert load_taste(life.paths).muted_shows == ()
        assert muted_feeds(life.library, load_taste(life.paths).muted_shows) == {}
