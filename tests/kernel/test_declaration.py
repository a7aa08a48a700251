from __future__ import annotations

import typing
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Optional

import attrs
import pytest
from attrs import field, frozen

from community_ops.errors import InvalidRecord, InvalidSchema
from community_ops.kernel import containers, shapes, written
from community_ops.kernel.declaration import compile_shape, kind_of, layout_of
from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least, ref
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import Money
from tests.kernel.kinds import Clause, Link, Post, Task, Team


class Named(Record):
    """What the declarations below have in common; not decorated, so no kind of its own."""

    kind_name: ClassVar[str] = "thing"
    table_name: ClassVar[str] = "things"


def declared(annotation: Any = str, /, **options: Any) -> type[Record]:
    """Return a kind with one field called `it`."""
    body = {"__annotations__": {"it": annotation}, "it": field(**options), "__module__": __name__}
    return frozen(kw_only=True)(type("Thing", (Named,), body))


# -- annotations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotation", "shape"),
    [
        (str, shapes.Text()),
        (int, shapes.Integer()),
        (float, shapes.Number()),
        (bool, shapes.Boolean()),
        (Decimal, written.DecimalNumber()),
        (date, written.Day()),
        (datetime, written.Instant()),
        (Ref, shapes.AnyRef()),
        (Literal["a", "b"], shapes.Choice(("a", "b"))),
        (str | None, containers.Optional(shapes.Text())),
        (Optional[str], containers.Optional(shapes.Text())),  # noqa: UP045 - the older spelling
        (None | str, containers.Optional(shapes.Text())),
        (tuple[str, ...], containers.Many(shapes.Text())),
        (tuple[str, int], containers.Fixed((shapes.Text(), shapes.Integer()))),
        (tuple[()], containers.Fixed(())),
        (Mapping[str, int], containers.Mapped(shapes.Integer())),
        (dict[str, int], containers.Mapped(shapes.Integer())),
        (Mapping[str, Any], containers.Json()),
        (tuple[str | None, ...], containers.Many(containers.Optional(shapes.Text()))),
        (Annotated[str, "with a note"], shapes.Text()),
        ("str | None", containers.Optional(shapes.Text())),
    ],
    ids=str,
)
def test_annotations_become_shapes(annotation, shape):
    assert layout_of(declared(annotation)).by_name["it"].shape == shape


@pytest.mark.parametrize(
    "annotation",
    [
        *[Any, object, list, list[str], set[str], frozenset[str], tuple, bytes, complex, type, None, Exception],
        *[str | int, str | int | None, int | str, Literal[1, 2], Literal["a", None], typing.Callable],
        *[Mapping, Mapping[int, str], dict[bytes, str], typing.Mapping, Counter[str], typing.NewType("N", str)],
        *[typing.TypeVar("T"), tuple[str, list], Mapping[str, object], "dict[int, str]", Record, Post, Clause | Link],
    ],
    ids=str,
)
def test_annotations_without_a_json_form_are_refused_by_field(annotation):
    with pytest.raises(InvalidSchema, match=r"^Thing\.it: "):
        layout_of(declared(annotation))


@pytest.mark.parametrize("annotation", ["Missing", "typing.Missing", "str |", "[int]", "tuple['Missing', ...]"])
def test_an_annotation_that_means_nothing_at_run_time_is_refused(annotation):
    with pytest.raises(InvalidSchema, match="Thing"):
        layout_of(declared(annotation))


def test_a_name_that_only_type_checkers_know_is_told_so():
    with pytest.raises(InvalidSchema, match="means nothing at run time: name 'Elsewhere' is not defined"):
        layout_of(declared("Elsewhere"))


def test_a_field_without_an_annotation_is_refused():
    cls = attrs.make_class("Thing", {"it": field()}, bases=(Named,), frozen=True, kw_only=True)
    with pytest.raises(InvalidSchema, match=r"Thing\.it"):
        layout_of(cls)


@frozen
class Leaf(Value):
    to: tuple[Later, ...] = ()


@frozen
class Later(Value):
    task: str = field(metadata=ref("task", "after"))


@frozen
class Chain(Value):
    next: Chain | None = None


@frozen
class Ping(Value):
    pong: tuple[Pong, ...] = ()


@frozen
class Pong(Value):
    ping: Ping | None = None


def test_a_class_may_name_one_that_is_defined_later():
    assert layout_of(Leaf).by_name["to"].shape == containers.Many(containers.Nested(layout_of(Later)))


@pytest.mark.parametrize("cls", [Chain, Ping, Pong])
def test_a_value_that_contains_itself_is_refused(cls):
    for _ in range(2):  # and leaves nothing behind
        with pytest.raises(InvalidSchema, match="contains itself"):
            layout_of(cls)


