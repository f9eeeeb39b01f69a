"""Ask your library: an answer made only of what was said, each sentence with its source."""

from earmark.found import Answer, AnswerSentence, Moment, Narrow, Source
from earmark.insights import LanguageModel
from earmark.insights.answer import (
    MOST_QUOTED,
    MOST_READ,
    Candidate,
    bar_of,
    chosen,
    written_answer,
)
from earmark.insights.said import nearest_said, sentences_between, windows_of
from earmark.library import Reader
from earmark.library.search_text import asked_words, share_held, shown
from earmark.pipeline.searching import (
    DEPTH,
    MOST_ASKED,
    by_words,
    insight_moment,
    near_said,
)
from earmark.records import EpisodeId

BY_WORDS = 8
"""In so many stretches that hold words of the question the nearest sentences are looked for, too."""
AROUND_MS = 8_000
MOST_NEAR = 2
"""So much is shown of what comes closest where nothing answers."""


def ask(library: Reader, model: LanguageModel, question: str, *, narrow: Narrow | None = None) -> Answer:
    """What the library says on a question; no sentences: it is not in the library.

    A model that may write writes the sentences, each held to its source; what does not hold is left out, and
    where nothing is left the quotations stand alone. Raises KnownError, SearchDamagedError, Cancelled.
    """
    asked = " ".join(shown(question).split())[:MOST_ASKED]
    if not asked_words(asked):
        return Answer(asked)
    candidates, bar = _candidates(library, model, asked, narrow or Narrow()), bar_of(model.embedding_model_id)
    quoted = chosen(candidates, bar.quoted, MOST_QUOTED)
    near = [_source(library, each.moment) for each in chosen(candidates, -1.0, MOST_NEAR)]
    if model.tier != "quotes" and (read := chosen(candidates, bar.read, MOST_READ)):
        sources = [_source(library, each.moment) for each in read]
        written = written_answer(model, asked, [source.quote for source in sources])
        if written.sentences:
            told = tuple(AnswerSentence(text, sources[number]) for text, number in written.sentences)
            return Answer(asked, told, written=True, dropped=written.dropped)
        if written.declined or not quoted:
            return Answer(asked, near=tuple(near), dropped=written.dropped)
    if not quoted:
        return Answer(asked, near=tuple(near))
    found = [_source(library, each.moment) for each in quoted]
    return Answer(asked, tuple(AnswerSentence(source.quote, source) for source in found))


def _candidates(library: Reader, model: LanguageModel, asked: str, narrow: Narrow) -> list[Candidate]:
    """Everything that may answer: sentences near in meaning, sentences with the words, and insights."""
    vector = model.embed([asked])[0]
    said = near_said(library, model, vector, narrow)[:DEPTH]
    for moment in by_words(library, asked, narrow)[:BY_WORDS]:
        begin, end = moment.start_ms - AROUND_MS, moment.end_ms + AROUND_MS
        segments = library.segments_between(moment.episode_id, begin, end)
        windows = windows_of(sentences_between(segments, begin, end))
        said += [(moment.episode_id, each) for each in nearest_said(windows, vector, model.embed)[:2]]
    moments = {_key(m): m for m in (Moment(e, s.start_ms, s.end_ms, s.text) for e, s in said)}
    near = library.nearest_insights(vector, DEPTH, model.embedding_model_id)
    within = library.insights_within([id_ for id_, _ in near], narrow)
    cards = library.cards([id_ for id_, _ in near if id_ in within])
    listed = [insight_moment(card) for card in cards] + list(moments.values())
    vectors = model.embed([moment.text for moment in listed])
    return [
        Candidate(moment, float(row @ vector), share_held(moment.text, asked), row)
        for moment, row in zip(listed, vectors, strict=True)
    ]


def _key(moment: Moment) -> tuple[EpisodeId, int, int]:
    return moment.episode_id, moment.start_ms, moment.end_ms


def _source(library: Reader, moment: Moment) -> Source:
    """The words themselves with where they were said: of an insight, its quotation."""
    episode = library.episode(moment.episode_id)
    quote = library.card(moment.insight_id).insight.quote if moment.insight_id else moment.text
    return Source(
        moment.episode_id,
        shown(episode.title),
        episode.feed_title,
        episode.published_ms,
        moment.start_ms,
        moment.end_ms,
        shown(quote),
        library.speaker_between(moment.episode_id, moment.start_ms, moment.end_ms),
        moment.insight_id,
    )
