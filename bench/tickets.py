"""The clocks of all tickets against a bare replay of the same logs, and the full table of due escalations.

The bare replay looks up state and event in a plain dict and keeps no time: it is what anybody who only wants to know
the states would write. Escalations have no peer: help desks work them out one ticket at a time, as time goes by.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import community_ops as co
from bench.timing import Job, Result, fresh_copy, in_turn
from community_ops.kernel.record import Record
from community_ops.service.escalating import escalations
from community_ops.service.records import (
    PRIORITIES,
    EscalationLevel,
    Queue,
    Recipient,
    SlaPolicy,
    SlaTarget,
    Ticket,
    TicketEvent,
)
from community_ops.service.states import TICKET
from community_ops.service.timekeeping import clocks
from community_ops.worktime.windows import DAYS

ROW = "tickets"
CLOCKS_JUDGED_AT = 10_000
REPEAT = 5
TIMES, SECONDS = 3.0, 0.3
"""The goal: so many times the bare replay, or so long for all clocks, whichever is more."""
START = datetime(2026, 1, 5, tzinfo=UTC)
DAYS_OPEN = 60
TEAMS, AGENTS = 10, 20
LOG = ("opened", "assigned", "public_reply", "pending", "customer_message", "public_reply")
OPEN_LOG = ("opened", "assigned", "public_reply", "pending", "customer_message", "priority_changed")


def organisation() -> list[Record]:
    """Return teams of agents under leads, a queue each, and a policy with levels at 50, 100 and 150 percent."""
    served = co.Calendar(id="service", timezone="Asia/Shanghai", hours=dict.fromkeys(DAYS, (("09:00", "21:00"),)))
    hours = [
        SlaTarget(priority=priority, first_response=2 * scale, next_response=4 * scale, resolution=24 * scale)
        for priority, scale in zip(PRIORITIES, [timedelta(hours=h) for h in (4, 3, 2, 1)], strict=True)
    ]
    levels = [
        EscalationLevel(target="first_response", percent=100, recipient=Recipient("queue_lead")),
        EscalationLevel(target="resolution", percent=50, recipient=Recipient("queue_lead")),
        EscalationLevel(target="resolution", percent=100),
        EscalationLevel(target="resolution", percent=150, recipient=Recipient(steps=2)),
    ]
    found: list[Record] = [
        served,
        SlaPolicy(id="standard", name="Standard", calendar="service", targets=tuple(hours), escalations=tuple(levels)),
        co.Unit(id="hq", name="HQ"),
        co.Position(id="coo", title="COO", unit="hq"),
        co.Assignment(id="coo", person="p-coo", position="coo"),
    ]
    for team in range(TEAMS):
        lead = f"lead-{team}"
        found.append(Queue(id=f"q-{team}", name="Queue", unit=f"u-{team}", lead=lead, policy="standard"))
        found.append(co.Unit(id=f"u-{team}", name="Team", parent="hq"))
        found.append(co.Position(id=lead, title="Lead", unit=f"u-{team}", reports_to="coo"))
        agents = [f"agent-{team}-{agent}" for agent in range(AGENTS)]
        found += [co.Position(id=agent, title="Agent", unit=f"u-{team}", reports_to=lead) for agent in agents]
        # Every third lead is not there, so that deputies and those above are asked as well.
        staffed = [*agents, *([lead] if team % 3 else [])]
        found += [co.Assignment(id=id, person=f"p-{id}", position=id) for id in staffed]
    return found


def ticket(id: str, log: Sequence[str], rnd: random.Random) -> Ticket:
    """Return a ticket with a log of some events, one after the other at random intervals."""
    at, team = START + timedelta(minutes=rnd.randrange(DAYS_OPEN * 24 * 60)), rnd.randrange(TEAMS)
    events = []
    for type in log:
        data: dict[str, object] = {}
        if type == "assigned":
            data = {"position": f"agent-{team}-{rnd.randrange(AGENTS)}"}
        elif type == "priority_changed":
            data = {"priority": rnd.choice(PRIORITIES)}
        events.append(TicketEvent(type, at, **data))  # type: ignore[arg-type]  # made of words in a loop
        at += timedelta(minutes=rnd.randrange(1, 600))
    return Ticket(id=id, subject="Cannot log in", queue=f"q-{team}", events=tuple(events))


def tickets(count: int, log: Sequence[str], seed: int = 0) -> co.OperatingModel:
    """Return an organisation with so many tickets."""
    rnd = random.Random(seed)
    return co.OperatingModel([*organisation(), *[ticket(f"t-{n}", log, rnd) for n in range(count)]])


_NEXT = {(way.source, way.event): way.target for way in TICKET.transitions}


def bare_replay(records: Sequence[Ticket]) -> list[str | None]:
    """Return the state of every ticket, by nothing but a table."""
    found = []
    for record in records:
        state = None
        for event in record.events:
            state = _NEXT[state, event.type]
        found.append(state)
    return found


def measure(sizes: Sequence[int]) -> list[Result]:
    return [result for size in sizes for result in (_clocks(size), _escalations(size))]


def _clocks(size: int) -> Result:
    at, model = START + timedelta(days=DAYS_OPEN + 30), tickets(size, LOG)
    records = model.table(Ticket).records
    if [told.state for told in clocks(model, at).told.values()] != bare_replay(records):
        raise AssertionError("the bare replay comes to other states")
    # In the order of the turns, each a little later, so that nothing is remembered.
    instants = iter([at + timedelta(seconds=n + 1) for n in range(REPEAT)])
    jobs: dict[str, Job] = {
        "ours": lambda: clocks(model, next(instants)),
        "bare": lambda: bare_replay(records),
    }
    best = in_turn(jobs, REPEAT)
    goal = max(TIMES, SECONDS / best["bare"])
    job = f"all clocks, {len(LOG)} events a ticket"
    return Result(ROW, job, size, best["ours"], "bare replay", best["bare"], goal, size == CLOCKS_JUDGED_AT)


def _escalations(size: int) -> Result:
    at, model = START + timedelta(days=DAYS_OPEN + 30), tickets(size, OPEN_LOG)
    copies = iter([fresh_copy(model) for _ in range(REPEAT)])
    entries = len(escalations(model, at))
    best = in_turn({"ours": lambda: escalations(next(copies), at)}, REPEAT)
    return Result(ROW, f"full table of due escalations, {entries / size:.1f} a ticket", size, best["ours"])
