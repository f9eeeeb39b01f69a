"""Compressed answers, unpacked with a bound: 304 bytes can hold 200 MB."""

import zlib
from collections.abc import Iterator

from earmark.errors import KnownError

PIECE_BYTES = 65_536
GZIP_MAGIC = b"\x1f\x8b"


def inflated(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Unpack gzip in pieces of at most 64 kB, so that a bomb is seen before it is large.

    Raises KnownError for other encodings, which were not asked for, and for damaged or unfinished ones.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        yield from chunks
    elif name in ("gzip", "x-gzip"):
        yield from _gunzipped(chunks)
    else:
        raise KnownError("The server packed its answer in a way that was not asked for.")


def _gunzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Members one after the other, as gzip allows; what follows the last one and is no member is left."""
    unpack, begun = zlib.decompressobj(zlib.MAX_WBITS | 16), False
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if unpack.eof:
                    if not rest.startswith(GZIP_MAGIC):
                        return
                    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
                begun = True
                yield unpack.decompress(rest, PIECE_BYTES)
                rest = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
    except zlib.error as error:
        raise KnownError("The server's answer was damaged on its way.") from error
    while begun and not unpack.eof:
        piece = unpack.decompress(unpack.unconsumed_tail, PIECE_BYTES)
        if not piece and not unpack.eof:
            raise KnownError("The server's answer broke off before its end.")
        yield piece
