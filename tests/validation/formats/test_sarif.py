from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

import community_ops as co
from community_ops import Finding, OperatingModel, Ref, Report
from community_ops.validation.formats import render
from community_ops.validation.formats.sarif import uri
from tests.validation.formats.material import (
    BASELINE,
    BOOK,
    DAY,
    MODEL,
    REPORT,
    UNTIMED,
    WAIVER,
    Lines,
    read_from,
    reports,
    suppressed,
)

SCHEMA = json.loads((Path(__file__).parent / "sarif.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
PLACED = BOOK.check(read_from(Lines("org/社群 #1.json", "hq", "it"), MODEL))


def run_of(text: str) -> dict[str, Any]:
    """Return the run of a log that keeps to the specification."""
    log = json.loads(text)
    VALIDATOR.validate(log)
    (run,) = log["runs"]
    codes = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(codes)) == len(codes)
    assert all(codes[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    states = {"baselineState" in result for result in run["results"]}
    assert len(states) < 2  # 3.27.24: all or none
    assert isinstance(run, dict)
    return run


def test_the_schema_of_these_tests_is_a_schema_and_refuses() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    log = json.loads(REPORT.to("sarif"))
    log["runs"][0]["results"][0]["message"]["text"] = "{0}"
    assert not VALIDATOR.is_valid(log)


def test_a_result_says_what_where_and_how_bad() -> None:
    first, second, third, *_ = run_of(render([("other.json", PLACED)], "sarif"))["results"]
    assert (first["ruleId"], first["level"]) == ("TST601", "error")
    assert first["message"] == {"text": "IT has no parent; see Head office."}
    assert first["locations"] == [
        {
            "logicalLocations": [{"name": "it", "fullyQualifiedName": "unit:it", "kind": "unit"}],
            "physicalLocation": {
                "artifactLocation": {"uri": "org/%E7%A4%BE%E7%BE%A4%20%231.json"},
                "region": {"startLine": 2, "startColumn": 5},
            },
        }
    ]
    assert first["relatedLocations"] == [
        {
            "id": 1,
            "logicalLocations": [{"name": "hq", "fullyQualifiedName": "unit:hq", "kind": "unit"}],
            "physicalLocation": {
                "artifactLocation": {"uri": "org/%E7%A4%BE%E7%BE%A4%20%231.json"},
                "region": {"startLine": 1, "startColumn": 5},
            },
            "message": {"text": "Head office"},
        }
    ]
    assert first["partialFingerprints"] == {"communityOpsFinding/v1": PLACED.findings[0].fingerprint}
    assert first["properties"] == {"status": False, "field": "parent", "fixable": False}
    assert second["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "other.json"}}
    assert (third["level"], third["properties"]["status"]) == ("warning", True)


def test_lines_without_columns_and_models_without_files() -> None:
    lined = BOOK.check(read_from(Lines("a.json", "hq", "it", column=False), MODEL))
    (location,) = run_of(lined.to("sarif"))["results"][0]["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 2}
    run = run_of(REPORT.to("sarif"))
    assert run["artifacts"] == []
    assert all("physicalLocation" not in result["locations"][0] for result in run["results"])


def test_rules_carry_their_pages() -> None:
    driver = run_of(REPORT.to("sarif", "zh"))["tool"]["driver"]
    assert (driver["name"], driver["version"], driver["language"]) == ("community-ops", co.__version__, "en")
    assert [rule["id"] for rule in driver["rules"]] == [f"TST60{n}" for n in (1, 2, 3, 4, 5)]
    first, small, brief, *_ = driver["rules"]
    assert first["name"] == "stray"
    assert first["shortDescription"] == {"text": "Every unit but one has a parent."}
    page = "Every unit but one has a parent.\n\nWhy it matters: {{nothing}} rolls up to it; [see] (elsewhere)."
    assert first["help"] == {"text": page, "markdown": page}
    assert first["properties"] == {
        "tags": ["TST", "fault"],
        "problem.severity": "error",
        "dateUse": "used",
    }
    assert (small["defaultConfiguration"], small["properties"]["tags"]) == ({"level": "warning"}, ["TST", "status"])
    assert brief["defaultConfiguration"] == {"level": "note"}
    opt_in = run_of(BOOK.select("TST606").check(OperatingModel()).to("sarif"))["tool"]["driver"]["rules"][0]
    assert opt_in["properties"]["tags"] == ["TST", "fault", "opt-in"]


def test_a_report_made_by_hand_has_rules_without_pages() -> None:
    finding = Finding(code="XYZ101", subject=Ref("unit", "a"), templates={"en": "Look.", "zh": "看。"})
    named = Finding(code="XYZ102", rule="look", subject=Ref("unit", "a"), templates={"en": "Look.", "zh": "看。"})
    run = run_of(Report((finding, named), judged=("XYZ103",)).to("sarif"))
    assert run["tool"]["driver"]["rules"] == [{"id": "XYZ103"}, {"id": "XYZ101"}, {"id": "XYZ102", "name": "look"}]


def test_what_does_not_count_is_suppressed_and_the_rest_is_said_not_to_be() -> None:
    waived = run_of(suppressed(REPORT, WAIVER, "it").to("sarif"))["results"]
    assert waived[0]["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "Is being | merged.",
            "properties": {"by": "waiver", "waiver": "w1", "grantedBy": "position:ceo", "expires": "2026-12-31"},
        }
    ]
    assert waived[1]["suppressions"] == []
    assert "baselineState" not in waived[0]


def test_a_baseline_tells_old_from_new() -> None:
    results = run_of(suppressed(REPORT, BASELINE, "it").to("sarif", "zh"))["results"]
    assert results[0]["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "基线内", "properties": {"by": "baseline"}}
    ]
    assert [result["baselineState"] for result in results[:2]] == ["unchanged", "new"]


def test_the_invocation_tells_of_rules_that_crashed_or_were_left_out() -> None:
    run = run_of(BOOK.select("TST604", "TST606").check(MODEL).to("sarif"))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"]
    (crash,) = invocation["toolExecutionNotifications"]
    assert (crash["level"], crash["associatedRule"]) == ("error", {"id": "TST606", "index": 1})
    assert "out of paper" in crash["message"]["text"]
    (skipped,) = invocation["toolConfigurationNotifications"]
    assert (skipped["level"], skipped["associatedRule"]) == ("note", {"id": "TST604", "index": 0})
    wanting = run_of(UNTIMED.to("sarif"))["invocations"][0]["toolConfigurationNotifications"]
    assert [(one["associatedRule"]["id"], one["message"]["text"]) for one in wanting] == [
        ("TST604", "not judged without a date"),
        ("TST607", "not judged without an instant"),
    ]
    by_hand = Finding(
        code="WVR901", rule="rule-crashed", subject=Ref("rule", "GONE101"), templates={"en": "Gone.", "zh": "没了。"}
    )
    (gone,) = run_of(Report((by_hand,)).to("sarif"))["invocations"][0]["toolExecutionNotifications"]
    assert gone["associatedRule"] == {"id": "GONE101"}


def test_several_files_are_one_run_of_the_tool() -> None:
    run = run_of(render([("a.json", REPORT), ("b.json", BOOK.check(OperatingModel(), DAY))], "sarif", "zh"))
    assert [artifact["location"]["uri"] for artifact in run["artifacts"]] == ["a.json", "b.json"]
    assert len(run["results"]) == len(REPORT)
    assert (run["language"], run["columnKind"]) == ("zh", "unicodeCodePoints")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("./a/../b.json", "a/../b.json"),
        ("a:b.json", "a%3Ab.json"),
        ("50% [x].json", "50%25%20%5Bx%5D.json"),
        ("a\udce9.json", "a%E9.json"),
    ],
)
def test_paths_are_written_as_uris(path: str, written: str) -> None:
    assert uri(path) == written
    assert unquote_to_bytes(written) == os.fsencode(path.removeprefix("./"))


def test_an_absolute_path_has_a_scheme(tmp_path: Path) -> None:
    assert uri(str(tmp_path / "a b.json")) == tmp_path.as_uri() + "/a%20b.json"


@given(reports())
def test_any_report_keeps_to_the_specification(given_reports: list[tuple[str, Report]]) -> None:
    text = render(given_reports, "sarif")
    text.encode()
    assert len(run_of(text)["results"]) == sum(len(report) for _, report in given_reports)
