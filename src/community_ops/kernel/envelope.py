"""What stands around the tables of a document: its format, its versions, and how far those are from today's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from community_ops.errors import Problem
from community_ops.kernel.jsontext import pointer
from community_ops.kernel.migration import Journey
from community_ops.kernel.model import Model
from community_ops.kernel.text import shown

FORMAT = "community-ops"
VERSION = 2
"""The version of the documents that this library writes; it reads all from 1 on."""


def envelope(model: type[Model]) -> dict[str, Any]:
    """Return the keys that every document of a model has, beside its tables.

    Example:
        >>> envelope(Model)
        {'format': 'community-ops', 'version': 2}
    """
    own = {"model_version": len(model.migrations) + 1} if model.migrations else {}
    return {"format": FORMAT, "version": VERSION, **own}


def _newest(model: type[Model]) -> dict[str, int]:
    return {name: count for name, count in envelope(model).items() if name != "format"}


def _given(data: Mapping[str, Any], name: str) -> int | None:
    given = data.get(name, 1 if name == "model_version" else None)  # a class may come to count after its first files
    return given if type(given) is int and given > 0 else None


def envelope_problems(data: Mapping[str, Any], model: type[Model]) -> Iterator[Problem]:
    """Yield what is wrong with a document's format and versions."""
    if data.get("format") != FORMAT:
        yield Problem("wrong-format", "/format", f'must be "{FORMAT}", got {shown(data.get("format"))}')
    for name, newest in _newest(model).items():
        given = _given(data, name)
        if given is not None and given <= newest:
            continue
        reader, owner = ("this library", "community-ops") if name == "version" else (model.__name__, "what declares it")
        text = f"{reader} reads versions 1 to {newest}, got {shown(data.get(name))}"
        newer = f"; a newer version wrote the document: upgrade {owner}"
        yield Problem("wrong-version", pointer(name), text if given is None else text + newer)


def is_from_the_future(data: Mapping[str, Any], model: type[Model]) -> bool:
    """Tell whether a newer version of the library, or of the model's class, wrote a document."""
    return any((_given(data, name) or 0) > newest for name, newest in _newest(model).items())


def journey_of(data: Mapping[str, Any], model: type[Model]) -> Journey:
    """Return the migrations that a document needs; none where its versions say nothing."""
    library = _given(data, "version") or VERSION
    own = _given(data, "model_version") or len(model.migrations) + 1
    return Journey.of(
        ("version", library, model._built_in_migrations[library - 1 :]),
        ("model version", own, model.migrations[own - 1 :]),
    )
