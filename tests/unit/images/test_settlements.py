"""A position in words: the nearest settlement where the list has one, rounded coordinates everywhere."""

import pytest

from postguard.images.settlements import in_words, nearest


@pytest.mark.parametrize(
    ("position", "name"),
    [
        ((53.331, -1.655), "Hathersage"),
        ((51.147, 0.872), "Ashford"),
        ((53.272, -9.054), "Galway"),
    ],
)
def test_the_nearest_settlement_is_named(position, name):
    assert nearest(*position) == name


@pytest.mark.parametrize("position", [(48.8584, 2.2945), (0.0, 0.0), (-33.9, 18.4), (90.0, 180.0), (-90.0, -180.0)])
def test_abroad_and_at_sea_no_settlement_is_named(position):
    assert nearest(*position) is None


def test_coordinates_are_rounded_to_about_ten_kilometres():
    assert in_words(53.331, -1.655) == "near Hathersage (53.3° N, 1.7° W)"
    assert in_words(-33.9249, 18.4241) == "at about 33.9° S, 18.4° E"
