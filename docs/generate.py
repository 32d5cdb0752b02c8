"""Makes the reference pages from the code while the documentation is built, so that they can't say anything else.

`pages()` gives them all as Markdown; `on_files` is the hook that the generator of the site calls.
"""

# ruff: noqa: INP001 - the site generator loads this file by its path

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from importlib.resources import files as resources
from typing import Any, get_args, get_type_hints

import postguard
from postguard import channels, config, hookspecs, policy, rules
from postguard.cli import app
from postguard.plugins import load

FAMILIES = {
    "core": "Core rules (PG)",
    "names": "Name rules (NAM)",
    "faces": "Face rules (FAC)",
    "metadata": "Metadata rules (MET)",
    "trips": "Trip rules (TRP)",
}
GUIDANCE = {
    "G0": "guidance on private (protected) X accounts",
    "G1": "a local authority's advice on Twitter in schools",
    "G2": "a primary school's Twitter policy",
    "G3": "Kent's *Using Social Media in Educational Settings* (2018)",
    "G4": "a parents' forum thread on a school that broke its own policy",
}
KEYS = {
    "policy": "The preset: see [presets](presets.md).",
    "timezone": "The school's time zone. Times without a zone are read in it.",
    "deadline": "Seconds that each checker has for one draft. Past it the draft is blocked (PG003).",
    "plugins": "The installed plugins to enable. One that is enabled is required.",
    "people": "The table `[people]`.",
    "calendar": "The table `[calendar]`.",
    "channels": "Tables `[channels.NAME]`: a new channel, or other values for a known one: [channels](channels.md).",
    "rules": 'Other verdicts: `CODE = "review"`, `"CODE/variant" = "send"`, or three words, one an audience.',
    "checkers": "Tables `[checkers.NAME]`: the options of a checker, below.",
    "people.roster": "A CSV file of pupils: id, first_name, last_name, known_as, year, class_name.",
    "people.roster_columns": "Our names to the file's, where they differ.",
    "people.consent": "A CSV file of consent records: subject, purpose, status, recorded_on, expires_on, giver, "
    "restriction, basis, objection.",
    "people.consent_columns": "Our names to the file's, where they differ.",
    "people.staff": "A CSV file of staff: id, name.",
    "people.staff_columns": "Our names to the file's, where they differ.",
    "people.allow": 'Names that are never taken for a child\'s, such as "St Anne".',
    "people.sources": "Tables `[people.sources.PLUGIN]`, handed to an enabled plugin that is a source of people.",
    "calendar.file": "A TOML file with [[trip]], [[usual]] and [[term]] tables.",
}
"""What each key of postguard.toml means. A key that is missing here breaks the build."""


CHANNEL_KEYS = {
    "title": "What people call it.",
    "audience": "Who can see it: internal, closed, protected, website, public or press. A new channel is public.",
    "purpose": "The consent purpose that a picture needs there. A new channel must name one.",
    "text_limit": "How long a text may be, in the unit `text_unit`.",
    "text_unit": "What is counted: x, code points, graphemes, utf-16 (code units) or utf-8 (bytes).",
    "image_limit": "Pictures a post.",
    "image_bytes": "Bytes a picture.",
    "alt_limit": "Code points of a description.",
    "checked": "The day on which somebody last looked the limits up.",
}
"""What each key of a table [channels.NAME] means."""


def pages() -> Mapping[str, str]:
    """Every generated page: its path under docs/, and its Markdown."""
    made = {
        "reference/rules.md": rule_index(),
        "reference/cli.md": command_line(),
        "reference/config.md": config_page(),
        "reference/api.md": api(),
        "reference/hooks.md": hooks(),
        "reference/channels.md": channel_page(),
        "reference/presets.md": preset_page(),
        "reference/report-schema.md": schema_page(),
    }
    return made | {f"reference/rules-{family}.md": family_page(family) for family in FAMILIES}


