"""The secrets of private shows: with the system's keyring, and in memory what was learned in this run.

In the library, the log and in exports stand marks (`hiding`). What enclosures of a private show hold of
secrets is not kept anywhere: the show is asked again for them.
"""

import secrets
import threading
from collections.abc import Collection, Mapping
from html import escape
from typing import TypeVar

from earmark.errors import KnownError
from earmark.hiding import (
    Hidden,
    each_text,
    hide,
    hide_in_text,
    host_of,
    is_whole,
    mark_of,
    marks_in,
    reveal,
    telling_parts,
)
from earmark.passwords import forget_password, store_password, stored_password

SERVICE = "Earmark shows"
_KEY = "key of marks"
Thing = TypeVar("Thing")


class NoKeyring(KnownError):  # noqa: N818  (says what happened)
    """This system keeps no secrets for programs."""

    def __init__(self) -> None:
        super().__init__(
            "This address holds a password or a token, and this system has no keyring that could keep it "
            "(on Linux: GNOME Keyring or KWallet). Earmark can write it into its library instead, where "
            "everybody who can read your files can read it: earmark add ADDRESS --keep-in-library, or "
            "earmark import FILE --keep-in-library"
        )


class Forgotten(KnownError):  # noqa: N818  (says what happened)
    """A secret that this computer does not know, or not for this host."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The password or token for {host} is not in this computer's keyring. "
            "Add the show again with its whole address: earmark add ADDRESS"
        )


class Vault:
    """Hides and reveals. Safe to use from several threads; the keyring is asked when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._own_key: bytes | None = None

    def hide(self, address: str, *, whole: bool = False) -> str:
        """An address with marks, whose secrets are known until the program ends; `whole` as `hiding.hide` has
        it. Raises NoKeyring."""
        return self._learn(hide(address, self._key(), whole=whole))

    def keep(self, address: str, *, whole: bool = False) -> str:
        """The same, and the keyring keeps what its marks stand for. Raises NoKeyring."""
        marked = self.hide(address, whole=whole)
        for mark in marks_in(marked):
            if mark in self._known:
                _store(mark, self._known[mark])
        return marked

    def keep_marks(self, marked: str) -> None:
        """Have the keyring keep what the marks of an address stand for. Raises NoKeyring, Forgotten."""
        for mark, secret in self._secrets_of(marks_in(marked), host_of(marked)).items():
            _store(mark, secret)

    def hide_all(self, thing: Thing, of: str) -> Thing:
        """A record without the secrets in its addresses, nor those of the hidden address that it is `of`.

        Raises NoKeyring.
        """
        key, known = self._key(), {m: self._known[m] for m in marks_in(of) if m in self._known}
        places: dict[str, str] = {}
        if is_whole(of) and (path := known.pop(marks_in(of)[-1], None)):
            # A path may be a word like "podcast", so it is looked for behind its host alone.
            place = of.partition("://")[2].rpartition("/")[0].rpartition("@")[2]
            places = {f"{place}/{form}": f"{place}/{marks_in(of)[-1]}" for form in (path, escape(path))}
            known |= {mark_of(part, host_of(of), key): part for part in telling_parts(path)}
            self._known.update(known)

        def hidden(text: str) -> str:
            for place, marked in places.items():
                text = text.replace(place, marked)
            return self._learn(hide_in_text(text, key, known))

        return each_text(thing, hidden)

    def reveal(self, address: str) -> str:
        """The address as it is asked. Raises Forgotten."""
        marks = marks_in(address)
        return reveal(address, self._secrets_of(marks, host_of(address))) if marks else address

    def can_reveal(self, address: str) -> bool:
        """Whether all that is hidden in an address is known."""
        try:
            self.reveal(address)
        except KnownError:
            return False
        return True

    def forget(self, address: str, *, but: Collection[str] = ()) -> bool:
        """Have the keyring forget what is hidden in an address, `but` for these marks; whether it did."""
        marks = [mark for mark in marks_in(address) if mark not in but]
        for mark in marks:
            self._known.pop(mark, None)
        gone = [forget_password(mark, SERVICE) for mark in marks]
        return all(gone)

    def _secrets_of(self, marks: list[str], host: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for mark in marks:
            secret = self._known.get(mark) or _unlocked(mark, host)
            # A mark is of one host: a feed cannot have another's secret sent to its own.
            if secret is None or mark_of(secret, host, self._key()) != mark:
                raise Forgotten(host)
            found[mark] = self._known[mark] = secret
        return found

    def _learn(self, hidden: Hidden) -> str:
        self._known.update(hidden.secrets)
        return hidden.text

    def _key(self) -> bytes:
        """What marks are made with: made once, kept by the system."""
        with self._lock:
            if self._own_key is None:
                stored = _stored(_KEY)
                if stored is None:
                    stored = secrets.token_hex(16)
                    _store(_KEY, stored)
                self._own_key = stored.encode("ascii")
            return self._own_key


def _stored(account: str) -> str | None:
    try:
        return stored_password(account, SERVICE)
    except KnownError as error:
        raise NoKeyring from error


def _unlocked(mark: str, host: str) -> str | None:
    try:
        return stored_password(mark, SERVICE)
    except KnownError as error:
        raise KnownError(
            f"This computer's keyring is locked or not there, so the password or token for {host} cannot be "
            "had. Unlock it and try again."
        ) from error


def _store(account: str, secret: str) -> None:
    try:
        store_password(account, secret, SERVICE)
    except KnownError as error:
        raise NoKeyring from error
