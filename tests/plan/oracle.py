"""What a network means, written from the definitions alone: apply every demand until nothing changes any more."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Link = tuple[int, int, str, Any]


def gap(starts: Sequence[Fraction], durations: Sequence[Fraction], link: Link) -> Fraction:
    """By how much a link is more than kept; negative where it is broken."""
    before, after, type, lag = link
    held = starts[before] + (durations[before] if type[0] == "F" else 0)
    holds = starts[after] + (durations[after] if type[1] == "F" else 0)
    return holds - held - lag


def early_starts(durations: Sequence[Fraction], links: Sequence[Link], start: Fraction) -> list[Fraction]:
    """Put all tasks at the project's start, and push successors until every link is kept."""
    found = [start for _ in durations]
    while broken := [link for link in links if gap(found, durations, link) < 0]:
        for link in broken:
            found[link[1]] -= min(gap(found, durations, link), 0)
    return found


def late_starts(durations: Sequence[Fraction], links: Sequence[Link], finish: Fraction) -> list[Fraction]:
    """Let all tasks finish with the project, and pull predecessors until every link is kept."""
    found = [finish - duration for duration in durations]
    while broken := [link for link in links if gap(found, durations, link) < 0]:
        for link in broken:
            found[link[0]] += min(gap(found, durations, link), 0)
    return found


def free_floats(durations: Sequence[Fraction], links: Sequence[Link], early: Sequence[Fraction]) -> list[Fraction]:
    """Least slack of the links that lead on, or for a task without any what is left until the end."""
    finish = max([start + length for start, length in zip(early, durations, strict=True)])
    found = []
    for task, (start, length) in enumerate(zip(early, durations, strict=True)):
        slacks = [gap(early, durations, link) for link in links if link[0] == task]
        found.append(min(slacks, default=finish - start - length))
    return found
