"""A check at an instant: rules that need one are told it, all others see the date of its own clocks, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from community_ops import (
    Context,
    Finding,
    FindingsBaseline,
    ModelView,
    OperatingModel,
    Plan,
    Record,
    Ref,
    RuleBook,
    Task,
    Unit,
    Waiver,
    rule,
)
from community_ops.errors import NotAnInstant
from community_ops.kernel.changes import ChangeSet, diff
from community_ops.kernel.model import Model
from community_ops.validation.book import tried
from community_ops.validation.mending import mended
from community_ops.validation.pages import rule_page
from community_ops.validation.waiving import expired_waiver
from community_ops.view.rule_catalogue import rule_catalogue

SHANGHAI = timezone(timedelta(hours=8))
TEN = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
DAY = date(2026, 3, 2)
seen: list[object] = []


@rule(
    "TST701",
    name="start-ahead",
    en="{subject} is said to have begun at {start}, {wait} from now.",
    zh="{subject}记为 {start} 开始，还有{wait}。",
    date_use="instant",
    needs=("task",),
)
def start_ahead(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task is said to have begun at a time that is yet to come."""
    seen.append(context.at)
    assert (context.instant, context.day) == (context.at, context.instant.date())
    for id, start in zip(m.ids(Task), m.column(Task.actual_start), strict=True):
        if isinstance(start, datetime) and start > context.instant:
            yield start_ahead.finding(Ref("task", id), field="actual_start", start=start, wait=start - context.instant)


def begun(start: datetime) -> list[Record]:
    plan = Plan(id="launch", name="Launch", start=DAY)
    return [plan, Task(id="write", name="Write", plan="launch", actual_start=start)]


@start_ahead.fires(at=TEN)
def _in_a_while() -> list[Record]:
    return begun(TEN + timedelta(hours=2, minutes=30))


@start_ahead.silent(at=TEN)
def _now() -> list[Record]:
    return begun(TEN)


@start_ahead.fix
def _begin_now(model: Model, found: Finding) -> ChangeSet:
    assert isinstance(found.at, datetime)
    task = model.table(Task)[found.subject.id]
    return diff(model, model.replace(evolve(task, actual_start=found.at)))


@rule("TST702", name="day-seen", en="{day}", zh="{day}", date_use="needed")
def day_seen(m: ModelView, context: Context) -> Iterator[Finding]:
    """Tells the date it was given."""
    seen.append(context.at)
    for id in m.ids(Plan):
        yield day_seen.finding(Ref("plan", id), day=context.day)


@rule("TST703", name="day-if-any", en="{subject}", zh="{subject}")
def day_if_any(m: ModelView, context: Context) -> Iterator[Finding]:
    """Notes the date it was given."""
    seen.append(context.at)
    return
    yield day_if_any.finding(Ref("plan", m.ids(Plan)[0]))


BOOK = RuleBook.of(start_ahead, day_seen, day_if_any)
MODEL = OperatingModel(begun(datetime(2026, 3, 2, 12, 30, tzinfo=SHANGHAI)))


def judged_at(at: date | datetime | None, model: OperatingModel = MODEL) -> list[object]:
    """Return what the rules that ran anew were told."""
    seen.clear()
    BOOK.check(model, at)
    return list(seen)


# -- what rules are told ----------------------------------------------------------------------------------------------


def test_a_rule_that_needs_an_instant_is_told_it_and_the_others_the_date_on_its_clocks() -> None:
    fresh = OperatingModel(MODEL)
    assert judged_at(TEN, fresh) == [TEN, DAY, DAY]
    assert [type(at) for at in seen] == [datetime, date, date]


def test_the_date_is_that_of_the_instants_own_zone() -> None:
    early = datetime(2026, 3, 2, 1, tzinfo=SHANGHAI)  # the evening before, in London
    report = BOOK.check(MODEL, early)
    assert report.where(code="TST702").findings[0].message == "2026-03-02"
    assert BOOK.check(MODEL, early.astimezone(UTC)).where(code="TST702").findings[0].message == "2026-03-01"


def test_later_on_the_same_day_only_rules_that_need_an_instant_run_again() -> None:
    fresh = OperatingModel(MODEL)
    judged_at(TEN, fresh)
    later = TEN + timedelta(hours=1)
    assert judged_at(later, fresh) == [later]
    assert judged_at(later, fresh) == []  # nothing is asked twice
    assert judged_at(DAY, fresh) == []  # the date alone is known as well
    tomorrow = TEN + timedelta(days=1)
    assert judged_at(tomorrow, fresh) == [tomorrow, date(2026, 3, 3), date(2026, 3, 3)]


def test_an_edit_elsewhere_runs_nothing_again_at_the_same_instant() -> None:
    fresh = OperatingModel(MODEL)
    judged_at(TEN, fresh)
    assert judged_at(TEN, fresh.add(Unit(id="hq", name="HQ"))) == []


def test_one_instant_on_two_clocks_reads_as_each_of_them_shows_it() -> None:
    found = [BOOK.check(MODEL, at).where(code="TST701").findings[0] for at in (TEN, TEN.astimezone(UTC))]
    assert [one.parameters["wait"] for one in found] == [timedelta(hours=2, minutes=30)] * 2
    assert [at.utcoffset() for at in (one.at for one in found) if isinstance(at, datetime)] == [
        timedelta(hours=8), timedelta(0)
    ]  # fmt: skip


def test_the_repeated_hour_is_told_apart() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1))
    model = OperatingModel(begun(datetime(2026, 10, 25, 1, tzinfo=UTC)))  # 2:00 for the second time
    # 2:30 in summer time is 0:30 UTC, half an hour before; in standard time it is 1:30 UTC, after it.
    assert [len(BOOK.check(model, at).where(code="TST701")) for at in (first, second)] == [1, 0]


def test_a_rule_that_is_told_no_instant_cannot_ask_for_one() -> None:
    for at in (None, DAY):
        with pytest.raises(AssertionError, match="instant"):
            _ = Context(at).instant
    assert Context(DAY).day == Context(TEN).day == DAY


# -- skipping ---------------------------------------------------------------------------------------------------------


def test_a_date_is_not_taken_for_an_instant() -> None:
    report = BOOK.check(MODEL, DAY)
    assert (report.skipped, report.without_instant) == (("TST701",), ("TST701",))
    assert report.judged == ("TST702", "TST703")
    assert report.to_text().splitlines()[-2] == "not judged without an instant: TST701"
    assert report.to_text("zh").splitlines()[-2] == "未给出具体时刻，无法判断：TST701"


def test_without_any_date_both_wants_are_told_apart() -> None:
    report = BOOK.check(MODEL)
    assert (report.skipped, report.without_instant) == (("TST701", "TST702"), ("TST701",))
    assert report.to_text().splitlines()[:2] == [
        "not judged without a date: TST702",
        "not judged without an instant: TST701",
    ]


def test_at_an_instant_nothing_is_skipped_and_the_report_keeps_what_was_given() -> None:
    report = MODEL.check(TEN, rules=BOOK)
    assert (report.skipped, report.without_instant) == ((), ())
    assert report.at is TEN
    assert report.judged == ("TST701", "TST702", "TST703")
    assert "not judged" not in report.to_text()


def test_a_rule_with_nothing_to_judge_wants_no_instant() -> None:
    assert BOOK.select("TST701").check(OperatingModel(), DAY).not_applicable == ("TST701",)


def test_the_built_in_rules_find_at_an_instant_what_they_find_on_its_day() -> None:
    model = OperatingModel.of(Unit(id="hq", name="HQ", parent="gone"), *MODEL)
    of_day, of_instant = model.check(DAY), model.check(TEN)
    assert of_instant.findings == of_day.findings
    assert {found.at for found in of_instant.findings} == {DAY}
    assert of_instant.judged == of_day.judged


# -- what is no instant -----------------------------------------------------------------------------------------------


