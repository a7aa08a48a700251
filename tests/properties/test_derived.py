"""Whatever is remembered equals what is worked out afresh, after any edits, for every derived function there is.

The functions are found by looking through the package, so those of rooms still to come take part on their own. To them
come some that do what real ones rarely do: read in threads, fail half-way, ask for what is not there, nest.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import community_ops
from community_ops import Assignment, OperatingModel, Position, Ref, Unit, derived, diff
from community_ops.errors import LateRead, StillReferenced
from community_ops.kernel.derived import Derived
from community_ops.kernel.relations import dangling, pairs, referrers_by
from community_ops.kernel.view import ModelView
from community_ops.strategies import models
from tests.properties.material import any_record, exact, plain

DAYS = (date(2026, 3, 2), date(2024, 2, 29))
# Rooms that read no model, or cannot be imported without an extra.
ELSEWHERE = ("community_ops.cli", "community_ops.strategies", "community_ops.view", "community_ops.__main__")
RELATIONAL = (pairs, dangling, referrers_by)

# -- functions that behave oddly ---------------------------------------------------------------------------------------

failures: list[str] = []


@derived
def in_threads(m: ModelView) -> tuple[Any, ...]:
    with ThreadPoolExecutor(max_workers=3) as pool:
        titles = pool.submit(m.column, Position.title)
        tables = list(pool.map(lambda kind: tuple(sorted(m.id_set(kind))), m.schema.kinds))
        longest = pool.submit(lambda: max((len(unit.name) for unit in m.table(Unit)), default=None))
        return titles.result(), tuple(tables), longest.result()


@derived
def nested_in_threads(m: ModelView) -> tuple[Any, ...]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        return tuple(pool.map(lambda relation: pairs(m, relation.kind, relation.name), m.schema.relations))


@derived
def fails_without_positions(m: ModelView) -> str:
    units = m.column(Unit.name)
    if not m.ids(Position):
        failures.append("again")
        raise ValueError("no positions")
    return "/".join(units)


@derived
def recovers(m: ModelView) -> tuple[str, Any]:
    try:
        return "fine", fails_without_positions(m)
    except ValueError:
        return "recovered", m.ids("person")


@derived
def single_rows(m: ModelView, kind: str, id: str) -> tuple[Any, ...]:
    record = m.get(Ref(kind, id))
    if record is None:
        return ("absent",)
    return repr(record), m.label(record.ref)


@derived
def neighbours(m: ModelView, id: str) -> tuple[Any, ...]:
    position = m.get(Ref("position", id))
    if position is None:
        return ()
    above, unit = m.follow(position, "reports_to"), m.follow(position, "unit")
    return repr(above), repr(unit), tuple(repr(record) for record in m.referrers(position.ref))


@derived
def many_rows(m: ModelView) -> tuple[Any, ...]:
    nobody = [m.get(Ref("position", f"nobody{i}")) for i in range(300)]  # more rows than are noted one by one
    return (*nobody[:1], *(repr(m.get(Ref("position", f"position{i}"))) for i in range(10)))


@derived
def whole_tables(m: ModelView) -> int:
    return sum(len(m.table(kind.cls)) for kind in m.schema.kinds.values())


@derived
def by_attribute(m: Any) -> tuple[str, ...]:
    return tuple(position.title for position in m.positions if position.unit in m.units)


@derived
def nested(m: ModelView, depth: int) -> tuple[Any, ...]:
    if depth == 0:
        return m.column(Assignment.fte)
    return (*m.ids(Unit)[:depth], nested(m, depth - 1), recovers(m))


OWN: tuple[tuple[Derived[..., Any], tuple[Any, ...]], ...] = (
    (in_threads, ()),
    (nested_in_threads, ()),
    (recovers, ()),
    *((single_rows, (kind, f"{kind}{number}")) for kind in ("unit", "position", "person") for number in (1, 2)),
    *((neighbours, (f"position{number}",)) for number in (1, 2, 3)),
    (many_rows, ()),
    (whole_tables, ()),
    (by_attribute, ()),
    *((nested, (depth,)) for depth in (0, 2)),
)

# -- every function of the library -------------------------------------------------------------------------------------


def library() -> Iterator[Derived[..., Any]]:
    """Every derived function of the package, wherever it is written."""
    for module in pkgutil.walk_packages(community_ops.__path__, "community_ops."):
        if not module.name.startswith(ELSEWHERE):
            found = vars(importlib.import_module(module.name)).values()
            yield from {id(f): f for f in found if isinstance(f, Derived) and f.__module__ == module.name}.values()


def arguments(function: Derived[..., Any]) -> list[tuple[Any, ...]]:
    """Ways to call a function after the model; none where its arguments are not ones that every model knows."""
    parameters = list(inspect.signature(function.function).parameters.values())[1:]
    if not parameters:
        return [()]
    if [parameter.name for parameter in parameters] == ["at"]:
        return [(day,) for day in DAYS] + ([(None,)] if parameters[0].default is None else [])
    return []


LIBRARY = [(function, given) for function in library() for given in arguments(function)]


def told(function: Derived[..., Any], model: OperatingModel, given: tuple[Any, ...]) -> Any:
    """What a call says, be it an error."""
    try:
        return plain(function(model, *given))
    except Exception as error:  # whatever it is, it has to be the same afresh
        return type(error), str(error)


def assert_fresh(model: OperatingModel, calls: Any) -> None:
    fresh = type(model)(model)
    for function, given in calls:
        assert told(function, model, given) == told(function, fresh, given), function.function.__qualname__


class Edits(RuleBasedStateMachine):
    """Edits a model in every way there is, goes back to earlier ones, and looks at everything in between."""

    def __init__(self) -> None:
        super().__init__()
        self.model = OperatingModel()
        self.earlier: list[OperatingModel] = []

    def become(self, model: OperatingModel) -> None:
        self.earlier = [*self.earlier[-3:], self.model]
        self.model = model

    @initialize(model=models(max_size=10))
    def begin(self, model: OperatingModel) -> None:
        self.model = model

    @rule(other=models(max_size=6))
    def put(self, other: OperatingModel) -> None:
        self.become(self.model.put(*other))

    @rule(record=any_record)
    def put_what_may_fit_nothing(self, record: Any) -> None:
        self.become(self.model.put(record))

    @rule(other=models(max_size=8))
    def add(self, other: OperatingModel) -> None:
        self.become(self.model.add(*(record for record in other if record.ref not in self.model)))

    @rule(other=models(max_size=8))
    def replace(self, other: OperatingModel) -> None:
        self.become(self.model.replace(*(record for record in other if record.ref in self.model)))

    @rule(other=models(max_size=8))
    def set_single_fields(self, other: OperatingModel) -> None:
        for donor in other:
            record = self.model.get(donor.ref)
            fields = [] if record is None else self.model.schema.kind(record).layout.fields
            for spec in fields:
                if repr(spec.get(self.model[donor.ref])) != repr(spec.get(donor)):
                    self.become(self.model.replace(evolve(self.model[donor.ref], **{spec.name: spec.get(donor)})))
                    assert_fresh(self.model, OWN)

    @rule(data=st.data(), even_if=st.booleans())
    def remove(self, data: st.DataObject, even_if: bool) -> None:
        if len(self.model):
            record = data.draw(st.sampled_from(list(self.model)))
            try:
                self.become(self.model.remove(record.ref, dangling=even_if))
            except StillReferenced:
                assert not even_if

    @rule(data=st.data(), number=st.integers(1, 12))
    def rename(self, data: st.DataObject, number: int) -> None:
        if len(self.model):
            record = data.draw(st.sampled_from(list(self.model)))
            new = Ref(record.kind_name, f"{record.kind_name}{number}")
            if new not in self.model:
                self.become(self.model.rename(record.ref, new.id))

    @rule(other=models(max_size=8))
    def apply(self, other: OperatingModel) -> None:
        changes = diff(self.model, other)
        after = self.model.apply(changes)
        assert exact(after) == exact(other)
        self.become(after.apply(changes.invert()))
        self.become(after)

    @rule(place=st.integers(0, 3))
    def go_back(self, place: int) -> None:
        if self.earlier:
            self.become(self.earlier[place % len(self.earlier)])

    @rule(places=st.sets(st.integers(0, len(LIBRARY) - 1), max_size=6))
    def look_at_some(self, places: set[int]) -> None:
        # What was looked at before is remembered, what was not is worked out: both have to mix.
        assert_fresh(self.model, [LIBRARY[place] for place in sorted(places)])

    @rule()
    def look_at_everything(self) -> None:
        assert_fresh(self.model, LIBRARY)

    @rule(at=st.sampled_from([None, *DAYS]))
    def check_the_rules(self, at: date | None) -> None:
        assert str(self.model.check(at=at)) == str(type(self.model)(self.model).check(at=at))

    @invariant()
    def nothing_remembered_is_stale(self) -> None:
        relations = [(f, (r.kind, r.name)) for f in RELATIONAL for r in self.model.schema.relations]
        assert_fresh(self.model, relations)
        assert_fresh(self.model, OWN)

    @invariant()
    def earlier_models_are_untouched(self) -> None:
        for model in self.earlier[-1:]:
            assert_fresh(model, OWN)


TestEdits = pytest.mark.unwatched(Edits.TestCase)  # long, and about what is remembered, not about what is reached
_effort = settings.default.max_examples if settings.default else 50
TestEdits.settings = settings(max_examples=max(10, _effort // 5), stateful_step_count=12)


# -- the functions above do what they are there for ------------------------------------------------------------------


def test_the_library_is_found() -> None:
    names = {function.function.__qualname__ for function, _ in LIBRARY}
    assert {"hierarchy", "unit_tree", "staffing", "raci", "headcount", "workloads"} <= names


def test_failures_are_not_remembered_but_what_they_read_is() -> None:
    model = OperatingModel.of(Unit(id="hq", name="HQ"))
    assert recovers(model) == ("recovered", ())
    before = len(failures)
    assert recovers(model) == ("recovered", ())
    assert len(failures) == before, "the caller's result is remembered"
    with pytest.raises(ValueError, match="no positions"):
        fails_without_positions(model)
    assert len(failures) == before + 1, "the failure is not"
    assert recovers(model.add(Position(id="ceo", title="CEO", unit="hq"))) == ("fine", "HQ")


def test_an_absent_row_is_noticed_when_it_comes() -> None:
    model = OperatingModel.of(Unit(id="hq", name="HQ"))
    assert single_rows(model, "unit", "unit1") == ("absent",)
    assert single_rows(model.add(Unit(id="unit1", name="One")), "unit", "unit1")[1] == "One"


def test_a_result_is_used_again_while_what_it_read_is_unchanged() -> None:
    model = OperatingModel.of(Unit(id="hq", name="HQ"), Position(id="ceo", title="CEO", unit="hq"))
    first = in_threads(model)
    assert in_threads(model) is first
    # `mission` is read by none of the threads.
    after = model.replace(evolve(model.positions["ceo"], mission="to lead"))
    assert in_threads(after) is first
    assert in_threads(after.replace(evolve(after.positions["ceo"], title="Chief"))) is not first


def test_reading_after_the_end_is_an_error_in_a_thread_too() -> None:
    views: list[ModelView] = []

    @derived
    def leaks(m: ModelView) -> int:
        views.append(m)
        return len(m.ids(Unit))

    leaks(OperatingModel.of(Unit(id="hq", name="HQ")))
    with ThreadPoolExecutor(max_workers=1) as pool, pytest.raises(LateRead):
        pool.submit(views[0].column, Unit.name).result()


def test_a_generator_cannot_be_derived() -> None:
    def lazily(m: ModelView) -> Iterator[str]:
        yield from m.ids(Unit)

    with pytest.raises(TypeError, match="generator"):
        derived(lazily)

    @derived
    def smuggles(m: ModelView) -> Any:
        return (id for id in m.ids(Unit))

    with pytest.raises(TypeError, match="immutable"):
        smuggles(OperatingModel())


def test_comparison_sees_what_a_derived_value_says() -> None:
    one = OperatingModel.of(Unit(id="hq", name="HQ"), Position(id="ceo", title="CEO", unit="hq"))
    two = one.replace(evolve(one.positions["ceo"], reports_to="ceo"))
    different = {f.function.__qualname__ for f, given in LIBRARY if told(f, one, given) != told(f, two, given)}
    assert "hierarchy" in different
    assert "unit_tree" not in different
