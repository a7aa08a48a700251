from __future__ import annotations

import copy
import gc
import pickle
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops.errors import DuplicateRecord, UnknownRecord
from community_ops.kernel import codec, display
from community_ops.kernel.declaration import kind_of
from community_ops.kernel.frozenmap import same
from community_ops.kernel.table import Column, Table, loaded_table
from tests.kernel.kinds import IDS, Link, Post, Task, Team, World, posts, world

POSTS = kind_of(Post)
FIELDS = [spec.name for spec in POSTS.layout.fields]


def post(id: str, **fields) -> Post:
    return Post(**{"id": id, "title": id.upper(), "team": "hq", **fields})


def table(*ids: str) -> Table[Post]:
    return Table(POSTS, [post(id) for id in ids])


def columns(of: Table) -> dict[str, Column]:
    return {name: of._cell(name) for name in FIELDS}


def changed(before: Table, after: Table) -> set[str]:
    """The columns that an edit did not keep."""
    old, new = columns(before), columns(after)
    return {name for name in FIELDS if old[name] is not new[name]}


def check_whole(of: Table) -> None:
    """Everything a table says agrees with its records."""
    for spec in POSTS.layout.fields:
        assert all(same(a, spec.get(b)) for a, b in zip(of.column(spec.name), of.records, strict=True))
    assert of.ids == tuple(record.id for record in of.records)
    assert [of.place(id) for id in of.ids] == list(range(len(of)))
    assert of.id_set == set(of.ids)
    assert all(of[record.id] is record for record in of)


# -- reading --------------------------------------------------------------------------------------------------------


def test_records_are_found_by_id_and_kept_in_order():
    found = table("b", "a")
    assert [record.id for record in found] == ["b", "a"]
    assert (len(found), found["a"].title, "b" in found, "c" in found) == (2, "A", True, False)
    assert found.get("c") is None
    assert found.place("c") is None
    check_whole(found)


def test_an_unknown_id_is_named():
    with pytest.raises(UnknownRecord) as caught:
        table("a")["b"]
    assert (caught.value.kind, caught.value.id) == ("post", "b")


def test_ids_are_found_in_any_normal_form():
    found = table("caf\u00e9")
    assert found["cafe\u0301"].id == "caf\u00e9"
    assert "cafe\u0301" in found
    assert found.get("cafe\u0300") is None


@pytest.mark.parametrize("thing", [None, 5, b"a", ("a",)])
def test_what_is_no_id_is_not_in_a_table(thing):
    assert thing not in table("a")


def test_two_records_of_one_id_are_refused_by_the_first_repeated():
    with pytest.raises(DuplicateRecord) as caught:
        table("c", "a", "b", "b", "a", "a")
    assert (caught.value.kind, caught.value.id) == ("post", "a")


def test_columns_are_in_table_order():
    found = Table(POSTS, [post("b", seats=3), post("a", boss="b")])
    assert found.column("seats") == (3, 1)
    assert found.column("boss") == (None, "b")
    assert found.column("seats") is found.column("seats")
    with pytest.raises(LookupError, match="post has no field 'sets'"):
        found.column("sets")


def test_an_empty_table_is_a_table():
    empty = table()
    assert (len(empty), list(empty), empty.ids, empty.column("title")) == (0, [], (), ())
    assert empty == table()
    assert repr(empty) == "<Table posts: 0 records>"


def test_tables_compare_without_order_and_cannot_be_hashed():
    assert table("a", "b") == table("b", "a")
    assert table("a") != table("a", "b")
    assert table("a") != table("b")
    assert table("a") != Table(POSTS, [post("a", seats=2)])
    assert table() != Table(kind_of(Team))
    assert table("a") != [post("a")]
    same_table = table("a")
    assert same_table == same_table
    with pytest.raises(TypeError):
        hash(table("a"))


def test_rows_are_plain_data():
    (row,) = Table(kind_of(Task), [Task(id="a", links=(Link("b"),), extra={"k": [1]})]).rows()
    assert row["links"] == [{"task": "b"}]
    assert (row["name"], row["done"], row["extra"], row["clauses"]) == ("", False, {"k": [1]}, {})
    assert list(row) == [spec.name for spec in kind_of(Task).layout.fields]
    row["extra"]["k"].append(2)


