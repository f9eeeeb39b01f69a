"""Models that are here: taken in, proven before each use, removed, and what is done when one is gone."""

import hashlib
import json
import os
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from random_speech_model import SIZES, write_random_model
from test_pipeline import Bench, audio_show, opened

from earmark.engines import sample_speech_model, starter_detector
from earmark.engines.catalogue import catalogue, model_row
from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.pipeline import Watch, add_feed, process
from earmark.pipeline.models import (
    Advice,
    Memory,
    ModelGone,
    add_file,
    clean,
    detector_here,
    leftovers,
    proven,
    read_register,
    recommend,
    remove,
    shelf,
    take_in,
    verify,
)
from earmark.settings import Mode, Settings, located, save_settings

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
GB = 10**9


def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A whole speech model file of the smallest size."""
    folder = tmp_path_factory.mktemp("toy")
    write_random_model(
        SIZES["toy"], "q8_0", sample_speech_model(Paths(folder / "profile")), folder / "toy.bin"
    )
    return (folder / "toy.bin").read_bytes()


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """An empty models folder."""
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def mine(tmp_path: Path, toy: bytes) -> Path:
    """A model file of the user's, elsewhere."""
    file = tmp_path / "downloads" / "ggml-mine.bin"
    file.parent.mkdir()
    file.write_bytes(toy)
    return file


def flip(file: Path, at: int = 5000) -> None:
    """Damage one byte."""
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


def test_a_file_is_taken_in_as_a_copy_that_stays_when_the_original_goes(models: Path, mine: Path) -> None:
    each = add_file(models, mine, now, Watch())
    assert (each.file, each.task, each.linked, each.state) == (
        models / "ggml-mine.bin",
        "speech",
        False,
        "ready",
    )
    mine.unlink()
    assert proven(models, each.file, "speech", now) == each.file
    assert not list(models.glob("*.part"))


def test_a_file_is_linked_to_where_it_lies_and_never_deleted(models: Path, mine: Path) -> None:
    each = add_file(models, mine, now, Watch(), link=True)
    assert (each.file, each.linked) == (mine, True)
    assert [path.name for path in models.glob("*.bin")] == []
    assert remove(models, Settings(), mine) == 0
    assert mine.exists()
    assert shelf(models, Settings()) == []


def test_m_08_a_link_whose_file_is_gone_or_another_is_noticed_before_use(
    models: Path, mine: Path, toy: bytes
) -> None:
    add_file(models, mine, now, Watch(), link=True)
    mine.unlink()
    assert [each.state for each in shelf(models, Settings())] == ["missing"]
    with pytest.raises(ModelGone, match="is no longer there"):
        proven(models, mine, "speech", now)
    mine.write_bytes(toy)
    assert [each.state for each in shelf(models, Settings())] == ["changed"]
    proven(models, mine, "speech", now)
    assert [each.state for each in shelf(models, Settings())] == ["ready"]
    flip(mine)
    with pytest.raises(ModelGone, match=r"damaged or was replaced.*earmark models add"):
        proven(models, mine, "speech", now)
    add_file(models, mine, now, Watch(), link=True)
    proven(models, mine, "speech", now)


def test_what_is_no_model_or_has_a_name_that_is_none_is_not_taken_in(models: Path, mine: Path) -> None:
    page = mine.with_name("page.bin")
    page.write_bytes(b"<html>")
    with pytest.raises(KnownError, match="not a whole speech model"):
        add_file(models, page, now, Watch())
    odd = mine.with_name("my model.bin")
    odd.write_bytes(mine.read_bytes())
    with pytest.raises(KnownError, match="is no name for a model"):
        add_file(models, odd, now, Watch())
    assert list(models.glob("*.bin")) + list(models.glob("*.part")) == []


@pytest.mark.parametrize("name", ["mon modèle 1.bin", "my model", "モデル.bin"])
@pytest.mark.parametrize("added", [True, False])
def test_a_file_whose_name_has_spaces_or_accents_is_remembered_and_refused_once_it_changed(
    models: Path, mine: Path, name: str, added: bool
) -> None:
    file = mine.rename(models / name)
    if added:
        add_file(models, file, now, Watch())
    proven(models, file, "speech", now)
    assert list(read_register(models).files) == [name]
    flip(file)
    with pytest.raises(ModelGone, match="damaged or was replaced"):
        proven(models, file, "speech", now)


@pytest.mark.parametrize("link", [True, False])
def test_the_way_to_take_a_changed_model_in_again_can_be_typed_as_it_is_told(
    models: Path, mine: Path, link: bool
) -> None:
    file = mine.rename((mine.parent if link else models) / "my model.bin")
    add_file(models, file, now, Watch(), link=link)
    flip(file)
    with pytest.raises(ModelGone) as caught:
        proven(models, file, "speech", now)
    typed = shlex.split(str(caught.value).partition("Take it anew with: ")[2])
    assert typed == ["earmark", "models", "add", *(["--link"] if link else []), str(file)]
    add_file(models, file, now, Watch(), link=link)
    assert proven(models, file, "speech", now) == file