class Nowhere(tzinfo):
    """A zone that does not say how far from UTC it is."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return None


@pytest.mark.parametrize("naive", [datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 10, tzinfo=Nowhere())])
def test_a_time_without_a_zone_is_refused_and_not_guessed(naive: datetime) -> None:
    for error in (NotAnInstant, TypeError, ValueError):
        with pytest.raises(error, match="must be a datetime with a time zone, got 2026-03-02 10:00:00"):
            MODEL.check(naive)


@pytest.mark.parametrize("wrong", ["2026-03-02", "2026-03-02T10:00+08:00", 20260302])
def test_the_moment_is_a_date_or_a_datetime(wrong: object) -> None:
    with pytest.raises(TypeError, match="at is a date or an aware datetime, got"):
        BOOK.check(MODEL, wrong)  # type: ignore[arg-type]


# -- findings, waivers, baselines, fixes ------------------------------------------------------------------------------


def test_a_finding_says_when_and_how_long_in_both_languages() -> None:
    (found,) = BOOK.select("TST701").check(MODEL, TEN).findings
    assert found.message == "Write is said to have begun at 2026-03-02 12:30 +08:00, 2 h 30 min from now."
    assert found.text("zh") == "Write记为 2026-03-02 12:30 +08:00 开始，还有2小时30分钟。"


def test_a_baseline_knows_a_finding_again_at_a_later_instant() -> None:
    before = BOOK.check(MODEL, TEN)
    baseline = FindingsBaseline.loads(FindingsBaseline.of([before]).dumps())
    after = BOOK.check(MODEL, TEN + timedelta(minutes=5))
    assert {f.message for f in after.where(code="TST701").findings}.isdisjoint(f.message for f in before.findings)
    assert [f.fingerprint for f in after.findings] == [f.fingerprint for f in before.findings]
    compared = baseline.compared(after)
    assert (compared.ok, len(compared.suppressed), baseline.gone([compared])) == (True, 2, ())


def test_a_baseline_does_not_forget_what_a_date_could_not_judge() -> None:
    baseline = FindingsBaseline.of([BOOK.check(MODEL, TEN)])
    assert baseline.gone([BOOK.check(MODEL, DAY)]) == ()
    assert [entry.code for entry in baseline.gone([BOOK.check(MODEL, TEN + timedelta(hours=3))])] == ["TST701"]


def test_a_waiver_counts_to_the_end_of_its_last_day_on_the_clocks_of_the_instant() -> None:
    waiver = Waiver(
        id="w", code="TST701", subject=Ref("task", "write"), reason="A clock was wrong.",
        granted_by=Ref("plan", "launch"), expires=DAY,
    )  # fmt: skip
    model = OperatingModel([*begun(datetime(2026, 3, 4, tzinfo=SHANGHAI)), waiver])
    book = RuleBook.of(start_ahead, expired_waiver)
    last, over = datetime(2026, 3, 2, 23, 59, tzinfo=SHANGHAI), datetime(2026, 3, 3, tzinfo=SHANGHAI)
    assert [len(book.check(model, at).suppressed) for at in (last, over)] == [1, 0]
    assert [found.code for found in book.check(model, over).findings] == ["TST701", "WVR102"]
    assert len(book.check(model, over.astimezone(UTC)).suppressed) == 1  # in London it is still the second


def test_a_fix_is_told_the_instant_its_rule_judged_at() -> None:
    done = mended(MODEL, BOOK.select("TST701"), TEN, unsafe=True)
    assert done.model.table(Task)["write"].actual_start == TEN
    assert [found.code for found in done.applied] == ["TST701"]


# -- pages ------------------------------------------------------------------------------------------------------------


def test_the_examples_of_a_rule_may_be_instants() -> None:
    fires, silent = start_ahead.fire_examples[0], start_ahead.silent_examples[0]
    assert [len(tried(start_ahead, one, OperatingModel)) for one in (fires, silent)] == [1, 0]
    assert tried(start_ahead, silent, OperatingModel).judged == ("TST701",)


def test_the_page_of_a_rule_says_that_it_needs_an_instant_and_shows_the_examples() -> None:
    page = rule_page(start_ahead, OperatingModel)
    assert page.startswith("TST701 start-ahead  (error; fault: the model is wrong; judged only at an instant)")
    assert "\nFires on (2026-03-02 10:00 +08:00):\n" in page
    assert "says: Write is said to have begun at 2026-03-02 12:30 +08:00" in page
    assert "须给出具体时刻才能判断" in rule_page(start_ahead, OperatingModel, "zh")
    assert "judged only at a date" in rule_page(day_seen, OperatingModel)


def test_the_catalogue_says_what_each_rule_needs() -> None:
    english, chinese = (rule_catalogue(BOOK, OperatingModel, language) for language in ("en", "zh"))  # type: ignore[arg-type]
    assert [line for line in english.splitlines() if line.startswith(("- It needs", "- It uses"))] == [
        "- It needs an instant; a date is not enough.",
        "- It needs a date.",
        "- It uses the date, if there is one.",
    ]
    assert "Fires on, at 2026-03-02 10:00 +08:00:" in english
    assert "- 须给出具体时刻，仅有日期不够。" in chinese
    assert "触发示例（2026-03-02 10:00 +08:00）：" in chinese
