"""Bad input: each kind gives a finding, or one clear line and exit code 2; never a traceback, never a silent SEND."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pictures
import portraits
import pytest
from PIL import Image as Pillow

from postguard import Decision, Draft, Image, ImageFile

CLEAN = "Our new reading corner is finished. Come and see it."
NAMED = "Congratulations to Robin Sample on winning the science prize!"


def codes(report):
    return {finding.rule for finding in report.findings}


def with_picture(data, name="a.png", **more):
    return Draft(CLEAN, images=(Image(name, data, subjects=(), **more),))


def run(*arguments, cwd, stdin=None):
    return subprocess.run(
        [sys.executable, "-m", "postguard", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
    )


def one_clear_line(done):
    assert done.returncode == 2
    error = done.stderr.decode()
    assert error.startswith("postguard: ")
    assert error.count("\n") == 1
    assert "Traceback" not in error


# Texts


@pytest.mark.parametrize("text", ["", " \n\t ", "\u00a0"])
def test_an_empty_text_does_not_pass(whole_guard, text):
    report = whole_guard.check(Draft(text))
    assert report.decision is Decision.BLOCK
    assert "PG006" in codes(report)


def test_a_text_of_100_000_characters_is_judged_or_blocks_within_the_deadline(school):
    """In a process of its own: a check that is given up goes on in its thread."""
    (school / "postguard.toml").write_text("deadline = 3\n" + (school / "postguard.toml").read_text())
    draft = json.dumps({"text": (CLEAN + " ") * 1900 + NAMED})
    assert len(draft) > 95_000
    done = run("check", "-", "--format", "json", cwd=school, stdin=draft.encode())
    report = json.loads(done.stdout)
    assert done.stderr == b""
    assert report["decision"] == "BLOCK"
    told = {finding["rule"] for finding in report["findings"]}
    assert "NAM101" in told if report["checked"] else "PG003" in told


@pytest.mark.parametrize("surrogate", ["\ud83d", "\udfff\ud800"])
def test_lone_surrogates_hide_no_name(whole_guard, surrogate):
    report = whole_guard.check(Draft(f"{surrogate} {NAMED} {surrogate}"))
    assert report.decision is Decision.BLOCK
    assert json.loads(report.to_json(excerpts=True))


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("Rob\u200bin Sam\u200bple", id="zero-width spaces"),
        pytest.param("Rob\u200din Sample", id="a joiner"),
        pytest.param("Ro\u00adbin Sam\u00adple", id="soft hyphens"),
        pytest.param("\u202eRobin Sample\u202c", id="turned round"),
        pytest.param("\u200fRobin\u200f \u200fSample\u200f", id="right-to-left marks"),
        pytest.param("\u2067Robin\u2069 Sample", id="isolates"),
        pytest.param("Ro\ufeffbin Sample", id="a byte order mark"),
        pytest.param("ROBIN SAMPLE", id="capitals"),
        pytest.param("Robin\u00a0Sample", id="a space that does not break"),
    ],
)
def test_characters_that_cannot_be_seen_hide_no_name(whole_guard, written):
    report = whole_guard.check(Draft(f"Congratulations to {written} on winning the science prize!"))
    assert report.decision is not Decision.SEND
    assert any(code.startswith(("NAM", "PG")) and code != "PG010" for code in codes(report))


@pytest.mark.parametrize(
    "text",
    [
        "Bore da bawb! Diolch yn fawr i'r plant am ganu yn y neuadd heddiw gyda'u rhieni.",
        "Heute haben unsere Kinder im Garten gespielt und danach zusammen Brot gebacken.",
        "اليوم زار الأطفال المكتبة وقرأوا قصة جميلة مع معلمتهم",
        "今天我们的学生在花园里种了很多花。",
    ],
)
def test_a_post_that_is_not_english_is_never_silently_sent(whole_guard, text):
    report = whole_guard.check(Draft(text))
    assert report.decision >= Decision.REVIEW
    assert "PG011" in codes(report)


# Pictures


def bomb(width, height):
    """A PNG that claims width × height pixels, in a few hundred bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(10_000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


JPEG = pictures.jpeg()
UNREADABLE = {
    "0 bytes": b"",
    "one byte": b"\xff",
    "a JPEG cut in half": JPEG[: len(JPEG) // 2],
    "a JPEG of which only the start is there": JPEG[:20],
    "a PNG cut in half": pictures.png()[:400],
    "50,000 x 50,000 pixels": bomb(50_000, 50_000),
    "2 billion pixels a side": bomb(2**31 - 1, 2**31 - 1),
    "no pixels at all": bomb(0, 0),
    "a PDF": b"%PDF-1.7\n" + b"0" * 500,
    "an SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "a text": b"This is no picture at all, whatever its name says.",
    "a zip file": b"PK\x03\x04" + bytes(500),
    "bytes without sense": bytes(range(256)) * 8,
}


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE)
def test_a_picture_that_cannot_be_judged_blocks(whole_guard, data):
    report = whole_guard.check(with_picture(data))
    assert report.decision is Decision.BLOCK
    assert "PG004" in codes(report)
    assert "PG001" not in codes(report)
    assert ImageFile(0) in {finding.evidence for finding in report.findings if finding.rule == "PG004"}
    assert report.clean is None


def animated():
    frames = [portraits.empty_room((320, 240)), portraits.portrait(320).resize((320, 240))]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def sixteen_bit():
    out = BytesIO()
    Pillow.new("I;16", (64, 48), 30_000).save(out, "PNG")
    return out.getvalue()


ODD = {
    "an animated GIF": animated(),
    "CMYK": pictures.jpeg(pictures.scene(mode="CMYK")),
    "16 bit": sixteen_bit(),
    "transparent": pictures.png(pictures.scene(mode="RGBA")),
    "a palette": pictures.png(pictures.scene(mode="P")),
    "one bit": pictures.png(pictures.scene(mode="1")),
    "one pixel": pictures.png(pictures.scene(size=(64, 64)).resize((1, 1))),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_an_odd_picture_is_judged_or_blocks_and_the_clean_copy_keeps_its_word(whole_guard, data):
    report = whole_guard.check(with_picture(data))
    assert "PG001" not in codes(report)
    if report.decision is Decision.SEND:
        assert report.clean is not None
    if report.clean is not None:
        assert whole_guard.check(report.clean).decision is Decision.SEND


def test_a_face_in_a_later_frame_of_a_gif_does_not_pass(whole_guard):
    assert whole_guard.check(with_picture(animated())).decision is Decision.BLOCK


@pytest.mark.parametrize("mode", ["CMYK", "RGBA", "L"])
def test_a_face_is_seen_whatever_the_colours(whole_guard, mode):
    picture = portraits.portrait().convert(mode)
    data = portraits.encoded(picture, "PNG" if mode == "RGBA" else "JPEG")
    report = whole_guard.check(with_picture(data))
    assert report.decision is Decision.BLOCK
    assert codes(report) & {"FAC202", "PG004"}


def test_one_bad_picture_among_good_ones_is_named_by_its_index(whole_guard):
    good = Image("a.jpg", JPEG, subjects=())
    report = whole_guard.check(Draft(CLEAN, images=(good, Image("b.jpg", b"", subjects=()), good)))
    assert {f.evidence for f in report.findings if f.rule == "PG004"} == {ImageFile(1)}


# Files


@pytest.mark.parametrize(
    "config",
    [
        pytest.param("policy = 5", id="a number for a name"),
        pytest.param('plugins = "contact"', id="a string for a list"),
        pytest.param("plugins = [5]", id="a number in a list of names"),
        pytest.param('deadline = "soon"', id="a word for seconds"),
        pytest.param("deadline = inf", id="endless seconds"),
        pytest.param("[people]\nroster = 5", id="a number for a file"),
        pytest.param("people = 5", id="a number for a table"),
        pytest.param("[rules]\nTRP404 = 5", id="a number for a verdict"),
        pytest.param('[rules]\nTRP404 = "maybe"', id="no such verdict"),
        pytest.param('[rules]\nTRP999 = "block"', id="no such rule"),
        pytest.param('[rules]\n"TRP404/z" = "block"', id="no such variant"),
        pytest.param('[rules]\nFAC203 = "review"', id="a rule that can't be softened"),
        pytest.param("[checkers.faces]\ndetectors = 5", id="a number for options"),
        pytest.param("[checkers.faces]\nno_such = 5", id="no such option"),
        pytest.param("[checkers.fases]", id="no such checker"),
        pytest.param('[channels.x]\ntext_limit = "long"', id="a word for a limit"),
        pytest.param('[channels.x]\ntext_limit = "280"', id="a number in quotes for a limit"),
        pytest.param('[channels.x]\naudience = "everybody"', id="no such audience"),
        pytest.param("[channels.x]\nfoo = 1", id="no such key of a channel"),
        pytest.param('[channels.new]\naudience = "public"', id="a channel without a purpose"),
        pytest.param('timezone = "Europe/Nowhere"', id="no such time zone"),
        pytest.param('timezone = "Europe/Nowhere"\n[calendar]\nfile = "trips.toml"', id="no such zone for a calendar"),
        pytest.param('timezone = "Europe"', id="a folder for a time zone"),
        pytest.param("colour = 1", id="no such key"),
        pytest.param('[people]\nroster = "missing.csv"', id="a file that is missing"),
        pytest.param('[people]\nroster = "a\\u0000b"', id="a file name that can't be"),
        pytest.param('[calendar]\nfile = "roster.csv"', id="a calendar that is none"),
        pytest.param("this is no TOML", id="no TOML"),
        pytest.param("a = " + "[" * 5000, id="nested without end"),
    ],
)
def test_a_config_that_says_what_it_may_not_is_one_clear_line(school, config, capsys, monkeypatch):
    from postguard.cli import main

    (school / "postguard.toml").write_text(config)
    monkeypatch.setattr(
        sys, "argv", ["postguard", "check", "--text", CLEAN, "--config", str(school / "postguard.toml")]
    )
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("postguard: ")
    assert shown.err.count("\n") == 1
    assert shown.out == ""


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("roster.csv", lambda t: "\ufeff" + t, id="a roster with a BOM"),
        pytest.param("roster.csv", lambda t: t.replace("\n", "\r\n"), id="a roster with Windows line ends"),
        pytest.param("consent.csv", lambda t: "\ufeff" + t.replace("\n", "\r\n"), id="consent with both"),
        pytest.param("postguard.toml", lambda t: "\ufeff" + t.replace("\n", "\r\n"), id="a config with both"),
        pytest.param("trips.toml", lambda t: "\ufeff" + t.replace("\n", "\r\n"), id="a calendar with both"),
    ],
)
def test_files_as_windows_writes_them_are_read_like_any_other(school, name, change):
    from postguard.config import load_config

    (school / name).write_bytes(change((school / name).read_text()).encode())
    loaded = load_config(school / "postguard.toml")
    assert [pupil.first_name for pupil in loaded.roster.pupils] == ["Robin", "Tariq"]
    assert len(loaded.consent) == 2
    assert len(loaded.calendar.terms) == 1


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("roster.csv", lambda t: t + "P1,Tess,,,,\n", "line 4: an id that an earlier line has"),
        ("roster.csv", lambda t: t.replace("first_name", "forename"), "no column 'first_name'"),
        ("roster.csv", lambda t: t.split("\n", 1)[1], "no column 'id'"),
        ("roster.csv", lambda t: t + "P3,Tess\n", "line 4: 2 cells under 6 headings"),
        ("roster.csv", lambda t: t + ",Tess,,,,\n", "line 4: a pupil needs an id"),
        ("roster.csv", lambda t: t.replace("known_as", "id"), "'id' is there twice"),
        ("roster.csv", lambda _t: "", "no column 'id'"),
        ("consent.csv", lambda t: t.replace("refused", "perhaps"), "line 3: a status"),
        ("consent.csv", lambda t: t.replace("2026-08-31", "soon"), "line 2: expires_on is no date"),
        ("consent.csv", lambda t: t.replace("2025-09-01", "01/09/25"), "line 2: recorded_on is no date"),
        ("consent.csv", lambda t: t.replace("status,", "answer,"), "no column 'status'"),
    ],
)
def test_a_csv_with_a_fault_names_the_line_and_no_child(school, name, change, says):
    from postguard import ConfigError
    from postguard.config import load_config

    (school / name).write_text(change((school / name).read_text()))
    with pytest.raises(ConfigError) as error:
        load_config(school / "postguard.toml")
    told = str(error.value)
    assert says in told
    assert "\n" not in told
    assert not any(word in told for word in ("Robin", "Sample", "Tariq", "Placeholder", "Tess"))


