"""Rules: what each code says, why, what to do, and how grave it is before which audience."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeAlias

from postguard.model import Decision

Verdicts: TypeAlias = tuple[Decision | None, Decision | None, Decision | None]
"""public, protected, closed; None = not told at all"""

CODE = re.compile(r"[A-Z]{2,3}\d{3}")
FAMILIES = ("core", "names", "faces", "metadata", "trips")
_WORDS: Mapping[str, Decision | None] = {
    "send": Decision.SEND,
    "review": Decision.REVIEW,
    "block": Decision.BLOCK,
    "off": None,
}


def verdict_of(word: str) -> Decision | None:
    """The decision that "send", "review", "block" or "off" (None) names.

    Raises ValueError.
    """
    if word not in _WORDS:
        raise ValueError(f"a verdict is one of {', '.join(_WORDS)}")
    return _WORDS[word]


def word_of(verdict: Decision | None) -> str:
    """The word for a verdict that `verdict_of` reads."""
    return "off" if verdict is None else verdict.name.lower()


def verdicts_of(words: list[str]) -> Verdicts:
    """A row of a verdict table from three words: public, protected, closed.

    Raises ValueError.
    """
    if len(words) != 3:
        raise ValueError("a row of verdicts has three: public, protected, closed")
    public, protected, closed = (verdict_of(word) for word in words)
    return public, protected, closed


@dataclass(frozen=True, slots=True)
class Rule:
    """The single source of what a code means.

    `message` is one plain sentence without names; `verdicts` maps a variant to its row (public, protected, closed),
    and always has the variant "default". `source` names the guidance that it comes from.
    """

    code: str
    name: str
    message: str
    why: str
    example: str
    fix: str
    verdicts: Mapping[str, Verdicts]
    source: tuple[str, ...] = ()
    since: str = "0.1"

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code):
            raise ValueError("a rule's code is two or three capitals and three digits")
        if "default" not in self.verdicts:
            raise ValueError(f"{self.code}: the verdicts need a row named 'default'")
        object.__setattr__(self, "verdicts", MappingProxyType(dict(self.verdicts)))
        object.__setattr__(self, "source", tuple(self.source))

    def to_dict(self) -> dict[str, Any]:
        """The rule as JSON-ready values; a verdict that is not told is null."""
        texts = {key: getattr(self, key) for key in ("code", "name", "message", "why", "example", "fix", "since")}
        columns = ("public", "protected", "closed")
        verdicts = {
            variant: {c: None if v is None else v.name for c, v in zip(columns, row, strict=True)}
            for variant, row in self.verdicts.items()
        }
        return {**texts, "source": list(self.source), "verdicts": verdicts}

    @property
    def protected(self) -> bool:
        """True if it can't be softened: the core's own rules and restricted pictures."""
        return self.code.startswith("PG") or self.code == "FAC203"


def rule_from(code: str, entry: Mapping[str, Any]) -> Rule:
    """The rule of one table of a TOML file.

    Raises ValueError, KeyError or TypeError where an entry can't be used.
    """
    fields = dict(entry)
    verdicts = {variant: verdicts_of(words) for variant, words in fields.pop("verdicts").items()}
    return Rule(code=code, verdicts=verdicts, source=tuple(fields.pop("source", ())), **fields)


@cache
def builtin(family: str) -> tuple[Rule, ...]:
    """The rules of a built-in family ("core", "names", "faces", "metadata", "trips"), from data/rules/."""
    table = tomllib.loads(files("postguard").joinpath(f"data/rules/{family}.toml").read_text("utf-8"))
    return tuple(rule_from(code, entry) for code, entry in table.items())


@cache
def core() -> Mapping[str, Rule]:
    """The core's own rules (PG…), by code."""
    return {rule.code: rule for rule in builtin("core")}
