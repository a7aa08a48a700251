"""What MS Project's XML says, what is odd about it, and what is refused. Texts are written by hand from the schema."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import community_ops as co
from community_ops.io import read_mspdi

HOURS = (
    "<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime>"
    "<WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes>"
)
WEEK = "".join(
    f"<WeekDay><DayType>{code}</DayType><DayWorking>{int(1 < code < 7)}</DayWorking>{HOURS if 1 < code < 7 else ''}"
    "</WeekDay>\n"
    for code in range(1, 8)
)


def calendar(uid: int = 1, more: str = "", week: str = WEEK, base: str = "") -> str:
    return f"<Calendar><UID>{uid}</UID><Name>C{uid}</Name>{base}<WeekDays>{week}</WeekDays>{more}</Calendar>"


HEAD = "<StartDate>2026-03-02T08:00:00</StartDate><CurrencyCode>EUR</CurrencyCode><CalendarUID>1</CalendarUID>"


def document(tasks: str = "", rest: str = "", head: str = HEAD, calendars: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Project xmlns="http://schemas.microsoft.com/project">'
        f"<Title>Launch</Title>{head}\n<Calendars>{calendars or calendar()}</Calendars>\n"
        f"<Tasks>{tasks}</Tasks>{rest}</Project>"
    )


def task(uid: int, *parts: str, name: str = "", level: int = 1) -> str:
    return (
        f"\n<Task><UID>{uid}</UID><Name>{name or uid}</Name><OutlineLevel>{level}</OutlineLevel>{''.join(parts)}</Task>"
    )


def e(name: str, value: object) -> str:
    return f"<{name}>{value}</{name}>"


def link(uid: object, *parts: str) -> str:
    return f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID>{''.join(parts)}</PredecessorLink>"


@pytest.fixture
def read(tmp_path: Path) -> object:
    def reader(text: str | bytes, **options: object) -> tuple[co.OperatingModel, co.Report]:
        path = tmp_path / "plan.xml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_mspdi(path, **options)

    return reader


def told(report: co.Report) -> list[tuple[str, tuple[str, ...]]]:
    return [(found.code, found.key) for found in report.findings]


def test_a_file_as_ms_project_writes_it(read) -> None:
    """A shortened file in the order and with the defaults of Project 2013."""
    defaults = "".join(
        e(name, value)
        for name, value in {
            "Active": 1, "Manual": 0, "Type": 0, "IsNull": 0, "CreateDate": "2026-01-05T08:00:00", "WBS": "1",
            "OutlineNumber": "1", "Priority": 500, "Start": "2026-03-02T08:00:00", "Finish": "2026-03-03T17:00:00",
            "ResumeValid": 0, "EffortDriven": 0, "Recurring": 0, "OverAllocated": 0, "Estimated": 0, "Critical": 1,
            "IsSubproject": 0, "IsSubprojectReadOnly": 0, "ExternalTask": 0, "EarlyStart": "2026-03-02T08:00:00",
            "FixedCostAccrual": 3, "PercentWorkComplete": 0, "OvertimeCost": 0, "OvertimeWork": "PT0H0M0S",
            "LevelAssignments": 1, "LevelingCanSplit": 1, "LevelingDelay": 0, "LevelingDelayFormat": 8,
            "IgnoreResourceCalendar": 0, "HideBar": 0, "Rollup": 0, "BCWS": "0.00", "EarnedValueMethod": 0,
            "ActualWorkProtected": "PT0H0M0S", "IsPublished": 1, "CommitmentType": 0,
        }.items()
    )  # fmt: skip
    text = document(
        task(0, level=0, name="Project")
        + task(1, defaults, e("Summary", 1), e("Duration", "PT16H0M0S"), name="Content")
        + task(2, defaults, e("Duration", "PT16H0M0S"), e("DurationFormat", 7), e("RemainingDuration", "PT16H0M0S"),
               name="Write", level=2)
        + task(5, defaults, e("Milestone", 1), e("Duration", "PT0H0M0S"), link(2, e("Type", 1), e("LinkLag", 4800),
               e("LagFormat", 7)), name="Live")
    )  # fmt: skip
    model, report = read(text, timezone="Europe/Berlin")
    assert report.findings == ()
    assert model.plans["plan"].name == "Launch"
    assert model.plans["plan"].start == date(2026, 3, 2)
    assert [(one.id, one.name, one.parent, one.kind) for one in model.tasks] == [
        ("1", "Content", None, "task"), ("2", "Write", "1", "task"), ("5", "Live", None, "milestone"),
    ]  # fmt: skip
    assert model.tasks["1"].duration is None
    assert model.tasks["2"].duration == co.Duration(2)
    assert model.tasks["5"].links == (co.Link("2", lag=co.Duration(1)),)
    assert model.calendars["1"].hours["fri"] == (("08:00", "12:00"), ("13:00", "17:00"))
    dates = co.plan.schedule(model, "plan")
    assert str(dates.tasks["5"].start) == "2026-03-04 17:00:00+01:00"
    assert report.model is model


@pytest.mark.parametrize(
    ("length", "format", "expected"),
    [
        ("PT16H0M0S", 7, "2d"), ("PT16H0M0S", 39, "2d"), ("PT20H0M0S", 9, "0.5w"), ("PT90M", 3, "90m"),
        ("PT90M", 5, "1.5h"), ("PT160H0M0S", 11, "20d"), ("PT1H0M0S", 7, "0.125d"), ("PT0H20M0S", 7, "20m"),
        ("P1DT0H0M0S", 5, "24h"), ("PT0H0M0S", 7, "0d"), ("PT8H0M0S", 21, "1d"),
    ],
)  # fmt: skip
def test_lengths_are_in_the_unit_people_see(read, length: str, format: int, expected: str) -> None:
    model, _ = read(document(task(1, e("Duration", length), e("DurationFormat", format))))
    assert str(model.tasks["1"].duration) == expected


def test_days_are_as_long_as_the_project_says(read) -> None:
    head = HEAD + e("MinutesPerDay", 450) + e("MinutesPerWeek", 2250) + e("DaysPerMonth", 22)
    model, _ = read(document(task(1, e("Duration", "PT15H0M0S"), e("DurationFormat", 7)), head=head))
    assert model.tasks["1"].duration == co.Duration(2)
    assert model.calendars["1"].day_length == timedelta(hours=7.5)
    assert model.calendars["1"].days_per_month == 22


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("", co.Link("1")),
        (e("Type", 0), co.Link("1", "FF")),
        (e("Type", 2), co.Link("1", "SF")),
        (e("Type", 3) + e("LinkLag", -600) + e("LagFormat", 5), co.Link("1", "SS", co.Duration(-1, "hour"))),
        (e("LinkLag", 14400) + e("LagFormat", 8), co.Link("1", lag=co.Duration(1), lag_time="elapsed")),
        (e("LinkLag", 50) + e("LagFormat", 19), co.Link("1", lag_percent=Decimal(50))),
        (e("LinkLag", -25) + e("LagFormat", 52), co.Link("1", lag_percent=Decimal(-25), lag_time="elapsed")),
        (e("LinkLag", 10) + e("LagFormat", 35), co.Link("1", lag=co.Duration(1, "minute"))),
    ],
)
def test_links_with_their_types_and_lags(read, parts: str, expected: co.Link) -> None:
    model, report = read(document(task(1) + task(2, link(1, parts))))
    assert model.tasks["2"].links == (expected,)
    assert report.where(code="IMP").findings == ()


@pytest.mark.parametrize(
    ("code", "text", "name", "expected"),
    [
        (0, "", "ASAP", None), (1, "", "ALAP", None),
        (2, "2026-03-04T08:00:00", "MSO", date(2026, 3, 4)),
        (3, "2026-03-04T17:00:00", "MFO", date(2026, 3, 4)),
        (4, "2026-03-04T00:00:00", "SNET", date(2026, 3, 4)),
        (5, "2026-03-04T10:00:00", "SNLT", datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))),
        (6, "2026-03-04T12:00:00", "FNET", datetime(2026, 3, 4, 12, tzinfo=ZoneInfo("Asia/Shanghai"))),
        (7, "2026-03-08T00:00:00", "FNLT", date(2026, 3, 7)),  # a Saturday, to its end
        (4, "2026-03-04T02:00:00Z", "SNET", datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))),
    ],
)  # fmt: skip
def test_constraints(read, code: int, text: str, name: str, expected: object) -> None:
    dated = e("ConstraintDate", text) if text else ""
    model, _ = read(document(task(1, e("ConstraintType", code), dated)), timezone="Asia/Shanghai")
    found = model.tasks["1"]
    assert (found.constraint, found.constraint_date) == (name, expected)
    assert type(found.constraint_date) is type(expected)


def test_progress_cost_deadline_notes_and_calendar(read) -> None:
    text = document(
        task(1, e("Duration", "PT80H0M0S"), e("PercentComplete", 25), e("Cost", 150050), e("FixedCost", 50000),
             e("ActualStart", "2026-03-02T08:00:00"), e("ActualFinish", "2026-03-13T16:00:00"),
             e("RemainingDuration", "PT40H0M0S"), e("CalendarUID", 2), e("Deadline", "2026-03-20T17:00:00"),
             e("Notes", "two\nlines &amp; more")),
        calendars=calendar() + calendar(2),
    )  # fmt: skip
    model, report = read(text)
    one = model.tasks["1"]
    assert one.percent_complete == 25
    assert one.planned_cost == co.Money("1500.50", "EUR")
    assert one.actual_start == date(2026, 3, 2)
    assert one.actual_finish == datetime(2026, 3, 13, 16, tzinfo=ZoneInfo("UTC"))
    assert one.remaining == co.Duration(5)
    assert (one.calendar, one.deadline, one.description) == ("2", date(2026, 3, 20), "two\nlines & more")
    assert told(report) == []


def test_what_remains_is_kept_only_where_it_is_no_result_of_the_percentage(read) -> None:
    parts = (e("Duration", "PT80H0M0S"), e("PercentComplete", 33), e("RemainingDuration", "PT53H36M0S"))
    assert read(document(task(1, *parts)))[0].tasks["1"].remaining is None


def test_fixed_work_is_effort_and_other_work_only_where_it_says_more(read) -> None:
    rest = (
        "<Resources><Resource><UID>1</UID><Name>Writer</Name><Type>1</Type><MaxUnits>1.5</MaxUnits></Resource></Resources>"
        "<Assignments>"
        + "".join(
            f"<Assignment><UID>{n}</UID><TaskUID>{n}</TaskUID><ResourceUID>1</ResourceUID><Units>0.5</Units></Assignment>"
            for n in (1, 2, 3)
        )
        + "<Assignment><UID>4</UID><TaskUID>4</TaskUID><ResourceUID>-65535</ResourceUID></Assignment></Assignments>"
    )
    model, report = read(
        document(
            task(1, e("Type", 2), e("Duration", "PT32H0M0S"), e("Work", "PT16H0M0S"))
            + task(2, e("Type", 1), e("Duration", "PT32H0M0S"), e("Work", "PT16H0M0S"))
            + task(3, e("Type", 1), e("Duration", "PT32H0M0S"), e("Work", "PT20H0M0S"))
            + task(4),
            rest,
        )
    )
    assert [(one.duration and str(one.duration), one.effort and str(one.effort)) for one in model.tasks] == [
        (None, "16h"), ("4d", None), ("4d", "20h"), (None, None),
    ]  # fmt: skip
    assert model.tasks["1"].allocations == (co.Allocation("1", Decimal("0.5")),)
    assert model.tasks["4"].allocations == ()
    assert model.positions["1"].title == "Writer"
    assert model.positions["1"].seat_fte == Decimal("1.5")
    assert model.positions["1"].unit == "resources"
    assert told(report) == []


# --- calendars ----------------------------------------------------------------------------------------------


def exception(first: str, last: str, *parts: str, name: str = "Closed") -> str:
    period = f"<TimePeriod><FromDate>{first}T00:00:00</FromDate><ToDate>{last}T23:59:00</ToDate></TimePeriod>"
    return f"<Exceptions><Exception>{period}{e('Name', name)}{''.join(parts)}</Exception></Exceptions>"


def holidays(read, exceptions: str) -> tuple[date, ...]:
    model, report = read(document(calendars=calendar(more=exceptions)))
    assert told(report) == []
    return model.calendars["1"].holidays


def test_a_run_of_days_off(read) -> None:
    found = holidays(read, exception("2026-10-01", "2026-10-03", e("DayWorking", 0)))
    assert found == (date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        # Christmas; the last Monday of May; the 15th; the first working day; a Friday each 52 weeks; each 300th day.
        ({"Type": 2, "Month": 11, "MonthDay": 25}, ["2026-12-25", "2027-12-25"]),
        ({"Type": 3, "Month": 4, "MonthItem": 4, "MonthPosition": 4}, ["2026-05-25", "2027-05-31"]),
        ({"Type": 4, "Period": 6, "MonthDay": 15}, ["2026-01-15", "2026-07-15", "2027-01-15", "2027-07-15"]),
        ({"Type": 5, "Period": 12, "MonthItem": 1, "MonthPosition": 0}, ["2026-01-01", "2027-01-01"]),
        ({"Type": 6, "Period": 52, "DaysOfWeek": 32}, ["2026-01-02", "2027-01-01", "2027-12-31"]),
        ({"Type": 1, "Period": 300}, ["2026-01-01", "2026-10-28", "2027-08-24"]),
        ({"Type": 2, "Month": 11, "MonthDay": 25, "EnteredByOccurrences": 1, "Occurrences": 1}, ["2026-12-25"]),
    ],
)
def test_exceptions_that_recur(read, parts: dict[str, int], expected: list[str]) -> None:
    found = holidays(read, exception("2026-01-01", "2027-12-31", *(e(*part) for part in parts.items())))
    assert [str(day) for day in found] == expected


def test_a_working_saturday_and_the_form_of_before_2007(read) -> None:
    worked = exception("2026-03-07", "2026-03-07", e("DayWorking", 1), HOURS)
    old = (
        "<WeekDay><DayType>0</DayType><DayWorking>0</DayWorking><TimePeriod><FromDate>2026-04-03T00:00:00</FromDate>"
        "<ToDate>2026-04-03T23:59:00</ToDate></TimePeriod></WeekDay>"
    )
    model, _ = read(document(calendars=calendar(more=worked, week=WEEK + old)))
    found = model.calendars["1"]
    assert found.shifts["2026-03-07"] == (("08:00", "12:00"), ("13:00", "17:00"))
    assert found.holidays == (date(2026, 4, 3),)


def test_a_calendar_takes_over_what_it_does_not_say(read) -> None:
    base = e("IsBaseCalendar", 0) + e("BaseCalendarUID", 1)
    friday = "<WeekDay><DayType>6</DayType><DayWorking>0</DayWorking></WeekDay>"
    text = document(
        task(1, e("CalendarUID", 2)),
        calendars=calendar(more=exception("2026-04-03", "2026-04-03")) + calendar(2, week=friday, base=base),
    )
    model, report = read(text)
    assert sorted(model.calendars["2"].hours) == ["mon", "thu", "tue", "wed"]
    assert model.calendars["2"].holidays == (date(2026, 4, 3),)
    assert told(report) == [("IMP603", ("based", "C1"))]


def test_calendars_of_resources_are_told_only_where_they_say_something(read) -> None:
    base = e("IsBaseCalendar", 0) + e("BaseCalendarUID", 1)
    empty, own = calendar(3, week="", base=base), calendar(4, more=exception("2026-04-03", "2026-04-03"), base=base)
    model, report = read(document(calendars=calendar() + empty + own))
    assert model.calendars.ids == ("1",)
    assert told(report) == [("IMP601", ("", "Resource/CalendarUID"))]


def test_calendars_based_on_each_other_in_a_circle(read) -> None:
    one, other = (calendar(uid, base=e("IsBaseCalendar", 1) + e("BaseCalendarUID", 3 - uid)) for uid in (1, 2))
    model, report = read(document(calendars=one + other))
    assert model.calendars.ids == ("1", "2")
    assert ("IMP602", ("", "Calendar/BaseCalendarUID")) in told(report)


# --- what is odd --------------------------------------------------------------------------------------------


def test_unknown_elements_are_grouped_by_name_and_never_lost_silently(read) -> None:
    text = document(
        task(1, e("HyperlinkAddress", "https://example.org"), e("Recurring", 1))
        + task(2, e("HyperlinkAddress", "https://example.org"))
        + task(3, "<ExtendedAttribute><FieldID>188743731</FieldID><Value>x</Value></ExtendedAttribute>"),
        "<Views><View>Gantt</View></Views>",
    )
    _, report = read(text)
    found = {one.key[1]: one for one in report.findings}
    assert sorted(found) == ["Project/Views", "Task/ExtendedAttribute", "Task/HyperlinkAddress", "Task/Recurring"]
    assert found["Task/HyperlinkAddress"].message == (
        "plan.xml says Task/HyperlinkAddress on lines 12 and 13, which was not read: 1 and 2."
    )


def test_an_element_of_another_namespace_or_twice_over_is_told(read) -> None:
    text = document(task(1, '<note xmlns="urn:x">n</note>', e("Name", "again")))
    model, report = read(text)
    assert model.tasks["1"].name == "1"
    assert {one.key[1] for one in report.findings} == {"Task/{urn:x}note", "Task/Name"}


@pytest.mark.parametrize(
    "parts",
    [
        e("Duration", "soon"), e("Duration", "-PT8H0M0S"), e("Duration", "P9Y"), e("DurationFormat", 99),
        e("PercentComplete", 130), e("PercentComplete", "half"), e("Deadline", "next week"), e("Milestone", "maybe"),
        e("Deadline", "2026-02-30T08:00:00"), e("ConstraintType", 12), e("ConstraintType", 4), e("Cost", "1,5"),
        link(1, e("Type", 7)), link(1, e("LagFormat", 2)), link(1, e("LinkLag", "9" * 30)),
    ],
)  # fmt: skip
def test_values_that_cannot_be_read_are_told_and_left_out(read, parts: str) -> None:
    model, report = read(document(task(1) + task(2, parts)))
    assert [found.code for found in report.findings] == ["IMP602"]
    assert "line 13" in report.findings[0].message
    plain = read(document(task(1) + task(2, "<PredecessorLink><PredecessorUID>1</PredecessorUID></PredecessorLink>")))
    bare = read(document(task(1) + task(2)))
    assert model.tasks["2"] in (plain[0].tasks["2"], bare[0].tasks["2"])


def test_a_task_without_a_uid_is_left_out_and_one_that_shares_it_gets_its_own(read) -> None:
    model, report = read(
        document("<Task><Name>Lost</Name></Task>" + task(1) + task(1, name="Again") + task(2, link(1)))
    )
    assert [(one.id, one.name) for one in model.tasks] == [("1", "1"), ("1#2", "Again"), ("2", "2")]
    assert {found.key[0] for found in report.errors} == {"missing", "duplicate"}
    assert model.tasks["2"].links == (co.Link("1"),)


def test_a_link_to_nothing_is_a_dangling_reference_on_its_line(read) -> None:
    model, report = read(document(task(1) + task(2, link(77))))
    assert model.tasks["2"].links == (co.Link("77"),)
    (found,) = report.findings
    assert found.code.startswith("REF")
    assert str(found.location).endswith("plan.xml:13")


def test_links_in_a_circle_are_found(read) -> None:
    _, report = read(document(task(1, link(2)) + task(2, link(1))))
    assert [found.code for found in report.findings] == ["PLN101"]


def test_manual_tasks_start_when_they_do(read) -> None:
    manual = (e("Manual", 1), e("Start", "2026-03-09T08:00:00"), e("Duration", "PT8H0M0S"))
    model, report = read(document(task(1, *manual)))
    assert (model.tasks["1"].constraint, model.tasks["1"].constraint_date) == ("MSO", date(2026, 3, 9))
    assert told(report) == [("IMP603", ("manual", "Task"))]


def test_inactive_tasks_and_blank_lines_are_left_out(read) -> None:
    model, report = read(document(task(1, e("Active", 0)) + task(2, e("IsNull", 1)) + task(3, link(1))))
    assert model.tasks.ids == ("3",)
    assert model.tasks["3"].links == ()
    assert told(report) == [("IMP604", ("inactive", "Task")), ("IMP604", ("links", "Task"))]


def test_an_assignment_to_a_task_that_is_not_there_is_told(read) -> None:
    rest = (
        "<Resources><Resource><UID>1</UID><Name>Writer</Name></Resource></Resources><Assignments>"
        "<Assignment><UID>1</UID><TaskUID>9</TaskUID><ResourceUID>1</ResourceUID></Assignment></Assignments>"
    )
    _, report = read(document(task(1), rest))
    assert told(report) == [("IMP604", ("assignments", "Assignment"))]


def test_a_task_in_real_time_goes_by_a_calendar_that_is_always_open(read) -> None:
    parts = (e("Duration", "PT48H0M0S"), e("DurationFormat", 8))
    model, _ = read(document(task(1, *parts) + task(2, *parts, link(1, e("LinkLag", 4800), e("LagFormat", 7)))))
    assert model.tasks["1"].duration == co.Duration(2)
    dates = co.plan.schedule(model, "plan").tasks
    assert dates["1"].finish - dates["1"].start == timedelta(hours=48)
    assert model.tasks["2"].links[0].lag_time == "project"


def test_a_project_without_calendars_currency_or_start(read) -> None:
    parts = (e("Cost", 5), e("Start", "2026-05-04T08:00:00"))
    text = document(task(1, *parts), head="").replace(calendar(), "")
    model, report = read(text, timezone="Asia/Shanghai")
    assert model.plans["plan"].start == date(2026, 5, 4)
    assert model.calendars["standard"].timezone == "Asia/Shanghai"
    assert {key for _, key in told(report)} == {("hours", "Project"), ("currency", "Task")}


def test_outline_levels_that_are_left_out_and_outline_numbers_alone(read) -> None:
    jump = task(1) + task(2, level=3)
    model, report = read(document(jump))
    assert model.tasks["2"].parent == "1"
    assert told(report) == [("IMP603", ("outline", "Task"))]
    numbered = "".join(
        f"<Task><UID>{n}</UID><Name>t</Name><OutlineNumber>{number}</OutlineNumber></Task>"
        for n, number in enumerate(["1", "1.1", "1.1.1", "1.2", "2"], 1)
    )
    model, _ = read(document(numbered))
    assert [one.parent for one in model.tasks] == [None, "1", "2", "1", None]


# --- what is refused ----------------------------------------------------------------------------------------


def refused(read, text: str | bytes, **options: object) -> co.errors.Problem:
    with pytest.raises(co.InvalidDocument) as caught:
        read(text, **options)
    assert isinstance(caught.value, co.CommunityOpsError)
    (problem,) = caught.value.problems
    assert problem.location is not None
    return problem


BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>\n<Project xmlns="http://schemas.microsoft.com/project">&c;</Project>'
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        '<!DOCTYPE p SYSTEM "file:///etc/passwd">\n<Project/>',
        '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<Project>&x;</Project>',
        '<!DOCTYPE p [<!ENTITY % x SYSTEM "http://localhost/x.dtd">%x;]>\n<Project/>',
        "<!DOCTYPE Project>\n<Project/>",
    ],
)
def test_document_types_and_entities_are_refused(read, text: str) -> None:
    problem = refused(read, text)
    assert problem.code == "forbidden-xml"
    assert problem.location.line in (1, 2)


def test_xml_that_is_cut_off_names_its_line(read) -> None:
    text = document(task(1) + task(2))
    problem = refused(read, text[: text.index("</Tasks>") - 8])
    assert (problem.code, problem.location.line) == ("bad-xml", 13)


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", b"plan,start\n", b"PK\x03\x04", b'<?xml version="1.0" encoding="klingon"?><a/>']
)
def test_what_is_no_xml_is_refused(read, data: bytes) -> None:
    assert refused(read, data).code == "bad-xml"


@pytest.mark.parametrize(
    "root", ["<Project/>", '<Project xmlns="urn:other"/>', '<Plan xmlns="http://schemas.microsoft.com/project"/>']
)
def test_another_root_or_namespace_is_refused(read, root: str) -> None:
    problem = refused(read, root)
    assert problem.code == "not-mspdi"
    assert "http://schemas.microsoft.com/project" in problem.message


def test_the_namespace_of_the_schema_of_2007_is_known(read) -> None:
    model, _ = read(document(task(1)).replace("/project", "/project/2007"))
    assert model.tasks.ids == ("1",)


def test_a_project_that_starts_nowhere_is_refused(read) -> None:
    assert refused(read, document(task(1), head="")).code == "missing-start"


def test_too_deep_and_too_long_files_are_refused(read) -> None:
    deep = document("<a>" * 100_000 + "</a>" * 100_000)
    assert refused(read, deep).code == "too-deep"
    assert refused(read, document(), document_limit=100).code == "too-large"


def test_files_in_other_encodings(read) -> None:
    text = document(task(1, name="内容")).replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert read(text.encode("utf-16"))[0].tasks["1"].name == "内容"
    latin = document(task(1, name="Café")).replace("UTF-8", "ISO-8859-1")
    assert read(latin.encode("latin-1"))[0].tasks["1"].name == "Café"
    assert read(b"\xef\xbb\xbf" + document(task(1)).encode())[0].tasks.ids == ("1",)


def test_a_time_zone_that_is_none(read) -> None:
    with pytest.raises(ValueError, match="time zone"):
        read(document(), timezone="Mars/Olympus")


def test_the_extra_is_named_where_defusedxml_is_missing(read, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*sys.modules]:
        if name.partition(".")[0] == "defusedxml":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "defusedxml", None)
    with pytest.raises(co.MissingExtra, match=r"community-ops\[msproject\]"):
        read(document())


def test_records_stand_on_their_lines(read) -> None:
    model, _ = read(document(task(1) + task(2)))
    source = model.provenance.source
    assert source is not None
    assert str(source.locate(co.Ref("task", "2"))).endswith("plan.xml:13")
    assert str(source.locate(co.Ref("calendar", "1"))).endswith("plan.xml:3")
    assert source.locate(co.Ref("task", "9")) is None


# --- further oddities of calendars and resources --------------------------------------------------------------


def day(code: int, *parts: str) -> str:
    return f"<WeekDay><DayType>{code}</DayType>{''.join(parts)}</WeekDay>"


def window(start: str, end: str) -> str:
    return f"<WorkingTimes><WorkingTime>{e('FromTime', start)}{e('ToTime', end)}</WorkingTime></WorkingTimes>"


def test_hours_to_midnight_and_a_working_day_without_hours(read) -> None:
    week = day(2, e("DayWorking", 1), window("20:00:00", "00:00:00")) + day(3, e("DayWorking", 1))
    model, report = read(document(calendars=calendar(week=week)))
    assert dict(model.calendars["1"].hours) == {
        "mon": (("20:00", "24:00"),), "tue": (("08:00", "12:00"), ("13:00", "17:00")),
    }  # fmt: skip
    assert told(report) == [("IMP603", ("hours", "WeekDay"))]


@pytest.mark.parametrize(
    "wrong",
    [
        day(2, window("eight", "12:00:00")), day(2, window("25:00:00", "12:00:00")),
        day(2, window("08:00", "12:00:00")), day(2, window("08:00:30", "12:00:00")), day(9),
        day(2, window("08:00:00", "NA")),
    ],
)  # fmt: skip
def test_days_and_times_that_are_none_are_left_out(read, wrong: str) -> None:
    model, report = read(document(calendars=calendar(week=wrong + day(3, window("09:00:00", "17:00:00")))))
    assert dict(model.calendars["1"].hours) == {"tue": (("09:00", "17:00"),)}
    assert {found.code for found in report.findings} <= {"IMP602"}


def test_a_calendar_without_a_week_works_as_ms_project_does(read) -> None:
    model, report = read(document(calendars=calendar(week="<WeekDay/>")))
    assert sorted(model.calendars["1"].hours) == ["fri", "mon", "thu", "tue", "wed"]
    assert model.calendars["1"].hours["fri"] == (("08:00", "12:00"), ("13:00", "17:00"))
    assert told(report) == [("IMP603", ("hours", "Calendar"))]


def test_a_length_that_no_unit_can_write_out_is_right_to_the_microsecond(read) -> None:
    model, _ = read(document(task(1, e("Duration", "PT0H0M0.000001S"))))
    assert co.plan.schedule(model, "plan").tasks["1"].work == timedelta(microseconds=1)


def test_a_calendar_that_starts_and_ends_at_once_is_not_open(read) -> None:
    model, _ = read(document(calendars=calendar(week=day(2, window("08:00:00", "08:00:00")))))
    assert dict(model.calendars["1"].hours) == {}


def test_calendars_without_a_uid_or_with_the_same(read) -> None:
    unnamed = calendar().replace("<UID>1</UID>", "")
    model, report = read(document(calendars=calendar() + unnamed + calendar()))
    assert model.calendars.ids == ("1", "1#2")
    assert {key for _, key in told(report)} == {("missing", "Calendar"), ("duplicate", "Calendar")}


def test_a_calendar_of_the_project_that_is_not_there_is_a_dangling_reference(read) -> None:
    model, report = read(document(task(1, e("Duration", "PT8H0M0S")), head=HEAD.replace("UID>1<", "UID>9<")))
    assert model.plans["plan"].calendar == "9"
    assert [found.code[:3] for found in report.findings] == ["REF"]


@pytest.mark.parametrize(
    "parts",
    [
        exception("2026-03-07", "2026-03-01"),
        exception("1900-01-01", "2026-01-01"),
        "<Exceptions><Exception><Name>No time</Name></Exception></Exceptions>",
        exception("2026-01-01", "2026-12-31", e("Type", 2), e("Month", 12), e("MonthDay", 1)),
        exception("2026-01-01", "2026-12-31", e("Type", 2), e("Month", 1), e("MonthDay", 32)),
        exception("2026-01-01", "2026-12-31", e("Type", 3), e("Month", 1), e("MonthItem", 12), e("MonthPosition", 1)),
        exception("2026-01-01", "2026-12-31", e("Type", 6), e("DaysOfWeek", 128)),
        exception("2026-01-01", "2026-12-31", e("Type", 7)),
        exception("2026-01-01", "2026-12-31", e("Type", 1), e("Period", 99999999)),
        exception("1900-01-01", "2026-12-31", e("Type", 4), e("MonthDay", 1)),
    ],
)
def test_exceptions_whose_dates_cannot_be_told(read, parts: str) -> None:
    model, report = read(document(calendars=calendar(more=parts)))
    assert model.calendars["1"].holidays == ()
    assert told(report) == [("IMP604", ("exceptions", "Exception"))]


def test_an_exception_may_end_at_the_midnight_after_it(read) -> None:
    parts = exception("2026-03-07", "2026-03-08").replace("23:59", "00:00")
    assert holidays(read, parts) == (date(2026, 3, 7),)


def test_an_exception_that_recurs_in_an_endless_file_stops(read) -> None:
    parts = (e("Type", 1), e("Period", 2), e("EnteredByOccurrences", 1), e("Occurrences", 3))
    found = holidays(read, exception("2026-01-01", "9999-12-31", *parts))
    assert [str(one) for one in found] == ["2026-01-01", "2026-01-03", "2026-01-05"]


def resource(*parts: str) -> str:
    return f"<Resource>{''.join(parts)}</Resource>"


def test_resources_that_are_odd(read) -> None:
    rest = (
        "<Resources>"
        + resource(e("UID", 0), e("Name", ""))
        + resource(e("UID", 1), e("Name", "Writer"), e("MaxUnits", "-1"), e("EmailAddress", "w@example.org"))
        + resource(e("UID", 1), e("Name", "Another"))
        + resource(e("Name", "Lost"))
        + resource(e("UID", 2), e("Name", "Blank"), e("IsNull", 1))
        + resource(e("UID", 3), e("Name", "Paper"), e("Type", 0))
        + resource(e("UID", 4), e("Name", "Crew"), e("MaxUnits", "3.0"))
        + "</Resources><Assignments>"
        + "<Assignment><UID>1</UID><TaskUID>1</TaskUID><ResourceUID>1</ResourceUID><Units>-2</Units></Assignment>"
        + "<Assignment><UID>2</UID><TaskUID>1</TaskUID><ResourceUID>3</ResourceUID></Assignment>"
        + "<Assignment><UID>3</UID><ResourceUID>1</ResourceUID></Assignment></Assignments>"
    )
    model, report = read(document(task(1), rest))
    assert [(one.id, one.title, one.seats) for one in model.positions] == [
        ("1", "Writer", 1), ("1#2", "Another", 1), ("4", "Crew", 3),
    ]  # fmt: skip
    assert model.tasks["1"].allocations == (co.Allocation("1", Decimal(1)),)
    assert set(told(report)) == {
        ("IMP602", ("", "Resource/MaxUnits")), ("IMP602", ("", "Assignment/Units")),
        ("IMP605", ("missing", "Resource")), ("IMP605", ("duplicate", "Resource")),
        ("IMP604", ("resources", "Resource")),
        ("IMP604", ("assignments", "Assignment")), ("IMP601", ("", "Resource/EmailAddress")),
    }  # fmt: skip


@pytest.mark.parametrize("wrong", [e("MinutesPerDay", 0), e("DaysPerMonth", -3), e("MinutesPerWeek", "many")])
def test_settings_that_make_no_sense_are_told_and_the_usual_ones_taken(read, wrong: str) -> None:
    model, report = read(document(head=HEAD + wrong))
    found = model.calendars["1"]
    assert (found.day_length, found.week_length, found.days_per_month) == (timedelta(hours=8), timedelta(hours=40), 20)
    assert [one.code for one in report.findings] == ["IMP602"]


def test_times_at_the_ends_of_the_calendar_of_years(read) -> None:
    parts = (e("ConstraintType", 7), e("ConstraintDate", "0001-01-01T00:00:00"), e("Deadline", "9999-12-31T23:59:59"))
    model, _ = read(document(task(1, *parts)), timezone="Asia/Shanghai")
    assert model.tasks["1"].constraint_date.year == 1
    assert model.tasks["1"].deadline.year == 9999


def test_a_time_that_the_change_of_the_clocks_leaves_out(read) -> None:
    parts = (e("ConstraintType", 4), e("ConstraintDate", "2026-03-29T02:30:00"))
    model, _ = read(document(task(1, *parts)), timezone="Europe/Berlin")
    assert model.tasks["1"].constraint_date.astimezone(ZoneInfo("UTC")).hour == 1
