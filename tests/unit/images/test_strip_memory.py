"""Stripping takes at most twice the file's size beside the file itself, and decodes nothing."""

import random
import tracemalloc

import pictures
import pytest
from PIL import Image

from postguard.images.strip import strip

NOISE = Image.frombytes("RGB", (500, 500), random.Random(1).randbytes(500 * 500 * 3))  # noqa: S311
FILES = {
    "jpeg": pictures.jpeg(NOISE, quality=97, exif=b"Exif\0\0" + pictures.exif()),
    "png": pictures.png(NOISE),
    "webp": pictures.webp(NOISE, exif=pictures.exif()),
    "gif": pictures.gif(NOISE),
    "tiff": pictures.tiff_file(NOISE),
    "avif": pictures.avif(NOISE, quality=95),
}


@pytest.mark.parametrize("container", FILES)
def test_memory_stays_within_three_times_the_file(container):
    data = FILES[container]
    strip(data)
    tracemalloc.start()
    try:
        strip(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 2.1 * len(data)
