from __future__ import annotations

import enum
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from community_ops.kernel import shapes, written
from community_ops.kernel.frozenmap import same
from community_ops.kernel.ref import Ref
from community_ops.kernel.shapes import Unclean
from community_ops.kernel.text import BadValue
from tests.kernel.kinds import decimals, instants, refs, texts


class Level(enum.IntEnum):
    LOW = 1


class Word(enum.StrEnum):
    OPEN = "open"


class LongDay(date):
    pass


# One of every Python type a program or a document may put where something else belongs.
STRANGERS: list[Any] = [
    *[None, True, 0, 7, 7.5, "", "text", b"bytes", Decimal("1.5"), date(2026, 1, 1), timedelta(hours=1)],
    *[datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1), Ref("unit", "a"), Level.LOW, Word.OPEN],
    *[[], ["a"], (), ("a",), {}, {"a": 1}, {"a"}, range(2), object(), str, float("nan"), float("inf"), 1j],
]


def wanted(shape: shapes.Shape) -> Any:
    """What of the strangers each shape takes from Python, and what from JSON: written down by hand."""
    python: dict[type, Any] = {
        shapes.Text: lambda v: isinstance(v, str),
        shapes.Id: lambda v: isinstance(v, str) and v != "",
        shapes.AnyRef: lambda v: isinstance(v, Ref),
        shapes.Choice: lambda v: type(v) is str and v == "text",
        shapes.Boolean: lambda v: type(v) is bool,
        shapes.Integer: lambda v: type(v) is int,
        shapes.Number: lambda v: type(v) in (int, float) and v == v and abs(v) != float("inf"),
        written.DecimalNumber: lambda v: type(v) is Decimal,
        written.Day: lambda v: type(v) is date,
        written.Instant: lambda v: isinstance(v, datetime) and v.tzinfo is not None,
        written.DayOrInstant: lambda v: type(v) is date or (isinstance(v, datetime) and v.tzinfo is not None),
        written.Duration: lambda v: isinstance(v, timedelta),
    }
    return python[type(shape)]


ALL = [
    *[shapes.Text(), shapes.Id(), shapes.Id("unit"), shapes.AnyRef(), shapes.Choice(("text", "b")), shapes.Boolean()],
    *[shapes.Integer(), shapes.Number(), written.DecimalNumber(), written.Day(), written.Instant(), written.Duration()],
    written.DayOrInstant(),
]


