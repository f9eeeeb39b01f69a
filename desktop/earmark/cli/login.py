"""Asking for the name and password of a private show."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from earmark.pipeline.private import with_login
from earmark.pipeline.subscribe import address_of


@dataclass(frozen=True, slots=True)
class Login:
    """What the user said on the command line. `keep_in_library`: where no keyring is, or none is wanted."""

    user: str | None
    password_stdin: bool
    keep_in_library: bool

    def address(self, typed: str) -> str:
        """What was typed, with the name and the password, which is asked for. Raises KnownError."""
        if self.user is None:
            return typed
        if self.password_stdin:
            password = sys.stdin.readline().rstrip("\r\n")
        else:
            password = click.prompt(f"Password of {self.user}", hide_input=True, err=True)
        return with_login(address_of(typed), self.user, password)


def login_options(verb: Callable[..., None]) -> Callable[..., None]:
    """The options of a verb that adds shows; it gets them as `login`."""

    @click.option("--user", help="The name that a private show wants; the password is asked for.")
    @click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
    @click.option(
        "--keep-in-library",
        is_flag=True,
        help="Write passwords and tokens into the library, readable for all who can read your files.",
    )
    @wraps(verb)
    def with_login_read(*args: Any, **options: Any) -> None:
        login = Login(options.pop("user"), options.pop("password_stdin"), options.pop("keep_in_library"))
        verb(*args, login=login, **options)

    return with_login_read
