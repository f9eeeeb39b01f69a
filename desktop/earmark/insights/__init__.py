"""From a transcript to insights, from insights to links between them and to the five of a day.

Read in this order: `extract` (the whole way), then `tongue` (in which language), `sentences`, `stops` and
`words`, `noise`, `passages`, `adverts` and `chapters` (what is talk), `topics`, `candidates` and `cues` (what
is worth a card), `choose`, `spans` and `headlines` (the speaker's own words), `model`, `reading`, `write` and
`prompts` (what a model may read and write), `verify`, `amounts` and `strength` (how it is held to what was
said), `dedupe`, `trial` (what a model may do), `meaning`, `relate` and `kinds` (what bears on what, and how),
`subjects` and `subject_names` (what belongs to one topic), `interest` and `lessons` (what the user's taste
makes of a card, and how it is learned), `brief` and `coverage` (the five, and what they were chosen from),
`said`, `fuse` and `answer` (what was said on a question, and an answer made of nothing else).

Pure functions over text and arrays. May import records, errors, paths and taste. Knows no SQL, no network, no
engine (a `LanguageModel` is handed in) and no Qt. Never shows a sentence of an advert; never lets a model's
word stand that the transcript does not bear out; same input, same output.
"""

from earmark.insights.brief import Pool, compose, heard_in, novelties_of
from earmark.insights.coverage import Coverage
from earmark.insights.extract import bench_items, claim_text, extract
from earmark.insights.interest import (
    Interest,
    Mutes,
    Pull,
    common_of,
    interests_of,
    muted_by,
    weights_of,
)
from earmark.insights.kinds import told
from earmark.insights.lessons import Taught, Vocabulary, learn, vocabulary
from earmark.insights.meaning import in_context, passage_vectors, vectors_in_context
from earmark.insights.model import LanguageModel
from earmark.insights.relate import Close, Rows, calibration_of, closest, hub_penalty, list_of, trimmed
from earmark.insights.tongue import unread_reason
from earmark.insights.trial import Verdict, run_trial, trial_versions

__all__ = [
    "Close",
    "Coverage",
    "Interest",
    "LanguageModel",
    "Mutes",
    "Pool",
    "Pull",
    "Rows",
    "Taught",
    "Verdict",
    "Vocabulary",
    "bench_items",
    "calibration_of",
    "claim_text",
    "closest",
    "common_of",
    "compose",
    "extract",
    "heard_in",
    "hub_penalty",
    "in_context",
    "interests_of",
    "learn",
    "list_of",
    "muted_by",
    "novelties_of",
    "passage_vectors",
    "run_trial",
    "told",
    "trial_versions",
    "trimmed",
    "unread_reason",
    "vectors_in_context",
    "vocabulary",
    "weights_of",
]