def test_a_notebook_is_shown_what_the_view_draws(monkeypatch):
    monkeypatch.setitem(display.RENDERERS, "table", "tests.kernel.test_display:render")
    assert table("a", "b")._repr_mimebundle_() == {"text/plain": "<Table posts: 2 records>"}


# -- where ----------------------------------------------------------------------------------------------------------


def test_where_filters_by_fields_and_by_test():
    found = Table(POSTS, [post("a", boss="c"), post("b", boss="c", seats=2), post("c")])
    assert found.where(boss="c").ids == ("a", "b")
    assert found.where(boss="c", seats=2).ids == ("b",)
    assert found.where(lambda p: p.seats == 1, boss="c").ids == ("a",)
    assert found.where(boss=None).ids == ("c",)
    assert found.where().ids == ("a", "b", "c")
    assert found.where(title="nobody").ids == ()
    assert isinstance(found.where(), Table)


def test_where_takes_values_as_a_constructor_does():
    teams = Table(kind_of(Team), [Team(id="caf\u00e9", name="x", heads=("a", "b"), extra={"k": [1]})])
    assert len(teams.where(heads=["a", "b"])) == 1
    assert len(teams.where(id="cafe\u0301")) == 1
    assert len(teams.where(extra={"k": [1]})) == 1
    assert len(teams.where(extra={"k": [True]})) == 0
    assert len(teams.where(heads=5)) == 0
    assert len(table("a").where(share=1)) == 1


def test_where_refuses_a_field_that_is_not_there():
    with pytest.raises(LookupError, match="no field 'sets'"):
        table("a").where(sets=1)


def test_where_leaves_every_name_to_fields():
    with pytest.raises(LookupError, match="no field 'test'"):
        table("a").where(test=1)
    with pytest.raises(LookupError, match="no field 'self'"):
        table("a").where(self=1)


# -- editing --------------------------------------------------------------------------------------------------------


def test_a_replacement_keeps_every_column_it_does_not_change():
    before = table("a", "b", "c")
    after = before.edited([evolve(before["b"], title="new")])
    assert changed(before, after) == {"title"}
    assert after.column("title") == ("A", "new", "C")
    assert before.column("title") == ("A", "B", "C")
    assert after["a"] is before["a"]
    check_whole(after)


@pytest.mark.parametrize("read_first", [True, False])
@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, set()),
        ({"title": "T", "boss": "c"}, {"title", "boss"}),
        ({"share": Decimal("1.0")}, {"share"}),  # equal, yet written otherwise
        ({"share": Decimal(1)}, set()),
        ({"extra": {"k": 1}}, {"extra"}),
    ],
)
def test_changed_columns_are_those_whose_values_changed_whether_or_not_they_were_read(read_first, fields, names):
    before = table("a", "b", "c")
    if read_first:
        check_whole(before)
    after = before.edited([post("b", **fields)])
    assert changed(before, after) == names
    check_whole(after)
    check_whole(before)


def test_an_unread_column_is_shared_however_often_a_table_is_edited():
    tables = [table("a", "b")]
    for n in range(5):
        tables.append(tables[-1].edited([post("a", seats=n + 2)]))
    assert len({id(t._cell("title")) for t in tables}) == 1
    assert [t.column("seats") for t in tables] == [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1)]
    assert tables[0].column("title") is tables[-1].column("title")
    for each in tables:
        check_whole(each)


def test_additions_come_last_and_removals_close_the_gap():
    before = table("a", "b", "c")
    after = before.edited([post("d"), post("b", seats=2)], ["a"])
    assert after.ids == ("b", "c", "d")
    assert after["b"].seats == 2
    check_whole(after)
    assert before.ids == ("a", "b", "c")


def test_what_is_removed_and_put_is_put():
    after = table("a", "b").edited([post("a", seats=7)], ["a"])
    assert (after.ids, after["a"].seats) == (("a", "b"), 7)


def test_removing_what_is_not_there_changes_nothing():
    assert table("a").edited((), ["z"]) == table("a")


