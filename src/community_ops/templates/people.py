"""Who holds which position in the community operations template: placeholders, as of 2 March 2026.

Thirty-two seats and thirty-one people: one engineer's seat is empty, two people share one service agent's
seat, and one person holds two half-time seats. The engineer who left is recorded, and is not one of the
thirty-one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from community_ops.kernel.values import DateRange
from community_ops.org.records import Assignment, Person
from community_ops.templates.service import skills_of
from community_ops.templates.words import Say

_HALF = Decimal("0.5")


class Holding(NamedTuple):
    """A member in a position, from the day they joined to the last day they worked."""

    member: int
    position: str
    since: date
    until: date | None = None
    fte: Decimal = Decimal(1)


HOLDINGS: tuple[Holding, ...] = (
    Holding(1, "ceo", date(2021, 3, 1)),
    Holding(2, "coo", date(2021, 6, 1)),
    Holding(3, "cmo", date(2021, 9, 1)),
    # community marketing
    Holding(4, "marketing-specialist", date(2022, 4, 1)),
    Holding(5, "ad-planner", date(2023, 2, 13)),
    Holding(6, "data-analyst", date(2023, 5, 8)),
    # community operations
    Holding(7, "community-operator", date(2021, 10, 11)),
    Holding(8, "content-creator", date(2022, 3, 7)),
    Holding(9, "content-creator", date(2024, 7, 1)),
    Holding(10, "community-manager", date(2022, 8, 15)),
    Holding(11, "community-manager", date(2023, 9, 4)),
    Holding(12, "community-manager", date(2025, 3, 3)),
    Holding(13, "community-marketer", date(2024, 2, 19)),
    # customer service; the last two share a seat
    Holding(14, "service-agent", date(2022, 5, 9)),
    Holding(15, "service-agent", date(2023, 3, 6)),
    Holding(16, "service-agent", date(2024, 4, 8)),
    Holding(17, "service-agent", date(2024, 9, 2), fte=_HALF),
    Holding(18, "service-agent", date(2024, 9, 2), fte=_HALF),
    Holding(19, "tech-support", date(2022, 11, 14)),
    Holding(20, "tech-support", date(2025, 1, 6)),
    Holding(21, "after-sales", date(2023, 6, 12)),
    Holding(22, "after-sales", date(2025, 5, 12)),
    # project management; one person in two half-time positions
    Holding(23, "project-manager", date(2022, 9, 5)),
    Holding(24, "project-coordinator", date(2024, 3, 4), fte=_HALF),
    Holding(24, "risk-manager", date(2024, 3, 4), fte=_HALF),
    # product
    Holding(25, "product-manager", date(2021, 7, 5)),
    Holding(26, "engineer", date(2021, 8, 2)),
    Holding(27, "engineer", date(2023, 10, 9)),
    # Last worked on 16 December: the seat is empty from 17 December, 75 days when 2 March begins.
    Holding(32, "engineer", date(2022, 6, 6), until=date(2025, 12, 16)),
    Holding(28, "designer", date(2022, 2, 14)),
    # finance
    Holding(29, "finance-manager", date(2021, 11, 1)),
    Holding(30, "cost-accountant", date(2023, 8, 7)),
    Holding(31, "auditor", date(2024, 1, 8)),
)


def people(say: Say) -> Iterator[Person]:
    """Yield everybody, employed from the day they took a position; the one who has left comes last."""
    employed = {holding.member: holding for holding in HOLDINGS}
    for member, holding in sorted(employed.items()):
        yield Person(
            id=_person(member),
            name=say(f"成员{member:02}", f"Member {member:02}"),
            skills=skills_of(holding.position),
            employment=DateRange(holding.since, holding.until),
        )


def assignments() -> Iterator[Assignment]:
    """Yield who holds what, numbered by position: `content-creator-2` is the second content creator."""
    places: Counter[str] = Counter()
    for holding in HOLDINGS:
        places[holding.position] += 1
        yield Assignment(
            id=f"{holding.position}-{places[holding.position]}",
            person=_person(holding.member),
            position=holding.position,
            fte=holding.fte,
            period=DateRange(holding.since, holding.until),
        )


def _person(member: int) -> str:
    return f"member-{member:02}"