@pytest.mark.parametrize("shape", ALL, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("value", STRANGERS, ids=lambda v: type(v).__name__)
def test_python_values_of_the_wrong_type_are_refused_everywhere(shape, value):
    if wanted(shape)(value):
        assert shape.check(value) == value
    else:
        with pytest.raises(BadValue):
            shape.check(value)


@pytest.mark.parametrize("shape", ALL, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("data", [None, True, 0, 7.5, "text", [], ["a"], {}, {"a": 1}], ids=repr)
def test_json_values_of_the_wrong_type_are_refused_everywhere(shape, data):
    takes = {
        shapes.Text: str,
        shapes.Id: str,
        shapes.Choice: str,
        shapes.Boolean: bool,
        shapes.Integer: int,
        shapes.Number: (int, float),
    }.get(type(shape), ())
    fits = isinstance(data, takes) and (type(data) is not bool or isinstance(shape, shapes.Boolean))
    if fits:
        assert shape.read(data) == shape.read_column([data])[0] == data
    else:
        with pytest.raises(BadValue):
            shape.read(data)
        with pytest.raises(Unclean):
            shape.read_column([data])


def fits_both_ways(shape: shapes.Shape, value: Any) -> None:
    assert shape.check(value) is value
    data = shape.write(value)
    assert same(shape.read(data), value)
    assert same(shape.read_column([data, data])[1], value)
    if shape.plain:
        assert data is value


@given(st.data())
def test_what_is_written_is_read_back_the_same_alone_and_in_a_column(data):
    sources = {
        shapes.Text(): texts,
        shapes.AnyRef(): refs,
        shapes.Integer(): st.integers(),
        shapes.Number(): st.floats(allow_nan=False, allow_infinity=False),
        written.DecimalNumber(): decimals,
        written.Day(): st.dates(),
        written.Instant(): instants(),
        written.DayOrInstant(): st.one_of(st.dates(), instants()),
        written.Duration(): st.timedeltas(),
    }
    shape = data.draw(st.sampled_from(list(sources)))
    fits_both_ways(shape, data.draw(sources[shape]))


@pytest.mark.parametrize("shape", ALL, ids=lambda s: type(s).__name__)
def test_an_empty_column_is_clean(shape):
    assert shape.read_column([]) == []


def test_the_base_leaves_the_rules_to_its_subclasses():
    with pytest.raises(NotImplementedError):
        shapes.Shape().check("x")
    with pytest.raises(NotImplementedError):
        written.Scalar().read("x")


def test_a_column_of_a_shape_without_a_faster_way_is_read_one_by_one():
    class Yes(shapes.Shape):
        def check(self, value: Any) -> Any:
            if value != "yes":
                raise BadValue("must be yes")
            return value

    assert Yes().read_column(["yes", "yes"]) == ["yes", "yes"]
    with pytest.raises(Unclean):
        Yes().read_column(["yes", "no"])
    assert list(Yes().references("yes")) == []
    assert Yes().rewrite("yes", lambda ref: ref) == "yes"


# -- text and ids ---------------------------------------------------------------------------------------------------


def test_a_surrogate_anywhere_in_a_column_is_noticed():
    with pytest.raises(Unclean):
        shapes.Text().read_column(["fine", "\ud800"])
    # Two halves that would make a character together are still two bad texts.
    with pytest.raises(Unclean):
        shapes.Text().read_column(["\ud83d", "\ude00"])


@pytest.mark.parametrize("bad", ["", "a\n", "cafe\u0301", "x" * 201, "\ud800", "\u202e"])
def test_an_id_that_has_to_be_looked_at_makes_its_column_unclean(bad):
    with pytest.raises(Unclean):
        shapes.Id().read_column(["fine", bad])


def test_only_an_id_with_a_target_refers():
    assert list(shapes.Id("unit").references("a")) == [("", Ref("unit", "a"), {})]
    assert list(shapes.Id().references("a")) == []
    assert not shapes.Id().has_references
    assert shapes.Id("unit").has_references


def test_a_reference_is_rewritten_where_it_changes():
    def change(ref: Ref) -> Ref:
        return Ref("unit", "b") if ref == Ref("unit", "a") else ref

    id = "".join(["c", "c"])
    assert shapes.Id("unit").rewrite("a", change) == "b"
    assert shapes.Id("unit").rewrite(id, change) is id
    assert shapes.Id("post").rewrite("a", change) == "a"
    assert shapes.Id().rewrite("a", change) == "a"
    assert shapes.AnyRef().rewrite(Ref("unit", "a"), change) == Ref("unit", "b")


@pytest.mark.parametrize("text", ["unit", "unit:", "Unit:a", ":a", "unit:a\n", "unit:" + "x" * 201])
def test_a_reference_to_any_kind_is_kind_colon_id(text):
    with pytest.raises(BadValue):
        shapes.AnyRef().read(text)


def test_a_choice_lists_its_words():
    with pytest.raises(BadValue, match="must be one of open, shut; got 'ajar'") as caught:
        shapes.Choice(("open", "shut")).check("ajar")
    assert caught.value.code == "bad-choice"


# -- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [shapes.Integer(0), shapes.Number(0), written.DecimalNumber(Decimal(0))])
def test_a_minimum_is_kept(shape):
    make = {shapes.Integer: int, shapes.Number: float, written.DecimalNumber: Decimal}[type(shape)]
    assert shape.check(make("0")) == 0
    with pytest.raises(BadValue, match="must be at least 0, got -1") as caught:
        shape.check(make("-1"))
    assert caught.value.code == "out-of-range"
    data = shape.write(make("-1"))
    with pytest.raises(BadValue):
        shape.read(data)
    with pytest.raises(Unclean):
        shape.read_column([shape.write(make("1")), data])
    assert shape.read_column([shape.write(make("0"))]) == [0]


LONGEST = 2**14_000 - 1


def test_whole_numbers_of_more_than_4214_digits_are_refused():
    assert shapes.Integer().check(LONGEST) == LONGEST
    assert shapes.Integer().read_column([1, -LONGEST]) == [1, -LONGEST]
    for number in (LONGEST + 1, -LONGEST - 1):
        with pytest.raises(BadValue) as caught:
            shapes.Integer().check(number)
        assert caught.value.code == "bad-number"
        with pytest.raises(Unclean):
            shapes.Integer().read_column([1, number])


@pytest.mark.parametrize("exponent", [309, 400, 5_000])
def test_a_whole_number_too_large_for_a_float_is_refused(exponent):
    for number in (10**exponent, -(10**exponent)):
        with pytest.raises(BadValue, match="too large for a float") as caught:
            shapes.Number().check(number)
        assert caught.value.code == "bad-number"
        with pytest.raises(Unclean):
            shapes.Number().read_column([1.0, number])


def test_a_whole_number_becomes_a_float_in_a_field_of_floats():
    assert type(shapes.Number().check(3)) is float
    assert [type(value) for value in shapes.Number().read_column([3, 0.5])] == [float, float]


@pytest.mark.parametrize("text", ["0", "-1", "12.50", "0.00", "1" * 60, "0." + "0" * 58 + "1"])
def test_decimals_are_written_as_they_are_read(text):
    assert written.DecimalNumber().write(written.DecimalNumber().read(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *["", " 1", "1 ", "+1", "1.", ".5", "01", "1e5", "1E5", "1_000", "1,5", "NaN", "Infinity", "-Infinity", "sNaN"],
        *["１", "٣", "0x10", "--1", "-", "1" * 61, "0." + "0" * 59 + "1", "9" * 1_000_000],
    ],
    ids=lambda text: text[:12] or "empty",
)
def test_a_decimal_is_plain_ascii_digits(text):
    with pytest.raises(BadValue) as caught:
        written.DecimalNumber().read(text)
    assert caught.value.code == "bad-number"
    with pytest.raises(Unclean):
        written.DecimalNumber().read_column(["1", text])


@pytest.mark.parametrize(
    ("value", "stored"),
    [("1E+3", "1000"), ("-0", "0"), ("-0.00", "0"), ("0E+5", "0"), ("1E+59", "1" + "0" * 59), ("-12E+1", "-120")],
)
def test_decimals_without_a_plain_writing_are_stored_with_one(value, stored):
    assert str(written.DecimalNumber().check(Decimal(value))) == stored


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+60", "1E-60", "1E+999999"])
def test_decimals_that_json_cannot_carry_are_refused(value):
    with pytest.raises(BadValue) as caught:
        written.DecimalNumber().check(Decimal(value))
    assert caught.value.code == "bad-number"


# -- days, instants, durations --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *["2026-02-30", "2026-13-01", "2026-00-10", "0000-01-01", "2025-02-29", "2026-1-1", "20260101", "2026-W01-1"],
        *["2026-01-01T00:00:00", "26-01-01", "+2026-01-01", "２０２６-01-01", " 2026-01-01", "2026-01-01\n", "", "x"],
    ],
)
def test_a_day_exists_and_is_written_in_one_way(text):
    with pytest.raises(BadValue) as caught:
        written.Day().read(text)
    assert caught.value.code == "bad-date"
    with pytest.raises(Unclean):
        written.Day().read_column(["2026-01-01", text])