# -- metadata -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotation", "metadata", "complaint"),
    [
        (int, ref("unit", "in"), "annotated str"),
        (Mapping[str, Any], ref("unit", "in"), "annotated str"),
        (Literal["a"], ref("unit", "in"), "annotated str"),
        (str, ref(None, "about"), "annotated Ref, not str"),
        (Ref, ref("unit", "in"), "annotated str, not Ref"),
        (tuple[Ref, ...], ref("unit", "in"), "annotated str, not Ref"),
        (Link, ref("task", "after"), "on the field of Link"),
        (tuple[Link, ...], ref("task", "after"), "on the field of Link"),
        (str, at_least(0), "least value"),
        (date, at_least(0), "least value"),
    ],
)
def test_metadata_that_does_not_fit_its_annotation_is_refused(annotation, metadata, complaint):
    with pytest.raises(InvalidSchema, match=complaint):
        kind_of(declared(annotation, metadata=metadata))


def test_a_minimum_reaches_the_numbers_inside_a_container():
    layout = layout_of(declared(tuple[Decimal, ...], metadata=at_least(1)))
    assert layout.by_name["it"].shape == containers.Many(written.DecimalNumber(Decimal(1)))


def test_metadata_of_others_is_left_alone():
    assert layout_of(declared(str, metadata={"theirs": 1})).by_name["it"].shape == shapes.Text()


# -- defaults -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotation", "default"),
    [(str, 5), (int, 1.0), (int, True), (bool, 0), (Literal["a"], "b"), (date, "2026-01-01"), (str, None)],
)
def test_a_default_that_its_field_cannot_hold_is_refused(annotation, default):
    with pytest.raises(InvalidSchema, match=r"Thing\.it: its default"):
        layout_of(declared(annotation, default=default))


def test_a_default_below_the_minimum_is_refused():
    with pytest.raises(InvalidSchema, match="its default must be at least 1"):
        layout_of(declared(int, default=0, metadata=at_least(1)))


def test_a_default_is_kept_in_its_stored_form():
    layout = layout_of(declared(tuple[str, ...], factory=list))
    assert layout.by_name["it"].default == ()
    assert not layout.by_name["it"].required
    exactly = layout_of(declared(Decimal, default=1, converter=exact))
    assert exactly.by_name["it"].default == Decimal(1)
    assert layout_of(declared(str)).by_name["it"].required


def test_a_default_that_depends_on_other_fields_is_refused():
    cls = declared(str, default=attrs.Factory(lambda self: self.id, takes_self=True))
    with pytest.raises(InvalidSchema, match="may not depend on the other fields"):
        layout_of(cls)


# -- classes --------------------------------------------------------------------------------------------------------


def test_an_undecorated_class_is_told_what_is_missing():
    class Forgotten(Post):
        band: str = ""

    for make in (lambda: Forgotten(id="a", title="A", team="t"), lambda: kind_of(Forgotten), lambda: layout_of(int)):
        with pytest.raises(InvalidSchema, match="must be decorated with @frozen"):
            make()


def test_an_undecorated_value_is_told_what_is_missing():
    class Forgotten(Link):
        pass

    with pytest.raises(InvalidSchema, match=r"Thing\.it: Forgotten must be decorated"):
        layout_of(declared(Forgotten))


@pytest.mark.parametrize("options", [{"init": False, "default": ""}, {"alias": "other"}])
def test_a_field_that_the_constructor_does_not_take_by_its_name_is_refused(options):
    with pytest.raises(InvalidSchema, match="constructor takes every field"):
        layout_of(declared(str, **options))


def test_a_private_field_is_refused():
    @frozen(kw_only=True)
    class Thing(Named):
        _secret: str = ""

    with pytest.raises(InvalidSchema, match=r"Thing\._secret"):
        layout_of(Thing)


@pytest.mark.parametrize("name", ["kind_name", "table_name"])
@pytest.mark.parametrize("value", [None, "", "Thing", "a thing", "ding\u00e9", "_thing", "1thing", "thing-a", 5])
def test_kinds_and_tables_have_lower_case_names(name, value):
    cls = frozen(kw_only=True)(type("Thing", (Named,), {name: value}))
    with pytest.raises(InvalidSchema, match=f"Thing must set {name}"):
        kind_of(cls)


def test_a_kind_without_names_is_refused():
    @frozen(kw_only=True)
    class Nameless(Record):
        title: str = ""

    with pytest.raises(InvalidSchema, match="Nameless must set kind_name"):
        kind_of(Nameless)


def test_a_name_that_attrs_took_for_a_field_is_refused():
    @frozen(kw_only=True)
    class Thing(Named):
        kind_name: str = "thing"  # no ClassVar

    with pytest.raises(InvalidSchema, match="Thing must set kind_name"):
        kind_of(Thing)


