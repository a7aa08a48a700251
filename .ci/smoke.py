"""Uses the installed wheel as somebody does who has nothing else: outside the checkout, without any extra.

Usage: python -I .ci/smoke.py, in an empty directory
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import subprocess
import sysconfig
from pathlib import Path

COMMAND = Path(sysconfig.get_path("scripts")) / "community-ops"


def run(*arguments: str, status: int = 0) -> str:
    """Run `community-ops` and return what it printed; no traceback, and the exit status it should have."""
    print("$ community-ops", *arguments)
    done = subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    told = f"{done.stdout}\n{done.stderr}"
    assert done.returncode == status, f"exit status {done.returncode}, expected {status}:\n{told}"
    assert "Traceback" not in told, told
    return done.stdout


def check_package() -> None:
    """The package is the installed one, typed, and knows its version."""
    import community_ops

    home = Path(community_ops.__file__).parent
    assert home.is_relative_to(sysconfig.get_path("purelib")), f"imported from {home}"
    assert (home / "py.typed").is_file()
    assert community_ops.__version__ == importlib.metadata.version("community-ops")
    names = [name for name in community_ops.__all__ if name != "strategies"]  # which needs an extra
    missing = [name for name in names if not hasattr(community_ops, name)]
    assert not missing, f"public names that do not load: {missing}"


def check_commands() -> None:
    """Every command of the README does its job on the template it writes itself."""
    run("new", "organisation.json")
    document = json.loads(Path("organisation.json").read_text(encoding="utf-8"))
    assert document["format"] == "community-ops"
    assert document["positions"], "the template has positions"

    findings = run("check", "organisation.json", status=1)  # the document's organisation has real faults
    assert "auditor" in findings, findings
    Path("broken.json").write_text('{"format": "community-ops", "version": 2, "units": [', encoding="utf-8")
    run("check", "broken.json", status=2)

    page = run("explain", "ORG101")
    assert "ORG101" in page
    assert "cycle" in page.lower(), page

    english, chinese = run("demo", "--language", "en"), run("demo", "--language", "zh")
    assert "auditor" in english.lower(), english
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese), chinese
    pages = list(Path().glob("*.html"))
    assert pages, "the demo wrote no page"
    assert all("<svg" in page.read_text(encoding="utf-8") for page in pages)


def check_absent_extra() -> None:
    """Without Hypothesis, strategies say which extra brings it, and nothing else needs it."""
    assert importlib.util.find_spec("hypothesis") is None, "this environment is meant to have no extras"
    message = ""
    try:
        import community_ops.strategies

        community_ops.strategies.models()
    except ImportError as error:
        message = str(error)
    assert "community-ops[strategies]" in message, message or "strategies without Hypothesis raised nothing"


if __name__ == "__main__":
    check_package()
    check_commands()
    check_absent_extra()
    print("the wheel works without extras")
