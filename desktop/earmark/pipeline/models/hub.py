"""Where models come from: the hub, or a mirror that the user named, and what it says of a file.

The hub answers a request for a large file with a redirect to one of its storage hosts. Redirects to any other
host are refused before they are followed.
"""

import json
import os
import re
from typing import Any
from urllib.parse import quote, urlsplit

from earmark.engines.catalogue import ModelRow
from earmark.errors import KnownError
from earmark.net import Door, MayGo
from earmark.net.address import checked, origin_of
from earmark.pipeline.models.register import HASH, LARGEST_BYTES, NAME, REVISION, Pin
from earmark.settings import Settings

HUB = "https://huggingface.co"
HUB_SITES = ("huggingface.co", "hf.co")
"""The hub's own name, and that of its storage (cdn-lfs.hf.co, cas-bridge.xethub.hf.co and the like)."""

MAX_LIST_BYTES = 16 * 2**20
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")


def hub_address(settings: Settings) -> str:
    """The hub's address: the user's setting, else HF_ENDPOINT of the environment, else the hub itself.

    Raises KnownError.
    """
    named = settings.hub or os.environ.get("HF_ENDPOINT") or HUB
    try:
        return checked(named).rstrip("/")
    except KnownError as error:
        raise KnownError(f"The address of the model hub in the settings is none: {error}") from error


def open_to(door: Door, hub: str) -> None:
    """A mirror that the user named may lie in their own network. Raises KnownError."""
    if hub != HUB:
        door.allow(hub)


def own_hosts(hub: str) -> MayGo:
    """Which hosts a redirect of the hub may lead to: its own site, and the hub's storage.

    >>> may_go = own_hosts("https://hf-mirror.example")
    >>> hosts = "files.hf-mirror.example", "cdn-lfs.hf.co", "evil-hf.co", "hf.co.evil.example"
    >>> [may_go(host) for host in hosts]
    [True, True, False, False]
    """
    sites = (*HUB_SITES, origin_of(hub)[0])

    def may_go(host: str) -> bool:
        return any(host == site or host.endswith("." + site) for site in sites)

    return may_go


def file_address(hub: str, row: ModelRow, revision: str) -> str:
    """Where the bytes of a model are asked for. Raises KnownError for names that are none."""
    _check_names(row)
    return f"{hub}/{row.repository}/resolve/{quote(revision)}/{quote(row.file)}"


def ask_hub(door: Door, hub: str, row: ModelRow) -> Pin:
    """What the hub's own list says of a model's file: revision, size and SHA-256. Raises KnownError."""
    _check_names(row)
    url = f"{hub}/api/models/{row.repository}/revision/{quote(row.revision or 'main')}?blobs=true"
    answer = door.get(
        url, why="look up a model", max_bytes=MAX_LIST_BYTES, may_go=own_hosts(hub), deadline_s=60.0
    )
    try:
        return _pin(json.loads(answer.body), row, f"{urlsplit(hub).hostname}, {row.repository}")
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        raise KnownError(
            f"{urlsplit(hub).hostname} does not say what {row.file} is, so it is not taken from there."
        ) from error


def _pin(told: Any, row: ModelRow, origin: str) -> Pin:
    entry = next(each for each in told["siblings"] if each["rfilename"] == row.file)
    size, sha256, revision = entry["lfs"]["size"], entry["lfs"]["sha256"], told["sha"]
    if not HASH.fullmatch(sha256) or not REVISION.fullmatch(revision):
        raise ValueError(sha256)
    if not isinstance(size, int) or not 0 < size <= LARGEST_BYTES:
        raise ValueError(size)
    return Pin(revision, size, sha256, origin)


def _check_names(row: ModelRow) -> None:
    good = row.repository is not None and _REPOSITORY.fullmatch(row.repository) and NAME.fullmatch(row.file)
    if not good or ".." in f"{row.repository}{row.file}":
        raise KnownError(f"“{row.repository}/{row.file}” is no name of a model on the hub.")
    if row.sha256 is not None and not HASH.fullmatch(row.sha256):
        raise KnownError(f"The hash that is noted for {row.file} is none, so it is not taken.")
