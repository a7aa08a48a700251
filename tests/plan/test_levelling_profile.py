"""What is free over time: the first fit and what is left, against a table of one cell a unit of time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from community_ops.plan.levelling_profile import Profile

END = 30
amounts = st.integers(0, 4)
takings = st.lists(st.tuples(st.integers(0, END - 8), st.integers(1, 8), st.integers(0, 2)), max_size=6)


def cells(profile: Profile) -> list[int]:
    steps = list(zip(profile.marks, profile.free, strict=True))
    return [[free for mark, free in steps if mark <= time][-1] for time in range(END)]


@given(st.lists(st.tuples(st.integers(0, END - 1), amounts), unique_by=lambda step: step[0]), takings)
def test_what_is_taken_up_is_free_no_longer_and_neighbouring_steps_differ(steps, taken) -> None:
    profile, table = Profile(sorted(steps)), [0] * END
    for since, amount in sorted(steps):
        table[since:] = [amount] * (END - since)
    assert cells(profile) == table
    for start, length, amount in taken:
        profile.take(start, start + length, amount)
        for time in range(start, start + length):
            table[time] -= amount
    assert cells(profile) == table
    assert all(a != b for a, b in zip(profile.free, profile.free[1:], strict=False))
    assert profile.marks == sorted(set(profile.marks))


@given(takings, st.integers(0, END), st.integers(1, 9), st.integers(0, 4), amounts)
def test_the_first_fit_is_the_first_of_all_times_at_which_it_fits(taken, start, length, amount, after) -> None:
    profile = Profile([(0, 3), (END, after)])
    table = [3] * END + [after] * 40
    for begun, lasting, much in taken:
        profile.take(begun, begun + lasting, much)
        for time in range(begun, begun + lasting):
            table[time] -= much
    fits = [
        time
        for time in range(start, len(table) - length + 1)
        if all(free >= amount for free in table[time : time + length])
    ]
    assert profile.first_fit(start, length, amount) == (fits[0] if fits else None)


@given(takings, st.lists(st.integers(0, END - 1), unique=True, max_size=6), st.integers(1, 4), amounts)
def test_the_first_lack_is_the_first_cell_with_too_little_and_lasts_until_there_is_enough(
    taken, marks, amount, after
) -> None:
    marks = sorted(marks)
    spans = list(zip(marks[::2], marks[1::2], strict=False))
    profile = Profile([(0, 3), (END, after)])
    table = [3] * END + [after]
    for begun, lasting, much in taken:
        profile.take(begun, begun + lasting, much)
        for time in range(begun, begun + lasting):
            table[time] -= much
    lacking = [time for start, end in spans for time in range(start, end) if table[time] < amount]
    if not lacking:
        assert profile.first_lack(spans, amount) is None
    else:
        again = [time for time in range(lacking[0], END + 1) if table[time] >= amount]
        assert profile.first_lack(spans, amount) == (lacking[0], again[0] if again else None)
