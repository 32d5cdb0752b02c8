"""Channels: those that must be known, their audience and their figures."""

from __future__ import annotations

import pytest

from postguard.channels import Audience, channel_from, known_channels

AUDIENCES = {
    "x": "PUBLIC",
    "x-protected": "PROTECTED",
    "facebook-page": "PUBLIC",
    "facebook-group-public": "PUBLIC",
    "instagram": "PUBLIC",
    "instagram-private": "PROTECTED",
    "youtube": "PUBLIC",
    "youtube-unlisted": "PUBLIC",
    "mastodon": "PUBLIC",
    "bluesky": "PUBLIC",
    "website": "WEBSITE",
    "press": "PRESS",
    "parent-app": "CLOSED",
    "learning-platform": "CLOSED",
    "newsletter": "CLOSED",
    "internal": "INTERNAL",
}


@pytest.mark.parametrize("name", AUDIENCES)
def test_a_channel_that_must_be_known_has_its_audience(name):
    assert known_channels()[name].audience is Audience[AUDIENCES[name]]


@pytest.mark.parametrize("channel", known_channels().values(), ids=lambda channel: channel.name)
def test_every_channel_has_a_purpose_and_every_figure_a_day(channel):
    assert channel.purpose
    assert channel.title
    figures = (channel.text_limit, channel.image_limit, channel.image_bytes, channel.alt_limit)
    if any(figure is not None for figure in figures):
        assert channel.checked is not None
    assert channel.text_unit in {"x", "code points", "graphemes", "utf-16", "utf-8"}


def test_what_is_public_asks_for_more_than_what_is_closed():
    assert known_channels()["x"].purpose == "social_media_public"
    assert known_channels()["x-protected"].purpose == "social_media_protected"
    assert known_channels()["parent-app"].purpose == "internal"


def test_an_unknown_audience_is_refused_and_a_missing_one_is_public():
    assert channel_from("a", {"title": "A", "purpose": "p"}).audience is Audience.PUBLIC
    with pytest.raises(ValueError, match="audience is one of"):
        channel_from("a", {"audience": "everyone", "title": "A", "purpose": "p"})


def test_the_gravest_audience_is_the_greatest():
    assert max(Audience) is Audience.PRESS
    assert [audience.word for audience in sorted(Audience)] == [
        "closed",
        "closed",
        "protected",
        "public",
        "public",
        "public",
    ]


def test_youtube_counts_the_bytes_of_a_description():
    assert known_channels()["youtube"].text_unit == "utf-8"
