from __future__ import annotations

from community_ops import Model, OperatingModel, Position, Unit
from community_ops.kernel.schema import Schema
from community_ops.org.structure import Hierarchy
from community_ops.view.scene import HOLDERS_NAMED
from community_ops.view.units import has_units, hierarchy_scene, unit_scene


def test_units_are_shown_with_kind_parent_and_heads() -> None:
    model = OperatingModel.of(
        Unit(id="hq", name="总部", kind="organisation", heads=("ceo",)),
        Unit(id="s", name="销售部", kind="department", parent="hq", heads=("ghost",)),
        Position(id="ceo", title="首席执行官", unit="hq"),
    )
    top, sales = unit_scene(model, "zh").boxes
    assert (top.title, top.caption, top.above, top.holders) == ("总部", "组织", "", ("首席执行官",))
    assert (sales.title, sales.caption, sales.above, sales.holders) == ("销售部", "部门", "总部", ("ghost",))


def test_broken_parents_are_named() -> None:
    model = OperatingModel.of(
        Unit(id="a", name="A", parent="b"), Unit(id="b", name="B", parent="a"), Unit(id="c", name="C", parent="ghost")
    )
    scene = unit_scene(model)
    faults = {box.id: box.faults for box in scene.boxes}
    assert faults == {
        "a": ("in a cycle: above it is B",),
        "b": ("in a cycle: above it is A",),
        "c": ("above it stands 'ghost', which does not exist",),
    }
    assert [tie.kind for tie in scene.ties] == ["cycle"]


def test_more_heads_than_anybody_reads_are_counted() -> None:
    unit = Unit(id="u", name="U", heads=tuple(f"p{number}" for number in range(HOLDERS_NAMED + 2)))
    assert unit_scene(OperatingModel.of(unit)).boxes[0].unnamed == 2


def test_beyond_the_limit_parts_are_counted() -> None:
    model = OperatingModel(Unit(id=f"u{i}", name="U", parent="u0" if i else None) for i in range(9))
    scene = unit_scene(model, limit=3)
    assert scene.notes == ("Further units not shown: 6; the chart stops at 3 boxes.",)
    assert scene.boxes[0].remarks == ("+ 6 parts not shown",)


def test_a_hierarchy_knows_ids_only() -> None:
    scene = hierarchy_scene(Hierarchy.of("position", ["a", "b"], [None, "a"]), limit=1)
    assert (scene.boxes[0].title, scene.boxes[0].remarks) == ("a", ("+ 1 direct report not shown",))
    assert scene.notes == ("Further positions not shown: 1; the chart stops at 1 boxes.",)


def test_units_are_looked_for_in_the_schema_first() -> None:
    class Bare(Model):
        schema = Schema.of()

    assert not has_units(Bare.of())
    assert not has_units(OperatingModel.of())
    assert has_units(OperatingModel.of(Unit(id="u", name="U")))
