from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import DateRange, OperatingModel
from community_ops.errors import InvalidRecord, NotAnInstant
from community_ops.service import (
    Queue,
    Satisfaction,
    SlaPolicy,
    SlaTarget,
    Ticket,
    TicketEvent,
    satisfaction,
    satisfaction_by,
)

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = NINE + timedelta(days=100)


def rated(id: str, *ratings: tuple[str, int], at: datetime = NINE, **fields: object) -> Ticket:
    events = [TicketEvent("opened", at), TicketEvent("resolved", at + HOUR)]
    events += [TicketEvent("rated", at + 2 * HOUR, scale=scale, rating=rating) for scale, rating in ratings]
    return Ticket(id=id, subject=id, events=events, **fields)


def asked(scale: str, ratings: Iterable[int]) -> Satisfaction:
    return satisfaction(OperatingModel(rated(f"t{n}", (scale, one)) for n, one in enumerate(ratings)), LATER)


def test_csat_is_the_percentage_of_fours_and_fives() -> None:
    found = asked("csat", [5, 4, 3, 2, 1, 5, 4, 4])
    assert (found.csat_score, found.csat_mean, len(found.csat)) == (62.5, 3.5, 8)


def test_nps_is_promoters_less_detractors() -> None:
    # Three of nine and ten, four of nought to six, one of seven and two of eight.
    found = asked("nps", [10, 9, 9, 0, 6, 3, 5, 7, 8, 8])
    assert found.nps_score == -10.0


def test_effort_has_a_mean_and_a_share_of_those_who_found_it_easy() -> None:
    found = asked("ces", [7, 5, 4, 2])
    assert (found.ces_mean, found.ces_easy) == (4.5, 50.0)


def test_nothing_is_none() -> None:
    found = satisfaction(OperatingModel(), LATER)
    scores = (found.csat_score, found.csat_mean, found.nps_score, found.ces_mean, found.ces_easy, found.response_rate)
    assert scores == (None,) * 6
    assert [one.share for one in found.attainment.values()] == [None, None, None]
    assert str(found) == "0 resolved, 0 rated"


@given(st.lists(st.integers(0, 10), min_size=1, max_size=30))
def test_the_score_follows_from_counting(ratings: list[int]) -> None:
    good, bad = sum(one > 8 for one in ratings), sum(one < 7 for one in ratings)
    found = asked("nps", ratings).nps_score
    assert found == pytest.approx(float(Fraction(100 * (good - bad), len(ratings))), abs=1e-12)


def test_of_several_answers_on_one_scale_the_last_counts() -> None:
    found = satisfaction(OperatingModel.of(rated("t", ("csat", 1), ("nps", 9), ("csat", 5))), LATER)
    assert (found.csat, found.nps, found.answered) == ((5,), (9,), 1)


def test_the_response_rate_is_of_what_was_resolved() -> None:
    opened = Ticket(
        id="open",
        subject="Still open, rated all the same",
        events=[TicketEvent("opened", NINE), TicketEvent("rated", NINE, scale="csat", rating=1)],
    )
    model = OperatingModel.of(rated("a", ("csat", 5)), rated("b"), rated("c"), rated("d"), opened)
    found = satisfaction(model, LATER)
    assert (found.resolved, found.answered, found.response_rate, found.csat) == (4, 1, 0.25, (5,))


def test_what_comes_later_does_not_count() -> None:
    model = OperatingModel.of(rated("t", ("csat", 5)))
    assert satisfaction(model, NINE).resolved == 0
    assert satisfaction(model, NINE + HOUR).resolved == 1
    assert satisfaction(model, NINE + HOUR).csat == ()


def test_a_period_counts_what_was_resolved_on_its_days() -> None:
    model = OperatingModel.of(rated("t", ("csat", 5)), rated("u", ("csat", 1), at=NINE + timedelta(days=1)))
    first, second = date(2026, 3, 2), date(2026, 3, 3)
    assert satisfaction(model, LATER, DateRange(first, first)).csat == (5,)
    assert satisfaction(model, LATER, DateRange(second, None)).csat == (1,)


def promised(**fields: object) -> list[object]:
    target = SlaTarget(first_response=HOUR, resolution=timedelta(hours=4))
    return [SlaPolicy(id="p", name="P", targets=[target]), Queue(id="q", name="Q", policy="p", **fields)]


