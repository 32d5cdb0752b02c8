"""postguard.toml: what it says is what the Guard does, and nothing in it is overlooked."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postguard import ConfigError, Decision
from postguard.channels import Audience
from postguard.config import Config, load_config

FOLDER = tempfile.TemporaryDirectory()


def load(text, folder=None, **same):
    path = Path(folder or FOLDER.name) / "postguard.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_config(path, **same)


def test_an_empty_file_is_the_strict_policy_and_no_school():
    config = load("")
    assert (config.policy.name, config.timezone, config.plugins) == ("strict", "Europe/London", ())
    assert config.roster is config.consent is config.calendar is None


def test_a_whole_file_is_read(school):
    (school / "staff.csv").write_text("id,name\nS1,Mrs Sample\n")
    config = load(
        """
        policy = "no-faces"
        deadline = 5
        [people]
        roster = "roster.csv"
        consent = "consent.csv"
        consent_columns = { subject = "subject" }
        staff = "staff.csv"
        allow = ["St Anne"]
        [calendar]
        file = "trips.toml"
        [channels.x]
        purpose = "web"
        [channels.radio]
        audience = "press"
        purpose = "press"
        [rules]
        TRP404 = "block"
        "TRP403/weekly" = ["block", "block", "review"]
        [checkers.faces]
        thorough = true
        """,
        school,
    )
    assert config.roster.staff[0].name == "Mrs Sample"
    assert config.roster.allow == ("St Anne",)
    assert config.channels["x"].purpose == "web"
    assert config.channels["x"].audience is Audience.PUBLIC
    assert config.channels["x"].text_limit == 280
    assert config.channels["radio"].audience is Audience.PRESS
    assert config.policy.overrides["TRP404"] == (Decision.BLOCK,) * 3
    assert "FAC204" in config.policy.overrides
    assert config.options["faces"].thorough is True
    assert config.guard().channels["radio"].title == "radio"


def test_another_preset_keeps_the_rules_of_the_file():
    config = load('policy = "strict"\n[rules]\nTRP404 = "block"', preset="no-faces")
    assert config.policy.name == "no-faces"
    assert {"TRP404", "FAC204"} <= set(config.policy.overrides)


@pytest.mark.parametrize(("code", "verdict"), [("PG010", "review"), ("PG011", "block"), ("NAM102", "off")])
def test_rules_may_be_tightened_and_those_that_are_not_protected_softened(code, verdict):
    assert code in load(f'[rules]\n{code} = "{verdict}"').policy.overrides


@given(st.binary(max_size=120))
def test_bytes_without_sense_are_a_config_or_a_config_error(data):
    with contextlib.suppress(ConfigError):
        assert isinstance(load(data), Config)


KEYS = st.sampled_from(
    ["policy", "timezone", "deadline", "plugins", "people", "calendar", "channels", "rules", "checkers"]
)
VALUES = st.sampled_from(
    ["5", "true", "inf", '"x"', "[]", "[[]]", "{}", "{x = 5}", "{x = {}}", "1979-05-27", '"\\u0000"']
)


@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_keys_of_a_wrong_type_are_a_config_or_a_config_error(table):
    with contextlib.suppress(ConfigError):
        assert isinstance(load("".join(f"{key} = {value}\n" for key, value in table.items())), Config)


def test_a_missing_config_is_a_config_error(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        load_config(tmp_path / "postguard.toml")