def test_a_record_may_take_the_place_of_another_under_a_new_id():
    before = table("a", "b", "c")
    after = before.replaced({"b": evolve(before["b"], id="z")})
    assert after.ids == ("a", "z", "c")
    assert changed(before, after) == {"id"}
    check_whole(after)
    swapped = before.replaced({"a": evolve(before["a"], id="b"), "b": evolve(before["b"], id="a")})
    assert swapped.ids == ("b", "a", "c")
    check_whole(swapped)


def test_a_record_does_not_take_an_id_that_another_place_holds():
    before = table("a", "b")
    with pytest.raises(DuplicateRecord):
        before.replaced({"a": evolve(before["a"], id="b")})


@settings(max_examples=30)
@given(st.data())
def test_any_edits_agree_with_a_plain_dict(data):
    current = Table(POSTS, [])
    oracle: dict[str, Post] = {}
    for _ in range(data.draw(st.integers(1, 4))):
        put = [data.draw(posts(id)) for id in data.draw(st.lists(st.sampled_from(IDS), max_size=3))]
        gone = data.draw(st.lists(st.sampled_from(IDS), max_size=2))
        if data.draw(st.booleans()):
            current.column(data.draw(st.sampled_from(FIELDS)))
        after = current.edited(put, gone)
        check_whole(current)
        for id in gone:
            oracle.pop(id, None)
        oracle.update({record.id: record for record in put})
        current = after
        check_whole(current)
        assert {record.id: record for record in current} == oracle


# -- copying, threads, memory ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))])
def test_survives_copying(copied):
    original = table("a", "b")
    again = copied(original)
    assert again == original
    assert again.kind is original.kind
    check_whole(again)


def loaded(*ids: str, make=None) -> Table[Post]:
    records = [post(id) for id in ids]
    values = {spec.name: [spec.get(record) for record in records] for spec in POSTS.layout.fields}
    return loaded_table(POSTS, values, make or (lambda: records))


def test_a_loaded_table_makes_its_records_when_first_asked():
    made = []

    def make() -> list[Post]:
        made.append(1)
        return [post("a"), post("b")]

    found = loaded("a", "b", make=make)
    assert (len(found), found.ids, found.column("title"), found.place("b"), found.id_set) == (
        *(2, ("a", "b"), ("A", "B"), 1, {"a", "b"}),
    )
    assert not made
    assert "a" in found
    assert "z" not in found
    check_whole(found)
    assert made == [1]


def test_a_loaded_table_refuses_two_of_one_id():
    with pytest.raises(DuplicateRecord) as caught:
        loaded("a", "b", "b")
    assert caught.value.id == "b"


def test_an_edited_loaded_table_keeps_its_columns():
    before = loaded("a", "b")
    after = before.edited([post("b", seats=2)])
    assert changed(before, after) == {"seats"}
    assert after["a"] is before["a"]
    check_whole(after)


def test_threads_that_ask_at_once_get_the_same_records():
    inside, going_on = threading.Event(), threading.Event()
    made = []

    def make() -> list[Post]:
        made.append(1)
        inside.set()
        going_on.wait(10)
        return [post("a")]

    found = loaded("a", make=make)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(lambda: found.records)
        assert inside.wait(10)
        others = [pool.submit(lambda: found.records) for _ in range(3)]
        going_on.set()
        results = [future.result(10) for future in (first, *others)]
    assert made == [1]
    assert all(result is results[0] for result in results)


def test_a_loaded_world_hands_the_same_records_to_all_threads():
    text = codec.dumps(World.of(*(post(f"p{i}") for i in range(500))))
    for _ in range(5):
        model = codec.loads(text, World)
        with ThreadPoolExecutor(8) as pool:
            seen = list(pool.map(lambda i, m=model: [id(r) for r in m.posts.records], range(8)))
        assert all(ids == seen[0] for ids in seen)


def test_tables_made_by_edits_do_not_keep_the_tables_they_came_from_alive():
    before = world().posts
    after = before.edited([evolve(before["dev"], title="new")])
    gone = weakref.ref(before)
    del before
    gc.collect()
    assert gone() is None
    check_whole(after)
