"""The rule on work that nobody is there to do (PLN403)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from community_ops.errors import NoWorkTime
from community_ops.kernel.record import Record
from community_ops.kernel.view import ModelView
from community_ops.org.records import Assignment
from community_ops.org.rules.addresses import position
from community_ops.org.rules.samples import ann, hq
from community_ops.plan.records import Allocation, Duration, Task
from community_ops.plan.rules.addresses import plan_ref, task_ref
from community_ops.plan.rules.dating import dated
from community_ops.plan.rules.samples import MONDAY, launch, lead, piece
from community_ops.plan.scheduling import schedule
from community_ops.plan.staffing import RULE, BackfillThresholds
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule


@rule(
    RULE,
    name="effort-without-people",
    severity=WARNING,
    status=True,
    en="{subject}: {tasks} will never be finished as things stand, since nobody is there to do it as {positions}.",
    zh="{subject}：{positions}无人在岗，照目前情况{tasks}无法完成。",
    needs=("plan", "task", "position"),
    date_use="needed",
    thresholds=BackfillThresholds(),
)
def effort_without_people(m: ModelView, context: Context) -> Iterator[Finding]:
    """Nobody holds the positions that an effort is allocated to, or not for long enough, and no deputy stands in.

    Why it matters: the work stands still, and with it all that waits for it; the plan has no finish.

    How to fix: fill the position, name a deputy, or allocate another. Where it is known when it will be filled, a
    policy for this rule says so with `backfill`, and from then on schedule, load and levelling count on all its seats.

    When it is wrong to heed it: where people are found for each task as it comes; give such a task a duration.

    One finding a plan, at the status date. Tasks that merely wait for these are not listed.
    """
    allocations = m.column(Task.allocations)
    for id, planned in dated(m):
        with suppress(NoWorkTime):  # a calendar that ends before what is left can be done
            found = schedule(m, id, context.day)
            parts = planned.net.parts
            stuck = [one for one in found.never if found.tasks[one].driver.kind == "nobody"]
            if stuck:
                numbers = {one: number for number, one in enumerate(parts.ids)}
                places = [parts.places[numbers[one]] for one in stuck]
                wanted = dict.fromkeys(one.position for place in places for one in allocations[place])
                tasks, positions = tuple(map(task_ref, stuck)), tuple(map(position, wanted))
                yield effort_without_people.finding(
                    plan_ref(id), related=(*tasks, *positions), tasks=tasks, positions=positions
                )


def _writing(**fields: object) -> Task:
    values = {"duration": None, "effort": Duration(3), "allocations": (Allocation("lead"),), **fields}
    return piece("write", **values)  # type: ignore[arg-type]


@effort_without_people.fires(at=MONDAY)
def _vacant() -> Iterable[Record]:
    return [hq("lead"), lead(), launch(), _writing(), piece("print", 1, "write")]


@effort_without_people.silent(at=MONDAY)
def _held() -> Iterable[Record]:
    return [hq("lead"), lead(), launch(), _writing(), ann(), Assignment(id="a", person="ann", position="lead")]


@effort_without_people.silent(at=MONDAY)
def _whoever_it_is() -> Iterable[Record]:
    return [hq("lead"), lead(), launch(), _writing(duration=Duration(3))]


RULES = (effort_without_people,)
"""The rules of this module."""
