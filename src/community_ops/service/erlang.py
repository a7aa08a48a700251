"""Erlang B, C and A: how long contacts wait for one of several agents, if they arrive at random.

All three take contacts to arrive as a Poisson process of a steady rate, and handling times to be exponential, each
agent to have one contact at a time, and the first come to be the first served; they describe the long run. They differ
in what somebody does who finds every agent busy: in Erlang B they are lost, in Erlang C they wait for as long as it
takes, in Erlang A they wait until their patience ends. The *load* is how many agents the contacts would keep busy: how
many arrive in a handling time, in erlangs. Shares and probabilities are from 0 to 1.
"""

from __future__ import annotations

from datetime import timedelta

from attrs import frozen

from community_ops.service.erlang_numbers import impatience, level_of, unblocked_odds, waiting
from community_ops.service.staffing_inputs import MOST_LOAD, Number, amount, length, patient, refuse, whole


def erlang_b(load: Number, agents: int) -> float:
    """Return the probability that a contact finds all agents busy, where nobody waits.

    Args:
        load: the load in erlangs.
        agents: how many agents there are; none at all block everybody.

    Raises:
        InvalidRecord: something has no meaning.

    Source: A. K. Erlang, 1917; by the recurrence 1/B(n) = 1 + (n/A) / B(n-1).

    Example:
        >>> round(erlang_b(2, 3), 12) == round(4 / 19, 12)
        True
    """
    refuse("erlang_b", amount("load", load, MOST_LOAD), whole("agents", agents))
    return 1 / (1 + unblocked_odds(float(load), agents))


@frozen(kw_only=True)
class ErlangC:
    """How long contacts wait that never give up; made by `erlang_c`.

    Attributes:
        load: the load in erlangs.
        agents: how many agents there are.
        wait_probability: of finding all agents busy; 1 where the load is as much as there are agents, or more.
        service_level: the share answered within the answer time; None without one. Where the load is as much as there
            are agents, or more, the queue has no end and it is 0.
        asa_seconds: the average speed of answer: the mean wait of all contacts, those answered at once included, in
            seconds; None without a handling time, and where the queue has no end.
        occupancy: the share of their time that agents are busy; None without agents.
    """

    load: float
    agents: int
    wait_probability: float
    service_level: float | None
    asa_seconds: float | None
    occupancy: float | None


def erlang_c(
    load: Number, agents: int, handling_time: timedelta | None = None, answer_time: timedelta | None = None
) -> ErlangC:
    """Say how long contacts wait that never give up: the queue M/M/N.

    Args:
        load: the load in erlangs; `offered_load` works it out.
        agents: how many agents there are.
        handling_time: how long an agent is busy with a contact, on average, with work afterwards; not needed for the
            probability of having to wait.
        answer_time: the time within which a contact is to be answered, for the service level.

    Raises:
        InvalidRecord: something has no meaning, such as an answer time without a handling time.

    Source: A. K. Erlang, 1917. With C = wait_probability, the service level is 1 - C exp(-(N - A) T / AHT), and the
    average speed of answer C AHT / (N - A).

    Example:
        >>> found = erlang_c(10, 14, timedelta(minutes=3), timedelta(seconds=20))
        >>> f"{found.wait_probability:.6f} {found.service_level:.6f} {found.asa_seconds:.6f} {found.occupancy:.6f}"
        '0.174132 0.888350 7.835937 0.714286'
        >>> erlang_c(10, 10, timedelta(minutes=3), timedelta(seconds=20)).asa_seconds is None
        True
    """
    refuse(
        "erlang_c",
        amount("load", load, MOST_LOAD),
        whole("agents", agents),
        [] if handling_time is None else length("handling_time", handling_time),
        [] if answer_time is None else length("answer_time", answer_time, zero=True),
        [("answer_time", answer_time, "needs a handling_time")]
        if answer_time is not None and not handling_time
        else [],
    )
    return unchecked_c(float(load), agents, handling_time, answer_time)


