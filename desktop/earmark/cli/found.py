"""How what was found, answered and gathered reads on a terminal, and as JSON."""

from collections.abc import Sequence
from typing import Any

import click

from earmark.cli.text import card_json, clock_time, day, print_cards, where, wrapped
from earmark.found import Answer, Disagreement, Found, FoundEpisode, Marks, Person, SearchPage, Source, Topic
from earmark.records import Card, EpisodeId

LONGEST_QUOTE = 400


def as_marked(text: str, marks: Marks) -> str:
    """A text with its marked words between asterisks. Its own asterisks are left out, so that none misleads.

    >>> as_marked("bread *and* butter", ((0, 5),))
    '*bread* and butter'
    """
    parts, end = [], 0
    for begin, stop in marks:
        parts += [text[end:begin].replace("*", ""), f"*{text[begin:stop]}*"]
        end = stop
    return "".join([*parts, text[end:].replace("*", "")])


def print_search(page: SearchPage, *, narrowed: bool) -> None:
    """What was found, best first; what to do when it is nothing."""
    if page.trouble:
        click.echo(page.trouble, err=True)
    if not (page.moments or page.episodes or page.shows):
        next_step = "Look in the whole library, or" if narrowed else "Try fewer words, or"
        click.echo(f"Nothing found for “{page.asked}”. {next_step} add a show: earmark add ADDRESS")
        return
    if page.shows:
        click.echo("Shows: " + "; ".join(show.title for show in page.shows) + "\n")
    for number, found in enumerate(page.moments, start=1):
        _print_found(number, found)
    if page.episodes:
        click.echo("In titles and notes")
    for episode in page.episodes:
        click.echo(f" - {where(episode.feed_title, episode.episode_title, day(episode.published_ms))}")
        if episode.text:
            click.echo(wrapped(as_marked(episode.text, episode.marks)))


def found_json(page: SearchPage) -> dict[str, Any]:
    """What was found. `marks` are (begin, end) within `text`."""
    return {
        "asked": page.asked,
        "by": page.by,
        "moments": [_found_json(found) for found in page.moments],
        "episodes": [
            {**_from_json(e.episode_id, e), "text": e.text, "marks": [list(mark) for mark in e.marks]}
            for e in page.episodes
        ],
        "shows": [{"feed": show.feed_id, "title": show.title} for show in page.shows],
        "trouble": page.trouble,
    }


