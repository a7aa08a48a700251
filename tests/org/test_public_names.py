"""The names of the room: what `community_ops.org` offers, and when it is loaded."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from community_ops import org


def test_every_public_name_is_there() -> None:
    for name in org.__all__:
        assert getattr(org, name) is not None
    assert set(org.__all__) <= set(dir(org))
    assert len(org.__all__) == len(set(org.__all__))


def test_what_type_checkers_see_is_what_is_loaded() -> None:
    tree = ast.parse(Path(org.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.name: node.module.rsplit(".", 1)[1]
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(org.__name__)
        for alias in node.names
    }
    assert seen == org._VERBS
    nouns = {name for name in org.__all__ if name not in org._VERBS}
    assert nouns == {name for name in org.__all__ if getattr(org, name).__module__ == "community_ops.org.records"}


def test_no_module_bears_the_name_of_a_public_function() -> None:
    modules = {path.stem for path in Path(org.__file__).parent.iterdir()}
    assert not modules & set(org.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'hierarchies'"):
        org.hierarchies


def test_nouns_are_loaded_without_the_verbs() -> None:
    script = "import sys, community_ops.org; print([m for m in sys.modules if m.startswith('community_ops.org.')])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert ast.literal_eval(found) == ["community_ops.org.records"]
