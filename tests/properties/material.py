"""What the library's own properties are tried on: whole models, broken ones, and how to compare two exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
from hypothesis import strategies as st

from community_ops import OperatingModel
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record
from community_ops.strategies import models, records

any_record = st.one_of([records(kind.cls) for kind in OperatingModel.schema.kinds.values()])
broken_models = st.lists(any_record, max_size=6, unique_by=lambda record: record.ref).map(OperatingModel)
"""Models of records that know nothing of one another: most references dangle, and anything may be in a field."""

some_models = models(max_size=12) | broken_models


def exact(model: Model) -> dict[str, str]:
    """Every record as text, by address: unlike `==`, tells 1.0 from 1 and one offset of an instant from another."""
    return {str(record.ref): repr(record) for record in model}


def plain(value: Any) -> Any:
    """Return what a derived value says, whatever it is made of, so that two of them can be compared."""
    if isinstance(value, Record):
        return repr(value)
    if isinstance(value, Mapping):
        return [(plain(key), plain(item)) for key, item in value.items()]
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(map(repr, value))
    if attrs.has(type(value)):
        return [type(value).__name__, *(plain(getattr(value, a.name)) for a in attrs.fields(type(value)))]
    return value
