"""Stripping and auditing take at most twice the file's size beside the file itself, and decode nothing."""

import random
import struct
import tracemalloc

import pictures
import pytest
from PIL import Image

from postguard.images.metadata import read
from postguard.images.strip import strip
from postguard.images.strip.audit import audit

NOISE = Image.frombytes("RGB", (500, 500), random.Random(1).randbytes(500 * 500 * 3))  # noqa: S311
CODED = NOISE.tobytes()
FILES = {
    "jpeg": pictures.jpeg(NOISE, quality=97, exif=b"Exif\0\0" + pictures.exif()),
    "png": pictures.png(NOISE),
    "webp": pictures.webp(NOISE, exif=pictures.exif()),
    "gif": pictures.gif(NOISE),
    "tiff": pictures.tiff_file(NOISE),
    "avif": pictures.avif(NOISE, quality=95),
    "heic": pictures.heic(coded=CODED),
    "film": pictures.film(samples=struct.pack(">I", len(CODED) + 1) + b"\x65" + CODED, gap=b"a gap"),
}


def peak_of(work, data):
    """The most bytes that it holds at once beside the data, once what it imports is there."""
    work(data)
    tracemalloc.start()
    try:
        work(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("container", FILES)
def test_memory_stays_within_three_times_the_file(container):
    data = FILES[container]
    assert peak_of(strip, data) <= 2.1 * len(data)
    clean = strip(data).data
    assert peak_of(audit, clean) <= 2.1 * len(clean)


@pytest.mark.parametrize("container", FILES)
def test_reading_takes_no_more(container):
    data = FILES[container]
    assert peak_of(read, data) <= 2.1 * len(data)


def test_nothing_is_decoded_to_strip_a_file(monkeypatch):
    def decoder(*_arguments, **_named):
        raise AssertionError("a picture was decoded")

    monkeypatch.setattr(Image, "open", decoder)
    monkeypatch.setattr(Image, "frombytes", decoder)
    for data in FILES.values():
        audit(strip(data).data)
        read(data)
