"""The hierarchy against the naive definition, by hand, at a million records, and through edits."""

from __future__ import annotations

import copy
import pickle
import random
from datetime import date

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Assignment, DateRange, Duty, OperatingModel, Person, Position, ReportingLine, Unit
from community_ops.errors import UnknownRecord
from community_ops.org.structure import Hierarchy, hierarchy, unit_tree
from tests.org import naive

DAY = date(2026, 3, 2)


def of(lines: naive.Lines, kind: str = "position") -> Hierarchy:
    return Hierarchy.of(kind, list(lines), list(lines.values()))


def positions(lines: naive.Lines) -> OperatingModel:
    return OperatingModel(Position(id=id, title=id, unit="hq", reports_to=up) for id, up in lines.items())


COMPANY = {
    "agent": "coo",
    "ceo": None,
    "coo": "ceo",
    "cmo": "ceo",
    "analyst": "cmo",
    "lead": "agent",
    "board": None,
}


class TestAgainstTheDefinition:
    @given(naive.lines())
    def test_one_record(self, lines: naive.Lines) -> None:
        tree = of(lines)
        assert len(tree) == len(lines)
        for id in lines:
            assert id in tree
            assert tree.parent(id) == naive.parent(lines, id)
            assert list(tree.children(id)) == naive.children(lines, id)
            assert list(tree.chain(id)) == naive.chain(lines, id)
            assert set(tree.descendants(id)) == naive.descendants(lines, id)
            assert len(tree.descendants(id)) == len(set(tree.descendants(id)))
            assert tree.subtree_size(id) == len(naive.descendants(lines, id) | {id})
            assert tree.span(id) == len(naive.children(lines, id))
            assert tree.depth(id) == (len(naive.chain(lines, id)) if naive.has_top(lines, id) else None)

    @given(naive.lines())
    def test_descendants_are_in_preorder(self, lines: naive.Lines) -> None:
        tree = of(lines)
        for id in lines:
            if naive.has_top(lines, id):
                assert list(tree.descendants(id)) == naive.preorder(lines, id)

    @given(naive.lines())
    def test_the_whole(self, lines: naive.Lines) -> None:
        tree = of(lines)
        with_top = [id for id in lines if naive.has_top(lines, id)]
        depths = [len(naive.chain(lines, id)) for id in with_top]
        assert list(tree.roots) == [id for id in lines if naive.parent(lines, id) is None]
        assert list(tree.dangling) == [id for id, up in lines.items() if up is not None and up not in lines]
        assert tree.layers == max(depths, default=-1) + 1
        assert list(tree.level_counts) == [depths.count(depth) for depth in range(tree.layers)]

    @given(naive.lines())
    def test_cycles(self, lines: naive.Lines) -> None:
        found = of(lines).cycles
        assert len(found) == len(naive.cycles(lines))
        assert {frozenset(cycle) for cycle in found} == naive.cycles(lines)
        for cycle in found:
            assert cycle[0] == min(cycle)
            assert list(cycle) == [cycle[0], *naive.chain(lines, cycle[0])]
        assert list(found) == sorted(found)

    @given(naive.lines())
    def test_two_records(self, lines: naive.Lines) -> None:
        tree = of(lines)
        for a in lines:
            for b in lines:
                assert tree.is_above(a, b) == (a in naive.chain(lines, b))
                assert tree.lowest_common(a, b) == naive.lowest_common(lines, a, b)

    @given(naive.lines())
    def test_tuples_say_what_the_methods_say(self, lines: naive.Lines) -> None:
        tree = of(lines)
        assert tree.ids == tuple(lines)
        for id in lines:
            place = tree.place(id)
            above = tree.parents[place]
            assert tree.index[id] == place == list(lines).index(id)
            assert (None if above is None else tree.ids[above]) == tree.parent(id)
            assert tree.spans[place] == tree.span(id)
            assert tree.sizes[place] == tree.subtree_size(id)
            assert tree.depths[place] == tree.depth(id)

    @given(naive.lines(), st.data())
    def test_values_over_subtrees_and_down_chains(self, lines: naive.Lines, data: st.DataObject) -> None:
        tree = of(lines)
        several = st.lists(st.integers(-9, 9), min_size=len(lines), max_size=len(lines))
        numbers = dict(zip(lines, data.draw(several), strict=True))
        words = {id: data.draw(st.text("xyz", max_size=3)) for id in lines}
        own = {id: data.draw(st.none() | st.integers(0, 9)) for id in lines}
        sums = tree.rollup(list(numbers.values()))
        distinct = tree.count_distinct(list(words.values()))
        inherited = tree.inherit(list(own.values()))
        for place, id in enumerate(lines):
            under = naive.descendants(lines, id) | {id}
            up = [id, *naive.chain(lines, id)]
            assert sums[place] == sum(numbers[other] for other in under)
            assert distinct[place] == len({letter for other in under for letter in words[other]})
            assert inherited[place] == next((own[other] for other in up if own[other] is not None), None)

    @given(naive.lines(), st.randoms(use_true_random=False))
    def test_order_of_records_decides_nothing_but_order(self, lines: naive.Lines, shuffler: random.Random) -> None:
        ids = list(lines)
        shuffler.shuffle(ids)
        tree, other = of(lines), of({id: lines[id] for id in ids})
        assert other.cycles == tree.cycles
        assert other.layers == tree.layers
        for id in lines:
            assert other.chain(id) == tree.chain(id)
            assert other.depth(id) == tree.depth(id)
            assert sorted(other.descendants(id)) == sorted(tree.descendants(id))