def print_answer(answer: Answer) -> None:
    """An answer with the source of each sentence, or what comes closest to one."""
    if not answer.sentences:
        click.echo(f"Not in your library: “{answer.asked}”")
        if answer.near:
            click.echo("The closest to it that is there, though it does not seem to answer:\n")
        for source in answer.near:
            click.echo(wrapped(f"“{_shortened(source.quote)}”", "   "))
            click.echo(wrapped(_source_line(source)) + "\n")
        if not answer.near:
            click.echo("Search for words of it with: earmark search WORDS")
        return
    if not answer.written:
        click.echo(
            "What is said of it in your library, as quotations; whether they answer is yours to judge.\n"
        )
    for number, sentence in enumerate(answer.sentences, start=1):
        click.echo(
            wrapped(f"{number}. {sentence.text}" if answer.written else f"{number}. “{sentence.text}”", "")
        )
        click.echo(wrapped(_source_line(sentence.source)))
        if answer.written:
            click.echo(wrapped(f"“{_shortened(sentence.source.quote)}”", "   | "))
        click.echo()


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer; without sentences it is not in the library."""
    return {
        "asked": answer.asked,
        "in_library": bool(answer.sentences),
        "written": answer.written,
        "sentences": [{"text": s.text, "source": _source_json(s.source)} for s in answer.sentences],
        "near": [_source_json(source) for source in answer.near],
        "dropped": answer.dropped,
    }


def print_gathered(gathered: Sequence[Topic | Person], read_one: str, none: str) -> None:
    """A list of topics or people, and how to read one of them; `none`: what is said where there is none."""
    for each in gathered:
        click.echo(_line(each))
    click.echo(f"\nRead one with: {read_one}" if gathered else none)


def print_told(gathered: Topic | Person, cards: list[Card], against: list[Disagreement]) -> None:
    """One topic or person: its insights in time, and what contradicts what."""
    click.echo(f"{_line(gathered)}\n")
    print_cards(cards)
    _print_disagreements(against)


def told_json(cards: list[Card], against: list[Disagreement]) -> dict[str, Any]:
    """The same, without the topic or person itself."""
    in_time = [{**card_json(card, []), "date": day(card.published_ms) or None} for card in cards]
    return {"insights_in_time": in_time, "disagreements": [_disagreement_json(each) for each in against]}


def _line(gathered: Topic | Person) -> str:
    counts = ((gathered.insights, "insight"), (gathered.episodes, "episode"))
    told = [f"{count} {word}" if count == 1 else f"{count} {word}s" for count, word in counts]
    size = f"{told[0]} of {told[1]}" if isinstance(gathered, Topic) else f"{told[1]}, {told[0]}"
    return f"{gathered.name}: {size}"


def topic_json(topic: Topic) -> dict[str, Any]:
    """A topic in a list."""
    return {
        "id": topic.id,
        "name": topic.name,
        "insights": topic.insights,
        "episodes": topic.episodes,
        "newest": day(topic.newest_ms) or None,
    }


def person_json(person: Person) -> dict[str, Any]:
    """A person in a list."""
    return {
        "key": person.key,
        "name": person.name,
        "episodes": person.episodes,
        "insights": person.insights,
    }


def _print_disagreements(found: list[Disagreement]) -> None:
    """Who contradicts whom, the older first; views that one speaker changed first."""
    for title, listed in (
        ("Changed views", [d for d in found if d.same_speaker]),
        ("Contradictions", [d for d in found if not d.same_speaker]),
    ):
        if listed:
            click.echo(f"\n{title}")
        for each in listed:
            who = f"{each.same_speaker}: " if each.same_speaker else ""
            click.echo(f" - {who}{day(each.older.published_ms)} {each.older.insight.headline}")
            click.echo(f"   {day(each.newer.published_ms)} {each.newer.insight.headline}")
            if each.why:
                click.echo(wrapped(each.why))


def _disagreement_json(each: Disagreement) -> dict[str, Any]:
    return {
        "older": each.older.insight.id,
        "newer": each.newer.insight.id,
        "why": each.why,
        "same_speaker": each.same_speaker,
    }


def _print_found(number: int, found: Found) -> None:
    moment = found.moment
    at = where(found.feed_title, found.episode_title, day(found.published_ms), clock_time(moment.start_ms))
    if found.card:
        click.echo(f"{number}. {found.card.insight.headline}")
        click.echo(wrapped(as_marked(moment.text, found.marks)))
        click.echo(wrapped(at))
        click.echo(f"   earmark show {moment.insight_id}\n")
    else:
        click.echo(wrapped(f"{number}. … {as_marked(moment.text, found.marks)} …", "").rstrip())
        click.echo(wrapped(at) + "\n")


def _found_json(found: Found) -> dict[str, Any]:
    moment = found.moment
    return {
        "insight": moment.insight_id,
        "headline": found.card.insight.headline if found.card else None,
        **_from_json(moment.episode_id, found),
        "start_ms": moment.start_ms,
        "end_ms": moment.end_ms,
        "text": moment.text,
        "marks": [list(mark) for mark in found.marks],
    }


def _from_json(id_: EpisodeId, found: Found | FoundEpisode | Source) -> dict[str, Any]:
    """The episode that something was found in."""
    return {
        "episode": id_,
        "show": found.feed_title,
        "title": found.episode_title,
        "date": day(found.published_ms) or None,
    }


def _source_line(source: Source) -> str:
    at = clock_time(source.start_ms)
    return where(source.speaker, source.feed_title, source.episode_title, day(source.published_ms), at)


def _source_json(source: Source) -> dict[str, Any]:
    return {
        "insight": source.insight_id,
        **_from_json(source.episode_id, source),
        "speaker": source.speaker,
        "start_ms": source.start_ms,
        "end_ms": source.end_ms,
        "quote": source.quote,
    }


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
