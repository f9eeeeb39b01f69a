"""What belongs together: topics that stay as the library grows, people, and who disagrees with whom."""

from collections.abc import Iterable

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
    before = {} if anew else library.topic_members()
    ids, vectors = library.embeddings(in_context(model_id))
    if all(id_ in before for id_ in ids):
        return Changes()
    cards = {card.insight.id: card for card in library.cards(ids)}
    so_far: list[int | None] = [(before[id_] or 0) if id_ in before else None for id_ in ids]
    episodes = [int(cards[id_].episode_id) for id_ in ids]
    found = arranged(vectors, episodes, so_far, nearness_of(model_id))
    known = {} if anew else {topic.id: topic.name for topic in library.topics()}
    members: dict[InsightId, TopicId | None] = {}
    new: dict[int, list[InsightId]] = {}
    for id_, number in zip(ids, found.tolist(), strict=True):
        if number == 0 or number in known:
            members[id_] = TopicId(number) if number else None
        else:
            new.setdefault(number, []).append(id_)
    others = [cards[id_].insight.text for id_ in members]
    texts = {number: [cards[id_].insight.text for id_ in own] for number, own in new.items()}
    names = names_of(texts, others, known.values(), tools.language.embed)
    made = [(names[number], new[number]) for number in sorted(new)]
    return library.store_topics(members, made, model_id, anew=anew)


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
