from __future__ import annotations

import pytest

from community_ops.kernel.provenance import NOTHING_KNOWN, Location, Provenance, Source, moved
from community_ops.kernel.ref import Ref

A, B, C = (Ref("team", id) for id in "abc")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Location("m.json"), "m.json"),
        (Location("m.json", 3), "m.json:3"),
        (Location("m.json", 3, 1), "m.json:3:1"),
    ],
)
def test_a_location_reads_as_compilers_write_it(place, text):
    assert str(place) == text


def test_a_source_of_its_own_says_where_things_stand():
    with pytest.raises(NotImplementedError):
        Source().locate(A)


def test_nothing_moves_where_nothing_is_kept():
    assert moved(NOTHING_KNOWN, {A: B}) is NOTHING_KNOWN


@pytest.mark.parametrize(
    ("renames", "expected"),
    [
        ({}, {A: "a", B: "b"}),
        ({A: C}, {C: "a", B: "b"}),
        ({A: B, B: A}, {B: "a", A: "b"}),
        ({A: B, B: C}, {B: "a", C: "b"}),
        ({C: A}, {B: "b"}),  # a had gone, and the record that takes its id had no such fields
    ],
)
def test_what_was_read_with_a_record_stays_with_it(renames, expected):
    source = Source()
    before = Provenance(source=source, tables={"x": 1}, fields={A: {"was": "a"}, B: {"was": "b"}})
    after = moved(before, renames)
    assert {ref: kept["was"] for ref, kept in after.fields.items()} == expected
    assert (after.source, after.tables) == (source, {"x": 1})
