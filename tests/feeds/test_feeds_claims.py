"""What podcasts' own namespaces say of a show and of its episodes."""

import pytest

from earmark.feeds import parse
from earmark.records import Enclosure, EpisodeFacts, Funding, ParsedEpisode, ParsedFeed, ShowFacts, Soundbite

SPACES = (
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)


def show(channel: str, items: str = "", after: str = "") -> ParsedFeed:
    body = f"<rss {SPACES}><channel><title>A show</title>{channel}{items}</channel>{after}</rss>"
    return parse(body.encode(), url="https://example.org/show/feed.xml")


def one(item: str) -> ParsedEpisode:
    (episode,) = show("", f"<item><title>t</title><guid>1</guid>{item}</item>").episodes
    return episode


def test_an_episode_has_a_season_a_number_and_a_kind() -> None:
    got = one(
        '<podcast:season name="The sea">3</podcast:season><podcast:episode>204.5</podcast:episode>'
        "<itunes:season>9</itunes:season><itunes:episodeType>Bonus</itunes:episodeType>"
        "<itunes:explicit>true</itunes:explicit>"
    )
    assert got.facts == EpisodeFacts(
        season=3, season_name="The sea", number=204.5, kind="bonus", explicit=True
    )
    assert one("<itunes:season>2</itunes:season><itunes:episode>7</itunes:episode>").facts.number == 7


@pytest.mark.parametrize("text", ["", "-1", "soon", "1e9", "9" * 40, "NaN"])
def test_a_number_that_is_none_is_not_known(text: str) -> None:
    got = one(f"<itunes:season>{text}</itunes:season><itunes:episode>{text}</itunes:episode>")
    assert (got.facts.season, got.facts.number) in ((None, None), (1, 1.0)), text
    assert got.facts.kind == "full"


@pytest.mark.parametrize(
    ("text", "explicit"),
    [("yes", True), ("explicit", True), ("True", True), ("no", False), ("clean", False), ("false", False),
     ("", None), ("perhaps", None)],
)  # fmt: skip
def test_explicit_is_said_in_many_words(text: str, explicit: bool | None) -> None:
    assert one(f"<itunes:explicit>{text}</itunes:explicit>").facts.explicit is explicit


def test_moments_that_are_offered_as_a_taste_are_kept_and_senseless_ones_are_not() -> None:
    bites = (
        '<podcast:soundbite startTime="73.0" duration="60.0"/>'
        '<podcast:soundbite startTime="1234.5" duration="42.25">Why the <b>Bible</b></podcast:soundbite>'
        '<podcast:soundbite startTime="-1" duration="5"/><podcast:soundbite startTime="x" duration="5"/>'
        '<podcast:soundbite startTime="5"/><podcast:soundbite startTime="5" duration="nan"/>'
        '<podcast:soundbite startTime="5" duration="99999"/>'
    )
    assert one(bites).facts.soundbites == (
        Soundbite(73_000, 60_000),
        Soundbite(1_234_500, 42_250, "Why the Bible"),
    )


def test_the_same_episode_may_lie_in_other_files() -> None:
    other = (
        '<podcast:alternateEnclosure type="audio/opus" length="5400" title="Small">'
        '<podcast:source uri="ipfs://x"/><podcast:source uri="/small.opus"/></podcast:alternateEnclosure>'
        '<podcast:alternateEnclosure type="video/mp4"><podcast:source uri="ftp://x/y"/>'
        "</podcast:alternateEnclosure>"
    )
    small = Enclosure("https://example.org/small.opus", "audio/opus", 5400)
    usual = '<enclosure url="https://e.org/a.mp3" type="audio/mpeg"/>'
    assert one(other + usual).facts.alternates == (small,)
    assert one(other + usual).enclosure == Enclosure("https://e.org/a.mp3", "audio/mpeg")
    assert one(other).enclosure == small, (
        "an episode that is offered in this way alone can be heard all the same"
    )


def test_a_show_says_what_it_is_and_who_may_support_it() -> None:
    got = show(
        "<description>Talk</description><podcast:guid>917393e3</podcast:guid>"
        '<podcast:locked owner="a@b.example">yes</podcast:locked><podcast:medium>audiobook</podcast:medium>'
        '<podcast:funding url="https://example.org/give">Support <b>us</b></podcast:funding>'
        '<podcast:funding url="javascript:alert(1)">No</podcast:funding>'
        "<itunes:author>Ann</itunes:author><itunes:type>serial</itunes:type>"
        '<itunes:explicit>clean</itunes:explicit><itunes:image href="cover.jpg"/>',
        after='<podcast:funding url="https://example.org/too"/>',
    )
    assert got.facts == ShowFacts(
        description="Talk",
        author="Ann",
        image_url="https://example.org/show/cover.jpg",
        guid="917393e3",
        medium="audiobook",
        explicit=False,
        serial=True,
        locked=True,
        funding=(Funding("https://example.org/give", "Support us"), Funding("https://example.org/too")),
    )


def test_a_picture_is_found_in_every_form() -> None:
    for tag in (
        '<itunes:image href=" /p.jpg "/>',
        "<itunes:image>\n/p.jpg</itunes:image>",
        "<image><url>/p.jpg</url></image>",
    ):
        assert show(tag).facts.image_url == "https://example.org/p.jpg", tag
    assert one('<media:thumbnail url="/p.jpg"/>').facts.image_url == "https://example.org/p.jpg"
    assert one('<itunes:image href="data:image/png;base64,AA"/>').facts.image_url is None


def test_what_is_on_the_air_now_is_neither_the_show_nor_an_episode() -> None:
    live = (
        "<podcast:liveItem><title>Live now</title><guid>live</guid><description>Live words</description>"
        "<podcast:person>Zoe</podcast:person><podcast:transcript url='/l.vtt' type='text/vtt'/>"
        '<enclosure url="https://e.org/live.mp3" type="audio/mpeg"/></podcast:liveItem>'
    )
    item = "<item><title>One</title><guid>1</guid></item>"
    for got in (show("<description>Talk</description>" + live, item), show("", item + live)):
        assert (got.title, [episode.title for episode in got.episodes]) == ("A show", ["One"])
        assert (got.episodes[0].people, got.episodes[0].transcripts) == ((), ())
    assert show("<description>Talk</description>" + live, item).facts.description == "Talk"


def test_who_only_drew_the_cover_does_not_speak() -> None:
    got = one(
        '<podcast:person>Ann</podcast:person><podcast:person group="Cast" role="guest">Bo</podcast:person>'
        '<podcast:person group="visuals" role="cover art designer">Cy</podcast:person>'
    )
    assert got.people == ("Ann", "Bo")


def test_what_stands_behind_the_items_is_the_show_s() -> None:
    got = show("", "<item><title>One</title><guid>1</guid></item><podcast:person>Ann</podcast:person>")
    assert got.episodes[0].people == ("Ann",)
    two = show("", '<item><guid>1</guid></item><itunes:image href="/show.jpg"/><item><guid>2</guid></item>')
    assert [episode.facts.image_url for episode in two.episodes] == [None, None]
    assert two.facts.image_url == "https://example.org/show.jpg"
