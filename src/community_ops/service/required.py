"""How many agents it takes: for contacts that are answered live, and for work that can be put off."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, isqrt
from typing import NamedTuple

from attrs import frozen

from community_ops.service.erlang import ErlangA, ErlangC, unchecked_a, unchecked_c
from community_ops.service.erlang_numbers import impatience, least_agents
from community_ops.service.staffing_inputs import (
    MOST_LOAD,
    Number,
    amount,
    decimal,
    exactly,
    length,
    patient,
    refuse,
    share,
    whole,
)

_ROUNDING = 1e-12
"""By so much a share may miss what is asked for: it is taken for rounding."""


def offered_load(contacts: Number, handling_time: timedelta, period: timedelta = timedelta(hours=1)) -> Decimal:
    """Return how many agents contacts would keep busy, in erlangs: contacts x handling time / period.

    Args:
        contacts: how many arrive in a period.
        handling_time: how long an agent is busy with one, on average.
        period: how long the period is.

    Returns:
        The load, to 28 digits.

    Raises:
        InvalidRecord: something has no meaning.

    Example:
        >>> offered_load(36, timedelta(minutes=5))
        Decimal('3')
    """
    refuse(
        "offered_load", amount("contacts", contacts), length("handling_time", handling_time), length("period", period)
    )
    return decimal(exactly(contacts) * _ratio(handling_time, period))


def deferred_fte(
    volume: Number, handling_time: timedelta, productive_time: timedelta, occupancy: Number = 1
) -> Decimal:
    """Return how many full-time equivalents it takes to keep up with work that can wait.

    Nobody waits for it on the line, so that it needs no more than its time: volume x handling time / (productive time x
    occupancy).

    Args:
        volume: how many tickets come in a period.
        handling_time: how long somebody works on one in all, on average.
        productive_time: how long one full-time equivalent is there to work in the period: leave, training and breaks
            are off already.
        occupancy: the share of that time that can be spent on tickets; more than 0, at most 1.

    Returns:
        The full-time equivalents, to 28 digits, not rounded up.

    Raises:
        InvalidRecord: something has no meaning.

    Example:
        >>> deferred_fte(340, timedelta(minutes=12), timedelta(hours=32), occupancy=0.85)
        Decimal('2.5')
    """
    refuse(
        "deferred_fte",
        amount("volume", volume),
        length("handling_time", handling_time),
        length("productive_time", productive_time),
        share("occupancy", occupancy, high=True),
    )
    return decimal(exactly(volume) * _ratio(handling_time, productive_time) / exactly(occupancy))


@frozen(kw_only=True)
class RequiredAgents:
    """How many agents it takes; made by `required_agents`.

    Attributes:
        agents: how many have to be there.
        rostered: how many have to be on the roster for that, as some are on leave, in training or on a break.
        reached: the measures with that many agents there; its `agents` are places: agents times concurrency. None where
            there is no load, and nothing to measure.
    """

    agents: int
    rostered: int
    reached: ErlangC | ErlangA | None


def required_agents(
    load: Number,
    handling_time: timedelta,
    *,
    service_level: Number,
    answer_time: timedelta,
    max_occupancy: Number = 1,
    shrinkage: Number = 0,
    patience: timedelta | None = None,
    concurrency: int = 1,
) -> RequiredAgents:
    """Return the least number of agents that keep a service level without being too busy.

    First comes the least number that keeps both the service level and the occupancy, then shrinkage: rostered =
    agents / (1 - shrinkage), rounded up once, in exact arithmetic, in which a float is the decimal that it prints as.
    Without patience it is Erlang C, and there are always more places than load; with it, it is Erlang A. Shares that
    miss by 1e-12 are taken for kept. No load takes no agents; any other at least one.

    Args:
        load: the load in erlangs; `offered_load` works it out.
        handling_time: how long a contact takes, on average; with concurrency, how long it takes beside the others.
        service_level: the share of contacts to be answered within the answer time; at least 0, less than 1.
        answer_time: within what time.
        max_occupancy: the most of their time that agents, or with concurrency their places, may be busy; more than 0,
            at most 1.
        shrinkage: the share of paid time in which people are not available; at least 0, less than 1.
        patience: how long a contact would wait before giving up, on average; None for endless patience.
        concurrency: how many contacts an agent handles at once, as in a chat: each agent counts as so many places.

    Raises:
        InvalidRecord: something has no meaning.

    Example:
        >>> chat = required_agents(
        ...     3, timedelta(minutes=5), service_level=0.8, answer_time=timedelta(seconds=60), shrinkage=0.3
        ... )
        >>> chat.agents, chat.rostered, round(chat.reached.service_level, 3)
        (5, 8, 0.842)
    """
    refuse(
        "required_agents",
        amount("load", load, MOST_LOAD),
        length("handling_time", handling_time),
        share("service_level", service_level, low=True),
        length("answer_time", answer_time, zero=True),
        share("max_occupancy", max_occupancy, high=True),
        share("shrinkage", shrinkage, low=True),
        [] if patience is None else patient(patience, handling_time),
        whole("concurrency", concurrency, 1),
    )
    if not load:
        return RequiredAgents(agents=0, rostered=0, reached=None)
    offered, level, within = float(load), float(service_level) - _ROUNDING, answer_time / handling_time
    reached: ErlangC | ErlangA
    if patience is None:
        calm = ceil(exactly(load) / (exactly(max_occupancy) * concurrency))
        agents = least_agents(offered, max(int(offered) // concurrency + 1, calm), concurrency, within, level)
        reached = unchecked_c(offered, agents * concurrency, handling_time, answer_time)
    else:
        asked = _Asked(level, within, float(max_occupancy) + _ROUNDING, patience / handling_time)
        agents = _least_for_impatient(offered, concurrency, asked)
        reached = unchecked_a(offered, agents * concurrency, handling_time, patience, answer_time)
    return RequiredAgents(agents=agents, rostered=ceil(agents / (1 - exactly(shrinkage))), reached=reached)


class _Asked(NamedTuple):
    """What is to be kept, and how long contacts are ready to wait; times in handling times."""

    level: float
    within: float
    occupancy: float
    patience: float


def _ratio(time: timedelta, by: timedelta) -> Fraction:
    microsecond = timedelta(microseconds=1)
    return Fraction(time // microsecond, by // microsecond)


def _least_for_impatient(load: float, concurrency: int, asked: _Asked) -> int:
    """Return the least number of agents that keep what is asked; a greater number always does as well.

    Steps are doubled until a number is enough, and what lies between it and the last is halved.
    """

    def enough(agents: int) -> bool:
        found = impatience(load, agents * concurrency, asked.patience, asked.within)
        occupancy = load * found.answered / (agents * concurrency)
        return found.level >= asked.level and occupancy <= asked.occupancy

    found = max(int(asked.level * load) // concurrency, 1)  # no more can be answered than there are places for
    short, step = found - 1, 1 + isqrt(int(load)) // 4  # what is needed lies some roots of the load above it
    while not enough(found):
        short, found = found, found + step
        step *= 2
    while found - short > 1:
        middle = (short + found) // 2
        if enough(middle):
            found = middle
        else:
            short = middle
    return found
