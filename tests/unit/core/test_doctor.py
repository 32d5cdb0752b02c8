"""The doctor: an import error becomes the package to install."""

from __future__ import annotations

import pytest

from postguard.doctor import examine, remedy


@pytest.mark.parametrize(
    ("error", "module", "says"),
    [
        ("ImportError: libGL.so.1: cannot open shared object file", "cv2", "apt-get install libgl1"),
        ("ImportError: libglib-2.0.so.0: cannot open shared object file", "cv2", "apt-get install libglib2.0-0"),
        ("ImportError: libfoo.so.7: cannot open shared object file", "cv2", "libfoo.so.7 is missing"),
        ("ModuleNotFoundError: No module named 'cv2'", "cv2", "pip install 'opencv-python>=5'"),
        ("ModuleNotFoundError: No module named 'PIL'", "PIL", "pip install 'pillow'"),
        ("ModuleNotFoundError: No module named 'mediapipe'", "mediapipe", "postguard[mediapipe]"),
        ("SystemError: odd", "cv2", "SystemError: odd"),
        ("", "cv2", "unknown"),
    ],
)
def test_an_error_becomes_a_remedy(error, module, says):
    assert says in remedy(error, module)


def test_all_that_is_needed_is_looked_at_and_is_here():
    looked = list(examine())
    assert {"the module cv2", "the module spacy", "the checker names"} <= {one.what for one in looked}
    assert [one.what for one in looked if one.needed and not one.fine] == []
    assert any("mediapipe" in one.what and not one.needed for one in looked)
