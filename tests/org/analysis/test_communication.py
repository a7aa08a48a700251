"""Communication channels: by hand, and by writing down every pair."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Assignment, OperatingModel, Position, Unit
from community_ops.errors import UnknownRecord
from community_ops.org.analysis.communication import channels
from tests.org.analysis.organisations import DAY, existing, held_by, organisations, within


def sitting(*homes: str) -> OperatingModel:
    """People numbered from 0, each with a position in every unit that the letters name."""
    units = [Unit(id=id, name=id) for id in sorted({*"".join(homes)})]
    seats = [Position(id=f"{n}{unit}", title="P", unit=unit) for n, home in enumerate(homes) for unit in home]
    held = [Assignment(id=seat.id, person=seat.id[:-1], position=seat.id, fte=0) for seat in seats]
    return OperatingModel([*units, *seats, *held])


def test_by_hand() -> None:
    found = channels(sitting("a", "a", "a", "b", "b"), DAY)
    assert (found.people, found.whole, found.within, found.across) == (5, 10, 4, 6)
    assert (found.own("a"), found.own("b"), found.between("a", "b"), found.between("b", "b")) == (3, 1, 6, 0)
    assert str(found).splitlines() == [
        "5 people make 10 pairs on 2026-03-02: 4 within units, 6 across",
        "unit  people  within  with parts",
        "a          3       3           3",
        "b          2       1           1",
    ]


def test_a_pair_that_shares_several_units_is_one_pair() -> None:
    # 0 and 1 share two units, 2 shares one of them with both.
    found = channels(sitting("ab", "ab", "a"), DAY)
    assert (found.within, found.across, found.own("a"), found.own("b")) == (3, 0, 3, 1)
    assert found.between("a", "b") == 0  # whoever sits in b sits in a as well


def test_unknown_units_are_named_and_nothing_is_no_pair() -> None:
    empty = channels(OperatingModel(), DAY)
    assert (empty.whole, str(empty)) == (0, "0 people make 0 pairs on 2026-03-02: 0 within units, 0 across")
    for ask in (empty.own, empty.total, lambda unit: empty.between(unit, unit)):
        with pytest.raises(UnknownRecord):
            ask("ghost")


def check(model: OperatingModel) -> None:
    found, units = channels(model, DAY), model.units.ids
    homes: dict[str, set[str]] = {}
    for position in existing(model):
        for person in held_by(model, position.id):
            homes.setdefault(person, set()).add(position.unit)
    pairs = list(combinations(homes, 2))
    known = set(units)
    assert (found.people, found.whole) == (len(homes), len(pairs))
    assert found.within == sum(bool(homes[p] & homes[q] & known) for p, q in pairs)
    assert found.across == len(pairs) - found.within
    for unit in units:
        inside = within(model, unit)
        assert found.own(unit) == sum(unit in homes[p] and unit in homes[q] for p, q in pairs)
        assert found.total(unit) == sum(bool(homes[p] & inside) and bool(homes[q] & inside) for p, q in pairs)
        for other in units:
            expected = sum(
                {unit, other} <= homes[p] | homes[q]
                and bool({unit, other} & homes[p])
                and bool({unit, other} & homes[q])
                and not {unit, other} & homes[p] & homes[q]
                for p, q in pairs
            )
            assert found.between(unit, other) == (expected if unit != other else 0)


@given(st.lists(st.sets(st.sampled_from("abc"), min_size=1).map(sorted).map("".join), max_size=9))
def test_channels_are_the_pairs_written_down(homes: list[str]) -> None:
    check(sitting(*homes))


@given(organisations())
def test_channels_of_any_organisation(model: OperatingModel) -> None:
    check(model)
