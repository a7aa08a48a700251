"""What can be wrong with policies (WVR2xx): they hold for units, so their rules live where units do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve, fields

from community_ops.errors import InvalidRecord
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import BadValue
from community_ops.kernel.view import ModelView
from community_ops.org.records import Position, Unit
from community_ops.org.rules.lines import reporting_cycle
from community_ops.org.rules.spans import span_too_wide, too_many_layers
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.policies import SCOPE_KIND, usable
from community_ops.validation.records import Policy
from community_ops.validation.rule import Context, Rule, rule


@rule(
    "WVR201",
    name="policy-without-effect",
    en={
        "rule": "{subject} is for {code}, and there is no rule of that code.",
        "none": "{subject} is for {code}, which has no thresholds.",
        "scope": "{subject} is for {scope}, but {code} is judged for the organisation as a whole.",
        "kind": "{subject} is for {scope}; only a unit can have thresholds of its own.",
        "name": "{subject} sets '{threshold}', which {code} does not have; it has {known}.",
        "value": "{subject} sets '{threshold}', which {complaint}.",
    },
    zh={
        "rule": "{subject}针对 {code}，但没有这一编号的规则。",
        "none": "{subject}针对 {code}，但这一规则没有阈值。",
        "scope": "{subject}针对{scope}，但 {code} 只对整个组织作判断。",
        "kind": "{subject}针对{scope}；只有单位可以有自己的阈值。",
        "name": "{subject}设置了“{threshold}”，但 {code} 没有这一阈值，只有 {known}。",
        "value": "{subject}设置的“{threshold}”无效（{complaint}）。",
    },
    needs=("policy",),
    date_use="ignored",
    reviews=True,
)
def policy_without_effect(m: ModelView, context: Context) -> Iterator[Finding]:
    """A policy sets something that no rule asks for, or in a way that cannot be used.

    Why it matters: people believe that another limit holds than the one findings are judged by.

    How to fix: correct the code, the threshold's name or its value; `explain` shows what a rule has.

    When it is wrong to heed it: where the rule belongs to an extension that this check runs without.

    What can be used of a policy is used.
    """
    for policy in m.table(Policy) if Policy.kind_name in m.schema.heirs(Policy) else ():
        known = context.run.rules.get(policy.rule)
        for variant, field, parameters in _complaints(policy, known):
            yield policy_without_effect.finding(
                policy.ref, variant, field=field, key=(str(parameters.get("threshold", "")),),
                related=[policy.scope] if policy.scope is not None else [], code=policy.rule, **parameters,
            )  # fmt: skip


def _complaints(policy: Policy, known: Rule | None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the variant of the message, the field and the parameters of everything wrong with a policy."""
    if known is None:
        yield "rule", "rule", {}
        return
    if known.thresholds is None:
        yield "none", "rule", {}
        return
    if policy.scope is not None and policy.scope.kind != SCOPE_KIND:
        yield "kind", "scope", {"scope": policy.scope}
    elif policy.scope is not None and not known.scoped:
        yield "scope", "scope", {"scope": policy.scope}
    good, wrong = usable(known.thresholds, policy.values)
    try:
        evolve(known.thresholds, **good)
    except InvalidRecord as clash:  # each can be used, but not all of them together
        wrong += [(name, BadValue(text)) for name, _, text in clash.problems]
    for name, bad in wrong:
        if bad is None:
            names = tuple(attribute.name for attribute in fields(type(known.thresholds)))
            yield "name", "values", {"threshold": name, "known": names}
        else:
            yield "value", "values", {"threshold": name, "complaint": str(bad)}


def _firm(**values: Any) -> list[Record]:
    hq = Unit(id="hq", name="Head office", heads=("ceo",))
    policy = {"id": "p", "rule": "ORG201", "values": {"widest": 20}, **values}
    return [hq, Position(id="ceo", title="CEO", unit="hq"), Policy(**policy)]


@policy_without_effect.fires()
def _for_no_rule() -> Iterable[Record]:
    return _firm(rule="ORG999")


@policy_without_effect.fires(beside=(reporting_cycle,))
def _for_a_rule_without_thresholds() -> Iterable[Record]:
    return _firm(rule="ORG101")


@policy_without_effect.fires(beside=(too_many_layers,))
def _for_a_part_where_the_whole_is_judged() -> Iterable[Record]:
    return _firm(rule="ORG203", scope=Ref("unit", "hq"), values={"most": 5})


@policy_without_effect.fires(beside=(span_too_wide,))
def _for_a_position() -> Iterable[Record]:
    return _firm(scope=Ref("position", "ceo"))


@policy_without_effect.fires(beside=(span_too_wide,))
def _for_an_unknown_threshold() -> Iterable[Record]:
    return _firm(values={"most": 20})


@policy_without_effect.fires(beside=(span_too_wide,))
def _for_a_number_in_words() -> Iterable[Record]:
    return _firm(values={"widest": "twenty"})


@policy_without_effect.silent(beside=(span_too_wide,))
def _for_a_unit() -> Iterable[Record]:
    return _firm(scope=Ref("unit", "hq"))


@rule(
    "WVR202",
    name="competing-policies",
    severity=WARNING,
    en={
        "": "{policies} are all for {code} everywhere; {subject} counts.",
        "scope": "{policies} are all for {code} in {scope}; {subject} counts.",
    },
    zh={
        "": "{policies}都针对全组织的 {code}；以{subject}为准。",
        "scope": "{policies}都针对{scope}的 {code}；以{subject}为准。",
    },
    needs=("policy",),
    date_use="ignored",
)
def competing_policies(m: ModelView, context: Context) -> Iterator[Finding]:
    """Several policies are for one rule and one part of the organisation.

    Why it matters: only the first in the table counts, and whoever edits another waits for an effect in vain.

    How to fix: put all values into one of them.

    When it is wrong to heed it: never; for a part of the part, give the policy that part as its scope.
    """
    found: dict[tuple[str, Ref | None], list[Ref]] = {}
    for id, code, scope in zip(m.ids(Policy), m.column(Policy.rule), m.column(Policy.scope), strict=True):
        found.setdefault((code, scope), []).append(Ref("policy", id))
    for (code, scope), policies in found.items():
        if len(policies) > 1:
            yield competing_policies.finding(
                policies[0], "" if scope is None else "scope", related=policies[1:], gathered=True,
                key=(code, str(scope or "")), policies=tuple(policies), code=code, scope=scope or "",
            )  # fmt: skip


@competing_policies.fires()
def _two_for_all() -> Iterable[Record]:
    return [*_firm(), Policy(id="q", rule="ORG201", values={"narrowest": 3})]


@competing_policies.fires()
def _two_for_one() -> Iterable[Record]:
    scope = Ref("unit", "hq")
    return [*_firm(scope=scope), Policy(id="q", rule="ORG201", scope=scope, values={"narrowest": 3})]


@competing_policies.silent()
def _one_each() -> Iterable[Record]:
    return [*_firm(), Policy(id="q", rule="ORG201", scope=Ref("unit", "hq"), values={"widest": 15})]


RULES = (policy_without_effect, competing_policies)
"""The rules of this module."""
