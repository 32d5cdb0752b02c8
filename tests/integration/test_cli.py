"""The command line: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import json
import re
import sys

import pictures
import pytest

from postguard.cli import main

CLEAN = "Our new reading corner is finished. Thank you to everybody who helped."
NAMED = "Congratulations to Robin Sample on winning the science prize!"


@pytest.fixture
def run(school, monkeypatch, capsys):
    """Runs `postguard ARGUMENTS` in the school's folder: (exit code, what it printed, its errors)."""
    monkeypatch.chdir(school)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["postguard", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        shown = capsys.readouterr()
        return end.value.code or 0, shown.out, shown.err

    return run


def test_a_clean_post_ends_with_0(run):
    code, out, _ = run("check", "--text", CLEAN)
    assert code == 0
    assert "SEND" in out


def test_a_post_that_objects_ends_with_1_and_shows_no_name(run):
    code, out, _ = run("check", "--text", NAMED)
    assert code == 1
    assert "BLOCK" in out
    assert "NAM101" in out
    assert "Robin" not in out


def test_excerpts_are_shown_where_they_are_asked_for(run):
    assert "Robin Sample" in run("check", "--text", NAMED, "--excerpts")[1]


SEEN = "Well done Zainab! Mrs Patel is proud, and will you all come to the hall in Chester?"


def test_explain_says_what_each_name_was_taken_for_and_shows_no_name(run):
    out = run("check", "--text", SEEN, "--explain")[1]
    told = out.split("What was seen, and why:")[1]
    assert "(text 10–16) probably a child: the text reads as if a child were named" in told
    assert re.search(r"\(text 18–27\) staff or another adult at work: .*after an adult's title", told)
    assert "place: " in told
    assert not {"Zainab", "Patel", "Chester"} & set(out.replace("(", " ").split())


def test_explain_shows_the_words_where_excerpts_are_asked_for(run):
    assert "Zainab (text 10–16) probably a child" in run("check", "--text", SEEN, "--explain", "--excerpts")[1]


def test_explain_of_a_post_without_a_name_says_so(run):
    assert "No name was seen." in run("check", "--text", CLEAN, "--explain")[1]


def test_explain_goes_with_the_text_report_only(run):
    code, _, err = run("check", "--text", CLEAN, "--explain", "--format", "json")
    assert code == 2
    assert "--explain" in err


def test_what_could_not_be_checked_ends_with_2(run, school):
    (school / "a.jpg").write_bytes(b"")
    code, out, _ = run("check", "--text", CLEAN, "--image", "a.jpg", "--subject", "nobody")
    assert code == 2
    assert "PG004" in out


def test_json_holds_one_report_or_a_list_of_them(run, school):
    (school / "a.toml").write_text(f'text = "{CLEAN}"')
    (school / "b.json").write_text(json.dumps({"text": NAMED}))
    assert json.loads(run("check", "a.toml", "--format", "json")[1])["decision"] == "SEND"
    code, out, _ = run("check", "a.toml", "b.json", "--format", "json")
    assert [report["decision"] for report in json.loads(out)] == ["SEND", "BLOCK"]
    assert code == 1


def test_a_draft_from_standard_input_is_told_by_its_brace(run, monkeypatch):
    import io

    for written in (json.dumps({"text": NAMED}), f'text = "{NAMED}"'):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(written.encode())))
        assert run("check", "-")[0] == 1


def test_clean_writes_a_draft_that_passes(run, school):
    picture = pictures.after_soi(pictures.jpeg(), pictures.segment(0xFE, b"Robin Sample"))
    (school / "bench.jpg").write_bytes(picture)
    draft = {"text": NAMED, "images": [{"file": "bench.jpg", "subjects": []}]}
    (school / "draft.json").write_text(json.dumps(draft))
    code, _, _ = run("clean", "draft.json", "--out", "out")
    assert code == 0
    assert "Robin" not in (school / "out" / "draft.json").read_text()
    (written,) = (school / "out").glob("*.jpg")
    assert b"Robin" not in written.read_bytes()
    assert (school / "bench.jpg").read_bytes() == picture
    assert run("check", "out/draft.json")[0] == 0


