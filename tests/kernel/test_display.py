from __future__ import annotations

import subprocess
import sys

import pytest

from community_ops.kernel import display


def render(shown: object) -> dict[str, str]:
    return {"text/plain": repr(shown)}


def test_a_renderer_is_named_as_text_and_called_with_the_object(monkeypatch):
    monkeypatch.setitem(display.RENDERERS, "model", "tests.kernel.test_display:render")
    assert display.bundle("model", 5) == {"text/plain": "5"}


def test_an_unknown_sort_is_an_error():
    with pytest.raises(KeyError):
        display.bundle("sort of", 5)


def test_nothing_of_the_view_is_loaded_before_something_is_shown():
    code = (
        "import sys, community_ops.kernel.model, community_ops.kernel.display;"
        "print([m for m in sys.modules if m.startswith('community_ops.view') or m == 'networkx'])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.strip() == "[]"
