"""The calendar: trips that are open, and a file that is read strictly."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postguard import ConfigError, Trip, TripCalendar

FOLDER = tempfile.TemporaryDirectory()
LONDON = ZoneInfo("Europe/London")


def read(text, **same):
    path = Path(FOLDER.name) / "trips.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return TripCalendar.from_file(path, **same)


TRIP = '[[trip]]\nname = "T"\nplaces = ["Bay"]\nstarts = 2026-06-11T09:00:00\nends = 2026-06-11T15:30:00\n'


def test_a_trip_is_open_from_leaving_until_the_children_are_back():
    calendar = read(TRIP)
    for clock, away in (("08:59", False), ("09:00", True), ("15:29", True), ("15:30", False)):
        moment = datetime.fromisoformat(f"2026-06-11T{clock}").replace(tzinfo=LONDON)
        assert bool(calendar.open_at(moment)) is away


def test_times_without_a_zone_are_the_school_s_in_summer_too():
    assert read(TRIP).trips[0].starts.astimezone(UTC).hour == 8
    assert read(TRIP, timezone="UTC").trips[0].starts.astimezone(UTC).hour == 9


def test_terms_and_usual_places_are_read():
    calendar = read(
        '[[usual]]\nname = "Pool"\naliases = ["the baths"]\n'
        '[[term]]\nname = "S"\nstarts = 2026-04-13\nends = 2026-07-22\n'
        "half_term = [2026-05-25, 2026-05-29]\n"
    )
    assert calendar.usual[0].aliases == ("the baths",)
    assert calendar.terms[0].half_term == (date(2026, 5, 25), date(2026, 5, 29))


@pytest.mark.parametrize(
    "text",
    [
        TRIP.replace("15:30", "08:30"),
        TRIP.replace("2026-06-11T09:00:00", "2026-06-11"),
        TRIP.replace('["Bay"]', '"Bay"'),
        TRIP.replace('["Bay"]', "[5]"),
        TRIP.replace('name = "T"', ""),
        TRIP + "colour = 1",
        TRIP.replace("[[trip]]", "[trip]"),
        "trips = []",
        "[[usual]]\nname = 5",
        '[[term]]\nname = "S"\nstarts = 2026-04-13T09:00:00\nends = 2026-07-22\n',
        '[[term]]\nname = "S"\nstarts = 2026-04-13\nends = 2026-07-22\nhalf_term = [2026-05-25]\n',
        "trip = [5]",
    ],
)
def test_what_is_wrong_is_a_config_error_of_one_line(text):
    with pytest.raises(ConfigError) as error:
        read(text)
    assert "\n" not in str(error.value)
    assert "trips.toml" in str(error.value)


@given(st.binary(max_size=120))
def test_bytes_without_sense_are_a_calendar_or_a_config_error(data):
    for head in (b"", TRIP.encode()):
        with contextlib.suppress(ConfigError):
            assert isinstance(read(head + data), TripCalendar)


def test_an_unknown_zone_is_a_config_error():
    for name in ("Europe/Nowhere", "Europe", "", "../x"):
        with pytest.raises(ConfigError, match="timezone"):
            read(TRIP, timezone=name)


def test_a_trip_in_code_needs_aware_times():
    naive = datetime(2026, 6, 11)  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        Trip("T", ("Bay",), naive, naive)