def on_files(files: Any, *, config: Any) -> Any:
    """Adds the generated pages to the site."""
    # The hook's caller is the site generator, the only place where it is installed.
    from properdocs.structure.files import File

    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    schema = resources("postguard").joinpath("data/report.schema.json").read_text("utf-8")
    files.append(File.generated(config, "reference/report.schema.json", content=schema))
    return files


def _plain(text: str) -> str:
    """A docstring as Markdown: no stray tags."""
    return inspect.cleandoc(text).replace("<", "&lt;")


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _table(heads: list[str], rows: list[list[object]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(_cell(value) for value in row) + " |" for row in rows)])


def _words(row: rules.Verdicts) -> list[object]:
    return ["off" if verdict is None else verdict.name.lower() for verdict in row]


def rule_index() -> str:
    """All built-in rules, each with a link to its entry."""
    rows: list[list[object]] = [
        [f"[{rule.code}](rules-{family}.md#{rule.code.lower()})", rule.name, rule.message]
        for family in FAMILIES
        for rule in sorted(rules.builtin(family), key=lambda rule: rule.code)
    ]
    guidance = "\n".join(f"- **{code}**: {what}" for code, what in GUIDANCE.items())
    return (
        "# Rules\n\nEach thing that postguard can say has a code, and a code is never used again for something else. "
        "`postguard explain CODE` prints the same text. Rules of plugins: `postguard rules`.\n\n"
        + _table(["code", "name", "says"], rows)
        + "\n\n## Sources\n\nThe rules come from five texts of guidance:\n\n"
        + guidance
        + "\n"
    )


def family_page(family: str) -> str:
    """The rules of one family, whole."""
    parts = [
        (
            f"# {FAMILIES[family]}\n\nThe table of each rule has a column for each audience: **public** (also "
            "the website and the press), **protected** (followers that the school approved) and **closed** "
            "(families or staff only). *send* means: told as advice. *off* means: not told at all. These are "
            "the verdicts of the preset `strict`.\n"
        )
    ]
    for rule in sorted(rules.builtin(family), key=lambda rule: rule.code):
        table = _table(
            ["variant", "public", "protected", "closed"],
            [[variant, *_words(row)] for variant, row in rule.verdicts.items()],
        )
        fixed = "\n\nThis rule can be made stricter, but not softer." if rule.protected else ""
        source = ", ".join(rule.source) or "postguard"
        parts.append(
            f"## {rule.code}\n\n**{rule.name}**: {_plain(rule.message)}\n\n*Why.* {_plain(rule.why)}\n\n"
            f"*Example.* {_plain(rule.example)}\n\n*What to do.* {_plain(rule.fix)}\n\n{table}\n\n"
            f"Source: {source}. Since {rule.since}.{fixed}\n"
        )
    return "\n".join(parts)


def verbs() -> Mapping[tuple[str, ...], str]:
    """Each verb of the command line with its real --help, as on a terminal of 80 columns; () is the program itself."""
    from typer.main import get_command

    found: dict[tuple[str, ...], Any] = {}

    def walk(path: tuple[str, ...], command: Any) -> None:
        found[path] = command
        for name, below in getattr(command, "commands", {}).items():
            walk((*path, name), below)

    walk((), get_command(app))
    return {path: _help(path) for path in found}


def _help(path: tuple[str, ...]) -> str:
    from typer.testing import CliRunner

    result = CliRunner().invoke(app, [*path, "--help"], prog_name="postguard", terminal_width=78)
    return "\n".join(line.rstrip() for line in result.output.strip("\n").splitlines())


def command_line() -> str:
    """Every verb with its --help."""
    parts = [
        (
            "# Command line\n\nExit codes of `check` and `clean`: **0** everything may be sent, **1** something "
            "objects, **2** something could not be checked, or the command itself was wrong.\n"
        )
    ]
    for path, said in verbs().items():
        parts.append(f"## {' '.join(('postguard', *path))}\n\n```text\n{said}\n```\n")
    return "\n".join(parts)