@pytest.mark.parametrize("table", ["format", "version", "model_version"])
def test_a_table_cannot_have_the_name_of_a_key_that_every_document_has(table):
    cls = frozen(kw_only=True)(type("Thing", (Named,), {"table_name": table}))
    with pytest.raises(InvalidSchema, match=f"no table can be called '{table}'"):
        kind_of(cls)


@pytest.mark.parametrize(("annotation", "metadata"), [(int, {}), (str, ref("unit", "is")), (str | None, {})])
def test_the_id_of_a_record_is_text(annotation, metadata):
    body = {"__annotations__": {"id": annotation}, "id": field(metadata=metadata)}
    with pytest.raises(InvalidSchema, match=r"Thing\.id"):
        kind_of(frozen(kw_only=True)(type("Thing", (Named,), body)))


def test_a_value_may_have_an_id_of_any_shape():
    @frozen
    class Numbered(Value):
        id: int

    assert Numbered(5).id == 5
    assert layout_of(Numbered).by_name["id"].shape == shapes.Integer()


def test_no_field_hides_the_address_of_a_record():
    @frozen(kw_only=True)
    class Thing(Named):
        ref: str = ""

    with pytest.raises(InvalidSchema, match=r"Thing\.ref"):
        kind_of(Thing)


def test_a_label_field_is_a_field():
    cls = frozen(kw_only=True)(type("Thing", (Named,), {"label_field": "nick"}))
    with pytest.raises(InvalidSchema, match="label_field names 'nick'"):
        kind_of(cls)


def test_the_label_is_the_title_the_name_or_the_id_unless_the_class_says_otherwise():
    @frozen(kw_only=True)
    class Labelled(Named):
        label_field: ClassVar[str] = "nick"
        name: str = ""
        nick: str = ""

    assert kind_of(Post).label_field == "title"
    assert kind_of(Team).label_field == "name"
    assert kind_of(declared()).label_field == "id"
    assert kind_of(Labelled).label_field == "nick"


def test_a_layout_has_the_id_first_and_extra_last():
    names = [spec.name for spec in layout_of(Post).fields]
    assert (names[0], names[-1]) == ("id", "extra")
    assert names[1:-1] == ["title", "team", "boss", "seats", "share", "pay"]


def test_a_class_is_compiled_once():
    assert layout_of(Post) is layout_of(Post)
    assert kind_of(Post) is kind_of(Post)
    assert kind_of(Post).layout is layout_of(Post)


# -- own code -------------------------------------------------------------------------------------------------------


class Stretchy:
    """A mix-in with a constructor of its own."""

    __slots__ = ()

    def __init__(self) -> None:
        pass


def _own_init(self, *, id: str, it: str = "", extra: Any = None) -> None:
    self.__attrs_init__(id=id, it=it.upper(), extra=extra or {})


OWN_CODE = {
    "converter": lambda: declared(str, converter=str.strip),
    "validator": lambda: declared(str, validator=attrs.validators.min_len(1)),
    "meaning": lambda: frozen(kw_only=True)(type("Thing", (Named,), {"__meaning__": lambda self: ()})),
    "post init": lambda: frozen(kw_only=True)(
        type("Thing", (Named,), {"__attrs_post_init__": Record.__attrs_post_init__})
    ),
    "pre init": lambda: frozen(kw_only=True)(type("Thing", (Named,), {"__attrs_pre_init__": lambda self: None})),
    "own init": lambda: frozen(kw_only=True)(
        type("Thing", (Named,), {"__annotations__": {"it": str}, "it": field(default=""), "__init__": _own_init})
    ),
    "own new": lambda: frozen(kw_only=True)(
        type("Thing", (Named,), {"__new__": lambda cls, *args, **kwargs: object.__new__(cls)})
    ),
    "mix-in": lambda: frozen(kw_only=True)(type("Thing", (Named, Stretchy), {"__slots__": ()})),
    "cached hash": lambda: frozen(kw_only=True, cache_hash=True)(type("Thing", (Named,), {})),
}


@pytest.mark.parametrize("how", OWN_CODE)
def test_a_class_with_code_of_its_own_is_made_by_its_constructor_alone(how):
    assert layout_of(OWN_CODE[how]()).adjusted


@pytest.mark.parametrize(
    "make", [declared, lambda: declared(Decimal, converter=exact, default=Decimal(1)), lambda: Post, lambda: Task]
)
def test_a_plain_class_can_be_filled_in_faster(make):
    assert not layout_of(make()).adjusted


def test_a_cached_property_is_no_code_of_its_own():
    @frozen(kw_only=True)
    class Thing(Named):
        title: str

        @cached_property
        def loud(self) -> str:
            return self.title.upper()

    assert not layout_of(Thing).adjusted
    assert Thing(id="a", title="t").loud == "T"


# -- relations ------------------------------------------------------------------------------------------------------


