"""Relatives who point to a child: "Dan's dad", a mother named beside her daughter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postguard.text.lists import KIN

if TYPE_CHECKING:
    from collections.abc import Sequence

_KIN = "|".join(sorted(KIN, key=len, reverse=True))
_BETWEEN = r"(?:(?:lovely|amazing|proud|wonderful|own|very|big|little|older|younger|baby|great|step|foster)[\s-]+){0,2}"
_OWNED = re.compile(rf"['\u2019]s?\s+{_BETWEEN}({_KIN})\b(?:\s+(?:and|&)\s+(?:{_KIN})\b)?", re.IGNORECASE)
_OF = re.compile(rf"\b({_KIN})\s+(?:of|to)\s+$", re.IGNORECASE)
_SPAN_BETWEEN = re.compile(r"[\s,(]{1,3}")


@dataclass(frozen=True, slots=True)
class Relative:
    """`text[start:end]` tells a relative. `name` is where the relative is named, `children` where the child's
    names begin."""

    start: int
    end: int
    name: tuple[int, int] | None
    children: tuple[int, ...]


def relatives(text: str, children: Sequence[tuple[int, int]], named: Sequence[tuple[int, int]]) -> list[Relative]:
    """Relatives told together with a child. `children` and `named` say where children and relatives are named, in
    order.

    A relative who is named counts wherever a child is named too; "Dan's dad" counts without a name.
    """
    found: list[Relative] = []
    used: set[tuple[int, int]] = set()
    for start, end in children:
        owned = _OWNED.match(text, end)
        of = _OF.search(text, 0, start) if owned is None else None
        if owned is None and of is None:
            continue
        if owned is not None:
            name = next((n for n in named if n not in used and _next_to(text, owned.end(), n[0])), None)
            begin, stop = start, owned.end()
        else:
            name = next(
                (n for n in named if n not in used and of is not None and _next_to(text, n[1], of.start())), None
            )
            begin, stop = (of.start() if of else start), end
        if name is not None:
            used.add(name)
            begin, stop = min(begin, name[0]), max(stop, name[1])
        found.append(Relative(begin, stop, name, (start,)))
    if children:
        found += [
            Relative(*n, n, ()) for n in named if n not in used and not any(a < n[1] and n[0] < b for a, b in children)
        ]
    return sorted(found, key=lambda r: r.start)


def _next_to(text: str, end: int, start: int) -> bool:
    return start >= end and bool(_SPAN_BETWEEN.fullmatch(text, end, start))
