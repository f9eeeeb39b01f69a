"""The models on this computer: found, fetched, proven, chosen and thrown away.

Read in this order: `register` (what was taken in, by hash), `hub` (where models come from), `fetch` (bringing
one here), `shelf` (what is here, and what becomes of it), `choice` (which one is used, proven before each
use), `advice` (what fits this computer). Nothing gets its name, and nothing is used, before its hash and its
head were checked.
"""

from earmark.pipeline.models.advice import Advice, Memory, memory_here, recommend
from earmark.pipeline.models.choice import (
    ModelGone,
    choose,
    chosen_models,
    detector_here,
    is_own,
    proven,
    ready_for,
    row_or_file,
    take_in,
)
from earmark.pipeline.models.fetch import Paused, fetch_model, pause
from earmark.pipeline.models.hub import hub_address
from earmark.pipeline.models.register import Entry, Pin, read_register
from earmark.pipeline.models.shelf import Leftover, Shelved, add_file, clean, leftovers, remove, shelf, verify

__all__ = [
    "Advice",
    "Entry",
    "Leftover",
    "Memory",
    "ModelGone",
    "Paused",
    "Pin",
    "Shelved",
    "add_file",
    "choose",
    "chosen_models",
    "clean",
    "detector_here",
    "fetch_model",
    "hub_address",
    "is_own",
    "leftovers",
    "memory_here",
    "pause",
    "proven",
    "read_register",
    "ready_for",
    "recommend",
    "remove",
    "row_or_file",
    "shelf",
    "take_in",
    "verify",
]