def worked_on(id: str, reply: float | None, resolution: float | None, **fields: object) -> Ticket:
    events = [TicketEvent("opened", NINE), TicketEvent("assigned", NINE, position="agent")]
    steps = [("public_reply", reply), ("resolved", resolution)]
    events += [TicketEvent(type, NINE + hours * HOUR) for type, hours in steps if hours is not None]
    return Ticket(id=id, subject=id, queue="q", events=events, **fields)


def test_attainment_is_the_share_of_what_was_due() -> None:
    model = OperatingModel(
        [
            *promised(),
            worked_on("kept", 1, 4),
            worked_on("late reply", 1.5, 4),
            worked_on("late", 1, 4.5),
            worked_on("forgotten", None, None),
            worked_on("unanswered", None, 0.5),  # nobody waits for a first response any more
        ]
    )
    found = satisfaction(model, NINE + 5 * HOUR).attainment
    assert (found["first_response"].met, found["first_response"].breached) == (2, 2)
    assert (found["resolution"].met, found["resolution"].breached) == (3, 2)
    assert found["resolution"].share == 0.6
    assert str(satisfaction(model, NINE + 5 * HOUR)) == (
        "4 resolved, 0 rated; first response 2 of 4 met; resolution 3 of 5 met"
    )
    undecided = satisfaction(model, NINE + 0.5 * HOUR).attainment
    assert (undecided["first_response"].share, undecided["resolution"].met) == (None, 1)


def test_everything_can_be_split() -> None:
    log = [*worked_on("t", 0.5, 2).events, TicketEvent("rated", NINE + 3 * HOUR, scale="csat", rating=4)]
    april = datetime(2026, 4, 1, 9, tzinfo=UTC)
    model = OperatingModel(
        [
            *promised(),
            Ticket(id="t", subject="T", kind="technical", queue="q", events=log),
            rated("u", ("csat", 1), at=april),
        ]
    )
    by = {split: satisfaction_by(model, LATER, split) for split in ("queue", "kind", "position", "policy", "month")}
    assert [(key, one.csat) for key, one in by["queue"].items()] == [("q", (4,)), (None, (1,))]
    assert [(key, one.csat) for key, one in by["kind"].items()] == [("inquiry", (1,)), ("technical", (4,))]
    assert [(key, one.csat) for key, one in by["position"].items()] == [("agent", (4,)), (None, (1,))]
    assert [(key, one.csat) for key, one in by["policy"].items()] == [("p", (4,)), (None, (1,))]
    assert [(key, one.csat) for key, one in by["month"].items()] == [("2026-03", (4,)), ("2026-04", (1,))]
    assert by["queue"]["q"].attainment["resolution"].met == 1
    assert by["position"]["agent"].attainment["first_response"].share == 1.0


@pytest.mark.parametrize("word", ["day", "met", "colour"])
def test_what_it_cannot_be_split_by_is_refused(word: str) -> None:
    model = OperatingModel([rated("u", ("csat", 1))])
    with pytest.raises(InvalidRecord, match=f"split must be one of queue, kind, position, policy, month, got '{word}'"):
        satisfaction_by(model, LATER, word)  # type: ignore[arg-type]


def test_what_counts_goes_to_who_had_it_then() -> None:
    log = [
        TicketEvent("opened", NINE),
        TicketEvent("assigned", NINE, position="first"),
        TicketEvent("assigned", NINE + 2 * HOUR, position="second"),
        TicketEvent("public_reply", NINE + 2 * HOUR),
        TicketEvent("resolved", NINE + 3 * HOUR),
    ]
    model = OperatingModel([*promised(), Ticket(id="t", subject="T", queue="q", events=log)])
    found = satisfaction_by(model, LATER, "position")
    assert found["first"].attainment["first_response"].breached == 1  # after an hour, when the first had it
    assert found["second"].attainment["resolution"].met == 1
    assert (found["first"].resolved, found["second"].resolved) == (0, 1)


def test_a_line_says_what_was_asked() -> None:
    found = satisfaction(OperatingModel.of(rated("t", ("csat", 2), ("nps", 9), ("ces", 6)), rated("u")), LATER)
    assert str(found) == "2 resolved, 1 rated; CSAT 0 % of 1; NPS +100 of 1; CES 6.0 of 1"


def test_a_date_is_no_instant() -> None:
    with pytest.raises(NotAnInstant):
        satisfaction(OperatingModel(), date(2026, 3, 2))
