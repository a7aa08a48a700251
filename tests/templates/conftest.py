"""What the template is held against: the source document's outline, and the page on how to arrange it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # one call; its stubs are not worth a dependency


def whole(node: Any) -> Any:
    """Put texts together again that YAML has cut at a comma.

    The outline writes `{zh: ..., en: Plan, carry out and manage}` without quotes, which YAML reads as the text
    "Plan" and a key "carry out and manage" without a value.
    """
    if isinstance(node, list):
        return [whole(item) for item in node]
    if not isinstance(node, dict):
        return node
    joined: dict[str, Any] = {}
    for key, value in node.items():
        if value is None:
            joined[list(joined)[-1]] += f", {key}"
        else:
            joined[key] = whole(value)
    return joined


@pytest.fixture(scope="session")
def outline(data_dir: Path) -> Any:
    return whole(yaml.safe_load((data_dir / "seed-outline.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def recipe(data_dir: Path) -> str:
    return (data_dir / "template-recipe.md").read_text(encoding="utf-8")
