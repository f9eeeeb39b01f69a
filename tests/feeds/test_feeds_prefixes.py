"""The recording's own address behind those who count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.feeds import counter, direct

OWN = "https://traffic.example.fm/a/b.mp3?updated=1"


@pytest.mark.parametrize(
    "prefix",
    [
        "dts.podtrac.com/redirect.mp3/",
        "www.podtrac.com/pts/redirect.mp3/",
        "play.podtrac.com/npr-500005/",
        "chrt.fm/track/138C95/",
        "chtbl.com/track/524GE/",
        "media.blubrry.com/nosillacast/",
        "media.blubrry.com/show/p/",
        "growx.podkite.com/https/PKospnniic/",
        "op3.dev/e/",
        "op3.dev/e,pg=1-2/",
        "pscrb.fm/rss/p/",
        "mgln.ai/e/p155759/",
        "tracking.swap.fm/track/zA4xtlPBvf2K1K9zesjz/",
        "pdst.fm/e/https://",
        "DTS.PODTRAC.COM/redirect.mp3/",
        "2.gum.fm/op3.dev/e/pdcn.co/e/pscrb.fm/rss/p/pdst.fm/e/dts.podtrac.com/redirect.mp3/",
        "mgln.ai/e/1/op3.dev/e/pfx.vpixl.com/2jSe3/pdrl.fm/b85a46/chrt.fm/track/1/https://arttrk.com/p/ADCT2/",
    ],
)
def test_what_only_counts_is_left_out(prefix: str) -> None:
    address = "https://" + prefix + OWN.removeprefix("https://")
    assert direct(address) == OWN
    assert counter(address)
    assert counter(OWN) is None


@pytest.mark.parametrize(
    "address",
    [
        OWN,
        "https://cdn.example.org/dts.podtrac.com/redirect.mp3/a.example/b.mp3",
        "https://dts.podtrac.com/redirect.mp3/",
        "https://dts.podtrac.com/redirect.mp3/episode.mp3",
        "https://dts.podtrac.com.evil.example/redirect.mp3/a.example/b.mp3",
        "https://a@dts.podtrac.com/redirect.mp3/a.example/b.mp3",
        "ftp://dts.podtrac.com/redirect.mp3/a.example/b.mp3",
        "https://op3.dev/e",
        "https://op3.dev/about/a.example/b.mp3",
        "https://pdst.fm/e/" + "a/" * 5000 + "b.mp3",
        "",
        "nonsense",
    ],
)
def test_what_is_not_in_front_of_an_address_stays_as_it_is(address: str) -> None:
    assert direct(address) == address


def test_a_protected_address_stays_protected() -> None:
    assert direct("https://chtbl.com/track/1/http://a.example/b.mp3") == "https://a.example/b.mp3"
    assert direct("http://chtbl.com/track/1/https://a.example/b.mp3") == "https://a.example/b.mp3"


def test_a_mischief_of_a_thousand_services_ends() -> None:
    address = "https://" + "pdst.fm/e/" * 1000 + "a.example/b.mp3"
    assert direct(address).startswith("https://pdst.fm/e/")


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_none_leads_to_another_kind_of_address(text: str) -> None:
    for address in (text, "https://pdst.fm/e/" + text, "https://op3.dev/e" + text):
        found = direct(address)
        assert found == address or found.startswith("https://")
