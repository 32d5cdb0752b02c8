"""Consent: how everybody who is said to be in a picture stands to the channels that it goes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from postguard.context import Context
    from postguard.model import Image
    from postguard.people import Reason

_ADULT = ("staff:", "visitor:")
_SAID: dict[Reason, str] = {
    "granted": "is given",
    "not-asked": "was never asked for",
    "unknown": "is not known",
    "pending": "is still open",
    "expired": "has run out by the day of publishing",
    "withdrawn": "was withdrawn",
    "refused": "was refused",
}
_GRAVITY = tuple(_SAID)
_NEVER: list[Reason] = ["not-asked"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one declared subject stands. `number` counts them as declared, from 1; `rule` is the rule that objects, None
    where every channel's purpose is granted; `reason` is the gravest answer of the register."""

    number: int
    rule: str | None
    reason: Reason

    @property
    def advice(self) -> str:
        """One sentence without a name or an id."""
        return f"Consent of declared person {self.number} {_SAID[self.reason]}."


def standings(context: Context, image: Image) -> dict[str, Standing]:
    """Everybody who is said to be in the picture, declared or tied to a face, by subject."""
    on = context.publish_at.date()
    return {subject: _standing(context, subject, number, on) for number, subject in enumerate(_subjects(image), 1)}


def restricted(context: Context, image: Image) -> bool:
    """True if somebody who is said to be in the picture must not be shown at all."""
    register = context.consent
    if register is None:
        return False
    on = context.publish_at.date()
    return any(register.restricted(name, on) for subject in _subjects(image) for name in _written(subject))


def _subjects(image: Image) -> list[str]:
    tied = (subject for _, subject in image.faces if subject is not None)
    return list(dict.fromkeys([*(image.subjects or ()), *tied]))


def _standing(context: Context, subject: str, number: int, on: date) -> Standing:
    adult = _is_adult(context, subject)
    missing = "FAC206" if adult else "FAC201"
    register = context.consent
    on_roster = adult or context.roster is None or context.roster.pupil(subject) is not None
    if register is None or not on_roster:
        return Standing(number, missing, "not-asked")
    written = _written(subject) if adult else (subject,)
    gravest: Reason = "granted"
    for purpose in dict.fromkeys(channel.purpose for channel in context.channels):
        answers = [register.answer(name, purpose, on) for name in written]
        # One way of writing a subject was asked, the other never: the answer that there is counts.
        reasons: list[Reason] = [answer.reason for answer in answers if answer.reason != "not-asked"]
        gravest = max(gravest, *(reasons or _NEVER), key=_GRAVITY.index)
    if gravest == "granted":
        return Standing(number, None, gravest)
    elsewhere = not adult and bool(register.purposes_granted(subject, on))
    return Standing(number, "FAC205" if elsewhere else missing, gravest)


def _is_adult(context: Context, subject: str) -> bool:
    if subject.startswith(_ADULT):
        return True
    roster = context.roster
    return roster is not None and roster.pupil(subject) is None and any(s.id == subject for s in roster.staff)


def _written(subject: str) -> tuple[str, ...]:
    """How a register may write the subject: "staff:S02" also as "S02", and the other way round."""
    kind, colon, rest = subject.partition(":")
    if colon:
        return (subject, rest) if kind == "staff" else (subject,)
    return subject, f"staff:{subject}"
