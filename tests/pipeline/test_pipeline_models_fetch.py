"""Models come from the hub whole, proven and resumed, or not at all."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_hub import REVISION, Hub, hub_with
from random_speech_model import SIZES, write_random_model

from earmark.engines import sample_speech_model
from earmark.engines.catalogue import ModelRow
from earmark.errors import Cancelled, KnownError
from earmark.net import Door
from earmark.paths import Paths
from earmark.pipeline.models import Paused, fetch_model, hub_address, pause, read_register, remove
from earmark.pipeline.models.fetch import Meter, part_file, pause_marker
from earmark.pipeline.watch import Watch
from earmark.records import Progress
from earmark.settings import Settings

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
FILE = "ggml-toy.bin"
NEXT = "Try again later, name a mirror as hub .*earmark models list --all.*earmark models add FILE"
CHILD = """
import sys, resource
from datetime import UTC, datetime
from pathlib import Path
from earmark.engines.catalogue import ModelRow
from earmark.errors import KnownError
from earmark.net import Door
from earmark.pipeline.models import Paused, fetch_model
from earmark.pipeline.watch import Watch
folder, hub, size, sha256, limit = sys.argv[1:]
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
row = ModelRow("toy", "speech", "ggml-toy.bin", "MIT", "a test", ("en",), int(size), sha256, "a/b", "0" * 40)
try:
    door = Door(user_agent="t", log=lambda *line: None)
    fetch_model(door, Path(folder), row, hub, Watch(), lambda: datetime(2026, 11, 23, tzinfo=UTC))
except Paused:
    print("paused")
except KnownError as error:
    print(error)
"""


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A whole speech model file of the smallest size."""
    folder = tmp_path_factory.mktemp("toy")
    target = folder / FILE
    write_random_model(SIZES["toy"], "q8_0", sample_speech_model(Paths(folder / "profile")), target)
    return target.read_bytes()


@pytest.fixture
def hub(toy: bytes) -> Iterator[Hub]:
    with hub_with(toy) as running:
        yield running


@pytest.fixture
def row(toy: bytes) -> ModelRow:
    """The toy in the catalogue."""
    sha256 = hashlib.sha256(toy).hexdigest()
    return ModelRow("toy", "speech", FILE, "MIT", "a test", ("en",), len(toy), sha256, "a/b", REVISION)


@pytest.fixture
def fetch(hub: Hub, tmp_path: Path, row: ModelRow) -> Callable[..., Path]:
    """Fetch the toy, or another row, into the test's folder."""

    def fetched(other: ModelRow = row, watch: Watch | None = None) -> Path:
        door = Door(user_agent="t", log=lambda *_line: None)
        return fetch_model(door, tmp_path, other, hub.address, watch or Watch(), lambda: NOW)

    return fetched


def child(folder: Path, hub: Hub, row: ModelRow, limit: int = 0) -> subprocess.Popen[str]:
    """Another process that downloads the toy."""
    argv = [
        sys.executable,
        "-c",
        CHILD,
        str(folder),
        hub.address,
        str(row.bytes),
        str(row.sha256),
        str(limit),
    ]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


def test_a_model_arrives_through_the_storage_of_the_hub_and_is_asked_for_once(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, row: ModelRow, toy: bytes
) -> None:
    file = fetch()
    assert file == tmp_path / FILE
    assert file.read_bytes() == toy
    assert hub.asked[0][0] == f"/a/b/resolve/{REVISION}/{FILE}"
    entry = read_register(tmp_path).files[FILE]
    assert (entry.row, entry.sha256, entry.bytes, entry.task) == ("toy", row.sha256, row.bytes, "speech")
    asked = len(hub.asked)
    assert fetch() == file
    assert len(hub.asked) == asked
    assert not part_file(file).exists()


