from __future__ import annotations

import networkx as nx
from attrs import field, frozen
from hypothesis import example, given
from hypothesis import strategies as st

from community_ops import (
    DateRange,
    OperatingModel,
    Person,
    Position,
    Record,
    Ref,
    Report,
    Responsibility,
    SkillLevel,
    Unit,
    Value,
    ref,
)
from community_ops.kernel.model import Model
from community_ops.kernel.schema import Schema
from community_ops.validation.book import RuleBook
from community_ops.validation.references import RULES, circles

ALWAYS = DateRange()


@frozen
class Step(Value):
    after: str = field(metadata=ref("step", "after", acyclic=True))


@frozen(kw_only=True)
class Stage(Record):
    kind_name = "step"
    table_name = "steps"
    after: tuple[Step, ...] = ()
    about: Ref | None = field(default=None, metadata=ref(None, "about", acyclic=True))
    period: DateRange = ALWAYS


class Steps(Model):
    schema = Schema.of(Stage)


def judge(model: Model, code: str) -> Report:
    return RuleBook.of(*RULES).check(model).where(code=code)


def test_one_missing_record_is_one_finding_however_many_name_it() -> None:
    model = OperatingModel.of(
        Unit(id="a", name="A", parent="gone"),
        Unit(id="b", name="B", parent="gone"),
        Unit(id="c", name="C", parent="lost"),
        Position(id="p", title="P", unit="gone"),
    )
    report = judge(model, "REF101")
    assert [(str(f.subject), f.field, [str(r) for r in f.related]) for f in report.findings] == [
        ("unit:a", "parent", ["unit:b"]),
        ("unit:c", "parent", []),
        ("position:p", "unit", []),
    ]
    assert report.findings[0].message == "2 records, A first, name 'gone' as parent, but there is no unit of that id."
    assert all(f.fix is None for f in report.findings)


def test_a_missing_record_is_the_same_fault_whoever_names_it_first() -> None:
    a, b = Unit(id="a", name="A", parent="gone"), Unit(id="b", name="B", parent="gone")
    prints = {judge(OperatingModel(units), "REF101").findings[0].fingerprint for units in ([a, b], [b, a], [a], [b])}
    assert len(prints) == 1
    other = judge(OperatingModel.of(Position(id="p", title="P", unit="gone")), "REF101").findings[0]
    assert other.fingerprint not in prints


def test_every_sort_of_reference_is_looked_at() -> None:
    model = OperatingModel.of(
        Unit(id="u", name="U", heads=["nobody"]),
        Person(id="p", name="P", skills=[SkillLevel("magic")]),
        Responsibility(id="r", subject=Ref("unit", "nowhere"), position="none"),
        Responsibility(id="s", subject=Ref("starship", "x"), position="none"),
    )
    found = {(str(f.subject), f.field): f.parameters["target"] for f in judge(model, "REF101").findings}
    assert found == {
        ("unit:u", "heads"): "nobody",
        ("person:p", "skills"): "magic",
        ("responsibility:r", "subject"): "nowhere",
        ("responsibility:s", "subject"): "x",
        ("responsibility:r", "position"): "none",
    }


def test_a_single_misspelt_id_is_suggested_and_corrected() -> None:
    model = OperatingModel.of(Unit(id="Sales", name="S"), Unit(id="b", name="B", parent="ｓａｌｅｓ"))
    (found,) = judge(model, "REF101").findings
    assert (
        found.message
        == "B names 'ｓａｌｅｓ' as parent; there is only a unit 'Sales', which differs in case and width."
    )
    assert found.fix is not None
    assert model.apply(found.fix).units["b"].parent == "Sales"


def test_leading_zeros_give_one_finding_that_mends_all() -> None:
    posts = [Position(id=f"{n:03}", title=str(n), unit="u") for n in range(1, 4)]
    reports = [Position(id=f"x{n}", title="x", unit="u", reports_to=str(n)) for n in range(1, 4)]
    lost = Position(id="y", title="y", unit="u", reports_to="99")
    model = OperatingModel.of(Unit(id="u", name="U"), *posts, *reports, lost)
    grouped, missing = judge(model, "REF101").findings
    assert (grouped.parameters["count"], grouped.parameters["targets"]) == (3, ("1", "2", "3"))
    assert missing.parameters["target"] == "99"
    assert grouped.fix is not None
    mended = model.apply(grouped.fix)
    assert [mended.positions[f"x{n}"].reports_to for n in range(1, 4)] == ["001", "002", "003"]
    assert mended.positions["y"].reports_to == "99"


def test_an_ambiguous_spelling_is_not_guessed() -> None:
    model = OperatingModel.of(Unit(id="01", name="A"), Unit(id="001", name="B"), Unit(id="c", name="C", parent="1"))
    (found,) = judge(model, "REF101").findings
    assert "meant" not in found.parameters
    assert found.fix is None


def test_fixing_one_spelling_leaves_others_alone() -> None:
    model = OperatingModel.of(
        Unit(id="Sales", name="S"),
        Unit(id="007", name="T"),
        Unit(id="b", name="B", parent="sales"),
        Unit(id="c", name="C", parent="7"),
    )
    first, second = judge(model, "REF101").findings
    assert first.fix is not None
    assert second.fix is not None
    assert model.apply(first.fix).units["c"].parent == "7"
    assert judge(model.apply(first.fix).apply(second.fix), "REF101").findings == ()


