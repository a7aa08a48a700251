"""A merge of what the schema does not know: JSON that the documents of the two sides held besides.

Nobody here knows what it means, so it is merged as it is named: an unknown field of a record as one value, an unknown
table of the document as one value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

from attrs import evolve

from community_ops.errors import InvalidRecord
from community_ops.kernel.frozenmap import EMPTY, FrozenMap, same
from community_ops.kernel.merge_conflict import MergeConflict
from community_ops.kernel.merge_ids import Common
from community_ops.kernel.model import Model
from community_ops.kernel.provenance import Provenance
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import ID_LENGTH

M = TypeVar("M", bound=Model)
_ABSENT = object()
OnConflict = Callable[[str, Any, Any, Any], None]


def merged_provenance(common: Common[M], conflicts: list[MergeConflict]) -> Provenance:
    """Return the provenance of a merge: the source of ours, and the unknown content of both sides.

    Args:
        common: the three models under common ids.
        conflicts: takes what the sides do not agree on; a table of the document goes by `document:` and its name.
    """
    base, ours, theirs = (model.provenance for model in (common.base, common.ours, common.theirs))
    if not theirs.tables and not theirs.fields and not base.tables and not base.fields:
        return common.ours.provenance

    def disputed(ref: Ref, field: str | None, before: Any, here: Any, there: Any) -> None:
        old, own, other = (None if value is _ABSENT else value for value in (before, here, there))
        conflicts.append(MergeConflict(ref, field, old, own, other, "added" if before is _ABSENT else "changed"))

    tables = _three_way(
        base.tables, ours.tables, theirs.tables, lambda name, *values: disputed(_address(name), None, *values)
    )
    fields: dict[Ref, FrozenMap] = {}
    for ref in {**ours.fields, **theirs.fields}:
        old, own, other = (side.fields.get(ref, EMPTY) for side in (base, ours, theirs))
        kept = _three_way(old, own, other, partial(disputed, common.origin.get(ref, ref)))
        if kept:
            fields[ref] = FrozenMap(kept)
    return evolve(ours, tables=FrozenMap(tables), fields=MappingProxyType(fields))


def _three_way(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any], conflict: OnConflict
) -> dict[str, Any]:
    merged = {}
    for name in {**ours, **theirs}:
        before, here, there = (side.get(name, _ABSENT) for side in (base, ours, theirs))
        value = here
        if not same(here, there) and not same(before, there):
            if same(before, here):
                value = there
            else:
                conflict(name, before, here, there)
        if value is not _ABSENT:
            merged[name] = value
    return merged


def _address(name: str) -> Ref:
    try:
        return Ref("document", name)
    except InvalidRecord:  # a key of JSON may be any text
        return Ref("document", json.dumps(name)[:ID_LENGTH])
