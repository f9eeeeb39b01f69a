"""What is shown was said, as strongly as it was said."""

import pytest

from earmark.insights.amounts import amount_problems
from earmark.insights.spans import trimmed
from earmark.insights.strength import hedge_problems, negation_problems
from earmark.insights.verify import (
    Report,
    check_written,
    copy_problems,
    form_problems,
    loop_problems,
    number_problems,
    quote_problems,
)

SAID = (
    "In the Norrvik cohort about 400 students learned a list of words. Those who had slept did not forget "
    "twenty-three percent of them, and the all-nighter may be a bad trade."
)
GOOD = (
    "Students of the Norrvik cohort who had slept did not forget 23 percent of the words on a list. An "
    "all-nighter may be a bad trade for about 400 students who learn."
)


def checked(text: str, closeness: float = 0.8) -> Report:
    return check_written("Sleep may protect new words", text, SAID, SAID, closeness, 0.45)


def test_a_faithful_card_has_no_problems_and_names_what_was_checked() -> None:
    report = checked(GOOD)
    assert report.problems == []
    assert report.passed == (
        *(
            "quote",
            "loops",
            "form",
            "numbers",
            "amounts",
            "names",
            "negation",
            "hedges",
            "strength",
            "praise",
        ),
        *("meaning", "copy"),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("23", "32"),
        ("Norrvik", "Norwich"),
        ("did not forget", "forgot"),
        ("may be a bad trade for about", "is a bad trade for"),
        ("may be a bad trade", "is always a bad trade, which may matter"),
    ],
)
def test_a_changed_number_name_negation_or_strength_is_noticed(old: str, new: str) -> None:
    changed = GOOD.replace(old, new)
    assert changed != GOOD
    assert checked(changed).problems


@pytest.mark.parametrize("written", ["4%", "4 percent", "four percent", "Four percent"])
@pytest.mark.parametrize("said", ["4%", "4 percent", "four percent"])
def test_a_number_is_the_same_however_it_is_written(written: str, said: str) -> None:
    assert number_problems(f"Firms lose {written} of them", f"They lose {said} a month") == []
    assert number_problems(f"Firms lose {written} of them", "They lose five percent a month")


@pytest.mark.parametrize(
    ("said", "text", "kept"),
    [
        (
            "Reinforcement learning does not invent new behaviours.",
            "Learning does not invent behaviours.",
            True,
        ),
        ("Reinforcement learning does not invent new behaviours.", "Learning invents new behaviours.", False),
        ("Managers should keep writing code.", "Managers should not keep writing code.", False),
        ("Nobody reads long reports.", "No manager reads long reports.", True),
        ("They grew without hiring any more people.", "They grew by hiring more people.", False),
        ("He can't sleep. The reports are long.", "The reports are long.", True),
    ],
)
def test_a_not_neither_appears_nor_vanishes(said: str, text: str, *, kept: bool) -> None:
    assert (negation_problems(text, said) == []) is kept


@pytest.mark.parametrize(
    ("said", "text", "kept"),
    [
        ("About 40 percent of languages will vanish.", "About 40 percent of languages vanish.", True),
        ("About 40 percent of languages will vanish.", "40 percent of languages vanish.", False),
        ("I think remote teams meet too often.", "Remote teams meet too often.", False),
        ("I think remote teams meet too often.", "Remote teams probably meet too often.", True),
        ("Remote teams meet too often.", "Remote teams meet too often.", True),
    ],
)
def test_a_hedge_is_kept(said: str, text: str, *, kept: bool) -> None:
    assert (hedge_problems(text, said) == []) is kept


def test_a_text_that_strays_from_its_span_is_noticed() -> None:
    assert checked(GOOD, 0.2).problems


def test_twelve_words_in_a_row_need_quotation_marks() -> None:
    taken = "Those who had slept did not forget twenty-three percent of them, and"
    assert copy_problems(f"Sleep helps. {taken} so on.", SAID)
    assert copy_problems(f"Sleep helps. “{taken}” so on.", SAID) == []
    assert copy_problems("Those who had slept did not forget twenty-three percent.", SAID) == []


def test_a_quotation_must_stand_there_word_for_word() -> None:
    assert quote_problems("“those who had SLEPT”", SAID) == []
    assert quote_problems("those who slept", SAID)
    assert quote_problems("hose who had slept", SAID)
    assert quote_problems("", SAID)


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Sleep may protect new words", "Too short."),
        ("Sleep may protect new words", "It did. " + GOOD),
        ("Sleep may protect new words", GOOD.replace("Students", "The speaker says students")),
        ("Sleep: a thing", GOOD),
        ("Sleep", GOOD),
        ("Sleep may protect new words", "One thing. Two things. Three things. " + GOOD),
    ],
)
def test_form_is_checked(headline: str, text: str) -> None:
    assert form_problems(headline, text)


def test_loops_are_noticed_and_rhetoric_is_not() -> None:
    assert loop_problems("I think that we should go and " * 5)
    assert not loop_problems("We tried it once, we tried it twice, and then we stopped trying it for good.")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("So, you know, and churn kills growth.", "churn kills growth."),
        ("Yeah. So the first year was fine.", "the first year was fine."),
        ("So far nobody has tried.", "So far nobody has tried."),
        ("Because of the heat it broke.", "Because of the heat it broke."),
        ("[01:24:03.09] I mean, data is cheap.", "data is cheap."),
        ("Right now nobody knows.", "Right now nobody knows."),
        ("No team ships alone.", "No team ships alone."),
        ("Nowadays people wait.", "Nowadays people wait."),
    ],
)
def test_only_fillers_are_cut_from_the_start(said: str, shown: str) -> None:
    assert trimmed(said) == shown


RISE = (
    "When we stopped giving estimates the number of calls fell by a fifth, but the share of calls that "
    "became jobs rose from 35 to 70 percent in 3 years. It cost $400 a month."
)


@pytest.mark.parametrize(
    "claim",
    [
        "The share of calls that became jobs rose from 35 to 70 percent, and calls fell by a fifth.",
        "The share of calls that became jobs doubled, from 35% to 70%.",
        "In 3 years the share went up from 35 percent to 70 percent, for $400 a month.",
        "Calls dropped by 20 percent.",
        "It cost 400 dollars a month.",
    ],
)
def test_amounts_may_be_said_in_other_words(claim: str) -> None:
    assert amount_problems(claim, RISE) == []


@pytest.mark.parametrize(
    "claim",
    [
        "The share of calls that became jobs rose from 70 to 35 percent.",
        "The share of calls that became jobs fell from 35 to 70 percent.",
        "The share of calls that became jobs rose to 70 percentage points.",
        "The share of calls that became jobs rose to 70 euros.",
        "Calls fell by a third.",
        "Calls were halved in 3 months.",
        "The share of calls that became jobs tripled.",
        "Calls rose by a fifth.",
        "It cost 400 euros a month.",
        "It took 3 weeks.",
    ],
)
def test_a_true_number_may_not_be_told_with_another_unit_order_or_direction(claim: str) -> None:
    assert amount_problems(claim, RISE)
