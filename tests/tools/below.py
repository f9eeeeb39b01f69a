"""The texts that come from below the window: finds them in the sources, as templates with named blanks.

Nothing below the window knows its language: errors, reasons and progress are plain English there, and are
kept so in the library. What is said is found where it is made: what is given to a known error, to `Progress`,
as `why=`, or what stands in a function of `SAYING`; names in it are followed to where they are set. An
f-string becomes a template: f"{host} sent {size / 1e6:.0f} MB" is "{host} sent {size} MB".
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from sources import SOURCES, Kind, Module, nodes

from earmark.ui.below import without_commands

ROOT = Path(__file__).parents[2]
NOT_BELOW = ("ui/", "cli/", "__main__.py", "selftest", "demo.py", "pipeline/score.py")
"""What is no package below the window, or speaks on the command line alone."""
LICENCES = ROOT / "resources" / "licences.toml"
SAYING = {
    "insights/brief.py": ("_graded", "_why"),
    "insights/coverage.py": ("coverage_line", "_source", "_nothing_came", "_broken"),
    "insights/interest.py": ("muted_by",),
    "insights/lessons.py": ("_told",),
    "insights/tongue.py": ("unread_reason",),
    "insights/trial.py": ("_why",),
    "pipeline/liking.py": ("_pulls",),
    "pipeline/models/shelf.py": ("_fault",),
    "pipeline/plan.py": ("_why", "in_order"),
    "pipeline/refreshing.py": ("_told", "finish", "_ask_no_more"),
    "pipeline/servers/meeting.py": ("leads_away",),
    "pipeline/servers/place.py": ("where_it_goes",),
    "settings.py": ("_read",),
    "pipeline/taking.py": ("_free_place", "_told"),
}
"""Functions all of whose texts are shown, by their module."""
CONSTANTS = {
    "engines/client.py": ("LABELS",),
    "engines/sniff.py": ("_OTHER",),
    "pipeline/forecast.py": ("NO_MODEL",),
    "pipeline/lists.py": ("NEAR",),
    "pipeline/patience.py": ("ON_BATTERY", "IN_USE"),
    "pipeline/refreshing.py": (
        "OFFLINE",
        "AWAY",
        "WENT",
        "LATE",
        "PORTAL",
        "UNPROVEN",
        "GONE_FOR_GOOD",
        "GIVEN_UP",
    ),
}
"""And such as are given from hand to hand."""
GIVEN = {"why", "says", "waiting", "doing", "detail"}
"""Names of what is shown wherever it is given."""
PIECES = (
    *("saved {number}", "liked {number}", "read {number}", "hid {number}", "disliked {number}"),
    "{own} has nothing at this address (answer {status}).",
    "{host} could not prove who it is, so nothing was taken from it.",
    "{host} could not prove who it is, so nothing was sent to it.",
    "{name} covers less than half of the episode.",
    "{name} is longer than the episode, so it belongs to another cut.",
    "The times of {name} are wrong: nobody speaks that fast.",
)
"""What is put together from words and counts, glued to what follows, or changed before it is told."""
SYSTEM = (
    "No such file or directory",
    "Permission denied",
    "No space left on device",
    "Read-only file system",
)
"""What the system says, inside of other texts."""
ALSO_ERRORS = ("Late", "_not_made")
"""What makes errors, or parts of them, and has another name."""
COMMANDS = ("{next_step}", "{again}", "{_look}")
"""Blanks that hold what is typed into a terminal, and nothing else."""
NO_TEXTS = ("from", "on", "http:")
MOST_SHAPES = 64

Parts = tuple["str | Hole", ...]


@dataclass(frozen=True)
class Hole:
    """A blank, called by what fills it."""

    name: str


class Texts:
    """Finds the templates of all modules."""

    def __init__(self) -> None:
        paths = sorted(SOURCES.rglob("*.py"))
        self.modules = {path: Module(path) for path in paths}
        self.found: dict[str, str] = {}
        self._seen: set[tuple[str, int]] = set()
        self._errors = self._error_names()

    def find(self) -> dict[str, str]:
        """Every template, with the file where it is made."""
        for module in self._below():
            self._search(module)
        for text in SYSTEM + PIECES:
            self.found.setdefault(text, "errors.py")
        for part in tomllib.loads(LICENCES.read_text(encoding="utf-8"))["part"]:
            self.found.setdefault(part["note"], "pipeline/ships.py")
        return self.found

    def silent(self) -> set[str]:
        """What is given to errors without any word that is seen here: it is made elsewhere, or unknown."""
        found = set()
        for module in self._below():
            for function in nodes(module.tree, ast.FunctionDef):
                for call in nodes(function, ast.Call):
                    shapes = [s for each in call.args for s in self._shapes(module, function, each)]
                    texts = "".join(part for shape in shapes for part in shape if isinstance(part, str))
                    if _name(call.func) in self._errors and not any(map(str.isalpha, texts)):
                        found.add(f"{module.at}: {ast.unparse(call)}")
        return found

    def _below(self) -> list[Module]:
        """The modules of the packages below the window."""
        return [each for each in self.modules.values() if not each.at.startswith(NOT_BELOW)]

    def _error_names(self) -> set[str]:
        names = {"KnownError", *ALSO_ERRORS}
        for _round in range(3):
            for module in self.modules.values():
                for made in nodes(module.tree, ast.ClassDef):
                    if any(_name(base) in names for base in made.bases):
                        names.add(made.name)
        return names

    def _search(self, module: Module) -> None:
        for name in CONSTANTS.get(module.at, ()):
            for text in _texts_in([module.constants[name]]):
                self._take(module, None, text)
        for function, said in self._in_errors(module):
            self._take(module, function, said)
        for function in nodes(module.tree, ast.FunctionDef):
            if function.name in SAYING.get(module.at, ()):
                for text in _texts_in(function.body[1 if ast.get_docstring(function) else 0 :]):
                    self._take(module, function, text)
            for call in nodes(function, ast.Call):
                for said in self._given(call):
                    self._take(module, function, said)

    def _in_errors(self, module: Module) -> Iterator[tuple[ast.FunctionDef, ast.expr]]:
        """What errors of a class of their own say, by themselves."""
        for made in nodes(module.tree, ast.ClassDef):
            if made.name in self._errors:
                for function in nodes(made, ast.FunctionDef):
                    for call in nodes(function, ast.Call):
                        if _name(call.func) == "__init__":
                            yield from ((function, each) for each in call.args)

    def _given(self, call: ast.Call) -> Iterator[ast.expr]:
        name = _name(call.func)
        if name in self._errors:
            yield from call.args
        if name == "Progress":
            yield from (call.args[number] for number in (0, 4) if number < len(call.args))
        if name == "on_warning":
            yield from call.args
        yield from (each.value for each in call.keywords if each.arg in GIVEN)

    def _returned(self, module: Module, function: ast.FunctionDef) -> None:
        for node in ast.walk(function):
            if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
                self._take(module, function, node.value)

    def _take(self, module: Module, function: ast.FunctionDef | None, node: ast.expr) -> None:
        """Note what an expression may say, and what may stand in its blanks."""
        if (module.at, id(node)) in self._seen:
            return
        self._seen.add((module.at, id(node)))
        for parts in self._shapes(module, function, node):
            self._note(module, parts)

    def _note(self, module: Module, parts: Parts) -> None:
        text = "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in parts)
        for blank in COMMANDS:
            text = text.replace(blank, "earmark x")
        text = without_commands(text.strip(" ,;"))
        words = re.search(r"[A-Za-z]{2}", re.sub(r"\{\w+\}", "", text))
        if words and text not in NO_TEXTS and not re.search(r"\bearmark (--)?[a-z]", text):
            self.found.setdefault(text, module.at)

    def _shapes(self, module: Module, function: ast.FunctionDef | None, node: ast.expr) -> list[Parts]:
        """How an expression may read; a blank where that is not known here."""
        shapes = self._shapes
        if isinstance(node, ast.Constant):
            return [(node.value,)] if isinstance(node.value, str) else [(Hole("n"),)]
        if isinstance(node, ast.JoinedStr):
            ways = [self._blank(module, function, value) for value in node.values]
            return [_filled(node, parts) for parts in product(*ways)][:MOST_SHAPES]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            pairs = product(shapes(module, function, node.left), shapes(module, function, node.right))
            return [left + right for left, right in pairs][:MOST_SHAPES]
        if isinstance(node, ast.IfExp):
            return shapes(module, function, node.body) + shapes(module, function, node.orelse)
        if isinstance(node, ast.BoolOp):
            return [shape for value in node.values for shape in shapes(module, function, value)]
        if isinstance(node, ast.Call):
            return self._called(module, function, node)
        if isinstance(node, ast.Name):
            return self._named(module, function, node)
        if isinstance(node, ast.Subscript):
            return self._held(module, function, node.value)
        if isinstance(node, ast.Tuple | ast.List):
            for each in node.elts:
                self._take(module, function, each)
        if isinstance(node, ast.GeneratorExp | ast.ListComp):
            self._take(module, function, node.elt)
        return [(Hole(_called_by(node)),)]

    def _blank(self, module: Module, function: ast.FunctionDef | None, node: ast.expr) -> "list[str | Hole]":
        """A part of an f-string. What may fill it is taken by itself, but for single words."""
        if isinstance(node, ast.Constant):
            return [str(node.value)]
        assert isinstance(node, ast.FormattedValue)
        if node.format_spec is not None and "%B" in ast.unparse(node.format_spec):
            return [Hole("month")]
        words = _words_of(node.value)
        if isinstance(node.value, ast.Name) and function is not None:
            chosen = [_words_of(value) for value in _assigned(function, node.value.id)]
            words = [word for each in chosen for word in each] if all(chosen) else []
        if words:
            return list(words)
        self._take(module, function, node.value)
        return [Hole(_called_by(node.value))]

    def _called(self, module: Module, function: ast.FunctionDef | None, node: ast.Call) -> list[Parts]:
        name = _name(node.func)
        if name == "count_of" and len(node.args) == 2:
            things = self._shapes(module, function, node.args[1])
            return [(Hole("number"), " ", *thing, end) for thing in things for end in ("", "s")]
        if isinstance(node.func, ast.Attribute):
            if name in ("format", "replace", "strip", "rstrip"):
                return self._shapes(module, function, node.func.value)
            if name == "get":
                for default in node.args[1:]:
                    self._take(module, function, default)
                return self._held(module, function, node.func.value)
            if name == "join":
                self._take(module, function, node.args[0])
                return [(Hole("list"),)]
        for argument in node.args if name in ("str", "partial", "filter", "sorted") else ():
            self._take(module, function, argument)
        where, called = self._meaning(module, name, lambda each: each.functions)
        if called is not None and _gives_text(called) and (where.at, id(called)) not in self._seen:
            self._seen.add((where.at, id(called)))
            self._returned(where, called)
        return [(Hole(_called_by(node)),)]

    def _named(self, module: Module, function: ast.FunctionDef | None, node: ast.Name) -> list[Parts]:
        own = _assigned(function, node.id) if function else []
        for value in own:
            self._take(module, function, value)
        where, value = self._meaning(module, node.id, lambda each: each.constants)
        if value is not None and not own:
            return self._shapes(where, None, value)
        return [(Hole(node.id),)]

    def _held(self, module: Module, function: ast.FunctionDef | None, node: ast.expr) -> list[Parts]:
        """What a dictionary or a list holds, each by itself."""
        where, value = module, node
        if isinstance(node, ast.Name):
            where, constant = self._meaning(module, node.id, lambda each: each.constants)
            value = constant if constant is not None else node
        for each in value.values if isinstance(value, ast.Dict) else getattr(value, "elts", ()):
            self._take(where, function if where is module else None, each)
        return [(Hole(_called_by(node)),)]

    def _meaning(
        self, module: Module, name: str, set_in: Callable[[Module], dict[str, Kind]]
    ) -> tuple[Module, Kind | None]:
        """What a name stands for among those that a file sets, and the file that sets it."""
        if name in set_in(module):
            return module, set_in(module)[name]
        for other in self._sources(module, name):
            if (original := module.imported[name][1]) in set_in(other):
                return other, set_in(other)[original]
        return module, None

    def _sources(self, module: Module, name: str) -> Iterator[Module]:
        """The files in which an imported name may be set."""
        if name in module.imported:
            place = SOURCES.joinpath(*module.imported[name][0].split(".")[1:])
            if (file := place.with_suffix(".py")) in self.modules:
                yield self.modules[file]
            yield from (each for path, each in self.modules.items() if place in path.parents)


def _texts_in(nodes: Sequence[ast.AST]) -> Iterator[ast.expr]:
    """Every text in these, as a whole."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        counted = isinstance(node, ast.Call) and _name(node.func) == "count_of"
        added = isinstance(node, ast.BinOp) and _is_text(node.left)
        if isinstance(node, ast.expr) and (
            counted or added or isinstance(node, ast.JoinedStr) or _is_text(node)
        ):
            yield node
        elif isinstance(node, ast.Dict):
            waiting += node.values
        elif isinstance(node, ast.Call) and _name(node.func) == "fromkeys":
            waiting += node.args[1:]
        elif not isinstance(node, ast.Compare):
            waiting += ast.iter_child_nodes(node)


