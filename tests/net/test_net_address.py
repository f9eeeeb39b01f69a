"""Which addresses are asked."""

import pytest

from earmark.net import Refused, is_public, leads_inside
from earmark.net.address import checked, credentials, next_hop, origin_of


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::c0a8:101", "2002:7f00:1::", "192.0.2.1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("https://example.org/a b/é.mp3?x=ü#part", "https://example.org/a%20b/%C3%A9.mp3?x=%C3%BC"),
        ("https://example.org/100%.mp3?a=%20", "https://example.org/100%25.mp3?a=%20"),
        ("https://ann:secret@example.org:8443/feed", "https://example.org:8443/feed"),
        ("https://пример.example/эпизод.mp3",
         "https://xn--e1afmkfd.example/%D1%8D%D0%BF%D0%B8%D0%B7%D0%BE%D0%B4.mp3"),
        ("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("http://my_host.example/x", "http://my_host.example/x"),
    ],
)  # fmt: skip
def test_an_address_is_sent_in_plain_form(url: str, sent: str) -> None:
    assert checked(url) == sent
    assert checked(sent) == sent


@pytest.mark.parametrize(
    "url",
    [
        "", "feed", "//example.org/x", "ftp://example.org/x", "file:///etc/passwd", "javascript:alert(1)",
        "data:text/xml,x", "gopher://example.org", "https://", "https:///x", "http://[::1/x", "http://a b/x",
        "http://example.org:99999/", "http://example.org:0/", "http://ex\x00ample.org/", "https://e.org/\ud800",
        "http://" + "a" * 70 + ".org/", "https://example.org/" + "x" * 9000, "http://a:b@c:x/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_in_plain_words(url: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(url)
    str(refused.value).encode()


def test_n_08_every_spelling_of_an_inside_address_leads_inside() -> None:
    for host in (
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "017700000001",
        "[::1]",
        "[::ffff:7f00:1]",
        "localhost",
    ):
        assert leads_inside(f"http://{host}/"), host
    assert not leads_inside("not an address")


def test_host_and_port_are_the_origin() -> None:
    assert origin_of("HTTPS://Example.org/x") == ("example.org", 443)
    assert origin_of("http://example.org/x") == ("example.org", 80)
    assert origin_of("http://[::1]:81/") == ("::1", 81)


def test_only_an_address_with_a_name_in_it_has_credentials() -> None:
    assert credentials("https://example.org/") is None
    assert credentials("https://a%40b:p%3Aw@example.org/") == "Basic YUBiOnA6dw=="


def test_n_11_a_redirect_leads_to_web_addresses_only_and_never_out_of_https() -> None:
    here = "https://example.org/a/b"
    assert next_hop(here, "../c") == "https://example.org/c"
    assert next_hop(here, "//cdn.example/x") == "https://cdn.example/x"
    assert next_hop(here, "/\xc3\xa9") == "https://example.org/%C3%A9"
    assert next_hop("http://example.org", "https://example.org/x") == "https://example.org/x"
    for location in (
        "file:///etc/passwd",
        "ftp://x/y",
        "gopher://x",
        "data:,x",
        "http://example.org/",
        "http://[",
    ):
        with pytest.raises(Refused):
            next_hop(here, location)
