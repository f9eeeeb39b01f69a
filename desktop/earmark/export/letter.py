"""A brief as a letter (RFC 5322): plain text, and the same as HTML without sound or pictures."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from html import escape

from earmark.clock import Clock
from earmark.export.cards import anchor, lead, plain_style, section_html
from earmark.export.plain_text import as_text
from earmark.export.selection import Selection


def as_letter(selection: Selection, *, sender: str, to: str, clock: Clock) -> bytes:
    """The letter as it goes over the wire. `sender` and `to` are plain addresses that were checked.

    The machine's name stands nowhere in it.
    """
    letter = EmailMessage(policy=SMTP.clone(cte_type="7bit"))  # some servers still take no other
    letter["From"] = sender
    letter["To"] = to
    letter["Subject"] = f"Earmark: {selection.title}"
    letter["Date"] = format_datetime(clock())
    letter["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(as_text(selection))
    letter.add_alternative(_html(selection), subtype="html")
    return letter.as_bytes()


def _html(selection: Selection) -> str:
    inside = {item.id for item in selection.items}
    body = "\n".join(
        lead(section)
        + section_html(
            section,
            numbered=section.day is not None,
            level=2,
            place=lambda id_: f"#{anchor(id_)}" if id_ in inside else None,
            sound=lambda _: None,
        )
        for section in selection.sections
    )
    title = escape(selection.title)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(selection.language)}"><head><meta charset="utf-8"/>'
        f"<title>{title}</title><style>{plain_style()}</style></head>\n"
        f'<body><main><h1 dir="auto">{title}</h1>\n{body}</main></body></html>\n'
    )