def _words_of(node: ast.expr) -> list[str]:
    """The two words that one of them stands for, if it is such a choice."""
    both = (node.body, node.orelse) if isinstance(node, ast.IfExp) else ()
    found = [str(each.value) for each in both if isinstance(each, ast.Constant) and _is_text(each)]
    return found if len(found) == len(both) and all(map(str.isalpha, found)) else []


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _filled(node: ast.JoinedStr, parts: Sequence["str | Hole"]) -> Parts:
    """Blanks of one name that are filled with different things get a number."""
    names: dict[str, str] = {}
    shape: list[str | Hole] = []
    for value, part in zip(node.values, parts, strict=True):
        if isinstance(part, Hole):
            said, name = ast.unparse(value), part.name
            while names.setdefault(name, said) != said:
                name = f"{part.name}{int(name.removeprefix(part.name) or 1) + 1}"
            part = Hole(name)
        shape.append(part)
    return tuple(shape)


def _assigned(function: ast.FunctionDef, name: str) -> list[ast.expr]:
    found: list[ast.expr] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if _name(target) == name and isinstance(target, ast.Name):
                    found.append(node.value)
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=False)
                    found += [value for each, value in pairs if _name(each) == name]
        elif isinstance(node, ast.AugAssign | ast.NamedExpr) and _name(node.target) == name:
            found.append(node.value)
    return found


def _gives_text(function: ast.FunctionDef) -> bool:
    return function.returns is not None and "str" in ast.unparse(function.returns)


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _called_by(node: ast.AST) -> str:
    """A word for a blank: the last name in what fills it."""
    if isinstance(node, ast.Call):
        inner = [_called_by(each) for each in node.args if not isinstance(each, ast.Constant)]
        return inner[0] if inner and inner[0] != "n" else _name(node.func) or "n"
    if isinstance(node, ast.BinOp):
        return _called_by(node.left)
    if isinstance(node, ast.Subscript):
        return _called_by(node.value)
    return _name(node).strip("_").lower() or "n"


def below() -> dict[str, str]:
    """Every template, with the file where it is made, below the package."""
    return Texts().find()


if __name__ == "__main__":
    for text, where in sorted(below().items(), key=lambda each: each[::-1]):
        print(f"{where}: {text!r}")  # noqa: T201
