"""The changes between two models as people review them: with names, as plain text or as Markdown.

`str(changes)` needs no model, and shows ids and Python values; this looks up what the records are called.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from attrs import frozen

from community_ops.kernel.changes import ChangeSet, Update
from community_ops.kernel.declaration import FieldSpec
from community_ops.kernel.frozenmap import same
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import clean_line
from community_ops.validation.formats.markdown import ROOM, escape
from community_ops.validation.wording import Language

_WORDS: Mapping[str, tuple[str, str]] = {
    "renamed": ("renamed", "改编号"),
    "removed": ("removed", "删除"),
    "changed": ("changed", "修改"),
    "added": ("added", "新增"),
    "count": ("{n} {word}", "{word} {n} 项"),
    "none": ("No changes.", "没有改动。"),
    "change": ("Change", "改动"),
    "record": ("Record", "记录"),
    "field": ("Field", "字段"),
    "before": ("Before", "改动前"),
    "after": ("After", "改动后"),
    "more": ("{n} more rows are not shown.", "另有 {n} 行未显示。"),
}
_MARKS = {"renamed": ">", "removed": "-", "changed": "~", "added": "+"}
_NOTHING = "-"


def _say(key: str, language: Language, **values: object) -> str:
    return _WORDS[key][language == "zh"].format_map(values)


@frozen
class _Entry:
    """One record that changes: how, what it is called, and `(field, before, after)` as text."""

    change: str
    name: str
    ref: Ref
    fields: tuple[tuple[str, str, str], ...] = ()


@frozen
class _Names:
    """What records are called before and after; the ids inside a change set are those after its renames."""

    before: Model
    after: Model
    old: Mapping[Ref, Ref]

    def earlier(self, ref: Ref) -> str:
        return clean_line(self.before.label(self.old.get(ref, ref))) or ref.id

    def later(self, ref: Ref) -> str:
        return clean_line(self.after.label(ref)) or ref.id

    def value(self, spec: FieldSpec, value: Any, *, later: bool) -> str:
        """Return the value of a field: records by name and id, all else as JSON says it."""
        if value is None or value == ():
            return _NOTHING
        references = list(spec.shape.references(value))
        if references and not isinstance(value, Mapping) and not any(path for path, _, _ in references):
            named = ((self.later if later else self.earlier)(target) for _, target, _ in references)
            pairs = zip(named, (target.id for _, target, _ in references), strict=True)
            return ", ".join(name if name == id else f"{name} ({id})" for name, id in pairs)
        written = value if spec.shape.plain else spec.shape.write(value)
        return clean_line(json.dumps(written, ensure_ascii=False))


def _entries(changes: ChangeSet, before: Model, after: Model) -> Iterator[_Entry]:
    names = _Names(before, after, {Ref(ref.kind, new): ref for ref, new in changes.renamed})
    for ref, new in changes.renamed:
        yield _Entry("renamed", names.earlier(Ref(ref.kind, new)), ref, (("id", ref.id, new),))
    for record in changes.removed:
        yield _Entry("removed", names.earlier(record.ref), record.ref)
    for ref, updates in groupby(changes.updated, key=lambda update: update.ref):
        yield _Entry("changed", names.earlier(ref), ref, tuple(_update(names, update) for update in updates))
    for record in changes.added:
        yield _Entry("added", names.later(record.ref), record.ref, tuple(_filled(names, record)))


def _update(names: _Names, update: Update) -> tuple[str, str, str]:
    spec = names.after.schema.kind(update.ref.kind).layout.by_name[update.field]
    values = names.value(spec, update.before, later=False), names.value(spec, update.after, later=True)
    return (update.field, *values)


def _filled(names: _Names, record: Record) -> Iterator[tuple[str, str, str]]:
    kind = names.after.schema.kind(record)
    for spec in kind.layout.fields:
        value = spec.get(record)
        if spec.name not in ("id", kind.label_field) and not same(value, spec.default):
            yield spec.name, _NOTHING, names.value(spec, value, later=True)


def review_text(changes: ChangeSet, before: Model, after: Model, language: Language = "en") -> str:
    """Return changes as plain text: a line for every record, below it one for every field, and the counts.

    Args:
        changes: what `diff(before, after)` returned.
        before: the model before the changes.
        after: the model after them.
        language: of the counts.

    Example:
        >>> from community_ops import OperatingModel, Position, Unit, diff
        >>> a = OperatingModel.of(Unit(id="hq", name="Head office"), Position(id="p1", title="Planner", unit="old"))
        >>> b = a.replace(Position(id="p1", title="Planner", unit="hq"))
        >>> print(review_text(diff(a, b), a, b))
        ~ Planner (position:p1)
            unit: old -> Head office (hq)
        1 changed
    """
    lines = []
    for entry in _entries(changes, before, after):
        lines.append(f"{_MARKS[entry.change]} {entry.name} ({entry.ref})")
        lines += [
            f"    {name}: {new}" if entry.change == "added" else f"    {name}: {old} -> {new}"
            for name, old, new in entry.fields
        ]
    return "\n".join([*lines, _counts(changes, language)])


def _counts(changes: ChangeSet, language: Language) -> str:
    counts = {
        "renamed": len(changes.renamed),
        "removed": len(changes.removed),
        "changed": len({update.ref for update in changes.updated}),
        "added": len(changes.added),
    }
    told = [_say("count", language, n=n, word=_say(change, language)) for change, n in counts.items() if n]
    return ("，" if language == "zh" else ", ").join(told) or _say("none", language)


def review_markdown(changes: ChangeSet, before: Model, after: Model, language: Language = "en") -> str:
    """Return changes as Markdown: the counts, and a table that fits into a pull request's comment.

    Args:
        changes: what `diff(before, after)` returned.
        before: the model before the changes.
        after: the model after them.
        language: of the words.

    Example:
        >>> from community_ops import OperatingModel, Unit, diff
        >>> a, b = (OperatingModel.of(Unit(id="hq", name=name)) for name in ("HQ", "Head office"))
        >>> print(review_markdown(diff(a, b), a, b))
        **1 changed**
        <BLANKLINE>
        | Change | Record | Field | Before | After |
        | --- | --- | --- | --- | --- |
        | changed | HQ<br><code>unit:hq</code> | name | "HQ" | "Head office" |
    """
    counts = f"**{_counts(changes, language)}**"
    rows = [row for entry in _entries(changes, before, after) for row in _rows(entry, language)]
    if not rows:
        return counts
    heads = [_say(head, language) for head in ("change", "record", "field", "before", "after")]
    lines, room = [counts, "", _row(heads), _row(["---"] * len(heads))], ROOM
    for done, row in enumerate(rows):
        room -= len(row) + 1
        if room < 0:
            lines += ["", _say("more", language, n=len(rows) - done)]
            break
        lines.append(row)
    return "\n".join(lines)


def _rows(entry: _Entry, language: Language) -> Iterator[str]:
    who = [_say(entry.change, language), f"{escape(entry.name)}<br><code>{escape(str(entry.ref))}</code>"]
    for name, old, new in entry.fields or [("", "", "")]:
        yield _row([*who, escape(name), escape(old), escape(new)])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
