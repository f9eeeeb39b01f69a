"""The shape of the house, held by tests: which way imports point, and how long things may be."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "desktop" / "earmark"
LAYERS = [
    {
        "records",
        "errors",
        "paths",
        "settings",
        "taste",
        "clock",
        "counting",
        "facade",
        "log",
        "look",
        "passwords",
        "secret_parts",
        "found",
        "hiding",
        "kept",
        "tags",
        "umask",
        "vault",
        "autostart",
    },
    {"library", "net", "feeds", "engines", "insights", "export"},
    {"pipeline"},
    {"jobs"},
    {"ui"},
    {"app", "window", "cli", "demo", "selftest", "selftest_window", "__main__"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
MAX_FILE_LINES = 400
MAX_MAIN_WINDOW_LINES = 200
MAX_FUNCTION_LINES = 50
FILES = sorted(PACKAGE.rglob("*.py"))
ROOT = Path(__file__).parents[1]
TOP = {"desktop", "models", "resources", "tests", "pyproject.toml", "build.spec", "README.md", "LICENSE"}
BUILT = {"build", "dist", "uv.lock"}


def unit(path: Path) -> str:
    """The top-level name in the house that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> list[str]:
    """Every module that a file imports, at the top or inside a function, by full name."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append("relative")
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down_and_qt_stays_above(path: Path) -> None:
    me = unit(path)
    if me == "__init__":
        return
    for name in imported(path):
        assert name != "relative", f"{path} uses a relative import"
        if name.startswith("PySide6") and me != "__main__":
            assert RANK[me] >= RANK["jobs"], f"{me} imports Qt"
        if name.startswith("earmark."):
            other = name.split(".")[1]
            if other in RANK and other != me and me not in LAYERS[-1]:
                same_base = RANK[me] == RANK[other] == 0
                assert RANK[other] < RANK[me] or same_base, f"{me} -> {other}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    limit = MAX_MAIN_WINDOW_LINES if path.name == "main_window.py" else MAX_FILE_LINES
    assert len(text.splitlines()) <= limit, f"{path.name} is too long"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION_LINES, f"{path.name}: {node.name} has {length} lines"


def test_only_the_door_speaks_to_the_network() -> None:
    network = (
        "httpx",
        "httpcore",
        "urllib.request",
        "http.client",
        "requests",
        "aiohttp",
        "socket",
        "smtplib",
    )
    for path in FILES:
        if unit(path) in {"net", "demo"}:
            continue
        used = [name for name in imported(path) if name.startswith(network)]
        assert not used, f"{path.name} imports {used}"


def test_every_public_thing_says_what_it_is() -> None:
    silent = []
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree):
            silent.append(str(path))
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                silent.append(f"{path.name}:{node.name}")
    assert not silent


def test_the_top_folder_holds_what_the_house_names_and_nothing_else() -> None:
    found = {path.name for path in ROOT.iterdir() if path.name[0] != "." and path.suffix != ".egg-info"}
    assert found - BUILT == TOP
