"""What is heard is what was asked for, in every kind of recording: a sweep tells where it is by its pitch."""

from pathlib import Path

import pytest
from playback import error_ms
from PySide6.QtWidgets import QApplication
from sweep import FORMS, sweep, write

from earmark.ui.player import Player

SECONDS, NEAR_ENOUGH_MS = 90.0, 300
pytestmark = pytest.mark.no_qt_log


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sweep in every form."""
    made = tmp_path_factory.mktemp("sweeps")
    sound = sweep(SECONDS)
    for name in FORMS:
        write(made / name, sound)
    return made


@pytest.mark.parametrize("name", FORMS)
def test_sound_begins_within_a_third_of_a_second_of_its_place(
    name: str, folder: Path, qapp: QApplication
) -> None:
    pytest.importorskip("PySide6.QtMultimedia", reason="libpulse is missing", exc_type=ImportError)
    player = Player()
    errors = [error_ms(player, folder / name, at, SECONDS)[0] for at in (12_000, 47_000, 76_000)]
    assert max(map(abs, errors)) < NEAR_ENOUGH_MS, errors
