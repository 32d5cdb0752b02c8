"""Plugins that bring people and verbs: found through an entry point, asked by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = """
from postguard import Consent, ConsentRegister, Pupil, Roster, hookimpl

@hookimpl
def postguard_people(config):
    if config.get("broken"):
        raise RuntimeError("Zephyrine Sample")
    return [Roster([Pupil("Q1", "Zephyrine", "Sample")]), ConsentRegister([Consent("Q1", "website", "granted")])]

@hookimpl
def postguard_commands(cli):
    @cli.command()
    def hello(name: str = "there"):
        "Say hello."
        print("hello", name)
"""


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A folder with a postguard.toml that enables an installed plugin named "mis"."""
    site = tmp_path / "site"
    info = site / "mis_source-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "mis_source.py").write_text(SOURCE, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mis-source\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[postguard]\nmis = mis_source\n", encoding="utf-8")
    (tmp_path / "postguard.toml").write_text('plugins = ["mis"]\n', encoding="utf-8")
    return tmp_path


def run(school: Path, *arguments: str, code: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "postguard", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(school / "site")}
    return subprocess.run(command, cwd=school, env=environment, capture_output=True, text=True, check=False)


def test_the_people_of_a_plugin_join_those_of_the_files(school: Path) -> None:
    (school / "roster.csv").write_text("id,first_name\nP1,Robin\n", encoding="utf-8")
    with (school / "postguard.toml").open("a", encoding="utf-8") as config:
        config.write('[people]\nroster = "roster.csv"\n')
    done = run(
        school,
        code="from postguard.config import load_config as l; c = l('postguard.toml'); print(c.roster, c.consent)",
    )
    assert done.stdout.strip() == "Roster(pupils=2, staff=0, allow=0) ConsentRegister(records=1, subjects=1)"


def test_an_id_that_two_sources_give_is_refused(school: Path) -> None:
    (school / "roster.csv").write_text("id,first_name\nQ1,Robin\n", encoding="utf-8")
    with (school / "postguard.toml").open("a", encoding="utf-8") as config:
        config.write('[people]\nroster = "roster.csv"\n')
    done = run(school, "check", "--text", "hello")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "two people of the roster have the same id" in done.stderr


def test_a_source_that_fails_stops_with_one_line_and_no_name(school: Path) -> None:
    with (school / "postguard.toml").open("a", encoding="utf-8") as config:
        config.write("[people.sources.mis]\nbroken = true\n")
    done = run(school, "check", "--text", "hello")
    assert done.returncode == 2
    assert done.stderr.strip() == "postguard: postguard.toml: people.sources.mis: the plugin failed (RuntimeError)"


def test_a_table_for_a_plugin_that_is_no_source_is_refused(school: Path) -> None:
    with (school / "postguard.toml").open("a", encoding="utf-8") as config:
        config.write("[people.sources.sims]\n")
    done = run(school, "check", "--text", "hello")
    assert done.returncode == 2
    assert "'sims'" in done.stderr


def test_the_verbs_of_an_enabled_plugin_can_be_called(school: Path) -> None:
    done = run(school, "hello", "--name", "school")
    assert (done.returncode, done.stdout) == (0, "hello school\n")


def test_a_verb_of_a_plugin_that_is_not_enabled_is_unknown(school: Path) -> None:
    (school / "postguard.toml").write_text("", encoding="utf-8")
    assert run(school, "hello").returncode == 2
