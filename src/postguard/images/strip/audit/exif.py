"""The grammar of the one EXIF block that may stay."""

import re
from typing import Final

from postguard.images.strip.audit.cursor import demand

_ORIENTATION: Final = rb"\x01\x12\0\x03\0\0\0\x01\0[\x01-\x08]\0\0"
_ALLOWED: Final = re.compile(
    rb"MM\0\*\0\0\0\x08(?:"
    rb"\0\x01" + _ORIENTATION + rb"\0{4}|"
    rb"\0\x02" + _ORIENTATION + rb"\x87\x69\0\x04\0\0\0\x01\0\0\0\x26\0{4}"
    rb"\0\x02\xa0\x01\0\x03\0\0\0\x01\xff\xff\0\0\xa0\x05\0\x04\0\0\0\x01\0\0\0\x44\0{4}"
    rb"\0\x01\0\x01\0\x02\0\0\0\x04R03\0\0{4})",
    re.DOTALL,
)


def audit(block: bytes) -> None:
    """Orientation alone, or orientation and the mark of Adobe RGB; not a byte more."""
    demand(_ALLOWED.fullmatch(block) is not None, "EXIF besides the orientation")
