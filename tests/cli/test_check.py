"""`community-ops check`: what it exits with, for one file and for several, and what its options do."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import community_ops as co
from community_ops.cli import main
from community_ops.cli.check import FORMATS
from community_ops.validation import formats
from community_ops.validation.book import PROFILES

Out = pytest.CaptureFixture[str]
AT = ("--at", "2026-03-02")
SOUND = co.OperatingModel.of(
    co.Unit(id="hq", name="HQ", heads=("ceo",)),
    co.Position(id="ceo", title="CEO", unit="hq"),
    co.Person(id="ann", name="Ann"),
    co.Assignment(id="a", person="ann", position="ceo"),
)
FAULTY = SOUND.add(co.Unit(id="lab", name="Lab", parent="gone"))
HQ = co.Ref("unit", "hq")
WAIVED = {"reason": "Elsewhere.", "granted_by": co.Ref("position", "ceo")}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    co.dump(SOUND, "sound.json")
    co.dump(FAULTY, "faulty.json")
    Path("broken.json").write_text("{", encoding="utf-8")
    Path("latin.json").write_bytes(b'"\xff"')


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="ascii"))


def check(*arguments: str) -> int:
    return main(["check", *arguments, *AT])


# -- exit statuses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "status", "reported", "named"),
    [
        (["sound.json"], 0, [], []),
        (["faulty.json"], 1, ["faulty"], []),
        (["sound.json", "faulty.json"], 1, ["faulty"], []),
        (["faulty.json", "sound.json"], 1, ["faulty"], []),
        (["faulty.json", "faulty.json"], 1, ["faulty", "faulty"], []),
        (["broken.json"], 2, [], ["broken"]),
        (["missing.json"], 2, [], ["missing"]),
        (["sound.json", "broken.json"], 2, [], ["broken"]),
        (["broken.json", "faulty.json", "latin.json", "missing.json"], 2, ["faulty"], ["broken", "latin", "missing"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_the_worst_of_all_files_decides_and_every_usable_file_is_reported(
    files: list[str], status: int, reported: list[str], named: list[str], capsys: Out
) -> None:
    assert check(*files) == status
    shown = capsys.readouterr()
    lines = [line for line in shown.out.splitlines() if "REF101" in line]
    assert [line.split(".json")[0] for line in lines] == reported
    _, *errors = shown.err.split("community-ops: ")
    assert len(errors) == len(named)
    assert all(f"{name}.json" in error for name, error in zip(named, errors, strict=True))


def test_files_that_say_the_same_are_told_apart_in_every_format(capsys: Out) -> None:
    pytest.importorskip("rich")
    assert set(FORMATS) == set(formats.FORMATS)
    for format in FORMATS:
        assert check("faulty.json", "sound.json", "broken.json", "--format", format) == 2
        shown = capsys.readouterr()
        assert "faulty.json" in shown.out
        assert "broken.json" in shown.err
        assert check("sound.json", "--format", format) == 0
        capsys.readouterr()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--profile", "nonsense"], ["--select", "XYZ"], ["--ignore", "XYZ"], ["--enable", "ORG1"],
        ["--enable", "XYZ101"], ["--policy", "missing.json"], ["--policy", "broken.json"], ["--policy", "latin.json"],
        ["--baseline", "missing.json"], ["--baseline", "broken.json"], ["--baseline", "latin.json"],
        ["--baseline", "sound.json"], ["--output", "no/such/place"], ["--write-baseline", "no/such/place"],
        ["--extension", "nonsense"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_options_that_cannot_be_followed_exit_with_2_and_one_line(arguments: list[str], capsys: Out) -> None:
    assert check("faulty.json", *arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("community-ops: ")
    assert "Traceback" not in shown.err
    assert arguments[1].split("/")[0] in shown.err


@pytest.mark.parametrize(
    "arguments", [["--format", "pdf"], ["--fail-on", "x"], ["--at", "2026-3-2"], ["--select", ","]]
)
def test_options_that_make_no_sense_exit_with_2_and_the_usage(arguments: list[str], capsys: Out) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["check", "sound.json", *arguments])
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: ")


def test_the_help_names_all_formats_and_profiles(capsys: Out) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "{" + ",".join(formats.FORMATS) + "}" in shown
    *first, last = PROFILES
    assert f"{', '.join(first)} or {last}" in shown


# -- standard input ---------------------------------------------------------------------------------------------------


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    stdin(monkeypatch, co.dumps(FAULTY).encode())
    assert check("-", "sound.json") == 1
    assert capsys.readouterr().out.startswith("<stdin>:")


@pytest.mark.parametrize(("data", "said"), [(b"\xff", "not UTF-8: byte 0 is 0xff"), (b"", "line 1"), (b"[]", "object")])
def test_standard_input_that_is_no_model_does_not_keep_the_other_files(
    data: bytes, said: str, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    stdin(monkeypatch, data)
    assert check("-", "faulty.json") == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert "faulty.json" in shown.out


def test_a_closed_standard_input_is_said_to_be_closed(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert check("-") == 2
    assert "standard input is closed" in capsys.readouterr().err


# -- which rules ------------------------------------------------------------------------------------------------------


def judged(*arguments: str) -> set[str]:
    check("sound.json", "--format", "json", "--output", "report.json", *arguments)
    (report,) = json.loads(Path("report.json").read_text(encoding="utf-8"))["reports"]
    return {code for key in ("judged", "not_applicable", "skipped") for code in report[key]}


def test_profiles_select_ignore_and_enable_choose_the_rules() -> None:
    opt_in = {rule.code for rule in co.OperatingModel.rules().rules if rule.opt_in}
    every = {rule.code for rule in co.OperatingModel.rules().rules}
    assert judged() == every - opt_in
    assert judged("--profile", "all") == every
    assert judged("--profile", "references") == {code for code in every if code.startswith("REF")}
    assert judged("--profile", "references", "--select", "ORG101") == {"ORG101"}
    assert judged("--profile", "all", "--ignore", "ORG,REF") == {
        code for code in every if not code.startswith(("ORG", "REF"))
    }
    assert judged("--enable", "ORG204") == (every - opt_in) | {"ORG204"}
    assert judged("--select", "ORG1,ORG204", "--ignore", "ORG204,ORG101") == {
        code for code in every - opt_in if code.startswith("ORG1") and code != "ORG101"
    }


# -- dates and instants -----------------------------------------------------------------------------------------------


@co.rule("TST101", name="told-time", en="Told at {now}.", zh="时刻 {now}。", date_use="instant")
def told_time(m: co.ModelView, context: co.Context) -> Iterator[co.Finding]:
    """Says when it was asked."""
    yield told_time.finding(HQ, now=context.instant)


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> None:
    book = co.OperatingModel.rules().extend(told_time)
    monkeypatch.setattr(co.OperatingModel, "rules", lambda *_: book)


@pytest.mark.usefixtures("timed")
def test_at_an_instant_the_rules_that_need_one_are_judged_as_well(capsys: Out) -> None:
    assert main(["check", "sound.json", "--at", "2026-03-02T10:00+08:00"]) == 1
    assert "TST101 error unit:hq  Told at 2026-03-02 10:00 +08:00." in capsys.readouterr().out
    assert main(["check", "sound.json", "--at", "2026-03-02T02:00Z", "--ignore", "TST101"]) == 0
    for fine in (["--at", "2026-03-02"], []):
        assert main(["check", "sound.json", *fine]) == 0
        assert "not judged without an instant: TST101" in capsys.readouterr().out


@pytest.mark.usefixtures("timed")
def test_programs_are_told_the_instant_of_the_check(capsys: Out) -> None:
    main(["check", "sound.json", "--at", "2026-03-02T10:00+08:00", "--format", "json"])
    (report,) = json.loads(capsys.readouterr().out)["reports"]
    assert report["at"] == datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=8))).isoformat()
    assert (report["skipped"], report["without_instant"]) == ([], [])
    assert check("sound.json", "--format", "json") == 0
    (report,) = json.loads(capsys.readouterr().out)["reports"]
    assert (report["at"], report["skipped"], report["without_instant"]) == ("2026-03-02", ["TST101"], ["TST101"])


# -- policies and waivers from outside --------------------------------------------------------------------------------


def test_policies_and_waivers_may_come_from_files_of_their_own(capsys: Out) -> None:
    wide = [co.Position(id=f"p{n}", title="P", unit="hq", reports_to="ceo") for n in range(16)]
    co.dump(co.OperatingModel.of(co.Policy(id="p", rule="ORG201", scope=HQ, values={"widest": 16})), "policy.json")
    waiver = co.Waiver(id="w", code="REF101", subject=co.Ref("unit", "lab"), **WAIVED)
    co.dump(co.OperatingModel.of(waiver), "waiver.json")
    assert check("faulty.json", "--policy", "policy.json", "--policy", "waiver.json") == 0
    assert capsys.readouterr().out == "No findings (1 waived).\n"
    people = [co.Person(id=f"h{n}", name="H") for n in range(16)]
    held = [co.Assignment(id=f"h{n}", person=f"h{n}", position=f"p{n}") for n in range(16)]
    co.dump(SOUND.add(*wide, *people, *held), "wide.json")
    for arguments, times in (([], 1), (["--policy", "policy.json"], 0)):
        check("wide.json", "--select", "ORG201", *arguments)
        assert capsys.readouterr().out.count("ORG201") == times


def test_findings_keep_their_lines_when_a_policy_is_joined(capsys: Out) -> None:
    co.dump(co.OperatingModel.of(co.Policy(id="p", rule="ORG201", values={"widest": 16})), "policy.json")
    check("faulty.json")
    alone = capsys.readouterr().out
    check("faulty.json", "--policy", "policy.json")
    assert capsys.readouterr().out == alone
    assert alone.startswith("faulty.json:")


def test_a_waiver_from_outside_expires_at_the_date_of_the_check(capsys: Out) -> None:
    waiver = co.Waiver(id="w", code="REF101", subject=co.Ref("unit", "lab"), expires=date(2026, 3, 2), **WAIVED)
    co.dump(co.OperatingModel.of(waiver), "waiver.json")
    assert main(["check", "faulty.json", "--policy", "waiver.json", "--at", "2026-03-02"]) == 0
    assert main(["check", "faulty.json", "--policy", "waiver.json", "--at", "2026-03-03"]) == 1
    assert "WVR102" in capsys.readouterr().out


def test_a_policy_file_that_clashes_with_a_file_makes_that_file_unusable(capsys: Out) -> None:
    co.dump(co.OperatingModel.of(co.Unit(id="lab", name="Another lab")), "policy.json")
    co.dump(SOUND.add(co.Unit(id="den", name="Den", parent="nowhere")), "other.json")
    assert check("faulty.json", "other.json", "--policy", "policy.json", "--select", "REF") == 2
    shown = capsys.readouterr()
    assert "lab" in shown.err
    assert [line.split()[3] for line in shown.out.splitlines()[:-1]] == ["unit:den"]


# -- the baseline -----------------------------------------------------------------------------------------------------


def test_a_baseline_that_was_just_written_leaves_nothing_to_fail(capsys: Out) -> None:
    assert check("faulty.json", "sound.json", "--write-baseline", "base.json") == 0
    assert capsys.readouterr() == ("", "base.json: 1 finding\n")
    assert check("faulty.json", "sound.json", "--baseline", "base.json", "--fail-on", "info") == 0
    assert capsys.readouterr() == ("No findings (1 in the baseline); 2 files.\n", "")
    worse = FAULTY.add(co.Unit(id="den", name="Den", parent="nowhere"))
    co.dump(worse, "faulty.json")
    assert check("faulty.json", "--baseline", "base.json") == 1
    shown = capsys.readouterr()
    assert "unit:den" in shown.out
    assert "unit:lab" not in shown.out
    assert shown.err == ""


def test_findings_that_are_gone_are_told_and_fail_nothing(capsys: Out) -> None:
    check("faulty.json", "--write-baseline", "base.json")
    capsys.readouterr()
    assert check("sound.json", "--baseline", "base.json") == 0
    assert capsys.readouterr().err == "base.json: 1 finding in it no longer found; write it anew\n"
    assert check("sound.json", "--baseline", "base.json", "--select", "ORG") == 0, "what was not looked for"
    assert capsys.readouterr().err == ""
    assert check("sound.json", "broken.json", "--baseline", "base.json") == 2
    assert "no longer" not in capsys.readouterr().err


def test_no_baseline_is_written_when_a_file_is_unusable() -> None:
    assert check("faulty.json", "broken.json", "--write-baseline", "base.json") == 2
    assert not Path("base.json").exists()


def test_a_crashed_rule_is_not_hidden_by_writing_a_baseline(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    @co.rule("TST991", name="broken", en="x", zh="x")
    def broken(m: co.ModelView, context: co.Context) -> list[co.Finding]:
        """Crashes."""
        raise RuntimeError("out of paper")

    book = co.OperatingModel.rules().extend(broken)
    monkeypatch.setattr(co.OperatingModel, "rules", classmethod(lambda cls: book))
    assert check("faulty.json", "--write-baseline", "base.json") == 1
    assert "out of paper" in capsys.readouterr().err
    assert check("faulty.json", "--baseline", "base.json") == 1
    assert "WVR901" in capsys.readouterr().out


def results(*arguments: str) -> list[dict[str, Any]]:
    check(*arguments, "--format", "sarif", "--output", "log.sarif")
    (run,) = json.loads(Path("log.sarif").read_text(encoding="utf-8"))["runs"]
    found = run["results"]
    assert isinstance(found, list)
    return found


def test_sarif_tells_old_from_new_and_waived_also_where_the_baseline_matched_nothing() -> None:
    check("sound.json", "--write-baseline", "empty.json")
    check("faulty.json", "--write-baseline", "full.json")
    waiver = co.Waiver(id="w", code="REF101", subject=co.Ref("unit", "lab"), **WAIVED)
    co.dump(co.OperatingModel.of(waiver), "waiver.json")
    assert "baselineState" not in results("faulty.json")[0]
    assert results("faulty.json", "--baseline", "empty.json")[0]["baselineState"] == "new"
    (known,) = results("faulty.json", "--baseline", "full.json")
    assert (known["baselineState"], known["suppressions"][0]["properties"]["by"]) == ("unchanged", "baseline")
    (waived,) = results("faulty.json", "--policy", "waiver.json")
    assert "baselineState" not in waived
    assert waived["suppressions"][0]["justification"] == "Elsewhere."


# -- the rest ---------------------------------------------------------------------------------------------------------


def test_what_the_model_does_not_know_is_refused_or_kept_and_named(capsys: Out) -> None:
    data = json.loads(co.dumps(SOUND))
    data["contracts"] = [{"id": "c"}]
    Path("more.json").write_text(json.dumps(data), encoding="utf-8")
    assert check("more.json") == 2
    assert "contracts" in capsys.readouterr().err
    assert check("more.json", "--keep-unknown") == 0
    assert "REF301 info table:contracts" in capsys.readouterr().out


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_not_unicode_is_reported_in_every_format(format: str, capsys: Out) -> None:
    name = os.fsdecode(b"a\xe9.json")
    try:
        co.dump(FAULTY, name)
    except OSError:
        pytest.skip("this file system refuses the name")
    assert check(name, "--format", format) == 1
    assert check(name, "--format", format, "--output", "report") == 1
    Path("report").read_bytes().decode("utf-8")


def test_the_report_goes_to_a_file_and_nothing_to_the_terminal(capsys: Out) -> None:
    assert check("faulty.json", "--output", "report.txt") == 1
    assert capsys.readouterr() == ("", "")
    assert "REF101" in Path("report.txt").read_text(encoding="utf-8")


def test_a_reader_that_stops_early_is_told_the_right_status() -> None:
    many = co.OperatingModel(co.Unit(id=f"u{n}", name="U", parent=f"gone {n}") for n in range(3000))
    co.dump(many, "many.json")
    command = [sys.executable, "-m", "community_ops.cli", "check", "many.json", *AT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 1
