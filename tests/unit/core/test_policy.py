"""Policy: verdicts by audience, overrides, and a decision that is BLOCK until all is checked."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postguard import CheckRun, ConfigError, Decision, Finding, Policy, Rule
from postguard.channels import Audience
from postguard.model import Outcome
from postguard.policy import decide, presets
from postguard.rules import FAMILIES, builtin, core, verdicts_of

verdicts = st.sampled_from(sorted(Decision))
ALL = [rule for family in FAMILIES for rule in builtin(family)]


def rule(code="ZZZ901", **rows):
    table = {name: verdicts_of(row.split()) for name, row in rows.items()}
    return Rule(code, "made-up", "a", "b", "c", "d", {"default": verdicts_of(["block", "review", "off"]), **table})


@pytest.mark.parametrize(
    ("audience", "verdict"),
    [("PRESS", 2), ("PUBLIC", 2), ("WEBSITE", 2), ("PROTECTED", 1), ("CLOSED", None), ("INTERNAL", None)],
)
def test_the_verdict_is_that_of_the_audience_s_column(audience, verdict):
    assert Policy().verdict(rule(), "default", Audience[audience]) == verdict


def test_an_override_of_a_variant_goes_before_that_of_its_rule():
    policy = Policy("own", {"ZZZ901": verdicts_of(["send"] * 3), "ZZZ901/a": verdicts_of(["block"] * 3)})
    made = rule(a="send send send")
    assert policy.verdict(made, "default", Audience.PUBLIC) is Decision.SEND
    assert policy.verdict(made, "a", Audience.PUBLIC) is Decision.BLOCK


@given(st.lists(st.sampled_from(["send", "review", "block", "off"]), min_size=3, max_size=3))
def test_what_is_protected_is_never_softened_whatever_an_override_says(row):
    for made in (*core().values(), *(r for r in ALL if r.code == "FAC203")):
        policy = Policy("soft", {made.code: verdicts_of(row)})
        for variant, audience in itertools.product(made.verdicts, Audience):
            own = made.verdicts[variant][audience.column]
            assert policy.verdict(made, variant, audience) >= own


def test_what_is_off_is_not_told_and_the_gravest_stands_first():
    rules = {"ZZZ901": rule(), "ZZZ902": rule("ZZZ902", soft="send send send")}
    found = [Finding("ZZZ902", variant="soft"), Finding("ZZZ901")]
    assert [f.rule for f in Policy().judge(found, rules, Audience.PUBLIC)] == ["ZZZ901", "ZZZ902"]
    assert [f.rule for f in Policy().judge(found, rules, Audience.CLOSED)] == ["ZZZ902"]


runs = st.lists(st.builds(CheckRun, st.sampled_from("abc"), st.sampled_from(list(Outcome)), st.just(1.0)), max_size=4)


@given(
    st.lists(st.builds(Finding, st.just("ZZZ901"), verdict=verdicts), max_size=5), runs, st.sets(st.sampled_from("abc"))
)
def test_it_is_block_until_every_required_checker_ran_to_its_end(findings, made, required):
    decision = decide(findings, made, required)
    ran = {run.checker for run in made if run.outcome is Outcome.OK}
    if required - ran:
        assert decision is Decision.BLOCK
    else:
        assert decision == max([f.verdict for f in findings], default=Decision.SEND)


@given(st.lists(st.builds(Finding, st.just("ZZZ901"), verdict=verdicts), max_size=5), verdicts)
def test_one_more_finding_never_makes_the_decision_milder(findings, verdict):
    assert decide([*findings, Finding("ZZZ901", verdict=verdict)], [], []) >= decide(findings, [], [])


@pytest.mark.parametrize("made", ALL, ids=lambda made: made.code)
def test_no_built_in_rule_is_graver_before_fewer_people(made):
    for variant, row in made.verdicts.items():
        public, protected, closed = (-1 if verdict is None else verdict for verdict in row)
        assert public >= protected >= closed, variant


@pytest.mark.parametrize("name", ["strict", "no-faces", "name-or-picture"])
def test_presets_speak_only_of_rules_that_there_are(name):
    codes = {made.code for made in ALL}
    assert {code.partition("/")[0] for code in Policy.preset(name).overrides} <= codes
    assert set(presets()) == {"strict", "no-faces", "name-or-picture"}


def test_no_faces_turns_the_rule_on_that_strict_leaves_off():
    faces = next(made for made in ALL if made.code == "FAC204")
    assert Policy.preset("strict").verdict(faces, "default", Audience.PUBLIC) is None
    assert Policy.preset("no-faces").verdict(faces, "default", Audience.PUBLIC) is Decision.BLOCK


def test_first_names_pass_without_a_picture_and_never_with_one():
    codes = {made.code: made for made in ALL}
    policy = Policy.preset("name-or-picture")
    assert policy.verdict(codes["NAM101"], "default", Audience.PUBLIC) is Decision.SEND
    assert policy.verdict(codes["NAM103"], "default", Audience.PUBLIC) is Decision.BLOCK
    assert policy.verdict(codes["NAM104"], "default", Audience.PUBLIC) is Decision.BLOCK


def test_an_unknown_preset_is_a_config_error():
    with pytest.raises(ConfigError, match="there are strict"):
        Policy.preset("lax")


def test_further_overrides_go_on_top():
    policy = Policy("own", {"A": verdicts_of(["send"] * 3)}).with_overrides({"B": verdicts_of(["block"] * 3)})
    assert set(policy.overrides) == {"A", "B"}
    with pytest.raises(TypeError):
        policy.overrides["C"] = None
