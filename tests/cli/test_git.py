"""The recipe of docs/version-control.md, carried out by git in a repository of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import community_ops as co

PAGE = Path(__file__).parents[2] / "docs" / "version-control.md"
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
_DIFF, SHARED, OWN, AGAIN, HOOK = BLOCKS

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Repository:
    """A repository whose branches edit model.json."""

    def __init__(self, path: Path, commands: Path) -> None:
        self.path = path
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        people = {f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        self.environment = {
            **inherited,
            **people,
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(path),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", command], cwd=self.path, env=self.environment, capture_output=True, text=True, check=False
        )

    def do(self, command: str) -> str:
        done = self.run(command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def model(self) -> co.OperatingModel:
        return co.load(self.path / "model.json")

    def commit(self, model: co.OperatingModel) -> None:
        co.dump(model, self.path / "model.json")
        self.do("git add model.json && git commit -q -m edit")

    def branch(self, name: str, model: co.OperatingModel) -> None:
        self.do(f"git checkout -q -b {name} main")
        self.commit(model)
        self.do("git checkout -q main")


BASE = co.OperatingModel.of(
    co.Unit(id="hq", name="HQ", heads=["ceo"]),
    co.Position(id="ceo", title="CEO", unit="hq"),
    co.Position(id="dev", title="Developer", unit="hq", reports_to="ceo"),
)


def dev(**values: object) -> co.OperatingModel:
    return BASE.replace(co.evolve(BASE.positions["dev"], **values))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    commands = tmp_path / "bin"
    commands.mkdir()
    script = commands / "community-ops"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m community_ops.cli "$@"\n')
    script.chmod(0o755)
    path = tmp_path / "repository"
    path.mkdir()
    made = Repository(path, commands)
    made.do("git init -q -b main .")
    made.commit(BASE)
    # One record, one line: two fields of it on two branches, and a record added beside it on both.
    made.branch("titles", dev(title="Engineer").add(co.Position(id="new", title="New", unit="hq", reports_to="dev")))
    made.branch("ids", dev(seats=2).rename(co.Ref("unit", "hq"), "office"))
    made.branch("rival", dev(title="Coder"))
    return made


def test_two_fields_of_one_line_merge_where_lines_would_conflict(repository: Repository) -> None:
    repository.do("git merge -q titles")
    assert repository.run("git merge ids").returncode != 0
    repository.do("git merge --abort")
    repository.do(SHARED + OWN)
    repository.do("git commit -q -m attributes && git merge -q --no-edit ids")
    assert repository.do("git status --porcelain") == ""
    merged = repository.model
    assert merged.positions["dev"] == co.Position(
        id="dev", title="Engineer", unit="office", reports_to="ceo", seats=2
    )  # fmt: skip
    assert merged.positions["new"].unit == "office"
    assert merged.check(select=["REF"]).ok


def test_a_conflict_leaves_the_merge_unfinished_and_can_be_listed_again(repository: Repository) -> None:
    repository.do(SHARED + OWN + "git commit -q -m attributes && git merge -q --no-edit titles")
    failed = repository.run("git merge rival")
    told = "position:dev title: ours 'Engineer', theirs 'Coder', was 'Developer'  (Developer)"
    assert failed.returncode == 1
    assert f"community-ops: model.json: 1 conflict; ours is kept:\n  {told}" in failed.stderr
    assert repository.do("git status --porcelain") == "UU model.json\n"
    assert repository.model.positions["dev"].title == "Engineer"
    again = repository.run(AGAIN)
    assert again.returncode == 1
    assert told in again.stderr
    repository.do("git add model.json && git commit -q --no-edit")
    assert repository.do("git log -1 --pretty=%p").count(" ") == 1  # two parents: the merge is done


def test_a_version_that_cannot_be_read_leaves_the_file_alone_and_the_merge_unfinished(repository: Repository) -> None:
    repository.do(SHARED + OWN + "git commit -q -m attributes && git merge -q --no-edit titles")
    repository.do("git checkout -q -b broken main~2 && echo '{' > model.json && git commit -q -a -m broken")
    repository.do("git checkout -q main")
    before = (repository.path / "model.json").read_bytes()
    failed = repository.run("git merge broken")
    assert failed.returncode == 1
    assert "community-ops: " in failed.stderr
    assert (repository.path / "model.json").read_bytes() == before
    assert repository.do("git status --porcelain") == "UU model.json\n"


def test_a_file_that_both_branches_added_is_merged_without_a_base(repository: Repository) -> None:
    repository.do(SHARED + OWN + "git commit -q -m attributes")
    for branch, unit in (("one", "a"), ("two", "b")):
        repository.do(f"git checkout -q --orphan {branch} && git rm -q -f model.json")
        repository.commit(co.OperatingModel.of(co.Unit(id=unit, name=unit)))
    repository.do("git merge -q --no-edit --allow-unrelated-histories one")
    assert set(repository.model.units.ids) == {"a", "b"}


def test_git_shows_changes_by_name(repository: Repository) -> None:
    repository.do(SHARED + OWN + "git commit -q -m attributes")
    shown = repository.do("git diff main titles -- model.json")
    assert '~ Developer (position:dev)\n    title: "Developer" -> "Engineer"\n' in shown
    assert "+ New (position:new)" in shown


def test_the_hook_keeps_faults_out(repository: Repository) -> None:
    hook = repository.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK)
    hook.chmod(0o755)
    co.dump(dev(reports_to="nobody"), repository.path / "model.json")
    failed = repository.run("git commit -q -a -m fault")
    assert failed.returncode == 1
    assert "REF101" in failed.stdout + failed.stderr
    repository.commit(dev(title="Engineer"))
    assert repository.do("git status --porcelain") == ""
