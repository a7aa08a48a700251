from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from community_ops import Assignment, DateRange, Model, OperatingModel, Person, Position, ReportingLine, Unit
from community_ops.kernel.schema import Schema
from community_ops.view.organisation import has_positions, position_scene
from community_ops.view.scene import HOLDERS_NAMED, Box, Scene
from tests.view.sample import DAY, broken


def by_id(scene: Scene) -> dict[str, Box]:
    return {box.id: box for box in scene.boxes}


def one(*records: Assignment | Person | ReportingLine, at: date | None = DAY, **fields: object) -> Box:
    """Return the box of one position, `p`, in an organisation with the given records."""
    made = Position(**{"id": "p", "title": "Post", "unit": "hq", **fields})  # type: ignore[arg-type]
    boss = Position(id="boss", title="The boss", unit="hq")
    model = OperatingModel.of(Unit(id="hq", name="Head office"), made, boss, *records)
    return by_id(position_scene(model, at))["p"]


ANN, BEN = Person(id="ann", name="Ann"), Person(id="ben", name="Ben")


def holds(person: str, id: str = "a", **fields: object) -> Assignment:
    return Assignment(**{"id": id, "person": person, "position": "p", **fields})  # type: ignore[arg-type]


def test_a_filled_position_names_its_holder_and_says_nothing_of_seats() -> None:
    box = one(ANN, holds("ann"))
    assert (box.state, box.holders, box.seating, box.vacancy) == ("filled", ("Ann",), "", "")
    assert (box.seats, box.filled, box.caption) == (1, 1, "Head office")


def test_a_vacant_position_says_since_when() -> None:
    box = one(ANN, holds("ann", period=DateRange(date(2025, 1, 1), date(2026, 1, 31))))
    assert (box.state, box.holders, box.vacancy) == ("vacant", (), "vacant since 2026-02-01")
    assert one().vacancy == "vacant"


def test_some_open_seats_are_counted() -> None:
    box = one(ANN, BEN, holds("ann"), holds("ben", "b", period=DateRange(None, date(2026, 2, 28))), seats=2)
    assert (box.state, box.seating, box.filled) == ("part", "1 of 2 seats filled", 1)
    assert box.remarks == ("open since 2026-03-01",)


def test_seats_without_need_of_a_holder_are_no_vacancy() -> None:
    box = one(seats=0)
    assert (box.state, box.seating, box.vacancy) == ("filled", "no seats", "")


def test_acting_holders_and_crowds_are_named_as_such() -> None:
    assert one(ANN, holds("ann", acting=True, fte=0)).holders == ("Ann (acting)",)
    crowded = one(ANN, BEN, holds("ann"), holds("ben", "b", fte="0.5"))
    assert crowded.remarks == ("over-filled: 1.5 FTE in 1 seat",)


def test_people_who_do_not_exist_are_named_by_id() -> None:
    assert one(holds("ghost")).holders == ("ghost",)


def test_more_holders_than_anybody_reads_are_counted() -> None:
    crowd = [holds(f"p{number}", f"a{number}") for number in range(HOLDERS_NAMED + 5)]
    box = one(*crowd, seats=40)
    assert (len(box.holders), box.unnamed) == (HOLDERS_NAMED, 5)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"status": "closed"}, "closed"),
        ({"status": "planned"}, "planned"),
        ({"period": DateRange(date(2026, 3, 3))}, "not yet in force"),
        ({"period": DateRange(None, date(2026, 3, 1))}, "no longer in force"),
    ],
)
def test_a_position_not_in_force_is_absent_rather_than_vacant(fields: dict[str, Any], word: str) -> None:
    box = one(**fields)
    assert (box.state, box.vacancy, box.filled) == ("absent", word, None)


def test_a_status_that_matters_is_a_remark() -> None:
    assert one(status="hiring").remarks == ("hiring",)
    assert one(status="frozen").remarks == ("frozen",)


def test_lines_that_are_not_solid_are_named_and_tied() -> None:
    model = OperatingModel.of(
        Position(id="p", title="Post", unit="hq"),
        Position(id="q", title="Other", unit="hq"),
        ReportingLine(id="1", position="p", manager="q", kind="project"),
        ReportingLine(id="2", position="p", manager="ghost", kind="functional"),
        ReportingLine(id="3", position="q", manager="p", kind="functional", period=DateRange(None, date(2026, 3, 1))),
    )
    scene = position_scene(model, DAY)
    assert by_id(scene)["p"].lines == ("project → Other", "functional → ghost")
    assert [(tie.source, tie.target, tie.kind) for tie in scene.ties] == [(0, 1, "project")]
    assert by_id(scene)["q"].lines == ()


