"""How well a speech model hears: its word error rate on recordings whose words are known."""

import csv
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from earmark.errors import KnownError

COLUMNS = ("audio", "language", "reference_kind", "reference_file")
_EMPTY = "exact-empty"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MAX_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Reference:
    """A recording and what is said in it; `text` is empty where nobody speaks."""

    audio: Path
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """Of one recording: how many words are said, and how many were heard wrongly, left out or invented."""

    name: str
    language: str
    said: int
    errors: int

    @property
    def rate(self) -> float | None:
        """Errors as a share of what is said; None where nothing is."""
        return self.errors / self.said if self.said else None


def read_references(table: Path, language: str | None = None) -> list[Reference]:
    """The rows of a tab-separated table with a header line and the columns audio, language, reference_kind
    and reference_file; paths are relative to the table. Rows without a reference are passed over.

    `language`: only these rows, and those where nobody speaks. Raises KnownError.
    """
    try:
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", restkey="more", restval=""))
        if not rows or not set(COLUMNS) <= set(rows[0]):
            raise KnownError(f"{table.name} must be a table with the columns {', '.join(COLUMNS)}.")
        wanted = [
            row for row in rows if language in (None, row["language"]) or row["reference_kind"] == _EMPTY
        ]
        return [found for row in wanted if (found := _reference(table.parent, row)) is not None]
    except OSError as error:
        raise KnownError(f"{error.filename} cannot be read ({error.strerror}).") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise KnownError(f"{table.name} or a text that it names is not plain text.") from error


def score(references: Sequence[Reference], hear: Callable[[Reference], str]) -> list[Score]:
    """One score for each reference, in order."""
    return [_score(each, words(each.text), words(hear(each))) for each in references]


def _score(reference: Reference, said: list[str], heard: list[str]) -> Score:
    return Score(reference.audio.name, reference.language, len(said), word_errors(said, heard))


def words(text: str) -> list[str]:
    """Words as they are compared: no capitals, no punctuation, one way to write an accent.

    >>> words("Don’t ask — what CAN you do?")
    ["don't", 'ask', 'what', 'can', 'you', 'do']
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return _WORD.findall(plain)


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """The fewest words to change, add or leave out (Levenshtein).

    >>> word_errors(["a", "b", "c"], ["a", "c", "d"])
    2
    """
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def _reference(folder: Path, row: dict[str, str]) -> Reference | None:
    if row["reference_kind"] == _EMPTY:
        return Reference(folder / row["audio"], row["language"], "")
    if not row["reference_file"]:
        return None
    path = folder / row["reference_file"]
    if path.stat().st_size > _MAX_BYTES:
        raise KnownError(f"{path.name} is larger than any transcript.")
    return Reference(folder / row["audio"], row["language"], path.read_text(encoding="utf-8"))
