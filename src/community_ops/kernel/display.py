"""The late-bound door to `view`: names, as text, what renders each sort of object, so that nothing is loaded early."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

RENDERERS = {
    "model": "community_ops.view.notebook:model",
    "table": "community_ops.view.notebook:table",
    "hierarchy": "community_ops.view.notebook:hierarchy",
    "report": "community_ops.view.notebook:report",
    "schedule": "community_ops.view.notebook:schedule",
}


def bundle(sort: str, shown: Any) -> dict[str, str]:
    """Return what a notebook shows of an object, by MIME type.

    Args:
        sort: which renderer, a key of `RENDERERS`.
        shown: the object.

    Returns:
        At least `"text/plain"` and `"text/html"`.
    """
    module, name = RENDERERS[sort].split(":")
    return cast("dict[str, str]", getattr(import_module(module), name)(shown))
