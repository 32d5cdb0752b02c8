"""What a draft and a school hold stays inside: planted words never show in logs, errors, reprs, reports or files."""

from __future__ import annotations

import logging
import os
import re
import socket
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date

import pictures
import pytest

from postguard import (
    Consent,
    ConsentRegister,
    Draft,
    Guard,
    Image,
    PostBlocked,
    Pupil,
    Roster,
    Staff,
    Trip,
    TripCalendar,
)
from postguard.formats import postguard_formats

CANARIES = ("Zebulonia", "Quillfeather", "Wintergarth", "Marjoribell", "Oxtongue", "54.1234", "XK9-SECRET")
NAME = "Zebulonia Quillfeather"


def planted() -> Draft:
    comment = pictures.segment(0xFE, f"{NAME} at Wintergarth XK9-SECRET".encode())
    packet = pictures.xmp(f'dc:creator="{NAME}" photoshop:City="Wintergarth"')
    picture = pictures.after_soi(pictures.jpeg(), comment, pictures.segment(0xE1, pictures.XMP_HEAD + packet))
    trailer = f"GPS 54.1234 {NAME} XK9-SECRET".encode()
    return Draft(
        f"{NAME} and Marjoribell are at Wintergarth now! #WellDoneZebulonia code XK9-SECRET",
        images=(
            Image("zebulonia-quillfeather.jpg", picture + trailer, alt=f"{NAME} smiling", subjects=("P-Oxtongue",)),
            Image("Marjoribell.jpg", picture[:300], alt="Marjoribell"),
        ),
        place="Wintergarth 54.1234",
        author="Marjoribell Oxtongue",
    )


def readable() -> Draft:
    """The same without the picture that is cut short."""
    whole = planted()
    return replace(whole, images=whole.images[:1])


def school() -> dict[str, object]:
    from datetime import UTC, datetime

    return {
        "roster": Roster(
            [Pupil("P1", "Zebulonia", "Quillfeather")], staff=[Staff("S1", "Mx Marjoribell")], allow=["Oxtongue"]
        ),
        "consent": ConsentRegister(
            [Consent("P1", "social_media_public", "refused", date(2026, 1, 1), giver="Oxtongue")]
        ),
        "calendar": TripCalendar(
            [Trip("Wintergarth", ("Wintergarth",), datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC))]
        ),
    }


