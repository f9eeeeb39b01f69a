"""How a show and an episode describe themselves on a terminal."""

from earmark.cli.facts_text import episode_lines, facts_dict, numbered, show_lines
from earmark.records import EpisodeFacts, Funding, ShowFacts, Soundbite


def test_of_what_is_not_said_nothing_is_printed() -> None:
    assert (show_lines(ShowFacts(medium="podcast", explicit=False)), episode_lines(EpisodeFacts())) == (
        [],
        [],
    )
    assert numbered(EpisodeFacts(season=1)) == "S1"


def test_a_show_tells_its_description_and_where_to_support_it() -> None:
    giving = Funding("https://e.org/give", "Give"), Funding("https://e.org/too")
    facts = ShowFacts("Talk", "Ann", medium="audiobook", serial=True, explicit=True, funding=giving)
    assert show_lines(facts) == [
        "Talk",
        "By: Ann",
        "Medium: audiobook",
        "Order: meant to be heard from the first episode on",
        "Explicit: yes",
        "Support: https://e.org/give (Give)",
        "Support: https://e.org/too",
    ]


def test_an_episode_tells_the_moments_that_its_publisher_picked() -> None:
    facts = EpisodeFacts(season=2, number=5, soundbites=(Soundbite(73_000, 60_000, "Why bread"),))
    assert episode_lines(facts) == ["S2 E5", "The publisher's own pick: 01:13 to 02:13, Why bread"]
    assert facts_dict(facts)["soundbites"] == (
        {"start_ms": 73_000, "duration_ms": 60_000, "title": "Why bread"},
    )
