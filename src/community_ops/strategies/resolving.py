"""From drafts to records: every number that stands for a reference becomes the id of a record that exists.

A number chooses among the records that the reference may point at. Where the declaration says *acyclic*, those are the
records of the kind further to the front, so that nothing can lead back; the simplest number means the one just before.
Where there is nothing to point at, the way out that the declaration leaves open is taken: None, the default, one item
fewer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import Any, Final

from attrs import field, frozen

from community_ops.kernel import containers, shapes
from community_ops.kernel.declaration import Layout, Reference
from community_ops.kernel.ref import Ref
from community_ops.strategies.shaping import made, may_default

NOTHING: Final = object()
"""What a draft resolves to when it cannot do without a record and there is none."""


@frozen(eq=False)
class Census:
    """The ids of all records that a model will have.

    Attributes:
        ids: by kind, in the order in which acyclic references point to the front.
        everyone: every record's address, kind by kind.
        starts: where in `everyone` each kind begins.
    """

    ids: Mapping[str, tuple[str, ...]]
    everyone: tuple[Ref, ...] = field(init=False)
    starts: Mapping[str, int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        everyone: list[Ref] = []
        starts = {}
        for kind, ids in self.ids.items():
            starts[kind] = len(everyone)
            everyone += [Ref(kind, id) for id in ids]
        object.__setattr__(self, "everyone", tuple(everyone))
        object.__setattr__(self, "starts", starts)


@frozen(eq=False)
class Standing:
    """A record's place in a census, from which it points at others.

    Attributes:
        census: all the records there are.
        kind: the record's kind.
        place: its place among the records of its kind.
    """

    census: Census
    kind: str
    place: int

    @property
    def id(self) -> str:
        """The record's own id."""
        return self.census.ids[self.kind][self.place]

    def to(self, reference: Reference, number: int) -> Ref | None:
        """Return the record that a number stands for; None where there is none to point at."""
        if reference.kind is None:
            mine = self.census.starts[self.kind] + self.place
            place = _place(number, mine if reference.acyclic else len(self.census.everyone), reference.acyclic)
            return None if place is None else self.census.everyone[place]
        ids = self.census.ids[reference.kind]
        earlier = reference.acyclic and reference.kind == self.kind
        place = _place(number, self.place if earlier else len(ids), earlier)
        return None if place is None else Ref(reference.kind, ids[place])


def _place(number: int, count: int, from_the_back: bool) -> int | None:
    if count == 0:
        return None
    return count - 1 - number % count if from_the_back else number % count


@singledispatch
def resolve(shape: shapes.Shape, draft: Any, declared: Reference | None, standing: Standing) -> Any:
    """Return the value that a draft stands for, or `NOTHING`.

    Args:
        shape: the shape of the value.
        draft: what the shape's strategy drew.
        declared: what the field says of the references in it.
        standing: from where they point.
    """
    return draft


@resolve.register
def _(shape: shapes.Id, draft: Any, declared: Reference | None, standing: Standing) -> Any:
    if not shape.has_references:
        return draft
    found = standing.to(reference_of(shape, declared), draft)
    return NOTHING if found is None else found.id


@resolve.register
def _(shape: shapes.AnyRef, draft: Any, declared: Reference | None, standing: Standing) -> Any:
    return standing.to(reference_of(shape, declared), draft) or NOTHING


@resolve.register
def _(shape: containers.Optional, draft: Any, declared: Reference | None, standing: Standing) -> Any:
    found = None if draft is None else resolve(shape.inner, draft, declared, standing)
    return None if found is NOTHING else found


@resolve.register
def _(shape: containers.Many, draft: Any, declared: Reference | None, standing: Standing) -> Any:
    if not shape.has_references:
        return draft
    items = [resolve(shape.item, item, declared, standing) for item in draft]
    return tuple(dict.fromkeys(item for item in items if item is not NOTHING))  # nobody heads a unit twice


@resolve.register
def _(shape: containers.Fixed, draft: Any, declared: Reference | None, standing: Standing) -> Any:
    items = [resolve(inner, item, declared, standing) for inner, item in zip(shape.items, draft, strict=True)]
    return NOTHING if any(item is NOTHING for item in items) else tuple(items)


@resolve.register
def _(shape: containers.Mapped, draft: Any, declared: Reference | None, standing: Standing) -> Any:
    items = {key: resolve(shape.item, item, declared, standing) for key, item in draft.items()}
    return {key: item for key, item in items.items() if item is not NOTHING}


@resolve.register
def _(shape: containers.Nested, draft: Any, declared: Reference | None, standing: Standing) -> Any:
    if not shape.has_references:
        return draft
    given = resolved(shape.layout, draft, standing)
    return NOTHING if given is None else made(shape.layout, given)


def resolved(layout: Layout, draft: Mapping[str, Any], standing: Standing) -> dict[str, Any] | None:
    """Return the values of an object's fields; None where one that it needs cannot be had."""
    given = {}
    for name, part in draft.items():
        spec = layout.by_name[name]
        value = resolve(spec.shape, part, spec.reference, standing)
        if value is not NOTHING:
            given[name] = value
        elif not may_default(spec):
            return None
    return given


# -- what cannot be had without a record to point at ---------------------------------------------------------------


def reference_of(shape: shapes.Id | shapes.AnyRef, declared: Reference | None) -> Reference:
    """Return what a reference points at; a `Ref` without a declaration may point anywhere."""
    if declared is not None:
        return declared
    return Reference(shape.target if isinstance(shape, shapes.Id) else None, "")


def needs(shape: shapes.Shape, declared: Reference | None) -> frozenset[Reference]:
    """Return the references without which no value of a shape can be had."""
    if isinstance(shape, (shapes.AnyRef, shapes.Id)) and shape.has_references:
        return frozenset([reference_of(shape, declared)])
    if isinstance(shape, containers.Fixed):
        return frozenset().union(*(needs(item, declared) for item in shape.items))
    return layout_needs(shape.layout) if isinstance(shape, containers.Nested) else frozenset()


def layout_needs(layout: Layout) -> frozenset[Reference]:
    """Return the references without which no object of a layout can be had."""
    return frozenset().union(*(needs(spec.shape, spec.reference) for spec in layout.fields if not may_default(spec)))
