from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from graphlib import TopologicalSorter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis.strategies import SearchStrategy

from community_ops import (
    Assignment,
    Calendar,
    Duty,
    Goal,
    Metric,
    OperatingModel,
    Person,
    Position,
    Ref,
    ReportingLine,
    Responsibility,
    Skill,
    Unit,
)
from community_ops.kernel.declaration import kind_of
from community_ops.kernel.model import Model
from community_ops.kernel.schema import Schema
from community_ops.strategies import models
from community_ops.strategies.planning import plan_of
from community_ops.strategies.population import Draft, records_of
from tests.strategies.kinds import EveryShape, Everything, Farm, Replaced, Shell

once = settings(max_examples=150, database=None, phases=[Phase.generate], suppress_health_check=())
ROUNDS = 12
# Thousands of models, drawn by the lines that the other tests reach with dozens.
LONG = pytest.mark.unwatched


def assert_all_come(strategy: SearchStrategy[Any], features: Callable[[Any], Iterable[str]], wanted: set[str]) -> None:
    """Draw until every feature has come up, from seeds enough to make bad luck no explanation."""
    seen: set[str] = set()
    for number in range(ROUNDS):

        @seed(number)
        @given(strategy)
        @once
        def look(drawn: Any) -> None:
            seen.update(features(drawn))

        look()
        if wanted <= seen:
            return
    pytest.fail(f"never came up: {', '.join(sorted(wanted - seen))}")


def pointed_at(model: OperatingModel) -> Iterator[Ref]:
    """What the records of the built-in kinds point at, spelled out by hand."""
    one = {
        "units": {"parent": "unit"},
        "positions": {"unit": "unit", "reports_to": "position"},
        "assignments": {"person": "person", "position": "position"},
        "reporting_lines": {"position": "position", "manager": "position"},
        "duties": {"part_of": "duty", "owner": "position"},
        "responsibilities": {"position": "position"},
        "goals": {"parent": "goal", "unit": "unit", "owner": "position"},
    }
    many = {"units": {"heads": "position", "mandates": "duty"}, "positions": {"independent_of": "unit"}}
    for table, fields in one.items():
        for record in getattr(model, table):
            values = [(kind, getattr(record, name)) for name, kind in fields.items()]
            yield from (Ref(kind, id) for kind, id in values if id is not None)
    for table, fields in many.items():
        for record in getattr(model, table):
            yield from (Ref(kind, id) for name, kind in fields.items() for id in getattr(record, name))
    for holder in (*model.positions, *model.people):
        skills = holder.requires if isinstance(holder, Position) else holder.skills
        yield from (Ref("skill", level.skill) for level in skills)
    yield from (responsibility.subject for responsibility in model.responsibilities)


@given(models())
@settings(suppress_health_check=())
def test_every_reference_points_at_a_record_that_is_there(model: OperatingModel) -> None:
    there = {(record.kind_name, record.id) for record in model}
    assert {(ref.kind, ref.id) for ref in pointed_at(model)} <= there


def assert_no_cycle(edges: list[tuple[str, str | None]]) -> None:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for start, end in edges:
        sorter.add(start, *([] if end is None else [end]))
    sorter.prepare()  # raises CycleError


@given(models())
@settings(suppress_health_check=())
def test_nothing_leads_back_to_itself_dated_lines_included(model: OperatingModel) -> None:
    lines = [(line.position, line.manager) for line in model.reporting_lines]
    assert all(low != high for low, high in lines)
    assert_no_cycle([*((p.id, p.reports_to) for p in model.positions), *lines])
    assert_no_cycle([(unit.id, unit.parent) for unit in model.units])
    assert_no_cycle([(duty.id, duty.part_of) for duty in model.duties])
    assert_no_cycle([(goal.id, goal.parent) for goal in model.goals])


@given(models())
def test_periods_run_forward_and_nothing_is_named_twice(model: OperatingModel) -> None:
    for record in (*model.assignments, *model.reporting_lines, *model.units, *model.positions):
        assert record.period is None or not record.period.backward
    for unit in model.units:
        assert len(set(unit.heads)) == len(unit.heads)


@pytest.mark.parametrize("most", [0, 1, 2, 7, 60])
def test_a_model_has_at_most_so_many_records(most: int) -> None:
    sizes: set[int] = set()

    @given(models(max_size=most))
    @settings(once, max_examples=60)
    def look(model: OperatingModel) -> None:
        sizes.add(len(model))

    look()
    assert max(sizes) <= most
    assert max(sizes) >= most / 2


