"""The verbs for what the user likes: `earmark taste ...`, `earmark mark` and `earmark review`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Literal

import click

from earmark.app import open_tools
from earmark.cli.options import json_option
from earmark.cli.text import as_json, card_json, long_date, print_cards
from earmark.clock import local_date, system_clock, to_ms
from earmark.counting import count_of
from earmark.errors import KnownError
from earmark.library import LibraryInUse, Reader, open_reader
from earmark.paths import Paths
from earmark.pipeline import forget_taste, learn_now, review_of, undo_lesson, wishes
from earmark.pipeline.muted_titles import mute_called, unmute_called
from earmark.pipeline.named import names_near
from earmark.records import Card, InsightId
from earmark.taste import SHOWS, Taste, change_taste, taste_file

KINDS = ("word", "show", "topic")


@click.group("taste", invoke_without_command=True)
@json_option
@click.pass_context
def taste(ctx: click.Context, json_: bool) -> None:
    """What you like, what you do not want to see, what was learned; all in one file that you may edit."""
    if ctx.invoked_subcommand is not None:
        return
    paths: Paths = ctx.obj
    known = _learned(paths)
    if json_:
        titles = [each.title for each in known.muted_shows]
        as_json({"file": str(taste_file(paths)), **asdict(known), SHOWS: titles})
        return
    _print_list("You like", known.interests, "nothing yet; say it with: earmark taste add “sleep and memory”")
    _print_list("Muted words", known.muted_words, "none")
    _print_list("Muted shows", tuple(each.title for each in known.muted_shows), "none")
    _print_list("Muted topics", known.muted_topics, "none")
    click.echo("Learned" if known.lessons else "Learned: nothing yet.")
    for lesson in known.lessons:
        click.echo(f"  {lesson.says}\n    to take it back: earmark taste undo {lesson.name}")
    click.echo(f"You may edit all this: {taste_file(paths)}")


def _learned(paths: Paths) -> Taste:
    """The taste with what was done up to now; with the window open, as the file stands."""
    try:
        with open_tools(paths) as tools:
            learn_now(tools)
    except LibraryInUse:
        pass
    return change_taste(paths, lambda now: now)  # there is a file to edit from now on


def _print_list(title: str, texts: tuple[str, ...], otherwise: str) -> None:
    click.echo(f"{title}: {', '.join(texts) or otherwise}")


@taste.command("add")
@click.argument("interest")
@click.pass_obj
def add_interest(paths: Paths, interest: str) -> None:
    """Something that you like, in a few words of yours."""
    wishes.add_interest(paths, interest)
    click.echo("Noted. The next brief heeds it.")


@taste.command("remove")
@click.argument("interest")
@click.pass_obj
def remove_interest(paths: Paths, interest: str) -> None:
    """Take an interest out again."""
    wishes.remove_interest(paths, interest)
    click.echo("Taken out.")


@taste.command("mute")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("text")
@click.pass_obj
def mute(paths: Paths, kind: Literal["word", "show", "topic"], text: str) -> None:
    """Hold back what has a word, is of a show (by its title), or is on a topic (in a few words)."""
    if kind == "show":
        with _reader(paths) as reader:
            mute_called(paths, reader, text)
    else:
        wishes.mute(paths, kind, text)
    if kind == "topic" and (near := _topics_beside(paths, text)):
        click.echo(
            f"No topic of your library is called so; what is close to it in meaning is held back. {near}"
        )
    click.echo("Noted. Briefs say how many are held back; to see them: earmark brief --held-back")


@taste.command("unmute")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("text")
@click.pass_obj
def unmute(paths: Paths, kind: Literal["word", "show", "topic"], text: str) -> None:
    """No longer hold back a word, a show or a topic."""
    if kind == "show":
        with _reader(paths) as reader:
            unmute_called(paths, reader, text)
    else:
        wishes.unmute(paths, kind, text)
    click.echo("Taken out.")


@contextmanager
def _reader(paths: Paths) -> Iterator[Reader | None]:
    """The library where there is one already."""
    if not paths.library.exists():
        yield None
        return
    with open_reader(paths) as reader:
        yield reader


def _topics_beside(paths: Paths, text: str) -> str:
    """The topics nearest to one that the library does not have; nothing to say where it has it, or none."""
    if not paths.library.exists():
        return ""
    with open_reader(paths) as reader:
        names = [topic.name for topic in reader.topics()]
    wanted = " ".join(text.split()).casefold()
    return "" if wanted in {name.casefold() for name in names} or not names else names_near(wanted, names)


@taste.command("undo")
@click.argument("lesson")
@click.pass_obj
def undo(paths: Paths, lesson: str) -> None:
    """Take back one thing that was learned; nothing is learned again from what it rested on."""
    with open_tools(paths) as tools:
        gone = undo_lesson(tools, lesson)
    click.echo(f"Taken back: {gone.says}")


@taste.command("forget")
@click.option("--all", "all_", is_flag=True, help="Also what you wrote yourself: interests and mutes.")
@click.pass_obj
def forget(paths: Paths, all_: bool) -> None:
    """Forget everything that was learned. What is saved stays saved, what is hidden stays hidden."""
    with open_tools(paths) as tools:
        count = forget_taste(tools, all_=all_)
    mine = "What you wrote is gone, too." if all_ else "What you wrote yourself stays."
    click.echo(f"Forgotten: {count_of(count, 'lesson')}. {mine}")


@click.command("mark")
@click.argument("insight")
@click.option("--save", is_flag=True, help="Keep it.")
@click.option("--unsave", is_flag=True, help="Keep it no longer.")
@click.option("--up", is_flag=True, help="More like this.")
@click.option("--down", is_flag=True, help="Less like this.")
@click.option("--no-thumb", is_flag=True, help="Neither more nor less.")
@click.option("--hide", is_flag=True, help="Do not show it again.")
@click.option("--unhide", is_flag=True, help="Show it again.")
@click.pass_obj
def mark(
    paths: Paths,
    insight: str,
    save: bool,
    unsave: bool,
    up: bool,
    down: bool,
    no_thumb: bool,
    hide: bool,
    unhide: bool,
) -> None:
    """Save, like, dislike or hide an INSIGHT. Briefs learn from it."""
    if up + down + no_thumb > 1:
        raise KnownError("Choose one of --up, --down and --no-thumb.")
    saved, hidden = _either("save", save, unsave), _either("hide", hide, unhide)
    thumb = 1 if up else -1 if down else 0 if no_thumb else None
    if saved is None and thumb is None and hidden is None:
        raise KnownError("Say what to do with it: --save, --up, --down or --hide.")
    with open_tools(paths) as tools:
        card = tools.library.card(InsightId(insight.removeprefix("earmark:insight/")))
        tools.library.set_mark(card.insight.id, saved=saved, thumb=thumb, hidden=hidden)
    click.echo(f"Noted: {card.insight.headline}")


def _either(name: str, wanted: bool, unwanted: bool) -> bool | None:
    """What one of two options says; None without either."""
    if wanted and unwanted:
        raise KnownError(f"Choose one of --{name} and --un{name}.")
    return wanted if wanted or unwanted else None


@click.command("note")
@click.argument("insight")
@click.argument("words", nargs=-1)
@click.option("--remove", is_flag=True, help="Take the note away.")
@json_option
@click.pass_obj
def note(paths: Paths, insight: str, words: tuple[str, ...], remove: bool, json_: bool) -> None:
    """Your own WORDS on an INSIGHT, in place of those that were there; without words: show them."""
    insight_id, text = InsightId(insight.removeprefix("earmark:insight/")), " ".join(words).strip()
    if remove and text:
        raise KnownError("Give words, or --remove; not both.")
    if text or remove:
        with open_tools(paths) as tools:
            tools.library.card(insight_id)
            tools.library.write_note(insight_id, text, was=tools.library.note(insight_id))
    with open_reader(paths) as reader:
        reader.card(insight_id)
        kept = reader.note(insight_id)
    if json_:
        as_json({"insight": insight_id, "note": kept})
    else:
        click.echo(kept or "There is no note on it. Write one with: earmark note INSIGHT WORDS")


@click.command("review")
@json_option
@click.pass_obj
def review(paths: Paths, json_: bool) -> None:
    """The last seven days: the best of their briefs, what you saved, and claims that were heard often."""
    today = local_date(system_clock).isoformat()
    with open_reader(paths) as reader:
        found = review_of(reader, today, now_ms=to_ms(system_clock()))
    parts = {"best": found.best, "saved": found.saved, "heard_often": found.heard_often}
    if json_:
        told = {name: [_json(card) for card in cards] for name, cards in parts.items()}
        as_json({"first": found.first, "last": found.last, "days": found.days, "shown": found.shown, **told})
        return
    click.echo(f"\nFrom {long_date(found.first)} to {long_date(found.last)}")
    briefs = count_of(found.days, "brief")
    shown = count_of(found.shown, "insight")
    click.echo(f"{shown} in {briefs}.\n" if found.days else "No brief in this week.\n")
    print_cards(found.best, "The best")
    print_cards(found.saved, "You saved")
    print_cards(found.heard_often, "Heard often")


def _json(card: Card) -> dict[str, object]:
    return {**card_json(card, []), "saved": card.saved}


VERBS = (taste, mark, note, review)
