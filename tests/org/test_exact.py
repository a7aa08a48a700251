"""Decimals as whole parts, against the decimals themselves."""

from __future__ import annotations

from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from community_ops.org.exact import Scale

amounts = st.decimals(0, 10**20, places=12) | st.decimals(0, 5, places=1) | st.just(Decimal("1." + "3" * 50))


@given(st.lists(amounts, max_size=8))
def test_sums_of_parts_are_exact_sums(values: list[Decimal]) -> None:
    scale = Scale.of(values)
    found = scale.decimal(sum(scale.parts(values)))
    with localcontext(prec=100):
        assert found == sum(values, Decimal(0))
        assert found.as_tuple().exponent in range(-50, 1)


@given(amounts)
def test_one_value_comes_back_in_its_shortest_form(value: Decimal) -> None:
    scale = Scale.of([value, Decimal("0.0000000000001")])
    digits = scale.decimal(scale.part(value)).as_tuple()
    assert scale.decimal(scale.part(value)) == value
    assert isinstance(digits.exponent, int)
    assert digits.exponent == 0 or digits.digits[-1] != 0


def test_of_nothing() -> None:
    assert (Scale.of([]).parts([]), Scale.of([]).decimal(0)) == ([], Decimal(0))
