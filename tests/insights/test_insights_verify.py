"""What is shown was said, as strongly as it was said."""

import pytest

from earmark.insights.spans import trimmed
from earmark.insights.verify import form_problems, loop_problems, meaning_problems, quote_problems

SAID = (
    "In the Norrvik cohort about 400 students learned a list of words. Those who had slept did not forget "
    "twenty-three percent of them, and the all-nighter may be a bad trade."
)
GOOD = (
    "Students of the Norrvik cohort who had slept did not forget 23 percent of the words on a list. An "
    "all-nighter may be a bad trade for about 400 students who learn."
)


def test_a_faithful_card_has_no_problems() -> None:
    assert meaning_problems("Sleep may protect new words", GOOD, SAID, 0.8) == []
    assert form_problems("Sleep may protect new words", GOOD) == []


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
    assert meaning_problems("Sleep may protect new words", changed, SAID, 0.8)


def test_a_text_that_strays_from_its_span_is_noticed() -> None:
    assert meaning_problems("Sleep may protect new words", GOOD, SAID, 0.2)


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
