"""Questions that are answered beside the work, so that none waits for an hour of speech, nor holds it up.

The library's own thread is the wrong place for them: it asks the engines for the long work, and whoever asks
the same engine from within waits for itself.
"""

import logging
import queue
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from earmark.errors import Cancelled, KnownError
from earmark.library import Reader, open_reader
from earmark.pipeline.tools import Tools
from earmark.pipeline.watch import Watch
from earmark.records import Progress

Question = Callable[[Reader, Tools, Watch], Any]
"""Reads the library through the reader alone; of the tools it takes engines, paths, clock and choices."""
Answered = Callable[[Any], None]
BROKE = "Something in Earmark itself went wrong. Your library is safe."


class Beside:
    """One thread with a reader of its own, which answers one question at a time; the newest is what counts.

    A question that comes stops the one that is being answered, and takes the place of the one that waits;
    of those nothing is told. `answered` is called on this thread, with a KnownError where there is no answer.
    """

    def __init__(self, tools: Tools, on_progress: Callable[[Progress], None]) -> None:
        self._tools, self._on_progress = tools, on_progress
        self._newest: tuple[Question, Answered] | None = None
        self._number = 0
        self._guard = threading.Lock()
        self._wake: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="beside", daemon=True)
        self._thread.start()

    def ask(self, question: Question, answered: Answered) -> None:
        """Have a question answered in place of all before it."""
        with self._guard:
            self._number += 1
            self._newest = question, answered
        self._wake.put(True)

    def stop(self) -> None:
        """Let go of what is being answered."""
        with self._guard:
            self._number += 1
            self._newest = None

    def close(self, wait_s: float = 1.0) -> None:
        """End the thread."""
        self.stop()
        self._wake.put(False)
        self._thread.join(wait_s)

    def _run(self) -> None:
        with open_reader(self._tools.paths) as reader:
            while self._wake.get():
                with self._guard:
                    number, newest, self._newest = self._number, self._newest, None
                if newest is not None:
                    self._answer(reader, number, *newest)
                    reader.rest()

    def _answer(self, reader: Reader, number: int, question: Question, answered: Answered) -> None:
        def outdated() -> bool:
            return self._number != number

        language = self._tools.language.beside(outdated)
        try:
            answer = question(
                reader, replace(self._tools, language=language), Watch(self._on_progress, outdated)
            )
        except Cancelled:  # not by who asked, if it still counts: the engine was closed
            answer = KnownError(BROKE)
        except KnownError as error:
            answer = error
        except Exception:
            logging.getLogger(__name__).exception("a question broke")
            answer = KnownError(BROKE)
            if not outdated():
                sys.excepthook(*sys.exc_info())
        if not outdated():
            answered(answer)
