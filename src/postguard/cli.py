"""The command line: verbs only. Heavy modules are imported by the verb that needs them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from postguard import completion
from postguard.cli_school import ConfigOption, config_app, config_path, people_app
from postguard.errors import ConfigError, PostguardError
from postguard.progress import checked

if TYPE_CHECKING:
    from rich.console import Console

    from postguard.guard import Guard
    from postguard.hookspecs import Format
    from postguard.model import Draft, Report
    from postguard.rules import Rule


class _Verbs(TyperGroup):
    """The verbs, and behind them those of the plugins that the postguard.toml of this folder enables.

    A plugin is only loaded when a verb that is not built in is called.
    """

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return super().get_command(ctx, cmd_name) or _plugin_verbs().get(cmd_name)


app = typer.Typer(
    cls=_Verbs,
    name="postguard",
    help="Reads a school's draft post before it is sent and says what in it would expose a child.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(config_app, name="config")
app.add_typer(people_app, name="people")


Files = Annotated[list[str] | None, typer.Argument(metavar="DRAFT...", help="Draft files (.toml, .json); - reads one.")]
TextOption = Annotated[str | None, typer.Option("--text", help="The post's text, instead of a draft file.")]
ImageOption = Annotated[list[Path] | None, typer.Option("--image", help="A picture; may be given again.")]
SubjectOption = Annotated[
    list[str] | None,
    typer.Option("--subject", help="Who is in the pictures: a pupil's id, staff:ID, visitor:N, or 'nobody'."),
]
ChannelOption = Annotated[
    list[str] | None,
    typer.Option("--channel", help="Where it goes; may be given again. [x]", autocompletion=completion.channels),
]
AtOption = Annotated[str | None, typer.Option("--publish-at", help="When it goes out, such as 2026-06-10T15:30.")]
PolicyOption = Annotated[
    str | None,
    typer.Option("--policy", help="A preset instead of the config's policy.", autocompletion=completion.presets),
]
FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        help="How to write the report: text, json, sarif, html, or a plugin's.",
        autocompletion=completion.formats,
    ),
]
PrivateOption = Annotated[bool, typer.Option("--private", help="Show the faces that are to be covered (html).")]
OutputOption = Annotated[Path | None, typer.Option("--output", help="Write the report to this file.")]
ExcerptsOption = Annotated[bool, typer.Option("--excerpts", help="Show the words found. They may be names.")]
ExplainOption = Annotated[
    bool, typer.Option("--explain", help="Say what each name was taken for, and why, also where nothing is wrong.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing of drafts that may be sent.")]


@app.command()
def check(
    files: Files = None,
    text: TextOption = None,
    image: ImageOption = None,
    subject: SubjectOption = None,
    channel: ChannelOption = None,
    publish_at: AtOption = None,
    config: ConfigOption = None,
    policy: PolicyOption = None,
    format_: FormatOption = "text",
    excerpts: ExcerptsOption = False,
    private: PrivateOption = False,
    explain: ExplainOption = False,
    quiet: QuietOption = False,
    output: OutputOption = None,
) -> None:
    """Read drafts and say what was found.

    Exit code 0: all may be sent. 1: something objects. 2: something could not be checked.
    """
    drafts = _drafts(files, text, image, subject, channel, publish_at)
    printed = format_ == "text" and output is None
    for option, given in (("--explain", explain), ("--quiet", quiet)):
        if given and not printed:
            raise ConfigError(f"{option} goes with the text report at the terminal")
    guard = _guard(config, policy)
    chosen = _format(guard, format_, len(drafts))
    reports = []
    for (title, draft), report in zip(drafts, checked(guard, [draft for _, draft in drafts]), strict=True):
        reports.append(report)
        if not printed or (quiet and not report.decision and report.checked):
            continue
        _print(report, title, excerpts=excerpts)
        if explain:
            from postguard.formats.text import print_notes

            print_notes(_console(), draft, guard.explain(draft), excerpts=excerpts)
    if not printed:
        _write(_written(chosen, reports, excerpts=excerpts, private=private), output)
    raise typer.Exit(_exit_code(reports))


@app.command()
def clean(
    files: Files = None,
    out: Annotated[Path, typer.Option("--out", help="The folder for the clean copies.")] = Path("clean"),
    text: TextOption = None,
    image: ImageOption = None,
    subject: SubjectOption = None,
    channel: ChannelOption = None,
    publish_at: AtOption = None,
    config: ConfigOption = None,
    policy: PolicyOption = None,
) -> None:
    """Write the clean copy of each draft that has one, as draft.json with its pictures.

    Exit code 0: each draft has a clean copy. 1: some need a person. 2: something could not be checked.
    """
    from postguard.drafts import write_draft

    drafts = _drafts(files, text, image, subject, channel, publish_at)
    for source in [Path(file).parent for file in files or () if file != "-"] + [path.parent for path in image or ()]:
        if source.resolve() == out.resolve():
            raise ConfigError("--out is the folder of the draft itself: its pictures would be written over")
    guard = _guard(config, policy)
    code = 0
    reports = checked(guard, [draft for _, draft in drafts])
    for number, ((title, _), report) in enumerate(zip(drafts, reports, strict=True), 1):
        folder = out if len(drafts) == 1 else out / f"draft-{number}"
        if report.clean is None:
            _print(report, title)
            _console().print("  No clean copy: this needs a person.", style="red")
            code = max(code, 1 if report.checked else 2)
        else:
            written = write_draft(report.clean, folder)
            _console().print(f"{title}: clean copy written to {folder} ({len(written)} files)", highlight=False)
    raise typer.Exit(code)


@app.command()
def explain(
    codes: Annotated[
        list[str], typer.Argument(metavar="CODE...", help="A rule, such as NAM101.", autocompletion=completion.codes)
    ],
    format_: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Say what a rule means, why it is there and what to do."""
    from postguard.plugins import installed, load

    rules = load(installed()).rules
    if unknown := [code for code in codes if code.upper() not in rules]:
        _fail(f"there is no rule {unknown[0]!r}; `postguard rules` lists them")
    asked = [rules[code.upper()] for code in codes]
    if format_ == "json":
        import json

        told = [rule.to_dict() for rule in asked]
        print(json.dumps(told[0] if len(told) == 1 else told, indent=2))  # noqa: T201
        return
    if format_ != "text":
        _fail(f"--format: there is no {format_!r}; there are text, json")
    for number, rule in enumerate(asked):
        _tell(rule, after_another=number > 0)


