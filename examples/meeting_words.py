"""When is a meeting held? Words such as "third Wednesday" as an RFC 5545 recurrence rule, or what they leave open.

Used by kubernetes_sigs.py. Only words that can mean one thing are taken; of all others it is said what they leave open.
`biweekly`, of a meeting on one day of the week, is every other week.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

ZONES = {
    "UTC": "UTC",
    "PT (Pacific Time)": "America/Los_Angeles",
    "ET (Eastern Time)": "America/New_York",
    "Eastern Time (ET)": "America/New_York",
    "EST (Eastern Time)": "America/New_York",  # the words say which clocks; these are ahead by an hour in summer
    "CET (Central European Time)": "Europe/Brussels",
    "Poland": "Europe/Warsaw",
}
"""Names of zones as the file has them. IST is not among them: India, Ireland and Israel all say so."""
WEEKS = {"weekly": 1, "biweekly": 2, "bi-weekly": 2, "every four weeks": 4}
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
# What may follow a frequency and says nothing about days. Anything else might, so it is not passed over.
REMARKS = (
    "you must be signed into a free zoom account to join", "[upcoming meeting dates](#upcoming-meeting-dates)",
    "alternating with regular meeting", "interleaved with the regular sig meeting",
)  # fmt: skip

_date = rf"(?:(?P<named>{'|'.join(DAYS)}) )?(?P<month>[a-z]+)\.? (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?"
_dated = rf"starting {_date},? (?P<year>[0-9]{{4}})"
_nth = rf"(?P<nth>{'|'.join(ORDINALS)}) (?P<weekday>{'|'.join(DAYS)})"
DAY_FORM = re.compile(rf"(?:(?P<nth>{'|'.join(ORDINALS)}) )?(?P<weekday>{'|'.join(DAYS)})s?(?: \({_dated}\))?")
TIME_FORM = re.compile(r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))?(?P<half>[ap]m)?")
WEEKLY_FORM = re.compile(
    rf"(?P<weeks>{'|'.join(WEEKS)})"
    rf"(?: {_dated}|(?:, | - | \()(?:{'|'.join(map(re.escape, REMARKS))})\)?)?"
)  # fmt: skip
SINCE_FORM = re.compile(rf"(?P<weeks>{'|'.join(WEEKS)}) (?P<year>[0-9]{{4}}) start date: {_date}")
MONTHLY_FORM = re.compile(
    rf"monthly(?:,| -| on) {_nth}(?: of (?:the|each) month| every month)?|"
    rf"(?:every )?{_nth.replace('<nth>', '<nth2>').replace('<weekday>', '<weekday2>')} of (?:the|each) month"
)


@dataclass
class When:
    """What the words about a meeting come to: fields of `Meeting`, and what they leave open."""

    fields: dict[str, Any] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)


def when(words: Mapping[str, str], since: date) -> When:
    """Turn the words about a meeting into a start, a zone and a recurrence.

    Args:
        words: `day`, `time`, `tz` and `frequency`, as written.
        since: the day from which on a meeting is listed whose first day the file does not tell, and need not tell,
            as each week or month has one.

    Example:
        >>> words = {"day": "Monday", "time": "9:00", "tz": "UTC", "frequency": "weekly"}
        >>> when(words, date(2026, 3, 4)).fields
        {'zone': 'UTC', 'recurrence': 'FREQ=WEEKLY;BYDAY=MO', 'start': '2026-03-09T09:00'}
        >>> when({**words, "frequency": "biweekly"}, date(2026, 3, 4)).open
        ['in which of the weeks']
    """
    found, said = When(), {name: str(words.get(name, "")).strip() for name in ("day", "time", "tz", "frequency")}
    zone, clock = ZONES.get(said["tz"]), clock_of(said["time"].lower())
    rule, first, unclear = recurrence(said["day"].lower(), said["frequency"].lower())
    if zone:
        found.fields["zone"] = zone
    if rule:
        found.fields["recurrence"] = rule
    found.open += unclear
    found.open += [f"the time zone {said['tz']!r}"] * (not zone)
    found.open += [f"the time {said['time']!r}"] * (clock is None)
    if clock is not None and not found.open:
        found.fields["start"] = f"{first or next_day(rule, since)}T{clock:%H:%M}"
    return found


def clock_of(text: str) -> time | None:
    """Return a time of day such as `9:00` or `2pm`; None where it is none."""
    found = TIME_FORM.fullmatch(text)
    if not found or not (found["minute"] or found["half"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (found["half"] == "pm")
    return time(hour, minute) if hour < 24 and minute < 60 else None


def recurrence(day: str, frequency: str) -> tuple[str, date | None, list[str]]:
    """Return an RFC 5545 rule, the first day if that is told, and what stays open."""
    days, weekly = DAY_FORM.fullmatch(day), WEEKLY_FORM.fullmatch(frequency) or SINCE_FORM.fullmatch(frequency)
    monthly = MONTHLY_FORM.fullmatch(frequency)
    if not days:
        return "", None, [f"the day {day!r}"]
    if weekly and not days["nth"]:
        return every_so_many_weeks(days, weekly)
    if monthly:
        nth, weekday = monthly["nth"] or monthly["nth2"], monthly["weekday"] or monthly["weekday2"]
        same = days["nth"] is None or ORDINALS[days["nth"]] == ORDINALS[nth]
        if weekday == days["weekday"] and same and not days["year"]:
            return in_the_month(nth, weekday), None, []
    if frequency == "monthly" and days["nth"] and not days["year"]:
        return in_the_month(days["nth"], days["weekday"]), None, []
    return "", None, [f"how often is {frequency!r} on {day!r}"]


def in_the_month(nth: str, weekday: str) -> str:
    """Return the rule for a day such as the last Friday of each month."""
    return f"FREQ=MONTHLY;BYDAY={ORDINALS[nth]}{weekday[:2].upper()}"


def every_so_many_weeks(days: re.Match[str], weekly: re.Match[str]) -> tuple[str, date | None, list[str]]:
    """Return the rule for a day of every so many weeks, and its first day where one of the two tells it."""
    weeks, told = WEEKS[weekly["weeks"]], [one for one in (days, weekly) if one["year"]]
    rule = f"FREQ=WEEKLY;{f'INTERVAL={weeks};' if weeks > 1 else ''}BYDAY={days['weekday'][:2].upper()}"
    firsts = {first_day(one) for one in told}
    first = firsts.pop() if len(firsts) == 1 else None
    if told and (first is None or first.weekday() != DAYS.index(days["weekday"])):
        return rule, None, ["a first day that is no such day"]
    return rule, first, ["in which of the weeks"] if weeks > 1 and first is None else []


def first_day(found: re.Match[str]) -> date | None:
    """Return the day that a form found; None for one that does not exist, or is no such day of the week."""
    month = next((row for row, name in enumerate(MONTHS, 1) if found["month"] in (name, name[:3])), None)
    try:
        day = date(int(found["year"]), month, int(found["day"])) if month else None
    except ValueError:
        return None
    return None if day and found["named"] not in (None, DAYS[day.weekday()]) else day


def next_day(rule: str, since: date) -> date:
    """Return the first day of a rule, from a day on."""
    from dateutil.rrule import rrulestr  # noqa: PLC0415 - slow to import

    found: datetime = rrulestr(rule, dtstart=datetime.combine(since, time.min))[0]
    return found.date()
