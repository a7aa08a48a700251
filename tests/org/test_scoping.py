"""The nearest policy up the tree of units counts, threshold by threshold, whatever the tree looks like."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from attrs import field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import Context, OperatingModel, Policy, Position, Ref, Unit, Value
from community_ops.kernel.record import at_least
from community_ops.org.scoping import Scoped, thresholds_by_unit

CODE = "TST711"


@frozen
class Limits(Value):
    most: int = field(default=10, metadata=at_least(0))
    least: int | None = 2
    name: str = ""


CONTEXT = Context(None, Limits(), CODE)


def policy(scope: str | None, id: str | None = None, **values: Any) -> Policy:
    at = None if scope is None else Ref("unit", scope)
    return Policy(id=id or f"p-{scope}", rule=CODE, scope=at, values=values)


def units(**above: str | None) -> list[Unit]:
    return [Unit(id=id, name=id, parent=parent) for id, parent in above.items()]


def scoped(*records: Unit | Policy) -> Scoped:
    return thresholds_by_unit(OperatingModel(records), CONTEXT)


TREE = units(company=None, sales="company", east="sales", team="east", west="sales", it="company")


def test_without_policies_for_units_everywhere_is_everywhere() -> None:
    plain = scoped(*TREE, policy(None, most=12))
    assert plain.everywhere == plain.of("team") == plain.of("gone") == plain.of(None) == Limits(most=12)
    assert plain.every == (Limits(most=12),)


def test_the_nearest_policy_counts_threshold_by_threshold() -> None:
    found = scoped(*TREE, policy(None, most=12, name="all"), policy("sales", most=20, least=4), policy("team", most=5))
    assert found.of("company") == found.of("it") == Limits(most=12, name="all")
    assert found.of("sales") == found.of("west") == found.of("east") == Limits(most=20, least=4, name="all")
    assert found.of("team") == Limits(most=5, least=4, name="all")
    assert {limits.most for limits in found.every} == {12, 20, 5}


def test_none_is_a_threshold_like_any_other() -> None:
    assert scoped(*TREE, policy("company", least=7), policy("east", least=None)).of("team") == Limits(least=None)


def test_bad_values_of_a_nearer_policy_leave_those_of_a_farther_one() -> None:
    found = scoped(*TREE, policy("sales", most=20), policy("team", most=-1, least="two", name="own", nonsense=1))
    assert found.of("team") == Limits(most=20, name="own")


def test_a_policy_that_says_nothing_hides_nothing() -> None:
    assert scoped(*TREE, policy("sales", most=20), policy("east")).of("team") == Limits(most=20)


def test_a_scope_that_does_not_exist_changes_nothing_else() -> None:
    found = scoped(*TREE, policy("gone", most=1), policy("it", most=3))
    assert (found.of("gone"), found.of("it"), found.of("team")) == (Limits(), Limits(most=3), Limits())
    assert scoped(policy("gone", most=1)).of("gone") == Limits()


def test_of_several_policies_for_a_unit_the_first_counts() -> None:
    assert scoped(*TREE, policy("it", "a", most=3), policy("it", "b", most=4, least=1)).of("it") == Limits(most=3)


def test_on_a_cycle_the_nearest_up_the_cycle_counts() -> None:
    ring = units(a="b", b="c", c="a", below="a")
    found = scoped(*ring, policy("a", most=1, least=1), policy("c", most=3, name="c"))
    assert found.of("a") == found.of("below") == Limits(most=1, least=1, name="c")
    assert found.of("c") == found.of("b") == Limits(most=3, least=1, name="c")
    assert scoped(*units(a="a"), policy("a", most=1)).of("a") == Limits(most=1)


_ids = [f"u{n}" for n in range(7)]
_said = st.fixed_dictionaries({}, optional={"most": st.integers(-1, 3), "least": st.none() | st.integers(0, 2)})


def naive(above: dict[str, str | None], said: dict[str | None, dict[str, Any]], unit: str) -> Limits:
    """Walk up from the unit and take each threshold where it is first met; then from the policy for all."""
    met: dict[str, Any] = {}
    seen: set[str] = set()
    here: str | None = unit
    while here is not None and here in above and here not in seen:
        seen.add(here)
        met = {**said.get(here, {}), **met}
        here = above[here]
    return Limits(**{"most": 10, "least": 2, **said.get(None, {}), **met})


@settings(max_examples=80)
@given(
    st.fixed_dictionaries({id: st.none() | st.sampled_from([*_ids, "gone"]) for id in _ids}),
    st.dictionaries(st.none() | st.sampled_from([*_ids, "gone"]), _said),
)
def test_it_is_what_a_walk_up_from_each_unit_finds(
    above: dict[str, str | None], said: dict[str | None, dict[str, Any]]
) -> None:
    found = scoped(*units(**above), *[policy(scope, **values) for scope, values in said.items()])
    usable = {scope: {k: v for k, v in values.items() if v != -1} for scope, values in said.items()}
    for id in _ids:
        assert found.of(id) == naive(above, usable, id)
    assert {repr(found.of(id)) for id in _ids} <= {repr(limits) for limits in found.every}


def _deep(size: int) -> OperatingModel:
    chain = [Unit(id=f"u{n}", name="U", parent=f"u{n - 1}" if n else None) for n in range(size)]
    return OperatingModel([*chain, *(policy(f"u{n}", most=n) for n in range(0, size, 2))])


def test_many_policies_on_one_deep_chain_cost_no_more_than_a_walk() -> None:
    model = _deep(20_000)
    begun = time.process_time()
    found = thresholds_by_unit(model, CONTEXT)
    assert time.process_time() - begun < 5  # walking up from each policy would be a hundred million steps
    assert [found.of(f"u{n}").most for n in (0, 1, 2, 19_999)] == [0, 0, 2, 19_998]
    assert found.of("u19999").least == 2


def test_spans_are_judged_by_the_policy_of_the_manager_s_unit() -> None:
    day = date(2026, 3, 2)
    chart = units(hq=None, service="hq", floor="service")
    boss = [Position(id=f"boss-{unit.id}", title="Boss", unit=unit.id, level="lead") for unit in chart]
    staff = [
        Position(id=f"{top.id}-{n}", title="Agent", unit="hq", reports_to=top.id) for top in boss for n in range(16)
    ]
    policies = [
        Policy(id="p", rule="ORG201", scope=Ref("unit", "service"), values={"widest": 20}),
        Policy(id="q", rule="ORG201", scope=Ref("unit", "floor"), values={"by_level": {"lead": 4}}),
    ]
    model = OperatingModel([*chart, *boss, *staff, *policies])
    wide = {found.subject.id: found.parameters["most"] for found in model.check(day, select=["ORG201"]).findings}
    assert wide == {}, "nobody holds the seats"
    wide = {found.subject.id: found.parameters["most"] for found in model.check(select=["ORG201"]).findings}
    assert wide == {"boss-hq": 15, "boss-floor": 4}


def test_spans_are_too_narrow_by_the_policy_of_the_manager_s_unit_too() -> None:
    chart = units(hq=None, lab="hq")
    lines = {"top": None, "a": "top", "b": "top", "a1": "a", "b1": "b", "a2": "a1", "b2": "b1"}
    homes = {"a": "lab"}
    posts = [
        Position(id=id, title=id, unit=homes.get(id, "hq"), reports_to=above) for id, above in lines.items()
    ]  # fmt: skip
    lax = Policy(id="p", rule="ORG202", values={"narrowest": 0})
    strict = Policy(id="q", rule="ORG202", scope=Ref("unit", "lab"), values={"narrowest": 2})
    found = OperatingModel([*chart, *posts, lax, strict]).check(select=["ORG202"]).findings
    assert [finding.subject.id for finding in found] == ["a"]
