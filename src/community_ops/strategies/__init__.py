"""Hypothesis strategies derived from the declarations: records, models, models that break a rule, and lifecycles.

`hypothesis.strategies.from_type` works for every kind of record, value and model without importing this; see
`entry_point.py`. Names are loaded on first use, because Hypothesis imports this package whenever it is imported itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

try:
    import hypothesis  # noqa: F401
except ModuleNotFoundError as _error:
    if _error.name != "hypothesis":
        raise
    from community_ops.errors import MissingExtra

    raise MissingExtra("hypothesis", "strategies") from None

if TYPE_CHECKING:
    from community_ops.strategies.faults import violating
    from community_ops.strategies.lifecycles import event_sequences, lifecycle_machine
    from community_ops.strategies.population import models
    from community_ops.strategies.single import records

__all__ = ["event_sequences", "lifecycle_machine", "models", "records", "violating"]

_HOMES = {
    "event_sequences": "lifecycles",
    "lifecycle_machine": "lifecycles",
    "models": "population",
    "records": "single",
    "violating": "faults",
}


# Not by `late_names`: Hypothesis would have to load part of the kernel, whoever imports it.
def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
