"""The context of a draft: its moment, its audience, and views made once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from postguard import ConfigError, Draft, PluginError, UnreadablePicture, View
from postguard.channels import Audience


@pytest.fixture
def seen(bare_guard, kit):
    """What a checker sees of a draft: `seen(draft)` is its Context."""

    def seen(draft, views=(), **same):
        contexts = []

        def check(context):
            contexts.append(context)
            return []

        bare_guard({"p": kit.plugin(kit.checker(check, views=views))}, **same).check(draft)
        return contexts[0]

    return seen


@pytest.mark.parametrize(
    ("channel", "also", "audience"),
    [("x", (), "PUBLIC"), ("parent-app", ("x-protected",), "PROTECTED"), ("x-protected", ("press", "x"), "PRESS")],
)
def test_the_gravest_audience_of_all_targets_counts(seen, channel, also, audience):
    context = seen(Draft("a", channel=channel, also=also))
    assert context.audience is Audience[audience]
    assert len(context.channels) == 1 + len(also)


def test_an_unknown_channel_is_a_config_error(bare_guard):
    with pytest.raises(ConfigError, match="no channel 'tv'"):
        bare_guard().check(Draft("a", channel="tv"))


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        (datetime(2026, 6, 10, 15, 30), 15),  # noqa: DTZ001
        (datetime(2026, 6, 10, 15, 30, tzinfo=UTC), 16),
        (datetime(2026, 1, 10, 15, 30, tzinfo=UTC), 15),
        (None, 12),
    ],
)
def test_the_moment_of_publishing_is_aware_and_the_school_s(seen, written, hour):
    at = seen(Draft("a", publish_at=written)).publish_at
    assert at.hour == hour
    assert at.utcoffset() is not None
    assert str(at.tzinfo) == "Europe/London"


@pytest.mark.parametrize("written", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_a_moment_at_the_edge_of_time_ends_in_a_report_or_a_config_error(bare_guard, written):
    try:
        assert bare_guard().check(Draft("a", publish_at=written)).decision == 0
    except ConfigError as error:
        assert "publish_at" in str(error)  # noqa: PT017


def test_a_view_is_made_once_for_each_key(seen):
    made = []

    def make(_options):
        return lambda _context, key: made.append(key) or [key]

    context = seen(Draft("a"), views=[View("one", make)])
    assert context.view("one", 1) is context.view("one", 1)
    assert context.view("one", 2) == [2]
    assert made == [1, 2]
    assert context.has_view("one")
    assert not context.has_view("two")
    with pytest.raises(PluginError, match="two"):
        context.view("two")


def test_a_failure_is_remembered_and_raised_again(seen):
    made = []

    def make(_options):
        def view(_context):
            made.append(1)
            raise UnreadablePicture(0, "broken")

        return view

    context = seen(Draft("a"), views=[View("one", make)])
    for _ in range(3):
        with pytest.raises(UnreadablePicture):
            context.view("one")
    assert made == [1]


def test_texts_are_told_by_their_field(seen):
    context = seen(Draft("a", place="b"))
    assert list(context.fields()) == [("text", "a"), ("place", "b")]
    assert context.text_of("place") == "b"
    assert context.text_of("images[0].alt") == ""
    assert "Draft(<1 characters>" in repr(context)
