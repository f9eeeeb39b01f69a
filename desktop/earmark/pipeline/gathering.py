"""What belongs together: topics that stay as the library grows, people, and who disagrees with whom."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from earmark.found import Disagreement, TopicId
from earmark.insights import in_context
from earmark.insights.subject_names import names_of
from earmark.insights.subjects import arranged, nearness_of
from earmark.library import Reader
from earmark.pipeline.tools import Tools
from earmark.records import Card, Changes, InsightId


def gather_topics(tools: Tools) -> Changes:
    """Find for every new insight the topic that it belongs to, and new topics; names that are there stay.

    Nothing is done when there is nothing new. With another embedding model than that of the topics all are
    gathered anew: what is near to what is another matter then.
    """
    library, model_id = tools.library, tools.language.embedding_model_id
    anew = not library.topic_model_ids() <= {model_id}
    if not anew and not library.has_insights_without_topic(in_context(model_id)):
        return Changes()
    before = {} if anew else library.topic_members()
    vectors = library.placed_vectors(in_context(model_id))
    so_far: list[int | None] = [(before[id_] or 0) if id_ in before else None for id_ in vectors.ids]
    found = arranged(vectors, vectors.episodes, so_far, nearness_of(model_id))
    known = {} if anew else {topic.id: topic.name for topic in library.topics()}
    members: dict[InsightId, TopicId | None] = {}
    new: dict[int, list[InsightId]] = {}
    for id_, number in zip(vectors.ids, found.tolist(), strict=True):
        if number == 0 or number in known:
            members[id_] = TopicId(number) if number else None
        else:
            new.setdefault(number, []).append(id_)
    names = _names(tools, new, known.values()) if new else {}
    made = [(names[number], new[number]) for number in sorted(new)]
    return library.store_topics(members, made, model_id, anew=anew)


def _names(tools: Tools, new: Mapping[int, Sequence[InsightId]], taken: Collection[str]) -> dict[int, str]:
    """A name for each new topic, from what its insights say and all others do not."""
    library, context_id = tools.library, in_context(tools.language.embedding_model_id)
    texts = {number: [card.insight.text for card in library.cards(ids)] for number, ids in new.items()}
    own = {id_ for ids in new.values() for id_ in ids}
    return names_of(texts, library.texts_but(own, context_id), taken, tools.language.embed)


def disagreements(library: Reader, ids: Iterable[InsightId]) -> list[Disagreement]:
    """Which of these insights contradict each other, the newest first, as far as a language model was asked.

    Where one speaker said both, at two times, a view has changed.
    """
    found = []
    for one_id, other_id, why in library.contradictions(ids):
        cards = sorted(library.cards([one_id, other_id]), key=_when)
        if len(cards) < 2:
            continue
        one, other = library.speaker_of(one_id), library.speaker_of(other_id)
        same = one[1] if one and other and one[0] == other[0] else None
        found.append(Disagreement(cards[0], cards[1], why, same))
    return sorted(found, key=lambda each: _when(each.newer), reverse=True)


def _when(card: Card) -> tuple[int, int, str]:
    return card.published_ms or 0, card.insight.start_ms, card.insight.id