def _tell(rule: Rule, *, after_another: bool) -> None:
    """Prints all that a rule says of itself."""
    from postguard.rules import word_of

    console = _console()
    if after_another:
        console.print()
    console.print(f"{rule.code} {rule.name}", style="bold", highlight=False)
    for label, said in (("", rule.message), ("Why", rule.why), ("Example", rule.example), ("What to do", rule.fix)):
        console.print(f"{label}: {said}" if label else said, highlight=False)
    for variant, row in rule.verdicts.items():
        public, protected, closed = map(word_of, row)
        console.print(f"{variant}: public {public}, protected {protected}, closed {closed}", highlight=False)
    console.print(f"Source: {', '.join(rule.source) or 'postguard'}. Since {rule.since}.", highlight=False)


@app.command()
def rules() -> None:
    """List all rules with their verdicts for a public, a protected and a closed audience."""
    from rich.table import Table

    from postguard.plugins import installed, load
    from postguard.rules import word_of

    table = Table("code", "name", "variant", "public", "protected", "closed", box=None)
    for code, rule in sorted(load(installed()).rules.items()):
        for variant, row in rule.verdicts.items():
            words = map(word_of, row)
            table.add_row(code, rule.name, "" if variant == "default" else variant, *words)
    _console().print(table)


@app.command()
def plugins(config: ConfigOption = None) -> None:
    """List the plugins: built in, enabled by the config, installed, broken.

    Exit code 2: one that is enabled or built in can't be used, so every draft is blocked.
    """
    from postguard.config import enabled_plugins
    from postguard.plugins import BUILTIN, installed, load

    path = config_path(config)
    enabled = [] if path is None else enabled_plugins(path)
    names = dict.fromkeys((*BUILTIN, *enabled, *installed()))
    faults = load(name for name in names if name not in BUILTIN).broken
    broken = {fault.plugin: fault.reason for fault in faults}
    for name in names:
        kind = "built in" if name in BUILTIN else "enabled" if name in enabled else "installed, not enabled"
        said = f"{name}: {kind}" + (f", but {broken[name]}" if name in broken else "")
        _console().print(said, style="red" if name in broken else "", highlight=False)
    raise typer.Exit(2 if broken.keys() & {*BUILTIN, *enabled} else 0)


@app.command()
def doctor() -> None:
    """Say whether this machine has all that the checks need, and what to install where it does not."""
    from postguard.doctor import examine

    code = 0
    for finding in examine():
        mark, style = ("ok", "") if finding.fine else ("missing", "red") if finding.needed else ("optional", "dim")
        _console().print(f"{mark:<8}", finding.what, style=style, highlight=False)
        if not finding.fine:
            _console().print(f"         {finding.remedy}", highlight=False)
            code = 2 if finding.needed else code
    raise typer.Exit(code)


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="The folder for the clean copies.")] = Path("demo-out"),
) -> None:
    """Check the drafts that are shipped with postguard, and write their clean copies."""
    from postguard.demo import demo_drafts, demo_guard
    from postguard.drafts import write_draft

    guard = demo_guard()
    console = _console()
    drafts = list(demo_drafts())
    for (name, what, _), report in zip(drafts, checked(guard, [draft for _, _, draft in drafts]), strict=True):
        console.rule(f"{name}: {what}")
        _print(report, "", excerpts=True)
        if report.clean is not None:
            written = write_draft(report.clean, out / name)
            console.print("  Clean copy:", ", ".join(str(path) for path in written), highlight=False, soft_wrap=True)
        else:
            console.print("  No clean copy: this one needs a person.", style="red")
    from postguard.formats.text import LIMITS

    console.print(LIMITS, style="dim")