def config_keys() -> Iterator[tuple[str, str, str]]:
    """Key, type and default of every key of postguard.toml outside the checkers' options."""
    for name, model in (("", config._File), ("people", config._People), ("calendar", config._Calendar)):
        for key, field in model.model_fields.items():
            kind = (
                str(getattr(field.annotation, "__name__", field.annotation)) if not get_args(field.annotation) else ""
            )
            kind = kind or str(field.annotation).replace("typing.", "").replace("postguard.config.", "")
            default = "needed" if field.is_required() else repr(field.get_default(call_default_factory=True))
            if default.startswith("_") or kind.strip("_").startswith(("People", "Calendar")):
                kind, default = "table", ""
            if "_Calendar" in kind:
                kind, default = "table", "none"
            yield f"{name}.{key}".lstrip("."), kind, default


def config_page() -> str:
    """Keys of postguard.toml, and the options of each built-in checker."""
    rows: list[list[object]] = [
        [f"`{key}`", f"`{kind}`", f"`{default}`" if default else "", KEYS[key]] for key, kind, default in config_keys()
    ]
    parts = [
        (
            "# postguard.toml\n\nOne file describes a school. It is strict: an unknown key, rule, checker or "
            "plugin is an error. Files that it names are looked for beside it. `postguard config show` prints "
            "every value and where it comes from.\n\n" + _table(["key", "type", "default", "meaning"], rows) + "\n"
        )
    ]
    kinds = get_type_hints(channels.Channel)
    parts.append("## [channels.NAME]\n\nFor a known channel, what you leave out stays as it is.\n")
    parts.append(
        _table(
            ["key", "type", "meaning"],
            [
                [f"`{key}`", f"`{getattr(kinds[key], '__name__', kinds[key])}`", said]
                for key, said in CHANNEL_KEYS.items()
            ],
        )
        + "\n"
    )
    for checker in load().checkers:
        parts.append(f"## [checkers.{checker.name}]\n\n{_plain(checker.options.__doc__ or '')}\n")
        parts.append(_table(["option", "type", "default"], list(_options(checker.options))) + "\n")
    return "\n".join(parts)


def _options(kind: Any) -> Iterator[list[object]]:
    usual = kind()
    for field in dataclasses.fields(kind):
        kind_of = getattr(field.type, "__name__", field.type)
        yield [f"`{field.name}`", f"`{kind_of}`", f"`{getattr(usual, field.name)!r}`"]


def _signature(function: Callable[..., Any]) -> str:
    # Where a value has no name that can be read (a function, a factory), only that there is a default is shown.
    signature = inspect.signature(function)
    plain = [
        parameter.replace(annotation=_Bare(parameter.annotation))
        if parameter.annotation is not parameter.empty
        else parameter
        for parameter in signature.parameters.values()
    ]
    back = signature.return_annotation
    text = str(signature.replace(parameters=plain, return_annotation=signature.empty))
    text = re.sub(r"<[^<>]*>", "...", text)
    return text if back in (signature.empty, None, "None") else f"{text} -> {_Bare(back)!r}"


class _Bare:
    """An annotation that is shown as it is written, without quotes."""

    def __init__(self, annotation: object) -> None:
        self._annotation = annotation

    def __repr__(self) -> str:
        return str(getattr(self._annotation, "__name__", self._annotation))


def hooks() -> str:
    """Every hook with its arguments and what it may return."""
    parts = [
        (
            "# Hooks\n\nA hook only *offers* something; postguard runs what was offered, each checker on its "
            "own. Mark each function with `@postguard.hookimpl`. A plugin is found through the entry point "
            "group `postguard`. See [how to write a plugin](../how-to/write-a-plugin.md).\n"
        )
    ]
    for name, hook in vars(hookspecs).items():
        if name.startswith("postguard_"):
            parts.append(f"## {name}\n\n```text\n{name}{_signature(hook)}\n```\n\n{_plain(hook.__doc__ or '')}\n")
    return "\n".join(parts)


