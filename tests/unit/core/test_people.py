"""People: CSV there and back, and consent that only ever gets stricter."""

from __future__ import annotations

import contextlib
import csv
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postguard import ConfigError, Consent, ConsentRegister, Pupil, Roster, Staff
from postguard.people import GRAVITY, staff_from_csv

DAY = date(2026, 6, 10)
FOLDER = tempfile.TemporaryDirectory()


def written(data):
    path = Path(FOLDER.name) / "file.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


cells = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)
pupils = st.lists(
    st.builds(Pupil, cells.filter(bool), cells.filter(bool), cells, cells, cells, cells),
    unique_by=lambda pupil: pupil.id,
    min_size=1,
    max_size=5,
)


@given(pupils)
def test_a_roster_comes_back_from_its_csv_as_it_was(people):
    path = written(b"")
    fields = ["id", "first_name", "last_name", "known_as", "year", "class_name"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(fields)
        writer.writerows([getattr(pupil, name) for name in fields] for pupil in people)
    assert list(Roster.from_csv(path).pupils) == people


@given(st.binary(max_size=200), st.sampled_from([Roster.from_csv, ConsentRegister.from_csv, staff_from_csv]))
def test_bytes_without_sense_are_people_or_a_config_error_and_nothing_else(data, read):
    for head in (b"", b"id,first_name,name,subject,purpose,status,expires_on\n"):
        with contextlib.suppress(ConfigError):
            assert read(written(head + data)) is not None


def test_columns_are_mapped_from_our_names_to_the_file_s():
    path = written("pupil,forename,class\nP1,Robin,Oak\n")
    columns = {"id": "pupil", "first_name": "forename", "class_name": "class"}
    assert Roster.from_csv(path, columns).pupil("P1") == Pupil("P1", "Robin", class_name="Oak")
    with pytest.raises(ConfigError, match="no field 'surname'"):
        Roster.from_csv(path, {"surname": "forename"})
    with pytest.raises(ConfigError, match="no column 'dob'"):
        Roster.from_csv(path, {**columns, "year": "dob"})


def test_two_people_with_one_id_are_refused():
    with pytest.raises(ValueError, match="same id"):
        Roster([Pupil("P1", "Robin"), Pupil("P1", "Tariq")])
    with pytest.raises(ValueError, match="same id"):
        Roster(staff=[Staff("S1", "Mrs Sample"), Staff("S1", "Mr Sample")])


def test_a_line_end_inside_a_cell_does_not_end_the_row():
    for inside in ("\u2028", "\x0b", "\x85", "\n"):
        path = written(f'id,first_name,last_name\nP1,"Rob{inside}in",Sample\n')
        assert Roster.from_csv(path).pupil("P1").last_name == "Sample"


def register(text):
    return ConsentRegister.from_csv(written("subject,purpose,status,recorded_on,expires_on,giver,restriction\n" + text))


def reason(text, on=DAY):
    return register(text).answer("P1", "web", on).reason


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ("", "not-asked"),
        ("P1,press,granted,,,,\n", "not-asked"),
        ("P2,web,granted,,,,\n", "not-asked"),
        ("P1,web,granted,2026-01-01,,,\n", "granted"),
        ("P1,web,yes,01/01/2026,,,\n", "granted"),
        ("P1,web,,2026-01-01,,,\n", "unknown"),
        ("P1,web,pending,2026-01-01,,,\n", "pending"),
        ("P1,web,granted,2026-01-01,,,\nP1,web,withdrawn,2026-02-01,,,\n", "withdrawn"),
        ("P1,web,withdrawn,2026-01-01,,,\nP1,web,granted,2026-02-01,,,\n", "granted"),
        ("P1,web,granted,2026-01-01,,,\nP1,web,refused,2026-01-01,,,\n", "refused"),
        ("P1,web,granted,2026-01-01,,mother,\nP1,web,refused,2025-01-01,,father,\n", "refused"),
        ("P1,web,granted,2026-06-11,,,\n", "not-asked"),
        ("P1,web,granted,2026-01-01,,,\nP1,web,withdrawn,2026-06-11,,,\n", "withdrawn"),
        ("P1,web,granted,2026-01-01,2026-06-10,,\n", "granted"),
        ("P1,web,granted,2026-01-01,2026-06-09,,\n", "expired"),
    ],
)
def test_what_the_records_say(records, expected):
    assert reason(records) == expected


