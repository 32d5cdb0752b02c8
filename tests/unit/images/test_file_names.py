"""The name of a file tells a date or a place, or nothing."""

import pytest

from postguard.images.file_names import telling_spans


@pytest.mark.parametrize(
    ("name", "part", "what"),
    [
        ("IMG_20260610_153000.jpg", "20260610", "date"),
        ("PXL_20260610_101530123.jpg", "20260610", "date"),
        ("IMG-20260610-WA0003.jpg", "20260610", "date"),
        ("2026-06-10 lava lamps.jpg", "2026-06-10", "date"),
        ("lava 10.06.2026.jpg", "10.06.2026", "date"),
        ("farm-10june.png", "10june", "date"),
        ("Farm June 10.png", "June 10", "date"),
        ("1781086530123.jpg", "1781086530123", "date"),
        ("51.50354,-0.12768.jpg", "51.50354,-0.12768", "place"),
    ],
)
def test_it_tells(name, part, what):
    assert [(name[start:end], kind) for (start, end), kind in telling_spans(name)] == [(part, what)]


@pytest.mark.parametrize(
    "name",
    [
        "IMG_1234.jpg",
        "DSC01234.JPG",
        "P1010001.jpg",
        "photo-1.jpg",
        "lava-a.jpg",
        "year-5 maypole 3.png",
        "12345678.jpg",
        "",
    ],
)
def test_counters_and_plain_words_tell_nothing(name):
    assert telling_spans(name) == []
