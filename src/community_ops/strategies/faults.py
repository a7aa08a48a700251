"""`violating`: strategies for models that break a given rule, made from the rule's own examples."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from community_ops.kernel.declaration import layout_of
from community_ops.kernel.ref import Ref
from community_ops.operating_model import OperatingModel
from community_ops.strategies.population import models

if TYPE_CHECKING:
    from collections.abc import Iterable

    from community_ops.kernel.record import Record
    from community_ops.validation.rule import Example

M = TypeVar("M", bound=OperatingModel)


@overload
def violating(code: str, *, max_size: int = ..., dated: Literal[False] = False) -> SearchStrategy[OperatingModel]: ...
@overload
def violating(
    code: str, *, max_size: int = ..., dated: Literal[True]
) -> SearchStrategy[tuple[OperatingModel, date | None]]: ...
@overload
def violating(
    code: str, model: type[M], max_size: int = ..., *, dated: Literal[False] = False
) -> SearchStrategy[M]: ...
@overload
def violating(
    code: str, model: type[M], max_size: int = ..., *, dated: Literal[True]
) -> SearchStrategy[tuple[M, date | None]]: ...
def violating(
    code: str, model: type[OperatingModel] = OperatingModel, max_size: int = 10, *, dated: bool = False
) -> SearchStrategy[Any]:
    """Return a strategy for models that break a rule, whatever else may be wrong with them.

    One of the examples that stand beside the rule is grafted, under fresh ids, into a model drawn from `models`.

    Args:
        code: the rule's code.
        model: the class of model, which names the rules and the schema.
        max_size: the most records it may have besides those of the example.
        dated: whether to return pairs of the model and the date to check it at, which is None where the rule fires
            without one. Some rules judge nothing without a date.

    Raises:
        LookupError: the model has no such rule.

    Example:
        >>> from hypothesis import given
        >>> @given(violating("ORG101"))
        ... def a_reporting_cycle_is_found(model):
        ...     assert "ORG101" in {finding.code for finding in model.check().findings}
        >>> a_reporting_cycle_is_found()
    """
    examples = tuple(model.rules().rule(code).fire_examples)
    pairs = _violating(model, max_size, examples)
    return pairs if dated else pairs.map(lambda pair: pair[0])


@st.composite
def _violating(draw: DrawFn, model: type[M], max_size: int, examples: tuple[Example, ...]) -> tuple[M, date | None]:
    example = examples[draw(st.integers(0, len(examples) - 1))]
    around = draw(models(model, max_size))
    broken = example.model(model)
    grafted = fresh(broken, around)
    made = draw(st.builds(model, st.just((*around, *grafted))))
    kept = broken.provenance  # some rules look at what was kept of the document
    held = {new.ref: kept.fields[old.ref] for old, new in zip(broken, grafted, strict=True) if old.ref in kept.fields}
    return type(made)._of_tables(made._tables, provenance=evolve(kept, fields=held)), example.at


def fresh(records: Iterable[Record], around: Iterable[Record]) -> list[Record]:
    """Return records under ids, and pointing at ids, that nothing around them bears or points at.

    The ids get a tail rather than a head: rules look at how ids begin, as at leading zeros.
    """
    records = list(records)
    named, taken = _named(records), _named(around)
    tails = (f"-{number}" for number in count(1))
    tail = next(tail for tail in tails if taken.isdisjoint({Ref(ref.kind, ref.id + tail) for ref in named}))
    rewritten = [layout_of(type(r)).rewrite(r, lambda ref: Ref(ref.kind, ref.id + tail)) for r in records]
    return [evolve(record, id=record.id + tail) for record in rewritten]


def _named(records: Iterable[Record]) -> set[Ref]:
    found = set()
    for record in records:
        found.add(record.ref)
        for spec in layout_of(type(record)).fields:
            found.update(target for _, target, _ in spec.shape.references(spec.get(record)))
    return found
