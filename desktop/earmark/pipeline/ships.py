"""What the program is made of, with licences; and the facts of a report, in which nothing is private."""

import platform
import re
import shutil
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution, requires

import psutil

from earmark import __version__
from earmark.engines.catalogue import catalogue
from earmark.engines.effort import cores_here
from earmark.engines.memory import size_text
from earmark.paths import Paths, resource
from earmark.settings import Settings

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Part:
    """Something that ships: its name, version where it has one, licence, and what else is to be known."""

    name: str
    licence: str
    version: str = ""
    note: str = ""


@lru_cache
def parts() -> tuple[Part, ...]:
    """All of it: what is named in resources/licences.toml, then every Python package that Earmark needs."""
    with resource("licences.toml").open("rb") as file:
        listed = tomllib.load(file)["part"]
    named = [Part(each["name"], each["licence"], note=each["note"]) for each in listed]
    return (Part("Earmark", "MIT", __version__), *named, *_packages())


def report(paths: Paths, settings: Settings, counts: Mapping[str, int], window: str) -> str:
    """Facts for whoever mends the program: no title, no path, no address, no word of the user's.

    `window` says what paints it, such as "Qt 6.11.3, xcb".
    """
    memory = psutil.virtual_memory()
    known = {row.file: row.id for row in catalogue()}
    chosen = {
        "speech model": settings.speech_model,
        "language model": settings.language_model,
    }
    used = [
        f"{what}: {known.get(file.name, 'a file of their own') if file else 'the one of the program'}"
        for what, file in chosen.items()
    ]
    servers = [what for what, url in _servers(settings).items() if url]
    lines = [
        f"Earmark {__version__}{', frozen' if getattr(sys, 'frozen', False) else ''}",
        f"{platform.system()} {platform.release()}, {platform.machine()}, Python {platform.python_version()}",
        window,
        f"{cores_here()} cores, {size_text(memory.total)} of memory, {size_text(memory.available)} free,"
        f" {size_text(shutil.disk_usage(paths.data).free)} free on the disk",
        *used,
        f"own servers: {', '.join(servers) or 'none'}",
        f"mode {settings.mode}, {'offline' if settings.offline else 'online'},"
        f" {'a proxy' if settings.proxy else 'no proxy'}",
        ", ".join(f"{count} {name}" for name, count in sorted(counts.items())),
    ]
    return "\n".join(lines) + "\n"


def _servers(settings: Settings) -> dict[str, str | None]:
    return {
        "speech": settings.speech_server,
        "language": settings.language_server,
        "mail": settings.mail_server,
    }


def _packages() -> list[Part]:
    """Every package that Earmark needs, and that those need, as far as it is installed here."""
    seen: dict[str, Part] = {}
    todo = ["earmark"]
    while todo:
        name = todo.pop()
        for line in _needs(name):
            match = _NAME.match(line)
            key = match.group().lower().replace("_", "-") if match else ""
            if not match or key in seen or "extra ==" in line:
                continue
            try:
                found = distribution(match.group())
            except PackageNotFoundError:
                continue
            seen[key] = Part(found.name, _licence(found), found.version)
            todo.append(match.group())
    return sorted(seen.values(), key=lambda part: part.name.casefold())


def _needs(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:  # the frozen program keeps no list of its own
        return []


def _licence(found: Distribution) -> str:
    """As the package itself says; many say it in a field, some only in a classifier."""
    told = _said(found, "License-Expression") or _said(found, "License")
    if not told or len(told) > _LONGEST or "\n" in told:
        classed = [line for line in found.metadata.get_all("Classifier") or [] if "License ::" in line]
        told = classed[0].rpartition(" :: ")[2] if classed else told.partition("\n")[0]
    return told[:_LONGEST] or "see its own files"


def _said(found: Distribution, field: str) -> str:
    told = found.metadata.get_all(field)
    return str(told[0]) if told else ""
