"""settings.toml: read, changed, and never taken from the user."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.settings import Settings, change_settings, load_settings, save_settings, settings_file

CHOSEN = Settings(
    speech_model=Path("/models/ggml-base.en.bin"),
    hub="https://mirror.example",
    mode="quiet",
    pause_on_battery=True,
    glossary=("Anthropic", 'a "quoted" word'),
)


def write(paths: Paths, text: str) -> None:
    settings_file(paths).write_text(text, encoding="utf-8")


def test_a_new_profile_has_the_defaults_and_no_file(paths: Paths) -> None:
    assert load_settings(paths) == Settings()
    assert not settings_file(paths).exists()


def test_what_was_chosen_is_read_back(paths: Paths) -> None:
    save_settings(paths, CHOSEN)
    assert load_settings(paths) == CHOSEN


def test_what_went_back_to_its_default_is_taken_out_of_the_file(paths: Paths) -> None:
    save_settings(paths, CHOSEN)
    save_settings(paths, Settings())
    assert load_settings(paths) == Settings()
    assert "mode" not in settings_file(paths).read_text("utf-8")


def test_interests_that_once_stood_here_are_no_mistake_and_stay(paths: Paths) -> None:
    write(paths, 'interests = ["sleep"]\nmode = "fast"\n')
    save_settings(paths, replace(load_settings(paths), offline=True))
    assert load_settings(paths) == Settings(mode="fast", offline=True)
    assert 'interests = ["sleep"]' in settings_file(paths).read_text("utf-8")


def test_the_users_comments_and_names_that_we_do_not_know_stay(paths: Paths) -> None:
    write(paths, '# mine\nmode = "fast" # for the holidays\nfrom_the_future = 3\n')
    save_settings(paths, replace(load_settings(paths), offline=True))
    text = settings_file(paths).read_text("utf-8")
    assert "# mine" in text
    assert "# for the holidays" in text
    assert "from_the_future = 3" in text
    assert load_settings(paths) == Settings(mode="fast", offline=True)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("speech_model = 3", "speech_model must be the path of a file"),
        ('mode = "loud"', 'mode must be one of "quiet", "balanced", "fast"'),
        ("offline = 1", "offline must be true or false"),
        ('offline = ""', "offline must be true or false"),
        ("glossary = [1]", "glossary must be a list"),
        ("hub = []", "hub must be a text"),
        ("hub = ", "cannot be read"),
    ],
)
def test_a_mistake_in_the_file_is_named_and_the_file_is_left_alone(
    paths: Paths, text: str, part: str
) -> None:
    write(paths, text)
    with pytest.raises(KnownError, match=part):
        load_settings(paths)
    assert settings_file(paths).read_text("utf-8") == text


def test_a_file_that_cannot_be_read_is_not_written_over(paths: Paths) -> None:
    write(paths, "hub = ")
    with pytest.raises(KnownError):
        save_settings(paths, Settings(offline=True))
    assert settings_file(paths).read_text("utf-8") == "hub = "


def test_an_empty_text_means_nothing_was_chosen(paths: Paths) -> None:
    write(paths, 'speech_model = ""\nhub = ""\n')
    assert load_settings(paths) == Settings()


@pytest.mark.parametrize("written", ['"06:30"', "06:30:00", '"06:30:00"'])
def test_the_time_of_the_brief_may_be_written_in_several_ways(paths: Paths, written: str) -> None:
    write(paths, f"brief_time = {written}\n")
    assert load_settings(paths).brief_time == "06:30"
    assert load_settings(paths).brief_at == time(6, 30)


@pytest.mark.parametrize("written", ["7", '"7 am"', '"25:00"', '"07:00+02:00"', "true"])
def test_what_is_no_time_of_day_is_refused(paths: Paths, written: str) -> None:
    write(paths, f"brief_time = {written}\n")
    with pytest.raises(KnownError, match="brief_time must be a time of day"):
        load_settings(paths)


def test_what_many_choose_at_once_is_all_kept(paths: Paths) -> None:
    words = [f"word {number}" for number in range(40)]

    def add(word: str) -> None:
        change_settings(paths, lambda now: replace(now, glossary=(*now.glossary, word)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, words))
    assert sorted(load_settings(paths).glossary) == sorted(words)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_settings_that_are_a_link_are_written_where_it_leads(paths: Paths, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("# mine\n", encoding="utf-8")
    settings_file(paths).symlink_to(mine)
    change_settings(paths, lambda now: replace(now, mode="quiet"))
    assert settings_file(paths).is_symlink()
    assert mine.read_text("utf-8") == '# mine\nmode = "quiet"\n'


@pytest.mark.parametrize("value", ["-1", "true", "2.5", '"14"', "36501"])
def test_a_number_of_days_is_a_whole_one_within_reason(paths: Paths, value: str) -> None:
    write(paths, "keep_audio_days = 0\n")
    assert load_settings(paths).keep_audio_days == 0
    write(paths, f"keep_audio_days = {value}\n")
    with pytest.raises(KnownError, match="keep_audio_days must be a whole number from 0 to 36500"):
        load_settings(paths)
