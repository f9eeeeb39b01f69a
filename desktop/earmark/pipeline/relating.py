"""What bears on what: links that follow the library as insights come and go.

Work is found in the library itself (`unlinked`, `unlisted`), and every part is stored before the next, so a
stop at any moment loses nothing. One pass over all vectors serves some hundred new insights.
"""

import logging

from earmark.errors import KnownError
from earmark.insights import (
    Close,
    Rows,
    calibration_of,
    closest,
    hub_penalty,
    in_context,
    list_of,
    told,
    trimmed,
    vectors_in_context,
)
from earmark.insights.kinds import VERSION
from earmark.library import Library
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, InsightId, Link, Progress

LINKED_AT_ONCE = 512
LISTED_AT_ONCE = 256
PAIRS_A_RUN = 100
"""How many pairs of insights a language model is asked about in one run: it takes some seconds for each."""


def relate_all(tools: Tools, watch: Watch | None = None) -> Changes:
    """Bring all links and lists up to date with the library; nothing is written when nothing changed.

    Where the language model may write, it then says of the closest pairs how one bears on the other. Raises
    Cancelled.
    """
    watch = watch or Watch()
    changes = Changes()
    claims_id = tools.language.embedding_model_id
    _put_in_context(tools, watch, claims_id)
    while ids := tools.library.unlinked(in_context(claims_id), LINKED_AT_ONCE):
        watch.stop_if_asked()
        changes |= _link(tools.library, ids, claims_id)
    if changes:
        tools.library.forget_lost_verdicts()
    changes |= _list(tools.library, claims_id, watch)
    if tools.language.tier == "quotes":
        return changes
    _tell(tools, watch)
    return changes | _list(tools.library, claims_id, watch)


def _put_in_context(tools: Tools, watch: Watch, claims_id: str) -> None:
    """Give every insight a vector that knows what is said around it, an episode at a time."""
    library = tools.library
    tools.language.cancelled = watch.cancelled
    for episode_id in library.episodes_without(in_context(claims_id), instead_of=claims_id):
        watch.stop_if_asked()
        insights = library.insights(episode_id)
        ids, claims, *_ = library.vectors_of([insight.id for insight in insights], claims_id)
        known = {insight.id: insight for insight in insights}
        transcript = library.transcript(episode_id)
        if transcript is not None:
            own = [known[id_] for id_ in ids]
            claims = vectors_in_context(transcript, own, claims, tools.language.embed, claims_id)
        library.store_vectors(dict(zip(ids, claims, strict=True)), in_context(claims_id))


def _link(library: Library, ids: list[InsightId], claims_id: str) -> Changes:
    """Find what is close to these insights, and put them among what is close to others."""
    model_id = in_context(claims_id)
    asked = Rows(*library.vectors_of(ids, model_id))
    everything = (Rows(*part) for part in library.all_vectors(model_id))
    found, back = closest(asked, everything, calibration_of(claims_id).cut)
    others = library.linked(back, model_id) - set(ids)
    for id_, before in _close(library, others).items():
        after = trimmed([*before, *back[id_]])
        if after != before:
            found[id_] = after
    links = {id_: [Link(id_, c.id, c.score) for c in close] for id_, close in found.items()}
    changes = library.store_links(links, {id_: hub_penalty(close) for id_, close in found.items()}, model_id)
    return changes | Changes(insight_ids=frozenset(ids))


def _close(library: Library, ids: set[InsightId]) -> dict[InsightId, list[Close]]:
    """What is close to insights, as it is stored, nearest first."""
    links = library.links_of(ids)
    homes = library.homes_of({link.other_id for own in links.values() for link in own})
    return {
        id_: trimmed(Close(k.other_id, k.score, *homes[k.other_id]) for k in links.get(id_, ()))
        for id_ in ids
    }


def _list(library: Library, claims_id: str, watch: Watch) -> Changes:
    """Make the lists anew that something changed for."""
    changes = Changes()
    known = calibration_of(claims_id)
    while ids := library.unlisted(LISTED_AT_ONCE):
        watch.stop_if_asked()
        close = _close(library, set(ids))
        others = {each.id for own in close.values() for each in own}
        rows = Rows(*library.vectors_of(others, claims_id))
        vectors = dict(zip(rows.ids, rows.vectors, strict=True))
        penalties = library.hubs(others)
        kinds = {id_: {o: kind for o, (kind, _) in library.verdicts(id_).items()} for id_ in ids}
        lists = {id_: list_of(id_, close[id_], penalties, vectors, kinds[id_], known) for id_ in ids}
        changes |= library.store_lists(lists)
    return changes


def _tell(tools: Tools, watch: Watch) -> None:
    """Ask the language model how the closest pairs bear on each other; what it says is kept at once."""
    tools.language.cancelled = watch.cancelled
    pairs = tools.library.untold_pairs(VERSION, PAIRS_A_RUN)
    for done, (one_id, other_id) in enumerate(pairs):
        watch.stop_if_asked()
        fraction, detail = done / len(pairs), f"{done + 1} of {len(pairs)} pairs"
        watch.on_progress(Progress("Comparing", "what bears on what", fraction=fraction, detail=detail))
        one, other = (card.insight for card in tools.library.cards([one_id, other_id]))
        try:
            verdict = told(tools.language, one, other)
        except KnownError as error:  # the lists stand without it, and the next run asks again
            logging.getLogger(__name__).warning("comparing insights stopped: %s", error)
            return
        tools.library.store_verdicts([verdict], version=VERSION, model_id=tools.language.model_id)
