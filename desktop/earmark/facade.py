"""What a folder offers to others, loaded when it is first asked for: most verbs need little of it."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec


def on_first_use(package: str) -> Callable[[str], object]:
    """A `__getattr__` for a package whose public names stand in its module `public`.

    None of the names may be that of a module of the package, which would be found in its place.
    """

    def found(name: str) -> object:
        if name.startswith("__") or find_spec(f"{package}.{name}"):
            raise AttributeError(name)  # then Python looks for a module of that name
        return getattr(import_module(f"{package}.public"), name)

    return found
