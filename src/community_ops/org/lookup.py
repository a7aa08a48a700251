"""Looking records up by id in what was derived from a model, as its tables do."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from community_ops.errors import UnknownRecord

T = TypeVar("T")


def look_up(index: Mapping[str, T], kind: str, id: str) -> T:
    """Return what an index holds under an id, which may be in any Unicode normal form.

    Raises:
        UnknownRecord: it holds nothing.
    """
    try:
        return index[id]
    except KeyError:
        normal = unicodedata.normalize("NFC", id) if isinstance(id, str) else id
        if normal not in index:
            raise UnknownRecord(kind, id) from None
        return index[normal]
