"""Rules about what is promised: for which tickets nothing is, and what cannot come due (SVC201, SVC202)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from community_ops.errors import NoWorkTime
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.service.histories import stories
from community_ops.service.records import SlaPolicy, SlaTarget, Ticket
from community_ops.service.rules.addresses import policy_ref
from community_ops.service.rules.samples import HOUR, NINE, chat, hours, promise, team, ticket
from community_ops.service.terms import PROMISED, terms
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule


@rule(
    "SVC201",
    name="kind-without-target",
    severity=WARNING,
    en="{subject} promises nothing for {kinds}, of which there {verb} {count} under it.",
    zh="{subject}对{kinds}没有任何承诺，而其下有 {count} 个此类工单。",
    needs=("sla_policy", "ticket"),
    date_use="ignored",
)
def kind_without_target(m: ModelView, context: Context) -> Iterator[Finding]:
    """A policy has targets, but none that fits a kind of ticket that is in use under it.

    Why it matters: these tickets have no clock, and nobody notices when they are forgotten.

    How to fix: add a target for the kind, or one without a kind for all that are not named.

    When it is wrong to heed it: where nothing is to be promised for that kind; say so with a policy of its own that has
    no targets, and which no rule asks any of.
    """
    targets = dict(zip(m.ids(SlaPolicy), m.column(SlaPolicy.targets), strict=True))
    kinds, index = m.column(Ticket.kind), m.place_index(Ticket)
    missing: dict[str, dict[str, int]] = {}
    for id, told in stories(m).told.items():
        policy, kind = told.terms.policy, kinds[index[id]]
        if policy is not None and targets[policy] and not _fits(targets[policy], kind, told.priority):
            counts = missing.setdefault(policy, {})
            counts[kind] = counts.get(kind, 0) + 1
    for policy in targets:
        if policy in missing:
            counts = missing[policy]
            total = sum(counts.values())
            yield kind_without_target.finding(
                policy_ref(policy), field="targets", kinds=tuple(sorted(counts)), count=total,
                verb="is" if total == 1 else "are",
            )  # fmt: skip


def _fits(targets: Iterable[SlaTarget], kind: str, priority: str) -> bool:
    return any(one.kind in (None, kind) and one.priority in (None, priority) for one in targets)


_COMPLAINTS = (SlaTarget(kind="complaint", resolution=HOUR),)


@kind_without_target.fires()
def _nothing_for_inquiries() -> Iterable[Record]:
    return team(promise(id="strict", targets=_COMPLAINTS), chat(policy="strict"), ticket())


@kind_without_target.silent()
def _nothing_at_all() -> Iterable[Record]:
    return team(promise(id="none", targets=()), chat(policy="none"), ticket(), ticket(id="t2", policy="standard"))


@rule(
    "SVC202",
    name="target-never-due",
    severity=WARNING,
    en="{subject} promises {promise} within {length} of {calendar}, which from {day} on is not open for that long.",
    zh="{subject}承诺按{calendar}在 {length} 内{promise}，但该日历自 {day} 起的开放时间已不足。",
    needs=("sla_policy", "calendar"),
    date_use="needed",
)
def target_never_due(m: ModelView, context: Context) -> Iterator[Finding]:
    """A calendar ends before what is promised in its hours could come due.

    Why it matters: what never comes due is never late, so that tickets wait without anybody hearing of it. A roster of
    dated shifts that nobody has continued is the usual cause.

    How to fix: give the calendar hours of the week, or the shifts to come.

    When it is wrong to heed it: for a policy that ends with its calendar; take it away from the queues then.

    One finding a policy, for its longest target. That a calendar is never open at all is said by WRK101.
    """
    book, targets = terms(m), m.column(SlaPolicy.targets)
    for id, calendar, those in zip(m.ids(SlaPolicy), m.column(SlaPolicy.calendar), targets, strict=True):
        lengths = [(length, name) for one in those for name in PROMISED if (length := getattr(one, name)) is not None]
        time = book.of(id, "", "normal").time
        if calendar is None or not lengths or not any(time.calendars[0].shifts.values()):
            continue
        longest, name = max(lengths)
        try:
            time.add(datetime.combine(context.day, datetime.min.time(), time.zone), longest)
        except NoWorkTime:
            ref = Ref("calendar", calendar)
            yield target_never_due.finding(
                policy_ref(id), field="calendar", related=[ref], calendar=ref, length=longest, day=context.day,
                promise=_SAID[name],
            )  # fmt: skip


_SAID: Mapping[str, Mapping[str, str]] = {
    "first_response": {"en": "a first response", "zh": "首次响应"},
    "next_response": {"en": "a response", "zh": "后续响应"},
    "resolution": {"en": "a resolution", "zh": "解决"},
}
_ROSTER = {f"2026-03-{day:02}": (("09:00", "17:00"),) for day in range(2, 7)}


@target_never_due.fires(at=NINE.date() + timedelta(days=4))
def _to_the_end_of_the_roster() -> Iterable[Record]:
    return team(hours(id="roster", hours={}, shifts=_ROSTER), promise(id="rostered", calendar="roster"))


@target_never_due.silent(at=NINE.date())
def _within_the_roster() -> Iterable[Record]:
    return team(hours(id="roster", hours={}, shifts=_ROSTER), promise(id="rostered", calendar="roster"))


RULES = (kind_without_target, target_never_due)
"""The rules of this module."""
