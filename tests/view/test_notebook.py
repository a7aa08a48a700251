from __future__ import annotations

import base64
from datetime import UTC, date, datetime

import pytest
from attrs import evolve, frozen

from community_ops import (
    Assignment,
    DateRange,
    Model,
    Money,
    OperatingModel,
    Position,
    Record,
    Ref,
    Report,
    RuleBook,
    Unit,
    Waiver,
    templates,
)
from community_ops.kernel.schema import Schema
from community_ops.org.structure import hierarchy, unit_tree
from community_ops.plan.scheduling import schedule
from community_ops.view.facts import FINDINGS_SHOWN, ROWS_SHOWN, severity_counts
from tests.view.drawing import Drawing, read
from tests.view.reading import Page
from tests.view.sample import DAY, EVIL, broken

HARMLESS = {
    "div",
    "figure",
    "img",
    "figcaption",
    "details",
    "summary",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "p",
}


@frozen(kw_only=True)
class Note(Record):
    kind_name = "note"
    table_name = "notes"

    text: str


class Notes(Model):
    schema = Schema.of(Note)


def shown(thing: object) -> Page:
    return Page(thing._repr_mimebundle_()["text/html"])  # type: ignore[attr-defined]


def picture(page: Page) -> Drawing:
    (image,) = page.all("img")
    prefix = "data:image/svg+xml;base64,"
    source = image["src"] or ""
    assert source.startswith(prefix)
    return read(base64.b64decode(source.removeprefix(prefix)).decode())


def everything() -> list[object]:
    model = broken()
    return [
        model,
        model.check(DAY),
        model.positions,
        model.units,
        hierarchy(model),
        unit_tree(model),
        schedule(templates.community_operations("zh"), "community-plan"),
        OperatingModel.of(),
        OperatingModel.of(Unit(id="hq", name=EVIL)),
        OperatingModel.of().units,
        Report(()),
        Notes.of(Note(id='"><script>', text=EVIL)),
    ]


@pytest.mark.parametrize("thing", everything(), ids=lambda thing: type(thing).__name__)
def test_the_bundle_is_plain_text_and_harmless_html(thing: object) -> None:
    bundle = thing._repr_mimebundle_()  # type: ignore[attr-defined]
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/plain"] == repr(thing)
    page = Page(bundle["text/html"])
    assert not page.unclosed
    assert {tag for tag, _ in page.tags} <= HARMLESS
    for _, attributes in page.tags:
        assert set(attributes) <= {"alt", "src", "lang", "open", "scope"}


@pytest.mark.parametrize("thing", everything()[:2] + everything()[4:9], ids=lambda thing: type(thing).__name__)
def test_a_picture_has_its_label_and_the_same_facts_as_a_table(thing: object) -> None:
    page = shown(thing)
    drawing = picture(page)
    (image,) = page.all("img")
    assert image["alt"] == drawing.root.attrib["aria-label"]
    assert [tag for tag, _ in page.tags][:2] == ["div", "figure"]
    assert len(page.tables) == 1
    assert page.all("details")


def test_a_model_is_shown_as_its_organisation() -> None:
    model = templates.community_operations("zh")
    page = shown(model)
    heads, *rows = page.tables[0]
    assert heads == ["岗位", "部门", "上级", "在岗者", "席位", "虚线汇报", "备注"]
    assert len(rows) == len(picture(page).boxes) == len(model.positions)
    auditor = next(row for row in rows if row[0] == "审计师")
    assert auditor[1:3] == ["财务管理团队", "财务经理"]
    analyst = next(row for row in rows if row[0] == "数据分析人员")
    assert analyst[5] == "职能虚线 → COO（首席运营官）"
    assert page.all("div")[0]["lang"] == "zh-Hans"


def test_names_decide_the_language() -> None:
    assert shown(templates.community_operations("en")).all("div")[0]["lang"] == "en"


def test_a_model_with_units_only_is_shown_as_its_units() -> None:
    model = OperatingModel.of(Unit(id="hq", name="Head office"), Unit(id="s", name="Sales", parent="hq"))
    assert shown(model).tables[0] == [
        ["Unit", "Kind", "Part of", "Heads", "Remarks"],
        ["Head office", "team", "", "", ""],
        ["Sales", "team", "Head office", "", ""],
    ]


def test_any_other_model_is_shown_by_counts() -> None:
    page = shown(Notes.of(Note(id="a", text=""), Note(id="b", text="")))
    assert page.tables[0] == [["Kind", "Count"], ["notes", "2"]]
    assert {"notes", "2", "2 records"} <= set(picture(page).texts)


def test_a_hierarchy_is_shown_by_ids() -> None:
    page = shown(hierarchy(broken()))
    assert len(picture(page).boxes) == 14
    assert ["self", "", "self", "", "", "", "in a cycle: above itself"] in page.tables[0]


