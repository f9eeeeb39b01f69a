"""What a new document changes."""

from dataclasses import fields, replace

from earmark.feeds import decide
from earmark.records import (
    Enclosure,
    Episode,
    EpisodeId,
    Feed,
    FeedId,
    ParsedEpisode,
    ParsedFeed,
    TranscriptLink,
)

FEED = Feed(FeedId(1), "https://e.org/feed", "Old name", "https://e.org", "en", None, None, None, None, None)
DAY_MS = 86_400_000
NOW_MS = 20_000 * DAY_MS


def given(
    guid: str, title: str | None = None, audio: str | None = None, day: int | None = None
) -> ParsedEpisode:
    return ParsedEpisode(
        guid=guid,
        title=title or f"Episode {guid}",
        published_ms=day * DAY_MS if day else None,
        enclosure=Enclosure(audio or f"https://e.org/{guid}.mp3", "audio/mpeg"),
        transcripts=(),
        duration_ms=None,
        notes="",
        link=None,
    )


def known(*episodes: ParsedEpisode) -> dict[str, Episode]:
    """The library after it took these in."""
    return {
        e.guid: Episode(
            id=EpisodeId(number),
            feed_id=FEED.id,
            feed_title=FEED.title,
            feed_url=FEED.url,
            **{each.name: getattr(e, each.name) for each in fields(e)},
        )
        for number, e in enumerate(episodes, start=1)
    }


def document(*episodes: ParsedEpisode, complete: bool = True) -> ParsedFeed:
    return ParsedFeed("New name", None, "", None, episodes, complete=complete)


def test_unknown_guids_are_new_and_equal_items_are_nothing() -> None:
    a, b = given("a"), given("b")
    got = decide(FEED, known(a), document(b, a))
    assert (got.new, got.changed) == ((b,), ())
    assert (got.title, got.link, got.language) == ("New name", "https://e.org", "en")


def test_an_edited_item_is_the_same_episode() -> None:
    a = given("a")
    for edited in (
        replace(a, title="corrected"),
        replace(a, enclosure=Enclosure("https://cdn.e.org/2.mp3", "audio/mpeg")),
        replace(a, transcripts=(TranscriptLink("https://e.org/a.vtt", "text/vtt"),)),
    ):
        got = decide(FEED, known(a), document(edited))
        assert (got.new, got.changed) == ((), ((EpisodeId(1), edited),))


def test_f_09_f_15_what_is_not_listed_stays_and_is_not_new_when_it_returns() -> None:
    a, b, c = given("a"), given("b"), given("c")
    library = known(a, b, c)
    for listed in ([], [c], [c, b, a], [a, b, c]):
        got = decide(FEED, library, document(*listed, complete=False))
        assert (got.new, got.changed) == ((), ())


def test_f_11_a_changed_guid_with_the_same_audio_and_title_is_the_same_episode() -> None:
    a = given("a", audio="https://e.org/1.mp3?t=1")
    renamed = replace(a, guid="other", enclosure=Enclosure("https://e.org/1.mp3?t=2", "audio/mpeg"))
    got = decide(FEED, known(a), document(renamed))
    assert (got.new, got.changed) == ((), ((EpisodeId(1), renamed),))


def test_f_11_a_changed_guid_with_the_same_title_and_date_is_the_same_episode() -> None:
    a = given("a", day=5)
    renamed = replace(a, guid="other", enclosure=Enclosure("https://cdn.e.org/9f3.mp3", "audio/mpeg"))
    assert decide(FEED, known(a), document(renamed)).changed == ((EpisodeId(1), renamed),)
    assert decide(FEED, known(a), document(replace(renamed, published_ms=6 * DAY_MS))).new


def test_f_11_a_known_episode_that_is_still_listed_is_not_claimed_by_another() -> None:
    a = given("a", audio="https://e.org/1.mp3")
    twin = replace(a, guid="twin")
    got = decide(FEED, known(a), document(twin, a))
    assert (got.new, got.changed) == ((twin,), ())


def test_f_11_two_new_items_cannot_both_be_one_old_episode() -> None:
    a = given("a", audio="https://e.org/1.mp3", day=5)
    twins = replace(a, guid="x"), replace(a, guid="y")
    got = decide(FEED, known(a), document(*twins))
    assert (got.new, got.changed) == ((twins[1],), ((EpisodeId(1), twins[0]),))


def test_f_12_a_token_that_rotates_changes_the_address_and_nothing_else() -> None:
    a = given("a", audio="https://e.org/1.mp3?token=1")
    later = given("a", audio="https://e.org/1.mp3?token=2")
    got = decide(FEED, known(a), document(later))
    assert (got.new, got.changed) == ((), ((EpisodeId(1), later),))


def test_f_13_a_date_in_the_future_counts_as_first_seen() -> None:
    coming = given("a", day=30_000)
    (taken,) = decide(FEED, {}, document(coming), now_ms=NOW_MS).new
    assert taken.published_ms == NOW_MS
    assert decide(FEED, known(taken), document(coming), now_ms=NOW_MS + DAY_MS).changed == ()
    past = given("b", day=5)
    assert decide(FEED, {}, document(past), now_ms=NOW_MS).new == (past,)


def test_a_stored_episode_has_everything_that_is_compared() -> None:
    assert {each.name for each in fields(ParsedEpisode)} <= {each.name for each in fields(Episode)}
