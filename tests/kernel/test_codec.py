from __future__ import annotations

import gc
import json
from collections.abc import Iterable
from copy import deepcopy
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import ClassVar

import attrs
import pytest
from attrs import field, frozen
from hypothesis import example, given, settings
from hypothesis import strategies as st

from community_ops.errors import InvalidDocument
from community_ops.kernel import codec
from community_ops.kernel.codec import _table_by_columns, _table_by_records, dumps, from_data, lines, loads
from community_ops.kernel.frozenmap import same
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.schema import Schema
from community_ops.kernel.shapes import Unclean
from community_ops.kernel.text import ID_LENGTH
from community_ops.kernel.values import DateRange, Estimate, Money
from tests.kernel.kinds import IDS, Clause, Link, Post, Task, Team, World, world, worlds
from tests.kernel.test_schema import Contract, Seat

FULL = Task(
    id="full",
    name="任务\u2028",
    owner="p",
    about=Ref("elsewhere", "a:b"),
    also=(Ref("post", "p"),),
    links=(Link("t", timedelta(hours=-1)),),
    clause=Clause("c", Link("t"), Decimal("1.00")),
    clauses={"k/~": Clause("d")},
    pair=("x", -1),
    done=True,
    effort=10**20,
    weight=-0.0,
    cost=Decimal("0.10"),
    due=date(2026, 2, 28),
    at=datetime(2026, 3, 1, 9, 0, 0, 5, tzinfo=timezone(timedelta(hours=8))),
    spent=timedelta(days=1, minutes=30),
    state="shut",
    estimate=Estimate(1, "2.50", 4),
    period=DateRange(None, date(2026, 1, 1)),
    labels={"a": ""},
    extra={"n": [1, 1.0, True, None, {"deep": "~/"}], "empty": {}},
)


def document(**tables: list) -> dict:
    return {"format": "community-ops", "version": 2, **tables}


def exactly(a: World, b: World) -> bool:
    return type(a) is type(b) and [repr(record) for record in a] == [repr(record) for record in b] and a == b


# -- writing --------------------------------------------------------------------------------------------------------


def test_a_document_is_one_record_a_line_in_table_order():
    model = World.of(
        Post(id="b", title="B", team="t", seats=2),
        Team(id="t", name="队伍"),
        Post(id="a", title="A", team="t", share="1.0"),
    )
    assert dumps(model) == (
        '{\n"format": "community-ops",\n"version": 2,\n'
        '"teams": [\n{"id": "t", "name": "队伍"}\n],\n'
        '"posts": [\n{"id": "b", "title": "B", "team": "t", "seats": 2},\n'
        '{"id": "a", "title": "A", "team": "t", "share": "1.0"}\n]\n}\n'
    )


def test_an_empty_model_is_a_document():
    assert dumps(World()) == '{\n"format": "community-ops",\n"version": 2\n}\n'
    assert loads(dumps(World()), World) == World()


def test_every_shape_is_written_as_json_has_it():
    (row,) = json.loads(dumps(World.of(FULL)))["tasks"]
    assert row == {
        "id": "full",
        "name": "任务\u2028",
        "owner": "p",
        "about": "elsewhere:a:b",
        "also": ["post:p"],
        "links": [{"task": "t", "lag": "-PT1H"}],
        "clause": {"text": "c", "link": {"task": "t"}, "weight": "1.00"},
        "clauses": {"k/~": {"text": "d"}},
        "pair": ["x", -1],
        "done": True,
        "effort": 10**20,
        "weight": -0.0,
        "cost": "0.10",
        "due": "2026-02-28",
        "at": "2026-03-01T09:00:00.000005+08:00",
        "spent": "P1DT30M",
        "state": "shut",
        "estimate": {"optimistic": "1", "most_likely": "2.50", "pessimistic": "4"},
        "period": {"end": "2026-01-01"},
        "labels": {"a": ""},
        "extra": {"n": [1, 1.0, True, None, {"deep": "~/"}], "empty": {}},
    }


def test_pieces_put_together_are_the_document():
    assert "".join(lines(world())) == dumps(world())


def test_writing_is_deterministic():
    assert dumps(world()) == dumps(world())
    assert dumps(loads(dumps(world()), World)) == dumps(world())


