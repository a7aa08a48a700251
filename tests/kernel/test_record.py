from __future__ import annotations

import copy
import pickle
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import attrs
import pytest
from attrs import evolve, field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops.errors import InvalidRecord, InvalidSchema
from community_ops.kernel.frozenmap import EMPTY, FrozenMap
from community_ops.kernel.record import Record, Value, at_least, ref
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import Estimate, Money
from tests.kernel.kinds import MAKERS, Clause, Link, Post, Task, Team


def nested(depth: int) -> dict:
    value: dict = {}
    for _ in range(depth - 1):
        value = {"a": value}
    return value


def problems(caught: pytest.ExceptionInfo[InvalidRecord]) -> list[str]:
    return [name for name, _, _ in caught.value.problems]


# -- values ---------------------------------------------------------------------------------------------------------


def test_a_record_is_a_frozen_value_with_keywords_only():
    post = Post(id="ceo", title="Chief", team="hq")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        post.title = "Boss"
    with pytest.raises(AttributeError):
        post.other = 1
    with pytest.raises(TypeError):
        Post("ceo", "Chief", "hq")
    assert post == Post(id="ceo", title="Chief", team="hq")
    assert hash(post) == hash(Post(id="ceo", title="Chief", team="hq"))
    assert post != evolve(post, title="Boss")
    assert post.ref == Ref("post", "ceo")


def test_two_kinds_are_never_equal():
    @frozen(kw_only=True)
    class Seat(Post):
        pass

    assert Seat(id="a", title="A", team="t") != Post(id="a", title="A", team="t")


def test_what_is_left_out_has_its_default():
    task = Task(id="a")
    assert (task.name, task.also, task.clauses, task.extra) == ("", (), {}, EMPTY)
    assert task.extra is EMPTY


def test_values_are_stored_in_their_immutable_form():
    tags, lags = ["x"], {"b": Clause("second")}
    task = Task(id="cafe\u0301", links=[Link("a")], also=[Ref("team", "x")], clauses=lags, extra={"tags": tags})
    tags.append("y")
    lags["c"] = Clause("third")
    assert task.id == "caf\u00e9"
    assert task.links == (Link("a"),)
    assert task.clauses == {"b": Clause("second")}
    assert type(task.clauses) is type(task.extra) is FrozenMap
    assert task.extra == {"tags": ["x"]}
    hash(task)


def test_numbers_become_exact_where_the_class_says_so():
    assert Post(id="a", title="A", team="t", share=0.1).share == Decimal("0.1")
    assert Estimate(1, 2.5, "3").most_likely == Decimal("2.5")


