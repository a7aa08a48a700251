from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, timedelta
from decimal import Decimal, Inexact

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.errors import InvalidRecord
from community_ops.kernel.values import DateRange, Estimate, Money

JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)


# -- Money ----------------------------------------------------------------------------------------------------------


def test_money_adds_subtracts_and_multiplies_exactly():
    assert Money("0.1", "EUR") + Money("0.2", "EUR") == Money("0.3", "EUR")
    assert Money(1, "EUR") - Money("0.01", "EUR") == Money("0.99", "EUR")
    assert Money("0.05", "EUR") * 3 == Money("0.15", "EUR")
    assert Money(10, "EUR") * Decimal("0.5") == Money(5, "EUR")


def test_no_digit_is_lost_however_long_the_amounts():
    long = Money("123456789012345678901234567890", "EUR")
    assert (long + Money("0.01", "EUR")).amount == Decimal("123456789012345678901234567890.01")
    assert (long - Money("0.01", "EUR")).amount == Decimal("123456789012345678901234567889.99")
    assert (long * 3).amount == Decimal("370370367037037036703703703670")


def test_a_product_that_cannot_be_held_is_refused_and_not_rounded():
    with pytest.raises(InvalidRecord, match="more than 60 digits"):
        Money("9" * 40, "EUR") * Decimal("9" * 40)
    with pytest.raises(Inexact):
        Money("9" * 40, "EUR") * Decimal("9" * 999)


def test_amounts_of_two_currencies_are_not_combined():
    with pytest.raises(ValueError, match="cannot combine EUR and CNY"):
        Money(1, "EUR") + Money(1, "CNY")


@pytest.mark.parametrize("other", [1, Decimal(1), None, "1 EUR"])
def test_only_money_is_added_to_money(other):
    with pytest.raises(TypeError):
        Money(1, "EUR") - other


@pytest.mark.parametrize("currency", ["eur", "EU", "EURO", "", "€€€", "ＥＵＲ", "EUR\n"])
def test_a_currency_is_a_code(currency):
    with pytest.raises(InvalidRecord, match="currency must be a three-letter code"):
        Money(1, currency)


@pytest.mark.parametrize("amount", [None, "much", float("nan"), float("inf"), True, [1], "1e5", 10**100, 1e300])
def test_an_amount_is_a_number(amount):
    with pytest.raises(InvalidRecord) as caught:
        Money(amount, "EUR")
    assert (caught.value.kind, caught.value.id, caught.value.field) == ("Money", None, "amount")


def test_money_prints_as_people_write_it():
    assert str(Money("1234567.50", "CNY")) == "1,234,567.50 CNY"


# -- DateRange ------------------------------------------------------------------------------------------------------


def test_the_last_day_counts():
    year = DateRange(JAN, date(2026, 12, 31))
    assert year.covers(JAN)
    assert year.covers(date(2026, 12, 31))
    assert date(2027, 1, 1) not in year
    assert date(2025, 12, 31) not in year
    assert year.days == 365


def test_open_ends_cover_everything_on_their_side():
    assert DateRange().covers(date.min)
    assert DateRange().covers(date.max)
    assert date.max in DateRange(JAN)
    assert date(2025, 12, 31) not in DateRange(JAN)
    assert DateRange(JAN).days is DateRange(None, JAN).days is DateRange().days is None


def test_a_backward_period_is_kept_and_covers_no_day():
    backward = DateRange(FEB, JAN)
    assert backward.backward
    assert (backward.start, backward.end, backward.days) == (FEB, JAN, 0)
    assert JAN not in backward
    assert FEB not in backward
    assert not DateRange(JAN, JAN).backward


days = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 12))
ranges = st.builds(DateRange, days, days)


@given(ranges, ranges)
def test_an_overlap_is_the_days_that_both_cover(a, b):
    window = [date(2025, 12, 30) + timedelta(days=i) for i in range(20)]
    both = [day for day in window if day in a and day in b]
    shared = a.overlap(b)
    assert ([day for day in window if day in shared] if shared else []) == both
    assert (shared is None) is (not both)
    assert a.overlap(b) == b.overlap(a)


@pytest.mark.parametrize("end", [datetime(2026, 1, 1), "2026-01-01", 5])
def test_a_period_has_days_for_ends(end):
    with pytest.raises(InvalidRecord, match="end must be a date"):
        DateRange(JAN, end)


def test_a_period_prints_with_its_open_ends():
    assert str(DateRange(JAN)) == "2026-01-01 to ..."
    assert str(DateRange(None, FEB)) == "... to 2026-02-01"


# -- Estimate -------------------------------------------------------------------------------------------------------


def test_the_pert_mean_and_deviation():
    estimate = Estimate(5, 20, 50)
    assert estimate.mean == Decimal("22.5")  # (5 + 80 + 50) / 6
    assert estimate.deviation == Decimal("7.5")  # (50 - 5) / 6
    assert estimate.ordered


def test_points_out_of_order_are_kept():
    assert not Estimate(9, 5, 1).ordered
    assert not Estimate(1, 5, 3).ordered
    assert Estimate(2, 2, 2).ordered


@pytest.mark.parametrize("value", [Money("1.50", "EUR"), DateRange(JAN, FEB), DateRange(), Estimate(1, 2, 3)])
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_values_survive_copying(value, copied):
    again = copied(value)
    assert again == value
    assert hash(again) == hash(value)
    assert repr(again) == repr(value)
