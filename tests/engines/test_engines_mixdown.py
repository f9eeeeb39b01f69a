"""Two channels become one without a word lost."""

import numpy as np
import pytest

from earmark.engines.mixdown import Mixdown

VOICE = (0.3 * np.sin(np.arange(8000) / 20)).astype(np.float32)
OTHER = (0.3 * np.sin(np.arange(8000) / 33)).astype(np.float32)


def level(pcm: np.ndarray) -> float:
    return float(np.sqrt((pcm.astype(np.float64) ** 2).mean())) / 32768


def test_the_middle_is_the_rule() -> None:
    both = Mixdown().mix(np.stack([VOICE, OTHER]))
    assert np.abs(both - 32767 * (VOICE + OTHER) / 2).max() <= 1


@pytest.mark.parametrize("right", [-VOICE, -0.9 * VOICE])
def test_antiphase_does_not_cancel_the_voice(right: np.ndarray) -> None:
    mixdown = Mixdown()
    for _ in range(3):
        assert level(mixdown.mix(np.stack([VOICE, right]))) > 0.9 * level(32767 * VOICE)


def test_a_voice_on_one_side_is_heard() -> None:
    assert level(Mixdown().mix(np.stack([VOICE, 0 * VOICE]))) > 0.4 * level(32767 * VOICE)


def test_mono_passes_and_impossible_samples_are_tamed() -> None:
    wild = np.array([[np.nan, np.inf, -np.inf, 3.0, -3.0, 0.0]], dtype=np.float32)
    assert Mixdown().mix(wild).tolist() == [0, 32767, -32767, 32767, -32768, 0]
