"""How numbers and sizes are told."""

MB = 1_000_000


def count_of(number: int, thing: str) -> str:
    """A number with its thing, in one or many.

    >>> count_of(1, "advert"), count_of(2, "advert")
    ('1 advert', '2 adverts')
    """
    return f"{number} {thing}{'' if number == 1 else 's'}"


def size_text(size_bytes: int) -> str:
    """A size as people say it.

    >>> size_text(730_000_000), size_text(1_240_000_000)
    ('730 MB', '1.2 GB')
    """
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1000 * MB else f"{max(0, size_bytes) // MB} MB"
