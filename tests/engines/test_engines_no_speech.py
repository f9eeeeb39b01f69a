"""Nothing is heard where nobody speaks, even by a model that babbles at every window it is given."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from random_speech_model import SIZES, english_script, write_random_model
from test_engines_gate import decoded
from unspoken import KINDS, unspoken

from earmark.engines import Heard, Speech, sample_speech_model, starter_detector
from earmark.paths import Paths, resource

MINUTE_S = 60


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    return Paths(tmp_path_factory.mktemp("profile"))


@pytest.fixture(scope="module")
def babbler(profile: Paths) -> Path:
    """Says the same ninety-six words of every half minute."""
    sample, model = sample_speech_model(profile), profile.models / "babbler.bin"
    write_random_model(SIZES["toy.en"], "q8_0", sample, model, script=english_script(sample))
    return model


@pytest.fixture(scope="module", params=["Silero's detector", "the gate"])
def speech(profile: Paths, request: pytest.FixtureRequest) -> Iterator[Speech]:
    with Speech(detector=starter_detector(profile) if "Silero" in request.param else None) as face:
        yield face


def said(speech: Speech, pcm: Path, model: Path) -> list[str]:
    """All that is heard, in segments."""
    windows: list[Heard] = []
    speech.transcribe(pcm, model=model, on_window=windows.append)
    assert windows[-1].next_ms == windows[-1].total_ms
    return [segment.text for window in windows for segment in window.segments]


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_is_heard_in_a_minute_of_nothing(
    speech: Speech, babbler: Path, tmp_path: Path, kind: str
) -> None:
    unspoken(kind, MINUTE_S).tofile(tmp_path / "a.pcm")
    assert said(speech, tmp_path / "a.pcm", babbler) == []


def test_the_same_model_babbles_where_somebody_speaks(speech: Speech, babbler: Path, tmp_path: Path) -> None:
    talk = decoded(min(resource("demo").glob("*.opus")))[: MINUTE_S * 16_000]
    talk.tofile(tmp_path / "a.pcm")
    assert len(said(speech, tmp_path / "a.pcm", babbler)) >= 8
