"""Verbs about the school's own files: `config show` and `people check`."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from postguard.errors import ConfigError

if TYPE_CHECKING:
    from postguard.people import ConsentRegister, Roster

config_app = typer.Typer(help="The school's postguard.toml.", no_args_is_help=True, rich_markup_mode=None)
people_app = typer.Typer(help="The school's roster and consent.", no_args_is_help=True, rich_markup_mode=None)

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="postguard.toml; the one in this folder is used if there is one.")
]


def config_path(given: Path | None = None) -> Path | None:
    """The config that counts: the one that was given, else the one in this folder, else none."""
    here = Path("postguard.toml")
    return given or (here if here.exists() else None)


@config_app.callback()
def _config() -> None:
    """The school's postguard.toml."""


@people_app.callback()
def _people() -> None:
    """The school's roster and consent."""


@config_app.command("show")
def show(config: ConfigOption = None) -> None:
    """Print every value that is in force, and where it comes from: default, preset or postguard.toml."""
    path = config_path(config)
    rows = list(_values(path))
    width = max(len(key) for key, _, _ in rows)
    for key, value, origin in rows:
        typer.echo(f"{key:<{width}}  {_written(value)}  ({origin})")


def _values(path: Path | None) -> Iterator[tuple[str, Any, str]]:
    """Key, value and origin of everything that a config says or leaves at its default. Raises ConfigError."""
    from postguard.config import _File, _read, load_config
    from postguard.plugins import load
    from postguard.policy import Policy
    from postguard.rules import word_of

    file = _File() if path is None else _read(path)
    origin = "postguard.toml" if path is None else path.name

    def told(table: Any, key: str) -> str:
        return origin if table is not None and key in table.model_fields_set else "default"

    for key in ("policy", "timezone", "deadline", "plugins"):
        yield key, getattr(file, key), told(file, key)
    for key in type(file.people).model_fields:
        yield f"people.{key}", getattr(file.people, key), told(file.people, key)
    yield "calendar.file", None if file.calendar is None else file.calendar.file, told(file.calendar, "file")
    if path is None:
        policy, channels = Policy.preset(file.policy), {}
        options: dict[str, Any] = {checker.name: checker.options() for checker in load().checkers}
    else:
        school = load_config(path)
        policy, channels, options = school.policy, dict(school.channels), dict(school.options)
    for name, channel in channels.items():
        for field in dataclasses.fields(channel):
            if field.name != "name":
                said = origin if field.name in file.channels[name] else "default"
                yield f"channels.{name}.{field.name}", getattr(channel, field.name), said
    for code, row in policy.overrides.items():
        yield f"rules.{code}", list(map(word_of, row)), origin if code in file.rules else f"preset {policy.name}"
    for name, chosen in options.items():
        for field in dataclasses.fields(chosen):
            said = origin if field.name in file.checkers.get(name, {}) else "default"
            yield f"checkers.{name}.{field.name}", getattr(chosen, field.name), said


def _written(value: Any) -> str:
    from postguard.channels import Audience

    if value is None:
        return "none"
    if isinstance(value, Audience):
        return value.name.lower()
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(str, value)) + "]"
    return str(value)


@people_app.command("check")
def check_people(
    config: ConfigOption = None,
    days: Annotated[int, typer.Option("--days", min=0, help="Tell consent that ends within so many days.")] = 30,
    on: Annotated[str | None, typer.Option("--on", help="The day to judge at, such as 2026-06-10. [today]")] = None,
    names: Annotated[bool, typer.Option("--names", help="Print names beside the ids.")] = False,
) -> None:
    """Say what is in the roster and the consent register, and what is missing. Prints ids, no names.

    Exit code 0: nothing to do. 1: something to look at. 2: a file can't be used.
    """
    from postguard.calendar import zone_of
    from postguard.config import load_config

    school = load_config(config or Path("postguard.toml"))
    try:
        day = date.fromisoformat(on) if on else datetime.now(zone_of(school.timezone)).date()
        until = day + timedelta(days=days)
    except (ValueError, OverflowError):
        raise ConfigError("--on is no date such as 2026-06-10, or --days reaches too far") from None
    called = _names(school.roster) if names else {}
    known = {channel.purpose for channel in _channels(school.channels)}
    code = 0
    for line, people in _findings(school.roster, school.consent, day, until, known):
        code = code or int(people is not None)
        typer.echo(line + ("" if people is None else f": {_listed(people, called)}"))
    raise typer.Exit(code)


def _channels(own: Any) -> Iterable[Any]:
    from postguard.channels import known_channels

    return {**known_channels(), **own}.values()


def _names(roster: Roster | None) -> dict[str, str]:
    if roster is None:
        return {}
    pupils = {pupil.id: f"{pupil.first_name} {pupil.last_name}".strip() for pupil in roster.pupils}
    return pupils | {f"staff:{member.id}": member.name for member in roster.staff}


def _listed(ids: Iterable[str], called: dict[str, str]) -> str:
    return ", ".join(f"{one} ({called[one]})" if one in called else one for one in ids)


def _findings(
    roster: Roster | None, consent: ConsentRegister | None, day: date, until: date, known: set[str]
) -> Iterator[tuple[str, list[str] | None]]:
    """Lines for a person; with a list of ids where there is something to look at."""
    if roster is None:
        yield "No roster is configured", []
    else:
        yield f"Roster: {len(roster.pupils)} pupils, {len(roster.staff)} staff", None
        for what, field in (("surname", "last_name"), ("year", "year"), ("class", "class_name")):
            if missing := [pupil.id for pupil in roster.pupils if not getattr(pupil, field)]:
                yield f"{len(missing)} pupils without a {what}", missing
    if consent is None:
        yield "No consent register is configured", []
        return
    subjects = list(dict.fromkeys(record.subject for record in consent.records))
    purposes = sorted({record.purpose for record in consent.records})
    yield f"Consent: {len(consent.records)} records of {len(subjects)} people", None
    for purpose in purposes:
        reasons = Counter(consent.answer(subject, purpose, day).reason for subject in subjects)
        yield f"  {purpose}: " + ", ".join(f"{count} {reason}" for reason, count in reasons.most_common()), None
    if restricted := sum(consent.restricted(subject, day) for subject in subjects):
        yield f"  under a restriction: {restricted}", None
    if strange := [purpose for purpose in purposes if purpose not in known]:
        yield "Purposes that no channel asks for", strange
    if roster is not None:
        everybody = {pupil.id for pupil in roster.pupils} | {f"staff:{member.id}" for member in roster.staff}
        if unmatched := [s for s in subjects if s not in everybody and not s.startswith("visitor:")]:
            yield f"{len(unmatched)} ids in the consent register that nobody has", unmatched
        if unasked := [pupil.id for pupil in roster.pupils if pupil.id not in subjects]:
            yield f"{len(unasked)} pupils without any consent record", unasked
    for purpose in purposes:
        ending = [
            subject
            for subject in subjects
            if consent.answer(subject, purpose, day).granted and not consent.answer(subject, purpose, until).granted
        ]
        if ending:
            yield f"{len(ending)} consents for {purpose} end by {until.isoformat()}", ending
