"""From shapes to strategies: one function a `Shape` class, so that whatever can be declared can be drawn.

There are two sorts. A *free* value is anything its field can hold; its references point anywhere. A *draft* is what a
record of a model is made from: plausible, small, and with a number in place of every reference, which `resolving.py`
turns into the id of a record that exists. Drafts know nothing of one another. That lets Hypothesis drop and simplify
each by itself, which is what makes failures shrink to few and simple records.

Nothing here filters; see `made` for the one exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, singledispatch
from typing import Any

from attrs import frozen
from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from community_ops.errors import InvalidRecord
from community_ops.kernel import containers, shapes, written
from community_ops.kernel.declaration import FieldSpec, Layout, layout_of
from community_ops.kernel.ref import Ref
from community_ops.strategies import meanings, scalars, texts
from community_ops.strategies.scalars import below

Anything = SearchStrategy[Any]
POINTERS = 64
"""How many numbers stand for references in drafts."""
_ITEMS = 4


@frozen
class Sort:
    """What sort of values to draw.

    Attributes:
        draft: whether they are drafts, rather than free values.
        kinds: for free values, the names of the kinds that a reference to any kind may name.
    """

    draft: bool
    kinds: tuple[str, ...] = ()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # Hypothesis shows strategies by what made them, and attrs classes by all their fields.
        printer.text("DRAFT" if self.draft else "FREE")


DRAFT = Sort(draft=True)


@singledispatch
def strategy_for(shape: shapes.Shape, sort: Sort) -> Anything:
    """Return a strategy for values of a shape.

    Raises:
        NotImplementedError: nothing is registered for this class of shapes.
    """
    raise NotImplementedError(f"no strategy for {type(shape).__name__}; register one with strategy_for.register")


@strategy_for.register
def _(shape: shapes.Text, sort: Sort) -> Anything:
    return texts.names() if sort.draft else texts.texts()


@strategy_for.register
def _(shape: shapes.Id, sort: Sort) -> Anything:
    return below(POINTERS) if sort.draft and shape.has_references else texts.ids()


@strategy_for.register
def _(shape: shapes.AnyRef, sort: Sort) -> Anything:
    if sort.draft:
        return below(POINTERS)
    return st.tuples(st.sampled_from(sort.kinds), texts.ids()).map(lambda parts: Ref(*parts))


@strategy_for.register
def _(shape: shapes.Choice, sort: Sort) -> Anything:
    return st.sampled_from(shape.words)


@strategy_for.register
def _(shape: shapes.Boolean, sort: Sort) -> Anything:
    return st.booleans()


@strategy_for.register
def _(shape: shapes.Integer, sort: Sort) -> Anything:
    return scalars.integers(shape.minimum, sort.draft)


@strategy_for.register
def _(shape: shapes.Number, sort: Sort) -> Anything:
    return scalars.numbers(shape.minimum, sort.draft)


@strategy_for.register
def _(shape: written.DecimalNumber, sort: Sort) -> Anything:
    return scalars.decimals(shape.minimum, sort.draft)


@strategy_for.register
def _(shape: written.Day, sort: Sort) -> Anything:
    return scalars.days(sort.draft)


@strategy_for.register
def _(shape: written.Instant, sort: Sort) -> Anything:
    return scalars.instants(sort.draft)


@strategy_for.register
def _(shape: written.DayOrInstant, sort: Sort) -> Anything:
    return st.one_of(scalars.days(sort.draft), scalars.instants(sort.draft))


@strategy_for.register
def _(shape: written.Duration, sort: Sort) -> Anything:
    return scalars.durations(sort.draft)


@strategy_for.register
def _(shape: containers.Json, sort: Sort) -> Anything:
    return scalars.json_objects(sort.draft)


@strategy_for.register
def _(shape: containers.Optional, sort: Sort) -> Anything:
    return st.none() | strategy_for(shape.inner, sort)


@strategy_for.register
def _(shape: containers.Many, sort: Sort) -> Anything:
    return st.lists(strategy_for(shape.item, sort), max_size=_ITEMS).map(tuple)


@strategy_for.register
def _(shape: containers.Fixed, sort: Sort) -> Anything:
    return st.tuples(*(strategy_for(item, sort) for item in shape.items))


@strategy_for.register
def _(shape: containers.Mapped, sort: Sort) -> Anything:
    keys = texts.names() if sort.draft else texts.texts()
    return st.dictionaries(keys, strategy_for(shape.item, sort), max_size=_ITEMS)


@strategy_for.register
def _(shape: containers.Nested, sort: Sort) -> Anything:
    return instances(shape.layout.cls, sort)


# -- objects ---------------------------------------------------------------------------------------------------


@st.composite
def instances(draw: DrawFn, cls: type, sort: Sort) -> Any:
    """Draw objects of a declared class; a draft of a value that holds references is a dict of drafts."""
    own = meanings.whole_value(cls, sort.draft)
    if own is not None:
        return draw(own)
    layout, must, may, as_dict = _compiled(cls, sort)
    given = {name: draw(strategy) for name, strategy in must}
    given.update({name: draw(strategy) for name, strategy in may if draw(below(2))})
    return given if as_dict else made(layout, given)


@cache
def _compiled(cls: type, sort: Sort) -> tuple[Layout, list[tuple[str, Anything]], list[tuple[str, Anything]], bool]:
    layout = layout_of(cls)
    strategies = [(spec, given_strategy(cls, spec, sort)) for spec in layout.fields]
    optional = {spec.name for spec in layout.fields if (may_default(spec) if sort.draft else not spec.required)}
    must = [(spec.name, strategy) for spec, strategy in strategies if spec.name not in optional]
    may = [(spec.name, strategy) for spec, strategy in strategies if spec.name in optional]
    return layout, must, may, sort.draft and containers.Nested(layout).has_references


def given_strategy(cls: type, spec: FieldSpec, sort: Sort) -> Anything:
    """Return a strategy for a field that is given, and so for anything but the None it has when left out."""
    meant = meanings.field_meaning(cls, spec.name)
    if meant is not None:
        return meant
    if isinstance(spec.shape, containers.Optional) and spec.default is None:
        return strategy_for(spec.shape.inner, sort)
    return strategy_for(spec.shape, sort)


def may_default(spec: FieldSpec) -> bool:
    """Tell whether a field can be left out; a default that itself points somewhere may point at nothing."""
    return not spec.required and not any(True for _ in spec.shape.references(spec.default))


def made(layout: Layout, given: Mapping[str, Any]) -> Any:
    """Return the object with these values; an example is given up where the class's own checks refuse it.

    What the declaration says is met by construction. What a class adds in code - a validator, a `__meaning__` - nobody
    can read off, so only there is an example thrown away.
    """
    try:
        return layout.cls(**meanings.mended(layout.cls, given))
    except InvalidRecord:
        if not layout.adjusted:
            raise
        reject()
