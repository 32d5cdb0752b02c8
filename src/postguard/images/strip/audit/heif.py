"""The grammar of a stripped HEIC or AVIF: brands, items, maybe an animation, the media data."""

from postguard.images.strip.audit.boxes import audit_boxes
from postguard.images.strip.audit.cursor import demand


def audit(data: bytes) -> None:
    """See `postguard.images.strip.audit.audit`."""
    outer = audit_boxes(data).outer
    demand(outer in ([b"ftyp", b"meta", b"mdat"], [b"ftyp", b"meta", b"moov", b"mdat"]), "boxes in a wrong order")
