"""`config show` and `people check`, run as a school would."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from postguard.cli_school import config_app, people_app
from postguard.errors import ConfigError

ROSTER = """id,first_name,last_name,year,class_name
P1,Canarina,Quillfeather,5,Oak
P2,Sorrelin,,5,Oak
P3,Brindley,Vantrap,,
"""
CONSENT = """subject,purpose,status,recorded_on,expires_on
P1,website,granted,2025-09-01,2026-06-20
P2,website,refused,2025-09-01,
P9,website,granted,2025-09-01,
P1,web site,granted,2025-09-01,
"""
CONFIG = """policy = "no-faces"
[people]
roster = "roster.csv"
consent = "consent.csv"
[channels.x]
text_limit = 200
[rules]
TRP409 = "block"
[checkers.faces]
thorough = true
"""
NAMES = ("Canarina", "Quillfeather", "Sorrelin", "Brindley", "Vantrap")


@pytest.fixture
def school(tmp_path: Path) -> Path:
    for name, text in (("roster.csv", ROSTER), ("consent.csv", CONSENT), ("postguard.toml", CONFIG)):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path / "postguard.toml"


def run(app: object, *words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])  # type: ignore[arg-type]
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_people_check_names_what_is_missing_by_id(school: Path) -> None:
    code, said = run(people_app, "check", "--config", school, "--on", "2026-06-10")
    assert code == 1
    assert "Roster: 3 pupils, 0 staff" in said
    assert "1 pupils without a surname: P2" in said
    assert "1 pupils without a class: P3" in said
    assert "Purposes that no channel asks for: web site" in said
    assert "1 ids in the consent register that nobody has: P9" in said
    assert "1 pupils without any consent record: P3" in said
    assert "1 consents for website end by 2026-07-10: P1" in said


def test_people_check_prints_no_name_unless_asked(school: Path) -> None:
    _, said = run(people_app, "check", "--config", school, "--on", "2026-06-10")
    assert not [name for name in NAMES if name in said]
    _, said = run(people_app, "check", "--config", school, "--on", "2026-06-10", "--names")
    assert "P3 (Brindley Vantrap)" in said


def test_consent_that_ends_later_is_not_told(school: Path) -> None:
    _, said = run(people_app, "check", "--config", school, "--on", "2026-06-10", "--days", "5")
    assert " end by " not in said


def test_a_complete_school_has_nothing_to_do(school: Path) -> None:
    (school.parent / "roster.csv").write_text("id,first_name,last_name,year,class_name\nP1,Ada,Q,5,Oak\n", "utf-8")
    (school.parent / "consent.csv").write_text("subject,purpose,status\nP1,website,granted\n", "utf-8")
    code, said = run(people_app, "check", "--config", school)
    assert code == 0
    assert "website: 1 granted" in said


@pytest.mark.parametrize("words", [("--on", "tomorrow"), ("--days", "99999999")])
def test_a_day_that_is_none_is_one_clear_line(school: Path, words: tuple[str, str]) -> None:
    with pytest.raises(ConfigError, match="--on is no date"):
        run(people_app, "check", "--config", school, *words)


def test_config_show_tells_where_each_value_comes_from(school: Path) -> None:
    code, said = run(config_app, "show", "--config", school)
    lines = {line.split()[0]: line for line in said.splitlines()}
    assert code == 0
    assert lines["policy"].endswith("no-faces  (postguard.toml)")
    assert lines["timezone"].endswith("Europe/London  (default)")
    assert lines["people.staff"].endswith("none  (default)")
    assert lines["channels.x.text_limit"].endswith("200  (postguard.toml)")
    assert lines["channels.x.audience"].endswith("public  (default)")
    assert lines["rules.FAC204"].endswith("[block, block, review]  (preset no-faces)")
    assert lines["rules.TRP409"].endswith("[block, block, block]  (postguard.toml)")
    assert lines["checkers.faces.thorough"].endswith("True  (postguard.toml)")
    assert lines["checkers.faces.max_frames"].endswith("(default)")


def test_config_show_without_a_file_shows_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = run(config_app, "show")
    assert code == 0
    assert all(line.endswith("(default)") for line in said.splitlines())


def test_a_faulty_config_is_not_shown(school: Path) -> None:
    school.write_text("polcy = 'strict'\n", "utf-8")
    with pytest.raises(ConfigError, match="polcy"):
        run(config_app, "show", "--config", school)
