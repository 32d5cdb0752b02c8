"""The reference leaves nothing out, and the site builds strictly and loads nothing from outside."""

from __future__ import annotations

import dataclasses
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel

import postguard
from postguard import channels, config, hookspecs, policy
from postguard.plugins import load

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = spec_from_file_location("generate", ROOT / "docs/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages(generate: ModuleType) -> Mapping[str, str]:
    made: Mapping[str, str] = generate.pages()
    return made


def test_every_rule_has_an_entry_with_why_example_fix_and_verdicts(pages: Mapping[str, str]) -> None:
    whole = "".join(text for path, text in pages.items() if path.startswith("reference/rules"))
    for code, rule in load().rules.items():
        entry = whole.split(f"\n## {code}\n")[1].split("\n## ")[0]
        assert all(said in entry for said in (rule.name, rule.message, rule.why, rule.example, rule.fix, rule.since))
        for variant in rule.verdicts:
            assert f"| {variant} |" in entry


def test_every_hook_and_argument_has_an_entry_and_a_docstring(pages: Mapping[str, str]) -> None:
    hooks = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("postguard_")}
    assert hooks
    for name, hook in hooks.items():
        entry = pages["reference/hooks.md"].split(f"## {name}\n")[1].split("\n## ")[0]
        assert inspect.getdoc(hook)
        for argument in inspect.signature(hook).parameters:
            assert argument in entry
            assert f"`{argument}`" in (hook.__doc__ or ""), f"{name} says nothing of {argument}"


def test_every_checker_option_is_listed_and_said_in_words(pages: Mapping[str, str]) -> None:
    for checker in load().checkers:
        entry = pages["reference/config.md"].split(f"## [checkers.{checker.name}]\n")[1].split("\n## ")[0]
        for option in dataclasses.fields(checker.options):
            assert f"| `{option.name}` |" in entry
            assert f"`{option.name}`" in (checker.options.__doc__ or ""), f"{checker.name}.{option.name}"


def test_every_key_of_the_config_has_a_meaning(pages: Mapping[str, str]) -> None:
    tables = [kind for kind in vars(config).values() if isinstance(kind, type) and issubclass(kind, BaseModel)]
    keys = {key for table in tables for key in table.model_fields}
    keys |= {field.name for field in dataclasses.fields(channels.Channel)} - {"name"}
    keys.discard("name")
    assert len(keys) > 20
    for key in keys:
        assert re.search(rf"\| `(?:\w+\.)?{key}` \|.*\S \|", pages["reference/config.md"]), key


def test_every_channel_and_preset_is_listed(pages: Mapping[str, str]) -> None:
    assert all(f"| `{name}` |" in pages["reference/channels.md"] for name in channels.known_channels())
    assert all(f"## {name}\n" in pages["reference/presets.md"] for name in policy.presets())


def test_every_public_name_has_an_entry_with_words(pages: Mapping[str, str]) -> None:
    for name in postguard.__all__:
        entry = pages["reference/api.md"].split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert re.search(r"^[A-Z].{15,}", entry, re.MULTILINE), name


def test_the_help_in_the_reference_is_the_real_one(generate: ModuleType, pages: Mapping[str, str]) -> None:
    verbs = generate.verbs()
    assert {("check",), ("clean",), ("explain",), ("rules",), ("plugins",), ("doctor",), ("demo",)} <= set(verbs)
    environment = os.environ | {"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}
    for path in verbs:
        real = subprocess.run(
            [sys.executable, "-m", "postguard", *path, "--help"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            encoding="utf-8",
        ).stdout
        real = real.replace("python -m postguard", "postguard")
        lines = "\n".join(line.rstrip() for line in real.strip("\n").splitlines())
        assert f"```text\n{lines}\n```" in pages["reference/cli.md"], path


def test_the_site_builds_strictly_and_loads_nothing_from_outside(tmp_path: Path) -> None:
    pytest.importorskip("properdocs", reason="needs the extra 'docs'")
    done = subprocess.run(
        [sys.executable, "-m", "properdocs", "build", "--strict", "--quiet", "--config-file", "mkdocs.yml",
         "--site-dir", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 20
    outside = re.compile(r"<(?:script|img|iframe|source)[^>]*\ssrc=\"(?:https?:)?//|<link[^>]*\shref=\"(?:https?:)?//")
    for page in pages:
        tags = [tag for tag in outside.findall(page.read_text("utf-8")) if "canonical" not in tag]
        assert not tags, f"{page.name}: {tags}"
    for style in (tmp_path / "site").rglob("*.css"):
        assert not re.search(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", style.read_text("utf-8")), style.name


def test_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / "README.md").read_text("utf-8"))
    assert links
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []
