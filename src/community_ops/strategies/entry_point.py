"""What Hypothesis calls at the end of its own import, so that `from_type` knows our classes without being told.

It has to cost nothing to those who only share an environment with this library, so it loads none of it: it leaves a
function with Hypothesis that is asked about a type once `community_ops.kernel.record` has been imported by somebody.
The public `register_type_strategy` takes classes, one by one and not their subclasses, and so would have to import all
kinds and would still miss those of an embedder; the table of lazily loaded extras, by which Hypothesis itself supports
numpy, does what is needed. It is not public. Where it is missing, the classes that exist are registered one by one.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_RECORD = "community_ops.kernel.record"
_MODEL = "community_ops.kernel.model"


def register() -> None:
    """Make `hypothesis.strategies.from_type` know every record, value and model class, declared now or later."""
    from hypothesis.strategies._internal import types  # noqa: PLC0415 - there is nothing to do before Hypothesis

    lazily: dict[str, Any] | None = getattr(types, "_global_extra_lookup", None)
    if lazily is None:
        _register_one_by_one()
    else:
        lazily[_RECORD] = _resolve


def _resolve(thing: Any) -> SearchStrategy[Any] | None:
    # Called for every type that Hypothesis is asked about once records exist, so it looks before it loads anything.
    record, model = sys.modules[_RECORD], sys.modules.get(_MODEL)
    ours = (record.Record, record.Value, record.Ref, *([model.Model] if model else []))
    if not isinstance(thing, type) or not issubclass(thing, ours):
        return None
    from community_ops.strategies.typed import strategy_of  # noqa: PLC0415 - see above

    return strategy_of(thing)


def _register_one_by_one() -> None:
    from hypothesis import strategies as st  # noqa: PLC0415 - see `register`

    from community_ops.strategies.typed import classes_so_far, strategy_of  # noqa: PLC0415 - slow

    for cls in classes_so_far():
        # Hypothesis also asks these when it looks for subclasses of something else.
        st.register_type_strategy(cls, lambda thing: NotImplemented if (s := strategy_of(thing)) is None else s)
