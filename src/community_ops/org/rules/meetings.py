"""Rules about meetings (ORG701 to ORG704)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.meetings import clashes, loads_over
from community_ops.org.presence import roster
from community_ops.org.records import Assignment, Meeting, Person, Position, Unit
from community_ops.org.recurring import times
from community_ops.org.weeks import AHEAD, weeks_from
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import counted

DAY = date(2026, 3, 2)


def _meeting(id: str) -> Ref:
    return Ref("meeting", id)


@derived
def _going_on(m: ModelView, at: date | None) -> tuple[int, ...]:
    """Return where in their table the meetings stand that are held within a year, or of which nothing says when."""
    if at is None:
        return tuple(range(len(m.ids(Meeting))))
    # Most are held within a month, which is quicker to see than all that a year brings, and many at the same times.
    ends, known, found = (_in(at, 31), _in(at, 366)), dict[tuple[object, ...], bool](), list[int]()
    for place, row in enumerate(zip(
        m.column(Meeting.start), m.column(Meeting.zone), m.column(Meeting.recurrence), m.column(Meeting.except_dates),
        strict=True,
    )):  # fmt: skip
        if row not in known:
            start, zone, recurrence, without = row
            known[row] = start is None or any(times(start, zone, recurrence, at, end, without) for end in ends)
        if known[row]:
            found.append(place)
    return tuple(found)


def _in(at: date, days: int) -> date:
    return at + min(timedelta(days), date.max - at)


def _office(*meetings: Meeting, others: int = 1) -> list[Record]:
    clerks = [f"clerk-{n}" for n in range(1, others + 1)]
    records: list[Record] = [Unit(id="hq", name="Head office", kind="organisation", heads=("boss",))]
    records.append(Position(id="boss", title="Manager", unit="hq"))
    records += [Position(id=id, title=id.title(), unit="hq", reports_to="boss") for id in clerks]
    for id in ("boss", *clerks):
        records += [Person(id=f"p-{id}", name=f"Holder of {id}"), Assignment(id=id, person=f"p-{id}", position=id)]
    return [*records, *meetings]


def _sitting(id: str, start: str | None = "2026-03-02T10:00", **fields: object) -> Meeting:
    values = {"name": id.title(), "participants": ("boss",), "purpose": "Talk", "recurrence": "FREQ=WEEKLY", **fields}
    return Meeting(id=id, start=start, **values)  # type: ignore[arg-type]


@frozen
class DecisionThresholds(Value):
    """How many may take part where something is decided.

    Attributes:
        people: the most people.
    """

    people: int = field(default=7, metadata=at_least(1))


@rule(
    "ORG701",
    name="decision-meeting-too-large",
    severity=WARNING,
    en="{subject} takes decisions and has {people}; {most} are the most.",
    zh="{subject}用于决策，却有 {people} 人参加；最多宜 {most} 人。",
    needs=("meeting",),
    thresholds=DecisionThresholds(),
)
def decision_meeting_too_large(m: ModelView, context: Context) -> Iterator[Finding]:
    """More people take part in a meeting that decides than can decide together.

    Why it matters: every further person costs time and makes the decision slower and less clear.

    How to fix: let those decide who are accountable, ask the others before, and tell them afterwards.

    When it is wrong to heed it: for bodies whose size is laid down, such as a council or a general meeting.

    Whoever holds a participating position on the date counts, away or not; without a date, or where nobody holds it,
    each position counts once. Meetings that are over, or not held within a year, are not judged.

    Source: Blenko, Mankins and Rogers, "Decide and Deliver", 2010: beyond seven, each further person takes a tenth off
    the quality of decisions.
    """
    most, at = thresholds_for_all(m, context).people, context.at
    decision, participants = m.column(Meeting.decision), m.column(Meeting.participants)
    deciding = [place for place in _going_on(m, at) if decision[place]]
    held = _holders(m, at) if at is not None and deciding else None
    for place in deciding:
        asked = frozenset(participants[place])
        count = len(asked) if held is None else _number(map(held, asked))
        if count > most:
            yield decision_meeting_too_large.finding(
                _meeting(m.ids(Meeting)[place]), people=counted(count, "person", "people"), most=most
            )


def _holders(m: ModelView, at: date) -> Callable[[str], Collection[str]]:
    """Return what tells who holds a position on a day, given its id."""
    held, index = roster(m, *weeks_from(at)), m.place_index(Position)
    return lambda id: held.holders(index[id], at) if id in index else ()


def _number(positions: Iterable[Collection[str]]) -> int:
    """Return how many people hold positions, each counted once; a position that nobody holds counts as one."""
    people, nobody = set[str](), 0
    for held in positions:
        people.update(held)
        nobody += not held
    return len(people) + nobody


@decision_meeting_too_large.fires(at=DAY)
def _crowd() -> Iterable[Record]:
    everyone = ("boss", *(f"clerk-{n}" for n in range(1, 8)))
    return _office(_sitting("board", decision=True, participants=everyone), others=7)


@decision_meeting_too_large.silent(at=DAY)
def _few() -> Iterable[Record]:
    everyone = ("boss", *(f"clerk-{n}" for n in range(1, 7)))
    return _office(_sitting("board", decision=True, participants=everyone), others=6)


@decision_meeting_too_large.silent(at=DAY)
def _crowd_that_only_listens() -> Iterable[Record]:
    everyone = ("boss", *(f"clerk-{n}" for n in range(1, 8)))
    return _office(_sitting("town-hall", participants=everyone), others=7)


@rule(
    "ORG702",
    name="meeting-without-purpose",
    severity=WARNING,
    en={
        "one": "Nothing says what {subject} is for.",
        "several": "Nothing says what {meetings} are for.",
    },
    zh={
        "one": "{subject}没有写明目的。",
        "several": "{meetings}都没有写明目的。",
    },
    needs=("meeting",),
)
def meeting_without_purpose(m: ModelView, context: Context) -> Iterator[Finding]:
    """A meeting has no purpose on record.

    Why it matters: nobody can prepare for it, tell whether it went well, or say when it may stop.

    How to fix: write down in a sentence what is different after it; if nothing is, stop holding it.

    When it is wrong to heed it: where purposes are recorded for no meeting at all; then the rule is not judged.

    Meetings that are over, or not held within a year, are not judged. All are gathered into one finding.
    """
    purposes = m.column(Meeting.purpose)
    if not any(text.strip() for text in purposes):
        return
    refs = tuple(_meeting(m.ids(Meeting)[place]) for place in _going_on(m, context.at) if not purposes[place].strip())
    if refs:
        yield meeting_without_purpose.finding(
            refs[0], "several" if len(refs) > 1 else "one", field="purpose", related=refs[1:], gathered=True,
            key=sorted(ref.id for ref in refs), meetings=refs,
        )  # fmt: skip


@meeting_without_purpose.fires(at=DAY)
def _idle() -> Iterable[Record]:
    return _office(_sitting("weekly"), _sitting("coffee", "2026-03-02T15:00", purpose=""))


@meeting_without_purpose.fires(at=DAY)
def _idle_twice() -> Iterable[Record]:
    return [*_idle(), _sitting("tea", None, purpose=" ")]


@meeting_without_purpose.silent(at=DAY)
def _purposeful() -> Iterable[Record]:
    return _office(_sitting("weekly"), _sitting("once", "2026-02-02T15:00", recurrence="", purpose=""))


@frozen
class ClashThresholds(Value):
    """How far ahead clashes are looked for.

    Attributes:
        weeks: how many weeks, the week of the date among them.
    """

    weeks: int = field(default=AHEAD, metadata=at_least(1))


@rule(
    "ORG703",
    name="meetings-clash",
    severity=WARNING,
    en="{people} {verb} wanted in {subject} and in {other} at the same time, first on {when}.",
    zh="{people}须同时参加{subject}和{other}，最早在 {when}。",
    needs=("meeting", "position", "assignment"),
    date_use="needed",
    thresholds=ClashThresholds(),
)
def meetings_clash(m: ModelView, context: Context) -> Iterator[Finding]:
    """Two meetings are held at the same time, and somebody is a participant of both.

    Why it matters: one of them goes without that person, time and again.

    How to fix: move one of the two, or send somebody else.

    When it is wrong to heed it: where being asked does not mean having to come; take such positions off the meeting.

    The weeks from that of the date on are looked at. Two meetings give one finding, whoever and however often. People
    who are away clash with nothing, and their deputies do.
    """
    weeks = min(thresholds_for_all(m, context).weeks, 53)
    found: dict[tuple[str, str], dict[str, date]] = {}
    for clash in clashes(m, context.day, weeks):
        days = found.setdefault((min(clash.first, clash.second), max(clash.first, clash.second)), {})
        days[clash.person] = min(days.get(clash.person, date.max), clash.start.date())
    for (one, other), days in sorted(found.items()):
        people = tuple(Ref("person", id) for id in sorted(days))
        yield meetings_clash.finding(
            _meeting(one), key=(other,), related=[_meeting(other), *people], other=_meeting(other), people=people,
            when=min(days.values()), verb="is" if len(people) == 1 else "are",
        )  # fmt: skip


@meetings_clash.fires(at=DAY)
def _torn() -> Iterable[Record]:
    return _office(_sitting("board"), _sitting("review", "2026-03-09T10:30", recurrence="FREQ=WEEKLY;INTERVAL=2"))


@meetings_clash.silent(at=DAY)
def _one_after_the_other() -> Iterable[Record]:
    return _office(_sitting("board"), _sitting("review", "2026-03-02T11:00"))


@frozen
class LoadThresholds(Value):
    """How much of a week meetings may take.

    Attributes:
        hours: the most hours a week, time with two meetings at once counted once.
    """

    hours: Decimal = field(default=Decimal(20), converter=exact, metadata=at_least(0))


@rule(
    "ORG704",
    name="meeting-load",
    severity=WARNING,
    status=True,
    en="Meetings take {hours} hours of {subject}'s week from {monday}; {most} are the most.",
    zh="{subject}在 {monday} 起的一周内要开 {hours} 小时会；最多宜 {most} 小时。",
    needs=("meeting", "position", "assignment"),
    date_use="needed",
    thresholds=LoadThresholds(),
)
def meeting_load(m: ModelView, context: Context) -> Iterator[Finding]:
    """Meetings take more of somebody's week than the threshold.

    Why it matters: what the person is there for is done in the evening, or not at all.

    How to fix: leave the meetings in which the person neither decides nor is asked; send a deputy; meet less often.

    When it is wrong to heed it: for people whose work is meetings, such as facilitators; raise the threshold.

    The week of the date is judged, Monday to Sunday. Time in which two meetings are on counts once.

    Source of the default: Perlow, Hadley and Eun, "Stop the Meeting Madness", Harvard Business Review, 2017, which
    finds executives at nearly 23 hours a week and calls that too much; half of a 40-hour week is 20.
    """
    most = thresholds_for_all(m, context).hours
    monday = context.day - timedelta(min(context.day.weekday(), context.day.toordinal() - 1))
    for load in loads_over(m, context.day, timedelta(seconds=int(min(most, _WEEK) * 3600))):
        hours = Decimal(load.busy // timedelta(minutes=1)) / 60
        yield meeting_load.finding(Ref("person", load.person), hours=f"{hours:.1f}", monday=monday, most=most)


_WEEK = Decimal(10_000)  # no week is longer, nor any number of meetings at once


@meeting_load.fires(at=DAY)
def _all_week() -> Iterable[Record]:
    return _office(_sitting("standing", recurrence="FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", duration=timedelta(hours=5)))


@meeting_load.silent(at=DAY)
def _half_a_week() -> Iterable[Record]:
    return _office(_sitting("standing", recurrence="FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", duration=timedelta(hours=4)))


RULES = (decision_meeting_too_large, meeting_without_purpose, meetings_clash, meeting_load)
"""The rules of this module."""
