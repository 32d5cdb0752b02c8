"""Strips an MP4 or QuickTime film: brands, picture and sound tracks; no frame is touched."""

from postguard.images.containers import Damaged, Unsupported
from postguard.images.containers.boxes import box, walk
from postguard.images.strip import Stripped
from postguard.images.strip.film import BRANDS, Film
from postguard.images.strip.heif import brands


def strip(data: bytes) -> Stripped:
    """See `postguard.images.strip.strip`."""
    top = list(walk(data))
    moov = next((part for part in top if part.kind == b"moov"), None)
    if moov is None:
        raise Damaged("a film without its tables")
    film = Film(data, moov)
    head = brands(data, top[0], BRANDS) if top[0].kind == b"ftyp" else box(b"ftyp", b"qt  ", bytes(4), b"qt  ")
    size = 8 + sum(map(len, film.chunks))
    if size >> 32:
        raise Unsupported("a film that is too large; send it smaller")
    tables = film.moov(len(head) + len(film.moov(0)) + 8)
    return Stripped("mp4", b"".join((head, tables, size.to_bytes(4, "big"), b"mdat", *film.chunks)))
