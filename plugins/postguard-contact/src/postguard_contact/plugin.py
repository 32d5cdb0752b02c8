"""The checker: CON501–CON505 for every text field of a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from postguard import Applicability, Checker, Edit, Finding, Rule, TextSpan, hookimpl
from postguard.context import Context
from postguard.hookspecs import Check
from postguard.rules import verdicts_of
from postguard_contact.contacts import Kind, find, is_own

_PRIVATE = verdicts_of(["block", "review", "send"])
_PERSONAL = verdicts_of(["review", "review", "send"])
_NEVER = verdicts_of(["block", "block", "block"])

RULES = {
    Kind.EMAIL: Rule(
        code="CON501",
        name="personal-email",
        message="An e-mail address of a person stands in the post.",
        why="Strangers write to it, and addresses are harvested from public posts within hours.",
        example="Baby photos to jess.sample88@mail.example please!",
        fix="Give the school office's address.",
        verdicts={"default": _PERSONAL},
        source=("G3", "G4"),
    ),
    Kind.PHONE: Rule(
        code="CON502",
        name="personal-phone",
        message="A personal phone number stands in the post.",
        why="It can't be taken back once strangers have it, and it leads to a family or a member of staff.",
        example="Ring me on 07700 900123 any time after 6.",
        fix="Give the school office's number.",
        verdicts={"default": _PRIVATE},
        source=("G3", "G4"),
    ),
    Kind.ADDRESS: Rule(
        code="CON503",
        name="postal-address",
        message="A postal address stands in the post.",
        why="It tells where somebody lives, or where children will be.",
        example="Bottles to my place, 12 Sample Rise, side gate.",
        fix="Collect at school, or give the address to those who need it.",
        verdicts={"default": _PRIVATE},
        source=("G3", "G4"),
    ),
    Kind.HANDLE: Rule(
        code="CON504",
        name="personal-account",
        message="Somebody's personal account is given out.",
        why="Families and pupils should reach staff through the school, and strangers not at all.",
        example="DM @coach_sample_y6 if you can drive.",
        fix="Give the school's own account or office.",
        verdicts={"default": _PERSONAL},
        source=("G3",),
    ),
    Kind.SECRET: Rule(
        code="CON505",
        name="code-or-password",
        message="A door code, password or log-in stands in the post.",
        why="Whoever reads it can walk in or log in; posts are copied, also out of closed groups.",
        example="The side door code is now 1234X.",
        fix="Tell it to those who need it, and change it if it was posted.",
        verdicts={"default": _NEVER},
        source=("G3", "G4"),
    ),
}

_INSTEAD = {
    Kind.EMAIL: "the school office",
    Kind.PHONE: "the school office's number",
    Kind.ADDRESS: "the school office",
    Kind.HANDLE: "the school's account",
    Kind.SECRET: "(ask the office)",
}


@dataclass(frozen=True, slots=True)
class ContactOptions:
    """`own` lists the school's own details, which may stand in any post."""

    own: tuple[str, ...] = ()


def make(options: ContactOptions) -> Check:
    """The check for one school."""

    def check(context: Context) -> Iterator[Finding]:
        for field, text in context.fields():
            if field.endswith(".name"):
                continue
            for contact in find(text):
                if is_own(text[contact.start : contact.end], options.own):
                    continue
                span = TextSpan(field, contact.start, contact.end)
                yield Finding(
                    RULES[contact.kind].code,
                    evidence=span,
                    edits=(Edit(span, _INSTEAD[contact.kind], Applicability.SAFE),),
                )

    return check


@hookimpl
def postguard_checkers() -> Iterable[Checker]:
    """The contact checker."""
    return [Checker("contact", tuple(RULES.values()), ContactOptions, make)]