class TestByHand:
    def test_a_small_company(self) -> None:
        tree = hierarchy(positions(COMPANY))
        assert tree.roots == ("ceo", "board")
        assert tree.children("ceo") == ("coo", "cmo")
        assert tree.descendants("ceo") == ("coo", "agent", "lead", "cmo", "analyst")
        assert tree.chain("lead") == ("agent", "coo", "ceo")
        assert (tree.depth("ceo"), tree.depth("lead"), tree.layers) == (0, 3, 4)
        assert (tree.span("ceo"), tree.subtree_size("ceo"), tree.subtree_size("board")) == (2, 6, 1)
        assert tree.level_counts == (2, 2, 2, 1)
        assert tree.lowest_common("lead", "analyst") == "ceo"
        assert tree.lowest_common("lead", "board") is None
        assert [tree.is_above(*pair) for pair in (("coo", "lead"), ("lead", "coo"), ("coo", "coo"))] == [
            True,
            False,
            False,
        ]
        assert (tree.cycles, tree.dangling) == ((), ())

    def test_on_a_cycle_and_below_it(self) -> None:
        # c -> a -> b -> c, and x -> y -> b hangs below
        tree = of({"b": "c", "y": "b", "c": "a", "a": "b", "x": "y", "top": None})
        assert tree.cycles == (("a", "b", "c"),)
        assert tree.roots == ("top",)
        assert tree.parent("a") == "b"
        assert tree.children("b") == ("y", "a")
        assert tree.chain("x") == ("y", "b", "c", "a")
        assert tree.chain("a") == ("b", "c")
        assert tree.depth("a") is tree.depth("x") is None
        assert set(tree.descendants("c")) == {"a", "b", "x", "y"}
        assert tree.descendants("y") == ("x",)
        assert (tree.subtree_size("c"), tree.subtree_size("y"), tree.layers) == (5, 2, 1)
        assert [tree.is_above("c", other) for other in ("x", "b", "c", "top")] == [True, True, False, False]
        assert tree.lowest_common("x", "a") is None
        assert tree.lowest_common("x", "b") == "b"

    def test_a_record_that_reports_to_itself_is_a_cycle_of_one(self) -> None:
        tree = of({"a": "a", "b": "a"})
        assert tree.cycles == (("a",),)
        assert tree.children("a") == ("a", "b")
        assert tree.span("a") == 2
        assert tree.chain("a") == ()
        assert tree.descendants("a") == ("b",)
        assert tree.layers == 0

    def test_a_manager_who_does_not_exist_leaves_a_root(self) -> None:
        tree = of({"a": "ghost", "b": "a"})
        assert (tree.roots, tree.dangling, tree.parent("a"), tree.depth("b")) == (("a",), ("a",), None, 1)

    def test_of_nothing(self) -> None:
        tree = hierarchy(OperatingModel())
        assert (tree.roots, tree.cycles, tree.layers, tree.level_counts) == ((), (), 0, ())
        assert str(tree) == "(empty)"

    def test_units(self) -> None:
        tree = unit_tree(OperatingModel.of(Unit(id="t", name="T", parent="d"), Unit(id="d", name="D")))
        assert (tree.kind, tree.chain("t"), tree.descendants("d")) == ("unit", ("d",), ("t",))

    def test_an_id_may_come_in_another_normal_form(self) -> None:
        tree = of({"caf\u00e9": None})
        assert tree.subtree_size("cafe\u0301") == 1