def unchecked_c(load: float, agents: int, handling_time: timedelta | None, answer_time: timedelta | None) -> ErlangC:
    """Do as `erlang_c` does, with what has been checked."""
    occupancy = min(load / agents, 1.0) if agents else None
    if agents <= load:
        return ErlangC(
            load=load, agents=agents, wait_probability=1.0, service_level=0.0, asa_seconds=None, occupancy=occupancy
        )
    odds = unblocked_odds(load, agents)
    probability = waiting(load, agents, odds)
    level = asa = None
    if handling_time is not None:
        asa = probability * handling_time.total_seconds() / (agents - load)
        if answer_time is not None:
            level = level_of(load, agents, odds, answer_time / handling_time)
    return ErlangC(
        load=load,
        agents=agents,
        wait_probability=probability,
        service_level=level,
        asa_seconds=asa,
        occupancy=occupancy,
    )


@frozen(kw_only=True)
class ErlangA:
    """How long contacts wait, and how many give up, if their patience has an end; made by `erlang_a`.

    Attributes:
        load: the load in erlangs.
        agents: how many agents there are.
        wait_probability: of finding all agents busy.
        abandon_probability: of giving up before being answered.
        service_level: the share of all contacts that are answered within the answer time; who gives up, however soon,
            is not answered. None without an answer time.
        asa_seconds: the mean wait of all contacts, in seconds: answered at once, answered later, and given up.
        answered_asa_seconds: the mean wait of those that are answered; None without agents.
        occupancy: the share of their time that agents are busy; None without agents.
    """

    load: float
    agents: int
    wait_probability: float
    abandon_probability: float
    service_level: float | None
    asa_seconds: float
    answered_asa_seconds: float | None
    occupancy: float | None


def erlang_a(
    load: Number, agents: int, handling_time: timedelta, patience: timedelta, answer_time: timedelta | None = None
) -> ErlangA:
    """Say how long contacts wait, and how many give up, if their patience has an end: the queue M/M/N+M.

    The queue never grows without end, so that the load may be more than there are agents.

    Args:
        load: the load in erlangs, as if nobody gave up; `offered_load` works it out.
        agents: how many agents there are.
        handling_time: how long an agent is busy with a contact, on average.
        patience: how long a contact would wait before giving up, on average; it is exponential. The mean wait of all
            contacts divided by the share that give up estimates it.
        answer_time: the time within which a contact is to be answered, for the service level.

    Raises:
        InvalidRecord: something has no meaning.

    Source: C. Palm, 1946; O. Garnett, A. Mandelbaum and M. Reiman, "Designing a Call Center with Impatient Customers",
    Manufacturing & Service Operations Management 4 (2002); A. Mandelbaum and S. Zeltyn, "Service Engineering in Action:
    The Palm/Erlang-A Queue" (2007).

    Example:
        >>> found = erlang_a(10, 14, timedelta(minutes=3), timedelta(minutes=5), timedelta(seconds=20))
        >>> f"{found.wait_probability:.5f} {found.service_level:.6f} {found.asa_seconds:.2f}"
        '0.14526 0.916792 4.20'
        >>> f"{found.abandon_probability:.5f}"
        '0.01398'
    """
    refuse(
        "erlang_a",
        amount("load", load, MOST_LOAD),
        whole("agents", agents),
        length("handling_time", handling_time),
        patient(patience, handling_time),
        [] if answer_time is None else length("answer_time", answer_time, zero=True),
    )
    return unchecked_a(float(load), agents, handling_time, patience, answer_time)


def unchecked_a(
    load: float, agents: int, handling_time: timedelta, patience: timedelta, answer_time: timedelta | None
) -> ErlangA:
    """Do as `erlang_a` does, with what has been checked."""
    within = (answer_time or timedelta()) / handling_time
    found = impatience(load, agents, patience / handling_time, within)
    return ErlangA(
        load=load,
        agents=agents,
        wait_probability=found.waits,
        abandon_probability=found.abandons,
        service_level=None if answer_time is None else found.level,
        asa_seconds=found.abandons * patience.total_seconds(),
        answered_asa_seconds=(
            None if found.answered_wait is None else found.answered_wait * handling_time.total_seconds()
        ),
        occupancy=min(load * found.answered / agents, 1.0) if agents else None,
    )
