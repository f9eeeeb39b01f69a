"""What search needs of episodes that were read before it was there, or with another embedding model."""

from earmark.insights import passage_vectors
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Progress


def read_passages(tools: Tools, watch: Watch | None = None) -> None:
    """Give every passage of talk a vector, an episode at a time; nothing is done twice. Raises Cancelled."""
    watch, library, language = watch or Watch(), tools.library, tools.language
    language.cancelled = watch.cancelled
    left = library.episodes_without_passages(language.embedding_model_id)
    for done, episode_id in enumerate(left):
        watch.stop_if_asked()
        title = library.episode(episode_id).title
        watch.on_progress(Progress("Making findable", title, fraction=done / len(left)))
        transcript = library.transcript(episode_id)
        if transcript is not None:
            vectors = passage_vectors(transcript, library.passages(episode_id), language.embed)
            library.store_passages(episode_id, vectors, language.embedding_model_id)