class TestBadQuestions:
    @pytest.mark.parametrize(
        "method", ["place", "parent", "children", "descendants", "chain", "depth", "span", "subtree_size"]
    )
    def test_an_unknown_id_is_named(self, method: str) -> None:
        with pytest.raises(UnknownRecord) as caught:
            getattr(of(COMPANY), method)("nobody")
        assert (caught.value.kind, caught.value.id) == ("position", "nobody")

    def test_an_unknown_id_in_either_place_is_named(self) -> None:
        tree = of(COMPANY, "unit")
        for ask in (tree.is_above, tree.lowest_common):
            for pair in (("ceo", "nobody"), ("nobody", "ceo")):
                with pytest.raises(UnknownRecord) as caught:
                    ask(*pair)
                assert (caught.value.kind, caught.value.id) == ("unit", "nobody")

    def test_what_is_no_text_is_unknown(self) -> None:
        with pytest.raises(UnknownRecord):
            of(COMPANY).depth(5)  # type: ignore[arg-type]

    def test_ids_and_lines_must_fit(self) -> None:
        with pytest.raises(ValueError, match="2 ids, but 1 lines"):
            Hierarchy.of("position", ["a", "b"], [None])
        with pytest.raises(ValueError, match="twice"):
            Hierarchy.of("position", ["a", "a"], [None, None])


class TestAsAValue:
    def test_equal_by_content(self) -> None:
        assert of(COMPANY) == of(COMPANY)
        assert of(COMPANY) != of(COMPANY, "unit")
        assert of({"a": None, "b": "a"}) != of({"a": None, "b": None})
        assert of({"a": None}) != of({"a": "ghost"})
        assert of({"a": None}) != "a"

    def test_cannot_be_changed(self) -> None:
        tree = of(COMPANY)
        with pytest.raises(FrozenInstanceError):
            tree.layers = 3  # type: ignore[misc]
        with pytest.raises(TypeError):
            tree.index["ceo"] = 5  # type: ignore[index]
        with pytest.raises(TypeError):
            hash(tree)

    def test_survives_a_copy_and_a_pickle(self) -> None:
        tree = of(COMPANY | {"x": "x"})
        for other in (copy.deepcopy(tree), pickle.loads(pickle.dumps(tree))):
            assert other == tree
            assert other.descendants("ceo") == tree.descendants("ceo")


