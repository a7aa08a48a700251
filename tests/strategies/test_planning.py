from __future__ import annotations

from community_ops import Assignment, OperatingModel, ReportingLine, Unit
from community_ops.kernel.declaration import kind_of
from community_ops.strategies.planning import link_ends, plan_of
from tests.strategies.kinds import EveryShape, Farm, Relay, Shell


def test_targets_come_first() -> None:
    order = [kind.name for kind in plan_of(OperatingModel.schema).kinds]
    assert set(order) == set(OperatingModel.schema.kinds)
    for earlier, later in [
        ("unit", "position"),
        ("position", "assignment"),
        ("person", "assignment"),
        ("position", "reporting_line"),
        ("position", "responsibility"),
    ]:
        assert order.index(earlier) < order.index(later)


def test_what_most_kinds_point_at_is_a_hub() -> None:
    plan = plan_of(OperatingModel.schema)
    # Each is pointed at by three kinds and more.
    hubs = {"unit", "position", "person", "skill", "calendar", "goal", "plan", "task"}
    assert set(plan.hubs) == hubs
    assert set(plan.others) == set(OperatingModel.schema.kinds) - hubs


def test_kinds_bring_what_they_must_point_at() -> None:
    plan = plan_of(Farm.schema)
    assert {kind.name for kind in plan.with_targets({"relay"})} == {"relay", "hen", "egg"}
    built_in = plan_of(OperatingModel.schema)
    assert [kind.name for kind in built_in.with_targets({"assignment"})][-1] == "assignment"


def test_a_kind_stays_empty_while_it_lacks_what_it_must_point_at() -> None:
    plan = plan_of(OperatingModel.schema)
    wanted = {"position": 3, "assignment": 2, "person": 1, "skill": 1}
    got = {name: count for name, count in plan.affordable(wanted).items() if count}
    assert got == {"person": 1, "skill": 1}  # no unit, so no position, so no assignment
    got = {name: count for name, count in plan.affordable({**wanted, "unit": 1}).items() if count}
    assert got == {**wanted, "unit": 1}


def test_a_link_needs_as_many_records_as_it_has_ends() -> None:
    plan = plan_of(OperatingModel.schema)
    one = plan.affordable({"unit": 1, "position": 1, "reporting_line": 1})
    two = plan.affordable({"unit": 1, "position": 2, "reporting_line": 1})
    assert (one["reporting_line"], two["reporting_line"]) == (0, 1)
    assert plan_of(Farm.schema).affordable({"egg": 1, "hen": 2, "relay": 1})["relay"] == 0
    assert plan_of(Farm.schema).affordable({"egg": 1, "hen": 3, "relay": 1})["relay"] == 1


def test_the_ends_of_a_link_are_its_required_references_to_one_kind() -> None:
    assert link_ends(kind_of(ReportingLine)) == {"position": 1, "manager": 0}
    assert link_ends(kind_of(Relay)) == {"start": 2, "middle": 1, "end": 0}
    assert link_ends(kind_of(Assignment)) == {}
    assert link_ends(kind_of(Unit)) == {}


def test_kinds_that_can_never_be_are_not_drawn() -> None:
    assert plan_of(Shell.schema).others == ()
    assert {"turtle", "rider"}.isdisjoint(plan_of(Farm.schema).others)


def test_a_record_about_an_earlier_one_needs_an_earlier_one() -> None:
    plan = plan_of(Farm.schema)
    assert plan.affordable({"note": 2})["note"] == 0
    assert plan.affordable({"note": 2, "mirror": 1})["note"] == 2


def test_references_inside_values_count() -> None:
    plan = plan_of(EveryShape.schema)
    assert dict(plan.needs["everything"]) == {"unit": 1}
