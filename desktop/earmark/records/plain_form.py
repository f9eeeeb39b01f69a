"""Records as plain lists, as JSON can carry them, and back; whatever fields a record has.

Reading back checks every value against the record's own types, for it may come from a process that reads
what strangers made.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

R = TypeVar("R")
_PLAIN = (str, int, float, bool, NoneType)


def as_plain(value: Any) -> Any:
    """A record as the list of its fields, a tuple as a list; texts, numbers and None as they are.

    >>> from earmark.records import Enclosure
    >>> as_plain((Enclosure("u", "audio/mpeg"),))
    [['u', 'audio/mpeg', None]]
    """
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, tuple):
        return [as_plain(each) for each in value]
    kind: Any = type(value)
    return [as_plain(getattr(value, name)) for name in _names(kind)]


def from_plain(kind: type[R], value: Any) -> R:
    """The record of a kind that `as_plain` gave. Raises ValueError for anything else."""
    whole: Any = kind
    record: R = _reader(whole)(value)
    return record


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What reads a value of a type, made once for each type."""
    if kind in _PLAIN:
        return _exactly(kind)
    if get_origin(kind) in (Union, UnionType):
        (inner,) = (each for each in get_args(kind) if each is not NoneType)
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    if get_origin(kind) is tuple:
        read_one = _reader(get_args(kind)[0])
        return lambda value: tuple(map(read_one, _list(value)))
    if get_origin(kind) is Literal:
        return _one_of(get_args(kind))
    assert is_dataclass(kind)
    return _record_reader(kind)


def _record_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = [_reader(hints[name]) for name in _names(kind)]

    def record(value: Any) -> Any:
        parts = _list(value)
        if len(parts) != len(readers):
            raise ValueError(f"no {kind.__name__}")
        return kind(*[read_part(part) for read_part, part in zip(readers, parts, strict=True)])

    return record


def _exactly(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"{value!r:.50} is no {kind.__name__}")
        return value

    return read


def _one_of(choices: tuple[Any, ...]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if value not in choices:
            raise ValueError(f"{value!r:.50} is none of {choices}")
        return value

    return read


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r:.50} is no list")
    return value
