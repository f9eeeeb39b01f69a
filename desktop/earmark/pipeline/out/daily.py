"""What follows a brief by itself: the letter of the day, once, and the feed file that the user once wrote."""

from earmark.clock import local_date
from earmark.errors import KnownError
from earmark.export import write_feed
from earmark.export.feed_file import MOST_DAYS
from earmark.net import MaybeSent
from earmark.pipeline.out.choose import all_briefs
from earmark.pipeline.out.mail import Letter, ready_letter, send_letter
from earmark.pipeline.today import FULL
from earmark.pipeline.tools import Tools


def due_letter(tools: Tools) -> Letter | None:
    """The letter with today's brief if it is to go now; from here on it counts as sent.

    So it never goes twice, wherever the program ends; `note_not_sent` takes it back after a fault. A brief
    that is not full waits until nothing is worked on. Of past days nobody wants a letter. Raises KnownError
    when what is set up for mail does not hold; then it does not count as sent.
    """
    settings, library = tools.choices(), tools.library
    if settings.mail_server is None or not settings.mail_daily or settings.offline:
        return None
    today = local_date(tools.clock).isoformat()
    page = library.brief(today) if today in library.unannounced() else None
    shown = [card for card in page.cards if not card.hidden] if page else []
    if not shown or (len(shown) < FULL and library.library_counts()["running"]):
        return None
    letter = ready_letter(library, settings, today, tools.clock)
    library.note_announced(today)
    return letter


def note_not_sent(tools: Tools, letter: Letter, fault: KnownError) -> None:
    """The letter did not go, so the next run tries again; unless nobody can know whether it went."""
    if not isinstance(fault, MaybeSent):
        tools.library.note_announced(letter.day, announced=False)


def mail_due_brief(tools: Tools) -> str | None:
    """Send today's brief if it is to go now; gives the address that it went to. Raises KnownError."""
    letter = due_letter(tools)
    if letter is None:
        return None
    try:
        send_letter(tools.door, letter)
    except KnownError as fault:
        note_not_sent(tools, letter, fault)
        raise
    return letter.to


def renew_feed(tools: Tools) -> None:
    """Bring the feed file to today, where there still is one. Raises KnownError."""
    file = tools.choices().feed_file
    if file is not None and file.is_file():
        write_feed(file, all_briefs(tools.library, tools.clock, MOST_DAYS))
