"""Real files of eight kinds: nothing that Pillow shows of them changes, and nothing is left that our reader finds."""

import io
import os
import warnings
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from postguard.images.containers import PictureError
from postguard.images.metadata import read
from postguard.images.strip import strip
from postguard.images.strip.audit import audit

CORPUS = os.environ.get("POSTGUARD_CORPUS")
pytestmark = pytest.mark.skipif(not CORPUS, reason="POSTGUARD_CORPUS does not say where the corpus is")
SUPPORTED_SHARE = 0.97


def shown(data):
    """Pixels as turned and timing of every frame; None where Pillow can't decode the file."""
    frames = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data)) as picture:
                count = getattr(picture, "n_frames", 1) if picture.format != "MPO" else 1
                for number in range(count):
                    picture.seek(number)
                    picture.load()
                    whole = picture.convert("RGBA") if picture.mode == "P" else picture.copy()
                    turned = ImageOps.exif_transpose(whole)
                    frames.append((turned.size, turned.tobytes(), picture.info.get("duration")))
        except Exception:
            return None
    return frames


def test_nothing_that_is_shown_changes_and_nothing_is_left_to_tell():
    decodable = supported = 0
    for path in sorted(Path(CORPUS, "metadata", "files").iterdir()):
        data = path.read_bytes()
        before = shown(data)
        decodable += before is not None
        try:
            stripped = strip(data)
        except PictureError:
            continue
        supported += before is not None
        audit(stripped.data)
        assert read(stripped.data).facts == (), path.name
        assert strip(stripped.data).data == stripped.data, path.name
        if before is not None:
            assert shown(stripped.data) == before, path.name
    assert supported >= SUPPORTED_SHARE * decodable
