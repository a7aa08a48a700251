"""The links of a plan as wires between nodes.

The nodes are the tasks of the plan by number, in table order. A link whose predecessor is a summary comes out of a
*hub*, a node without work that follows the tasks: what waits for the finish of a summary waits for the last of its
leaves to finish, and what waits for its start waits for the first of them to start. A link to a summary holds each of
its leaves. What cannot be wired is left out and listed, for rules to find.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

from attrs import frozen

from community_ops.plan.lengths import WIDE, Clocks, microseconds
from community_ops.plan.records import Link, LinkType
from community_ops.plan.tasktree import Parts

ELAPSED = -1
"""In place of a calendar: real time."""
Why = Literal["other plan", "own part", "drives nothing", "percent of a summary"]
_UNWIRED = ("own part", "drives nothing")


class Wire(NamedTuple):
    """A link between two nodes.

    Attributes:
        before: the predecessor.
        after: the successor.
        type: which end of the one holds which end of the other.
        lag: how long after it, in microseconds.
        lag_calendar: the place of the calendar that the lag runs in; `ELAPSED` for real time.
        origin: where the link stands, as its task and its place among that task's links; None for a wire into a hub.
        link: the link, or an equal one; None for a wire into a hub.
    """

    before: int
    after: int
    type: LinkType
    lag: int
    lag_calendar: int
    origin: tuple[int, int] | None
    link: Link | None

    @property
    def words(self) -> tuple[str | Decimal | tuple[Decimal, ...], ...]:
        """What its link says beside the type, as a key to sort by; of links that differ, no two have the same."""
        link = self.link
        if link is None:
            return ()
        percent = () if link.lag_percent is None else (link.lag_percent,)
        return link.task, link.lag_time, link.lag.unit, link.lag.amount, percent


class Hub(NamedTuple):
    """One end of a summary that links come out of: its start, that of its first leaf, or its finish, of its last."""

    summary: int
    end: Literal["start", "finish"]


class Loose(NamedTuple):
    """A link that does not hold as it is written, and why: its task, its place among that task's links, the reason.

    It holds nothing back; but a percentage of a summary counts as no lag, and the rest of that link holds.
    """

    task: int
    place: int
    why: Why


@frozen
class Linked:
    """The links of a plan, wired; made by `linked`.

    Attributes:
        wires: the links that hold something back.
        spans: the links of levels of effort, which follow others and hold nothing back.
        hubs: the nodes after those of the tasks.
        loose: the links that do not hold as written.
    """

    wires: tuple[Wire, ...]
    spans: tuple[Wire, ...]
    hubs: tuple[Hub, ...]
    loose: tuple[Loose, ...]


@frozen
class Nodes:
    """What links are wired by.

    Attributes:
        shape: the tasks.
        kinds: what each is.
        drives: whether dates run through it.
        works: how much work it is, in microseconds.
        clocks: the calendars of the plan.
        calendars: for each task the place of its calendar.
    """

    shape: Parts
    kinds: Sequence[str]
    drives: Sequence[bool]
    works: Sequence[int]
    clocks: Clocks
    calendars: Sequence[int]

    @cached_property
    def _driving(self) -> tuple[list[int], list[int]]:
        """The driving tasks in the order of the breakdown, and how many of them come before each place of it."""
        order = self.shape.order
        passed = accumulate([self.drives[task] for task in order], initial=0)
        return [task for task in order if self.drives[task]], list(passed)

    def leaves(self, task: int) -> list[int]:
        """Return the driving tasks at or below one."""
        driving, passed = self._driving
        place = self.shape.entered[task]
        return driving[passed[place] : passed[place + self.shape.sizes[task]]]

    def spans(self, task: int) -> bool:
        """Tell whether a task is a level of effort."""
        return self.kinds[task] == "level_of_effort" and not self.shape.is_summary(task)

    def wire(self, source: int, before: int, after: int, origin: tuple[int, int], link: Link) -> Wire:
        """Return the wire of a link from a node that stands for a predecessor to a successor."""
        if link.lag_time == "successor":
            calendar = self.calendars[after]
        elif link.lag_time == "predecessor":
            calendar = self.calendars[before]
        else:
            calendar = 0 if link.lag_time == "project" else ELAPSED
        if link.lag_percent is None:
            lag = self.clocks.length(link.lag, calendar) if link.lag.amount else 0
        elif self.shape.is_summary(before):
            lag = 0
        else:
            lag = microseconds(WIDE.multiply(self.works[before], WIDE.divide(link.lag_percent, 100)))
        return Wire(source, after, link.type, lag, calendar, origin, link)


def linked(nodes: Nodes, links: Sequence[Sequence[Link]]) -> Linked:
    """Wire the links of a plan.

    Args:
        nodes: its tasks.
        links: the links of each.
    """
    numbers = {id: task for task, id in enumerate(nodes.shape.ids)}
    hubs: dict[Hub, int] = {}
    wires: list[Wire] = []
    spans: list[Wire] = []
    loose: list[Loose] = []
    for task, place, link in [(task, place, link) for task, own in enumerate(links) for place, link in enumerate(own)]:
        before = numbers.get(link.task)
        if before is None:  # of another plan, or nowhere, which is for the rule on references
            loose.append(Loose(task, place, "other plan"))
            continue
        if nodes.drives[before] and nodes.drives[task] and before != task:  # as nearly all links
            wires.append(nodes.wire(before, before, task, (task, place), link))
            continue
        why = _odd(nodes, before, task, link)
        if why is not None:
            loose.append(Loose(task, place, why))
        if why in _UNWIRED:
            continue
        source = _source(nodes, hubs, before, link.type)
        if nodes.spans(task):
            spans.append(nodes.wire(source, before, task, (task, place), link))
        else:
            wires += [nodes.wire(source, before, one, (task, place), link) for one in nodes.leaves(task)]
    for hub, node in hubs.items():
        into: LinkType = "FS" if hub.end == "finish" else "SS"
        wires += [Wire(leaf, node, into, 0, ELAPSED, None, None) for leaf in nodes.leaves(hub.summary)]
    return Linked(tuple(wires), tuple(spans), tuple(hubs), tuple(loose))


def _odd(nodes: Nodes, before: int, task: int, link: Link) -> Why | None:
    """Return why a link between two tasks of the plan does not hold as it is written."""
    shape = nodes.shape
    if shape.contains(before, task) or shape.contains(task, before):
        return "own part"
    if not nodes.leaves(before) or not (nodes.leaves(task) or nodes.spans(task)):
        return "drives nothing"
    return "percent of a summary" if link.lag_percent is not None and shape.is_summary(before) else None


def _source(nodes: Nodes, hubs: dict[Hub, int], before: int, type: LinkType) -> int:
    """Return the node that a link comes out of."""
    leaves = nodes.leaves(before)
    if len(leaves) == 1:
        return leaves[0]
    hub = Hub(before, "finish" if type in ("FS", "FF") else "start")
    return hubs.setdefault(hub, len(nodes.shape.ids) + len(hubs))
