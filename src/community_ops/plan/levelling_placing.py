"""Serial generation of a levelled schedule: the pass forward, in another order and with less of everybody.

A task that has a duration takes up the same from its start to its finish, and is put off until there is enough for all
of it. An effort goes on at the pace of who is there, as it does in the schedule, and is put off until all those are
free with whom it would go on if it were alone; a time in which nobody is there does not put it off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from community_ops.errors import NoWorkTime
from community_ops.plan.efforts import Pace, Paced
from community_ops.plan.levelling_order import Keys, serially
from community_ops.plan.levelling_profile import BEFORE_ALL
from community_ops.plan.levelling_stock import EffortShare, Needs, Stock, Supply
from community_ops.plan.passes_forward import Forward
from community_ops.plan.progress import Status
from community_ops.plan.wiring import Wiring
from community_ops.worktime.axis import LAST, Axis


class Given:
    """What every generation of a schedule begins with.

    Args:
        net: the plan.
        axes: the working time of each of its calendars.
        drawn: what there is of positions, and what tasks take up of it.
        state: what has happened.
        paces: how fast efforts go on.

    Attributes:
        along: for each task that takes anything up the working time of its calendar.
        paced: the efforts, with the work time they go by.
        shares: for each effort what it draws from its positions while it goes on.
    """

    def __init__(
        self, net: Wiring, axes: Sequence[Axis], drawn: Supply, state: Status, paces: Mapping[int, Pace]
    ) -> None:
        self.net: Wiring = net
        self.axes: Sequence[Axis] = axes
        self.drawn: Supply = drawn
        self.state: Status = state
        along = {task: axes[net.calendars[task]] for task in drawn.needs}
        self.paced: dict[int, Paced] = {task: pace.along(along[task]) for task, pace in paces.items()}
        self.shares: dict[int, dict[str, EffortShare]] = {
            task: {id: EffortShare(self.paced[task].line, along[task], share) for id, share in pace.shares.items()}
            for task, pace in paces.items()
        }
        self.along: dict[int, Axis] = along


class Placing(Forward):
    """One serial generation of a schedule: the pass forward, in another order and with less of everybody.

    What is never done is at `LAST`, the end of all time, as in the passes.
    """

    def __init__(self, given: Given) -> None:
        super().__init__(given.net, given.axes, given.state, given.paced)
        self.along: Mapping[int, Axis] = given.along
        self.needs: Needs = given.drawn.needs
        self.shares: Mapping[int, Mapping[str, EffortShare]] = given.shares
        self.stocks: Mapping[str, Stock] = given.drawn.stocks(given.along)
        self.followers: list[list[int]] = [
            [self.after[wire] for wire in self.outgoing.of(node)] for node in range(self.size)
        ]
        self.short: dict[int, tuple[str, ...]] = {}

    def place_all(self, keys: Keys) -> None:
        """Place every node in the order of some keys."""
        limits = self.net.limits
        fixed = [
            node
            for node in self.net.nodes
            if node in limits
            and node not in self.done
            and (limits[node].start_on is not None or limits[node].finish_on is not None)
        ]
        ids = self.net.parts.ids
        fixed.sort(key=ids.__getitem__)  # no date depends on the order of records
        for node in fixed:  # whatever their links say
            self._date(node)
        done = frozenset(fixed)
        waits = [len(wires) for wires in self.incoming]
        ranked = [
            (BEFORE_ALL if node in self.done else key, id)
            for node, (key, id) in enumerate(zip(keys, ids, strict=False))
        ]
        hubs_first = [*ranked, *[(BEFORE_ALL, "")] * len(self.net.hubs)]
        driving = frozenset(self.order)

        def place(node: int) -> None:
            if node in driving and node not in done:
                self._date(node)

        serially(waits, self.followers, hubs_first, place)

    def never(self) -> Mapping[int, tuple[str, ...]]:
        """Return the tasks that are never done, with the positions that they wait for in vain."""
        never = [node for node in self.net.nodes if self.early_finish[node] == LAST]
        return {node: self.short.get(node, ()) for node in never}

    def merit(self) -> tuple[int, int, int]:
        """Return what is to be small: tasks never done, the plan's finish, and the sum of all finishes."""
        finishes = [self.early_finish[node] for node in self.net.nodes if self.early_finish[node] != LAST]
        return len(self.net.nodes) - len(finishes), max(finishes, default=0), sum(finishes)

    def _date(self, node: int) -> None:
        try:
            self.reach(node)
        except NoWorkTime:  # put off until its calendar, or one of its lags', had ended
            self._lose(node, ())

    def _lose(self, node: int, short: tuple[str, ...]) -> None:
        """Leave a task that can never be done without dates."""
        self.early_start[node] = self.early_finish[node] = LAST
        self.short[node] = short

    def _place(self, node: int, start: int, finish: int) -> bool:
        """Put a task where it would be with enough people, or later, where there are."""
        if node in self.shares:
            return self._place_effort(node, start, finish)
        held = super()._place(node, start, finish)
        needs, work = self.needs.get(node), self.work(node)
        if needs is None or not work:
            return held
        axis = self.along[node]
        done = axis.worked(self.early_start[node])
        found = self._fit(node, needs, axis, done, work)
        if found is None:
            self._lose(node, self.short[node])
            return held
        if found != done:
            self.early_start[node], self.early_finish[node] = axis.opening(found), axis.closing(found + work)
        for position, amount in needs:
            self.stocks[position].take(axis, found, work, amount)
        return held

    def _fit(self, node: int, needs: Sequence[tuple[str, int]], axis: Axis, done: int, work: int) -> int | None:
        """Return from where on in its working time a task can have everybody it needs; None where it never can."""
        short: dict[str, None] = {}
        while True:
            begun = done
            for position, amount in needs:
                found = self.stocks[position].first_fit(axis, done, work, amount)
                if found is None:
                    self.short[node] = (position,)
                    return None
                if found != done:
                    short[position] = None
                done = found
            if done == begun:
                self.short[node] = tuple(short)
                return done

    def _place_effort(self, node: int, start: int, finish: int) -> bool:
        """Put an effort where it would be if it were alone, or later, where nobody else needs whom it goes on with."""
        shares, line, work = self.shares[node], self.lines[node], self.work(node)
        try:
            held = super()._place(node, start, finish)
            begun = line.worked(self.early_start[node])
            found, short = self._free(shares, begun, work)
            if found != begun:
                self.early_start[node], self.early_finish[node] = line.opening(found), line.closing(found + work)
        except NoWorkTime:
            self.short[node] = tuple([position for position, one in shares.items() if not one.share[-1][1]])
            raise
        self.short[node] = short
        for position, share in shares.items():
            self.stocks[position].take_for(share, found, work)
        return held

    def _free(self, shares: Mapping[str, EffortShare], done: int, work: int) -> tuple[int, tuple[str, ...]]:
        """Return from where on in its work time an effort can go on as if it were alone, and whom it has to wait for.

        Raises:
            NoWorkTime: it is never finished.
        """
        short: dict[str, None] = {}
        while True:
            begun = done
            for position, share in shares.items():
                found = self.stocks[position].first_fit_of(share, done, work)
                if found != done:
                    short[position] = None
                done = found
            if done == begun:
                return done, tuple(short)
