"""Out of the library: what is chosen (`choose`), in which form it is written (`write`), and by mail (`mail`).

The window and the command line ask for the same: a `Wish` and a form give files, and a result that says what
became of them. Reads the library only; clips are cut from recordings that lie on this computer.
"""

from earmark.pipeline.out.choose import Wish, chosen
from earmark.pipeline.out.mail import check_address, mail_account, mail_brief, mail_server
from earmark.pipeline.out.write import FORMS, Form, Written, default_name, write_out

__all__ = [
    "FORMS",
    "Form",
    "Wish",
    "Written",
    "check_address",
    "chosen",
    "default_name",
    "mail_account",
    "mail_brief",
    "mail_server",
    "write_out",
]