def test_m_04_a_download_killed_at_99_percent_goes_on_there(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, row: ModelRow, toy: bytes
) -> None:
    hub.ways = ["stalls at 99%", "honest"]
    running = child(tmp_path, hub, row)
    assert hub.stalled.wait(60)
    wanted = len(toy) * 99 // 100 - 200_000
    while not part_file(tmp_path / FILE).exists() or part_file(tmp_path / FILE).stat().st_size < wanted:
        assert running.poll() is None
    running.send_signal(signal.SIGKILL)
    running.communicate()
    kept = part_file(tmp_path / FILE).stat().st_size
    assert not (tmp_path / FILE).exists()
    assert fetch().read_bytes() == toy
    assert hub.files_asked()[1]["range"] == f"bytes={kept}-"
    assert hub.sent[-1] == len(toy) - kept < len(toy) * 0.07


def test_a_storage_without_validators_is_gone_on_with_since_the_hash_decides(
    fetch: Callable[..., Path], hub: Hub, toy: bytes
) -> None:
    hub.etag, hub.ways = None, ["breaks off", "honest"]
    with pytest.raises(KnownError, match="broke off"):
        fetch()
    assert fetch().read_bytes() == toy
    assert "if-range" not in hub.files_asked()[1]
    assert hub.sent[-1] < len(toy) * 0.6


@pytest.mark.parametrize("way", ["other", "lies"])
def test_m_04_a_file_that_changes_in_between_is_never_joined(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, toy: bytes, way: str
) -> None:
    hub.ways = ["breaks off", way, "honest"]
    with pytest.raises(KnownError, match="broke off"):
        fetch()
    with pytest.raises(KnownError, match="is not the published file"):
        fetch()
    assert list(tmp_path.glob(FILE + "*")) == [tmp_path / (FILE + ".lock")]
    assert fetch().read_bytes() == toy


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("other", "is not the published file ggml-toy.bin: its hash is another one"),
        ("flipped", "is not the published file ggml-toy.bin: its hash is another one"),
        ("short", "is not the published file"),
        ("breaks off", "broke off, .* are kept; it goes on with: earmark models download toy"),
        ("page", "A web page came instead of the file"),
        ("403", f"does not let Earmark in .*{NEXT}"),
        ("404", f"There is nothing at this address .*{NEXT}"),
        ("500", rf"has trouble of its own \(answer 500\)\. {NEXT}"),
        ("503", f"asks to be left in peace .*{NEXT}"),
        ("off-list", f"sends on to storage.elsewhere.example, which is none of its own places.*{NEXT}"),
    ],
)
def test_m_01_m_02_m_03_what_is_not_the_published_file_never_gets_its_name(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, toy: bytes, way: str, told: str
) -> None:
    hub.ways = [way]
    with pytest.raises(KnownError, match=told):
        fetch()
    assert not (tmp_path / FILE).exists()
    assert read_register(tmp_path).files == {}
    hub.ways = ["honest"]
    assert fetch().read_bytes() == toy


@pytest.mark.parametrize("said", [True, False])
def test_a_body_that_is_too_long_is_not_the_file_that_was_published(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, row: ModelRow, toy: bytes, said: bool
) -> None:
    hub.body = toy + b"more"
    if not said:
        hub.ways = ["no length"]
    with pytest.raises(KnownError, match=f"longer there, so it is not the file that was published.*{NEXT}"):
        fetch()
    assert not (tmp_path / FILE).exists()


