"""What the program makes of a model that comes with it takes seconds; a run of tests makes it once."""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

Make = Callable[[Path, Path], None]
"""Makes a target of a source, which is a file or a folder."""


def once(make: Make, folder: Path) -> Make:
    """The same, but what was made of just this source before, and is kept in `folder`, is copied."""

    def made(source: Path, target: Path) -> None:
        files = sorted(source.iterdir()) if source.is_dir() else [source]
        marks = [(str(each), each.stat().st_size, each.stat().st_mtime_ns) for each in files]
        kept = folder / sha256(f"{make.__module__} {marks}".encode()).hexdigest()
        if not kept.exists():
            half = kept.with_suffix(".half")
            make(source, half)
            half.replace(kept)
        shutil.copyfile(kept, target)

    return made