def test_a_misspelt_reference_to_any_kind_is_corrected_too() -> None:
    model = OperatingModel.of(
        Unit(id="HQ", name="H"),
        Position(id="p", title="P", unit="HQ"),
        Responsibility(id="r", subject=Ref("unit", "hq"), position="p"),
    )
    (found,) = judge(model, "REF101").findings
    assert found.fix is not None
    assert model.apply(found.fix).responsibilities["r"].subject == Ref("unit", "HQ")


def test_circles_are_found_once_each_and_name_their_members() -> None:
    parents = {"a": "b", "b": "a", "c": "c", "d": "a", "e": None}
    model = OperatingModel(Unit(id=id, name=id.upper(), parent=up) for id, up in parents.items())
    found = judge(model, "REF102").findings
    assert [f.message for f in found] == [
        "A comes back to itself through parent: A → B → A.",
        "C comes back to itself through parent: C → C.",
    ]
    assert [[str(r) for r in f.related] for f in found] == [["unit:b"], []]


def test_a_long_circle_is_shown_in_part() -> None:
    model = OperatingModel(Unit(id=f"{n:02}", name=str(n), parent=f"{(n + 1) % 30:02}") for n in range(30))
    (found,) = judge(model, "REF102").findings
    assert found.parameters["path"] == " → ".join(map(str, range(12))) + " → …"
    assert len(found.related) == 29


def test_circles_through_value_objects_are_found() -> None:
    model = Steps.of(Stage(id="a", after=[Step("b"), Step("c")]), Stage(id="b", after=[Step("a")]), Stage(id="c"))
    (found,) = judge(model, "REF102").findings
    assert (found.subject, found.key) == (Ref("step", "a"), ("step", "after.after", "a", "b"))


def test_a_relation_to_any_kind_is_circular_only_among_its_own() -> None:
    model = Steps.of(Stage(id="a", about=Ref("step", "a")), Stage(id="b", about=Ref("ship", "b")))
    (found,) = judge(model, "REF102").findings
    assert (found.subject, found.field) == (Ref("step", "a"), "about")


def test_a_relation_with_a_rule_of_its_own_is_left_to_it() -> None:
    model = OperatingModel.of(Position(id="a", title="A", unit="u", reports_to="a"), Unit(id="u", name="U"))
    assert judge(model, "REF102").findings == ()


@example({"a": ["b"], "b": ["c"], "c": []})  # a line, no circle
@example({"a": ["b", "c"], "b": ["g"], "c": ["g", "d"], "d": ["c", "b"]})  # a circle with a way in and ways out
@given(st.dictionaries(st.sampled_from("abcdefg"), st.lists(st.sampled_from("abcdefg"), max_size=3), max_size=7))
def test_circles_agree_with_networkx(onward: dict[str, list[str]]) -> None:
    model = Steps(Stage(id=id, after=[Step(to) for to in targets]) for id, targets in onward.items())
    found = list(circles(model, Steps.schema.relation("step", "after.after")))
    graph = nx.DiGraph((id, to) for id, targets in onward.items() for to in targets if to in onward)
    knots = [knot for knot in nx.strongly_connected_components(graph) if nx.number_of_edges(graph.subgraph(knot))]
    assert len(found) == len(knots)
    for cycle in found:
        assert all(graph.has_edge(a, b) for a, b in zip(cycle, (*cycle[1:], cycle[0]), strict=True))
        assert sum(set(cycle) <= knot for knot in knots) == 1


def test_backward_periods_are_found_wherever_a_period_stands() -> None:
    from datetime import date

    backward = DateRange(date(2026, 2, 2), date(2026, 2, 1))
    model = OperatingModel.of(
        Person(id="p", name="P", employment=backward),
        Unit(id="u", name="U", period=backward),
        Unit(id="v", name="V", period=DateRange(date(2026, 2, 2), date(2026, 2, 2))),
        Unit(id="w", name="W", period=DateRange(None, date(2026, 2, 2))),
    )
    assert [(str(f.subject), f.field) for f in judge(model, "REF201").findings] == [
        ("unit:u", "period"),
        ("person:p", "employment"),
    ]
    assert len(judge(Steps.of(Stage(id="s", period=backward)), "REF201")) == 1


@frozen(kw_only=True)
class Memory(Record):
    kind_name = "memory"
    table_name = "memories"
    of: str = field(metadata=ref("unit", "remembers", historic=True))
    by: str = field(metadata=ref("unit", "kept by"))


class Remembered(OperatingModel):
    schema = OperatingModel.schema.extend(Memory)


def test_what_tells_of_the_past_may_name_what_is_gone() -> None:
    (found,) = Remembered.of(Memory(id="m", of="gone", by="lost")).check(select=["REF101"]).findings
    assert found.message == "m names 'lost' as by, but there is no unit of that id."


def test_a_record_that_names_the_missing_one_twice_counts_once() -> None:
    (found,) = OperatingModel.of(Unit(id="u", name="U", heads=("p", "p"))).check(select=["REF101"]).findings
    assert found.related == ()
    assert found.message == "U names 'p' as heads, but there is no position of that id."


def test_two_spellings_in_one_record_are_mended_at_once() -> None:
    model = OperatingModel.of(Unit(id="u", name="U", heads=("boss", "BOSS")), Position(id="Boss", title="B", unit="u"))
    (found,) = model.check(select=["REF101"]).findings
    assert found.related == ()
    assert found.fix is not None
    assert model.apply(found.fix).check(select=["REF101"]).findings == ()


def test_a_spelling_that_would_close_a_circle_is_not_mended() -> None:
    (found,) = OperatingModel.of(Unit(id="HQ", name="HQ", parent="hq")).check(select=["REF101"]).findings
    assert found.fix is None
