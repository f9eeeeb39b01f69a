"""`earmark mail`: the brief by mail, through the user's own server. Off by default."""

import sys
from dataclasses import replace
from typing import Any

import click

from earmark.app import open_door
from earmark.cli.export_verb import day_of
from earmark.cli.text import as_json
from earmark.clock import system_clock
from earmark.library import open_reader
from earmark.passwords import forget_password, store_password
from earmark.paths import Paths
from earmark.pipeline.out import check_address, mail_account, mail_brief, mail_server
from earmark.settings import Settings, load_settings, save_settings

PROTECTED = {"tls": "encrypted", "starttls": "encrypted (STARTTLS)", "none": "not encrypted"}
json_option = click.option("--json", "json_", is_flag=True, help="Print JSON.")


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
        _forget(settings)
        settings = _without_mail(settings)
        save_settings(paths, settings)
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
    json_: bool,
) -> None:
    """Use the mail server SERVER, such as smtp.example.org:465. The system's keyring keeps the password."""
    paths.create()
    wanted = replace(
        load_settings(paths),
        mail_server=server,
        mail_protection=protection or "tls",
        mail_user=user,
        mail_from=check_address(sender),
        mail_to=check_address(to),
    )
    place = mail_server(wanted)
    assert place is not None
    _forget(load_settings(paths))
    if place.user:
        store_password(mail_account(place), _password(place.user, password_stdin))
    save_settings(paths, wanted)
    _tell(wanted, json_)
    if not json_:
        click.echo("Try it with: earmark mail brief")


@mail.command("brief")
@click.option("--brief", "date", metavar="DATE", help="The brief of a day; else the newest one.")
@json_option
@click.pass_obj
def brief(paths: Paths, date: str | None, json_: bool) -> None:
    """Send your brief now."""
    settings = load_settings(paths)
    with open_reader(paths) as reader, open_door(paths) as door:
        sent = mail_brief(reader, door, settings, day_of(date), system_clock)
    if json_:
        as_json({"brief": sent, "to": settings.mail_to, "server": settings.mail_server})
    else:
        click.echo(f"The brief of {sent} went to {settings.mail_to}.")


def _forget(settings: Settings) -> None:
    """Have the system forget the password of the server that was used until now."""
    server = mail_server(settings)
    if server and server.user:
        forget_password(mail_account(server))


def _password(user: str, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt(f"Password of {user}", hide_input=True, err=True))


def _without_mail(settings: Settings) -> Settings:
    nothing: dict[str, Any] = dict.fromkeys(("mail_server", "mail_user", "mail_from", "mail_to"))
    return replace(settings, mail_protection=Settings().mail_protection, **nothing)


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
            }
        )
    elif server is None:
        click.echo("Mail is off: no letter leaves this computer.")
    else:
        way = PROTECTED[server.protection]
        click.echo(f"Your brief goes to {settings.mail_to} through {server.host}:{server.port}, {way}.")
