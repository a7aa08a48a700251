"""What README and CONTRIBUTING promise and no other test holds: commands, figures, live examples, rooms."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -q"
COMMANDS = {
    "main-command": f"{INSTALL} . && .venv/bin/community-ops demo",
    "test-command": f"{INSTALL} -e '.[test]' && .venv/bin/python -m pytest -n auto --dist loadfile",
}
FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def extract(marker: str, readme: str | None = None) -> subprocess.CompletedProcess[str]:
    arguments = [marker] if readme is None else [marker, readme]
    command = [sys.executable, str(ROOT / ".ci" / "readme.py"), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("marker", COMMANDS)
def test_command_that_ci_runs_is_the_one_the_readme_gives(marker):
    assert extract(marker).stdout.strip() == COMMANDS[marker]


@pytest.mark.parametrize(
    "text",
    [
        "no marker at all",
        "<!-- test-command -->\n\nSome words first.\n\n```sh\ntrue\n```\n",
        "<!-- test-command -->\n\n```python\npass\n```\n",
        "<!-- test-command -->\n```sh\ntrue\n```\n<!-- test-command -->\n```sh\nfalse\n```\n",
    ],
    ids=["absent", "not directly under", "not a shell block", "twice"],
)
def test_ci_refuses_to_guess_which_command_is_meant(tmp_path, text):
    readme = tmp_path / "README.md"
    readme.write_text(text, encoding="utf-8")
    result = extract("test-command", str(readme))
    assert result.returncode != 0
    assert "test-command" in result.stderr


def test_figures_say_which_bench_measured_them():
    sections = re.split(r"^## ", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    tables = [section for section in sections if re.search(r"^\|[ :]*-{3,}", section, re.MULTILINE)]
    named = {path for section in tables for path in re.findall(r"\bbench/[\w./-]*\w", section)}
    assert named, "no section of the README has both a table and the script in bench/ that measured it"
    assert all((ROOT / path).exists() for path in named), named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_python_example_is_one_that_runs(page):
    for language, code in FENCE.findall(page.read_text(encoding="utf-8")):
        if language == "python":
            assert code.startswith(">>> ") or ">>> " not in code, f"runs as plain code:\n{code}"
        else:
            looks_like_python = ">>> " in code or language.strip().lower().startswith("py")
            assert not looks_like_python, f"only ```python blocks run, this is ```{language}:\n{code}"


def test_contributing_introduces_every_room():
    package = ROOT / "src" / "community_ops"
    rooms = {f"{folder.name}/" for folder in package.iterdir() if (folder / "__init__.py").exists()}
    rooms |= {module.name for module in package.glob("*.py")}
    table = re.findall(r"^\| `([\w./]+)` \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rooms - {"__init__.py", "__main__.py"} <= set(table)
    assert all((package / room).exists() for room in table), "CONTRIBUTING.md describes a room that is not there"


def test_the_readme_shows_what_the_demo_prints(tmp_path):
    command = [sys.executable, "-m", "community_ops.cli", "demo"]
    printed = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True).stdout
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- demo-output -->\n```text\n(.*?)```", readme, re.DOTALL)
    assert shown is not None
    assert shown.group(1) == printed