def test_a_copy_of_the_sample_model_is_no_model_of_the_hub(models: Path, tmp_path: Path) -> None:
    sample = sample_speech_model(Paths(tmp_path / "profile"))
    assert add_file(models, sample.rename(tmp_path / "ggml-copy.bin"), now, Watch()).id is None


@pytest.mark.skipif(os.name != "posix", reason="such names are none there")
@pytest.mark.parametrize("name", ["a\nb.bin", "a\\b.bin", "a\udcffb.bin"])
def test_a_name_that_cannot_be_kept_is_refused_when_it_is_taken_in(
    models: Path, mine: Path, name: str
) -> None:
    file = mine.rename(models / name)
    with pytest.raises(KnownError, match=r"cannot be kept.*Rename"):
        add_file(models, file, now, Watch())
    with pytest.raises(ModelGone, match=r"cannot be kept.*Rename"):
        proven(models, file, "speech", now)
    assert read_register(models).files == {}


def test_a_file_with_a_published_name_must_be_the_published_file(models: Path, mine: Path) -> None:
    false = mine.rename(mine.with_name("ggml-base.en-q8_0.bin"))
    with pytest.raises(KnownError, match="has the name of a published model and not its hash"):
        add_file(models, false, now, Watch())
    assert list(models.glob("*.bin")) + list(models.glob("*.part")) == []


def test_a_damaged_file_that_is_added_leaves_the_part_of_a_paused_download_alone(
    models: Path, mine: Path
) -> None:
    part = models / "ggml-base.en-q8_0.bin.part"
    part.write_bytes(b"half of it")
    false = mine.rename(mine.with_name("ggml-base.en-q8_0.bin"))
    with pytest.raises(KnownError, match="has the name of a published model and not its hash"):
        add_file(models, false, now, Watch())
    assert part.read_bytes() == b"half of it"
    assert not list(models.glob("*.copy"))


def test_m_02_a_stranger_under_a_published_name_is_not_used(models: Path, mine: Path) -> None:
    false = mine.rename(models / "ggml-base.en-q8_0.bin")
    with pytest.raises(KnownError, match="has the name of a published model and not its hash"):
        proven(models, false, "speech", now)
    assert read_register(models).files == {}


def test_a_detector_of_one_s_own_is_found_while_it_is_whole(models: Path, tmp_path: Path) -> None:
    assert detector_here(models, now) is None
    made = starter_detector(Paths(tmp_path / "profile"))
    assert made
    each = add_file(models, made.rename(tmp_path / "silero-mine.bin"), now, Watch())
    assert each.task == "vad"
    assert detector_here(models, now) == each.file
    flip(each.file)
    assert detector_here(models, now) is None


def test_m_02_verify_reads_every_model_whole_and_names_the_damaged_one(models: Path, mine: Path) -> None:
    good = add_file(models, mine, now, Watch()).file
    bad = add_file(models, mine.rename(mine.with_name("ggml-bad.bin")), now, Watch()).file
    flip(bad)
    (models / "ggml-tiny-q5_1.bin").write_bytes(b"a stranger")
    told = {each.file: fault for each, fault in verify(models, Settings(), None, Watch())}
    assert told[good] == ""
    assert "damaged or was replaced" in told[bad]
    assert "another one" in told[models / "ggml-tiny-q5_1.bin"]
    only = verify(models, Settings(), good, Watch())
    assert [each.file for each, _ in only] == [good]


def test_a_models_folder_that_cannot_be_used_is_told_when_something_is_removed(
    models: Path, mine: Path
) -> None:
    file = add_file(models, mine, now, Watch()).file
    (models / f"{file.name}.lock").unlink(missing_ok=True)
    (models / f"{file.name}.lock").mkdir()
    with pytest.raises(KnownError, match="The models folder cannot be used"):
        remove(models, Settings(), file)
    assert file.exists()


def test_a_model_in_use_is_removed_only_when_told_and_says_what_it_frees(models: Path, mine: Path) -> None:
    file = add_file(models, mine, now, Watch()).file
    size = file.stat().st_size
    in_use = Settings(speech_model=file)
    with pytest.raises(KnownError, match="is in use"):
        remove(models, in_use, file)
    assert file.exists()
    file.with_name(file.name + ".part").write_bytes(b"x" * 100)
    assert remove(models, in_use, file, though_used=True) == size + 100
    assert not file.exists()
    with pytest.raises(KnownError, match="is no model that was"):
        remove(models, in_use, file)