def test_a_negative_size_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        models(max_size=-1)


def features(model: OperatingModel) -> Iterator[str]:
    yield from ("empty" for _ in [1] if not len(model))
    tops = [position for position in model.positions if position.reports_to is None]
    if len(tops) > 1 and len(tops) < len(model.positions):
        yield "several roots beside a tree"
    yield from (f"{min(len(unit.heads), 2)} heads" for unit in model.units)
    headed = [id for unit in model.units for id in unit.heads]
    if len(set(headed)) < len(headed):
        yield "one position heads several units"
    held = {assignment.position for assignment in model.assignments}
    for position in model.positions:
        yield "held" if position.id in held else "vacant"
        yield f"{min(position.seats, 2)} seats"
        yield from (["unicode id"] if not position.id.isascii() else [])
        yield from (["unicode title"] if not position.title.isascii() else [])
        yield from (["needs a skill"] if position.requires else [])
        yield from (["costs something"] if position.monthly_cost else [])
    per_person = [assignment.person for assignment in model.assignments]
    if len(set(per_person)) < len(per_person):
        yield "one person holds several positions"
    for line in model.reporting_lines:
        yield f"{line.kind} line"
        yield from ([f"dated {line.kind == 'solid'} line"] if line.period else [])
    place = {position.id: i for i, position in enumerate(model.positions)}
    if any(p.reports_to and place[p.reports_to] > place[p.id] for p in model.positions):
        yield "a manager further down the table"
    depth = {p.id: 0 for p in model.positions}
    for _ in depth:
        depth |= {p.id: depth[p.reports_to] + 1 for p in model.positions if p.reports_to}
    yield f"{max(depth.values(), default=-1) + 1} layers"
    yield from (f"role in {r.subject.kind}" for r in model.responsibilities)
    yield from (["extra"] if any(record.extra for record in model) else [])


COMMON = {"empty", "several roots beside a tree", "one position heads several units", "held", "vacant"}
COMMON |= {"0 heads", "1 heads", "2 heads", "0 seats", "1 seats", "2 seats", "unicode id", "unicode title"}
COMMON |= {"needs a skill", "costs something", "one person holds several positions", "extra", "functional line"}
COMMON |= {"a manager further down the table", "1 layers", "2 layers", "3 layers", "4 layers"}
RARE = {"solid line", "dated True line", "dated False line", "role in unit", "role in position", "role in duty"}


class Organisation(OperatingModel):
    """The kinds that features are about; among all that there are, some of them seldom meet."""

    schema = Schema.of(
        Unit, Position, Person, Assignment, ReportingLine, Duty, Responsibility, Goal, Skill, Calendar, Metric
    )


@LONG
def test_models_have_what_real_organisations_have() -> None:
    assert_all_come(models(), features, COMMON)
    assert_all_come(models(Organisation), features, COMMON | RARE)


@LONG
def test_every_kind_comes_up() -> None:
    def kinds(model: OperatingModel) -> Iterator[str]:
        yield from (record.kind_name for record in model)

    assert_all_come(models(), kinds, set(OperatingModel.schema.kinds))


# -- an embedder's own kinds -----------------------------------------------------------------------------------------


def inner_links(record: Everything) -> Iterator[tuple[str, str]]:
    steps = [*record.steps, *record.by_name.values(), *(step for step, _ in record.ends)]
    steps += [record.first] if record.first else []
    for step in steps:
        yield record.id, step.after
    if record.above:
        yield record.id, record.above


def own_features(model: EveryShape) -> Iterator[str]:
    everything = model.table(Everything)
    links = [link for record in everything for link in inner_links(record)]
    assert all(target in everything for _, target in links)
    assert_no_cycle(list(links))
    for record in everything:
        assert record.unit in model.units
        assert record.home in model.units  # its default points at nothing
        assert record.about in model
        abouts = [step.about for step in (*record.steps, *record.by_name.values()) if step.about]
        assert all(about in model for about in abouts)
        yield from (name for name in ("above", "steps", "first", "by_name", "ends") if getattr(record, name))
        yield from (["about in a value"] if abouts else [])
        yield from (f"own id {len(step.id) > 0}" for step in record.steps)
        yield f"level {record.level}"


