"""When a window is heard again, with a model that says what a test wants."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
from listening import hearing, sound

from earmark.engines import asr_loop
from earmark.engines.hearing import Hearing
from earmark.engines.whisper import Recognizer
from earmark.engines.windows import Kept, Window
from earmark.errors import Cancelled
from earmark.records import Segment

WINDOW = Window(((0, 30_000),), last=False)
TALK = Segment(0, 9_000, "We measured thirty houses over two winters and wrote down every night.")
THANKS = Segment(0, 29_000, "thank you " * 200)


class ScriptedModel:
    """Gives the segments for a temperature; notes what it was asked."""

    def __init__(self, said: Callable[[float], list[Segment]]) -> None:
        self._said = said
        self.temperatures: list[float] = []

    def hear(self, samples: np.ndarray[Any, Any], *, temperature: float, **_how: object) -> list[Segment]:
        """As Recognizer.hear."""
        assert samples.size == 30 * 16_000
        self.temperatures.append(temperature)
        return self._said(temperature)


def heard(model: ScriptedModel, ears: Hearing, *, cancelled: bool = False) -> Kept:
    """What a window of talk gives."""
    return asr_loop._heard(
        cast(Recognizer, model), sound(60), ears, WINDOW, "en", "", cancelled=lambda: cancelled
    )


def test_a_window_that_makes_sense_is_heard_once() -> None:
    model = ScriptedModel(lambda _temperature: [TALK])
    assert heard(model, hearing(60)) == Kept((TALK,), 9_000)
    assert model.temperatures == [0.0]


@pytest.mark.parametrize(("good_at", "asked"), [(0.4, [0.0, 0.4]), (0.8, [0.0, 0.4, 0.8])])
def test_a_loop_is_heard_again_at_higher_temperatures(good_at: float, asked: list[float]) -> None:
    model = ScriptedModel(lambda temperature: [TALK] if temperature >= good_at else [THANKS])
    assert heard(model, hearing(60)).segments == (TALK,)
    assert model.temperatures == asked


def test_a_loop_that_stays_is_cut() -> None:
    model = ScriptedModel(lambda _temperature: [THANKS])
    [left] = heard(model, hearing(60)).segments
    assert left.text == "thank you"
    assert model.temperatures == [0.0, 0.4, 0.8]
    same = ScriptedModel(
        lambda _temperature: [Segment(n * 100, n * 100 + 100, "Thank you.") for n in range(200)]
    )
    assert len(heard(same, hearing(60)).segments) == 3


def test_no_words_where_somebody_spoke_for_seconds_are_doubted() -> None:
    model = ScriptedModel(lambda temperature: [TALK] if temperature else [])
    assert heard(model, hearing(60)).segments == (TALK,)
    short = ScriptedModel(lambda _temperature: [])
    assert heard(short, hearing(60, (1_000, 60_000))) == Kept((), 30_000)
    assert short.temperatures == [0.0]


def test_a_window_in_which_nobody_speaks_is_not_sent_to_the_model() -> None:
    model = ScriptedModel(lambda _temperature: [TALK])
    assert heard(model, hearing(60, (0, 60_000))) == Kept((), 30_000)
    assert model.temperatures == []


def test_a_wish_to_stop_keeps_nothing_of_a_window_that_was_not_finished() -> None:
    with pytest.raises(Cancelled):
        heard(ScriptedModel(lambda _temperature: [TALK]), hearing(60), cancelled=True)
