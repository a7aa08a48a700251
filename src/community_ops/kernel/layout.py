"""`Layout`: the fields of a declared class, and what is done with all of them at once - check, read, write, rewrite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from community_ops.errors import InvalidRecord
from community_ops.kernel import shapes
from community_ops.kernel.frozenmap import same
from community_ops.kernel.text import BadValue, shown, together

# What a class's own converters, validators and checks raise when they refuse a value.
REFUSALS = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError)


@attrs.frozen
class Reference:
    """What a field's metadata says of the reference it holds.

    Attributes:
        kind: the kind pointed at; None where the field holds a `Ref` to any kind.
        label: the relation in words, read from the holder to the target: "reports to".
        acyclic: whether following the relation must never lead back to the start.
        inverse: the relation in words, read from the target.
        checked_by: the code of a rule of its own that finds the relation's cycles, where the general one would not
            see all there is to it.
        historic: whether it tells of what was, so that what it points at may be gone.
    """

    kind: str | None
    label: str
    acyclic: bool = False
    inverse: str = ""
    checked_by: str = ""
    historic: bool = False


@attrs.frozen
class FieldSpec:
    """One field of a declared class.

    Attributes:
        name: the field's name, also its JSON key.
        shape: what it can hold.
        default: the value it has when left out; `attrs.NOTHING` where it must be given.
        reference: what it says of the references it holds, if any stand directly in it.
        get: reads the field from an object.
        set: writes it to an object under construction.
    """

    name: str
    shape: shapes.Shape
    default: Any
    reference: Reference | None
    get: Callable[[Any], Any] = attrs.field(eq=False, repr=False)
    set: Callable[[Any, Any], None] = attrs.field(eq=False, repr=False)

    @property
    def required(self) -> bool:
        """Whether the field must be given."""
        return self.default is attrs.NOTHING


@attrs.frozen(eq=False)
class Layout:
    """The fields of a declared class, `id` first and `extra` last."""

    cls: type
    fields: tuple[FieldSpec, ...]
    by_name: Mapping[str, FieldSpec] = attrs.field(repr=False)
    adjusted: bool
    """Whether the class has converters, validators or checks of its own, so that only its constructor makes it."""

    steps: tuple[tuple[str, Callable[[Any], Any], Callable[[Any, Any], None], Callable[[Any], Any], Any], ...] = (
        attrs.field(init=False, repr=False, default=attrs.Factory(lambda self: self._unrolled(), takes_self=True))
    )

    def _unrolled(self) -> Any:
        return tuple((spec.name, spec.get, spec.set, spec.shape.check, spec.default) for spec in self.fields)

    def check(self, instance: Any) -> None:
        """Check every field of an object under construction and store the values in their immutable form.

        Raises:
            InvalidRecord: naming all offending fields.
        """
        problems = []
        for name, get, put, check, default in self.steps:
            value = get(instance)
            if value is default:  # checked when the class was compiled
                continue
            try:
                clean = check(value)
            except BadValue as bad:
                problems += [(_dotted(name, part.path), value, str(part)) for part in bad.parts]
                continue
            if clean is not value:
                put(instance, clean)
        if not problems:
            problems = [(name, getattr(instance, name, None), text) for name, text in instance.__meaning__()]
        if problems:
            id = getattr(instance, "id", None)
            raise InvalidRecord(
                getattr(self.cls, "kind_name", self.cls.__name__), id if isinstance(id, str) else None, problems
            )

    def read(self, data: Any) -> Any:
        """Return the object that a JSON object stands for.

        Raises:
            BadValue: whose `parts` name everything that is wrong with it.
        """
        if not isinstance(data, dict):
            raise BadValue(f"must be an object, got {shown(data)}")
        strange = [key for key in data if key not in self.by_name]
        complaints = [BadValue(f"is not a field of {self.cls.__name__}", "unknown-key", (key,)) for key in strange]
        values = {}
        for spec in self.fields:
            if spec.name in data:
                try:
                    values[spec.name] = spec.shape.read(data[spec.name])
                except BadValue as bad:
                    complaints.append(bad.under(spec.name))
            elif spec.required:
                complaints.append(BadValue("is missing", "missing-key", (spec.name,)))
        if complaints:
            raise together(complaints)
        try:
            return self.cls(**values)
        except InvalidRecord as bad_record:
            raise together(
                [BadValue(text, "no-meaning", tuple(name.split("."))) for name, _, text in bad_record.problems]
            ) from None
        except REFUSALS as error:
            raise _refusal(error) from None

    def write(self, instance: Any) -> dict[str, Any]:
        """Return the JSON object of an object: its fields in order, those equal to their default left out."""
        data = {}
        for spec in self.fields:
            value = spec.get(instance)
            if value is not spec.default and (spec.required or not same(value, spec.default)):
                data[spec.name] = value if spec.shape.plain else spec.shape.write(value)
        return data

    def rewrite(self, instance: Any, change: shapes.Rewrite, **others: Any) -> Any:
        """Return the object with every reference in it, and the other fields given, changed all at once.

        Where nothing changes, it is the same object.
        """
        changed = others
        for spec in self.fields:
            if spec.shape.has_references:
                value = spec.get(instance)
                rewritten = spec.shape.rewrite(value, change)
                if rewritten is not value:
                    changed[spec.name] = rewritten
        return attrs.evolve(instance, **changed) if changed else instance


def _refusal(error: Exception) -> BadValue:
    said = str(error.args[0]) if error.args else type(error).__name__
    where = [part.name for part in error.args[1:] if isinstance(part, attrs.Attribute)]  # attrs' own validators say it
    return BadValue(f"is refused by the class's own check: {said}", "no-meaning", tuple(where[:1]))


def _dotted(name: str, path: tuple[str | int, ...]) -> str:
    return ".".join([name, *map(str, path)])
