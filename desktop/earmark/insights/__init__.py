"""From a transcript to insights, from insights to links between them and to the five of a day.

Read in this order: `extract` (the whole way), then `tongue` (in which language), `sentences` and `stops`,
`noise`, `passages`, `adverts` and `chapters` (what is talk), `topics`, `candidates` and `cues` (what is worth
a card), `choose`, `spans` and `headlines` (the speaker's own words), `reading`, `write` and `prompts` (what a
model may read and write), `verify`, `amounts` and `strength` (how it is held to what was said), `trial` (what
it may do), `meaning`, `relate`, `kinds` and `brief`; then `said`, `fuse` and `answer` (what is found and
answered), `subjects` and `subject_names` (topics).

Pure functions over text and arrays. May import records, errors and paths. Knows no SQL, no network, no engine
(a `LanguageModel` is handed in) and no Qt. Never shows a sentence of an advert; never lets a model's word
stand that the transcript does not bear out; same input, same output.
"""

from earmark.insights.brief import BriefCandidate, Coverage, compose
from earmark.insights.extract import bench_items, claim_text, extract
from earmark.insights.kinds import told
from earmark.insights.meaning import in_context, passage_vectors, vectors_in_context
from earmark.insights.model import LanguageModel
from earmark.insights.relate import Close, Rows, calibration_of, closest, hub_penalty, list_of, trimmed
from earmark.insights.tongue import unread_reason
from earmark.insights.trial import Verdict, run_trial, trial_versions

__all__ = [
    "BriefCandidate",
    "Close",
    "Coverage",
    "LanguageModel",
    "Rows",
    "Verdict",
    "bench_items",
    "calibration_of",
    "claim_text",
    "closest",
    "compose",
    "extract",
    "hub_penalty",
    "in_context",
    "list_of",
    "passage_vectors",
    "run_trial",
    "told",
    "trial_versions",
    "trimmed",
    "unread_reason",
    "vectors_in_context",
]