def leaks(shown: str) -> list[str]:
    return [canary for canary in CANARIES if canary.lower() in shown.lower()]


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """A folder that stands in for the system's temporary one."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_no_planted_word_shows_in_a_log_a_report_or_a_file(caplog, temporary, capfd, monkeypatch):
    monkeypatch.chdir(temporary)
    with caplog.at_level(logging.DEBUG):
        guard = Guard(**school())
        report = guard.check(planted())
    assert report.decision > 0
    edits = [edit for finding in report.findings for edit in finding.edits]
    assert edits
    with caplog.at_level(logging.DEBUG):
        notes = guard.explain(planted())
        shown = [format_.write(report) for format_ in guard.plugins.formats if format_.name != "html"]
    assert len(shown) == 3
    assert notes
    shown += [repr(report), repr(report.findings), repr(edits), repr(notes), caplog.text, *capfd.readouterr()]
    assert [leaks(text) for text in shown] == [[]] * len(shown)
    assert list(temporary.rglob("*")) == []


def test_a_page_hides_the_words_that_were_found_and_names_no_file():
    guard = Guard(**school())
    report = guard.check(readable())
    (html,) = (format_ for format_ in guard.plugins.formats if format_.name == "html")
    page = html.write(report).lower()
    assert {finding.rule for finding in report.findings} >= {"NAM101"}
    assert not {"zebulonia", "quillfeather", "marjoribell.jpg"} & set(re.findall(r"[\w.-]+", page))


def test_the_command_line_prints_writes_and_leaves_nothing_that_was_planted(temporary, tmp_path, capfd, monkeypatch):
    from postguard.cli import main
    from postguard.drafts import write_draft

    write_draft(readable(), tmp_path / "in")
    (tmp_path / "in" / "roster.csv").write_text("id,first_name,last_name\nP1,Zebulonia,Quillfeather\n")
    (tmp_path / "in" / "postguard.toml").write_text('plugins = ["contact"]\n[people]\nroster = "roster.csv"\n')
    monkeypatch.chdir(temporary)
    config = ["--config", str(tmp_path / "in" / "postguard.toml")]
    for options in ([], ["--explain"], ["--format", "json"], ["--format", "sarif"], ["--quiet"]):
        monkeypatch.setattr(sys, "argv", ["postguard", "check", str(tmp_path / "in" / "draft.json"), *config, *options])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code
    out, err = capfd.readouterr()
    assert "NAM101" in out
    assert leaks(out + err) == []
    assert list(temporary.rglob("*")) == []


def test_excerpts_show_the_words_where_they_are_asked_for(whole_guard):
    draft = Draft("Congratulations to Robin Sample on winning the science prize!")
    assert "Robin" in whole_guard.check(draft).to_json(excerpts=True)


@pytest.mark.parametrize("kind", ["json", "text", "html", "sarif"])
def test_where_a_picture_was_taken_is_told_only_with_excerpts_and_only_roughly(kind):
    exif = b"Exif\0\0" + pictures.exif(position=(53.33142, -1.65517), artist="")
    report = Guard().check(Draft("Lava lamps", images=(Image("a.jpg", pictures.jpeg(exif=exif), subjects=()),)))
    format_ = next(made for made in postguard_formats() if made.name == kind)

    def write(report, **how):
        return re.sub(r'"milliseconds": [\d.]+', "", format_.write(report, **how))  # any number may stand there

    assert "MET301" in write(report)
    for hidden in ("Hathersage", "53.3", "1.65", "1.7"):
        assert hidden not in write(report)
    for exact in ("53.33", "1.65"):
        assert exact not in write(report, excerpts=True)
    if kind in {"text", "html"}:
        assert "Taken near Hathersage (53.3° N, 1.7° W)." in write(report, excerpts=True)


def test_a_process_that_checks_a_draft_leaves_no_file_behind_and_no_library_counts_it(tmp_path):
    """In a process of its own: a library may write something when it is loaded."""
    from postguard.drafts import write_draft

    write_draft(planted(), tmp_path / "in")
    home = tmp_path / "home"
    home.mkdir()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "ORT_"))}
    environment = kept | dict.fromkeys(["HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE"], str(home))
    done = subprocess.run(
        [sys.executable, "-m", "postguard", "check", str(tmp_path / "in" / "draft.json")],
        cwd=home, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "BLOCK" in done.stdout
    assert list(home.rglob("*")) == []


def test_the_gate_s_error_quotes_nothing():
    guard = Guard(**school())
    with pytest.raises(PostBlocked) as held:
        guard.gate(planted())
    assert leaks(str(held.value) + repr(held.value)) == []


def test_reprs_show_ids_sizes_and_counts_only():
    whole = school()
    draft = planted()
    values = [draft, draft.images[0], *whole["roster"].pupils, *whole["roster"].staff, whole["roster"]]
    values += [*whole["consent"].records, whole["consent"]]
    shown = " ".join(map(repr, values))
    assert leaks(shown.replace("P-Oxtongue", "")) == []


@pytest.mark.parametrize("file", ["roster", "consent"])
def test_a_fault_in_a_file_of_people_quotes_none_of_them(tmp_path, file):
    from postguard import ConfigError

    for written in (f"{NAME},P1\nMarjoribell,P2\n", f"id,first_name,subject,purpose,status\nP1,{NAME}\n"):
        path = tmp_path / f"{file}.csv"
        path.write_text(written)
        with pytest.raises(ConfigError) as error:
            (Roster if file == "roster" else ConsentRegister).from_csv(path)
        assert leaks(str(error.value)) == []


def test_a_run_needs_no_network(monkeypatch):
    def closed(*_arguments, **_named):
        raise AssertionError("postguard opened a socket")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, closed)
    guard = Guard(**school(), plugins=["contact"])
    report = guard.check(planted())
    assert "PG001" not in report.objections
    assert report.decision > 0
    assert (
        guard.check(Draft("Our new reading corner is finished. Thank you to everybody who helped.")).clean is not None
    )
    assert all(format_.write(report) for format_ in guard.plugins.formats)
    assert guard.explain(planted())
