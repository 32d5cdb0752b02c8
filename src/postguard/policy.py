"""Policy: findings and runs become a decision, in the school's own measure."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from postguard.channels import Audience
from postguard.errors import ConfigError
from postguard.model import CheckRun, Decision, Finding, Outcome
from postguard.rules import Rule, Verdicts, verdicts_of


@dataclass(frozen=True, slots=True)
class Policy:
    """How grave each rule is here.

    `overrides` maps a code ("TRP404") or one variant of it ("TRP404/a") to a row of verdicts (public, protected,
    closed) that takes the place of the rule's own. PG… and FAC203 can only be tightened.
    """

    name: str = "strict"
    overrides: Mapping[str, Verdicts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "overrides", MappingProxyType(dict(self.overrides)))

    @classmethod
    def preset(cls, name: str) -> Policy:
        """The preset of that name.

        Raises ConfigError where there is none.
        """
        if name not in presets():
            raise ConfigError(f"policy: no preset {name!r}; there are {', '.join(presets())}")
        return presets()[name]

    def verdict(self, rule: Rule, variant: str, audience: Audience) -> Decision | None:
        """How grave a finding is before this audience; None = not told. Raises KeyError where the rule has no
        such variant."""
        own = rule.verdicts[variant][audience.column]
        row = self.overrides.get(f"{rule.code}/{variant}", self.overrides.get(rule.code))
        if row is None:
            return own
        chosen = row[audience.column]
        if rule.protected and own is not None:
            return own if chosen is None else max(own, chosen)
        return chosen

    def judge(self, findings: Iterable[Finding], rules: Mapping[str, Rule], audience: Audience) -> list[Finding]:
        """The findings with name, message and verdict filled in, gravest first; those that are not told left out."""
        judged = []
        for finding in findings:
            rule = rules[finding.rule]
            verdict = self.verdict(rule, finding.variant, audience)
            if verdict is not None:
                judged.append(replace(finding, name=rule.name, message=rule.message, verdict=verdict))
        judged.sort(key=lambda f: (-f.verdict, f.rule))
        return judged

    def with_overrides(self, overrides: Mapping[str, Verdicts]) -> Policy:
        """This policy with further overrides on top."""
        return replace(self, overrides={**self.overrides, **overrides})


def decide(findings: Iterable[Finding], runs: Iterable[CheckRun], required: Collection[str]) -> Decision:
    """The decision over judged findings.

    It is BLOCK until every required checker has run to its end; findings only tighten.
    """
    ran = {run.checker for run in runs if run.outcome is Outcome.OK}
    if not ran.issuperset(required):
        return Decision.BLOCK
    return max((finding.verdict for finding in findings), default=Decision.SEND)


@cache
def presets() -> Mapping[str, Policy]:
    """The presets by name, from data/policies.toml."""
    table = tomllib.loads(files("postguard").joinpath("data/policies.toml").read_text("utf-8"))
    return {
        name: Policy(name, {code: verdicts_of(row) for code, row in entry["rules"].items()})
        for name, entry in table.items()
    }
