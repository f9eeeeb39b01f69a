"""What is loaded when it is first asked for: verbs and the first sight of the window need little."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def on_first_use(package: str) -> Callable[[str], object]:
    """A `__getattr__` for a package whose public names stand in its module `public`.

    None of the names may be that of a module of the package, which would be found in its place.
    """

    def found(name: str) -> object:
        if name.startswith("__") or find_spec(f"{package}.{name}"):
            raise AttributeError(name)  # then Python looks for a module of that name
        return getattr(import_module(f"{package}.public"), name)

    return found


class Later:
    """A module that is loaded when something of it is first asked for.

    >>> Later("math").sqrt(9)
    3.0
    """

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._module), name)
