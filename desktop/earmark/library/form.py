"""What tells the form of a library. Apart from `schema`, which changes it."""

import hashlib

APPLICATION_ID = 0x4561726D  # "Earm", so that `file` and we ourselves know whose database it is
SCHEMA_VERSION = 17
"""How many migrations `schema` has."""


def fingerprint(owner: str, model_id: str, vector: bytes) -> int:
    """A number that stands for one vector of one owner: 63 bits, never 0."""
    digest = hashlib.sha256(f"{owner}\n{model_id}\n".encode() + vector).digest()
    return int.from_bytes(digest[:8], "big") >> 1 or 1