def relations(cls: type) -> list[tuple[str, str, str | None]]:
    return [(relation.field, relation.name, relation.reference.kind) for relation in kind_of(cls).relations]


def test_relations_are_named_by_the_path_to_them():
    assert relations(Post) == [("team", "team", "team"), ("boss", "boss", "post")]
    assert relations(Task) == [
        ("owner", "owner", "post"),
        ("about", "about", None),
        ("also", "also", None),
        ("links", "links.task", "task"),
        ("clause", "clause.link.task", "task"),
        ("clauses", "clauses.link.task", "task"),
    ]
    assert [r.name for r in kind_of(Task).relations_of("links")] == ["links.task"]
    assert kind_of(Post).relations[1].reference.acyclic


@pytest.mark.parametrize(
    "annotation",
    [Ref, Ref | None, tuple[Ref, ...], tuple[Ref, str], Mapping[str, Ref], tuple[Ref | None, ...], tuple[Ref, Ref]],
    ids=str,
)
def test_a_ref_anywhere_in_a_field_is_a_relation_to_any_kind(annotation):
    assert relations(declared(annotation)) == [("it", "it", None)]
    assert kind_of(declared(annotation)).relations[0].reference.label == "it"


@frozen
class About(Value):
    what: Ref
    by: str = field(metadata=ref("post", "said by"))


@frozen
class Elsewhere_(Value):
    task: str = field(metadata=ref("post", "not the same as a link's"))


def test_values_inside_every_container_bring_their_relations():
    inside = [("it", "it.what", None), ("it", "it.by", "post")]
    for annotation in (About, About | None, tuple[About, ...], Mapping[str, About], tuple[About, int]):
        assert relations(declared(annotation)) == inside
    assert relations(declared(tuple[About, About])) == inside
    assert relations(declared(tuple[About, Ref])) == [*inside, ("it", "it", None)]


def test_two_relations_of_one_name_are_refused():
    with pytest.raises(InvalidSchema, match=r"two relations are called 'it\.task'"):
        kind_of(declared(tuple[Link, Elsewhere_]))


def test_references_in_a_fixed_place_are_declared_once():
    assert relations(declared(tuple[str, str], metadata=ref("post", "between"))) == [("it", "it", "post")]


def test_a_subclass_inherits_fields_and_relations():
    @frozen(kw_only=True)
    class Seat(Post):
        band: str = ""
        deputy: str | None = field(default=None, metadata=ref("post", "stood in for by"))

    assert relations(Seat) == [*relations(Post), ("deputy", "deputy", "post")]
    assert [spec.name for spec in layout_of(Seat).fields][-3:] == ["band", "deputy", "extra"]
    assert Seat(id="a", title="A", team="t", band="3").ref == Ref("post", "a")


def test_compiling_a_shape_needs_nothing_but_an_annotation():
    assert compile_shape(Money | None, {}) == containers.Optional(containers.Nested(layout_of(Money)))


def test_threads_that_compile_at_once_do_not_disturb_each_other():
    from concurrent.futures import ThreadPoolExecutor

    classes = [declared(tuple[Clause, ...]) for _ in range(20)]
    with ThreadPoolExecutor(8) as pool:
        layouts = list(pool.map(layout_of, classes * 4))
    assert all(layout is layout_of(layout.cls) for layout in layouts)


def test_a_definition_that_is_not_frozen_by_itself_is_frozen_by_its_base():
    @attrs.define(kw_only=True)
    class Thing(Named):
        title: str

    thing = Thing(id="a", title="A")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        thing.title = "B"
    with pytest.raises(InvalidRecord):
        Thing(id="a", title=5)


@frozen(kw_only=True)
class Milestone(Record):
    kind_name = "milestone"
    table_name = "milestones"
    due: date | datetime
    seen: datetime | date | None = None


def test_a_day_may_become_an_instant_where_the_hour_is_known():
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    by_day, by_hour = Milestone(id="a", due=date(2026, 3, 2)), Milestone(id="b", due=noon, seen=noon)
    assert (type(by_day.due), by_day.seen) == (date, None)
    assert (by_hour.due, by_hour.seen) == (noon, noon)
    layout = kind_of(Milestone).layout
    assert layout.write(by_hour) == {
        "id": "b",
        "due": "2026-03-02T12:00:00+00:00",
        "seen": "2026-03-02T12:00:00+00:00",
    }
    assert layout.read(layout.write(by_day)) == by_day
    assert layout.read(layout.write(by_hour)) == by_hour


@pytest.mark.parametrize("due", [datetime(2026, 3, 2, 12), "2026-03-02", None, 20260302])
def test_what_is_neither_a_day_nor_an_instant_is_refused(due):
    with pytest.raises(InvalidRecord, match="due"):
        Milestone(id="a", due=due)