def test_the_day_of_expiry_still_counts_and_the_next_does_not():
    record = "P1,web,granted,2026-01-01,2026-06-10,,\n"
    assert reason(record, date(2026, 6, 10)) == "granted"
    assert reason(record, date(2026, 6, 11)) == "expired"


def test_a_restriction_is_a_yes_or_a_no_and_counts_for_every_purpose():
    whole = register("P1,web,granted,2026-01-01,,,court_order\nP1,press,granted,2026-02-01,,,none\n")
    assert whole.restricted("P1", DAY)
    assert not whole.restricted("P2", DAY)
    assert "court" not in repr(whole.records) + str(whole.records[0].restricted)


def test_a_restriction_is_lifted_by_a_later_record_of_the_same_purpose_but_not_before_its_day():
    whole = register("P1,web,granted,2026-01-01,,,yes\nP1,web,refused,2026-07-01,,,no\n")
    assert whole.restricted("P1", DAY)
    assert not whole.restricted("P1", date(2026, 7, 1))


@pytest.mark.parametrize("recorded_on", ["", "2026-07-01"])
def test_a_restriction_without_a_day_or_of_a_later_day_counts_already(recorded_on):
    assert register(f"P1,web,granted,{recorded_on},,,yes\nP1,web,granted,2026-01-01,,,no\n").restricted("P1", DAY)


days = st.none() | st.integers(-20, 20).map(lambda n: DAY + timedelta(n))
records = st.builds(
    Consent,
    subject=st.just("P1"),
    purpose=st.just("web"),
    status=st.sampled_from(sorted(GRAVITY)),
    recorded_on=days,
    expires_on=days,
    giver=st.sampled_from(["", "mother", "father"]),
    restricted=st.booleans(),
)


def granted(kept):
    return ConsentRegister(kept).answer("P1", "web", DAY).granted


@given(st.lists(records, max_size=6), records)
def test_a_later_record_that_does_not_grant_never_makes_the_answer_milder(kept, record):
    day = max((r.recorded_on for r in kept if r.recorded_on), default=DAY) + timedelta(1)
    status = "refused" if record.status == "granted" else record.status
    later = Consent("P1", "web", status, day, giver=record.giver)
    assert granted([*kept, later]) is False


@given(st.lists(records, max_size=6), records)
def test_one_more_giver_never_makes_the_answer_milder(kept, record):
    another = Consent("P1", "web", record.status, record.recorded_on, record.expires_on, giver="carer")
    if kept and not granted(kept) and any(r.status != "granted" or (r.recorded_on or DAY) <= DAY for r in kept):
        assert not granted([*kept, another])


@given(st.lists(records, max_size=6), st.randoms())
def test_the_order_of_lines_changes_nothing(kept, random):
    shuffled = random.sample(kept, len(kept))
    one, other = ConsentRegister(kept), ConsentRegister(shuffled)
    assert one.answer("P1", "web", DAY) == other.answer("P1", "web", DAY)
    assert one.restricted("P1", DAY) == other.restricted("P1", DAY)


@given(st.lists(records, max_size=6), records)
def test_one_more_restriction_never_lifts_one(kept, record):
    more = Consent("P1", "web", record.status, record.recorded_on, giver=record.giver, restricted=True)
    if ConsentRegister(kept).restricted("P1", DAY):
        assert ConsentRegister([*kept, more]).restricted("P1", DAY)


@given(st.lists(records, max_size=6))
def test_the_purposes_that_are_granted_are_those_whose_answer_is(kept):
    assert ConsentRegister(kept).purposes_granted("P1", DAY) == ({"web"} if granted(kept) else set())


def test_staff_come_from_a_csv():
    assert staff_from_csv(written("id,name\nS1,Mrs Sample\n")) == (Staff("S1", "Mrs Sample"),)
    with pytest.raises(ConfigError, match="line 3"):
        staff_from_csv(written("id,name\nS1,Mrs Sample\nS1,Mr Sample\n"))
