"""Which judge tells speech from all else: Silero's detector where its file is there, else the gate."""

from pathlib import Path

from earmark.engines import silero
from earmark.engines.detector import Detector
from earmark.engines.gate import Gate
from earmark.engines.hearing import Judge


def judge_of(detector: Path | None) -> Judge:
    """The judge for a detector's file, or for none. Raises KnownError for a file that is none."""
    return Detector(silero.read(detector)) if detector else Gate()
