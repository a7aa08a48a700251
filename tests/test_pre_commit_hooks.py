from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

import community_ops as co
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def hook() -> dict[str, Any]:
    (only,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert isinstance(only, dict)
    return only


def test_the_hook_has_what_a_hook_needs(hook: dict[str, Any]) -> None:
    assert {"id", "name", "entry", "language", "files"} <= hook.keys()
    assert (hook["id"], hook["language"]) == ("community-ops-check", "python")


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("organisation.json", True),
        ("hr/organization-2026.yaml", True),
        ("operating-model.yml", True),
        ("package.json", False),
        ("reorganisation.json", False),
        ("organisation.json.bak", False),
        ("organisation/package.json", False),
    ],
)
def test_the_hook_picks_models_by_their_names(hook: dict[str, Any], path: str, wanted: bool) -> None:
    assert bool(re.search(hook["files"], path)) is wanted


def test_the_entry_runs_on_a_file(hook: dict[str, Any], tmp_path: Path) -> None:
    sound = co.OperatingModel.of(co.Unit(id="hq", name="HQ", kind="organisation"))
    co.dump(sound, tmp_path / "organisation.json")
    co.dump(sound.put(co.Unit(id="it", name="IT", parent="gone")), tmp_path / "organisation-2.json")
    command, *arguments = hook["entry"].split()
    script = os.path.join(sysconfig.get_path("scripts"), command)
    for name, status in [("organisation.json", 0), ("organisation-2.json", 1)]:
        done = subprocess.run(
            [script, *arguments, name],
            check=False,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )
        assert done.returncode == status, done.stderr
        assert ("REF101" in done.stdout) is bool(status)
