"""Fixtures that every room's tests may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real material that nobody on this project wrote; its tests skip where it is absent."""
    folder = Path(os.environ.get("COMMUNITY_OPS_DATA") or ROOT.parent / "shared" / "data").expanduser()
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}; set COMMUNITY_OPS_DATA to the folder that holds it")
    return folder
