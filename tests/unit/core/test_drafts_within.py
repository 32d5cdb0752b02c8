"""Draft files of people whom a program does not trust: their pictures come from one folder and from nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postguard import ConfigError
from postguard.drafts import load_draft, parse_draft


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a picture in it, and one more picture beside it."""
    (tmp_path / "robin.jpg").write_bytes(b"not for you")
    inside = tmp_path / "sent"
    (inside / "deeper").mkdir(parents=True)
    (inside / "bench.jpg").write_bytes(b"bench")
    (inside / "link.jpg").symlink_to(tmp_path / "robin.jpg")
    (inside / "good-link.jpg").symlink_to("bench.jpg")
    (inside / "loop.jpg").symlink_to("loop.jpg")
    return inside


def draft_of(folder: Path, picture: str) -> Path:
    path = folder / "draft.json"
    path.write_text(json.dumps({"images": [{"file": picture}]}))
    return path


@pytest.mark.parametrize("picture", ["../robin.jpg", "deeper/../../robin.jpg", "link.jpg", "loop.jpg", "/etc/hostname"])
def test_a_picture_outside_is_refused_and_not_named(folder: Path, picture: str) -> None:
    with pytest.raises(ConfigError, match=r"images\[0\]: ") as error:
        load_draft(draft_of(folder, picture), within=folder)
    assert "robin" not in str(error.value)


def test_the_absolute_path_of_a_picture_outside_is_refused_too(folder: Path) -> None:
    outside = str(folder.parent / "robin.jpg")
    written = json.dumps({"images": [{"file": outside}]})
    assert parse_draft(written, where="-", beside=folder, is_json=True).images[0].data == b"not for you"
    with pytest.raises(ConfigError, match="outside"):
        parse_draft(written, where="-", beside=folder, is_json=True, within=folder)


@pytest.mark.parametrize("picture", ["bench.jpg", "deeper/../bench.jpg", "good-link.jpg"])
def test_a_picture_inside_is_read_under_the_name_that_was_given(folder: Path, picture: str) -> None:
    (image,) = load_draft(draft_of(folder, picture), within=folder).images
    assert image.data == b"bench"
    assert image.name == Path(picture).name


def test_without_a_fence_the_path_is_followed(folder: Path) -> None:
    (image,) = load_draft(draft_of(folder, "../robin.jpg")).images
    assert image.data == b"not for you"
