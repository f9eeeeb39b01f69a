"""Asking for the name and password of a private show."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from earmark.errors import KnownError
from earmark.pipeline.private import with_login
from earmark.pipeline.subscribe import address_of

NO_PASSWORD = (
    "No password came. Type this on a terminal, where you are asked for it, or give it on standard input: "
    "earmark add ADDRESS --user {user} --password-stdin < FILE"
)


@dataclass(frozen=True, slots=True)
class Login:
    """What the user said on the command line. `keep_in_library`: where no keyring is, or none is wanted.
    `private`: all of the address is secret."""

    user: str | None
    password_stdin: bool
    keep_in_library: bool
    private: bool = False

    def address(self, typed: str) -> str:
        """What was typed, with the name and the password, which is asked for. Raises KnownError."""
        if self.user is None:
            return typed
        if self.password_stdin or not sys.stdin.isatty():
            password = sys.stdin.readline().rstrip("\r\n")
        else:
            password = click.prompt(f"Password of {self.user}", hide_input=True, err=True)
        if not password:
            raise KnownError(NO_PASSWORD.format(user=self.user))
        return with_login(address_of(typed), self.user, password)


def open_options(verb: Callable[..., None]) -> Callable[..., None]:
    """The options that say what becomes of secrets in addresses."""

    @click.option(
        "--keep-in-library",
        is_flag=True,
        help="Write passwords and tokens into the library, readable for all who can read your files.",
    )
    @click.option("--private", is_flag=True, help="All of an address is secret, whatever it looks like.")
    @wraps(verb)
    def with_one_of_both(*args: Any, **options: Any) -> None:
        if options["keep_in_library"] and options["private"]:
            raise KnownError(
                "Say one of both: --private has your system's keyring keep the address, --keep-in-library "
                "writes it into the library."
            )
        verb(*args, **options)

    return with_one_of_both


def login_options(verb: Callable[..., None]) -> Callable[..., None]:
    """The options of a verb that adds shows; it gets them as `login`."""

    @click.option("--user", help="The name that a private show wants; the password is asked for.")
    @click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
    @open_options
    @wraps(verb)
    def with_login_read(*args: Any, **options: Any) -> None:
        names = ("user", "password_stdin", "keep_in_library", "private")
        verb(*args, login=Login(*(options.pop(name) for name in names)), **options)

    return with_login_read
