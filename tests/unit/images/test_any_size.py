"""A net that was exported for one picture size takes any; whatever is no model is refused."""

from __future__ import annotations

from contextlib import suppress
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postguard.images.any_size import any_size

MODEL = files("postguard").joinpath("models/centerface.onnx").read_bytes()


def test_the_shipped_net_takes_one_picture_of_any_size_and_no_weights() -> None:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(any_size(MODEL), options, providers=["CPUExecutionProvider"])
    assert [(given.name, given.shape) for given in session.get_inputs()] == [("input.1", [1, 3, "h", "w"])]
    assert [told.name for told in session.get_outputs()] == ["537", "538", "539", "540"]


def test_freeing_it_twice_changes_nothing_more() -> None:
    assert any_size(any_size(MODEL)) == any_size(MODEL)


@pytest.mark.parametrize("end", [1, 2, 5, 1000, len(MODEL) - 1])
def test_a_model_that_was_cut_short_is_refused(end: int) -> None:
    with pytest.raises(ValueError, match="no ONNX model"):
        any_size(MODEL[:end])


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_taken_in_no_time(data: bytes) -> None:
    with suppress(ValueError):
        assert len(any_size(data)) <= len(data) + 100