def test_the_right_bytes_of_something_that_is_no_model_are_refused(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, row: ModelRow
) -> None:
    hub.body = b"just a text " * 9000
    other = replace(row, bytes=len(hub.body), sha256=hashlib.sha256(hub.body).hexdigest())
    with pytest.raises(KnownError, match=r"The file ggml-toy\.bin is not a whole speech model"):
        fetch(other)
    assert not list(tmp_path.glob(FILE)) + list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    "changes",
    [
        {"file": "../ggml-toy.bin"},
        {"file": "a/b.bin"},
        {"file": "..bin"},
        {"file": "ggml-toy.bin\n"},
        {"file": "model.exe"},
        {"repository": "../../a"},
        {"repository": "a/b/c"},
        {"repository": "a/.."},
        {"sha256": "a" * 63},
        {"sha256": "a" * 65},
        {"sha256": "A" * 64},
        {"sha256": "../" + "a" * 61},
    ],
)
def test_m_07_names_and_hashes_that_are_none_are_refused_before_anything_is_asked(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, row: ModelRow, changes: dict[str, str]
) -> None:
    with pytest.raises(KnownError, match=r"no name of a model|hash that is noted"):
        fetch(replace(row, **changes))  # type: ignore[arg-type]
    assert hub.asked == []
    assert list(tmp_path.iterdir()) == []


def test_a_hash_that_the_catalogue_does_not_know_is_taken_from_the_hub_once_and_pinned(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, row: ModelRow, toy: bytes
) -> None:
    unknown = replace(row, bytes=None, sha256=None, revision=None)
    hub.says(FILE, str(row.sha256), len(toy))
    file = fetch(unknown)
    assert [path.partition("?")[0] for path, _ in hub.asked][:2] == [
        "/api/models/a/b/revision/main",
        f"/a/b/resolve/{REVISION}/{FILE}",
    ]
    stored = json.loads((tmp_path / "models.json").read_text())
    assert stored["pins"]["toy"]["sha256"] == row.sha256
    assert stored["pins"]["toy"]["revision"] == REVISION
    file.unlink()
    hub.ways = ["other"]
    hub.says(FILE, hashlib.sha256(bytes(reversed(toy))).hexdigest(), len(toy))
    with pytest.raises(KnownError, match="is not the published file"):
        fetch(unknown)
    assert sum(path.startswith("/api/") for path, _ in hub.asked) == 1


def test_a_hub_that_lied_once_does_not_block_the_model(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, row: ModelRow, toy: bytes
) -> None:
    unknown = replace(row, bytes=None, sha256=None, revision=None)
    hub.says(FILE, "a" * 64, len(toy))
    with pytest.raises(KnownError, match=r"contradicts itself: .*another mirror.*earmark models add FILE"):
        fetch(unknown)
    assert read_register(tmp_path).pins == {}
    hub.says(FILE, str(row.sha256), len(toy))
    assert fetch(unknown).read_bytes() == toy
    assert read_register(tmp_path).pins["toy"].sha256 == row.sha256


def test_removing_a_model_forgets_what_the_hub_said_of_it(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, row: ModelRow, toy: bytes
) -> None:
    hub.says(FILE, str(row.sha256), len(toy))
    file = fetch(replace(row, bytes=None, sha256=None, revision=None))
    assert list(read_register(tmp_path).pins) == ["toy"]
    remove(tmp_path, Settings(), file)
    assert read_register(tmp_path).pins == {}


def test_a_hash_is_not_taken_from_a_hub_that_anybody_on_the_way_can_change(
    tmp_path: Path, row: ModelRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door(user_agent="t", log=lambda *_line: None)
    monkeypatch.setattr(door, "leads_inside", lambda _url: False)
    with pytest.raises(KnownError, match="is not protected on the way"):
        fetch_model(door, tmp_path, replace(row, sha256=None), "http://hub.example", Watch(), lambda: NOW)


@pytest.mark.parametrize("sha256", ["a" * 63, "a" * 65, "../" + "a" * 61, ""])
def test_m_07_a_list_of_the_hub_that_makes_no_sense_is_not_believed(
    fetch: Callable[..., Path], hub: Hub, row: ModelRow, tmp_path: Path, sha256: str
) -> None:
    hub.says(FILE, sha256, 1000)
    with pytest.raises(KnownError, match=r"does not say what ggml-toy\.bin is"):
        fetch(replace(row, sha256=None))
    for body in (b"", b"[]", b"<html>", b'{"siblings": []}', b'{"siblings": [{"rfilename": 3}]}'):
        hub.list_ = body
        with pytest.raises(KnownError, match="does not say what"):
            fetch(replace(row, bytes=None))
    assert read_register(tmp_path).pins == {}


def test_a_full_disk_is_said_and_what_is_here_is_kept_for_the_next_time(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, row: ModelRow, toy: bytes
) -> None:
    if os.name != "posix":
        pytest.skip("needs a limit on the size of files")
    running = child(tmp_path, hub, row, limit=len(toy) // 2)
    told, _ = running.communicate(timeout=60)
    assert "could not be written" in told
    assert "disk full" in told
    assert 0 < part_file(tmp_path / FILE).stat().st_size <= len(toy) // 2
    assert fetch().read_bytes() == toy
    assert "range" in hub.files_asked()[1]


def test_too_little_room_is_said_before_anything_is_asked(
    fetch: Callable[..., Path], hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 500 * 10**6}))
    with pytest.raises(KnownError, match=r"toy needs 50\d MB on the disk .* 500 MB is free"):
        fetch()
    assert hub.asked == []