# -- there and back -------------------------------------------------------------------------------------------------


@example(World.of(FULL))
@example(world())
@settings(max_examples=30)
@given(worlds())
def test_loading_what_was_dumped_is_the_identity(model):
    text = dumps(model)
    again = loads(text, World)
    assert exactly(again, model)
    assert dumps(again) == text
    for before, after in zip(model, again, strict=True):
        for spec in model.schema.kind(before).layout.fields:
            assert same(spec.get(before), spec.get(after))


def test_values_equal_to_a_default_but_written_otherwise_are_kept():
    model = World.of(Post(id="a", title="A", team="t", share="1.00"), Task(id="b", weight=-0.0))
    again = loads(dumps(model), World)
    assert str(again.posts["a"].share) == "1.00"
    assert str(again.tasks["b"].weight) == "-0.0"


def test_a_document_may_be_given_as_plain_data():
    model = from_data(document(teams=[{"id": "a", "name": "A"}]), World)
    assert model == World.of(Team(id="a", name="A"))


def test_tables_may_be_empty_absent_or_in_any_order():
    text = '{"posts": [], "version": 2, "teams": [{"name": "A", "id": "a"}], "format": "community-ops"}'
    assert loads(text, World) == World.of(Team(id="a", name="A"))


def test_ids_are_normalised_when_read():
    rows = [{"id": "cafe\u0301", "name": "A"}, {"id": "b", "name": "B", "parent": "cafe\u0301"}]
    model = from_data(document(teams=rows), World)
    assert model.teams.ids == ("caf\u00e9", "b")
    assert model.teams["b"].parent == "caf\u00e9"


def test_defaults_that_are_written_out_are_read():
    rows = [{"id": "a", "title": "A", "team": "t", "boss": None, "seats": 1, "share": "1", "pay": None, "extra": {}}]
    assert list(from_data(document(posts=rows), World)) == [Post(id="a", title="A", team="t")]


def test_fields_given_by_some_records_only_are_read():
    rows = [
        {"id": "a", "title": "A", "team": "t", "share": "0.5"},
        {"id": "b", "title": "B", "team": "t"},
        {"id": "c", "title": "C", "team": "t", "share": "0.25", "boss": "a"},
    ]
    model = from_data(document(posts=rows), World)
    assert model.column(Post.share) == (Decimal("0.5"), Decimal(1), Decimal("0.25"))
    assert [post.boss for post in model.posts] == [None, None, "a"]


# -- records made late ----------------------------------------------------------------------------------------------


def test_loaded_records_are_like_constructed_ones():
    model = loads(dumps(World.of(FULL)), World)
    (task,) = model.tasks
    assert task == FULL
    assert hash(task) == hash(FULL)
    assert repr(task) == repr(FULL)
    assert attrs.asdict(task, recurse=False) == attrs.asdict(FULL, recurse=False)
    assert attrs.evolve(task, done=False).done is False


def test_the_collector_is_left_as_it_was():
    assert gc.isenabled()
    loads(dumps(world()), World)
    assert gc.isenabled()
    with pytest.raises(InvalidDocument):
        loads("{}", World)
    assert gc.isenabled()
    gc.disable()
    try:
        loads(dumps(world()), World)
        assert not gc.isenabled()
    finally:
        gc.enable()


# -- kinds of an embedder -------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Tidy(Contract):
    """A kind with a converter, a validator and a meaning of its own."""

    name: str = field(converter=lambda text: text.strip() if isinstance(text, str) else text)
    code: str = field(default="x", validator=attrs.validators.matches_re("[a-z]+"))
    low: int = 0
    high: int = 0

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if self.low > self.high:
            yield "high", "must be at least low"


class Embedded(World):
    __slots__ = ()
    schema = World.schema.extend(Seat, Tidy)


def test_an_embedders_kind_and_a_subclass_go_there_and_back():
    model = Embedded.of(
        *world(),
        Seat(id="x", title="X", team="hq", band="3", deputy="ceo"),
        Tidy(id="c", name="  C ", owner="ceo", low=1, high=2),
    )
    assert '"contracts": [\n{"id": "c", "owner": "ceo", "name": "C", "low": 1' in dumps(model)
    assert exactly(loads(dumps(model), Embedded), model)
    assert type(loads(dumps(world()), Embedded).posts["ceo"]) is Seat


