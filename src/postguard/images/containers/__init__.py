"""The containers of pictures: which one a file is, told by its bytes alone, and the two ways reading one can fail.

Each module below walks one container and gives its parts with their place in the file. None decodes a pixel.
"""

from typing import Final


class PictureError(ValueError):
    """A file that cannot be handled; `reason` is a fixed phrase that quotes nothing of the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason: Final = reason


class Damaged(PictureError):
    """The file breaks the grammar of its own container."""


class Unsupported(PictureError):
    """The container, or what this file does with it, is not handled; the reason says what to send instead."""


def container(data: bytes) -> str:
    """The name of the container of `data`, recognised by its first bytes, never by a file's name.

    One of `jpeg png webp gif tiff heif mp4 svg pdf jxl jp2 bmp ico raw`, or `unknown`.
    `heif` stands for the still pictures of ISO 23008-12 (HEIC, AVIF), `mp4` for MP4 and QuickTime films.
    """
    for name, signature, offset in _SIGNATURES:
        if data.startswith(signature, offset):
            return name
    if data.startswith(b"RIFF") and data.startswith(b"WEBP", 8):
        return "webp"
    if data.startswith(_TIFF_HEADERS):
        return "raw" if data.startswith(b"CR", 8) else "tiff"
    if data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return _iso_container(data)
    return "svg" if _looks_like_svg(data) else "unknown"


_TIFF_HEADERS: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_SIGNATURES: Final = (
    ("jpeg", b"\xff\xd8", 0),
    ("png", b"\x89PNG\r\n\x1a\n", 0),
    ("gif", b"GIF87a", 0),
    ("gif", b"GIF89a", 0),
    ("pdf", b"%PDF-", 0),
    ("jxl", b"\xff\x0a", 0),
    ("jxl", b"\0\0\0\x0cJXL ", 0),
    ("jp2", b"\0\0\0\x0cjP  ", 0),
    ("jp2", b"\xff\x4f\xff\x51", 0),
    ("bmp", b"BM", 0),
    ("ico", b"\0\0\1\0", 0),
    ("raw", b"FUJIFILMCCD-RAW", 0),
    ("raw", b"IIRO", 0),
    ("raw", b"IIU\0", 0),
    ("raw", b"IIRS", 0),
)
_STILL_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1", b"avif", b"avis", b"miaf"}
)


def _iso_container(data: bytes) -> str:
    if data[4:8] != b"ftyp":
        return "mp4"
    size = min(int.from_bytes(data[:4], "big"), 4096)
    major, compatible = data[8:12], {data[at : at + 4] for at in range(16, size, 4)}
    if major == b"crx ":
        return "raw"
    if major in _STILL_BRANDS or (compatible & _STILL_BRANDS and not compatible & {b"isom", b"mp41", b"mp42"}):
        return "heif"
    return "mp4"


def _looks_like_svg(data: bytes) -> bool:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith(b"<svg") or (head.startswith((b"<?xml", b"<!--", b"<!doctype")) and b"<svg" in head)
