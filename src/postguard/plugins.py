"""Plugins: find, sort, load and vet them. The one file that runs pluggy.

A hook only registers. Each plugin is loaded and asked by itself, so that one that is broken becomes a visible failure
and never stops the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from postguard import hookspecs
from postguard.hookspecs import PROJECT, Checker, Detector, Format, Sanitiser
from postguard.model import ImageBox, MetadataField
from postguard.rules import Rule, core

GROUP = "postguard"
BUILTIN = ("faces", "metadata", "names", "trips")
"""The built-in plugins: modules of postguard.checkers. They use the same hooks as anybody, and are always required."""

OPEN_RULES = ("PG004", "PG011")
"""Rules of the core that any checker may report: a picture that can't be read, a text that can't be judged."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A plugin that can't be used.

    `reason` names the fault and, of an exception, only its type.
    """

    plugin: str
    reason: str


@dataclass(frozen=True, slots=True)
class PluginSet:
    """What the enabled plugins offer, and which of them are broken."""

    checkers: tuple[Checker, ...]
    sanitisers: tuple[Sanitiser, ...]
    detectors: tuple[Detector, ...]
    formats: tuple[Format, ...]
    people: tuple[tuple[str, Any], ...]
    commands: tuple[tuple[str, Any], ...]
    broken: tuple[Broken, ...]

    @property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule by its code, the core's own among them."""
        return {**core(), **{rule.code: rule for checker in self.checkers for rule in checker.rules}}


class _Refused(Exception):
    """Why a plugin is not taken; the text is ours."""


