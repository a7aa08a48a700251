"""Milestones and meetings as iCalendar: read back by icalendar, expanded and zoned by dateutil."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import icalendar
import pytest
from dateutil import rrule, tz
from hypothesis import given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops.io import write_ical
from community_ops.org.meetings import occurrences

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def written(folder: Path, *records: co.Record, **options: Any) -> tuple[str, list[Any]]:
    path = folder / "out.ics"
    write_ical(co.OperatingModel(records), path, at=AT, **options)
    text = path.read_bytes().decode("utf-8")
    return text, list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def expanded(text: str, event: Any, last: date) -> list[datetime]:
    """The instants of an event by RFC 5545, from the file alone: its own VTIMEZONE, RRULE and EXDATE."""
    lines = dict(
        line.split(":", 1) for line in text.split("BEGIN:VEVENT")[1].replace("\r\n ", "").splitlines() if ":" in line
    )
    zone = tz.UTC
    if "BEGIN:VTIMEZONE" in text:
        zones = text[text.index("BEGIN:VTIMEZONE") : text.rindex("END:VTIMEZONE") + len("END:VTIMEZONE")]
        zone = tz.tzical(StringIO(zones.replace("\r\n", "\n") + "\n")).get()
    start = event.decoded("dtstart").replace(tzinfo=zone)
    rule = next((value for name, value in lines.items() if name == "RRULE"), None)
    found = [start]
    if rule is not None:
        until = None
        if "UNTIL" in rule:
            until = rrule.rrulestr(rule, dtstart=start)._until
        found = [
            one for one in rrule.rrulestr(rule, dtstart=start).between(
                start - timedelta(days=1), datetime(last.year, last.month, last.day, 23, 59, tzinfo=zone), inc=True
            ) if until is None or one <= until
        ]  # fmt: skip
    gone = {one.dt.replace(tzinfo=zone) for one in event["exdate"].dts} if "exdate" in event else set()
    return [one.astimezone(UTC) for one in found if one not in gone]


ZONES = ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Sydney"]
RULES = [
    "", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=DAILY;COUNT=9", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR",
    "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=WEEKLY;UNTIL=20260531",
    "FREQ=WEEKLY;UNTIL=20260531T100000", "FREQ=DAILY;INTERVAL=3;UNTIL=20260601T080000Z",
    "FREQ=YEARLY;BYMONTH=6;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=4",
]  # fmt: skip


@settings(max_examples=20)
@given(
    day=st.dates(date(2026, 2, 20), date(2026, 4, 20)),
    hour=st.integers(4, 22),
    zone=st.sampled_from(ZONES),
    rule=st.sampled_from(RULES),
    skips=st.lists(st.integers(0, 60), max_size=3),
)
def test_a_meeting_is_held_when_the_file_says(
    tmp_path_factory: pytest.TempPathFactory, day: date, hour: int, zone: str, rule: str, skips: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("ical")
    meeting = co.Meeting(
        id="m", name="M", start=f"{day}T{hour:02d}:30", zone=zone, recurrence=rule,
        except_dates=[day + timedelta(days=n) for n in sorted(set(skips))] if rule else [],
    )  # fmt: skip
    last = date(2026, 12, 20)
    expected = [one.start.astimezone(UTC) for one in occurrences(co.OperatingModel.of(meeting), day, last)]
    text, events = written(folder, meeting)
    found = [one for event in events for one in expanded(text, event, last)]
    assert found == expected


def test_a_meeting_in_full(tmp_path: Path) -> None:
    text, (event,) = written(
        tmp_path,
        co.Position(id="ceo", title="Chief, executive", unit="hq"),
        co.Meeting(
            id="m", name="Weekly; all", start="2026-03-02T10:00", zone="Europe/Berlin", duration=timedelta(minutes=45),
            recurrence="FREQ=WEEKLY;BYDAY=MO", except_dates=[date(2026, 3, 9)], participants=["ceo", "gone"],
            purpose="Talk\nand decide",
        ),
    )  # fmt: skip
    lines = text.replace("\r\n ", "").split("\r\n")
    assert "DTSTART;TZID=Europe/Berlin:20260302T100000" in lines
    assert "EXDATE;TZID=Europe/Berlin:20260309T100000" in lines
    assert "DURATION:PT45M" in lines
    assert r"SUMMARY:Weekly\; all" in lines
    assert r"DESCRIPTION:Talk\nand decide\nChief\, executive" in lines
    assert "DTSTAMP:20260301T120000Z" in lines
    assert "BEGIN:VTIMEZONE" in lines
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//community_ops//iCalendar export//EN"]
    assert str(event["summary"]) == "Weekly; all"


def test_milestones_are_days_on_the_clocks_of_their_calendar(tmp_path: Path) -> None:
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("20:00", "24:00"),))
    text, events = written(
        tmp_path,
        co.Calendar(id="c", timezone="Asia/Shanghai", hours=hours, day_length=timedelta(hours=4)),
        co.Plan(id="p", name="P", start=date(2026, 3, 2), calendar="c"),
        co.Task(id="a", name="Write", plan="p", duration=co.Duration(3, "hour")),
        co.Task(id="b", name="Live", plan="p", kind="milestone", links=[co.Link("a")], description="At last"),
        plan_id="p",
    )  # fmt: skip
    (event,) = events
    assert event.decoded("dtstart") == date(2026, 3, 2)
    assert event.decoded("dtend") == date(2026, 3, 3)
    assert "TRANSP:TRANSPARENT" in text
    assert str(event["description"]) == "At last"
    assert "VTIMEZONE" not in text


def test_only_what_is_asked_for_is_written(tmp_path: Path) -> None:
    records = (
        co.Plan(id="p", name="P", start=date(2026, 3, 2)),
        co.Task(id="b", name="Live", plan="p", kind="milestone"),
        co.Meeting(id="m", name="M", start="2026-03-02T10:00"),
    )
    assert [str(one["summary"]) for one in written(tmp_path, *records)[1]] == ["M"]
    assert [str(one["summary"]) for one in written(tmp_path, *records, plan_id="p", meetings=False)[1]] == ["Live"]


def test_uids_last_and_differ_between_records_and_namespaces(tmp_path: Path) -> None:
    meetings = [co.Meeting(id=id, name="M", start="2026-03-02T10:00") for id in ("例会", "m")]
    first = [str(one["uid"]) for one in written(tmp_path, *meetings)[1]]
    moved = co.Meeting(id="例会", name="Other", start="2026-05-02T10:00")
    assert [str(one["uid"]) for one in written(tmp_path, moved)[1]] == first[:1]
    other = [str(one["uid"]) for one in written(tmp_path, *meetings, namespace="example.org")[1]]
    assert len({*first, *other}) == 4


def test_the_same_model_gives_the_same_file(tmp_path: Path) -> None:
    meeting = co.Meeting(id="m", name="M", start="2026-03-02T10:00", zone="Europe/Berlin", recurrence="FREQ=DAILY")
    assert written(tmp_path, meeting)[0] == written(tmp_path, meeting)[0]


@settings(max_examples=12)
@given(st.text(st.characters(categories=["Lo", "Ll", "Po", "So", "Zs"]), min_size=1, max_size=120))
def test_long_names_are_folded_between_characters_and_come_back(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    path = tmp_path_factory.mktemp("ical") / "out.ics"
    write_ical(co.OperatingModel.of(co.Meeting(id="m", name=name, start="2026-03-02T10:00")), path, at=AT)
    data = path.read_bytes()
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert str(event["summary"]) == name


def test_no_text_can_add_a_line_of_its_own(tmp_path: Path) -> None:
    evil = "M\r\nATTENDEE:mailto:eve@example.org\nEND:VEVENT"
    text, events = written(tmp_path, co.Meeting(id="m", name=evil, purpose=evil, start="2026-03-02T10:00"))
    assert len(events) == 1
    assert not any(line.startswith(("ATTENDEE", "END:VEVENT\\")) for line in text.split("\r\n"))
    assert text.count("\r\nEND:VEVENT\r\n") == 1


def test_meetings_without_a_day_are_named(tmp_path: Path) -> None:
    never = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    model = co.OperatingModel.of(
        co.Meeting(id="open", name="Open"),
        co.Meeting(id="never", name="Never", start="2026-03-02T10:00", recurrence=never),
        co.Meeting(id="gone", name="Gone", start="2026-03-02T10:00", except_dates=[date(2026, 3, 2)]),
        co.Meeting(id="ended", name="Ended", start="2026-03-02T10:00", recurrence="FREQ=DAILY;UNTIL=20260101"),
    )
    left = write_ical(model, tmp_path / "out.ics", at=AT)
    assert [ref.id for ref in left] == ["open", "never", "gone", "ended"]
    assert "VEVENT" not in (tmp_path / "out.ics").read_text("utf-8")


def test_bad_questions_are_refused_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, path = co.OperatingModel(), tmp_path / "out.ics"
    with pytest.raises(co.UnknownRecord):
        write_ical(model, path, at=AT, plan_id="p")
    with pytest.raises(co.errors.NotAnInstant):
        write_ical(model, path, at=datetime(2026, 3, 1))
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(co.MissingExtra, match=r"community-ops\[ical\]"):
        write_ical(model, path, at=AT)
    assert list(tmp_path.iterdir()) == []