def test_cleaning_shows_what_is_left_of_downloads_and_unused_models(models: Path, mine: Path) -> None:
    used = add_file(models, mine, now, Watch()).file
    unused = add_file(models, mine.rename(mine.with_name("ggml-other.bin")), now, Watch()).file
    part = models / "ggml-base-q5_1.bin.part"
    part.write_bytes(b"x" * 1000)
    settings = Settings(speech_model=used)
    assert [each.file for each in leftovers(models, settings, unused=False)] == [part]
    found = leftovers(models, settings, unused=True)
    assert {each.file for each in found} == {part, unused}
    assert clean(models, found) == 1000 + len(used.read_bytes())
    assert [each.file for each in shelf(models, settings)] == [used]


BAD_LISTS = [
    "",
    "[]",
    "{",
    "{}",
    "\0",
    '{"files": 3, "pins": {}}',
    '{"files": {"a": {"file": "../x"}}, "pins": {}}',
]


@pytest.mark.parametrize("body", BAD_LISTS)
def test_a_damaged_register_is_said_and_kept_and_no_changed_model_becomes_the_truth(
    models: Path, mine: Path, body: str
) -> None:
    file = add_file(models, mine, now, Watch()).file
    flip(file)
    (models / "models.json").write_text(body)
    with pytest.raises(ModelGone, match=r"models.json, is damaged.*earmark models use FILE"):
        proven(models, file, "speech", now)
    with pytest.raises(KnownError, match="is damaged"):
        add_file(models, mine, now, Watch())
    assert (models / "models.json").read_text() == body
    assert detector_here(models, now) is None


def test_a_register_that_cannot_be_read_is_not_taken_for_an_empty_one(models: Path, mine: Path) -> None:
    (models / "models.json").mkdir()
    with pytest.raises(ModelGone, match="cannot be read"):
        proven(models, mine, "speech", now)


@pytest.mark.parametrize(
    "changes",
    [{"file": "../../etc/passwd.bin"}, {"sha256": "a" * 63}, {"file": 3}, {"file": ""}, {"task": "x"}],
)
def test_an_entry_that_makes_no_sense_is_not_believed_and_not_dropped(
    models: Path, mine: Path, changes: dict[str, object]
) -> None:
    add_file(models, mine, now, Watch())
    stored = json.loads((models / "models.json").read_text())
    entry = {**stored["files"]["ggml-mine.bin"], **changes}
    stored["files"] = {str(entry["file"]): entry}
    (models / "models.json").write_text(json.dumps(stored))
    with pytest.raises(KnownError, match="is damaged"):
        read_register(models)


@pytest.fixture
def listening(tmp_path: Path, mine: Path) -> Iterator[tuple[Bench, Path]]:
    """A profile with one spoken episode queued, and a speech model of the user's."""
    with opened(tmp_path / "profile", speech_model=mine) as made:
        made.tools.paths.create()
        settings = Settings(speech_model=mine)
        tools = replace(made.tools, choices=lambda: settings)
        take_in(tools.paths.models, mine, "speech", "a test", now)
        add_feed(tools, audio_show(made.web))
        yield Bench(tools, made.engines, made.web), mine


def test_m_08_work_waits_while_its_model_is_gone_and_goes_on_when_it_is_back(
    listening: tuple[Bench, Path],
) -> None:
    bench, model = listening
    aside = model.rename(model.with_suffix(".aside"))
    worked = process(bench.tools, Watch())
    assert (worked.done, worked.failed) == (0, ())
    assert "no longer there" in worked.waiting[0][1]
    assert bench.engines.heard == []
    (state, reason), *_ = bench.job_states()
    assert state == "waiting"
    assert reason
    assert "earmark models use FILE" in reason
    aside.rename(model)
    assert process(bench.tools, Watch()).done == 1


def test_m_08_a_model_that_was_replaced_while_work_was_queued_is_not_used(
    listening: tuple[Bench, Path],
) -> None:
    bench, model = listening
    flip(model)
    worked = process(bench.tools, Watch())
    assert "damaged or was replaced" in worked.waiting[0][1]
    assert bench.engines.heard == []


def test_every_row_of_the_catalogue_can_be_fetched_or_comes_with_the_program() -> None:
    rows = catalogue()
    hub = [row for row in rows if row.repository]
    assert len([row for row in hub if row.task == "speech"]) == 18
    assert len([row for row in hub if row.task == "llm"]) == 8
    assert {row.licence for row in hub} <= {"MIT", "Apache-2.0"}
    for row in hub:
        assert row.bytes is None or row.bytes < 6 * GB
        assert row.figures is None or set(row.figures) == {"layers", "kv_width", "width", "vocabulary"}
        assert (row.figures is None) == (row.figures_source is None)
        assert row.figures or row.task in ("embedding", "vad")
    assert len({row.file for row in hub}) == len(hub)


