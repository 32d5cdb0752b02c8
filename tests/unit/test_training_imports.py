"""What training and benches take from the package is there: they run seldom, and their own libraries are not here."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = [*sorted((ROOT / "training").rglob("*.py")), *sorted((ROOT / "bench").rglob("*.py"))]


def taken(script: Path) -> list[tuple[str, str]]:
    """(module, name) of every import from postguard or training, wherever it stands."""
    return [
        (node.module, alias.name)
        for node in ast.walk(ast.parse(script.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in {"postguard", "training"}
        for alias in node.names
    ]


def defined(module: str) -> set[str]:
    """The names of a module of training, and the modules in it, without importing it."""
    path = ROOT / module.replace(".", "/")
    if path.is_dir():
        return {script.stem for script in path.glob("*.py")}
    names: set[str] = set()
    for node in ast.parse(path.with_suffix(".py").read_text("utf-8")).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else ()
        )
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
        names |= {node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else set()
    return names


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_name_that_a_script_imports_from_the_project_exists(script: Path) -> None:
    for module, name in taken(script):
        if module.startswith("training"):
            assert name in defined(module), f"{module} has no {name}"
            continue
        found = import_module(module)
        assert hasattr(found, name) or import_module(f"{module}.{name}"), f"{module} has no {name}"