def test_pause_stops_the_download_of_another_process_and_keeps_its_part(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, row: ModelRow, toy: bytes
) -> None:
    assert pause(tmp_path, row) is None
    hub.ways = ["stalls at 99%", "honest"]
    running = child(tmp_path, hub, row)
    assert hub.stalled.wait(60)
    with pytest.raises(KnownError, match="is being downloaded already"):
        fetch()
    kept = pause(tmp_path, row)
    assert running.communicate(timeout=60)[0].strip() == "paused"
    assert kept == part_file(tmp_path / FILE).stat().st_size > 0
    assert fetch().read_bytes() == toy
    assert hub.files_asked()[1]["range"] == f"bytes={kept}-"


def test_what_a_killed_pause_left_does_not_hold_a_download_up(
    fetch: Callable[..., Path], tmp_path: Path, row: ModelRow, toy: bytes
) -> None:
    marker = pause_marker(tmp_path / FILE)
    marker.touch()
    assert fetch().read_bytes() == toy
    assert not marker.exists()
    marker.touch()
    assert pause(tmp_path, row) is None
    assert not marker.exists()


def test_a_wish_to_stop_is_no_pause(fetch: Callable[..., Path], hub: Hub) -> None:
    with pytest.raises(Cancelled) as caught:
        fetch(watch=Watch(cancelled=lambda: True))
    assert not isinstance(caught.value, Paused)


def test_a_published_file_that_lies_there_already_is_not_fetched_again(
    fetch: Callable[..., Path], hub: Hub, tmp_path: Path, toy: bytes
) -> None:
    (tmp_path / FILE).write_bytes(toy)
    assert fetch() == tmp_path / FILE
    assert hub.asked == []
    assert read_register(tmp_path).files[FILE].row == "toy"


def test_the_mirror_is_the_one_of_the_settings_then_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert hub_address(Settings()) == "https://huggingface.co"
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/")
    assert hub_address(Settings()) == "https://mirror.example"
    assert hub_address(Settings(hub="http://192.168.1.9:8080")) == "http://192.168.1.9:8080"
    with pytest.raises(KnownError, match="address of the model hub"):
        hub_address(Settings(hub="ftp://mirror.example"))


def test_progress_tells_how_much_how_fast_and_how_long_it_still_takes() -> None:
    told: list[Progress] = []
    clock = [0.0]
    meter = Meter("toy", Watch(told.append), monotonic=lambda: clock[0])
    for received in (0, 5_000_000, 6_000_000, 20_000_000):
        meter.told(received, 100_000_000)
        clock[0] += 1.0 if received != 5_000_000 else 0.1
    assert [progress.detail for progress in told] == [
        "0 MB of 100 MB",
        "5 MB of 100 MB, 5 MB a second",
        "20 MB of 100 MB, 9 MB a second",
    ]
    assert told[-1].left_s == pytest.approx(80 / (20 / 2.1), rel=0.01)
