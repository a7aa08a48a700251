from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.validation.wording import counted, listed, phrase, render


def shout(ref: Ref) -> str:
    return ref.id.upper()


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (Ref("unit", "hq"), "HQ", "HQ"),
        ((), "", ""),
        (("a",), "a", "a"),
        (("a", "b"), "a and b", "a和b"),
        (("a", "b", "c"), "a, b and c", "a、b和c"),
        ((Ref("unit", "x"), Ref("unit", "y")), "X and Y", "X和Y"),
        (date(2026, 3, 2), "2026-03-02", "2026-03-02"),
        (Decimal("1.50"), "1.5", "1.5"),
        (Decimal("100"), "100", "100"),
        (Decimal("2.00"), "2", "2"),
        (7, "7", "7"),
        ({"en": "case", "zh": "大小写"}, "case", "大小写"),
    ],
)
def test_every_sort_of_parameter_reads_as_people_write_it(value: object, english: str, chinese: str) -> None:
    assert phrase(value, "en", shout) == english
    assert phrase(value, "zh", shout) == chinese


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=8))), "2026-03-02 10:00 +08:00"),
        (datetime(2026, 3, 2, 10, 5, 59, 999_999, tzinfo=UTC), "2026-03-02 10:05 +00:00"),  # to the minute
        (datetime(2026, 3, 2, 23, 59, tzinfo=timezone(-timedelta(hours=3, minutes=30))), "2026-03-02 23:59 -03:30"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")), "2026-10-25 02:30 +02:00"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1), "2026-10-25 02:30 +01:00"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8))), "0001-01-01 00:00 +08:00"),
        (datetime(2026, 3, 2, 10), "2026-03-02 10:00"),  # nobody said whose clock that was
    ],
)
def test_an_instant_reads_to_the_minute_with_the_distance_of_its_clock(value: datetime, shown: str) -> None:
    assert phrase(value, "en", shout) == phrase(value, "zh", shout) == shown


@pytest.mark.parametrize(
    ("length", "english", "chinese"),
    [
        (timedelta(hours=2, minutes=30), "2 h 30 min", "2小时30分钟"),
        (timedelta(hours=2), "2 h", "2小时"),
        (timedelta(minutes=30), "30 min", "30分钟"),
        (timedelta(days=1, hours=2, minutes=1), "26 h 1 min", "26小时1分钟"),
        (timedelta(minutes=1, seconds=59), "1 min", "1分钟"),
        (timedelta(seconds=59, microseconds=999_999), "59 s", "59秒"),
        (timedelta(microseconds=1), "0 min", "0分钟"),
        (timedelta(0), "0 min", "0分钟"),
        (-timedelta(hours=2, minutes=30), "-2 h 30 min", "-2小时30分钟"),
        (-timedelta(seconds=90), "-1 min", "-1分钟"),
        (-timedelta(microseconds=1), "0 min", "0分钟"),
    ],
)
def test_a_duration_reads_in_hours_and_minutes(length: timedelta, english: str, chinese: str) -> None:
    assert (phrase(length, "en", shout), phrase(length, "zh", shout)) == (english, chinese)


def test_instants_and_durations_stand_in_lists() -> None:
    both = (datetime(2026, 3, 2, 10, tzinfo=UTC), timedelta(hours=1))
    assert phrase(both, "zh", shout) == "2026-03-02 10:00 +00:00和1小时"


def test_a_long_list_is_cut_and_says_how_long_it_was() -> None:
    assert listed(map(str, range(11)), "en") == "0, 1, 2, 3, 4, 5, 6, 7 and 3 more"
    assert listed(map(str, range(11)), "zh") == "0、1、2、3、4、5、6、7等11项"


def test_a_placeholder_without_a_parameter_is_an_error_not_a_gap() -> None:
    with pytest.raises(KeyError, match="unit"):
        render("{who} leads {unit}", {"who": "Ada"}, "en", shout)


def test_braces_in_names_are_text() -> None:
    assert render("{who} left", {"who": "{unit}"}, "en", shout) == "{unit} left"


@pytest.mark.parametrize(
    ("start", "end", "english", "chinese"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), "2026-01-01 to 2026-01-31", "2026-01-01 至 2026-01-31"),
        (date(2026, 1, 1), None, "from 2026-01-01", "自 2026-01-01 起"),
        (None, date(2026, 1, 31), "until 2026-01-31", "至 2026-01-31 止"),
        (None, None, "at all times", "一直"),
    ],
)
def test_a_period_reads_as_people_say_it(start: date | None, end: date | None, english: str, chinese: str) -> None:
    period = DateRange(start, end)
    assert (phrase(period, "en", shout), phrase(period, "zh", shout)) == (english, chinese)


def test_a_number_takes_the_noun_in_the_right_form() -> None:
    assert [counted(n, "person", "people")["en"] for n in (0, 1, 2)] == ["0 people", "1 person", "2 people"]
