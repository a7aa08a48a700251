"""A queue's week against those assigned to it: by hand, and against minutes counted one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops import Absence, Assignment, Calendar, DateRange, OperatingModel, Person, Position, SkillLevel, Unit
from community_ops.errors import InvalidRecord, NotAnInstant, UnknownRecord
from community_ops.service import Demand, Queue, Volume
from community_ops.service.rostering import HourStaffing, QueueStaffing, staffing
from community_ops.service.staffing import required_agents
from community_ops.templates import community_operations
from community_ops.worktime.windows import DAYS

MONDAY = date(2026, 3, 2)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
EVENING = Volume(36, "19:00", "21:00")


def hours(id: str = "service", *windows: tuple[str, str], **fields: Any) -> Calendar:
    return Calendar(id=id, hours=dict.fromkeys(DAYS, windows or (("09:00", "21:00"),)), **fields)


def chat(*volumes: Volume, **fields: Any) -> Queue:
    """Return a queue whose contacts take five minutes each."""
    own = {name: fields.pop(name) for name in list(fields) if name in ("unit", "calendar", "skills")}
    demand = Demand(**{"handling": 5 * MINUTE, "volumes": volumes or (EVENING,)} | fields)
    return Queue(**{"id": "chat", "name": "Chat", "unit": "service", "calendar": "service", "demand": demand} | own)


def crew(*ftes: Any, position: str = "agent", first: int = 0) -> list[Assignment]:
    return [
        Assignment(id=f"{position}{n}", person=f"p{n}", position=position, fte=fte) for n, fte in enumerate(ftes, first)
    ]


def model(*records: Any, calendar: Calendar | None = None) -> OperatingModel:
    return OperatingModel.of(
        Unit(id="service", name="Service"),
        Position(id="agent", title="Agent", unit="service", seats=4),
        calendar or hours(),
        *records,
    )


def found(*records: Any, at: date = MONDAY, **fields: Any) -> QueueStaffing:
    result = staffing(model(*records, **fields), "chat", at)
    assert result is not None
    return result


def at(hour: HourStaffing) -> str:
    return f"{hour.start:%a %H}"


class TestTheTemplatesChat:
    """Thirty-six an hour of five minutes each, four in five within a minute: five agents, eight on the roster."""

    def test_five_agents_and_eight_on_the_roster_against_four_seats(self) -> None:
        week = found(chat(), *crew(1, 1, 1, "0.5", "0.5"))
        assert [at(hour) for hour in week.hours[:3]] == ["Mon 19", "Mon 20", "Tue 19"]
        assert len(week.hours) == 14
        for hour in week.hours:
            assert (hour.contacts, hour.load, hour.served) == (36, 3, HOUR)
            assert (hour.required, hour.rostered, hour.assigned, hour.short) == (5, 8, 4, 4)
        assert (week.monday, week.live, week.assigned) == (MONDAY, True, 4)
        assert week.people == ("p0", "p1", "p2", "p3", "p4")
        assert week.worst == week.hours[0]
        assert week.short_hours == week.hours

    def test_the_week_takes_the_hours_of_all_who_are_needed(self) -> None:
        # At one erlang 1/3 wait for two agents and 1/11 for three: 0.727 and 0.939 are answered within a minute. Three
        # are five with shrinkage: 10 hours of five and 2 of eight on 7 days are 462 hours, or 11.55 weeks of 40.
        week = found(chat(Volume(12, "09:00", "19:00"), EVENING), *crew(1, 1, 1, 1))
        assert {(hour.required, hour.rostered) for hour in week.hours} == {(3, 5), (5, 8)}
        assert (week.needed, week.short) == (Decimal("11.55"), Decimal("7.55"))
        assert (week.worst and at(week.worst), len(week.short_hours)) == ("Mon 19", 84)

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_the_template_has_four_for_eight(self, language: Any) -> None:
        week = staffing(community_operations(language), "chat", MONDAY)
        assert week is not None
        assert week.worst is not None
        assert (week.worst.required, week.worst.rostered, week.worst.assigned) == (5, 8, 4)
        assert len(week.short_hours) == 14
        assert len(week.people) == 5  # one of the four seats is shared
        # At half an erlang 0.5 wait for one agent and 0.1 for two: 0.548 and 0.926. Two are three on the roster, in 10
        # hours a day, and eight in two: 322 hours a week.
        assert week.needed == Decimal("8.05")

    def test_it_says_so(self) -> None:
        assert str(found(chat(), *crew(1, 1, 1, 1))) == (
            "chat: 2.8 FTE needed over the week, 4 assigned; 14 hours short, Mon 19:00 8 rostered needed"
        )
        once = chat(Volume(36, "19:00", "20:00", ["tue"]))
        assert str(found(once)).endswith("0 assigned; 1 hour short, Tue 19:00 8 rostered needed")
        enough = found(once, *crew(*[1] * 8))
        assert (str(enough), enough.worst, enough.short) == ("chat: 0.2 FTE needed over the week, 8 assigned", None, 0)

    def test_it_stands_where_users_look_for_it(self) -> None:
        assert co.service.staffing.staffing(model(chat()), "chat", MONDAY) == found(chat())

    def test_the_first_of_the_worst_hours_is_the_worst(self) -> None:
        week = found(chat(Volume(12, days=["mon", "tue"]), Volume(24, "15:00", "17:00", ["tue"])))
        assert week.worst is not None
        assert at(week.worst) == "Tue 15"


class TestWhatComes:
    def test_volumes_of_one_hour_add_up(self) -> None:
        week = found(
            chat(Volume(30, "19:00", "21:00"), Volume(6, "20:00", "21:00", ["mon"]), Volume("0.5", days=["mon"]))
        )
        told = {at(hour): hour.contacts for hour in week.hours}
        assert told["Mon 09"] == Decimal("0.5")
        assert told["Mon 20"] == Decimal("36.5")
        assert told["Tue 20"] == 30
        assert "Tue 09" not in told

    def test_what_goes_over_midnight_belongs_to_the_day_it_begins_on(self) -> None:
        day = hours("service", ("00:00", "24:00"))
        week = found(chat(Volume(9, "22:00", "02:00", ["sun", "wed"])), calendar=day)
        assert [at(hour) for hour in week.hours] == [
            "Mon 00", "Mon 01", "Wed 22", "Wed 23", "Thu 00", "Thu 01", "Sun 22", "Sun 23",
        ]  # fmt: skip

    @pytest.mark.parametrize(("start", "end"), [("00:00", "24:00"), ("00:00", "00:00"), ("06:00", "06:00")])
    def test_a_whole_day_has_twenty_four_hours(self, start: str, end: str) -> None:
        day = hours("service", ("00:00", "24:00"))
        assert len(found(chat(Volume(1, start, end)), calendar=day).hours) == 7 * 24

    def test_hours_without_contacts_and_closed_ones_are_left_out(self) -> None:
        assert found(chat(Volume(0))).hours == ()
        assert found(chat(Volume(36, "21:00", "09:00"))).hours == ()
        assert found(chat(Volume(0))).needed == 0

    def test_no_demand_is_not_known(self) -> None:
        assert staffing(model(Queue(id="chat", name="Chat", unit="service")), "chat", MONDAY) is None

    def test_an_unknown_queue_is_named(self) -> None:
        with pytest.raises(UnknownRecord, match="mail"):
            staffing(model(chat()), "mail", MONDAY)

    def test_demand_beyond_reckoning_is_refused(self) -> None:
        with pytest.raises(InvalidRecord, match="load"):
            found(chat(Volume(10**9)))

    def test_several_at_once_take_fewer(self) -> None:
        # Three places are no more than three erlangs; of six, 0.0991 find all busy, and 0.946 are answered in a minute.
        hour = found(chat(concurrency=3)).hours[0]
        assert (hour.required, hour.rostered) == (2, 3)

    def test_every_number_of_the_demand_is_heeded(self) -> None:
        # Of three erlangs 0.0991 find six agents busy and 0.0376 seven: 0.919 and 0.971 are answered within 20 s.
        own = {"service_level": "0.95", "answer_within": timedelta(seconds=20), "occupancy": "0.5", "shrinkage": 0}
        hour = found(chat(**own)).hours[0]
        assert (hour.required, hour.rostered) == (7, 7)
        calm = found(chat(service_level=0, occupancy="0.1", shrinkage="0.5")).hours[0]
        assert (calm.required, calm.rostered) == (30, 60)
        patient = found(chat(patience=MINUTE)).hours[0]
        assert patient.required < 5


class TestWhenItIsServed:
    def test_only_the_part_of_an_hour_that_is_served_counts(self) -> None:
        half = hours("service", ("19:30", "21:00"))
        week = found(chat(), *crew(1, 1), calendar=half)
        first, second = week.hours[:2]
        assert (first.served, first.rostered, first.assigned) == (30 * MINUTE, 8, 2)
        assert (second.served, second.assigned) == (HOUR, 2)
        assert week.needed == Decimal("2.1")  # 8 x 1.5 h x 7 / 40 h

    def test_those_count_who_are_there_while_it_is_served(self) -> None:
        unit = Unit(id="service", name="Service", calendar="shift")
        shift = hours("shift", ("09:00", "19:20"), ("20:45", "23:00"))
        week = found(chat(), *crew(1, 1, 1)).hours
        late = OperatingModel.of(
            *[one for one in model(chat(), *crew(1, 1, 1)) if one.id != "service"], unit, shift, hours()
        )
        part = staffing(late, "chat", MONDAY)
        assert part is not None
        assert {hour.assigned for hour in week} == {3}
        assert [hour.assigned for hour in part.hours[:2]] == [1, Decimal("0.75")]

    def test_who_is_there_before_it_opens_does_not_count(self) -> None:
        unit = Unit(id="early", name="Early", parent="service", calendar="early")
        early = [unit, hours("early", ("09:00", "19:40")), Position(id="bird", title="Bird", unit="early")]
        week = found(chat(), *early, *crew(1, 1, 1, position="bird"), calendar=hours("service", ("19:30", "21:00")))
        assert [hour.assigned for hour in week.hours[:2]] == [1, 0]  # ten of the thirty minutes

    def test_holidays_and_shifts_are_those_of_the_week_asked_for(self) -> None:
        own = hours(holidays=[date(2026, 3, 3)], shifts={"2026-03-04": (("20:00", "21:00"),), "2026-03-11": ()})
        first = found(chat(), calendar=own)
        assert [at(hour) for hour in first.hours[:4]] == ["Mon 19", "Mon 20", "Wed 20", "Thu 19"]
        for day in range(7):
            assert found(chat(), calendar=own, at=MONDAY + timedelta(days=day)) == first
        second = found(chat(), calendar=own, at=MONDAY + timedelta(days=7))
        assert second.monday == date(2026, 3, 9)
        assert [at(hour) for hour in second.hours[2:6]] == ["Tue 19", "Tue 20", "Thu 19", "Thu 20"]

    def test_the_hours_are_those_of_the_queues_clocks(self) -> None:
        week = found(chat(), calendar=hours(timezone="Asia/Shanghai"))
        assert week.hours[0].start.astimezone(UTC) == datetime(2026, 3, 2, 11, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("zone", "day", "lengths"),
        [
            ("Europe/Berlin", date(2026, 3, 29), [60, 60, 60]),  # 02:00 to 03:00 is left out
            ("Europe/Berlin", date(2026, 10, 25), [60, 60, 120, 60]),  # 02:00 to 03:00 comes twice
            ("Australia/Lord_Howe", date(2026, 10, 4), [60, 60, 30, 60]),  # 02:00 to 02:30 is left out
            ("Australia/Lord_Howe", date(2026, 4, 5), [60, 90, 60, 60]),  # 01:30 to 02:00 comes twice
            ("Antarctica/Troll", date(2026, 3, 29), [60, 60]),  # 01:00 to 03:00 is left out
        ],
    )
    def test_an_hour_is_as_long_as_the_clocks_have_it(self, zone: str, day: date, lengths: list[int]) -> None:
        own = hours("service", ("00:00", "24:00"), timezone=zone)
        week = found(chat(Volume(36, "00:00", "04:00", ["sun"])), *crew(1, 1), calendar=own, at=day)
        assert [hour.served / MINUTE for hour in week.hours] == lengths
        assert {hour.assigned for hour in week.hours} == {2}
        assert week.needed == 8 * Decimal(sum(lengths)) / 60 / 40

    def test_a_date_that_a_zone_left_out_has_no_hours(self) -> None:
        own = hours("service", ("00:00", "24:00"), timezone="Pacific/Apia")
        week = found(chat(Volume(36)), calendar=own, at=date(2011, 12, 29))
        assert {hour.start.date().day for hour in week.hours} == {26, 27, 28, 29, 31, 1}
        assert len(week.hours) == 6 * 24

    @pytest.mark.parametrize(
        ("zone", "days"),
        # Work is counted up to the end of the 30th of December 9999 in UTC, a Thursday.
        [("UTC", "Mon Tue Wed Thu"), ("Asia/Shanghai", "Mon Tue Wed Thu"), ("America/Los_Angeles", "Mon Tue Wed")],
    )
    def test_what_is_left_of_a_week_at_the_end_of_dates_stands_for_it(self, zone: str, days: str) -> None:
        own = hours(timezone=zone)
        last = found(chat(), calendar=own, at=date.max)
        assert [at(hour) for hour in last.hours] == [f"{day} {hour}" for day in days.split() for hour in (19, 20)]
        assert last.needed == Decimal("0.4") * len(days.split())  # two hours of eight a day
        first = found(chat(), calendar=own, at=date.min)
        assert (first.monday, len(first.hours), at(first.hours[0])) == (date.min, 12, "Tue 19")

    @pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/Los_Angeles"])
    def test_weeks_around_the_clock_come_to_an_end_as_well(self, zone: str) -> None:
        own = hours("service", ("00:00", "24:00"), timezone=zone)
        for day in (date.min, date.max):
            starts = [hour.start for hour in found(chat(Volume(1)), calendar=own, at=day).hours]
            assert 4 * 24 - 8 <= len(starts) <= 6 * 24
            assert starts == sorted(starts)

    def test_of_an_instant_the_day_counts_that_its_own_clocks_show(self) -> None:
        late = datetime(2026, 3, 2, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # on Sunday in UTC
        assert staffing(model(chat()), "chat", late) == found(chat())
        assert staffing(model(chat()), "chat", late.astimezone(UTC)) == found(chat(), at=date(2026, 3, 1))
        with pytest.raises(NotAnInstant):
            staffing(model(chat()), "chat", late.replace(tzinfo=None))

    def test_a_queue_without_a_calendar_is_served_around_the_clock(self) -> None:
        for calendar in (None, "lost"):
            assert len(found(chat(Volume(36), calendar=calendar)).hours) == 7 * 24


class TestWhoIsThere:
    def test_parts_of_the_unit_count_and_others_do_not(self) -> None:
        more = [
            Unit(id="night", name="Night", parent="service"),
            Unit(id="other", name="Other"),
            Position(id="owl", title="Owl", unit="night"),
            Position(id="elsewhere", title="Elsewhere", unit="other"),
            Position(id="lost", title="Lost", unit="nowhere"),
        ]
        held = [*crew(1), *crew("0.5", position="owl", first=1), *crew(1, position="elsewhere", first=2)]
        week = found(chat(), *more, *held, *crew(1, position="lost", first=3), *crew(1, position="gone", first=4))
        assert (week.people, week.assigned) == (("p0", "p1"), Decimal("1.5"))

    def test_parts_work_by_their_own_calendar(self) -> None:
        night = Unit(id="night", name="Night", parent="service", calendar="dark")
        owl = Position(id="owl", title="Owl", unit="night")
        dark = hours("dark", ("20:00", "04:00"))
        week = found(chat(), night, owl, dark, *crew(1, 1), *crew(1, position="owl", first=2))
        assert [hour.assigned for hour in week.hours[:2]] == [2, 3]
        assert week.assigned == 3

    @pytest.mark.parametrize("unit", [None, "nowhere"])
    def test_a_queue_without_a_unit_has_nobody(self, unit: str | None) -> None:
        week = found(chat(unit=unit), *crew(1))
        assert (week.people, week.unskilled, week.assigned, week.hours[0].assigned) == ((), (), 0, 0)

    def test_assignments_and_positions_of_the_day_count(self) -> None:
        spring = DateRange(date(2026, 3, 4), None)
        later = Assignment(id="x", person="late", position="agent", period=spring)
        shut = [Position(id="shut", title="Shut", unit="service", status="closed"), *crew(1, position="shut", first=7)]
        assert found(chat(), later, *shut).people == ()
        assert found(chat(), later, *shut, at=date(2026, 3, 4)).people == ("late",)

    def test_shrinkage_stands_for_those_who_are_away(self) -> None:
        away = Absence(id="x", person="p0", period=DateRange(MONDAY, MONDAY))
        assert found(chat(), *crew(1), away) == found(chat(), *crew(1))

    def test_parts_of_full_time_are_exact(self) -> None:
        week = found(chat(), *crew(*["0.1"] * 3, "0.7"))
        assert week.assigned == week.hours[0].assigned == 1
        third = found(chat(), *crew("0." + "3" * 27)).assigned
        with localcontext(prec=4):
            assert found(chat(), *crew("0." + "3" * 27)).assigned == third == Decimal("0." + "3" * 27)
            assert found(chat(), *crew("0." + "3" * 27)).short_hours[0].short == Decimal("7." + "6" * 26 + "7")

    def test_who_holds_two_positions_is_one_of_the_people_with_both_parts(self) -> None:
        second = Position(id="second", title="Second", unit="service")
        more = Assignment(id="x", person="p0", position="second", fte="0.4")
        week = found(chat(), second, *crew("0.6"), more)
        assert (week.people, week.assigned) == (("p0",), 1)

    def test_skills_count_by_level_and_those_who_do_not_exist_have_none(self) -> None:
        asked = chat(skills=[SkillLevel("python", 3), SkillLevel("tact", 2)])
        people = [
            Person(id="p0", name="P", skills=[SkillLevel("python", 3), SkillLevel("tact", 4)]),
            Person(id="p1", name="P", skills=[SkillLevel("python", 2), SkillLevel("tact", 4)]),
            Person(id="p2", name="P", skills=[SkillLevel("python", 5)]),
        ]
        week = found(asked, *people, *crew(1, 1, 1, 1))
        assert (week.people, week.unskilled, week.assigned) == (("p0",), ("p1", "p2", "p3"), 1)
        assert (week.hours[0].assigned, week.needed) == (1, Decimal("2.8"))
        assert found(chat(), *people, *crew(1, 1, 1, 1)).unskilled == ()


class TestWorkThatCanWait:
    MAIL = Volume(34, "09:00", "11:00", ["mon", "tue", "wed", "thu", "fri"])  # 340 a week

    def test_three_hundred_and_forty_of_twelve_minutes_take_two_and_a_half(self) -> None:
        week = found(chat(self.MAIL, live=False, handling=12 * MINUTE, shrinkage="0.2"), *crew(1, 1))
        assert (week.needed, week.short) == (Decimal("2.5"), Decimal("0.5"))  # 68 h / (32 h x 0.85)
        assert (week.live, week.hours, week.worst) == (False, (), None)
        assert str(week) == "chat: 2.5 FTE needed over the week, 2 assigned"

    def test_it_does_not_matter_when_it_comes_and_when_the_queue_is_open(self) -> None:
        night = chat(
            Volume(34, "23:00", "01:00", ["sat", "sun", "mon", "tue", "wed"]), live=False, handling=12 * MINUTE
        )
        day = chat(self.MAIL, live=False, handling=12 * MINUTE)
        assert (
            found(night).needed == found(day).needed == found(day, at=date.max).needed == found(day, at=date.min).needed
        )

    def test_it_is_exact(self) -> None:
        own = hours(week_length=timedelta(hours=37, minutes=30))
        asked = chat(
            Volume(1, "09:00", "10:00", ["mon"]),
            live=False,
            handling=7 * MINUTE,
            concurrency=9,
            shrinkage="0.123456789",
        )
        exact = Fraction(7, 9) / (Fraction(75, 2) * 60 * Fraction(876_543_211, 10**9) * Fraction(85, 100))
        with localcontext(prec=28):
            assert found(asked, calendar=own).needed == Decimal(exact.numerator) / Decimal(exact.denominator)

    def test_the_shortest_work_shared_among_many_is_still_work(self) -> None:
        asked = chat(
            Volume(10**6, "09:00", "10:00", ["mon"]), live=False, handling=timedelta(microseconds=1), concurrency=3,
            shrinkage=0, occupancy=1,
        )  # fmt: skip
        exact = Fraction(1, 3) / (40 * 3600)
        with localcontext(prec=28):
            assert found(asked).needed == Decimal(exact.numerator) / Decimal(exact.denominator)

    def test_a_week_is_that_of_the_unit(self) -> None:
        short = hours("short", week_length=timedelta(hours=20))
        unit = Unit(id="service", name="Service", calendar="short")
        asked = chat(self.MAIL, live=False, handling=12 * MINUTE, shrinkage="0.2")
        week = staffing(OperatingModel.of(unit, short, hours(), asked), "chat", MONDAY)
        assert week is not None
        assert week.needed == 5


# What follows counts minutes one by one.

BOUNDS = ("05:30", "08:00", "09:30", "12:00", "17:15", "21:00", "22:30")  # clear of the hours that clocks change at
ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York")
WEEKS = (MONDAY, date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1))


def clock(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def open_minutes(calendar: Calendar | None, first: datetime, count: int) -> set[int]:
    """Return which of so many minutes a calendar is open in; all for none."""
    if calendar is None:
        return set(range(count))
    zone, found = ZoneInfo(calendar.timezone), set()

    def windows(day: date) -> Any:
        if day.isoformat() in calendar.shifts:
            return calendar.shifts[day.isoformat()]
        return () if day in calendar.holidays else calendar.hours.get(DAYS[day.weekday()], ())

    for n in range(count):
        now = (first + n * MINUTE).astimezone(zone)
        minute = now.hour * 60 + now.minute
        for start, end in windows(now.date()):
            a, b = clock(start), clock(end)
            if (a <= minute < b) or (b <= a <= minute):
                found.add(n)
        for start, end in windows(now.date() - timedelta(days=1)):
            a, b = clock(start), clock(end)
            if b <= a and minute < b:
                found.add(n)
    return found


def contacts_of(volumes: Any) -> dict[int, Fraction]:
    """Return how many contacts come in each of the 168 hours."""
    found: dict[int, Fraction] = {}
    for volume in volumes:
        start, end = int(volume.start[:2]), int(volume.end[:2])
        for day in set(volume.days):
            for hour in range(start, end if end > start else end + 24):
                key = (DAYS.index(day) * 24 + hour) % 168
                found[key] = found.get(key, Fraction(0)) + Fraction(volume.contacts)
    return found


def naive(m: OperatingModel, queue: Queue, day: date) -> list[tuple[str, int, Fraction, int, int, Fraction]]:
    calendars = {one.id: one for one in m.calendars}
    service = calendars.get(queue.calendar or "")
    zone = ZoneInfo(service.timezone if service else "UTC")
    monday = day - timedelta(days=day.weekday())
    first = datetime(monday.year, monday.month, monday.day, tzinfo=UTC) - timedelta(days=1)
    count = 9 * 1440
    served = open_minutes(service, first, count)
    there: list[tuple[Fraction, set[int]]] = []
    for one in m.assignments:
        unit = m.units.get(m.positions[one.position].unit)
        chain = []
        while unit is not None:
            chain.append(unit)
            unit = m.units.get(unit.parent or "")
        if queue.unit not in [each.id for each in chain]:
            continue
        person = m.people.get(one.person)
        has = {each.skill: each.level for each in person.skills} if person else {}
        if any(has.get(each.skill, 0) < each.level for each in queue.skills):
            continue
        shift = next((calendars[each.calendar] for each in chain if each.calendar in calendars), service)
        there.append((Fraction(one.fte), open_minutes(shift, first, count)))
    by_hour: dict[tuple[date, int], list[int]] = {}
    for n in sorted(served):
        now = (first + n * MINUTE).astimezone(zone)
        if monday <= now.date() < monday + timedelta(days=7):
            by_hour.setdefault((now.date(), now.hour), []).append(n)
    demand = queue.demand
    assert demand is not None
    volume = contacts_of(demand.volumes)
    found = []
    for (date_, hour), minutes in sorted(by_hour.items()):
        contacts = volume.get(date_.weekday() * 24 + hour, Fraction(0))
        if contacts:
            load = contacts * Fraction(demand.handling // MINUTE, 60)
            asked = required_agents(
                load, demand.handling, service_level=demand.service_level, answer_time=demand.answer_within,
                max_occupancy=demand.occupancy, shrinkage=demand.shrinkage, patience=demand.patience,
                concurrency=demand.concurrency,
            )  # fmt: skip
            present = sum([fte * len(on.intersection(minutes)) for fte, on in there], Fraction(0)) / len(minutes)
            found.append((f"{date_} {hour:02}", len(minutes), contacts, asked.agents, asked.rostered, present))
    return found


@st.composite
def calendars(draw: Any, id: str) -> Calendar:
    bound = st.sampled_from(BOUNDS)
    window = st.tuples(bound, bound).filter(lambda pair: pair[0] != pair[1])
    windows = st.lists(st.one_of(window, st.just(("00:00", "24:00"))), max_size=2).map(tuple)
    return Calendar(
        id=id,
        timezone=draw(st.sampled_from(ZONES)),
        hours={day: draw(windows) for day in draw(st.sets(st.sampled_from(DAYS), min_size=3))},
        holidays=draw(st.lists(st.sampled_from([MONDAY, date(2026, 3, 27), date(2026, 10, 25)]), max_size=2)),
        shifts=draw(st.dictionaries(st.sampled_from(["2026-03-04", "2026-10-31", "2026-03-08"]), windows, max_size=2)),
        week_length=timedelta(hours=draw(st.sampled_from([35, 40]))),
    )


@st.composite
def weeks(draw: Any) -> tuple[OperatingModel, Queue, date]:
    some = st.sampled_from([None, "a", "b", "lost"])
    whole = st.integers(0, 23).map(lambda hour: f"{hour:02}:00")
    volume = st.builds(
        Volume,
        st.sampled_from(["0.5", 3, 12, 36]),
        whole,
        whole,
        st.lists(st.sampled_from(DAYS), unique=True, min_size=1),
    )
    skills = st.lists(st.builds(SkillLevel, st.just("x"), st.integers(1, 3)), max_size=1)
    demand = Demand(
        handling=draw(st.sampled_from([4, 5, 12])) * MINUTE,
        volumes=draw(st.lists(volume, min_size=1, max_size=3)),
        patience=draw(st.sampled_from([None, 3 * MINUTE])),
        concurrency=draw(st.sampled_from([1, 2])),
    )
    queue = Queue(
        id="q",
        name="Q",
        unit=draw(st.sampled_from(["u", "v", "w"])),
        calendar=draw(some),
        skills=draw(skills),
        demand=demand,
    )
    ftes = st.sampled_from(["0", "0.25", "0.5", "1", "0.333"])
    held = [
        Assignment(id=f"h{n}", person=f"p{n}", position=draw(st.sampled_from(["pu", "pv", "pw"])), fte=draw(ftes))
        for n in range(draw(st.integers(0, 4)))
    ]
    return (
        OperatingModel.of(
            Unit(id="u", name="U", calendar=draw(some)),
            Unit(id="v", name="V", parent="u", calendar=draw(some)),
            Unit(id="w", name="W", calendar=draw(some)),
            *[Position(id=f"p{unit}", title=unit, unit=unit) for unit in "uvw"],
            *[Person(id=f"p{n}", name="P", skills=draw(skills)) for n in range(3)],
            draw(calendars("a")),
            draw(calendars("b")),
            queue,
            *held,
        ),
        queue,
        draw(st.sampled_from(WEEKS)),
    )


@settings(max_examples=25, deadline=None)
@given(weeks())
def test_every_hour_is_what_its_minutes_add_up_to(drawn: tuple[OperatingModel, Queue, date]) -> None:
    m, queue, day = drawn
    week = staffing(m, "q", day)
    assert week is not None
    expected = naive(m, queue, day)
    assert [
        (f"{hour.start:%Y-%m-%d %H}", hour.served / MINUTE, hour.contacts, hour.required, hour.rostered)
        for hour in week.hours
    ] == [(start, minutes, contacts, agents, rostered) for start, minutes, contacts, agents, rostered, _ in expected]
    with localcontext(prec=28):
        for hour, (*_, present) in zip(week.hours, expected, strict=True):
            assert hour.assigned == Decimal(present.numerator) / Decimal(present.denominator)
            assert hour.short == max(Decimal(0), hour.rostered - hour.assigned)
        paid = sum([Fraction(rostered * minutes, 60) for _, minutes, _, _, rostered, _ in expected], Fraction(0))
        by = {one.id: one.week_length // HOUR for one in m.calendars}
        chain = [m.units[queue.unit or ""].calendar, "u" if queue.unit == "v" else None]
        named = [chain[0], m.units["u"].calendar if chain[1] else None, queue.calendar]
        length = next((by[one] for one in named if one in by), 40)
        exact = paid / length
        assert week.needed == Decimal(exact.numerator) / Decimal(exact.denominator)
