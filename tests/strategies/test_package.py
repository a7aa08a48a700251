from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import community_ops.strategies

SOURCE = Path(community_ops.strategies.__file__).parents[2]


def run(code: str) -> str:
    code = f"import sys; sys.path.insert(0, {str(SOURCE)!r})\n" + textwrap.dedent(code)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


BLOCK = """
    class Absent:
        def find_spec(self, name, path=None, target=None):
            if name == {missing!r}:
                raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

    sys.meta_path.insert(0, Absent())
    try:
        import community_ops.strategies
    except ImportError as error:
        print(type(error).__name__, getattr(error, "package", "-"), getattr(error, "extra", "-"), error)
"""


def test_without_hypothesis_the_error_names_the_extra() -> None:
    told = run(BLOCK.format(missing="hypothesis"))
    assert told.startswith("MissingExtra hypothesis strategies ")
    assert "pip install 'community-ops[strategies]'" in told


def test_a_broken_hypothesis_is_not_taken_for_a_missing_one() -> None:
    assert run(BLOCK.format(missing="hypothesis.core")).startswith(
        "ModuleNotFoundError - - No module named 'hypothesis.core'"
    )


def test_the_public_names_are_there_and_no_others() -> None:
    names = ["event_sequences", "lifecycle_machine", "models", "records", "violating"]
    assert community_ops.strategies.__all__ == names
    assert set(community_ops.strategies.__all__) <= set(dir(community_ops.strategies))
    for name in community_ops.strategies.__all__:
        assert callable(getattr(community_ops.strategies, name))
    with pytest.raises(AttributeError, match="no attribute 'dragons'"):
        community_ops.strategies.dragons
