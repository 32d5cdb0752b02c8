"""Draft files: what is written is what is read, and names of pictures never meet."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postguard import ConfigError, Draft, Image
from postguard.drafts import load_draft, parse_draft, write_draft

boxes = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(10, 20), st.integers(10, 20))
names = st.text(max_size=12) | st.sampled_from(
    ["a.jpg", "A.JPG", "draft.json", "photo-2.jpg", "..", "x/y.png", "a\0b", ""]
)
moments = st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=2))]))
images = st.builds(
    Image,
    names,
    st.binary(max_size=8),
    alt=st.text(max_size=8),
    subjects=st.none() | st.lists(st.text(max_size=4), max_size=2),
    faces=st.lists(st.tuples(boxes, st.none() | st.text(max_size=3)), max_size=2),
    extra_boxes=st.lists(boxes, max_size=2, unique=True).map(sorted),
    covered=st.frozensets(boxes, max_size=2),
)
drafts = st.builds(
    Draft,
    st.text(max_size=20),
    st.lists(images, max_size=4),
    st.text(max_size=5),
    st.lists(st.text(max_size=5), max_size=2),
    st.none() | moments,
    *[st.none() | st.text(max_size=8)] * 3,
    st.lists(st.tuples(moments, st.text(max_size=8)), max_size=2),
)


@given(drafts)
def test_a_draft_comes_back_as_it_was_but_for_the_names_of_its_files(draft):
    with tempfile.TemporaryDirectory() as folder:
        written = write_draft(draft, Path(folder))
        back = load_draft(Path(folder) / "draft.json")
        assert len(written) == len(set(written)) == len(draft.images) + 1
        assert sorted(path.name for path in Path(folder).iterdir()) == sorted(path.name for path in written)
    named = tuple(
        Image(new.name, old.data, old.alt, old.subjects, old.faces, old.extra_boxes, old.covered)
        for old, new in zip(draft.images, back.images, strict=True)
    )
    assert back == Draft(
        draft.text,
        named,
        draft.channel,
        draft.also,
        draft.publish_at,
        draft.author,
        draft.reply_to,
        draft.place,
        draft.history,
    )


@given(st.lists(names, max_size=6))
def test_no_picture_is_written_over_another_even_where_letters_have_no_case(chosen):
    draft = Draft("a", images=tuple(Image(name, str(i).encode()) for i, name in enumerate(chosen)))
    with tempfile.TemporaryDirectory() as folder:
        written = write_draft(draft, Path(folder))
        assert len({path.name.lower() for path in written}) == len(chosen) + 1
        assert all(path.parent == Path(folder) for path in written)
        assert [image.data for image in load_draft(Path(folder) / "draft.json").images] == [
            i.data for i in draft.images
        ]


def test_a_name_that_is_safe_is_kept(tmp_path):
    write_draft(Draft("a", images=(Image("Our bench.jpg", b"1"),)), tmp_path)
    assert (tmp_path / "Our bench.jpg").read_bytes() == b"1"


@given(st.binary(max_size=120), st.booleans())
def test_bytes_without_sense_are_a_draft_or_a_config_error(data, is_json):
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(ConfigError):
        path = Path(folder) / ("draft.json" if is_json else "draft.toml")
        path.write_bytes(data)
        assert isinstance(load_draft(path), Draft)


@pytest.mark.parametrize(
    "written",
    [
        '{"text": "a", "publish_at": 5}',
        '{"text": "a", "publish_at": "1750000000"}',
        '{"text": "a", "publish_at": true}',
        '{"text": "a", "history": [{"publish_at": 5, "text": "b"}]}',
        '{"text": null}',
        '{"text": "a", "colour": 1}',
        '{"images": [{"file": "a.jpg", "pupils": []}]}',
        "[]",
        "5",
        "[" * 100_000,
        '{"text": "a", "publish_at": ' + "9" * 5000 + "}",
    ],
)
def test_a_wrong_value_is_a_config_error_of_one_line(tmp_path, written):
    with pytest.raises(ConfigError) as error:
        parse_draft(written, where="draft.json", beside=tmp_path, is_json=True)
    assert "\n" not in str(error.value)


def test_a_missing_picture_is_told_by_its_index_not_by_its_name(tmp_path):
    with pytest.raises(ConfigError, match=r"images\[0\]") as error:
        parse_draft('[[images]]\nfile = "robin.jpg"', where="d.toml", beside=tmp_path, is_json=False)
    assert "robin" not in str(error.value)


def test_where_nothing_can_be_written_is_a_config_error_and_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError):
        write_draft(Draft("a"), tmp_path / "file")
