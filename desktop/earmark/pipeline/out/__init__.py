"""Out of the library: what is chosen (`choose`), in which form it is written (`write`), by mail (`mail`), and
what follows each brief by itself (`daily`).

The window and the command line ask for the same: a `Wish` and a form give files, and a result that says what
became of them. Reads the library only; clips are cut from recordings that lie on this computer.
"""

from earmark.pipeline.out.choose import Wish, chosen
from earmark.pipeline.out.daily import due_letter, mail_due_brief, note_not_sent, renew_feed
from earmark.pipeline.out.mail import (
    Letter,
    check_address,
    mail_account,
    mail_brief,
    mail_server,
    send_letter,
)
from earmark.pipeline.out.write import FORMS, Form, Written, default_name, write_out

__all__ = [
    "FORMS",
    "Form",
    "Letter",
    "Wish",
    "Written",
    "check_address",
    "chosen",
    "default_name",
    "due_letter",
    "mail_account",
    "mail_brief",
    "mail_due_brief",
    "mail_server",
    "note_not_sent",
    "renew_feed",
    "send_letter",
    "write_out",
]
