"""What leaving a show means for the days before and after."""

from pathlib import Path

import pytest
from lived import lived

from earmark.pipeline import brief_of
from earmark.pipeline.care import is_muted, mute, unmute, unsubscribe
from earmark.taste import load_taste


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
        mute(life.paths, feed)
        mute(life.paths, feed)
        assert is_muted(load_taste(life.paths).muted_shows, feed)
        assert brief_of(life.tools, life.today).cards == ()
        unmute(life.paths, feed)
        assert load_taste(life.paths).muted_shows == ()
        assert len(brief_of(life.tools, life.today).cards) == 1
