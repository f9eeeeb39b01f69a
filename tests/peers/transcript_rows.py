"""What is read of each transcript and each list of chapters of the evidence data, as the rows of a table.

`python tests/peers/transcript_rows.py SHARED` writes transcripts.tsv anew; look at what changed.
"""

import csv
import sys
from collections.abc import Callable
from pathlib import Path

from earmark.errors import KnownError
from earmark.feeds import parse_chapters, parse_transcript

TABLE = Path(__file__).with_name("transcripts.tsv")
COLUMNS = ("file", "pieces", "speakers", "first_ms", "last_ms", "told")
FOLDERS = ("data/transcript-formats", "data/hostile/transcripts", "data/hostile/chapters")


def rows(path_of: Callable[[str], Path]) -> list[dict[str, str]]:
    """A row for each file: pieces of speech or chapters, who speaks, when it begins and ends, or what the
    user is told instead."""
    files = [(folder, path) for folder in FOLDERS for path in sorted(path_of(folder).rglob("*"))]
    return [
        {"file": f"{folder}/{path.relative_to(path_of(folder)).as_posix()}", **row(path)}
        for folder, path in files
        if path.is_file()
    ]


def row(path: Path) -> dict[str, str]:
    """What is read of one file."""
    try:
        if "chapters" in path.name or path.parent.name == "chapters":
            chapters = parse_chapters(path.read_bytes())
            return _cells(len(chapters), "", chapters[0].start_ms, chapters[-1].start_ms, "")
        segments = parse_transcript(path.read_bytes(), None, path.name).segments
    except KnownError as error:
        return _cells("", "", "", "", str(error))
    speakers = ",".join(dict.fromkeys(segment.speaker for segment in segments if segment.speaker))
    last_ms = max(segment.end_ms for segment in segments)
    return _cells(len(segments), speakers, segments[0].start_ms, last_ms, "")


def _cells(*values: object) -> dict[str, str]:
    return dict(zip(COLUMNS[1:], map(str, values), strict=True))


def table() -> list[dict[str, str]]:
    """What transcripts.tsv holds."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def main(shared: Path) -> None:
    """Write the table anew."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows(lambda name: shared / name))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
