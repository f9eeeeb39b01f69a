"""What is done once per library: links between insights."""

from earmark.insights import related_links
from earmark.pipeline.tools import Tools
from earmark.records import Changes, FeedId


def relate_all(tools: Tools) -> Changes:
    """Find for every insight what bears on it in other episodes; nothing is written when nothing changed."""
    ids, vectors = tools.library.embeddings(tools.language.embedding_model_id)
    cards = {card.insight.id: card for card in tools.library.cards(ids)}
    feed_of = feeds_of_episodes(tools)
    links = related_links(
        ids,
        {id_: cards[id_].episode_id for id_ in ids},
        {id_: feed_of[cards[id_].episode_id] for id_ in ids},
        vectors,
    )
    return tools.library.store_links(links)


def feeds_of_episodes(tools: Tools) -> dict[int, FeedId]:
    """The feed of each episode, by the episode's id."""
    return {episode.id: episode.feed_id for episode in tools.library.episodes()}