def test_a_csv_that_is_not_utf8_is_one_clear_line(school):
    from postguard import ConfigError
    from postguard.config import load_config

    (school / "roster.csv").write_bytes("id,first_name\nP1,Zoë\n".encode("utf-16"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(school / "postguard.toml")


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param("text = 5", id="a number for a text"),
        pytest.param('text = "a"\npublish_at = 5', id="a number for a moment"),
        pytest.param('text = "a"\npublish_at = "5"', id="a number in quotes for a moment"),
        pytest.param('text = "a"\npublish_at = 0001-01-01T00:00:00+14:00', id="a moment before all others"),
        pytest.param('text = "a"\nchannel = "tv"', id="no such channel"),
        pytest.param('text = "a"\nalso = "x"', id="a string for a list"),
        pytest.param('text = "a"\ncolour = 1', id="no such key"),
        pytest.param('text = "a"\n[[images]]\nfile = "robin-sample.jpg"', id="a picture that is missing"),
        pytest.param('text = "a"\n[[images]]\nfile = "a\\u0000b"', id="a picture that can't be"),
        pytest.param('text = "a"\n[[images]]\nfile = "."', id="a folder for a picture"),
        pytest.param("text = ", id="no TOML"),
    ],
)
def test_a_draft_file_with_a_fault_is_one_clear_line(tmp_path, draft, capsys, monkeypatch):
    from postguard.cli import main

    (tmp_path / "draft.toml").write_text(draft)
    monkeypatch.setattr(sys, "argv", ["postguard", "check", str(tmp_path / "draft.toml")])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("postguard: ")
    assert shown.err.count("\n") == 1
    assert "robin" not in shown.err


def test_bad_bytes_on_standard_input_are_one_clear_line(tmp_path):
    one_clear_line(run("check", "-", cwd=tmp_path, stdin=b"\xff\xfe\x00"))


def test_a_json_draft_nested_without_end_is_one_clear_line(tmp_path):
    one_clear_line(run("check", "-", cwd=tmp_path, stdin=b'{"text":' + b"[" * 100_000))