def test_a_table_shows_its_first_rows_and_says_how_many_more_there_are() -> None:
    records = [Position(id=f"p{number}", title=f"P{number}", unit="u") for number in range(ROWS_SHOWN + 7)]
    page = shown(OperatingModel(records).positions)
    assert len(page.tables[0]) == 1 + ROWS_SHOWN
    assert page.tables[0][:2] == [["id", "title", "unit"], ["p0", "P0", "u"]]
    assert "positions: 27 records" in page.text
    assert "Not shown: 7 more." in page.text
    assert "Not shown" not in shown(OperatingModel(records[:3]).positions).text


def test_a_table_writes_values_as_people_do_and_leaves_out_empty_columns() -> None:
    period = DateRange(date(2026, 1, 1), date(2026, 6, 30))
    model = OperatingModel.of(
        Position(
            id="p", title="P", unit="u", monthly_cost=Money(12_000, "CNY"), independent_of=("a", "b"), extra={"x": [1]}
        ),
        Assignment(id="a", person="q", position="p", fte="0.5", period=period, acting=True),
    )
    assert shown(model.positions).tables[0] == [
        ["id", "title", "unit", "independent_of", "monthly_cost", "extra"],
        ["p", "P", "u", "a, b", "12,000 CNY", '{"x": [1]}'],
    ]
    assert shown(model.assignments).tables[0] == [
        ["id", "person", "position", "fte", "period", "acting"],
        ["a", "q", "p", "0.5", "2026-01-01 to 2026-06-30", "true"],
    ]


def test_a_report_is_shown_by_findings_with_words_for_their_severity() -> None:
    report = templates.community_operations("zh").check(DAY)
    page = shown(report)
    heads, *rows = page.tables[0]
    assert heads == ["级别", "代码", "对象", "说明"]
    assert [row[1] for row in rows] == [found.code for found in report.findings]
    words = {"error": "错误", "warning": "警告", "info": "提示"}
    assert [row[0] for row in rows] == [words[found.severity] for found in report.findings]
    assert rows[0][2] == "审计师 (position:auditor)"
    assert rows[0][3].startswith(report.findings[0].text("zh"))
    assert rows[0][3].endswith("（可自动修正）")
    assert "检查结果（2026-03-02）" in picture(page).texts


def test_a_report_without_findings_or_model_says_so() -> None:
    assert "No findings." in shown(Report(())).text
    skipped = shown(Report((), skipped=("ORG301", "ORG302")))
    assert "Not judged without a date: ORG301, ORG302." in skipped.text


def test_a_report_at_an_instant_says_when_and_one_without_says_which_rules_want_one() -> None:
    timed = evolve(OperatingModel.rules().rule("ORG101"), date_use="instant")
    timed.check = lambda m, context: ()
    book = RuleBook.of(timed)
    model = templates.community_operations("en")
    assert "Not judged without an instant: ORG101." in shown(book.check(model, DAY)).text
    at = shown(book.check(model, datetime(2026, 3, 2, 9, 30, tzinfo=UTC)))
    assert "Not judged" not in at.text
    assert "Findings, 2026-03-02 09:30 +00:00" in picture(at).texts


def test_of_very_many_findings_the_worst_are_shown() -> None:
    count = FINDINGS_SHOWN + 30
    model = OperatingModel(
        [Unit(id="u", name="U"), *(Position(id=f"p{i}", title="P", unit="u", reports_to=f"p{i}") for i in range(count))]
    )
    report = model.check(DAY, select=("ORG101",))
    page = shown(report)
    if len(report) > FINDINGS_SHOWN:
        assert len(page.tables[0]) == 1 + FINDINGS_SHOWN
        assert f"Not shown: {len(report) - FINDINGS_SHOWN} more." in page.text
    else:
        pytest.fail("expected one finding a cycle")


def test_a_finding_about_what_does_not_exist_is_named_by_its_address() -> None:
    from community_ops.kernel.ref import Ref
    from community_ops.validation.finding import Finding

    words = {"en": "Gone.", "zh": "没有了。"}
    findings = (
        Finding(code="X1", subject=Ref("rule", "ORG101"), templates=words),
        Finding(code="X2", subject=Ref("position", "ghost"), templates=words),
    )
    rows = shown(Report(findings, model=broken())).tables[0]
    assert [row[2] for row in rows[1:]] == ["rule:ORG101", "position:ghost"]


def test_findings_that_do_not_count_come_last_say_why_and_are_in_no_bar() -> None:
    at = Ref("unit", "a")
    waiver = Waiver(id="w", code="REF101", subject=at, granted_by=at, reason="Is <elsewhere>.")
    report = OperatingModel.of(
        Unit(id="a", name="A", parent="x"), Unit(id="b", name="B", parent="y"), waiver
    ).check(DAY)  # fmt: skip
    assert [found.subject.id for found in report.findings] == ["a", "b"]
    page = shown(report)
    _, *rows = page.tables[0]
    assert [row[2] for row in rows] == ["B (unit:b)", "A (unit:a)"]
    assert rows[1][3].endswith("[waived: Is <elsewhere>.; granted by unit:a]")
    assert "waived" not in rows[0][3]
    assert list(severity_counts(report)) == [("error", "REF101", 1)]