def api() -> str:
    """The public names, each with its signature and docstring, and the methods of classes."""
    parts = ["# Python\n\nEverything here is imported from `postguard` itself: `from postguard import Guard, Draft`.\n"]
    for name in postguard.__all__:
        value = getattr(postguard, name)
        parts.append(f"## {name}\n")
        if not inspect.isclass(value):
            parts.append("Marks a function of a plugin as the implementation of a [hook](hooks.md).\n")
            continue
        enum = issubclass(value, Enum)
        if not enum and not (issubclass(value, Exception) and "__init__" not in vars(value)):
            parts.append(f"```text\n{name}{_signature(value)}\n```\n")
        # A dataclass without a docstring of its own has one that only repeats its signature.
        parts.append(_plain(value.__doc__ or "") + "\n")
        if value.__dict__.get("__init__") is not None and getattr(value.__init__, "__doc__", None) and not enum:
            said = _plain(value.__init__.__doc__ or "")
            if not said.startswith("Initialize self"):
                parts.append(said + "\n")
        if enum:
            parts.append("\n".join(f"- `{member.name}` = `{member.value!r}`" for member in value) + "\n")
        parts += list(_members(name, value))
    return "\n".join(parts)


def _members(name: str, value: type) -> Iterator[str]:
    for member, held in vars(value).items():
        if member.startswith("_"):
            continue
        if isinstance(held, property):
            yield f"### {name}.{member}\n\n{_plain(held.__doc__ or '')}\n"
        elif isinstance(held, classmethod) or inspect.isfunction(held):
            function = held.__func__ if isinstance(held, classmethod) else held
            bound = _signature(getattr(value, member)) if isinstance(held, classmethod) else _signature(function)
            said = _plain(function.__doc__ or "")
            yield f"### {name}.{member}\n\n```text\n{name}.{member}{bound}\n```\n\n{said}\n"


def channel_page() -> str:
    """The known channels with audience, purpose and limits."""
    rows: list[list[object]] = [
        [
            f"`{c.name}`", c.title, c.audience.name.lower(), f"`{c.purpose}`",
            f"{c.text_limit:,} {c.text_unit}" if c.text_limit else "–", c.image_limit or "–",
            f"{c.image_bytes:,}" if c.image_bytes else "–", c.alt_limit or "–", c.checked or "–",
        ]
        for c in channels.known_channels().values()
    ]  # fmt: skip
    heads = [
        "name",
        "what",
        "audience",
        "consent purpose",
        "text",
        "pictures",
        "bytes a picture",
        "alt text",
        "checked on",
    ]
    return (
        "# Channels\n\nWhere a draft can go. The audience decides how grave a finding is; where a draft goes to "
        "several channels, the most open one counts. The purpose is the consent that a picture needs there. A "
        "dash means that no limit is recorded.\n\nThe built-in rules do not test the limits: they are here for "
        "apps and plugins. They are the platforms' and change; the last column is the day on which they were "
        "last looked up.\n\n" + _table(heads, rows) + "\n"
    )


def preset_page() -> str:
    """The presets and the verdicts that differ from the rules' own."""
    parts = [
        (
            '# Presets\n\nA preset is a ready policy: `policy = "strict"` in postguard.toml, or `--policy` on '
            "the command line. What `[rules]` says comes on top.\n"
        )
    ]
    for name, preset in policy.presets().items():
        parts.append(f"## {name}\n")
        if not preset.overrides:
            parts.append("Every rule with its own verdicts, as on the [rules' pages](rules.md).\n")
            continue
        rows = [[code, *_words(row)] for code, row in preset.overrides.items()]
        parts.append("As `strict`, but:\n\n" + _table(["rule", "public", "protected", "closed"], rows) + "\n")
    return "\n".join(parts)


def schema_page() -> str:
    """The JSON report's schema."""
    schema = resources("postguard").joinpath("data/report.schema.json").read_text("utf-8").strip()
    return (
        "# The JSON report\n\n`postguard check --format json`, `report.to_dict()` and `report.to_json()` give "
        "this. The schema has a version, which each report names in `schema`. [The file "
        f"itself](report.schema.json).\n\n```json\n{schema}\n```\n"
    )
