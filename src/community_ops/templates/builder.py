"""Puts a template's records together into a model."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from community_ops.kernel.record import Record
from community_ops.operating_model import OperatingModel
from community_ops.templates import calendars, duties, organisation, people, plan, raci, service, tickets
from community_ops.templates.words import speaker
from community_ops.validation.wording import LANGUAGES, Language


def community_operations(language: Language = "zh") -> OperatingModel:
    """Return an organisation that runs communities, as its source document draws it, faults included.

    It stands as of 2 March 2026: 11 units, 22 positions with 32 seats, and 31 people under placeholder names. Its plan
    starts that day: the launch is on 6 May, and the plan is finished on 5 June, after 67 working days.

    Args:
        language: of all names and texts; the ids are the same in every language.

    Returns:
        The model; the same one each time, for a model never changes.

    Raises:
        ValueError: there is no template in that language.

    Example:
        >>> model = community_operations("en")
        >>> model.positions["auditor"].title, model.positions["auditor"].reports_to
        ('Auditor', 'finance-manager')
    """
    if language not in LANGUAGES:
        choices = " or ".join(map(repr, LANGUAGES))
        raise ValueError(f"the template is written in {choices}, not in {language!r}")
    return _community_operations(language)


@cache
def _community_operations(language: Language) -> OperatingModel:
    return OperatingModel(_records(language))


def _records(language: Language) -> Iterator[Record]:
    say = speaker(language)
    units = list(organisation.units(say))
    positions = list(organisation.positions(say))
    yield from units
    yield from positions
    yield from organisation.reporting_lines()
    yield from organisation.goals(say)
    yield from people.people(say)
    yield from people.assignments()
    yield from duties.duties(say)
    yield from raci.line_roles(say, units, positions)
    yield from duties.roles(say)
    yield from service.skills(say)
    yield from calendars.calendars(say)
    yield from service.service_calendars(say)
    yield from plan.plans(say)
    yield from plan.tasks(say)
    yield from service.policies(say)
    yield from service.queues(say)
    yield from tickets.tickets(say)
