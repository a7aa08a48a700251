from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import community_ops as co
from community_ops.cli import main

CYCLE = """{"format": "community-ops", "version": 2, "units": [{"id": "hq", "name": "HQ", "heads": ["a"]}],
"positions": [{"id": "a", "title": "A", "unit": "hq", "reports_to": "a"}]}"""


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    path = tmp_path / "faulty.json"
    path.write_text(CYCLE, encoding="utf-8")
    return str(path)


@pytest.fixture
def clean(tmp_path: Path) -> str:
    path = tmp_path / "clean.json"
    path.write_text(CYCLE.replace(', "reports_to": "a"', ""), encoding="utf-8")
    return str(path)


def test_a_clean_file_exits_with_0(clean: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", clean, "--select", "ORG1,REF"]) == 0
    assert capsys.readouterr().out == "No findings.\n"


def test_faults_exit_with_1_and_are_printed(faulty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", faulty, "--ignore", "ORG4"]) == 1
    found = f"{faulty}:2:69: ORG101 error position:a  A reports to itself."
    assert capsys.readouterr().out.splitlines() == [found, "1 error"]
    assert main(["check", faulty, "--ignore", "ORG4", "--language", "zh"]) == 1
    found = f"{faulty}:2:69: ORG101 错误 position:a  A向自身汇报。"
    assert capsys.readouterr().out.splitlines() == [found, "错误 1 个"]


def test_a_bad_situation_alone_does_not_fail(clean: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", clean, "--at", "2026-03-02", "--fail-on", "info"]) == 0
    assert "ORG401 warning unit:hq" in capsys.readouterr().out


def test_fail_on_decides_which_faults_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "headless.json"
    co.dump(co.OperatingModel.of(co.Unit(id="u", name="U"), co.Position(id="p", title="P", unit="u")), path)
    assert main(["check", str(path)]) == 0
    assert main(["check", str(path), "--fail-on", "warning"]) == 1
    assert "ORG103 warning" in capsys.readouterr().out


def test_the_report_comes_as_json_too(faulty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", faulty, "--format", "json", "--at", "2026-03-02"]) == 1
    (data,) = json.loads(capsys.readouterr().out)["reports"]
    assert (data["name"], data["at"], data["ok"]) == (faulty, "2026-03-02", False)
    assert "ORG101" in {found["code"] for found in data["findings"]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "line 1, column 2"),
        (b"[]", "a document is an object"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b'{"format": "community-ops", "version": 2, "units": [{"id": "a", "name": 5}]}', "/units/0/name"),
        (b'{"format": "community-ops", "version": 99}', "/version"),
        (b"", "line 1, column 1"),
    ],
)
def test_a_bad_file_exits_with_2_and_says_where(
    content: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    assert main(["check", str(path)]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""
    assert "Traceback" not in shown.err


def test_a_missing_file_an_empty_directory_and_an_unknown_code_exit_with_2(
    clean: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "nothing.json")]) == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["check", str(empty)]) == 2
    assert main(["check", clean, "--select", "XYZ"]) == 2
    assert "no rule's code starts with 'XYZ'" in capsys.readouterr().err
    assert main(["explain", "ORG999"]) == 2
    assert "there is no rule ORG999" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [[], ["check"], ["check", "x", "--at", "2026-02-30"], ["check", "x", "--fail-on", "never"], ["frobnicate"]],
)
def test_a_call_that_makes_no_sense_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_explain_shows_the_page_and_the_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "org101"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("ORG101 reporting-cycle  (error; fault: the model is wrong)")
    assert "Why it matters" in page
    assert "says: A reports to itself." in page
    assert main(["explain", "ORG201", "--language", "zh"]) == 0
    assert "widest = 15" in capsys.readouterr().out


def test_new_writes_the_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.json"
    assert main(["new", str(path), "--language", "en"]) == 0
    assert co.load(path) == co.templates.community_operations("en")
    path.write_text("precious")
    assert main(["new", str(path)]) == 2
    assert "--force" in capsys.readouterr().err
    assert path.read_text() == "precious"
    assert main(["new", str(path), "--force"]) == 0
    assert co.load(path) == co.templates.community_operations("en")
    capsys.readouterr()
    assert main(["new", "--language", "zh"]) == 0
    assert co.loads(capsys.readouterr().out) == co.templates.community_operations("zh")


def test_the_demo_shows_checks_mends_and_checks_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "demo.html"
    assert main(["demo", "--page", str(page)]) == 0
    shown = capsys.readouterr().out
    assert "ORG301 error position:auditor" in shown
    assert "resolved  ORG301  Auditor must be independent of Finance team" in shown
    assert "31 / 32" in shown
    assert "<svg" in page.read_text("utf-8")
    assert main(["demo", "--language", "zh", "--page", str(page)]) == 0
    assert "已解决  ORG301  审计师必须独立于财务管理团队" in capsys.readouterr().out
    assert 'lang="zh' in page.read_text("utf-8")


def test_chinese_comes_out_whole_where_the_locale_says_ascii(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "community_ops.cli",
        "demo",
        "--language",
        "zh",
        "--page",
        str(tmp_path / "x.html"),
    ]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert "审计师" in done.stdout.decode("utf-8")


def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    command = f"{sys.executable} -m community_ops.cli new | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stdout == "{\n"
    assert "Traceback" not in done.stderr


def test_the_version_is_shown_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"community-ops {co.__version__}\n"


def test_codes_that_name_nothing_are_refused(clean: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["check", clean, "--select", " , "])
    assert stop.value.code == 2


def test_an_interrupted_check_says_so_by_its_status(clean: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(co.RuleBook, "check", interrupted)
    assert main(["check", clean]) == 130


def test_a_closed_standard_output_changes_no_status(faulty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["check", faulty]) == 1


def test_a_reader_that_stops_early_is_not_told_that_all_is_well(faulty: str) -> None:
    command = [sys.executable, "-m", "community_ops.cli", "check", faulty]
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False).returncode == 1
    finally:
        os.close(writer)
