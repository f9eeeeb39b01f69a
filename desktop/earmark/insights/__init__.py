"""From a transcript to insights, from insights to links between them and to the five of a day.

Read in this order: `extract` (the whole way), then `tongue` (in which language), `sentences` and `stops`,
`noise`, `passages`, `adverts` and `chapters` (what is talk), `topics`, `candidates` and `cues` (what is worth
a card), `choose`, `spans` and `headlines` (the speaker's own words), `reading`, `write` and `prompts` (what a
model may read and write), `verify`, `amounts` and `strength` (how it is held to what was said), `trial` (what
it may do), `relate`, `interest` and `lessons` (what the user's taste makes of a card, and how it is
learned), `brief` and `coverage`.

Pure functions over text and arrays. May import records, errors, paths and taste. Knows no SQL, no network, no
engine (a `LanguageModel` is handed in) and no Qt. Never shows a sentence of an advert; never lets a model's
word stand that the transcript does not bear out; same input, same output.
"""

from earmark.insights.brief import BriefCandidate, compose, heard_in
from earmark.insights.coverage import Coverage
from earmark.insights.extract import bench_items, claim_text, extract
from earmark.insights.interest import Interest, Mutes, Pull, interests_of, muted_by
from earmark.insights.lessons import Taught, learn, vocabulary
from earmark.insights.model import LanguageModel
from earmark.insights.relate import related_links
from earmark.insights.tongue import unread_reason
from earmark.insights.trial import Verdict, run_trial, trial_versions

__all__ = [
    "BriefCandidate",
    "Coverage",
    "Interest",
    "LanguageModel",
    "Mutes",
    "Pull",
    "Taught",
    "Verdict",
    "bench_items",
    "claim_text",
    "compose",
    "extract",
    "heard_in",
    "interests_of",
    "learn",
    "muted_by",
    "related_links",
    "run_trial",
    "trial_versions",
    "unread_reason",
    "vocabulary",
]
