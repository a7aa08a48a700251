from __future__ import annotations

import json

from hypothesis import given

from community_ops import OperatingModel, Report
from community_ops.validation.formats import render
from tests.validation.formats.material import (
    BASELINE,
    BOOK,
    DAY,
    INSTANT,
    MODEL,
    REPORT,
    WAIVER,
    Lines,
    read_from,
    reports,
    suppressed,
)


def test_a_program_learns_where_a_finding_stands_and_why_it_does_not_count() -> None:
    placed = BOOK.check(read_from(Lines("model.json", "hq", "it", column=False), MODEL))
    data = json.loads(suppressed(suppressed(placed, WAIVER, "it"), BASELINE, "社群").to("json"))
    first, second, third, *_ = data["findings"]
    assert first["location"] == {"file": "model.json", "line": 2, "column": None}
    assert first["suppression"] == {
        "by": "waiver",
        "reason": "Is being | merged.",
        "granted_by": "position:ceo",
        "waiver": "w1",
        "expires": "2026-12-31",
    }
    assert first["related_names"] == ["Head office", "Head office"]
    assert (second["location"], second["subject_name"]) == (None, "社群运营")
    assert second["suppression"] == {
        "by": "baseline",
        "reason": "",
        "granted_by": None,
        "waiver": None,
        "expires": None,
    }
    assert third["suppression"] is None


def test_a_program_learns_when_the_check_was_made_and_which_rules_want_a_finer_time() -> None:
    book = BOOK.select("TST604", "TST607")
    told = [json.loads(book.check(MODEL, at).to("json")) for at in (None, DAY, INSTANT)]
    assert [data["at"] for data in told] == [None, "2026-03-02", "2026-03-02T09:30:00+00:00"]
    assert [data["skipped"] for data in told] == [["TST604", "TST607"], ["TST607"], []]
    assert [data["without_instant"] for data in told] == [["TST607"], ["TST607"], []]


def test_named_reports_are_a_list_however_many() -> None:
    for several in ([], [("a.json", REPORT)], [("a.json", BOOK.check(OperatingModel(), DAY)), ("b.json", REPORT)]):
        data = json.loads(render(several, "json"))
        assert (data["format"], data["version"]) == ("community-ops-reports", 1)
        assert [report.pop("name") for report in data["reports"]] == [name for name, _ in several]
        assert data["reports"] == [report.to_data() for _, report in several]
        assert data["ok"] is (not any(name == "b.json" or report is REPORT for name, report in several))


def test_a_file_name_that_is_no_unicode_is_escaped() -> None:
    text = render([("a\udce9.json", REPORT)], "json")
    assert text.isascii()
    assert json.loads(text)["reports"][0]["name"] == "a\udce9.json"


@given(reports())
def test_json_gives_back_what_went_in(given_reports: list[tuple[str, Report]]) -> None:
    text = render(given_reports, "json", "zh")
    text.encode()
    data = json.loads(text)
    assert data.get("format") in ("community-ops-reports", "community-ops-report")
    written = data.get("reports", [data])
    assert [[found["message"] for found in report["findings"]] for report in written] == [
        [found.text("zh") for found in report.findings] for _, report in given_reports
    ]
