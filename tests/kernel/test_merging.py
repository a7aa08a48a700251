"""The laws of a three-way merge, and what it makes of every meeting of two changes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from attrs import evolve, field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import OperatingModel
from community_ops.errors import Conflict
from community_ops.kernel.changes import diff
from community_ops.kernel.codec import envelope, from_data
from community_ops.kernel.declaration import layout_of
from community_ops.kernel.frozenmap import thaw
from community_ops.kernel.merge_conflict import MergeConflict
from community_ops.kernel.merging import Merge, merge
from community_ops.kernel.model import Model
from community_ops.kernel.provenance import Provenance, Source
from community_ops.kernel.record import Record, ref
from community_ops.kernel.ref import Ref
from tests.kernel.kinds import MAKERS, Post, Task, Team, World, world, worlds
from tests.properties.material import exact, some_models


def P(id: str) -> Ref:
    return Ref("post", id)


def T(id: str) -> Ref:
    return Ref("team", id)


def named(merged: Merge[Any]) -> set[tuple[str, str | None]]:
    return {(str(conflict.ref), conflict.field) for conflict in merged.conflicts}


def clean(base: World, ours: World, theirs: World) -> World:
    """The merged model, after making sure that it is the same either way round."""
    merged = merge(base, ours, theirs)
    assert merged.ok, str(merged)
    assert exact(merge(base, theirs, ours).model) == exact(merged.model)
    return merged.model


def conflicting(base: World, ours: World, theirs: World) -> Merge[World]:
    merged = merge(base, ours, theirs)
    assert named(merged) == named(merge(base, theirs, ours))
    assert not merged.ok
    return merged


# -- laws -----------------------------------------------------------------------------------------------------------


@st.composite
def edits(draw: st.DrawFn, model: World, mine: Iterable[Ref] | None = None, pool: Iterable[str] = "uvw") -> World:
    """Draw what a side makes of a model: some of its records changed, removed or renamed, and others added."""
    kept = [record.ref for record in model] if mine is None else list(mine)
    for _ in range(draw(st.integers(0, 4))):
        what = draw(st.sampled_from(["change", "change", "remove", "rename", "add"]))
        new = Ref(draw(st.sampled_from(sorted(MAKERS))), draw(st.sampled_from(list(pool))))
        if what == "add" and new not in model:
            model = model.add(draw(MAKERS[new.kind](new.id)))
        elif kept and what != "add":
            ref = draw(st.sampled_from(kept))
            other = draw(MAKERS[ref.kind](ref.id))
            names = [spec.name for spec in layout_of(type(other)).fields][1:]
            if what == "change":
                changed = {name: getattr(other, name) for name in draw(st.sets(st.sampled_from(names), max_size=3))}
                model = model.replace(evolve(model[ref], **changed))
                continue
            if what == "remove":
                model = model.remove(ref, dangling=True)
            elif Ref(ref.kind, new.id) not in model:
                model = model.rename(ref, new.id)
            else:
                continue
            kept.remove(ref)
    return model


@settings(max_examples=15)
@given(worlds(), st.data())
def test_a_side_that_did_nothing_leaves_the_other_as_it_is(base, data):
    side = data.draw(edits(base) | worlds())
    for merged in (merge(base, base, side), merge(base, side, base), merge(base, side, side)):
        assert merged.ok
        assert exact(merged.model) == exact(side)


@settings(max_examples=20)
@given(worlds(), st.data())
def test_a_merge_never_raises_and_finds_the_same_conflicts_either_way_round(base, data):
    ours, theirs = data.draw(edits(base)), data.draw(edits(base))
    merged, mirrored = merge(base, ours, theirs), merge(base, theirs, ours)
    assert named(merged) == named(mirrored)
    assert len(named(merged)) == len(merged.conflicts)
    for conflict in merged.conflicts:
        assert str(conflict) in str(merged)
        assert (
            conflict.field is None or conflict.ours != conflict.theirs or repr(conflict.ours) != repr(conflict.theirs)
        )
    if merged.ok:
        assert exact(merged.model) == exact(mirrored.model)
    kept = [record.ref for record in ours if record.ref in merged.model]
    places = [list(merged.model).index(merged.model[ref]) for ref in kept]
    assert places == sorted(places)


@settings(max_examples=15)
@given(worlds(), worlds(), worlds())
def test_models_that_have_nothing_in_common_merge_without_a_traceback_too(base, ours, theirs):
    assert named(merge(base, ours, theirs)) == named(merge(base, theirs, ours))


@settings(max_examples=15)
@given(worlds(), st.data())
def test_edits_of_different_records_never_conflict(base, data):
    refs = [record.ref for record in base]
    mine = set(data.draw(st.lists(st.sampled_from(refs), unique=True))) if refs else set()
    ours = data.draw(edits(base, mine, "uvw"))
    theirs = data.draw(edits(base, [ref for ref in refs if ref not in mine], "xyz"))
    merged = clean(base, ours, theirs)
    if not diff(base, ours).renamed and not diff(base, theirs).renamed:
        assert exact(merged) == exact(base.apply(diff(base, ours)).apply(diff(base, theirs)))


@settings(max_examples=15)
@given(worlds(most=2), st.data())
def test_fields_are_merged_one_by_one(base, data):
    """Against an oracle that knows fields only: a dict from record and field to value."""

    def changed(model: World) -> World:
        others = [data.draw(MAKERS[record.kind_name](record.id)) for record in model]
        pick = st.booleans()
        return model.replace(
            *(
                evolve(old, **{s.name: s.get(new) for s in layout_of(type(old)).fields[1:] if data.draw(pick)})
                for old, new in zip(model, others, strict=True)
            )
        )

    def flat(model: World) -> dict[tuple[str, str | None], str]:
        return {(str(r.ref), s.name): repr(s.get(r)) for r in model for s in layout_of(type(r)).fields}

    ours, theirs = changed(base), changed(base)
    old, own, other = flat(base), flat(ours), flat(theirs)
    merged = merge(base, ours, theirs)
    assert named(merged) == {key for key in old if len({old[key], own[key], other[key]}) == 3}
    assert flat(merged.model) == {key: other[key] if own[key] == old[key] else own[key] for key in old}


@settings(max_examples=10)
@given(some_models, st.data())
def test_what_dangles_in_a_merged_model_is_found_by_the_rule(base, data):
    refs = [record.ref for record in base]
    sides = []
    for _ in range(2):
        gone = data.draw(st.lists(st.sampled_from(refs), unique=True, max_size=2)) if refs else []
        side = base.remove(*gone, dangling=True)
        left = [record.ref for record in side]
        for one in data.draw(st.lists(st.sampled_from(left), unique=True, max_size=2)) if left else []:
            new = one.id[:190] + "2"
            if Ref(one.kind, new) not in side:
                side = side.rename(one, new)
        sides.append(side)
    merged = merge(base, *sides).model
    broken = {
        (record.kind_name, name, target)
        for record in merged
        for spec in layout_of(type(record)).fields
        for name, target, _ in spec.shape.references(spec.get(record))
        if target not in merged
    }
    assert bool(broken) is bool(merged.check(select=["REF101"]).findings)


# -- fields and records ---------------------------------------------------------------------------------------------


def test_one_field_changed_to_two_values_is_a_conflict_and_keeps_ours():
    base = world()
    ours, theirs = (base.replace(evolve(base.posts["dev"], title=title)) for title in ("Engineer", "Coder"))
    merged = conflicting(base, ours, theirs)
    assert merged.conflicts == (MergeConflict(P("dev"), "title", "Developer", "Engineer", "Coder", "changed"),)
    assert merged.model == ours
    assert str(merged) == (
        "1 conflict; ours is kept:\n  post:dev title: ours 'Engineer', theirs 'Coder', was 'Developer'"
    )
    assert str(merge(base, ours, ours)) == "merged without conflict"


def test_a_number_written_in_two_ways_is_a_conflict_too():
    base = World.of(Post(id="a", title="A", team="t", share="2"))
    ours, theirs = (base.replace(evolve(base.posts["a"], share=Decimal(share))) for share in ("1", "1.0"))
    assert named(conflicting(base, ours, theirs)) == {("post:a", "share")}


def test_several_items_are_one_field():
    base = world()
    ours, theirs = (base.replace(evolve(base.teams["ops"], heads=heads)) for heads in (["coo"], ["ceo"]))
    merged = conflicting(base, ours, theirs)
    assert merged.conflicts[0].base == ("coo", "ceo")
    assert merged.model.teams["ops"].heads == ("coo",)


def test_what_one_side_removed_and_the_other_changed_is_a_conflict():
    base = world()
    gone = base.remove(Ref("task", "build"))
    changed = base.replace(evolve(base.tasks["build"], name="Built"))
    merged = conflicting(base, gone, changed)
    assert merged.conflicts == (
        MergeConflict(
            Ref("task", "build"), None, base.tasks["build"], None, changed.tasks["build"], "removed"
        ),
    )  # fmt: skip
    assert merged.model == gone
    assert str(merged.conflicts[0]) == "task:build: removed in ours, changed in theirs"
    mirrored = merge(base, changed, gone)
    assert mirrored.model == changed
    assert str(mirrored.conflicts[0]) == "task:build: removed in theirs, changed in ours"


def test_what_both_removed_or_one_removed_unchanged_is_gone():
    base = world()
    gone = base.remove(Ref("task", "build"))
    assert clean(base, gone, gone.remove(Ref("task", "plan"))).tasks.ids == ()
    assert clean(base, gone, base) == gone


def test_one_record_added_twice_is_compared_field_by_field():
    base = world()
    assert clean(base, base.add(Team(id="x", name="X")), base.add(Team(id="x", name="X"))).teams["x"].name == "X"
    merged = conflicting(base, base.add(Team(id="x", name="X")), base.add(Team(id="x", name="Y", parent="hq")))
    assert [(c.field, c.base, c.ours, c.theirs) for c in merged.conflicts] == [
        ("name", None, "X", "Y"),
        ("parent", None, None, "hq"),
    ]
    assert str(merged.conflicts[0]) == "team:x name: ours 'X', theirs 'Y', added by both"
    assert merged.model.teams["x"] == Team(id="x", name="X")


def test_a_reference_to_what_the_other_side_removed_is_no_conflict_but_a_finding():
    from community_ops import Position, Unit

    base = OperatingModel.of(Unit(id="u", name="U"), Position(id="a", title="A", unit="u"))
    ours = base.remove(Ref("position", "a"))
    theirs = base.add(Position(id="b", title="B", unit="u", reports_to="a"))
    merged = merge(base, ours, theirs)
    assert merged.ok
    assert [found.code for found in merged.model.check(select=["REF"]).findings] == ["REF101"]


def test_models_of_two_classes_are_not_merged():
    class Other(World):
        __slots__ = ()

    for three in ((Other(), World(), World()), (World(), Other(), World()), (World(), World(), Other())):
        with pytest.raises(TypeError, match="cannot merge"):
            merge(*three)


# -- order and what comes along -------------------------------------------------------------------------------------


def test_additions_come_after_what_they_follow_and_ours_first():
    base = World(Team(id=id, name=id) for id in "abc")
    names = {"ours": ["p", "a", "q", "b", "r"], "theirs": ["x", "b", "a", "y", "z", "c", "w"]}
    ours, theirs = (World(Team(id=id, name=id) for id in ids) for ids in names.values())
    merged = clean(base, ours, theirs)
    assert merged.teams.ids == ("p", "x", "a", "q", "y", "z", "w", "b", "r")
    assert merge(base, World(), theirs).model.teams.ids == ("x", "y", "z", "w")


def test_columns_and_tables_that_nothing_changed_are_kept():
    base = world()
    ours = base.replace(evolve(base.posts["dev"], seats=4))
    theirs = base.replace(evolve(base.posts["coo"], title="Chief of operations"))
    merged = merge(base, ours, theirs).model
    assert merged.teams is base.teams
    assert merged.posts._cell("seats") is ours.posts._cell("seats")


def test_a_merge_knows_where_ours_was_read_from():
    base = world()
    known = Provenance(source=Source())
    ours = World._of_tables(base._tables, None, known)
    theirs = base.rename(P("coo"), "chief").add(Team(id="x", name="X"))
    assert merge(base, ours, theirs).model.provenance is known


# -- what the schema does not know ----------------------------------------------------------------------------------


def keep(ships: Any = None, colours: dict[str, Any] | None = None, **tables: Any) -> World:
    """Teams a and b, with a table and a field that the schema does not know."""
    teams = [
        {"id": id, "name": id, **({"colour": (colours or {})[id]} if id in (colours or {}) else {})} for id in "ab"
    ]
    data = {**envelope(World), "teams": teams, **({} if ships is None else {"ships": ships}), **tables}
    return from_data(data, World, unknown="keep")


def unknown(model: World) -> tuple[Any, Any]:
    return thaw(model.provenance.tables), {str(ref): thaw(kept) for ref, kept in model.provenance.fields.items()}


def test_unknown_content_is_merged_name_by_name():
    base = keep([1], {"a": "red", "b": "red"}, ports=[1])
    ours = keep([1, 2], {"a": "blue", "b": "red"}, ports=[1])
    theirs = keep([1], {"a": "red"}, docks=[7]).rename(T("a"), "c")
    merged = merge(base, ours, theirs)
    assert merged.ok
    assert unknown(merged.model) == ({"ships": [1, 2], "docks": [7]}, {"team:c": {"colour": "blue"}})
    assert unknown(merge(base, theirs, ours).model) == unknown(merged.model)
    for one in (ours, theirs):
        for same in (merge(base, base, one), merge(base, one, base), merge(base, one, one)):
            assert unknown(same.model) == unknown(one)


def test_unknown_content_changed_twice_is_a_conflict_and_keeps_ours():
    base = keep([1], {"a": "red"})
    ours, theirs = keep([2], {"a": "blue", "b": "blue"}), keep(None, {"a": "green", "b": None})
    merged = conflicting(base, ours, theirs)
    assert set(merged.conflicts) == {
        MergeConflict(Ref("document", "ships"), None, (1,), (2,), None, "changed"),
        MergeConflict(T("a"), "colour", "red", "blue", "green", "changed"),
        MergeConflict(T("b"), "colour", None, "blue", None, "added"),
    }
    assert unknown(merged.model) == unknown(ours)
    assert str(merged.conflicts[0]) == "document:ships: ours (2,), theirs None, was (1,)"


def test_an_unknown_table_may_be_called_anything():
    base, ours, theirs = (keep(**{"\u200f" * 300: [number]}) for number in range(3))
    merged = conflicting(base, ours, theirs)
    assert merged.conflicts[0].ref.kind == "document"


# -- renames --------------------------------------------------------------------------------------------------------


def test_what_the_other_side_points_at_the_old_id_follows_a_rename():
    base = world()
    ours = base.rename(P("coo"), "chief")
    theirs = base.add(Post(id="new", title="New", team="ops", boss="coo"))
    theirs = theirs.replace(evolve(theirs.posts["coo"], seats=3), evolve(theirs.tasks["plan"], owner="coo"))
    merged = clean(base, ours, theirs)
    assert merged.posts["new"].boss == merged.tasks["plan"].owner == "chief"
    assert merged.posts["chief"] == evolve(base.posts["coo"], id="chief", seats=3)
    assert merged.posts.ids == ("ceo", "chief", "dev", "new")


def test_two_renames_by_two_sides_are_both_made():
    base = world()
    merged = clean(base, base.rename(P("coo"), "chief"), base.rename(P("dev"), "coder"))
    assert merged == base.rename(P("coo"), "chief").rename(P("dev"), "coder")


def test_a_record_renamed_to_two_ids_is_a_conflict_and_keeps_the_id_of_ours():
    base = world()
    theirs = base.rename(P("coo"), "second").add(Post(id="new", title="New", team="ops", boss="second"))
    merged = conflicting(base, base.rename(P("coo"), "chief"), theirs)
    assert merged.conflicts == (MergeConflict(P("coo"), "id", "coo", "chief", "second", "renamed"),)
    assert str(merged.conflicts[0]) == "post:coo id: ours 'chief', theirs 'second', was 'coo'"
    assert "second" not in merged.model.posts
    assert merged.model.posts["new"].boss == "chief"


def test_a_rename_that_one_side_joins_with_an_edit_is_one_rename():
    base = world()
    ours = base.rename(P("coo"), "chief")
    theirs = ours.replace(evolve(ours.posts["chief"], seats=9))
    assert diff(base, theirs).renamed == ()
    assert clean(base, ours, theirs) == theirs


def test_a_rename_to_an_id_that_theirs_added_is_a_conflict_and_both_records_stay():
    base = world()
    ours = base.rename(P("coo"), "new")
    theirs = base.add(Post(id="new", title="New", team="ops"), Post(id="x", title="X", team="ops", boss="new"))
    merged = conflicting(base, ours, theirs)
    assert merged.conflicts == (MergeConflict(P("coo"), "id", "coo", "new", "coo", "taken"),)
    assert str(merged.conflicts[0]) == "post:coo id: renamed to 'new' in ours, which is another record in theirs"
    assert merged.model.posts["new"] == ours.posts["new"]
    assert merged.model.posts["x"].boss == "new~theirs"
    assert merged.model.posts["new~theirs"].title == "New"


def test_a_rename_by_theirs_to_an_id_that_ours_added_is_not_made():
    base = world()
    ours = base.add(Post(id="new", title="New", team="ops"))
    merged = conflicting(base, ours, base.rename(P("coo"), "new"))
    assert merged.conflicts == (MergeConflict(P("coo"), "id", "coo", "coo", "new", "taken"),)
    assert str(merged.conflicts[0]) == "post:coo id: renamed to 'new' in theirs, which is another record in ours"
    assert merged.model == ours


def test_an_id_to_set_a_record_aside_is_one_that_nobody_has():
    base = world()
    long = "n" * 200
    ours = base.rename(P("coo"), long).add(Post(id="n" * 180 + "~theirs", title="Taken", team="ops"))
    theirs = base.add(Post(id=long, title="New", team="ops"))
    assert "n" * 180 + "~theirs2" in conflicting(base, ours, theirs).model.posts


def test_two_records_renamed_to_one_id_are_two_conflicts():
    base = world()
    merged = conflicting(base, base.rename(P("coo"), "new"), base.rename(P("dev"), "new"))
    assert named(merged) == {("post:coo", "id"), ("post:dev", "id")}
    assert merged.model == base.rename(P("coo"), "new")


def test_what_one_side_renamed_and_the_other_removed_is_a_conflict():
    base = world()
    renamed, removed = base.rename(P("coo"), "chief"), base.remove(P("coo"), dangling=True)
    merged = conflicting(base, renamed, removed)
    assert named(merged) == {("post:coo", None)}
    assert merged.model == renamed
    assert merge(base, removed, renamed).model == removed


# -- classes with checks of their own -------------------------------------------------------------------------------


@frozen(kw_only=True)
class Badge(Record):
    """Its id and its number depend on other fields."""

    kind_name: ClassVar[str] = "badge"
    table_name: ClassVar[str] = "badges"
    team: str = field(metadata=ref("team", "of"))
    low: int = 0
    high: int = 9

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if self.id != f"badge-{self.team}":
            yield "id", f"must be badge-{self.team}"
        if self.low > self.high:
            yield "low", "must not be above high"


class Gate(World):
    __slots__ = ()
    schema = World.schema.extend(Badge)


def test_what_a_class_refuses_of_the_two_together_is_a_conflict():
    base = Gate.of(Badge(id="badge-t", team="t"))
    ours, theirs = (base.replace(Badge(id="badge-t", team="t", **values)) for values in ({"low": 7}, {"high": 5}))
    merged = conflicting(base, ours, theirs)
    assert merged.model == ours
    assert [(c.field, c.reason) for c in merged.conflicts] == [(None, "refused")]
    assert str(merged.conflicts[0]) == (
        "badge:badge-t: what ours and theirs make of it together is no valid badge; "
        "theirs is Badge(id='badge-t', team='t', high=5)"
    )


def test_a_rename_that_a_class_does_not_bear_is_taken_as_removal_and_addition():
    base = Gate.of(Team(id="t", name="T"))
    ours = base.rename(T("t"), "u")
    theirs = base.add(Badge(id="badge-t", team="t"))
    merged = merge(base, ours, theirs)
    assert merged.ok
    assert merged.model == Gate.of(Team(id="u", name="T"), Badge(id="badge-t", team="t"))


def test_a_clean_merge_is_what_either_change_set_makes_of_the_other_side():
    base = world()
    ours = base.replace(evolve(base.posts["dev"], title="Engineer")).add(Task(id="ship"))
    theirs = base.replace(evolve(base.posts["dev"], seats=2)).remove(Ref("task", "build"))
    merged = clean(base, ours, theirs)
    assert merged == ours.apply(diff(base, theirs)) == theirs.apply(diff(base, ours))
    with pytest.raises(Conflict):  # which a merge does not need: it sees that both did the same
        ours.apply(diff(base, ours))
    assert isinstance(merged, Model)
