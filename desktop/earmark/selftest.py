"""Small real jobs with every part, so that a fresh installation or a frozen build can say what works."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from earmark.app import open_engines
from earmark.engines import LABELS, Places, Tried, given_up, sample_speech_model, starter_models
from earmark.engines.effort import cores_here, effort_of
from earmark.errors import KnownError
from earmark.paths import Paths, resource, self_argv
from earmark.pipeline.files import transcribe_file
from earmark.pipeline.patience import pause_lines
from earmark.pipeline.servers import where_it_goes
from earmark.pipeline.surroundings import look_around
from earmark.pipeline.tools import Watch
from earmark.settings import load_settings
from earmark.window import has_screen

CHILD_S = 120
LOW_DISK_BYTES = 2 * 10**9


@dataclass(frozen=True, slots=True)
class Check:
    """One part and whether it works; `needed` parts make the whole run fail."""

    name: str
    ok: bool
    detail: str
    needed: bool = True


def selftest_checks(paths: Paths, only: str | None) -> list[Check]:
    """Run every check, or the one called `only`; the window and playback in a process of their own.

    A Qt that cannot find its platform plugin ends its whole process, so it must not be this one.
    """
    names = {**INSIDE, **dict.fromkeys(APART)}
    if only is not None and only not in names:
        raise KnownError(f"There is no check “{only}”. There are: {', '.join(names)}.")
    if only in APART:
        return [_guarded(only, APART[only])]
    chosen = [only] if only else list(INSIDE)
    checks = [_guarded(name, partial(INSIDE[name], paths)) for name in chosen]
    return checks if only else checks + [_in_its_own_process(name) for name in APART]


def examine(paths: Paths) -> list[Check]:
    """What `doctor` tells: the self-test, and the facts of this machine that matter."""
    sending = _guarded("sending", lambda: where_it_goes(load_settings(paths)))
    guest = [_guarded("effort", lambda: _effort(paths)), _graphics(paths), _guarded("children", _children)]
    return [_system(), _disk(paths), _screen(), sending, *guest, *selftest_checks(paths, None)]


def _guarded(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check(), needed=name != "playback")
    except (KnownError, OSError, ImportError, RuntimeError, AssertionError, ValueError) as error:
        return Check(name, False, f"{error}" or type(error).__name__, needed=name != "playback")


def _in_its_own_process(name: str) -> Check:
    argv = self_argv("selftest", "--only", name, "--json")
    try:
        done = subprocess.run(
            argv, capture_output=True, encoding="utf-8", errors="replace", timeout=CHILD_S, check=False
        )
    except subprocess.TimeoutExpired:
        return Check(name, False, f"No answer within {CHILD_S} seconds.", needed=name != "playback")
    try:
        answer = json.loads(done.stdout)[name]
        return Check(name, answer["ok"], answer["detail"], needed=name != "playback")
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        return Check(name, False, last[:300], needed=name != "playback")


def _library(paths: Paths) -> str:
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder) / "check.db")
        try:
            db.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
            db.execute("INSERT INTO words VALUES ('an earmark is a folded corner')")
            found = db.execute("SELECT count(*) FROM words WHERE words MATCH 'folded'").fetchone()[0]
        finally:
            db.close()
    assert found == 1, "full-text search found nothing"
    return f"SQLite {sqlite3.sqlite_version} with full-text search"


def _media(paths: Paths) -> str:
    with open_engines(paths) as engines, tempfile.TemporaryDirectory(dir=paths.scratch) as folder:
        decoded = engines.media.decode(_sample_audio(), Path(folder) / "a.pcm", cancelled=lambda: False)
    return f"decoded {decoded.duration_ms / 1000:.0f} s of audio"


def _speech(paths: Paths) -> str:
    with open_engines(paths) as engines:
        segments = transcribe_file(
            engines, _sample_audio(), sample_speech_model(paths), paths.scratch, None, Watch()
        )
    words = " ".join(segment.text for segment in segments).split()
    assert len(words) > 50, "the speech engine heard almost nothing"
    return f"heard {len(words)} words, beginning “{' '.join(words[:6])}”"


def _embedding(paths: Paths) -> str:
    with open_engines(paths) as engines:
        cat, kitten, tax = engines.language.embed(["a cat", "a kitten", "the tax law of 1923"])
    assert cat @ kitten > cat @ tax, "near meanings are not near"
    return f"nearness of “cat” to “kitten” {cat @ kitten:.2f}, to “tax law” {cat @ tax:.2f}"


def _language(paths: Paths) -> str:
    with open_engines(paths) as engines:
        likely, unlikely = engines.language.choose("The capital of France is", [" Paris", " soup"])
    assert likely > unlikely, "the language model prefers nonsense"
    return f"{starter_models(paths).llm.name} answers"


def _window() -> str:
    from earmark.selftest_window import show_a_window

    return show_a_window()


def _playback() -> str:
    from earmark.selftest_window import load_audio

    return load_audio(_sample_audio())


def _children() -> str:
    """What each child has given up on this system; see `engines.confine`."""
    held = {LABELS[name]: given_up(name) for name in LABELS}
    return "; ".join(f"{label}: {', '.join(words) or 'no limits here'}" for label, words in held.items())


INSIDE: dict[str, Callable[[Paths], str]] = {
    "fts5": _library,
    "media": _media,
    "speech": _speech,
    "embedding": _embedding,
    "language": _language,
}
APART: dict[str, Callable[[], str]] = {"window": _window, "playback": _playback}


def _sample_audio() -> Path:
    return next(path for path in sorted(resource("demo").glob("kitchen-table-*.opus")))


def _system() -> Check:
    version = ".".join(str(n) for n in sys.version_info[:3])
    detail = f"Python {version}, {sys.platform}, SQLite {sqlite3.sqlite_version}"
    return Check("system", True, detail, needed=False)


def _disk(paths: Paths) -> Check:
    paths.create()
    free = shutil.disk_usage(paths.data).free
    return Check("disk", free > LOW_DISK_BYTES, f"{free / 1e9:.0f} GB free at {paths.data}", needed=False)


def _effort(paths: Paths) -> str:
    settings, cores = load_settings(paths), cores_here()
    effort = effort_of(settings.mode, cores)
    own = f"mode {settings.mode}: {effort.threads} of {cores} cores, niceness {effort.niceness}"
    return " ".join([f"{own}.", *pause_lines(settings, look_around())])


def _graphics(paths: Paths) -> Check:
    tried = Places(paths.data).all()
    if not tried:
        return Check("graphics", True, "no graphics processor was used so far", needed=False)
    said = [_graphics_text(each) for each in tried]
    again = "" if all(each.works for each in tried) else " Try again with: earmark mode --try-graphics-again"
    return Check("graphics", not again, "; ".join(said) + again, needed=False)


def _graphics_text(tried: Tried) -> str:
    name = tried.model.partition(",")[0]
    if tried.works:
        return f"{name} works on {tried.device}"
    return f"{name} is done on the processor, since {tried.device} failed on {tried.date} ({tried.why})"


def _screen() -> Check:
    if has_screen():
        return Check("screen", True, "there is one", needed=False)
    return Check("screen", False, "there is none here; every verb works without it", needed=False)
