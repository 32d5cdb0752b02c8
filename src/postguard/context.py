"""One draft as the checkers see it: the draft, the moment, the audience, the school, and views that are made once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from postguard.calendar import TripCalendar
from postguard.channels import Audience, Channel
from postguard.errors import PluginError
from postguard.model import Draft
from postguard.people import ConsentRegister, Roster

if TYPE_CHECKING:
    from postguard.hookspecs import Detector

ViewMaker = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class School:
    """What stays the same from draft to draft. `detectors` are the face detectors that the enabled plugins offer."""

    timezone: str
    roster: Roster | None
    consent: ConsentRegister | None
    calendar: TripCalendar | None
    detectors: tuple[Detector, ...] = ()


class _Cell:
    """One view: not made yet, made, or failed.

    A failure is remembered as well and raised again.
    """

    __slots__ = ("error", "lock", "made", "value")

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.made = False
        self.value: Any = None
        self.error: BaseException | None = None


class Context:
    """Everything that a checker may know of one draft.

    `publish_at` and `now` are aware, in the school's zone. `audience` is the gravest of all targets. `texts` holds
    every text field that is not empty, by its name.
    """

    def __init__(
        self,
        draft: Draft,
        *,
        publish_at: datetime,
        now: datetime,
        channels: tuple[Channel, ...],
        school: School,
        makers: Mapping[str, ViewMaker],
    ) -> None:
        self.draft = draft
        self.publish_at = publish_at
        self.now = now
        self.channels = channels
        self.audience: Audience = max(channel.audience for channel in channels)
        self.roster = school.roster
        self.consent = school.consent
        self.calendar = school.calendar
        self.detectors = school.detectors
        self.texts: Mapping[str, str] = dict(draft.fields())
        self._makers = makers
        self._cells: dict[tuple[Hashable, ...], _Cell] = {}
        self._cells_lock = threading.Lock()

    def fields(self) -> Iterator[tuple[str, str]]:
        """(field, text) of every text field of the draft that is not empty."""
        return iter(self.texts.items())

    def text_of(self, field: str) -> str:
        """The text of a field that `fields` names; "" where it is empty."""
        return self.texts.get(field, "")

    def view(self, name: str, *key: Hashable) -> Any:
        """The view of that name, made once for the draft.

        A maker's failure is raised at every call. Raises PluginError where no enabled checker offers such a view.
        """
        cell = self._cell(name, *key)
        with cell.lock:
            if not cell.made:
                self._make(cell, name, key)
            if cell.error is not None:
                raise cell.error.with_traceback(None)
            return cell.value

    def has_view(self, name: str) -> bool:
        """True if an enabled checker offers views of that name."""
        return name in self._makers

    def lend(self, name: str, *key: Hashable, to: Context) -> None:
        """Hands a view that was made here to the context of the clean copy, where what it shows is the same."""
        with self._cells_lock:
            cell = self._cells.get((name, *key))
        if cell is not None and cell.made:
            with to._cells_lock:
                to._cells[(name, *key)] = cell

    def _cell(self, *key: Hashable) -> _Cell:
        with self._cells_lock:
            return self._cells.setdefault(key, _Cell())

    def _make(self, cell: _Cell, name: str, key: tuple[Hashable, ...]) -> None:
        try:
            if name not in self._makers:
                raise PluginError(f"no enabled checker offers the view {name!r}")
            cell.value = self._makers[name](self, *key)
        except BaseException as error:  # noqa: BLE001 - remembered, and raised again to every reader
            cell.error = error
        cell.made = True

    def __repr__(self) -> str:
        return f"Context({self.draft!r}, audience={self.audience.name})"