def best(total_gb: int, *languages: str, cores: int = 8, mode: Mode = "balanced") -> dict[str, str]:
    """What is recommended for a computer of that size."""
    memory = Memory(total_gb * GB * 3 // 4, total_gb * GB)
    told = recommend(catalogue(), memory, languages, mode, cores)
    return {each.row.task: each.row.id for each in told if each.best}


def test_the_recommended_models_grow_with_the_computer() -> None:
    assert best(4) == {"speech": "whisper-base-q8_0", "llm": "qwen2.5-1.5b-instruct-q4_k_m"}
    assert best(8) == {"speech": "whisper-small-q8_0", "llm": "qwen3-4b-instruct-2507-q4_k_m"}
    assert best(8, "en")["speech"] == "whisper-small.en-q8_0"
    assert best(8, "en", "de")["speech"] == "whisper-small-q8_0"
    assert best(16)["llm"] == best(32)["llm"] == "qwen3-8b-q4_k_m"
    assert best(1) == {}


def test_a_speech_model_that_would_be_too_slow_here_is_not_recommended() -> None:
    assert best(32, cores=2)["speech"] == "whisper-base-q8_0"
    assert best(32, cores=2, mode="fast")["speech"] == "whisper-small-q8_0"
    assert best(32, cores=8, mode="fast")["speech"].startswith("whisper-large-v3-turbo")
    assert best(32, cores=8, mode="quiet")["speech"] == "whisper-small-q8_0"


def test_where_all_speech_models_are_slow_the_fastest_is_still_recommended() -> None:
    rows = tuple(
        row for row in catalogue() if row.id in ("whisper-small-q8_0", "whisper-large-v3-turbo-q8_0")
    )
    told = recommend(rows, Memory(32 * GB, 32 * GB), (), "quiet", 1)
    assert [each.row.id for each in told if each.best] == ["whisper-small-q8_0"]
    assert all(each.listening is not None and each.listening > 0.5 for each in told)


def test_every_speech_model_of_the_hub_has_a_guess_of_its_speed_and_no_embedding_model_is_usable() -> None:
    told = recommend(catalogue(), Memory(32 * GB, 32 * GB), (), "fast", 8)
    assert all((each.listening is not None) == (each.row.task == "speech") for each in told)
    assert {each.row.task for each in told if not each.usable} == {"embedding"}


def test_m_09_each_model_says_whether_it_fits_now_with_programs_closed_or_never() -> None:
    memory = Memory(2 * GB, 6 * GB)
    fits = {each.row.id: each.fit for each in recommend(catalogue(), memory, ())}
    assert fits["qwen2.5-0.5b-instruct-q4_k_m"] == "fits"
    assert fits["qwen3-4b-instruct-2507-q4_k_m"] == "close"
    assert fits["qwen3-8b-q4_k_m"] == "never"


def test_a_model_of_unknown_size_has_no_advice_and_is_never_the_best() -> None:
    row = replace(model_row("whisper-tiny-q5_1"), bytes=None)
    (told,) = recommend((row,), Memory(8 * GB, 8 * GB), ())
    assert told == Advice(row, None, None, best=False, listening=told.listening)


def test_models_lie_in_the_folder_that_the_user_names(tmp_path: Path, mine: Path) -> None:
    paths = Paths(tmp_path / "profile")
    paths.create()
    save_settings(paths, Settings(models_folder=tmp_path / "disk" / "models"))
    away = located(paths)
    with pytest.raises(KnownError, match="Is its disk plugged in"):
        away.create()
    (tmp_path / "disk").mkdir()
    away.create()
    assert add_file(away.models, mine, now, Watch()).file == tmp_path / "disk" / "models" / "ggml-mine.bin"
    assert sample_speech_model(away).parent == tmp_path / "disk" / "models"
    assert list((tmp_path / "profile" / "models").iterdir()) == []


def test_a_models_folder_without_a_root_lies_in_the_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(tmp_path / "profile")
    paths.create()
    save_settings(paths, Settings(models_folder=Path("large")))
    monkeypatch.chdir(tmp_path)
    assert located(paths).models == tmp_path / "profile" / "large"


def test_a_models_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    paths = Paths(tmp_path / "profile", models_folder=tmp_path / "taken")
    with pytest.raises(KnownError, match=r"taken cannot be used .*models_folder"):
        paths.create()


def test_the_hash_of_a_file_is_the_one_that_is_kept(models: Path, mine: Path, toy: bytes) -> None:
    add_file(models, mine, now, Watch())
    assert read_register(models).files["ggml-mine.bin"].sha256 == hashlib.sha256(toy).hexdigest()