def test_a_kind_of_date_is_no_day():
    with pytest.raises(BadValue):
        written.Day().check(LongDay(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-01T09:00:00Z", datetime(2026, 3, 1, 9)),
        ("2026-03-01T09:00:00+08:00", datetime(2026, 3, 1, 1)),
        ("2026-03-01T09:00:00.5-03:30", datetime(2026, 3, 1, 12, 30, 0, 500_000)),
        ("2026-03-01T23:59:59.123456+00:00", datetime(2026, 3, 1, 23, 59, 59, 123_456)),
        ("1900-01-01T00:00:00+08:05:43", datetime(1899, 12, 31, 15, 54, 17)),
    ],
)
def test_instants_are_read_with_their_offset(text, utc):
    assert written.Instant().read(text).astimezone(UTC).replace(tzinfo=None) == utc


@pytest.mark.parametrize(
    "text",
    [
        *["2026-03-01T09:00:00", "2026-03-01 09:00:00Z", "2026-03-01T09:00Z", "2026-03-01", "2026-03-01T09:00:00z"],
        *["2026-02-29T09:00:00Z", "2026-03-01T25:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T09:60:00Z"],
        *["2026-03-01T23:59:60Z", "2026-03-01T09:00:00+24:00", "2026-03-01T09:00:00+0800", "2026-03-01T09:00:00+08"],
        *["2026-03-01T09:00:00,5Z", "2026-03-01T09:00:00.1234567Z", "20260301T090000Z", "", "0000-01-01T00:00:00Z"],
    ],
)
def test_an_instant_exists_and_names_its_offset(text):
    with pytest.raises(BadValue) as caught:
        written.Instant().read(text)
    assert caught.value.code == "bad-date"
    with pytest.raises(Unclean):
        written.Instant().read_column(["2026-03-01T09:00:00Z", text])


def test_a_naive_datetime_is_refused_by_name():
    with pytest.raises(BadValue, match="naive") as caught:
        written.Instant().check(datetime(2026, 1, 1))
    assert caught.value.code == "naive-datetime"


class Crooked(tzinfo):
    def utcoffset(self, dt: datetime | None) -> timedelta:
        return timedelta(microseconds=1)


def test_an_offset_that_rfc_3339_cannot_write_is_refused():
    with pytest.raises(BadValue, match="whole number of seconds") as caught:
        written.Instant().check(datetime(2026, 1, 1, tzinfo=Crooked()))
    assert caught.value.code == "bad-date"


class Stamp(datetime):
    """As pandas has it."""


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),
        datetime(1890, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8), "China")),
        datetime(2026, 1, 1, tzinfo=UTC, fold=1),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(0))),
        Stamp(2026, 1, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-23))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=23))),
    ],
    ids=str,
)
def test_any_zone_is_kept_as_the_offset_that_json_carries(value):
    stored = written.Instant().check(value)
    assert stored.replace(tzinfo=None) == value.replace(tzinfo=None, fold=0)
    assert stored.utcoffset() == value.utcoffset()
    assert type(stored) is datetime
    assert same(written.Instant().read(written.Instant().write(stored)), stored)


def test_a_kind_of_duration_becomes_a_plain_one():
    class Long(timedelta):
        pass

    stored = written.Duration().check(Long(days=1, seconds=5))
    assert same(stored, timedelta(days=1, seconds=5))


@given(st.timedeltas())
@example(timedelta.max)
@example(timedelta.min)
def test_a_plain_duration_is_stored_as_it_is(value):
    fits_both_ways(written.Duration(), value)
