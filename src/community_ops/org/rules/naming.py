"""Ids and names for records that a fix opens."""

from __future__ import annotations

from itertools import count

from community_ops.errors import InvalidRecord
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import ID_LENGTH
from community_ops.kernel.view import ModelView


def fresh_id(m: ModelView, kind: str, wish: str) -> str:
    """Return an id that no record of a kind has: the wish, or the wish with a number.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> fresh_id(OperatingModel.of(Unit(id="audit", name="Audit")), "unit", "audit")
        'audit-2'
    """
    for number in count(1):
        id = wish[: ID_LENGTH - 8] + (f"-{number}" if number > 1 else "")
        if Ref(kind, id) not in m:
            return id
    raise AssertionError("unreachable")  # pragma: no cover - count() does not end


def opened(model: Model, record: Record) -> Model | None:
    """Return the model with one more record; None where its schema asks more of such records than a fix can know."""
    try:
        return model.add(record)
    except InvalidRecord:
        return None


def in_chinese(text: str) -> bool:
    """Tell whether a text is written in Chinese characters, so that what is made from it is named in Chinese."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)
