"""The command line in scripts, hooks, terminals and shells: quiet, exit codes, the bar, completion."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

CLEAN = "Our new reading corner is finished. Thank you to everybody who helped."
NAMED = "Congratulations to Robin Sample on winning the science prize!"
HOOK = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
COMMAND = (sys.executable, "-m", "postguard")


@pytest.fixture
def folder(school, monkeypatch):
    """The school's folder with three drafts: one that may go, one that names a pupil, one that can't be read."""
    monkeypatch.chdir(school)
    drafts = school / "drafts"
    drafts.mkdir()
    (drafts / "may-go.toml").write_text(f'text = "{CLEAN}"')
    (drafts / "names.json").write_text(json.dumps({"text": NAMED}))
    (drafts / "broken.toml").write_text('text = "no end')
    return school


def postguard(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, check=False, env=os.environ | environment
    )


def at_terminal(*arguments: str, **environment: str) -> str:
    """What a terminal is sent on standard output."""
    import pty

    seen, terminal = pty.openpty()
    try:
        subprocess.run(
            [*COMMAND, *arguments],
            stdout=terminal,
            stderr=subprocess.DEVNULL,
            check=False,
            env=os.environ | {"TERM": "xterm-256color"} | environment,
        )
        return os.read(seen, 1_000_000).decode()
    finally:
        os.close(terminal)
        os.close(seen)


def test_quiet_prints_nothing_of_what_may_go_and_all_of_what_may_not(folder):
    done = postguard("check", "--quiet", "drafts/may-go.toml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = postguard("check", "-q", "drafts/may-go.toml", "drafts/names.json")
    assert done.returncode == 1
    assert "drafts/names.json" in done.stdout
    assert "may-go" not in done.stdout


def test_quiet_goes_with_the_text_report_only(folder):
    done = postguard("check", "--quiet", "--format", "json", "drafts/may-go.toml")
    assert done.returncode == 2
    assert "--quiet" in done.stderr


def test_the_hook_for_pre_commit_holds_back_what_objects(folder):
    hook = HOOK.read_text()
    files = re.compile(re.search(r"^  files: (.*)$", hook, re.MULTILINE)[1])
    entry = shlex.split(re.search(r"^  entry: (.*)$", hook, re.MULTILINE)[1])
    assert entry[0] == "postguard"
    staged = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file()]
    chosen = [name for name in staged if files.search(name)]
    assert chosen == ["drafts/broken.toml", "drafts/may-go.toml", "drafts/names.json"]
    codes = {name: postguard(*entry[1:], name).returncode for name in chosen}
    assert codes == {"drafts/broken.toml": 2, "drafts/may-go.toml": 0, "drafts/names.json": 1}


@pytest.mark.parametrize("name", ["draft.json", "posts/draft.toml", "drafts/2026/june.toml"])
def test_the_hook_knows_draft_files_by_their_names(name):
    files = re.compile(re.search(r"^  files: (.*)$", HOOK.read_text(), re.MULTILINE)[1])
    assert files.search(name)
    assert not files.search(name.replace("draft", "other"))
    assert not files.search(f"{name}.txt")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_bar_is_drawn_at_a_terminal_on_standard_error_and_never_in_what_is_printed(folder):
    import pty

    watched, terminal = pty.openpty()
    try:
        done = subprocess.run(
            [*COMMAND, "check", "drafts/may-go.toml", "drafts/names.json", "--format", "json"],
            stdout=subprocess.PIPE,
            stderr=terminal,
            text=True,
            check=False,
            env=os.environ | {"TERM": "xterm", "COLUMNS": "80"},
        )
        drawn = os.read(watched, 1_000_000).decode()
    finally:
        os.close(terminal)
        os.close(watched)
    assert "Draft 1 of 2" in drawn
    assert [report["decision"] for report in json.loads(done.stdout)] == ["SEND", "BLOCK"]


def test_no_bar_is_drawn_where_nobody_looks(folder):
    done = postguard("check", "drafts/may-go.toml", "drafts/names.json", "--format", "json")
    assert done.stderr == ""
    assert len(json.loads(done.stdout)) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_colours_are_for_terminals_and_for_who_wants_them(folder):
    piped = postguard("check", "drafts/names.json", FORCE_COLOR="")
    assert "\x1b" not in piped.stdout
    assert "\x1b[" in at_terminal("check", "drafts/names.json")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", at_terminal("check", "drafts/names.json", NO_COLOR="1"))


def test_what_the_school_lacks_is_said_once_as_advice(folder):
    Path("postguard.toml").unlink()
    out = postguard("check", "drafts/may-go.toml").stdout
    assert out.count("PG010 ") == 1
    assert re.search(r"^  advice  PG010 ", out, re.MULTILINE)
    assert out.count("No roster is configured") == 1


def completed(line: str) -> list[str]:
    """What the shell would offer at the end of the line."""
    words = line.split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_POSTGUARD_COMPLETE": "complete_bash"}
    code = "from postguard.cli import app; app(prog_name='postguard')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ | asked
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("postguard ch", ["check"]),
        ("postguard check --qu", ["--quiet"]),
        ("postguard people ", ["check"]),
        ("postguard explain NAM10", ["NAM101", "NAM102", "NAM103", "NAM104", "NAM105", "NAM106"]),
        ("postguard check --format s", ["sarif"]),
        ("postguard check --policy no", ["no-faces"]),
        ("postguard check --channel x-", ["x-protected"]),
    ],
)
def test_the_shell_completes_verbs_options_codes_formats_presets_and_channels(line, offered):
    assert completed(line) == offered


def test_the_script_for_the_shell_calls_postguard():
    done = postguard("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0
    assert "complete" in done.stdout
