"""What is written stands in the order of Microsoft's schema, which MS Project insists on.

The orders are those of "XML Schema for the ... Element" in the Project 2007 XML Data Interchange Schema Reference, of
the elements that are written and those between which they stand.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

import community_ops as co

ORDERS = {
    "Project": "SaveVersion UID Name Title Subject Category Company ScheduleFromStart StartDate FinishDate "
    "CurrencyDigits CurrencySymbol CurrencyCode CurrencySymbolPosition CalendarUID DefaultStartTime "
    "DefaultFinishTime MinutesPerDay MinutesPerWeek DaysPerMonth DefaultTaskType DurationFormat "
    "WorkFormat Calendars Tasks Resources Assignments",
    "Calendar": "UID Name IsBaseCalendar BaseCalendarUID WeekDays Exceptions WorkWeeks",
    "WeekDay": "DayType DayWorking TimePeriod WorkingTimes",
    "WorkingTime": "FromTime ToTime",
    "Exception": "EnteredByOccurrences TimePeriod Occurrences Name Type Period DaysOfWeek MonthItem MonthPosition "
    "Month MonthDay DayWorking WorkingTimes",
    "TimePeriod": "FromDate ToDate",
    "Task": "UID ID Name Type IsNull CreateDate Contact WBS WBSLevel OutlineNumber OutlineLevel Priority Start "
    "Finish Duration DurationFormat Work Stop Resume ResumeValid EffortDriven Recurring OverAllocated "
    "Estimated Milestone Summary Critical FixedCost FixedCostAccrual PercentComplete PercentWorkComplete "
    "Cost OvertimeCost OvertimeWork ActualStart ActualFinish ActualDuration RemainingDuration "
    "RemainingCost ConstraintType CalendarUID ConstraintDate Deadline LevelAssignments Notes HideBar "
    "PredecessorLink",
    "PredecessorLink": "PredecessorUID Type CrossProject CrossProjectName LinkLag LagFormat",
    "Resource": "UID ID Name Type IsNull Initials MaxUnits PeakUnits",
    "Assignment": "UID TaskUID ResourceUID PercentWorkComplete Summary SV Units UpdateNeeded VAC Work WorkContour",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> ElementTree.Element:
    hours = dict.fromkeys(("mon", "tue"), (("09:00", "24:00"),))
    office = co.Calendar(
        id="office", timezone="Asia/Shanghai", hours=hours, holidays=[date(2026, 5, 1)],
        shifts={date(2026, 5, 2): (("09:00", "12:00"),)},
    )  # fmt: skip
    full = co.Task(
        id="a", name="A <b>", plan="p", parent="top", duration=co.Duration(3), effort=co.Duration(1), calendar="press",
        constraint="FNLT", constraint_date=date(2026, 4, 1), deadline=date(2026, 4, 2), percent_complete=Decimal(10),
        actual_start=date(2026, 3, 3), actual_finish=date(2026, 3, 9), remaining=co.Duration(2), description="d",
        planned_cost=co.Money(3, "CNY"), allocations=[co.Allocation("writer")],
        links=[co.Link("b", "SS", co.Duration(1)), co.Link("b", lag_percent=10)],
    )  # fmt: skip
    model = co.OperatingModel.of(
        office, co.Calendar(id="press", hours=hours), co.Position(id="writer", title="Writer", unit="u"),
        co.Plan(id="p", name="P", start=date(2026, 3, 2), calendar="office", description="about"),
        co.Task(id="b", name="B", plan="p", kind="milestone"), co.Task(id="top", name="Top", plan="p"), full,
    )  # fmt: skip
    path = tmp_path_factory.mktemp("schema") / "plan.xml"
    co.io.write_mspdi(model, "p", path)
    return ElementTree.parse(path).getroot()


@pytest.mark.parametrize("name", ORDERS)
def test_elements_stand_in_the_order_of_the_schema(root: ElementTree.Element, name: str) -> None:
    space = "{http://schemas.microsoft.com/project}"
    order = ORDERS[name].split()
    found = [root] if name == "Project" else list(root.iter(space + name))
    assert found
    for element in found:
        places = [order.index(child.tag.removeprefix(space)) for child in element]
        assert places == sorted(places)


def test_ids_count_from_one_and_times_have_no_zone(root: ElementTree.Element) -> None:
    space = {"p": "http://schemas.microsoft.com/project"}
    assert [one.text for one in root.findall("p:Tasks/p:Task/p:ID", space)] == ["1", "2", "3"]
    assert [one.text for one in root.findall("p:Tasks/p:Task/p:OutlineNumber", space)] == ["1", "2", "2.1"]
    starts = [one.text for one in root.findall("p:Tasks/p:Task/p:Start", space)]
    assert starts[0] == "2026-03-02T09:00:00"
    uids = {one.text for one in root.findall("p:Tasks/p:Task/p:UID", space)}
    linked = {one.text for one in root.iter("{http://schemas.microsoft.com/project}PredecessorUID")}
    assert linked <= uids


def test_midnight_at_the_end_of_a_day_is_written_as_the_clock_shows_it(root: ElementTree.Element) -> None:
    ends = {one.text for one in root.iter("{http://schemas.microsoft.com/project}ToTime")}
    assert "00:00:00" in ends
    assert "24:00:00" not in ends
