"""What a draft and a school hold stays inside: planted words never show in logs, errors, reprs, reports or files."""

from __future__ import annotations

import logging
import socket
import tempfile
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
    shown = [report.to_json(), repr(report), repr(report.findings), repr(edits), caplog.text, *capfd.readouterr()]
    assert [leaks(text) for text in shown] == [[]] * len(shown)
    assert list(temporary.rglob("*")) == []


def test_excerpts_show_the_words_where_they_are_asked_for(whole_guard):
    draft = Draft("Congratulations to Robin Sample on winning the science prize!")
    assert "Robin" in whole_guard.check(draft).to_json(excerpts=True)


@pytest.mark.parametrize("kind", ["json", "text", "html", "sarif"])
def test_where_a_picture_was_taken_is_told_only_with_excerpts_and_only_roughly(kind):
    exif = b"Exif\0\0" + pictures.exif(position=(53.33142, -1.65517), artist="")
    report = Guard().check(Draft("Lava lamps", images=(Image("a.jpg", pictures.jpeg(exif=exif), subjects=()),)))
    write = next(made.write for made in postguard_formats() if made.name == kind)
    assert "MET301" in write(report)
    for hidden in ("Hathersage", "53.3", "1.65", "1.7"):
        assert hidden not in write(report)
    for exact in ("53.33", "1.65"):
        assert exact not in write(report, excerpts=True)
    if kind == "text":
        assert "Taken near Hathersage (53.3° N, 1.7° W)." in write(report, excerpts=True)


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
    report = Guard(**school()).check(planted())
    assert "PG001" not in report.objections
    assert report.decision > 0