@pytest.mark.parametrize(
    ("a", "b"),
    [({"n": 1}, {"n": True}), ({"n": 1}, {"n": 1.0}), ({"n": [0]}, {"n": [False]}), ({"n": 0.0}, {"n": -0.0})],
)
def test_records_that_differ_in_extra_as_json_does_differ(a, b):
    assert Team(id="a", name="A", extra=a) != Team(id="a", name="A", extra=b)


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=20)
@given(st.data())
def test_records_survive_copying(kind, data):
    record = data.draw(MAKERS[kind]("a"))
    for again in (copy.copy(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
        assert again == record
        assert hash(again) == hash(record)
        assert repr(again) == repr(record)


def test_evolving_checks_again():
    post = Post(id="a", title="A", team="t")
    assert evolve(post, seats=2).seats == 2
    with pytest.raises(InvalidRecord, match="seats must be at least 0, got -1"):
        evolve(post, seats=-1)


def test_is_shown_without_what_goes_without_saying():
    assert repr(Post(id="a", title="A", team="t")) == "Post(id='a', title='A', team='t')"
    assert repr(Team(id="a", name="", heads=["b"])) == "Team(id='a', name='', heads=('b',))"
    assert repr(Link("a", timedelta(days=1))) == "Link(task='a', lag=datetime.timedelta(days=1))"


def test_is_shown_with_a_default_that_is_written_differently():
    post = Post(id="a", title="A", team="t", share=Decimal("1.0"))
    assert repr(post) == "Post(id='a', title='A', team='t', share=Decimal('1.0'))"
    assert repr(Clause("x", weight="1.0")) == "Clause(text='x', weight=Decimal('1.0'))"
    assert repr(Task(id="a", weight=-0.0)) == "Task(id='a', weight=-0.0)"


def test_a_class_may_show_itself_in_its_own_way():
    @frozen(kw_only=True)
    class Loud(Post):
        def __repr__(self) -> str:
            return self.title.upper()

    @frozen(kw_only=True)
    class Louder(Loud):
        pass

    assert repr(Loud(id="a", title="boss", team="t")) == "BOSS"
    assert repr(Louder(id="a", title="boss", team="t")) == "Louder(id='a', title='boss', team='t')"


# -- what has no meaning --------------------------------------------------------------------------------------------

WRONG: dict[str, list[Any]] = {
    "name": [None, 5, b"x", ["x"], "\ud800"],
    "owner": [5, "", "a\x00b", ["a"], Ref("post", "a"), True],
    "about": ["team:a", ("team", "a"), 5],
    "also": [Ref("team", "a"), [None], ["team:a"], "team:a"],
    "links": [Link("a"), [("a", timedelta())], [{"task": "a"}], None],
    "clause": [Link("a"), "x", {}],
    "clauses": [None, [Clause("x")], {"a": Link("a")}, {1: Clause("x")}],
    "pair": [("a",), ("a", 1, 2), ("a", "1"), "a1", {"a": 1}],
    "done": [None, 0, 1, "true"],
    "effort": [1.0, True, "1", Decimal(1), 10**5000],
    "weight": [None, True, "1", Decimal(1), float("nan"), float("inf"), 10**400],
    "cost": [1, 1.0, "1", Decimal("NaN"), Decimal("Infinity"), Decimal("1E+99")],
    "due": [datetime(2026, 1, 1), "2026-01-01", 20260101],
    "at": [date(2026, 1, 1), datetime(2026, 1, 1), "2026-01-01T00:00:00Z", 0],
    "spent": [5, "PT1H", 1.5],
    "state": [None, "ajar", 5, ["open"]],
    "estimate": [5, (1, 2, 3), Money(1, "EUR")],
    "period": [("2026-01-01", None), date(2026, 1, 1)],
    "labels": [None, {"a": 1}, {1: "a"}, [("a", "b")], {"a": "\ud800"}],
    "extra": [None, [], "x", {"a": {1, 2}}, {1: 2}, {"a": float("nan")}, {"\ud800": 1}, nested(65), nested(5_000)],
}


def test_every_field_of_the_widest_kind_has_wrong_values_here():
    assert set(WRONG) == {attribute.name for attribute in attrs.fields(Task)} - {"id"}


@pytest.mark.parametrize(
    ("name", "place"), [(name, place) for name, values in WRONG.items() for place in range(len(values))]
)
def test_wrong_values_are_refused_wherever_a_type_stands(name, place):
    value = WRONG[name][place]
    with pytest.raises(InvalidRecord) as caught:
        Task(**{"id": "a", name: value})
    assert (caught.value.kind, caught.value.id) == ("task", "a")
    assert caught.value.field.split(".")[0] == name
    assert caught.value.value is value


@pytest.mark.parametrize(
    "id", [None, 5, "", "a\x00", "a\nb", "\u202ea", "\ud800", "x" * 201, ["a"], b"a", Ref("task", "a")]
)
def test_a_wrong_id_is_refused(id):
    with pytest.raises(InvalidRecord) as caught:
        Task(id=id)
    assert caught.value.field == "id"
    assert caught.value.id == (id if isinstance(id, str) else None)


def test_all_problems_come_together_with_their_places():
    with pytest.raises(InvalidRecord) as caught:
        Task(
            id="",
            owner=5,
            links=[Link("a"), "b", None],
            clauses={"a": 1, "b": Clause("fine"), "c": 2},
            pair=(1, "1"),
            extra={"a": {"b": [1, {2}]}, "c": float("nan")},
        )
    assert problems(caught) == [
        *["id", "owner", "links.1", "links.2", "clauses.a", "clauses.c", "pair.0", "pair.1", "extra.a.b.1", "extra.c"]
    ]


def test_a_million_bits_do_not_stop_the_complaint():
    with pytest.raises(InvalidRecord, match="a number of 1000001 bits"):
        Task(id="a", effort=2**1_000_000)


def test_extra_holds_64_levels():
    assert Task(id="a", extra=nested(64)).extra == nested(64)


# -- declaring ------------------------------------------------------------------------------------------------------


@frozen
class Span(Value):
    low: int
    high: int

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if self.low > self.high:
            yield "high", f"must be at least low, got {self.high}"


@frozen(kw_only=True)
class Offer(Record):
    kind_name: ClassVar[str] = "offer"
    table_name: ClassVar[str] = "offers"

    name: str = field(converter=lambda text: text.strip() if isinstance(text, str) else text)
    price: int = field(default=1, metadata=at_least(0))
    span: Span | None = None
    deputy: str | None = field(default=None, metadata=ref("post", "stood in for by"))

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if not self.name:
            yield "name", "must say something"
        if self.price == 13:
            yield "price.deep.down", "brings bad luck"


def test_a_class_may_say_what_has_no_meaning():
    assert Span(1, 1).high == 1
    with pytest.raises(InvalidRecord, match="Span: high must be at least low, got 0") as caught:
        Span(1, 0)
    assert (caught.value.field, caught.value.value) == ("high", 0)


def test_meaning_is_asked_only_of_right_types():
    with pytest.raises(InvalidRecord, match="low must be a whole number"):
        Span("1", 0)


def test_converters_come_first_and_complaints_about_meaning_come_together():
    assert Offer(id="a", name="  x ").name == "x"
    with pytest.raises(InvalidRecord) as caught:
        Offer(id="a", name="  ", price=13)
    assert [(name, value) for name, value, _ in caught.value.problems] == [("name", ""), ("price.deep.down", None)]


def test_validators_of_attrs_speak_for_themselves():
    @frozen(kw_only=True)
    class Strict(Offer):
        code: str = field(default="x", validator=attrs.validators.matches_re("[a-z]+"))

    assert Strict(id="a", name="n", code="abc").code == "abc"
    with pytest.raises(ValueError, match="must match regex"):
        Strict(id="a", name="n", code="123")


def test_a_class_without_slots_checks_and_stores_alike():
    @attrs.frozen(kw_only=True, slots=False)
    class Loose(Offer):
        tags: tuple[str, ...] = ()

    loose = Loose(id="cafe\u0301", name="n", tags=["a"])
    assert (loose.id, loose.tags) == ("caf\u00e9", ("a",))
    with pytest.raises(InvalidRecord):
        Loose(id="a", name="n", tags=[5])


def test_a_record_class_that_forgot_its_decorator_says_so_when_used():
    class Forgotten(Offer):
        pass

    with pytest.raises(InvalidSchema, match="Forgotten must be decorated"):
        Forgotten(id="a", name="n")


def test_reference_metadata_keeps_its_words():
    (reference,) = [meta["reference"] for meta in ref("post", "owned by", acyclic=True, inverse="owns").values()]
    assert (reference.kind, reference.label, reference.acyclic, reference.inverse) == ("post", "owned by", True, "owns")
