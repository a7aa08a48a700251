from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from attrs import evolve, frozen

from community_ops import (
    Context,
    ModelView,
    OperatingModel,
    Person,
    Position,
    Ref,
    Rule,
    RuleBook,
    Severity,
    Unit,
    Value,
    rule,
)
from community_ops.errors import InvalidSchema
from community_ops.validation.book import CRASHED, PROFILES, Profile
from community_ops.validation.finding import Finding

calls: list[object] = []


@frozen
class Lengths(Value):
    longest: int = 3


@rule("TST101", name="long-name", en="{subject} is long.", zh="{subject}太长。", needs=("unit",), thresholds=Lengths())
def long_name(m: ModelView, context: Context) -> Iterator[Finding]:
    """Names should be short."""
    calls.append(context.at)
    for id, name in zip(m.ids(Unit), m.column(Unit.name), strict=True):
        if len(name) > context.thresholds.longest:
            yield long_name.finding(Ref("unit", id), field="name")


@rule("TST201", name="too-late", en="{subject}: {day}.", zh="{subject}：{day}。", date_use="needed", status=True)
def too_late(m: ModelView, context: Context) -> Iterator[Finding]:
    """Some things come too late."""
    for id in m.ids(Unit):
        yield too_late.finding(Ref("unit", id), day=context.day)


@rule("TST202", name="dateless", en="x", zh="x", date_use="ignored", severity=Severity.INFO, opt_in=True)
def dateless(m: ModelView, context: Context) -> Iterator[Finding]:
    """Looks at no date."""
    calls.append(context.at)
    yield dateless.finding(Ref("unit", m.ids(Unit)[0]))


