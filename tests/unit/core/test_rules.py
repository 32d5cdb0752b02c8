"""Rules: one source for each code, complete and well formed."""

from __future__ import annotations

import re

import pytest

from postguard import Decision, Rule
from postguard.rules import FAMILIES, builtin, core, rule_from, verdict_of, verdicts_of

ALL = [rule for family in FAMILIES for rule in builtin(family)]
EXPECTED = {
    "NAM": range(101, 107),
    "FAC": range(201, 208),
    "MET": range(301, 308),
    "TRP": range(401, 411),
}


@pytest.mark.parametrize("family", EXPECTED)
def test_every_rule_of_the_catalogue_is_there(family):
    codes = {rule.code for rule in ALL}
    assert {f"{family}{number}" for number in EXPECTED[family]} <= codes


def test_codes_and_names_are_unique():
    assert len({rule.code for rule in ALL}) == len(ALL)
    assert len({rule.name for rule in ALL}) == len(ALL)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_every_rule_says_what_why_and_what_to_do(rule):
    for text in (rule.message, rule.why, rule.example, rule.fix):
        assert text.strip()
        assert "\n" not in text
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.message[-1] in ".?"
    assert set(rule.source) <= {"G0", "G1", "G2", "G3", "G4"}


def test_the_core_s_rules_block_but_for_the_advice_and_the_language():
    soft = {code for code, rule in core().items() if Decision.BLOCK not in rule.verdicts["default"]}
    assert soft == {"PG010", "PG011"}


@pytest.mark.parametrize("code", ["Z901", "ZZZZ901", "zzz901", "ZZZ90", "ZZZ9011", ""])
def test_a_code_is_two_or_three_capitals_and_three_digits(code):
    with pytest.raises(ValueError, match="capitals"):
        Rule(code, "a", "b", "c", "d", "e", {"default": (None, None, None)})


def test_a_table_without_a_default_row_is_refused():
    with pytest.raises(ValueError, match="default"):
        Rule("ZZZ901", "a", "b", "c", "d", "e", {"other": (None, None, None)})


def test_words_become_verdicts():
    assert verdicts_of(["send", "review", "block"]) == (0, 1, 2)
    assert verdict_of("off") is None
    for wrong in (["send"], ["send"] * 4, ["send", "send", "SEND"]):
        with pytest.raises(ValueError, match=r"verdict"):
            verdicts_of(wrong)


def test_verdicts_of_a_rule_can_not_be_changed():
    rule = rule_from(
        "ZZZ901",
        dict.fromkeys(("name", "message", "why", "example", "fix"), "a") | {"verdicts": {"default": ["off"] * 3}},
    )
    with pytest.raises(TypeError):
        rule.verdicts["default"] = None