def main() -> None:
    """The entry point.

    Every error that is ours becomes one line and exit code 2.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that lacks a letter, or a broken one in a post, must not end a check half-way.
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except PostguardError as error:
        _fail(str(error))
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(2) from None


def _plugin_verbs() -> dict[str, Any]:
    """The verbs of the enabled plugins, by name."""
    path = config_path()
    if path is None:
        return {}
    from postguard.config import enabled_plugins
    from postguard.plugins import load

    offered = typer.Typer(callback=lambda: None)
    for name, add in load(enabled_plugins(path)).commands:
        try:
            add(cli=offered)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            raise ConfigError(f"the plugin {name!r} can't add its verbs ({type(error).__name__})") from None
    group = typer.main.get_group(offered)
    return dict(group.commands)


def _fail(what: str) -> NoReturn:
    print(f"postguard: {what}", file=sys.stderr)  # noqa: T201
    raise SystemExit(2)


def _console() -> Console:
    from rich.console import Console

    return Console(soft_wrap=not sys.stdout.isatty(), markup=False, emoji=False)


def _guard(config: Path | None, policy: str | None) -> Guard:
    from postguard.guard import Guard

    path = config_path(config)
    if path is None:
        return Guard(policy=policy or "strict")
    from postguard.config import load_config

    return load_config(path, preset=policy).guard()


def _drafts(
    files: Iterable[str] | None,
    text: str | None,
    images: Iterable[Path] | None,
    subjects: list[str] | None,
    channels: list[str] | None,
    publish_at: str | None,
) -> list[tuple[str, Draft]]:
    """(title, draft) of everything that was named; where and when it goes as the command line says, if it does."""
    from postguard.drafts import load_draft, parse_draft

    if subjects and not images:
        raise ConfigError("--subject goes with --image: a draft file says itself who is in its pictures")
    drafts: list[tuple[str, Draft]] = []
    for file in files or ():
        if file == "-":
            written = _standard_input()
            is_json = written.lstrip().startswith("{")
            drafts.append(("-", parse_draft(written, where="standard input", beside=Path(), is_json=is_json)))
        else:
            drafts.append((file, load_draft(file)))
    if text is not None or images:
        drafts.append(("this post", _typed_draft(text or "", images or (), subjects)))
    if not drafts:
        raise ConfigError("name a draft file, or give --text or --image")
    return [(title, _to(draft, channels, publish_at)) for title, draft in drafts]


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError("standard input: is not UTF-8 text") from None


def _typed_draft(text: str, images: Iterable[Path], subjects: list[str] | None) -> Draft:
    from postguard.model import Draft, Image

    declared = None if subjects is None else tuple(s for s in subjects if s != "nobody")
    pictures = []
    for number, path in enumerate(images):
        try:
            pictures.append(Image.from_file(path, subjects=declared))
        except (OSError, ValueError) as error:
            # A picture's file is not named in errors: its name can be a child's.
            what = getattr(error, "strerror", None) or "can not be read"
            raise ConfigError(f"--image, images[{number}]: {what}") from None
    return Draft(text, images=tuple(pictures))


def _to(draft: Draft, channels: list[str] | None, publish_at: str | None) -> Draft:
    """The draft with what the command line says of where and when it goes."""
    from dataclasses import replace

    if channels:
        draft = replace(draft, channel=channels[0], also=tuple(channels[1:]))
    if publish_at:
        try:
            draft = replace(draft, publish_at=datetime.fromisoformat(publish_at))
        except ValueError:
            raise ConfigError("--publish-at is no time such as 2026-06-10T15:30") from None
    return draft


def _print(report: Report, title: str, **options: Any) -> None:
    from postguard.formats.text import print_report

    print_report(_console(), report, title=title, **options)


def _format(guard: Guard, name: str, drafts: int) -> Format:
    """The format of that name; only text and JSON write more than one report. Raises ConfigError."""
    formats = {format_.name: format_ for format_ in guard.plugins.formats}
    if name not in formats:
        raise ConfigError(f"--format: there is no {name!r}; there are {', '.join(formats)}")
    if drafts > 1 and name not in {"text", "json"}:
        raise ConfigError(f"--format {name} writes one report: name one draft")
    return formats[name]


def _written(chosen: Format, reports: list[Report], *, excerpts: bool, private: bool) -> str:
    texts = [chosen.write(report, excerpts=excerpts, private=private) for report in reports]
    if chosen.name == "json" and len(texts) > 1:
        return "[\n" + ",\n".join(texts) + "\n]"
    return "\n".join(texts)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        print(text)  # noqa: T201
        return
    part = output.with_name(f".{output.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(output)
    except OSError as error:
        raise ConfigError(f"{output}: {error.strerror or 'can not be written'}") from None
    finally:
        part.unlink(missing_ok=True)


def _exit_code(reports: Iterable[Report]) -> int:
    codes = [2 if not report.checked else int(report.decision > 0) for report in reports]
    return max(codes, default=0)
