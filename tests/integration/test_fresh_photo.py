"""A photo's position and time reach the trips checker: a post in the past tense with a picture just taken elsewhere."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from postguard import Draft, Guard, Image
from postguard.checkers.trips import TripOptions

LONDON = ZoneInfo("Europe/London")
PHOTO = files("postguard").joinpath("data/demo/phone-portrait.jpg").read_bytes()
"""Taken on 11 June 2026 at 10:02:44, at 55.50 N 2.26 E."""


@pytest.mark.parametrize(
    ("school", "hour", "held"),
    [
        ((51.5, -0.1), 10, True),  # taken 40 minutes ago, far from school
        ((51.5, -0.1), 20, False),  # the same evening
        ((55.5, 2.26), 10, False),  # taken at school
    ],
)
def test_a_fresh_photo_taken_away_from_school_holds_a_post_about_a_trip(
    school: tuple[float, float], hour: int, held: bool
) -> None:
    guard = Guard(options={"trips": TripOptions(latitude=school[0], longitude=school[1])})
    report = guard.check(
        Draft(
            "Year 5 loved the sharks at Sample Bay Sea Life.",
            images=(Image("photo-1.jpg", PHOTO, subjects=()),),
            publish_at=datetime(2026, 6, 11, hour, 42, tzinfo=LONDON),
        )
    )
    assert ("TRP408" in report.objections) is held
