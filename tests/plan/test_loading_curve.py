"""The sweep over what is asked for."""

from __future__ import annotations

from community_ops.plan.loading_curve import _joined


def test_stretches_that_say_the_same_and_touch_are_one() -> None:
    steps = [(1, 2, 5, 3, (0,)), (2, 4, 5, 3, (0,)), (4, 5, 6, 3, (0,)), (7, 8, 6, 3, (0,))]
    assert list(_joined(steps)) == [(1, 4, 5, 3, (0,)), (4, 5, 6, 3, (0,)), (7, 8, 6, 3, (0,))]
    assert list(_joined([])) == []
