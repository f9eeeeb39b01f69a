"""From a feed address to a daily five, one function a step.

Read in this order: `subscribe` (feeds), `episode` (what happens to one episode, with the table of its
steps), `work` (through everything that waits), `finding` (what search
needs), `relating` (links between insights), `gathering` (topics), `daily` (the brief); beside them
`searching` and `asking`, which change nothing and need no more than a reader and a model.

Imports library, net, feeds, engines and insights; knows no Qt and prints nothing. Every function takes the
`Tools` it works with, and returns what it changed or found.
"""

from earmark.pipeline.asking import ask
from earmark.pipeline.daily import brief_of
from earmark.pipeline.gathering import disagreements, gather_topics
from earmark.pipeline.relating import relate_all
from earmark.pipeline.searching import search
from earmark.pipeline.subscribe import Refreshed, add_feed, refresh
from earmark.pipeline.tools import Tools, Watch
from earmark.pipeline.work import Worked, process

__all__ = [
    "Refreshed",
    "Tools",
    "Watch",
    "Worked",
    "add_feed",
    "ask",
    "brief_of",
    "disagreements",
    "gather_topics",
    "process",
    "refresh",
    "relate_all",
    "search",
]
