"""The public names of the room."""

from __future__ import annotations

import pkgutil

from community_ops import service


def test_no_module_bears_the_name_of_a_public_function() -> None:
    modules = {module.name for module in pkgutil.iter_modules(service.__path__)}
    functions = {name for name in service.__all__ if callable(getattr(service, name))}
    assert not modules & functions  # whoever imports the name would find the module once that is loaded
