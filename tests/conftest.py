"""What the tests of the core share: made-up rules, checkers and plugins, and a Guard without the built-in checkers."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from postguard import Checker, Finding, Guard, Rule, Sanitiser, View, hookimpl
from postguard.rules import verdicts_of

if (here := str(Path(__file__).parent)) not in sys.path:
    sys.path.append(here)  # for tests/pictures.py and tests/portraits.py

NOON = datetime(2026, 6, 10, 11, 0, tzinfo=UTC)
"""Noon of a Wednesday in London."""


@dataclass(frozen=True)
class MadeUpOptions:
    """Options of a made-up checker."""

    word: str = "badger"
    limits: tuple[int, ...] = ()


class Kit:
    """Makes rules, checkers and plugins."""

    noon = NOON
    Options = MadeUpOptions

    @staticmethod
    def rule(code: str = "ZZZ901", **verdicts: list[str]) -> Rule:
        """A made-up rule; it blocks everywhere unless told otherwise."""
        table = {"default": ["block", "block", "block"], **verdicts}
        return Rule(
            code=code,
            name="made-up",
            message="Something made up.",
            why="Tests.",
            example="badger",
            fix="None.",
            verdicts={variant: verdicts_of(row) for variant, row in table.items()},
        )

    @classmethod
    def checker(
        cls,
        check: Callable[..., Iterable[Any]],
        *,
        name: str = "made-up",
        code: str = "ZZZ901",
        rules: Iterable[Rule] | None = None,
        views: Iterable[View] = (),
    ) -> Checker:
        """A checker that runs `check(context)`."""
        declared = (cls.rule(code),) if rules is None else tuple(rules)
        return Checker(name, declared, MadeUpOptions, lambda _options: check, tuple(views))

    @staticmethod
    def plugin(*checkers: Checker, sanitisers: Iterable[Sanitiser] = ()) -> types.ModuleType:
        """A plugin that offers the checkers and sanitisers."""
        plugin = types.ModuleType("made_up_plugin")
        offered = list(sanitisers)

        @hookimpl
        def postguard_checkers() -> list[Checker]:
            return list(checkers)

        @hookimpl
        def postguard_sanitisers() -> list[Sanitiser]:
            return offered

        if checkers:
            plugin.postguard_checkers = postguard_checkers
        if offered:
            plugin.postguard_sanitisers = postguard_sanitisers
        return plugin

    @classmethod
    def finder(cls, name: str = "other", code: str = "ZZZ902") -> types.ModuleType:
        """A plugin whose checker reports one finding on every draft: it shows that the others still ran."""
        return cls.plugin(cls.checker(lambda _context: [Finding(code)], name=name, code=code))


@pytest.fixture
def kit() -> type[Kit]:
    """Makes rules, checkers and plugins."""
    return Kit


@pytest.fixture
def bare_guard(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Guard]:
    """Makes a Guard without the built-in checkers, whose clock stands still: `bare_guard({"name": plugin}, **same)`."""
    monkeypatch.setattr("postguard.plugins.BUILTIN", ())

    def make(objects: dict[str, object] | None = None, **same: Any) -> Guard:
        return Guard(plugin_objects=objects or {}, **{"clock": lambda: NOON, **same})

    return make


SCHOOL = {
    "roster.csv": "id,first_name,last_name,known_as,year,class_name\n"
    "P1,Robin,Sample,,5,Oak\nP2,Tariq,Placeholder,,4,Elm\n",
    "consent.csv": "subject,purpose,status,recorded_on,expires_on,restriction\n"
    "P1,social_media_public,granted,2025-09-01,2026-08-31,none\nP2,social_media_public,refused,2025-09-01,,none\n",
    "trips.toml": '[[term]]\nname = "Summer"\nstarts = 2026-04-13\nends = 2026-07-22\n',
    "postguard.toml": '[people]\nroster = "roster.csv"\nconsent = "consent.csv"\n[calendar]\nfile = "trips.toml"\n',
}


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """The folder of a made-up school: a postguard.toml and the files that it names."""
    folder = tmp_path / "school"
    folder.mkdir()
    for name, text in SCHOOL.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="session")
def whole_guard(tmp_path_factory: pytest.TempPathFactory) -> Guard:
    """A Guard of that school with all built-in checkers, whose clock stands still."""
    from postguard.config import load_config

    folder = tmp_path_factory.mktemp("school")
    for name, text in SCHOOL.items():
        (folder / name).write_text(text)
    loaded = load_config(folder / "postguard.toml")
    return Guard(roster=loaded.roster, consent=loaded.consent, calendar=loaded.calendar, clock=lambda: NOON)
