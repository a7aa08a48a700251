"""JSON Schema (2020-12) of a model's documents, from the declarations of its kinds.

A document that `dumps` writes is valid by it. A valid document is one that `loads` reads, save for what no schema can
say:

- of the document: ids that stand twice in a table, keys that stand twice in an object, nesting and texts beyond the
  reader's limits, text that is no Unicode (lone surrogates);
- of numbers: JSON Schema takes `1.0` for an integer, also in `version`; whole numbers of more than 14,000 bits, numbers
  too large for a double, decimals of more than 60 digits with their places, decimals under a least value other than 0;
- of time: dates that do not exist, such as 2026-02-29, and durations longer than a `timedelta` can be;
- of ids: those that only become longer than 200 characters, or only then fit, when brought into normal form C;
- what a class checks or converts in code and does not say in its `json_hints`.

Only documents of today's version are described; `loads` also reads older ones.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from community_ops.kernel.declaration import Kind
from community_ops.kernel.envelope import FORMAT, VERSION, envelope
from community_ops.kernel.layout import FieldSpec, Layout, Reference
from community_ops.kernel.model import Model
from community_ops.kernel.schema import Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ENTRY = re.compile(r" {4}(\w+): (.+)")


def json_schema(of: type[Model] | Schema) -> dict[str, Any]:
    """Return the JSON Schema of the documents of a model, as plain data.

    References carry the keyword `x-reference`: the kind they lead to - none where it may be any - and the relation in
    words.

    Args:
        of: the class of model, or a schema.

    Example:
        >>> from community_ops import OperatingModel
        >>> schema = json_schema(OperatingModel)
        >>> schema["$id"], schema["properties"]["units"]["items"]
        ('urn:community-ops:document:2:OperatingModel', {'$ref': '#/$defs/unit'})
        >>> schema["$defs"]["position"]["properties"]["reports_to"]["x-reference"]["kind"]
        'position'
    """
    kinds, head, names = (of, envelope(Model), []) if isinstance(of, Schema) else _said_of(of)
    book = Definitions(kinds)
    tables = {kind.table: {"type": "array", "items": {"$ref": book.of(kind.layout)}} for kind in kinds.kinds.values()}
    return {
        "$schema": DIALECT,
        "$id": ":".join([f"urn:{FORMAT}:document:{VERSION}", *names]),
        "title": f"A document of {FORMAT}, version {VERSION}",
        "type": "object",
        "properties": {**{key: {"const": value} for key, value in head.items()}, **tables},
        "required": list(head),
        "additionalProperties": False,
        "$defs": book.written(),
    }


def schema_text(of: type[Model] | Schema) -> str:
    """Return the JSON Schema of a model's documents as text, as the file that comes with the library has it."""
    return json.dumps(json_schema(of), indent=1) + "\n"


def _said_of(model: type[Model]) -> tuple[Schema, dict[str, Any], list[str]]:
    own = [str(len(model.migrations) + 1)] if model.migrations else []
    return model.schema, envelope(model), [quote(model.__name__), *own]


class Definitions:
    """The definitions of a JSON Schema: every kind, and every value class that they lead to, under a name each."""

    def __init__(self, schema: Schema) -> None:
        self._kinds: dict[Layout, Kind] = {kind.layout: kind for kind in schema.kinds.values()}
        self._names: dict[Layout, str] = {kind.layout: kind.name for kind in schema.kinds.values()}

    def of(self, layout: Layout) -> str:
        """Return the pointer to the definition of a class; two classes of one name are told apart by a number."""
        if layout not in self._names:
            name, number = layout.cls.__name__, 1
            while name in self._names.values():
                number += 1
                name = f"{layout.cls.__name__}-{number}"
            self._names[layout] = name
        return f"#/$defs/{quote(self._names[layout])}"

    def written(self) -> dict[str, Any]:
        """Return all definitions; writing one may name others."""
        done: dict[str, Any] = {}
        while len(done) < len(self._names):
            for layout, name in list(self._names.items()):
                if name not in done:
                    done[name] = self._definition(layout)
        return done

    @property
    def layouts(self) -> Mapping[str, Layout]:
        """The classes that have a definition so far, by its name: the kinds first."""
        return {name: layout for layout, name in self._names.items()}

    def _definition(self, layout: Layout) -> dict[str, Any]:
        said = field_texts(layout.cls)
        hints: Mapping[str, Mapping[str, Any]] = getattr(layout.cls, "json_hints", {})
        properties = {
            spec.name: {**self._field(spec), **hints.get(spec.name, {}), **_note("description", said.get(spec.name))}
            for spec in layout.fields
        }
        return {
            **_note("description", inspect.cleandoc(layout.cls.__doc__ or "").partition("\n\n")[0]),
            "type": "object",
            "properties": properties,
            "required": [spec.name for spec in layout.fields if spec.required],
            "additionalProperties": False,
        }

    def _field(self, spec: FieldSpec) -> dict[str, Any]:
        default = {} if spec.required else {"default": spec.shape.write(spec.default)}
        reference = {} if spec.reference is None else {"x-reference": _reference(spec.reference)}
        return {**spec.shape.json_schema(self.of), **reference, **default}


def _reference(reference: Reference) -> dict[str, Any]:
    return {
        **_note("kind", reference.kind),
        "label": reference.label,
        **_note("inverse", reference.inverse),
        **({"acyclic": True} if reference.acyclic else {}),
        **({"historic": True} if reference.historic else {}),
    }


def _note(key: str, text: str | None) -> dict[str, str]:
    return {key: text} if text else {}


def field_texts(cls: type) -> dict[str, str]:
    """Return what the docstrings of a class and its bases say of its fields, in a section Attributes or Args."""
    return {name: text for base in reversed(cls.__mro__) for name, text in _own_texts(base).items()}


def _own_texts(cls: type) -> dict[str, str]:
    found: dict[str, str] = {}
    inside, name = False, ""
    for line in inspect.cleandoc(cls.__dict__.get("__doc__") or "").splitlines():
        if line[:1].strip():  # not indented: a section begins, or the text goes on
            inside, name = line in ("Args:", "Attributes:"), ""
        elif inside and (entry := _ENTRY.fullmatch(line)):
            name = entry[1]
            found[name] = entry[2]
        elif name and line:
            found[name] += " " + line.strip()
    return found
