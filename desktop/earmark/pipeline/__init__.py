"""From a feed address to a daily five, one function a step.

Read in this order: `tools` and `watch` (what every step works with), `subscribe` and `adding` (adding feeds),
`refreshing` with `fetching`, `callers`, `feed_reader` and `taking` (asking them for news), `private` and
`counters` (addresses that hold secrets, or count who asks), `episode` (what happens to one episode, with the
table of its steps; `offered`, its publisher's words and everybody's chapters; `own_words`, the user's own)
and `prompt`, `keeping`, `proofs`, `recordings` and `tidying` (what stays of recordings), `plan`, `forecast`
and `pace` (in which order, and when it is through), `patience` and `surroundings` (when it waits), `work`
(through everything that waits), `finding` (what search needs), `relating` (links between insights),
`gathering` (topics, people, who disagrees with whom), `due` (which day's brief is to be made), `liking` (the
user's taste), `today` (the brief) and `review` (the week). Beside these: `searching` and `asking`, which
change nothing and need no more than a reader and a model; `files` (the same on a file of the user's),
`models`, `trial` and `score`, `servers` (the user's own in their place), `local` (the user's own recordings)
with `hearable` (whether a file holds sound), `lists`, `care`, `named` and `muting` (all shows at once, and
one by one) and `out` (out of the library). What others may use by this folder's own name stands in `public`.

Imports library, net, feeds, engines and insights; knows no Qt and prints nothing. Every function takes the
`Tools` it works with, and returns what it changed or found.
"""

from typing import TYPE_CHECKING

from earmark.facade import on_first_use

if TYPE_CHECKING:
    from earmark.pipeline.public import *  # noqa: F403
else:
    __getattr__ = on_first_use(__name__)
