"""What the tests of the core share: made-up rules, checkers and plugins, and a Guard without the built-in checkers."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from postguard import Checker, Finding, Guard, Rule, Sanitiser, View, hookimpl
from postguard.rules import verdicts_of

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