def test_clean_does_not_write_over_the_draft_s_own_pictures(run, school):
    (school / "draft.toml").write_text(f'text = "{CLEAN}"')
    code, _, error = run("clean", "draft.toml", "--out", ".")
    assert code == 2
    assert "written over" in error
    assert not (school / "draft.json").exists()


def test_the_time_on_the_command_line_counts_for_draft_files_too(run, school):
    (school / "bench.jpg").write_bytes(pictures.jpeg())
    (school / "draft.toml").write_text(f'text = "{CLEAN}"\npublish_at = 2026-06-10T12:00:00')
    code, _, error = run("check", "draft.toml", "--publish-at", "at noon")
    assert code == 2
    assert "--publish-at" in error
    assert run("check", "draft.toml", "--publish-at", "2026-06-11T12:00")[0] == 0


def test_a_preset_on_the_command_line_keeps_what_the_school_tightened(run, school):
    whole = (school / "postguard.toml").read_text()
    (school / "postguard.toml").write_text(whole + '[rules]\nPG010 = "review"\n')
    assert run("check", "--text", CLEAN, "--policy", "no-faces")[0] == 0
    (school / "postguard.toml").write_text(whole.split("[calendar]")[0] + '[rules]\nPG010 = "review"\n')
    assert run("check", "--text", CLEAN, "--policy", "no-faces")[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "missing.toml"],
        ["check", "--text", CLEAN, "--policy", "none"],
        ["check", "--text", CLEAN, "--channel", "tv"],
        ["check", "--text", CLEAN, "--format", "none"],
        ["check", "--text", CLEAN, "--config", "missing.toml"],
        ["check", "--text", CLEAN, "--image", "missing-robin.jpg"],
        ["check", "--subject", "P1"],
        ["check", "--subject", "P1", "--text", CLEAN],
        ["explain", "ZZZ999"],
    ],
)
def test_a_wrong_command_is_one_clear_line_and_2(run, arguments):
    code, _, error = run(*arguments)
    assert code == 2
    assert error.startswith("postguard: ")
    assert error.count("\n") == 1
    assert "robin" not in error


def test_brackets_in_a_file_s_name_are_no_markup(run, school):
    (school / "[red]a[bold].toml").write_text(f'text = "{CLEAN}"')
    code, out, _ = run("clean", "[red]a[bold].toml", "--out", "out")
    assert code == 0
    assert "[red]a[bold].toml" in out


@pytest.mark.parametrize("verb", ["rules", "plugins"])
def test_lists_end_with_0(run, verb):
    code, out, _ = run(verb)
    assert code == 0
    assert "TRP401" in out or "trips" in out


def test_plugins_tells_which_are_enabled_installed_or_missing(run, school):
    code, out, _ = run("plugins")
    assert code == 0
    assert "contact: installed, not enabled" in out.splitlines()
    config = school / "postguard.toml"
    config.write_text('plugins = ["contact"]\n' + config.read_text())
    assert "contact: enabled" in run("plugins")[1].splitlines()
    config.write_text(config.read_text().replace('["contact"]', '["contact", "no-such"]'))
    code, out, _ = run("plugins")
    assert code == 2
    assert "no-such: enabled, but is not installed" in out.splitlines()


def test_explain_says_what_a_rule_means(run):
    code, out, _ = run("explain", "nam101")
    assert code == 0
    assert "pupil-name" in out
    assert "protected review" in out


def test_explain_takes_more_than_one_rule(run):
    code, out, _ = run("explain", "NAM101", "FAC203", "--format", "json")
    assert code == 0
    assert [rule["code"] for rule in json.loads(out)] == ["NAM101", "FAC203"]
    assert "FAC203 restricted-picture" in run("explain", "NAM101", "FAC203")[1].splitlines()
    assert run("explain", "NAM101", "ZZZ999")[0] == 2


def test_doctor_says_what_is_there(run):
    code, out, _ = run("doctor")
    assert code == 0
    assert "OpenCV 5" in out


def test_a_terminal_that_lacks_letters_is_no_traceback(run, monkeypatch):
    import io

    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert run("check", "--text", f"{CLEAN} 🏆 \udcff", "--excerpts")[0] in {0, 1}
    stream.flush()
    assert b"reading corner" in stream.buffer.getvalue()
