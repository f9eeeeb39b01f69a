"""The verbs that ask the library: search, ask, topics and people."""

from typing import get_args

import click

from earmark.app import open_engines
from earmark.cli.found import (
    answer_json,
    found_json,
    person_json,
    print_answer,
    print_gathered,
    print_search,
    print_told,
    told_json,
    topic_json,
)
from earmark.cli.options import iso_span, json_option, said
from earmark.cli.text import as_json, day, where
from earmark.clock import begin_ms
from earmark.errors import KnownError
from earmark.found import By, FoundShow, Narrow, SearchPage
from earmark.library import Reader, open_library, open_reader
from earmark.paths import Paths
from earmark.pipeline.asking import ask
from earmark.pipeline.gathering import disagreements
from earmark.pipeline.searching import search

NO_TOPICS = (
    "There are no topics yet; they come when several episodes speak of one thing. Next: earmark process"
)
NO_PEOPLE = "Nobody is named yet: neither the feeds nor the transcripts of your library say who speaks."


@click.command("search")
@click.argument("words", nargs=-1)
@click.option("--show", "show", callback=said, help="Only in the show of this name.")
@click.option("--since", metavar="DATE", help="Only in episodes of this day (YYYY-MM-DD) or later.")
@click.option("--until", metavar="DATE", help="Only in episodes of this day or earlier.")
@click.option("--saved", is_flag=True, help="Only insights that you saved.")
@click.option("--topic", callback=said, help="Only insights of this topic.")
@click.option(
    "--by", type=click.Choice(get_args(By)), default="both", show_default=True, help="What must fit."
)
@click.option("--most", type=click.IntRange(1, 100), default=10, show_default=True, help="How many moments.")
@click.option("--rebuild", is_flag=True, help="Build the search index anew first.")
@json_option
@click.pass_obj
def search_(
    paths: Paths,
    words: tuple[str, ...],
    show: str | None,
    since: str | None,
    until: str | None,
    saved: bool,
    topic: str | None,
    by: By,
    most: int,
    rebuild: bool,
    json_: bool,
) -> None:
    """Find moments, episodes and shows by words, by meaning, or by both."""
    asked = " ".join(words)
    if rebuild:
        with open_library(paths) as library:
            library.rebuild_search()
    if not asked.strip():
        if rebuild:
            click.echo("The search index was built anew.")
            return
        raise KnownError("Say what to look for: earmark search WORDS")
    with open_reader(paths) as reader:
        narrow = _narrow(reader, show, since, until, saved, topic)
        page = _found(paths, reader, asked, narrow, by, most)
    if json_:
        as_json(found_json(page))
    else:
        print_search(page, narrowed=narrow != Narrow())


@click.command("ask")
@click.argument("question", nargs=-1, required=True)
@json_option
@click.pass_obj
def ask_(paths: Paths, question: tuple[str, ...], json_: bool) -> None:
    """An answer made only of what was said in your library, each sentence with its source."""
    asked = " ".join(question)
    if not asked.strip():
        raise KnownError("Say what you want to know: earmark ask QUESTION")
    with open_reader(paths) as reader, open_engines(paths) as engines:
        answer = ask(reader, engines.language, asked)
    if json_:
        as_json(answer_json(answer))
    else:
        print_answer(answer)


@click.command("topics")
@json_option
@click.pass_obj
def topics_(paths: Paths, json_: bool) -> None:
    """What your library is about: insights of several episodes that belong together."""
    with open_reader(paths) as reader:
        found = reader.topics()
    if json_:
        as_json([topic_json(topic) for topic in found])
    else:
        print_gathered(found, "earmark topic NAME", NO_TOPICS)


@click.command("topic")
@click.argument("name", nargs=-1, required=True)
@json_option
@click.pass_obj
def topic_(paths: Paths, name: tuple[str, ...], json_: bool) -> None:
    """The insights of one topic in time, and what contradicts what."""
    with open_reader(paths) as reader:
        topic = reader.topic_named(" ".join(name))
        ids = reader.topic_insight_ids(topic.id)
        cards, against = reader.cards(ids), disagreements(reader, ids)
    if json_:
        as_json({**topic_json(topic), **told_json(cards, against)})
    else:
        print_told(topic, cards, against)


@click.command("people")
@json_option
@click.pass_obj
def people_(paths: Paths, json_: bool) -> None:
    """Who speaks in your library or is named by its feeds; nobody is guessed."""
    with open_reader(paths) as reader:
        found = reader.people()
    if json_:
        as_json([person_json(person) for person in found])
    else:
        print_gathered(found, "earmark person NAME", NO_PEOPLE)


@click.command("person")
@click.argument("name", nargs=-1, required=True)
@json_option
@click.pass_obj
def person_(paths: Paths, name: tuple[str, ...], json_: bool) -> None:
    """What somebody said, in time, as the transcripts have it, and the episodes with them."""
    with open_reader(paths) as reader:
        person = reader.person_named(" ".join(name))
        ids = reader.said_by(person.key)
        cards, against = reader.cards(ids), disagreements(reader, ids)
        episodes = [reader.episode(id_) for id_ in reader.episodes_with_person(person.key)]
    if json_:
        listed = [{"episode": e.id, "show": e.feed_title, "title": e.title} for e in episodes]
        as_json({**person_json(person), "episodes_with": listed, **told_json(cards, against)})
        return
    print_told(person, cards, against)
    click.echo("\nEpisodes")
    for episode in episodes:
        click.echo(f" - {where(day(episode.published_ms), episode.feed_title, episode.title)}")


def _found(paths: Paths, reader: Reader, asked: str, narrow: Narrow, by: By, most: int) -> SearchPage:
    if by == "words":
        return search(reader, None, asked, narrow=narrow, by=by, most=most)
    with open_engines(paths) as engines:
        return search(reader, engines.language, asked, narrow=narrow, by=by, most=most)


def _narrow(
    reader: Reader, show: str | None, since: str | None, until: str | None, saved: bool, topic: str | None
) -> Narrow:
    first, last = iso_span(since, until)
    return Narrow(
        feed_id=None if show is None else _only_show(reader, show).feed_id,
        since_ms=None if first is None else begin_ms(first),
        until_ms=None if last is None else begin_ms(last, days_later=1),
        saved=saved,
        topic_id=None if topic is None else reader.topic_named(topic).id,
    )


def _only_show(reader: Reader, name: str) -> FoundShow:
    found = reader.feeds_named(name)
    if len(found) == 1:
        return found[0]
    titles = [show.title for show in found] or [feed.title for feed in reader.feeds()]
    told = f"“{name}” fits several shows" if found else f"There is no show “{name}” in your library"
    raise KnownError(f"{told}. Choose one of: {'; '.join(titles[:10])}.")


VERBS = (search_, ask_, topics_, topic_, people_, person_)
