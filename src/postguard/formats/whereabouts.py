"""Where a picture was taken, in words, for reports with excerpts."""

from __future__ import annotations

from postguard.model import Draft, Finding, MetadataField

_TELLS_PLACE = "MET301"


def taken_at(draft: Draft, finding: Finding) -> str:
    """Such as "near Hathersage (53.3° N, 1.7° W)" for a finding that a file tells a position, else "".

    It is read from the picture anew: a finding carries no value of a file.
    """
    from postguard.images.containers import PictureError
    from postguard.images.metadata import read
    from postguard.images.settlements import in_words

    where = finding.evidence
    if finding.rule != _TELLS_PLACE or not isinstance(where, MetadataField) or where.image >= len(draft.images):
        return ""
    try:
        position = read(draft.images[where.image].data).position
    except PictureError:
        return ""
    return "" if position is None else in_words(position.latitude, position.longitude)