def test_of_several_solid_lines_the_second_is_shown_beside_the_tree() -> None:
    scene = position_scene(broken(), DAY)
    box = by_id(scene)["long"]
    assert box.above == "总经理"
    assert [line.split(" → ")[0] for line in box.lines] == ["second solid line"]
    assert "second" in {tie.kind for tie in scene.ties}


def test_what_is_broken_is_said_in_the_box() -> None:
    boxes = by_id(position_scene(broken(), DAY))
    assert boxes['d"<i>'].faults == ("above it stands 'ghost', which does not exist",)
    assert boxes["b"].faults == ("in a cycle: above it is Bob",)
    assert boxes["self"].faults == ("in a cycle: above itself",)
    assert boxes["below"].faults == ()
    assert set(boxes) == set(broken().positions.ids)


def test_a_cycle_is_closed_by_a_line() -> None:
    scene = position_scene(broken(), DAY)
    ids = [box.id for box in scene.boxes]
    closing = {(ids[tie.source], ids[tie.target]) for tie in scene.ties if tie.kind == "cycle"}
    assert closing == {("b", "b2"), ("self", "self")}


def test_counts_and_empty_units_are_stated() -> None:
    scene = position_scene(broken(), DAY)
    # Seats of the twelve positions in force: long 3, none 0, the others 1 each; top and word are held.
    assert scene.summary == "14 positions, 2 of 13 seats filled, 9 vacant"
    assert scene.notes == ("Units without positions: Empty.",)
    assert scene.title == "Organisation chart, 2026-03-02"


def test_a_unit_whose_parts_have_positions_is_not_empty() -> None:
    model = OperatingModel.of(
        Unit(id="hq", name="HQ"), Unit(id="s", name="S", parent="hq"), Position(id="p", title="P", unit="s")
    )
    assert position_scene(model, DAY).notes == ()


def test_many_empty_units_are_counted_beyond_the_first() -> None:
    model = OperatingModel.of(
        Position(id="p", title="P", unit="u0"), *(Unit(id=f"u{number}", name=f"U{number}") for number in range(16))
    )
    (note,) = position_scene(model, DAY).notes
    assert note.startswith("Units without positions: U1, U2")
    assert note.endswith("U12, 3 more.")


def test_chinese_words_go_with_chinese_names() -> None:
    model = OperatingModel.of(Unit(id="hq", name="总部"), Position(id="ceo", title="首席执行官", unit="hq", seats=2))
    scene = position_scene(model, DAY, "zh")
    assert (scene.title, scene.summary) == ("组织架构图（2026-03-02）", "1 个岗位，2 个席位，在岗 0 个，1 个空缺")
    assert scene.boxes[0].seating == "2 个席位，在岗 0 个"


class TestWithoutADate:
    def test_everyone_on_record_is_named_with_the_last_day(self) -> None:
        left = holds("ben", "b", period=DateRange(None, date(2025, 12, 31)))
        box = one(ANN, BEN, holds("ann", period=DateRange(date(2025, 1, 1))), left, at=None, seats=3)
        assert box.holders == ("Ann", "Ben (until 2025-12-31)")
        assert (box.state, box.seating, box.filled) == ("plain", "3 seats", None)

    def test_only_a_position_nobody_ever_held_is_vacant(self) -> None:
        assert (one(at=None).state, one(at=None).vacancy) == ("vacant", "vacant")
        assert one(at=None, seats=0).state == "plain"
        assert one(at=None, status="closed").state == "absent"

    def test_it_is_said_what_is_left_out(self) -> None:
        dated = ReportingLine(id="1", position="p", manager="boss", period=DateRange(date(2026, 1, 1)))
        model = OperatingModel.of(Position(id="p", title="P", unit="u"), holds("ann"), dated)
        notes = position_scene(model).notes
        assert "every holder on record" in notes[0]
        assert notes[1] == "Reporting lines left out because they have a period: 1."


def test_a_schema_without_positions_has_no_organisation() -> None:
    class Bare(Model):
        schema = Schema.of()

    assert not has_positions(Bare.of())
    assert not has_positions(OperatingModel.of())
    assert has_positions(broken())


def test_beyond_the_limit_the_rest_is_counted() -> None:
    model = OperatingModel(
        Position(id=f"p{number}", title="P", unit="u", reports_to="p0" if number else None) for number in range(50)
    )
    scene = position_scene(model, DAY, limit=10)
    assert (len(scene.boxes), scene.hidden) == (10, 40)
    assert scene.notes == ("Further positions not shown: 40; the chart stops at 10 boxes.",)
    assert scene.boxes[0].remarks == ("+ 40 direct reports not shown",)