@LONG
def test_own_kinds_get_references_wherever_they_stand_without_a_line_of_code() -> None:
    wanted = {"above", "steps", "first", "by_name", "ends", "about in a value", "own id True", "level None", "level 3"}
    assert_all_come(models(EveryShape, max_size=12), own_features, wanted)


def farm_features(model: Farm) -> Iterator[str]:
    tables = {table.kind.name: list(table) for table in model.tables}
    assert not tables["turtle"]
    assert not tables["rider"]
    assert bool(tables["hen"]) == bool(tables["egg"])
    assert {egg.layer for egg in tables["egg"]} <= {hen.id for hen in tables["hen"]}
    assert {hen.origin for hen in tables["hen"]} <= {egg.id for egg in tables["egg"]}
    assert {mirror.shows for mirror in tables["mirror"]} <= {mirror.id for mirror in tables["mirror"]}
    assert all(note.about in model for note in tables["note"])
    assert_no_cycle([(str(note.ref), str(note.about)) for note in tables["note"]])
    relays = tables["relay"]
    assert all(len({relay.start, relay.middle, relay.end}) == 3 for relay in relays)
    assert_no_cycle([leg for relay in relays for leg in ((relay.start, relay.middle), (relay.middle, relay.end))])
    return (name for name, records in tables.items() if records)


def test_kinds_that_need_one_another_come_together_or_not_at_all() -> None:
    assert_all_come(models(Farm), farm_features, {"note", "relay", "egg", "hen", "mirror"})


@pytest.mark.parametrize("model", [Shell, Model])
def test_a_schema_in_which_nothing_can_exist_has_only_the_empty_model(model: type[Model]) -> None:
    @given(models(model))
    @settings(once, max_examples=10)
    def look(drawn: Model) -> None:
        assert drawn == model()

    look()


@given(models(Replaced, max_size=8))
def test_a_kind_that_took_the_place_of_another_is_drawn_with_its_own_fields(model: Replaced) -> None:
    assert all(isinstance(position.band, str) for position in model.positions)  # type: ignore[attr-defined]


# -- from drafts to records ------------------------------------------------------------------------------------------


def draft(cls: type, id: str | None = None, **fields: Any) -> Draft:
    return Draft(kind_of(cls), id, fields)


def test_ids_that_are_drawn_twice_are_told_apart() -> None:
    drafts = [draft(Unit, id, name="a") for id in ("x", "x", None, "unit3", "x" * 200, "x" * 200, "x")]
    ids = [record.id for record in records_of(plan_of(OperatingModel.schema), drafts)]
    assert ids == ["x", "x-2", "unit3", "unit3-2", "x" * 200, "x" * 198 + "-2", "x-3"]


def test_a_number_chooses_among_the_records_there_are() -> None:
    drafts = [draft(Unit, name="a") for _ in range(3)]
    drafts += [draft(Goal, name="g", unit=number) for number in (0, 2, 4)]
    goals = [record for record in records_of(plan_of(OperatingModel.schema), drafts) if isinstance(record, Goal)]
    assert [goal.unit for goal in goals] == ["unit1", "unit3", "unit2"]


def test_an_acyclic_reference_counts_back_from_its_holder() -> None:
    drafts = [draft(Duty, name="a", part_of=number) for number in (5, 0, 0, 1, 7)]
    duties = [record for record in records_of(plan_of(OperatingModel.schema), drafts) if isinstance(record, Duty)]
    assert [duty.part_of for duty in duties] == [None, "duty1", "duty2", "duty2", "duty1"]


# -- what a failing test shows -----------------------------------------------------------------------------------------


def smallest(what: Any) -> OperatingModel:
    quick = settings(max_examples=2_000, database=None, derandomize=True, phases=[Phase.generate, Phase.shrink])
    return find(models(max_size=8), what, settings=quick)


def test_a_failure_shrinks_to_the_records_it_takes() -> None:
    found = smallest(lambda model: any(position.reports_to for position in model.positions))
    assert found == OperatingModel.of(
        Unit(id="unit1", name="a"),
        Position(id="position1", title="a", unit="unit1"),
        Position(id="position2", title="a", unit="unit1", reports_to="position1"),
    )


def test_a_failure_is_shown_as_the_call_that_makes_it_again() -> None:
    @given(models())
    @settings(database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    def look(model: OperatingModel) -> None:
        assert not model.units

    with pytest.raises(AssertionError) as caught:
        look()
    shown = "".join("".join(caught.value.__notes__).split())
    assert "model=OperatingModel((Unit(id='unit1'," in shown
