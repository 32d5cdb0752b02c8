"""postguard.toml: one file that describes a school. Strict: an unknown key, rule, checker or plugin is an error."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from postguard import plugins as plugin_loading
from postguard.calendar import TripCalendar
from postguard.channels import Channel, channel_from, known_channels
from postguard.errors import ConfigError
from postguard.guard import DEADLINE, Guard
from postguard.hookspecs import Checker
from postguard.people import ConsentRegister, Roster, staff_from_csv
from postguard.plugins import PluginSet
from postguard.policy import Policy
from postguard.reading import read_toml
from postguard.rules import Rule, Verdicts, verdict_of, verdicts_of

if TYPE_CHECKING:
    import os


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _People(_Table):
    roster: str | None = None
    roster_columns: dict[str, str] = Field(default_factory=dict)
    consent: str | None = None
    consent_columns: dict[str, str] = Field(default_factory=dict)
    staff: str | None = None
    staff_columns: dict[str, str] = Field(default_factory=dict)
    allow: list[str] = Field(default_factory=list)
    sources: dict[str, dict[str, Any]] = Field(default_factory=dict)


class _Calendar(_Table):
    file: str


class _File(_Table):
    policy: str = "strict"
    timezone: str = "Europe/London"
    deadline: float = Field(default=DEADLINE, gt=0, le=86_400)
    plugins: list[str] = Field(default_factory=list)
    people: _People = Field(default_factory=_People)
    calendar: _Calendar | None = None
    channels: dict[str, dict[str, Any]] = Field(default_factory=dict)
    rules: dict[str, str | list[str]] = Field(default_factory=dict)
    checkers: dict[str, dict[str, Any]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """What a postguard.toml says, read and vetted."""

    path: Path
    policy: Policy
    timezone: str
    deadline: float
    plugins: tuple[str, ...]
    roster: Roster | None
    consent: ConsentRegister | None
    calendar: TripCalendar | None
    channels: Mapping[str, Channel]
    options: Mapping[str, Any]

    def guard(self) -> Guard:
        """The Guard that this describes."""
        return Guard(
            policy=self.policy,
            roster=self.roster,
            consent=self.consent,
            calendar=self.calendar,
            plugins=self.plugins,
            timezone=self.timezone,
            options=self.options,
            channels=self.channels,
            deadline=self.deadline,
        )


def load_config(path: str | os.PathLike[str], *, preset: str | None = None) -> Config:
    """Reads and vets a postguard.toml; the files that it names are looked for beside it.

    `preset` takes the place of the file's `policy`; what its [rules] say still counts. Raises ConfigError: one line
    that says what, and where.
    """
    path = Path(path)
    file = _read(path)
    if missing := [name for name in file.plugins if name not in plugin_loading.installed()]:
        raise ConfigError(f"{path}: plugins: {missing[0]!r} is not installed")
    offered = plugin_loading.load(file.plugins)
    beside = path.parent
    try:
        options = _all_options(file.checkers, offered.checkers)
        _vet_detectors(options, offered)
        given = _from_plugins(file.people.sources, offered)
        return Config(
            path=path,
            policy=Policy.preset(preset or file.policy).with_overrides(_overrides(file.rules, offered.rules)),
            timezone=file.timezone,
            deadline=file.deadline,
            plugins=tuple(file.plugins),
            roster=_joined_roster(_roster(file.people, beside), given),
            consent=_joined_consent(_consent(file.people, beside), given),
            calendar=TripCalendar.from_file(beside / file.calendar.file, file.timezone) if file.calendar else None,
            channels=dict(_channels(file.channels)),
            options=options,
        )
    except ConfigError as error:
        text = str(error)
        raise ConfigError(text if text.startswith(str(beside)) and beside != Path() else f"{path}: {text}") from None


def enabled_plugins(path: Path) -> list[str]:
    """The names of the plugins that a postguard.toml enables.

    Raises ConfigError.
    """
    return _read(path).plugins


def _read(path: Path) -> _File:
    table = read_toml(path)
    try:
        return _File.model_validate(table)
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_fault(error)}") from None


def first_fault(error: ValidationError) -> str:
    """The first fault that pydantic names, as one line without the value that was given."""
    fault = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    what = "unknown key" if fault["type"] in {"extra_forbidden", "unexpected_keyword_argument"} else fault["msg"]
    return f"{where}: {what[0].lower()}{what[1:]}" if where else what


def _overrides(table: Mapping[str, str | list[str]], known: Mapping[str, Rule]) -> dict[str, Verdicts]:
    rows: dict[str, Verdicts] = {}
    for key, said in table.items():
        code, _, variant = key.partition("/")
        if code not in known:
            raise ConfigError(f"rules: there is no rule {code!r}; see `postguard rules`")
        if variant and variant not in known[code].verdicts:
            raise ConfigError(f"rules: {code} has no variant {variant!r}; it has {', '.join(known[code].verdicts)}")
        try:
            row = verdicts_of(said) if isinstance(said, list) else (verdict_of(said),) * 3
        except ValueError as error:
            raise ConfigError(f"rules.{key}: {error}") from None
        if known[code].protected:
            for own in known[code].verdicts.values():
                if any(o is not None and (n is None or n < o) for o, n in zip(own, row, strict=True)):
                    raise ConfigError(f"rules.{key}: can only be made stricter")
        rows[key] = row
    return rows


def _roster(people: _People, beside: Path) -> Roster | None:
    staff = staff_from_csv(beside / people.staff, people.staff_columns) if people.staff else ()
    if people.roster is None:
        return Roster((), staff, people.allow) if staff or people.allow else None
    return Roster.from_csv(beside / people.roster, people.roster_columns, staff=staff, allow=people.allow)


def _consent(people: _People, beside: Path) -> ConsentRegister | None:
    return ConsentRegister.from_csv(beside / people.consent, people.consent_columns) if people.consent else None


def _from_plugins(sources: Mapping[str, Mapping[str, Any]], offered: PluginSet) -> list[Roster | ConsentRegister]:
    """What the enabled plugins know of people, each asked with its own table [people.sources.<plugin>]."""
    asked = dict(offered.people)
    if strange := set(sources) - set(asked):
        raise ConfigError(f"people.sources: no enabled plugin {sorted(strange)[0]!r} is a source of people")
    given: list[Roster | ConsentRegister] = []
    for name, ask in asked.items():
        try:
            answers = [item for result in ask(config=dict(sources.get(name, {}))) for item in result]
        except ConfigError:
            raise
        except Exception as error:  # noqa: BLE001 - its text can name somebody
            raise ConfigError(f"people.sources.{name}: the plugin failed ({type(error).__name__})") from None
        if not all(isinstance(answer, Roster | ConsentRegister) for answer in answers):
            raise ConfigError(f"people.sources.{name}: the plugin gave something that is no roster and no register")
        given += answers
    return given


def _joined_roster(own: Roster | None, given: list[Roster | ConsentRegister]) -> Roster | None:
    rosters = [*([own] if own else []), *(item for item in given if isinstance(item, Roster))]
    if len(rosters) < 2:
        return rosters[0] if rosters else None
    try:
        return Roster(
            (pupil for roster in rosters for pupil in roster.pupils),
            (staff for roster in rosters for staff in roster.staff),
            (name for roster in rosters for name in roster.allow),
        )
    except ValueError as error:
        raise ConfigError(f"people: {error}") from None


def _joined_consent(own: ConsentRegister | None, given: list[Roster | ConsentRegister]) -> ConsentRegister | None:
    registers = [*([own] if own else []), *(item for item in given if isinstance(item, ConsentRegister))]
    if len(registers) < 2:
        return registers[0] if registers else None
    return ConsentRegister(record for register in registers for record in register.records)


def _channels(table: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, Channel]]:
    channels = []
    for name, entry in table.items():
        known = known_channels().get(name)
        own = dataclasses.asdict(known) if known else {"title": name, "purpose": "", "audience": "public"}
        own.pop("name", None)
        if known:
            own["audience"] = known.audience.name.lower()
        if unknown := set(entry) - ({f.name for f in dataclasses.fields(Channel)} - {"name"}):
            raise ConfigError(f"channels.{name}: unknown key {sorted(unknown)[0]!r}")
        try:
            channel = channel_from(name, {**own, **entry})
            if TypeAdapter(Channel).validate_python(dataclasses.asdict(channel)) != channel:
                raise ValueError("a value is of the wrong type, such as a number in quotes")
        except ValidationError as error:
            raise ConfigError(f"channels.{name}.{first_fault(error)}") from None
        except ValueError as error:
            raise ConfigError(f"channels.{name}: {error}") from None
        if not channel.purpose:
            raise ConfigError(f"channels.{name}: needs a purpose, the consent that it asks for")
        channels.append((name, channel))
    return channels


def _all_options(tables: Mapping[str, Mapping[str, Any]], checkers: Iterable[Checker]) -> dict[str, Any]:
    """The options of every checker, by its name."""
    kinds = {checker.name: checker.options for checker in checkers}
    options = {name: _options(kind, tables.get(name, {}), name) for name, kind in kinds.items()}
    if strange := set(tables) - set(kinds):
        raise ConfigError(f"checkers: there is no checker {sorted(strange)[0]!r}; there are {', '.join(kinds)}")
    return options


def _vet_detectors(options: Mapping[str, Any], offered: PluginSet) -> None:
    """Refuses a face detector that nobody offers. Where a plugin is broken that is told instead, and blocks."""
    known = {detector.name for detector in offered.detectors}
    for checker, chosen in options.items():
        for name in getattr(chosen, "detectors", ()):
            if name not in known and not offered.broken:
                there = ", ".join(sorted(known))
                raise ConfigError(f"checkers.{checker}.detectors: no detector {name!r}; there are {there}")


def _options(kind: type, table: Mapping[str, Any], checker: str) -> Any:
    if unknown := set(table) - {f.name for f in dataclasses.fields(kind)}:
        known = ", ".join(f.name for f in dataclasses.fields(kind)) or "none"
        raise ConfigError(f"checkers.{checker}: unknown key {sorted(unknown)[0]!r}; there are {known}")
    try:
        return TypeAdapter(kind).validate_python(dict(table))
    except ValidationError as error:
        raise ConfigError(f"checkers.{checker}.{first_fault(error)}") from None
