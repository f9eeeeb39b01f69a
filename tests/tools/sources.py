"""The sources of the package as trees, with what their names stand for."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

SOURCES = Path(__file__).parents[2] / "desktop" / "earmark"
Kind = TypeVar("Kind", bound=ast.AST)


def nodes(tree: ast.AST, kind: type[Kind]) -> Iterator[Kind]:
    """Every node of a kind, at the top or inside."""
    return (node for node in ast.walk(tree) if isinstance(node, kind))


@dataclass
class Module:
    """A source file, with what its names stand for."""

    path: Path
    tree: ast.Module = field(init=False)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.path.read_text(encoding="utf-8"))

    @property
    def at(self) -> str:
        """Where it lies below the package."""
        return self.path.relative_to(SOURCES).as_posix()

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """What stands at its top, by name."""
        found: dict[str, ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found[node.targets[0].id] = node.value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                found[node.target.id] = node.value
        return found

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Its functions and methods, by name."""
        return {node.name: node for node in nodes(self.tree, ast.FunctionDef)}

    @cached_property
    def imported(self) -> dict[str, tuple[str, str]]:
        """From where the names of our own come: (module, name)."""
        return {
            each.asname or each.name: (str(node.module), each.name)
            for node in nodes(self.tree, ast.ImportFrom)
            if str(node.module).startswith("earmark")
            for each in node.names
        }
