"""`late_names`: how a room names its verbs without loading them."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Loader: TypeAlias = Callable[[str], Any]
    Lister: TypeAlias = Callable[[], list[str]]


def late_names(module: str, homes: Mapping[str, str], names: Iterable[str]) -> tuple[Loader, Lister]:
    """Return the `__getattr__` and the `__dir__` of a module whose names are loaded when first asked for (PEP 562).

    Type checkers do not follow it: the module names the same things once more, in a `TYPE_CHECKING` block.

    Args:
        module: the module's `__name__`.
        homes: for every name that comes late, the module that has it, relative to the package: `"records"`; `"."` for
            a module of the package itself.
        names: the public names, early and late, for `dir`.

    Example:
        >>> __getattr__, __dir__ = late_names("community_ops.kernel", {"ChangeSet": "changes"}, ["ChangeSet"])
        >>> __getattr__("ChangeSet").__name__
        'ChangeSet'
        >>> __getattr__("Change")
        Traceback (most recent call last):
        AttributeError: module 'community_ops.kernel' has no attribute 'Change'
    """
    namespace = vars(sys.modules[module])
    package = namespace["__spec__"].parent

    def load(name: str) -> Any:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        module_of_it = import_module(f".{name if home == '.' else home}", package)
        found = namespace[name] = module_of_it if home == "." else getattr(module_of_it, name)
        return found

    def listed() -> list[str]:
        return sorted({*namespace, *names})

    return load, listed
