"""The grammar of a stripped film: brands, tables, the media data."""

from postguard.images.strip.audit.boxes import audit_boxes
from postguard.images.strip.audit.cursor import demand


def audit(data: bytes) -> None:
    """See `postguard.images.strip.audit.audit`."""
    demand(audit_boxes(data).outer == [b"ftyp", b"moov", b"mdat"], "boxes in a wrong order")
