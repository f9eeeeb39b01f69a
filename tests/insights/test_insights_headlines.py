"""Headlines made of the speaker's own words."""

import pytest

from earmark.insights.headlines import headline_options, shortened
from earmark.insights.words import folded


def options(text: str) -> list[str]:
    return [option.text for option in headline_options(text)]


def test_a_clause_of_the_span_becomes_the_headline() -> None:
    text = "Free fares brought 21 percent more riders, but most of them had walked or cycled before."
    assert options(text)[0] == "Free fares brought 21 percent more riders"


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("I do not believe that small teams ship faster code.", "Small teams ship faster code"),
        ("It is a myth that reading lists builds a lasting memory.", "Reading lists builds a lasting memory"),
        ("People say that heat pumps must run all night long.", "Heat pumps must run all night long"),
        (
            "Sleep helps the memory of students only if alcohol stays away.",
            "Sleep helps the memory of students",
        ),
        ("If remote teams never meet, new ideas stop coming.", "Remote teams never meet"),
    ],
)
def test_no_headline_turns_a_sentence_into_its_opposite(text: str, opposite: str) -> None:
    assert opposite not in options(text)


def test_headlines_are_contiguous_words_of_four_to_nine() -> None:
    text = (
        "Each stop costs a bus about 25 seconds, so a line with 30 stops fewer needs one bus less for "
        "the same service. That saved us 1.9 million euros a year, more than the whole advertising budget."
    )
    found = options(text)
    assert found
    for headline in found:
        assert 4 <= len(headline.split()) <= 9
        assert folded(headline) in folded(text)
        assert headline[0].isupper()


def test_questions_and_fragments_give_none() -> None:
    assert options("Who pays for all of these meetings in the end?") == []
    assert options("Which is why they did it. And that was it.") == []


def test_a_text_without_a_clause_is_headed_by_its_opening_words_and_says_so() -> None:
    assert shortened("In the Norrvik cohort 412 students learned a list of word pairs.").endswith(" …")


def test_a_whole_clause_of_eleven_words_goes_before_a_part_of_it() -> None:
    text = "I think it's better to limit software efforts by time than by scope. It goes on forever."
    assert headline_options(text)[0].text.endswith("limit software efforts by time than by scope")


def test_a_number_with_a_comma_may_stand_in_a_headline() -> None:
    text = "People are generating this data for less than $1,000."
    assert headline_options(text)[0].text == "People are generating this data for less than $1,000"


def test_that_something_exists_is_no_claim() -> None:
    text = "There's a benchmark for llamas, and small models beat the large ones last year."
    assert "benchmark" not in headline_options(text)[0].text


def test_a_clause_ends_where_and_begins_another() -> None:
    text = "The boss comes in and talks about technical debt and everyone rolls their eyes at it."
    assert headline_options(text)[0].text == "The boss comes in and talks about technical debt"
    assert not any(
        option.text == "The boss" for option in headline_options("The boss and people like him leave.")
    )