def problems_of(rows: list, table: str = "contracts", model: type = Embedded) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDocument) as caught:
        from_data(document(**{table: rows}), model)
    return [(problem.code, problem.pointer) for problem in caught.value.problems]


def test_what_a_class_itself_refuses_is_a_problem_of_the_document():
    rows = [
        {"id": "a", "name": " A ", "code": "ok"},
        {"id": "b", "name": "B", "code": "NO"},
        {"id": "c", "name": "C", "low": 2, "high": 1},
        {"id": "d", "name": 5, "code": "NO"},
    ]
    assert problems_of(rows) == [
        ("no-meaning", "/contracts/1/code"),
        ("no-meaning", "/contracts/2/high"),
        ("wrong-type", "/contracts/3/name"),
    ]
    model = from_data(document(contracts=rows[:1]), Embedded)
    assert model[Ref("contract", "a")].name == "A"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("not today"), "not today"),
        (TypeError("of the wrong sort"), "of the wrong sort"),
        (KeyError("missing"), "missing"),
        (ZeroDivisionError(), "ZeroDivisionError"),
        (AttributeError("no such thing"), "no such thing"),
    ],
)
def test_whatever_a_converter_raises_is_a_problem_of_the_document(error, message):
    def convert(value: str) -> str:
        if value == "bad":
            raise error
        return value

    @frozen(kw_only=True)
    class Fussy(Record):
        kind_name: ClassVar[str] = "fussy"
        table_name: ClassVar[str] = "fussies"
        it: str = field(default="", converter=convert)

    class Fuss(World):
        __slots__ = ()
        schema = Schema.of(Fussy)

    with pytest.raises(InvalidDocument, match=message) as caught:
        from_data(document(fussies=[{"id": "a"}, {"id": "b", "it": "bad"}]), Fuss)
    assert [(p.code, p.pointer) for p in caught.value.problems] == [("no-meaning", "/fussies/1")]


def test_two_ids_that_a_constructor_made_the_same_are_found():
    rows = [{"id": "a", "name": "A"}, {"id": "a", "name": "B"}]
    assert problems_of(rows) == [("duplicate-id", "/contracts/1/id")]


def test_a_class_with_a_constructor_of_its_own_is_made_by_it():
    @frozen(kw_only=True)
    class Shouting(Record):
        kind_name: ClassVar[str] = "shouting"
        table_name: ClassVar[str] = "shoutings"
        it: str = ""

        def __init__(self, *, id: str, it: str = "", extra=()) -> None:
            self.__attrs_init__(id=id, it=it.upper(), extra=dict(extra))

    class Shout(World):
        __slots__ = ()
        schema = Schema.of(Shouting)

    model = from_data(document(shoutings=[{"id": "a", "it": "hey"}]), Shout)
    assert model[Ref("shouting", "a")].it == "HEY"


def test_a_class_with_a_cached_hash_can_be_hashed_when_loaded():
    @attrs.frozen(kw_only=True, cache_hash=True)
    class Cached(Record):
        kind_name: ClassVar[str] = "cached"
        table_name: ClassVar[str] = "cacheds"

    class Cache(World):
        __slots__ = ()
        schema = Schema.of(Cached)

    (record,) = from_data(document(cacheds=[{"id": "a"}]), Cache)
    assert hash(record) == hash(Cached(id="a"))


def test_a_class_without_slots_is_loaded_too():
    @attrs.frozen(kw_only=True, slots=False)
    class Loose(Record):
        kind_name: ClassVar[str] = "loose"
        table_name: ClassVar[str] = "looses"
        tags: tuple[str, ...] = ()

    class Free(World):
        __slots__ = ()
        schema = Schema.of(Loose)

    model = Free.of(Loose(id="a", tags=("x",)), Loose(id="b"))
    assert exactly(loads(dumps(model), Free), model)


# -- the two ways of reading ----------------------------------------------------------------------------------------

