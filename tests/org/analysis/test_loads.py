"""What each person carries: by hand, and against plain questions to the records."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from community_ops import Assignment, Duty, OperatingModel, Person, Position, Ref, Responsibility
from community_ops.errors import UnknownRecord
from community_ops.org.analysis.loads import PersonLoad, person_loads
from community_ops.org.answering import raci
from tests.org.analysis.organisations import DAY, employed, existing, held_by, managers, on, organisations

MODEL = OperatingModel.of(
    Position(id="coo", title="COO", unit="hq"),
    Position(id="lead", title="Lead", unit="hq", reports_to="coo"),
    Position(id="agent", title="Agent", unit="hq", reports_to="lead", seats=2),
    Duty(id="post", name="Post", owner="coo"),
    Duty(id="mail", name="Mail", owner="lead"),
    Responsibility(id="r1", subject=Ref("duty", "post"), position="lead", role="accountable"),
    Responsibility(id="r2", subject=Ref("duty", "post"), position="agent"),
    *(Person(id=id, name=id) for id in ("ann", "ben", "cat")),
    Assignment(id="a1", person="ann", position="coo", fte="0.75"),
    Assignment(id="a2", person="ann", position="lead", fte="0.5"),
    Assignment(id="a3", person="ben", position="agent", fte="0.5"),
)


def test_by_hand() -> None:
    found = person_loads(MODEL, DAY)
    assert found.of("ann") == PersonLoad(
        person="ann", fte=Decimal("1.25"), positions=2, reports=1, accountable=2, responsible=0
    )
    assert str(found.of("ben")) == "ben: 0.5 FTE, 1 positions, 0 reports, accountable for 0, responsible for 1"
    assert found.of("cat").fte == 0
    assert str(found).splitlines() == [
        "load per person on 2026-03-02",
        "person   FTE  positions  reports  accountable  responsible",
        "ann     1.25          2        1            2            0",
        "ben      0.5          1        0            0            1",
        "cat        0          0        0            0            0",
    ]


def test_whoever_is_not_there_is_named() -> None:
    with pytest.raises(UnknownRecord):
        person_loads(MODEL, DAY).of("ghost")


@given(organisations())
def test_loads_are_those_counted_one_by_one(model: OperatingModel) -> None:
    found, there, above = person_loads(model, DAY), existing(model), managers(model)
    assert [one.person for one in found.loads] == [person.id for person in employed(model)]
    names = {p.id for p in there}
    letters = [(r.subject.id, r.position, r.role) for r in model.responsibilities if on(r.period)]
    letters += [(duty.id, duty.owner, "accountable") for duty in model.duties if duty.owner]
    for one in found.loads:
        held = {p.id for p in there if one.person in held_by(model, p.id)}
        rows = [a for a in model.assignments if a.person == one.person and a.position in names and on(a.period)]
        below = {who for p in there if above[p.id] in held for who in held_by(model, p.id)} - {one.person}
        assert (one.positions, one.reports) == (len(held), len(below))
        assert one.fte == sum((row.fte for row in rows), Decimal(0))
        assert one.accountable == len({id for id, who, role in letters if who in held and role == "accountable"})
        assert one.responsible == len({id for id, who, role in letters if who in held and role == "responsible"})
    assert str(DAY) in str(found)


@given(organisations())
def test_what_stands_in_the_chart_and_nobody_does(model: OperatingModel) -> None:
    rows = [r for r in model.responsibilities if on(r.period)]
    done = {r.subject for r in rows if r.role == "responsible"}
    chart = raci(model, DAY)
    assert dict(chart.undone()) == {r.subject: chart.accountable(r.subject) for r in rows if r.subject not in done}
    assert chart.responsible_positions == {r.position for r in rows if r.role == "responsible"}
