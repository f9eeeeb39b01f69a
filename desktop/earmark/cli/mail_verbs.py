"""`earmark mail`: the brief by mail, through the user's own server. Off by default."""

import sys
from contextlib import suppress
from dataclasses import replace
from typing import Any

import click

from earmark.app import open_door
from earmark.cli.options import iso_date, json_option
from earmark.cli.text import as_json
from earmark.clock import system_clock
from earmark.errors import KnownError
from earmark.library import LibraryInUse, open_library, open_reader
from earmark.passwords import forget_password, store_password
from earmark.paths import Paths
from earmark.pipeline.out import check_address, mail_account, mail_brief, mail_server
from earmark.settings import Settings, change_settings, load_settings

PROTECTED = {"tls": "encrypted", "starttls": "encrypted (STARTTLS)", "none": "not encrypted"}


@click.group("mail", invoke_without_command=True)
@click.option("--off", is_flag=True, help="Send no mail any more, and forget the server and its password.")
@json_option
@click.pass_context
def mail(ctx: click.Context, off: bool, json_: bool) -> None:
    """Your brief by mail, through your own mail server. Off by default.

    Without a verb: whether it is on, and through which server.
    """
    if ctx.invoked_subcommand is not None:
        return
    paths: Paths = ctx.obj
    paths.create()
    settings = load_settings(paths)
    if off:
        account = _account(settings)
        settings = change_settings(paths, _without_mail)
        if account:
            forget_password(account)
    _tell(settings, json_)


@mail.command("setup")
@click.argument("server", metavar="SERVER")
@click.option("--from", "sender", required=True, help="The address that the letter comes from.")
@click.option("--to", required=True, help="The address that it goes to.")
@click.option("--user", help="The name to log in with; the password is asked for.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option(
    "--starttls", "protection", flag_value="starttls", help="Encrypt after the greeting (port 587)."
)
@click.option("--no-encryption", "protection", flag_value="none", help="Only inside your own network.")
@click.option(
    "--only-when-asked", is_flag=True, help="Send no brief by itself, only with: earmark mail brief."
)
@json_option
@click.pass_obj
def setup(
    paths: Paths,
    server: str,
    sender: str,
    to: str,
    user: str | None,
    password_stdin: bool,
    protection: Any,
    only_when_asked: bool,
    json_: bool,
) -> None:
    """Use the mail server SERVER, such as smtp.example.org:465. The system's keyring keeps the password.

    From then on each day's brief goes by itself, once.
    """
    paths.create()
    chosen: dict[str, Any] = {
        "mail_server": server,
        "mail_protection": protection or "tls",
        "mail_user": user,
        "mail_from": check_address(sender),
        "mail_to": check_address(to),
        "mail_daily": not only_when_asked,
    }
    before = load_settings(paths)
    place, old = mail_server(replace(before, **chosen)), _account(before)
    assert place is not None
    account = mail_account(place) if place.user else None
    if account:  # the old one is forgotten only when the new one is kept
        store_password(account, _password(str(place.user), password_stdin))
    wanted = change_settings(paths, lambda now: replace(now, **chosen))
    if old and old != account:
        forget_password(old)
    _tell(wanted, json_)
    if not json_ and wanted.mail_daily:
        click.echo("Try it with: earmark mail brief")


@mail.command("brief")
@click.option("--brief", "date", metavar="DATE", help="The brief of a day; else the newest one.")
@json_option
@click.pass_obj
def brief(paths: Paths, date: str | None, json_: bool) -> None:
    """Send your brief now."""
    settings = load_settings(paths)
    with open_reader(paths) as reader, open_door(paths) as door:
        sent = mail_brief(reader, door, settings, None if date is None else iso_date(date), system_clock)
    with suppress(LibraryInUse), open_library(paths, clock=system_clock) as library:
        library.note_announced(sent)
    if json_:
        as_json({"brief": sent, "to": settings.mail_to, "server": settings.mail_server})
    else:
        click.echo(f"The brief of {sent} went to {settings.mail_to}.")


def _account(settings: Settings) -> str | None:
    """Under which name the system keeps the password of the server in use, if there is one."""
    with suppress(KnownError):  # a server that is none has no password
        server = mail_server(settings)
        return mail_account(server) if server and server.user else None
    return None


def _password(user: str, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt(f"Password of {user}", hide_input=True, err=True))


def _without_mail(settings: Settings) -> Settings:
    nothing: dict[str, Any] = dict.fromkeys(("mail_server", "mail_user", "mail_from", "mail_to"))
    return replace(settings, mail_protection=Settings().mail_protection, mail_daily=True, **nothing)


def _tell(settings: Settings, json_: bool) -> None:
    server = mail_server(settings)
    if json_:
        as_json(
            {
                "on": server is not None,
                "server": f"{server.host}:{server.port}" if server else None,
                "protection": server.protection if server else None,
                "user": settings.mail_user,
                "from": settings.mail_from,
                "to": settings.mail_to,
                "daily": server is not None and settings.mail_daily,
            }
        )
    elif server is None:
        click.echo("Mail is off: no letter leaves this computer.")
    else:
        way = PROTECTED[server.protection]
        when = "each day" if settings.mail_daily else "when you say so"
        through = f"through {server.host}:{server.port}, {way}"
        click.echo(f"Your brief goes to {settings.mail_to} {when}, {through}.")
        if not settings.mail_daily:
            click.echo("Send it with: earmark mail brief")