JUNK = st.one_of(
    st.sampled_from([None, True, False, 0, 1, -1, 2**70, 1.5, "", "a", "A", "1", "1.0", "-1", "2026-02-30", "post:a"]),
    st.sampled_from(["2026-01-01", "2026-01-01T00:00:00Z", "PT1H", "cafe\u0301", "\u3000", "a\n", "\ud800", "open"]),
    st.sampled_from([[], {}, ["a"], ["a", "a"], {"a": 1}, {"task": "a"}, [{"task": "a"}], {"text": "x"}, [["a", 1]]]),
    st.sampled_from([10**5000, float("inf"), "x" * (ID_LENGTH + 1), {"a": {"a": 1, "b": [10**5000]}}]),
).map(deepcopy)  # what is drawn is spoilt further, and must be whole the next time


@st.composite
def mutated_rows(draw: st.DrawFn) -> tuple[str, list]:
    """Draw the rows of one table as `dumps` writes them, and then spoil some."""
    kind = draw(st.sampled_from(sorted(World.schema.kinds)))
    model = draw(worlds([kind]))
    table = World.schema.kinds[kind].table
    rows = json.loads(dumps(model)).get(table, [])
    names = [spec.name for spec in World.schema.kinds[kind].layout.fields]
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(rows)))
        if place == len(rows):
            rows.append(draw(st.one_of(JUNK, st.fixed_dictionaries({"id": st.sampled_from(IDS), "name": st.just("")}))))
        elif isinstance(rows[place], dict):
            act = draw(st.sampled_from(["set", "drop", "add", "copy"]))
            if act == "set":
                rows[place][draw(st.sampled_from(names))] = draw(JUNK)
            elif act == "drop" and rows[place]:
                del rows[place][draw(st.sampled_from(sorted(rows[place])))]
            elif act == "add":
                rows[place]["strange"] = draw(JUNK)
            else:
                rows.append(dict(rows[place]))
    return kind, rows


@settings(max_examples=100)
@given(mutated_rows())
def test_the_fast_way_and_the_slow_way_of_reading_agree(drawn):
    name, rows = drawn
    kind = World.schema.kinds[name]
    records, problems = _table_by_records(kind, rows, 100)
    try:
        table = _table_by_columns(kind, rows, 100)
    except Unclean:
        return  # it may always say so; the slow way then decides
    assert problems == []
    assert list(table) == records
    assert [repr(record) for record in table] == [repr(record) for record in records]
    for spec in kind.layout.fields:
        slow = [spec.get(record) for record in records]
        assert all(same(a, b) for a, b in zip(table.column(spec.name), slow, strict=True))


@settings(max_examples=40)
@given(mutated_rows())
def test_a_spoilt_document_is_refused_with_pointers_into_it_or_read(drawn):
    name, rows = drawn
    table = World.schema.kinds[name].table
    data = document(**{table: rows})
    try:
        model = from_data(data, World)
    except InvalidDocument as error:
        for problem in error.problems:
            steps = problem.pointer.split("/")[1:]
            assert steps[0] == table
            assert int(steps[1]) < len(rows)
        str(error).encode("utf-8")
    else:
        assert exactly(loads(dumps(model), World), model)


@settings(max_examples=30)
@given(worlds())
def test_what_was_dumped_takes_the_fast_way(model):
    data = json.loads(dumps(model))
    for table in model.tables:
        rows = data.get(table.kind.table, [])
        assert list(_table_by_columns(table.kind, rows, 1 << 20)) == list(table)


def test_loading_goes_the_slow_way_only_where_it_must(monkeypatch):
    slow: list[str] = []
    original = codec._table_by_records

    def spy(kind, *rest):
        slow.append(kind.name)
        return original(kind, *rest)

    monkeypatch.setattr(codec, "_table_by_records", spy)
    loads(dumps(world()), World)
    assert slow == []
    from_data(document(teams=[{"id": "\u3000", "name": ""}], posts=[]), World)  # unusual, and right
    assert slow == ["team"]


@pytest.mark.parametrize(
    ("value", "written"), [(Money(1, "EUR"), {"amount": "1", "currency": "EUR"}), (None, None)], ids=["given", "null"]
)
def test_optional_values_are_read(value, written):
    rows = [{"id": "a", "title": "A", "team": "t", "pay": written}]
    assert from_data(document(posts=rows), World).posts["a"].pay == value