class TestShown:
    def test_as_indented_text(self) -> None:
        assert str(of({"b": "a", "a": None, "c": "b", "d": None})) == "a\n  b\n    c\nd"

    def test_with_labels_and_cycles(self) -> None:
        tree = of({"a": None, "x": "y", "y": "x"})
        assert tree.text(label=str.upper) == "A\ncycle: X -> Y -> X"

    def test_bounded_in_every_direction(self) -> None:
        long = {f"{i:03}": f"{i - 1:03}" if i else None for i in range(100)}
        loops = {f"x{i}": f"x{i}" for i in range(60)} | {f"y{i:02}": f"y{(i + 1) % 20:02}" for i in range(20)}
        lines = of(long | loops).text(limit=5).split("\n")
        assert lines[:6] == ["000", "  001", "    002", "      003", "        004", "... and 95 more"]
        assert lines[-1] == "... and 56 more cycles"
        assert len(lines) == 12
        shown = of({f"y{i:02}": f"y{(i + 1) % 20:02}" for i in range(20)}).text(label=str.upper)
        assert shown == "cycle: Y00 -> Y01 -> Y02 -> Y03 -> Y04 -> Y05 -> Y06 -> Y07 -> ... -> Y00"

    def test_as_one_line(self) -> None:
        assert repr(of(COMPANY)) == "<Hierarchy: 7 positions, 4 layers, 2 roots>"
        assert repr(of({"a": None, "x": "x"}, "unit")) == "<Hierarchy: 2 units, 1 layer, 1 root, 1 cycle>"

    def test_in_a_notebook_through_the_display_door(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from community_ops.kernel import display

        monkeypatch.setattr(display, "bundle", lambda sort, shown: {"text/plain": f"{sort}: {shown!r}"})
        assert of(COMPANY)._repr_mimebundle_() == {"text/plain": f"hierarchy: {of(COMPANY)!r}"}


class TestDatedLines:
    MOVE = ReportingLine(
        id="l1", position="agent", manager="cmo", kind="solid", period=DateRange(date(2026, 3, 1), date(2026, 3, 31))
    )

    @pytest.mark.parametrize(
        ("at", "manager"),
        [(None, "coo"), (date(2026, 2, 28), "coo"), (date(2026, 3, 1), "cmo"), (date(2026, 3, 31), "cmo")],
    )
    def test_a_solid_line_overrides_on_its_days(self, at: date | None, manager: str) -> None:
        assert hierarchy(positions(COMPANY).add(self.MOVE), at).parent("agent") == manager

    def test_a_dotted_line_never_does(self) -> None:
        model = positions(COMPANY).add(evolve(self.MOVE, kind="project", period=None))
        assert hierarchy(model, DAY).parent("agent") == "coo"

    def test_a_solid_line_without_a_period_always_does(self) -> None:
        model = positions(COMPANY).add(evolve(self.MOVE, period=None))
        assert hierarchy(model).parent("agent") == hierarchy(model, DAY).parent("agent") == "cmo"

    def test_a_line_to_nobody_leaves_a_root_and_a_line_from_nobody_does_nothing(self) -> None:
        model = positions(COMPANY).add(evolve(self.MOVE, manager="ghost"), evolve(self.MOVE, id="l2", position="ghost"))
        assert hierarchy(model, DAY).dangling == ("agent",)
        assert "ghost" not in hierarchy(model, DAY)

    def test_a_line_gives_a_root_a_manager(self) -> None:
        model = positions(COMPANY).add(evolve(self.MOVE, position="board"))
        assert hierarchy(model, DAY).roots == ("ceo",)

    def test_a_backward_period_covers_no_day(self) -> None:
        backward = DateRange(date(2026, 3, 31), date(2026, 3, 1))
        model = positions(COMPANY).add(evolve(self.MOVE, period=backward))
        assert hierarchy(model, DAY) == hierarchy(model)


class TestRemembered:
    MODEL = positions(COMPANY).add(
        Unit(id="hq", name="HQ"),
        Person(id="ann", name="Ann"),
        Assignment(id="a1", person="ann", position="ceo"),
        Duty(id="d", name="D"),
        ReportingLine(id="l1", position="agent", manager="cmo", kind="functional"),
    )

    @pytest.mark.parametrize("at", [None, DAY])
    def test_while_only_other_things_change(self, at: date | None) -> None:
        model, tree = self.MODEL, hierarchy(self.MODEL, at)
        model = model.replace(evolve(model.positions["ceo"], title="Chief", seats=2, status="hiring"))
        model = model.replace(evolve(model.units["hq"], name="Head office"))
        model = model.replace(evolve(model.assignments["a1"], period=DateRange(end=DAY)))
        assert hierarchy(model, at) is tree
        assert unit_tree(model) is unit_tree(self.MODEL)

    def test_even_while_dotted_lines_change_or_the_day_does(self) -> None:
        line = evolve(self.MODEL.reporting_lines["l1"], period=DateRange(DAY, DAY), kind="project")
        assert hierarchy(self.MODEL.replace(line), DAY) is hierarchy(self.MODEL) is hierarchy(self.MODEL, DAY)

    def test_until_a_line_changes(self) -> None:
        model = self.MODEL.replace(evolve(self.MODEL.positions["agent"], reports_to="cmo"))
        assert hierarchy(model).parent("agent") == "cmo"
        assert hierarchy(self.MODEL).parent("agent") == "coo"

    def test_until_a_solid_line_changes(self) -> None:
        model = self.MODEL.replace(evolve(self.MODEL.reporting_lines["l1"], kind="solid"))
        assert hierarchy(model, DAY).parent("agent") == "cmo"


@pytest.mark.scale
class TestAMillion:
    COUNT = 1_000_000

    def test_deep(self) -> None:
        ids = [f"p{i}" for i in range(self.COUNT)]
        tree = Hierarchy.of("position", ids, [None, *ids[:-1]])
        last = ids[-1]
        assert tree.layers == self.COUNT
        assert tree.depth(last) == self.COUNT - 1 == len(tree.chain(last))
        assert tree.subtree_size("p0") == self.COUNT
        assert tree.descendants("p999990") == tuple(ids[999_991:])
        assert (tree.is_above("p0", last), tree.is_above(last, "p0")) == (True, False)
        assert tree.lowest_common("p5", last) == "p5"
        assert tree.rollup([1] * self.COUNT) == tree.sizes
        assert tree.count_distinct([[i % 7] for i in range(self.COUNT)])[0] == 7
        assert tree.inherit([0, *[None] * (self.COUNT - 1)])[-1] == 0
        assert str(tree).endswith("... and 999960 more")

    def test_wide(self) -> None:
        ids = [f"p{i}" for i in range(self.COUNT)]
        tree = Hierarchy.of("position", ids, [None, *["p0"] * (self.COUNT - 1)])
        assert (tree.layers, tree.span("p0"), tree.sizes[0]) == (2, self.COUNT - 1, self.COUNT)
        assert tree.children("p0") == tree.descendants("p0") == tuple(ids[1:])

    def test_one_cycle_and_a_million_small_ones(self) -> None:
        ids = [f"p{i:07}" for i in range(self.COUNT)]
        tree = Hierarchy.of("position", ids, [ids[-1], *ids[:-1]])
        assert tree.cycles == ((ids[0], *reversed(ids[1:])),)
        assert tree.inherit([*[None] * (self.COUNT - 1), 1]) == (1,) * self.COUNT
        assert len(Hierarchy.of("position", ids, ids).cycles) == self.COUNT
