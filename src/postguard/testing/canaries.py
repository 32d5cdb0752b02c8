"""A made-up school, and drafts full of names that nobody has: one of them in a log gives a leak away."""

from __future__ import annotations

from datetime import date
from typing import Any

from postguard.calendar import Trip, TripCalendar
from postguard.model import Draft
from postguard.people import Consent, ConsentRegister, Pupil, Roster, Staff
from postguard.testing.builders import NOW, draft, photo

WORDS = ("zephyrine", "quillfeather", "ottoline", "brackenbury", "marchwinter", "thistlecombe", "7xq-4409")
"""What must not show up anywhere, in lower case."""

_POST = (
    "Well done, Zephyrine Quillfeather! Ottoline is at Thistlecombe Farm with Year 5 now. The gate code is 7xq-4409."
)
_HOSTILE = (
    "",
    " \n\t ",
    "\0\x1b[31m\u202eabc\u202c\u2066x\u2069 [bold]no markup[/bold] <b>&amp;</b> {0} %s",
    "e\u0301\u0301\u0301 👩\u200d👩\u200d👧\u200d👦 🏴\U000e0067\U000e0062\U000e007f ﷽ Ⅷ ½ İstanbul ẞ",
    "#" * 400 + "@" * 400,
    "Hurray for the whole team! " * 150,
    "A lone half of a pair: \ud83d",
)


def told_by(shown: str) -> bool:
    """True if one of the planted words stands in it."""
    lowered = shown.lower()
    return any(word in lowered for word in WORDS)


def school() -> dict[str, Any]:
    """Roster, consent and calendar, as keywords of Guard."""
    return {
        "roster": Roster(
            [
                Pupil("P901", "Zephyrine", "Quillfeather", year="5", class_name="Oak"),
                Pupil("P902", "Ottoline", "Brackenbury", year="5", class_name="Oak"),
            ],
            staff=[Staff("S91", "Mrs Marchwinter")],
        ),
        "consent": ConsentRegister(
            [
                Consent("P901", "social_media_public", "granted", date(2025, 9, 1)),
                Consent("P902", "social_media_public", "refused", date(2025, 9, 1)),
            ]
        ),
        "calendar": TripCalendar(
            (
                Trip(
                    "Thistlecombe", ("Thistlecombe Farm",), NOW.replace(hour=9), NOW.replace(hour=15), ("Year 5", "Oak")
                ),
            )
        ),
    }


def drafts(*, corrupt: bool = False) -> list[Draft]:
    """Drafts with names in every field, and hostile ones. `corrupt` adds pictures that nobody can read."""
    telling: dict[str, Any] = {
        "gps": (54.0, 2.0),
        "caption": "Zephyrine at Thistlecombe Farm",
        "time": NOW,
        "size": (320, 240),
    }
    two = photo(
        faces=2, name="zephyrine-quillfeather.jpg", alt="Ottoline Brackenbury", subjects=("P901", "P902"), **telling
    )
    nobody = photo(format="png", subjects=(), size=(200, 150), caption="Mrs Marchwinter's wall")
    made = [
        draft(),
        draft(
            _POST,
            images=two,
            place="Thistlecombe Farm",
            author="marchwinter",
            history=[(NOW, "Off to Thistlecombe Farm!")],
        ),
        draft(_POST, channel="parent-app", images=[nobody, photo(faces=1, size=(200, 200), format="webp")]),
        *(draft(text) for text in _HOSTILE),
    ]
    if corrupt:
        name = "zephyrine-quillfeather.jpg"
        pieces = [*unreadable().values(), two.data[: len(two.data) // 2], two.data.replace(b"\xff\xdb", b"\xff\xdd", 1)]
        made += [draft(_POST, images=photo(data=piece, name=name, alt="Ottoline")) for piece in pieces]
    return made


def unreadable() -> dict[str, bytes]:
    """Files that can't be judged, by what is wrong with them."""
    return {
        "empty": b"",
        "no picture": b"Zephyrine Quillfeather wrote this. " * 20,
        "only the head of a JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF",
        "only the head of a PNG": photo(format="png", size=(64, 64)).data[:40],
        "of a kind that nobody knows": b"\x00\x00\x00\x18ftypzzzz" + b"Ottoline " * 40,
    }
