"""All kinds of a schema as a Markdown page, generated from their declarations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from community_ops.kernel.declaration import Kind, Relation
from community_ops.kernel.envelope import envelope
from community_ops.kernel.json_schema import Definitions
from community_ops.kernel.layout import FieldSpec, Layout
from community_ops.kernel.model import Model
from community_ops.kernel.schema import Schema
from community_ops.validation.wording import Language
from community_ops.view.markdown import bullets, json_block, link, table
from community_ops.view.samples import sample_row
from community_ops.view.type_words import type_words

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("Record catalogue", "记录目录"),
    "intro": (
        "{n} kinds of records. Each has a table of its own in a document; a field that is left out has its default.",
        "共 {n} 种记录，在文档中各有一张表；未写出的字段取默认值。字段说明为英文。",
    ),
    "value": ("{} (value)", "{}（值）"),
    "kind": ("Kind", "种类"),
    "table": ("Table", "表"),
    "is": ("What it is", "说明"),
    "class": ("Class `{}`, table `{}`.", "类 `{}`，表 `{}`。"),
    "class_only": ("Class `{}`.", "类 `{}`。"),
    "field": ("Field", "字段"),
    "type": ("Type", "类型"),
    "default": ("Default", "默认值"),
    "meaning": ("Meaning", "含义"),
    "required": ("required", "必填"),
    "any": ("any kind", "任意种类"),
    "points": ("Points at", "指向"),
    "pointed": ("Pointed at by", "被指向"),
    "out": ("`{field}`: {label} {target}", "`{field}`：{label} {target}"),
    "in": ("{source} `{field}`: {label}", "{source} `{field}`：{label}"),
    "inverse": ("; seen from there: {}", "；反向：{}"),
    "seen": ("; seen from here: {}", "；从此处看：{}"),
    "acyclic": ("; never in a circle", "；不得成环"),
    "example": ("For example:", "示例："),
}


def record_catalogue(of: type[Model] | Schema, language: Language = "en") -> str:
    """Return all kinds of a schema, and the values that their fields hold, as a Markdown page.

    Args:
        of: the class of model, or a schema.
        language: the language of headings and types; what docstrings and relations say is shown as it is written.

    Example:
        >>> from community_ops import OperatingModel
        >>> page = record_catalogue(OperatingModel)
        >>> print(page.splitlines()[0])
        # Record catalogue
    """
    return _Catalogue(of, language).page()


class _Catalogue:
    def __init__(self, of: type[Model] | Schema, language: Language) -> None:
        self.schema, model = (of, Model) if isinstance(of, Schema) else (of.schema, of)
        self.head = envelope(model)
        self.language: Language = language
        known = Definitions(self.schema)
        for kind in self.schema.kinds.values():
            known.of(kind.layout)
        self.said = known.written()
        self.names = {layout: name for name, layout in known.layouts.items()}

    def say(self, key: str, *values: object, **named: object) -> str:
        """Return words of the page."""
        return _WORDS[key][self.language == "zh"].format(*values, **named)

    def page(self) -> str:
        """Return the whole page."""
        kinds = self.schema.kinds.values()
        rows = [(self.kind_link(kind.name), f"`{kind.table}`", self.description(kind.layout)) for kind in kinds]
        parts = [f"# {self.say('title')}", self.say("intro", n=len(kinds))]
        parts.append(table([self.say("kind"), self.say("table"), self.say("is")], rows))
        for kind in kinds:
            parts += self.kind(kind)
        values = [layout for layout in self.names if layout not in {kind.layout for kind in kinds}]
        for layout in values:
            named = self.say("class_only", layout.cls.__name__)
            parts += [f"## {self.value_heading(layout)}", self.description(layout), named, self.fields(layout)]
        return "\n\n".join(part for part in parts if part) + "\n"

    def kind(self, kind: Kind) -> Iterator[str]:
        """Yield the parts of a kind's section."""
        yield f"## {kind.name}"
        yield self.description(kind.layout)
        yield self.say("class", kind.cls.__name__, kind.table)
        yield self.fields(kind.layout)
        if kind.relations:
            yield f"**{self.say('points')}**"
            yield bullets(map(self.relation_out, kind.relations))
        pointing = list(self.schema.pointing_at(kind.name))
        if pointing:
            yield f"**{self.say('pointed')}**"
            yield bullets(map(self.relation_in, pointing))
        row = sample_row(kind, self.schema)
        if row is not None:
            yield self.say("example")
            yield json_block({**self.head, kind.table: [row]})

    def description(self, layout: Layout) -> str:
        """Return what a class is, as the first paragraph of its docstring has it."""
        return str(self.said[self.names[layout]].get("description", ""))

    def fields(self, layout: Layout) -> str:
        """Return the table of a class's fields."""
        said = self.said[self.names[layout]]["properties"]
        hints: Mapping[str, Mapping[str, Any]] = getattr(layout.cls, "json_hints", {})
        rows = [self.field(spec, said[spec.name], hints.get(spec.name, {})) for spec in layout.fields]
        return table([self.say(word) for word in ("field", "type", "default", "meaning")], rows)

    def field(self, spec: FieldSpec, said: Mapping[str, Any], hints: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the row of a field."""
        words = type_words(spec.shape, self.language, self.value_link, self.kind_link)
        more = [f"`{key}`: `{json.dumps(value)}`" for key, value in hints.items() if key != "examples"]
        default = self.say("required") if spec.required else f"`{json.dumps(said['default'], ensure_ascii=False)}`"
        return f"`{spec.name}`", "; ".join([words, *more]), default, said.get("description", "")

    def relation_out(self, relation: Relation) -> str:
        """Return in words what a record points at through a relation."""
        to = relation.reference
        target = self.say("any") if to.kind is None else self.kind_link(to.kind)
        text = self.say("out", field=relation.name, label=to.label, target=target)
        text += self.say("inverse", to.inverse) if to.inverse else ""
        return text + (self.say("acyclic") if to.acyclic else "")

    def relation_in(self, relation: Relation) -> str:
        """Return in words what points at a record through a relation."""
        to = relation.reference
        text = self.say("in", source=self.kind_link(relation.kind), field=relation.name, label=to.label)
        return text + (self.say("seen", to.inverse) if to.inverse else "")

    def kind_link(self, name: str) -> str:
        """Return a link to a kind's section."""
        return link(name, name)

    def value_link(self, layout: Layout) -> str:
        """Return a link to a value class's section."""
        return link(layout.cls.__name__, self.value_heading(layout))

    def value_heading(self, layout: Layout) -> str:
        """Return the heading of a value class's section, which no kind can have."""
        return self.say("value", self.names[layout])
