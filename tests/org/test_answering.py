"""RACI: who answers for what, by owner fields and rows, handed down from larger duties."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pytest
from attrs import evolve, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from community_ops import DateRange, Duty, Goal, OperatingModel, Position, Ref, Responsibility, Unit
from community_ops.errors import UnknownRecord
from community_ops.kernel.record import Record, ref
from community_ops.org.answering import accountable_for, duty_tree, raci, unassigned_duties
from tests.org import naive

DAY = date(2026, 3, 2)


def duty(id: str, **fields: object) -> Duty:
    return Duty(id=id, name=id, **fields)  # type: ignore[arg-type]


def row(
    id: str, subject: str, position: str, role: str = "accountable", period: DateRange | None = None
) -> Responsibility:
    return Responsibility(id=id, subject=Ref.parse(subject), position=position, role=role, period=period)  # type: ignore[arg-type]


def at(text: str) -> Ref:
    return Ref.parse(text)


MODEL = OperatingModel.of(
    Position(id="coo", title="COO", unit="hq"),
    Position(id="cmo", title="CMO", unit="hq"),
    duty("support", owner="coo"),
    duty("answer", part_of="support"),
    duty("escalate", part_of="answer"),
    duty("refund", part_of="support", owner="cmo"),
    duty("hire"),
    Goal(id="grow", name="Grow", owner="cmo"),
    row("r1", "duty:answer", "agent", "responsible"),
    row("r2", "duty:answer", "tech", "responsible"),
    row("r3", "duty:answer", "agent", "responsible"),
    row("r4", "duty:answer", "product", "consulted"),
    row("r5", "duty:answer", "manager", "informed"),
    row("r6", "goal:grow", "coo"),
    row("r7", "goal:grow", "cmo"),
    row("r8", "unit:hq", "coo", period=DateRange(date(2026, 1, 1), DAY)),
    row("r9", "duty:hire", "hr", "responsible", DateRange(DAY)),
)


class TestByHand:
    def test_the_letters_of_a_record(self) -> None:
        chart, answer = raci(MODEL), at("duty:answer")
        assert chart.responsible(answer) == ("agent", "tech")
        assert chart.consulted(answer) == ("product",)
        assert chart.informed(answer) == ("manager",)
        assert chart.responsible(at("duty:hire")) == chart.informed(at("goal:grow")) == ()

    def test_the_owner_is_accountable_and_twice_the_same_is_one(self) -> None:
        assert raci(MODEL).accountable(at("goal:grow")) == ("cmo", "coo")
        assert raci(MODEL).accountable(at("duty:refund")) == ("cmo",)

    def test_accountability_is_handed_down_to_parts_without_their_own(self) -> None:
        chart = raci(MODEL)
        for part in ("duty:answer", "duty:escalate"):
            assert chart.accountable(at(part)) == ("coo",)
            assert chart.accountable(at(part), inherited=False) == ()
            assert chart.inherited_from(at(part)) == at("duty:support")
        for other in ("duty:refund", "duty:support", "duty:hire", "goal:grow"):
            assert chart.inherited_from(at(other)) is None
        assert chart.accountable(at("duty:hire")) == ()

    def test_what_a_position_is_accountable_for(self) -> None:
        assert accountable_for(MODEL, "cmo") == (at("duty:refund"), at("goal:grow"))
        assert accountable_for(MODEL, "coo") == (at("duty:support"), at("goal:grow"))
        assert accountable_for(MODEL, "coo", inherited=True) == tuple(
            map(at, ["duty:support", "goal:grow", "duty:answer", "duty:escalate"])
        )
        assert raci(MODEL).accountable_for("nobody", inherited=True) == ()

    def test_rows_with_a_period_count_on_its_days_only(self) -> None:
        unit = at("unit:hq")
        days = [None, date(2025, 12, 31), date(2026, 1, 1), DAY, date(2026, 3, 3)]
        assert [raci(MODEL, on).accountable(unit) for on in days] == [(), (), ("coo",), ("coo",), ()]
        assert accountable_for(MODEL, "coo", DAY) == (at("duty:support"), at("goal:grow"), unit)

    def test_subjects_each_once(self) -> None:
        assert list(map(str, raci(MODEL).subjects)) == ["duty:support", "duty:refund", "goal:grow", "duty:answer"]
        assert list(map(str, raci(MODEL, DAY).subjects)) == [
            "duty:support",
            "duty:refund",
            "goal:grow",
            "unit:hq",
            "duty:answer",
            "duty:hire",
        ]

    def test_how_many_records_each_position_is_accountable_for(self) -> None:
        assert raci(MODEL).accountable_positions == {"coo": 2, "cmo": 2}
        assert raci(MODEL, DAY).accountable_positions == {"coo": 3, "cmo": 2}

    def test_a_line_of_the_chart_has_somebody_consulted_and_somebody_informed(self) -> None:
        assert raci(MODEL).lines == (at("duty:answer"),)
        only_asked = MODEL.add(row("c", "goal:grow", "coo", "consulted"), row("i", "duty:hire", "coo", "informed"))
        assert raci(only_asked).lines == (at("duty:answer"),)

    def test_duties_without_parts_that_nobody_does(self) -> None:
        assert unassigned_duties(MODEL) == ("escalate", "refund", "hire")
        assert unassigned_duties(MODEL, DAY) == ("escalate", "refund")
        assert duty_tree(MODEL).descendants("support") == ("answer", "escalate", "refund")

    def test_an_unknown_position_is_named(self) -> None:
        with pytest.raises(UnknownRecord) as caught:
            accountable_for(MODEL, "ghost")
        assert (caught.value.kind, caught.value.id) == ("position", "ghost")


@given(naive.lines("abcdef"), st.data())
def test_accountability_against_the_definition(lines: naive.Lines, data: st.DataObject) -> None:
    owners = {id: data.draw(st.sampled_from([None, None, "coo", "cmo"])) for id in lines}
    rows = data.draw(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["coo", "ceo"])), max_size=3))
    records = [duty(id, part_of=up, owner=owners[id]) for id, up in lines.items()]
    answers = [row(f"r{n}", f"duty:{what}", who) for n, (what, who) in enumerate(rows)]
    chart = raci(OperatingModel([*records, *answers]))
    own = {id: list(dict.fromkeys(filter(None, [owners[id], *(w for what, w in rows if what == id)]))) for id in lines}
    for id in lines:
        source = next((up for up in [id, *naive.chain(lines, id)] if own[up]), None)
        assert list(chart.accountable(at(f"duty:{id}"))) == (own[source] if source else [])
        assert list(chart.accountable(at(f"duty:{id}"), inherited=False)) == own[id]
        assert chart.inherited_from(at(f"duty:{id}")) == (None if source in (None, id) else at(f"duty:{source}"))
        for who in ("coo", "cmo", "ceo"):
            assert (at(f"duty:{id}") in chart.accountable_for(who)) == (who in own[id])
            assert (at(f"duty:{id}") in chart.accountable_for(who, inherited=True)) == bool(
                source and who in own[source]
            )


@frozen(kw_only=True)
class Contract(Record):
    kind_name: ClassVar[str] = "contract"
    table_name: ClassVar[str] = "contracts"

    owner: Ref | None = None


@frozen(kw_only=True)
class Rota(Record):
    kind_name: ClassVar[str] = "rota"
    table_name: ClassVar[str] = "rotas"

    owner: tuple[str, ...] = field(default=(), metadata=ref("position", "owned by"))
    backup: str | None = field(default=None, metadata=ref("position", "covered by"))


@frozen(kw_only=True)
class Car(Record):
    kind_name: ClassVar[str] = "car"
    table_name: ClassVar[str] = "cars"

    owner: str = field(metadata=ref("person", "owned by"))


class Embedded(OperatingModel):
    __slots__ = ()
    schema = OperatingModel.schema.extend(Contract, Rota, Car)


def test_an_embedders_kinds_answer_too_where_their_owner_is_a_position() -> None:
    model = Embedded.of(
        Contract(id="c1", owner=at("position:coo")),
        Contract(id="c2", owner=at("unit:hq")),
        Rota(id="r", owner=("coo", "cmo"), backup="ceo"),
        Car(id="van", owner="coo"),
    )
    chart = raci(model)
    assert chart.accountable(at("contract:c1")) == ("coo",)
    assert chart.accountable(at("rota:r")) == ("coo", "cmo")
    assert chart.accountable(at("contract:c2")) == chart.accountable(at("car:van")) == ()
    assert chart.accountable_for("coo") == (at("contract:c1"), at("rota:r"))


def test_remembered_while_names_change() -> None:
    edited = MODEL.replace(evolve(MODEL.duties["hire"], name="Hiring", description="people"))
    edited = edited.add(Unit(id="hq", name="HQ"))
    assert raci(edited, DAY) is raci(MODEL, DAY)
    assert unassigned_duties(edited) is unassigned_duties(MODEL)
    moved = edited.replace(evolve(edited.duties["hire"], owner="coo"))
    assert raci(moved).accountable(at("duty:hire")) == ("coo",)