@rule("TST301", name="broken", en="x", zh="x")
def broken(m: ModelView, context: Context) -> Iterator[Finding]:
    """Divides by zero."""
    yield broken.finding(Ref("unit", str(1 // 0)))


BOOK = RuleBook.of(long_name, too_late, dateless)
MODEL = OperatingModel.of(Unit(id="b", name="Sales"), Unit(id="a", name="Marketing"), Unit(id="c", name="IT"))
DAY = date(2026, 3, 2)


def test_findings_come_by_severity_then_code_then_table_order() -> None:
    report = BOOK.select("TST", "TST202").check(MODEL, DAY)
    assert [(f.code, f.subject.id) for f in report.findings] == [
        ("TST101", "b"),
        ("TST101", "a"),
        ("TST201", "b"),
        ("TST201", "a"),
        ("TST201", "c"),
        ("TST202", "b"),
    ]


def test_a_rule_that_needs_a_date_is_skipped_without_one_and_says_so() -> None:
    report = BOOK.check(MODEL)
    assert report.skipped == ("TST201",)
    assert report.judged == ("TST101",)
    assert "not judged without a date: TST201" in report.to_text()
    assert "未给出日期，无法判断：TST201" in report.to_text("zh")


def test_a_rule_with_nothing_to_judge_is_not_applicable_once() -> None:
    report = BOOK.check(OperatingModel.of(Person(id="p", name="P")), DAY)
    assert report.not_applicable == ("TST101",)
    assert report.findings == ()


def test_a_needed_kind_the_schema_lacks_makes_a_rule_not_applicable() -> None:
    @rule("TST102", name="foreign", en="x", zh="x", needs=("contract",))
    def foreign(m: ModelView, context: Context) -> Iterator[Finding]:
        """Judges contracts."""
        yield foreign.finding(Ref("contract", "c"))

    assert RuleBook.of(foreign).check(MODEL).not_applicable == ("TST102",)


def test_an_opt_in_rule_runs_only_when_its_whole_code_is_selected() -> None:
    assert "TST202" not in BOOK.select("TST2").check(MODEL, DAY).judged
    assert "TST202" not in BOOK.check(MODEL, DAY).judged
    assert BOOK.select("TST202").check(MODEL, DAY).judged == ("TST202",)


def test_select_and_ignore_go_by_prefix_and_unknown_prefixes_are_errors() -> None:
    assert [r.code for r in BOOK.select("TST2")] == ["TST201"]
    assert [r.code for r in BOOK.select("TST2", "TST202")] == ["TST201", "TST202"]
    assert [r.code for r in BOOK.ignore("TST2")] == ["TST101"]
    assert [r.code for r in BOOK.select("TST", "TST202").ignore("TST1", "TST202")] == ["TST201"]
    for prefixes in (("XYZ",), ("",), ("TST1", "TST9")):
        with pytest.raises(LookupError, match="no rule's code starts with"):
            BOOK.select(*prefixes)
        with pytest.raises(LookupError, match="no rule's code starts with"):
            BOOK.ignore(*prefixes)


def test_severity_can_be_changed_for_one_book_only() -> None:
    strict = BOOK.with_severity({"TST101": Severity.WARNING})
    assert {f.severity for f in strict.check(MODEL).findings} == {Severity.WARNING}
    assert {f.severity for f in BOOK.check(MODEL).findings} == {Severity.ERROR}
    with pytest.raises(LookupError):
        BOOK.with_severity({"NOPE101": Severity.INFO})


def test_a_changed_severity_keeps_fingerprints() -> None:
    strict = BOOK.with_severity({"TST101": Severity.WARNING})
    assert [f.fingerprint for f in strict.check(MODEL).findings] == [f.fingerprint for f in BOOK.check(MODEL).findings]


def test_thresholds_can_be_changed_for_one_book_only() -> None:
    patient = BOOK.with_thresholds("TST101", longest=5)
    assert [f.subject.id for f in patient.check(MODEL).findings] == ["a"]
    assert [f.subject.id for f in BOOK.check(MODEL).findings] == ["b", "a"]
    assert patient.with_severity({"TST101": Severity.INFO}).check(MODEL).findings[0].subject.id == "a"
    assert BOOK.with_thresholds("TST101").rule("TST101").thresholds == Lengths()
    with pytest.raises(LookupError, match="TST101 has no threshold 'shortest'; it has longest"):
        BOOK.with_thresholds("TST101", shortest=1)
    with pytest.raises(LookupError, match="TST201 has no threshold 'longest'; it has none"):
        BOOK.with_thresholds("TST201", longest=1)
    with pytest.raises(LookupError, match="there is no rule"):
        BOOK.with_thresholds("NOPE101", longest=1)


def test_a_crashing_rule_is_reported_and_the_others_go_on() -> None:
    report = RuleBook.of(broken, long_name).check(MODEL)
    crash = report.where(code=CRASHED).findings[0]
    assert crash.subject == Ref("rule", "TST301")
    assert (
        crash.message == "The rule TST301 failed with ZeroDivisionError: integer division or modulo by zero; "
        "what it looks for has not been judged."
    )
    assert "TST301" in crash.text("zh")
    assert not report.ok
    assert len(report.where(code="TST101")) == 2


def test_only_rules_whose_input_changed_run_again() -> None:
    BOOK.check(MODEL, DAY)
    calls.clear()
    BOOK.check(MODEL.add(Position(id="p", title="P", unit="b")), DAY)
    assert calls == []
    renamed = MODEL.replace(evolve(MODEL.units["c"], name="Information technology"))
    assert [f.subject.id for f in BOOK.check(renamed, DAY).where(code="TST101").findings] == ["b", "a", "c"]
    assert calls == [DAY]


def test_a_rule_that_ignores_the_date_runs_once_for_all_dates() -> None:
    fresh = OperatingModel(MODEL)
    calls.clear()
    only = BOOK.select("TST202")
    for day in (1, 2, 3):
        only.check(fresh, date(2026, 1, day))
    assert calls == [None]


def test_two_rules_of_one_code_are_refused() -> None:
    with pytest.raises(InvalidSchema, match="share a code"):
        RuleBook.of(long_name, long_name)


def test_rules_are_found_by_code_and_books_can_be_extended() -> None:
    assert BOOK.rule("TST101") is long_name
    assert BOOK.extend(broken).rule("TST301") is broken
    with pytest.raises(LookupError, match="there is no rule TST301; there are TST101"):
        BOOK.rule("TST301")
    assert repr(BOOK) == "<RuleBook: 3 rules>"


def test_the_model_checks_itself_by_a_book_of_ones_own() -> None:
    class Mine(OperatingModel):
        @classmethod
        def rules(cls) -> RuleBook:
            return RuleBook.of(long_name)

    mine = Mine(MODEL)
    assert mine.check().judged == ("TST101",)
    assert MODEL.check(DAY, rules=BOOK, select=["TST2"], ignore=["TST202"]).judged == ("TST201",)


@pytest.mark.parametrize(
    ("code", "name"), [("org101", "x"), ("ORG1", "x"), ("ORG101", "Not This"), ("ORG101", ""), ("TOOLONG101", "x")]
)
def test_a_rule_needs_a_code_and_a_name_of_the_right_form(code: str, name: str) -> None:
    with pytest.raises(InvalidSchema, match="a rule has a code such as"):
        rule(code, name=name, en="x", zh="x")


def test_a_rule_needs_a_page_and_both_languages() -> None:
    with pytest.raises(InvalidSchema, match="docstring is the rule's page"):

        @rule("TST401", name="no-page", en="x", zh="x")
        def no_page(m: ModelView, context: Context) -> tuple[Finding, ...]:
            return ()

    with pytest.raises(InvalidSchema, match="must be given in en and zh"):
        rule("TST402", name="half", en={"": "x", "other": "y"}, zh="x")
    assert repr(long_name) == "<Rule TST101 long-name>"
    assert long_name.summary == "Names should be short."


@rule("TST401", name="wordless", en="{nothing}", zh="{nothing}")
def wordless(m: ModelView, context: Context) -> Iterator[Finding]:
    """Promises a parameter that it does not give."""
    yield wordless.finding(Ref("unit", "u"))


@rule("TST402", name="no-finding", en="x", zh="x")
def no_finding(m: ModelView, context: Context) -> Iterator[Finding]:
    """Yields something else."""
    yield "text"  # type: ignore[misc]


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text either")


@rule("TST403", name="mute", en="x", zh="x")
def mute(m: ModelView, context: Context) -> Iterator[Finding]:
    """Fails, and so does the text of its failure."""
    raise Mute


@pytest.mark.parametrize("faulty", [wordless, no_finding, mute], ids=lambda rule: rule.name)
def test_whatever_is_wrong_with_a_rule_the_report_can_be_read(faulty: Rule) -> None:
    report = RuleBook.of(faulty).check(OperatingModel.of(Unit(id="u", name="U")))
    assert [found.code for found in report.findings] == [CRASHED]
    assert faulty.code in report.to_text()


def test_severities_are_given_by_whole_codes_and_may_be_plain_words() -> None:
    book = OperatingModel.rules()
    with pytest.raises(LookupError, match="ORG2"):
        book.with_severity({"ORG2": Severity.INFO})
    with pytest.raises(ValueError, match="grave"):
        book.with_severity({"ORG201": "grave"})  # type: ignore[dict-item]
    assert book.with_severity({"ORG201": "error"}).rule("ORG201").severity is Severity.ERROR  # type: ignore[dict-item]


# -- opt-in rules, profiles, reviews ----------------------------------------------------------------------------------


def running(book: RuleBook) -> list[str]:
    return [rule.code for rule in book]


def test_enabled_opt_in_rules_run_beside_the_others_unless_left_out() -> None:
    book = BOOK.enable("TST202")
    assert running(book) == ["TST101", "TST201", "TST202"]
    assert running(book.enable("TST202", "TST101")) == running(book)
    assert running(book.select("TST1")) == ["TST101"]
    assert running(book.select("TST2")) == ["TST201", "TST202"]
    assert running(book.ignore("TST20")) == ["TST101"]
    assert running(BOOK.ignore("TST202").enable("TST202")) == ["TST101", "TST201"]
    for wrong in ("TST2", "XYZ101"):
        with pytest.raises(LookupError, match="there is no rule"):
            BOOK.enable(wrong)


def test_a_profile_is_all_its_parts_at_once() -> None:
    profile = Profile(
        name="ours",
        select=("TST",),
        ignore=("TST201",),
        enable=("TST202",),
        severities={"TST101": Severity.INFO},
        thresholds={"TST101": {"longest": 5}},
    )
    book = BOOK.with_profile(profile)
    assert running(book) == ["TST101", "TST202"]
    findings = book.select("TST101").check(MODEL).findings
    assert [(found.subject.id, found.severity) for found in findings] == [("a", Severity.INFO)]
    assert running(BOOK.with_profile(Profile(name="loud", everything=True))) == ["TST101", "TST201", "TST202"]
    assert running(BOOK.with_profile("default")) == running(BOOK)


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("nonsense", "there is no profile 'nonsense'; there are default, all, references"),
        (Profile(name="x", select=("XYZ",)), "starts with 'XYZ'"),
        (Profile(name="x", ignore=("XYZ",)), "starts with 'XYZ'"),
        (Profile(name="x", enable=("XYZ101",)), "no rule XYZ101"),
        (Profile(name="x", severities={"XYZ101": Severity.INFO}), "no rule XYZ101"),
        (Profile(name="x", thresholds={"TST101": {"widest": 1}}), "no threshold 'widest'"),
    ],
)
def test_a_profile_that_does_not_fit_the_book_is_refused(profile: Profile | str, said: str) -> None:
    with pytest.raises(LookupError, match=said):
        BOOK.with_profile(profile)


def test_every_built_in_profile_fits_the_built_in_rules() -> None:
    for name, profile in PROFILES.items():
        assert profile.name == name
        assert profile.summary
        assert running(OperatingModel.rules().with_profile(name))


@rule("TST501", name="review", en="{subject}: {count}.", zh="{subject}：{count}。", reviews=True)
def review(m: ModelView, context: Context) -> Iterator[Finding]:
    """Counts what the others found."""
    yield review.finding(Ref("unit", "b"), count=len(context.run.findings))


def test_a_review_runs_after_the_others_wherever_it_stands_and_each_time() -> None:
    book = RuleBook.of(review, long_name).with_thresholds("TST101", longest=5)
    assert [found.message for found in book.check(MODEL).where(code="TST5").findings] == ["Sales: 1."]
    strict = book.with_thresholds("TST101", longest=3).with_severity({"TST501": Severity.INFO})
    (found,) = strict.check(MODEL).where(code="TST5").findings
    assert (found.message, found.severity) == ("Sales: 2.", Severity.INFO)


def test_thresholds_are_a_value() -> None:
    with pytest.raises(InvalidSchema, match="thresholds are a subclass of Value, got int"):
        rule("TST404", name="number", en="x", zh="x", thresholds=3)  # type: ignore[arg-type]
    with pytest.raises(LookupError, match="has no threshold 'x'"):
        too_late.with_thresholds(x=1)
