"""Passwords, kept by the system (its keyring) and nowhere else: not in settings, logs or exports."""

from earmark.errors import KnownError

SERVICE = "Earmark mail"
_NOWHERE = (
    "This system has no place for passwords that Earmark can use, and Earmark writes none into a file. "
    "On Linux a desktop's keyring (GNOME Keyring, KWallet) is such a place."
)


def stored_password(account: str, service: str = SERVICE) -> str | None:
    """The password of an account, None when there is none. Raises KnownError without a keyring."""
    import keyring  # looking for the system's keyrings takes a while; few need it
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(service, account)
    except KeyringError as error:
        raise KnownError(_NOWHERE) from error


def store_password(account: str, password: str, service: str = SERVICE) -> None:
    """Give the system a password to keep. Raises KnownError without a keyring, or when it stays locked."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(service, account, password)
    except KeyringError as error:
        raise KnownError(_NOWHERE) from error


def forget_password(account: str, service: str = SERVICE) -> bool:
    """Have the system forget it; False where it is locked, or nothing is kept at all."""
    import keyring
    from keyring.errors import KeyringError

    try:
        if keyring.get_password(service, account) is not None:
            keyring.delete_password(service, account)
    except KeyringError:
        return False
    return True


def has_keyring() -> bool:
    """Whether the system keeps passwords for programs, and has not locked them away."""
    try:
        stored_password("is it there")
    except KnownError:
        return False
    return True