def installed() -> Mapping[str, EntryPoint]:
    """The plugins that are installed, by name."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def load(names: Iterable[str] = (), *, objects: Mapping[str, object] | None = None) -> PluginSet:
    """Loads the built-in plugins and those named: entry points, or modules and objects handed over in `objects`.

    Never raises for a plugin's fault: see `broken`.
    """
    collected = _Collected()
    collected.take("formats", lambda: import_module("postguard.formats"))
    for name in BUILTIN:
        collected.take(name, lambda name=name: import_module(f"postguard.checkers.{name}"))
    found = installed()
    given = objects or {}
    for name in sorted({*names, *given}):
        if name in given:
            collected.take(name, lambda name=name: given[name])
        elif name in found:
            collected.take(name, found[name].load)
        else:
            collected.broken.append(Broken(name, "is not installed"))
    return collected.as_set()


class _Collected:
    """What was taken so far; a plugin is taken whole or not at all."""

    def __init__(self) -> None:
        self.checkers: dict[str, Checker] = {}
        self.sanitisers: dict[str, Sanitiser] = {}
        self.detectors: dict[str, Detector] = {}
        self.formats: dict[str, Format] = {}
        self.people: list[tuple[str, Any]] = []
        self.commands: list[tuple[str, Any]] = []
        self.broken: list[Broken] = []

    def take(self, name: str, find: Any) -> None:
        try:
            plugin = find()
            offered = _Offered.by(name, plugin)
            self._vet(offered)
        except _Refused as refusal:
            self.broken.append(Broken(name, str(refusal)))
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # noqa: BLE001 - an import can end in anything, also SystemExit
            self.broken.append(Broken(name, f"fails to load ({type(error).__name__})"))
        else:
            self.checkers |= {checker.name: checker for checker in offered.checkers}
            self.sanitisers |= {sanitiser.name: sanitiser for sanitiser in offered.sanitisers}
            self.detectors |= {detector.name: detector for detector in offered.detectors}
            self.formats |= {format_.name: format_ for format_ in offered.formats}
            if offered.people is not None:
                self.people.append((name, offered.people))
            if offered.commands is not None:
                self.commands.append((name, offered.commands))

    def _vet(self, offered: _Offered) -> None:
        taken = {rule.code for checker in self.checkers.values() for rule in checker.rules} | set(core())
        views = {view.name for checker in self.checkers.values() for view in checker.views}
        names: set[str] = set()
        for checker in offered.checkers:
            if checker.name in {*self.checkers, *names}:
                raise _Refused(f"its checker {checker.name!r} has the name of another")
            names.add(checker.name)
            if not (is_dataclass(checker.options) and isinstance(checker.options(), checker.options)):
                raise _Refused(f"the options of its checker {checker.name!r} are no dataclass")
            for rule in checker.rules:
                if rule.code in taken or rule.code.startswith("PG"):
                    raise _Refused(f"its rule {rule.code} is another's")
                taken.add(rule.code)
            for view in checker.views:
                if view.name in views:
                    raise _Refused(f"its view {view.name!r} is another's")
                views.add(view.name)
        for kind, mine, theirs in (
            ("sanitiser", offered.sanitisers, self.sanitisers),
            ("detector", offered.detectors, self.detectors),
            ("format", offered.formats, self.formats),
        ):
            own = [item.name for item in mine]
            if clash := next((name for name in own if name in theirs or own.count(name) > 1), None):
                raise _Refused(f"its {kind} {clash!r} has the name of another")
        if any(sanitiser.applies_to not in (ImageBox, MetadataField) for sanitiser in offered.sanitisers):
            raise _Refused("its sanitiser applies to neither ImageBox nor MetadataField")

    def as_set(self) -> PluginSet:
        return PluginSet(
            checkers=tuple(sorted(self.checkers.values(), key=lambda checker: checker.name)),
            sanitisers=tuple(sorted(self.sanitisers.values(), key=lambda sanitiser: sanitiser.name)),
            detectors=tuple(sorted(self.detectors.values(), key=lambda detector: detector.name)),
            formats=tuple(sorted(self.formats.values(), key=lambda format_: format_.name)),
            people=tuple(self.people),
            commands=tuple(self.commands),
            broken=tuple(self.broken),
        )


@dataclass(frozen=True, slots=True)
class _Offered:
    """What one plugin offers, asked through its hooks and of no other plugin."""

    checkers: Sequence[Checker]
    sanitisers: Sequence[Sanitiser]
    detectors: Sequence[Detector]
    formats: Sequence[Format]
    people: Any
    commands: Any

    @classmethod
    def by(cls, name: str, plugin: object) -> _Offered:
        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(hookspecs)
        _refuse_odd_hooks(manager, plugin)
        manager.register(plugin, name)
        manager.check_pending()
        callers = {hook.name for hook in manager.get_hookcallers(plugin) or ()}
        if not callers:
            raise _Refused("offers no hook")
        return cls(
            checkers=_items(manager.hook.postguard_checkers, Checker, callers),
            sanitisers=_items(manager.hook.postguard_sanitisers, Sanitiser, callers),
            detectors=_items(manager.hook.postguard_detectors, Detector, callers),
            formats=_items(manager.hook.postguard_formats, Format, callers),
            people=manager.hook.postguard_people if "postguard_people" in callers else None,
            commands=manager.hook.postguard_commands if "postguard_commands" in callers else None,
        )


def _refuse_odd_hooks(manager: pluggy.PluginManager, plugin: object) -> None:
    """A hook that nobody knows is a typing error that would leave a check out; a wrapper could swallow findings."""
    known = {hook for hook in vars(hookspecs) if hook.startswith("postguard_")}
    for attribute in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, attribute)
        if options is None:
            if attribute.startswith("postguard_") and callable(getattr(plugin, attribute, None)):
                raise _Refused(f"{attribute} lacks @hookimpl")
            continue
        if (options.get("specname") or attribute) not in known:
            raise _Refused(f"offers an unknown hook ({attribute})")
        if options.get("wrapper") or options.get("hookwrapper"):
            raise _Refused(f"wraps a hook ({attribute}), which is not allowed")


def _items(hook: pluggy.HookCaller, kind: type[Any], implemented: Collection[str]) -> list[Any]:
    """What the plugin offers through the hook. A hook that is there and offers nothing is a check left out."""
    items = [item for offered in hook() for item in offered]
    if hook.name in implemented and not items:
        raise _Refused(f"offers nothing through {hook.name}")
    if not all(isinstance(item, kind) for item in items):
        raise _Refused(f"offers something that is no {kind.__name__}")
    return items
