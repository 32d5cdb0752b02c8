"""The public API: names and signatures that other programs are written against, and an import that stays light."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import postguard
from postguard import CheckRun, Decision, Draft, Finding, Image, Report
from postguard.model import Outcome

NAMES = [
    "Guard",
    "Draft",
    "Image",
    "Decision",
    "Report",
    "Finding",
    "CheckRun",
    "TextSpan",
    "ImageBox",
    "MetadataField",
    "Edit",
    "Roster",
    "Pupil",
    "Staff",
    "ConsentRegister",
    "Consent",
    "TripCalendar",
    "Trip",
    "Policy",
    "Rule",
    "Checker",
    "Sanitiser",
    "Detector",
    "Format",
    "hookimpl",
    "PostguardError",
    "ConfigError",
    "PluginError",
    "PostBlocked",
    "PostNeedsReview",
]

SIGNATURES = {
    "Guard": "policy='strict' roster=None consent=None calendar=None plugins=() timezone='Europe/London' options=None "
    "clock=None",
    "Guard.from_config": "path",
    "Guard.check": "draft",
    "Guard.check_many": "drafts",
    "Guard.gate": "draft",
    "Roster": "pupils staff allow",
    "Roster.from_csv": "path columns=None",
    "ConsentRegister.from_csv": "path columns=None",
    "TripCalendar.from_file": "path",
    "Pupil": "id first_name last_name='' known_as='' year='' class_name=''",
    "Staff": "id name",
    "Draft": "text images=() channel='x' also=() publish_at=None author=None reply_to=None place=None history=()",
    "Image": "name data alt='' subjects=None faces=() extra_boxes=() covered=frozenset()",
    "Image.from_file": "path",
    "TextSpan": "field start end",
    "ImageBox": "image left top right bottom",
    "MetadataField": "image key",
    "Edit": "evidence replacement applicability",
    "Checker": "name rules options make",
    "Sanitiser": "name applies_to make",
    "Detector": "name make",
    "Format": "name write",
}


def found(path: str):
    value = postguard
    for part in path.split("."):
        value = getattr(value, part)
    return value


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_there_and_told_by_dir_and_all(name):
    assert getattr(postguard, name) is not None
    assert name in dir(postguard)
    assert name in postguard.__all__


def test_all_names_nothing_that_is_missing():
    assert [name for name in postguard.__all__ if not hasattr(postguard, name)] == []
    with pytest.raises(AttributeError):
        _ = postguard.no_such_name


@pytest.mark.parametrize("path", SIGNATURES)
def test_parameters_keep_their_names_their_order_and_their_defaults(path):
    parameters = [p for name, p in inspect.signature(found(path)).parameters.items() if name != "self"]
    for written, parameter in zip(SIGNATURES[path].split(), parameters, strict=False):
        name, _, default = written.partition("=")
        assert parameter.name == name
        if default:
            assert repr(parameter.default) == default
    needed = [p.name for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    assert set(needed) <= {part for part in SIGNATURES[path].split() if "=" not in part}
    assert len(parameters) >= len(SIGNATURES[path].split())


def test_decisions_are_ordered_so_that_the_greater_is_the_safer():
    assert [d.name for d in sorted(Decision)] == ["SEND", "REVIEW", "BLOCK"]
    assert [int(d) for d in sorted(Decision)] == [0, 1, 2]


def test_findings_runs_and_reports_have_their_documented_parts():
    finding = Finding("ZZZ901")
    for part in ("rule", "name", "verdict", "evidence", "message", "advice", "edits", "confidence"):
        assert hasattr(finding, part)
    run = CheckRun("names", Outcome.OK, 1.5)
    assert (run.checker, run.outcome, run.milliseconds) == ("names", Outcome.OK, 1.5)
    report = Report(Decision.SEND, (finding,), (run,), Draft("a"))
    assert report.clean is None
    assert report.to_dict()["schema"]
    assert report.to_json().isascii()


def test_the_errors_are_one_tree_and_held_posts_carry_their_report():
    for error in (postguard.ConfigError, postguard.PluginError, postguard.PostBlocked, postguard.PostNeedsReview):
        assert issubclass(error, postguard.PostguardError)
    report = Report(Decision.BLOCK, (), (), Draft("a"))
    assert postguard.PostBlocked(report).report is report


def test_a_picture_comes_from_a_file_with_the_same_keywords(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"data")
    image = Image.from_file(tmp_path / "a.jpg", alt="A bench", subjects=["P1"])
    assert image == Image("a.jpg", b"data", alt="A bench", subjects=("P1",))


def test_the_guard_can_be_made_from_a_config(tmp_path):
    (tmp_path / "postguard.toml").write_text('policy = "no-faces"')
    assert postguard.Guard.from_config(tmp_path / "postguard.toml").policy.name == "no-faces"


HEAVY = "{'spacy', 'cv2', 'mediapipe', 'onnxruntime', 'PIL', 'numpy', 'tokenizers', 'exifread', 'pydantic', 'rich'}"


@pytest.mark.parametrize(
    "code",
    [
        "import postguard",
        "import postguard; [getattr(postguard, name) for name in postguard.__all__]",
        "from postguard import Draft, Guard; Guard()",
        "from postguard import Draft; Draft('x')",
    ],
)
def test_importing_postguard_loads_no_heavy_module(code):
    shown = f"{code}\nimport sys; print(sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["clean", "--help"]])
def test_help_answers_without_loading_a_heavy_module(arguments):
    code = f"""
import sys
sys.argv = ["postguard", *{arguments!r}]
from postguard.cli import main
try:
    main()
except SystemExit as end:
    print("ended with", end.code, sorted(({HEAVY} - {{"rich", "pydantic"}}) & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("ended with 0 []")
    assert "Usage" in done.stdout
