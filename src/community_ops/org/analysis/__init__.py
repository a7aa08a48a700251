"""What an organisation is like on a day: how it is spread out, what it costs, where it is fragile.

Every function takes a model and a day, and returns a small result that says what it counts and at which day; `print`
shows it as a table. What is not defined, such as the median of nothing, is None. Work grows as the organisation does
unless the function says otherwise.
"""

from community_ops.org.analysis.betweenness import Bottlenecks, bottlenecks
from community_ops.org.analysis.collaboration import Collaboration, collaboration
from community_ops.org.analysis.communication import Channels, channels
from community_ops.org.analysis.costs import Cost, Costs, costs, costs_below
from community_ops.org.analysis.distribution import Band, Distribution
from community_ops.org.analysis.fragility import CutPoint, CutPoints, KeyPeople, KeyPerson, cut_points, key_people
from community_ops.org.analysis.loads import PersonLoad, PersonLoads, person_loads
from community_ops.org.analysis.openings import Vacancies, Vacancy, vacancies
from community_ops.org.analysis.presence import required_skills, skill_holders
from community_ops.org.analysis.spans import (
    Layer,
    Layers,
    ManagerRatio,
    ManagerRatios,
    SpanDistribution,
    layers,
    manager_ratios,
    span_distribution,
)
from community_ops.org.analysis.succession import Candidate, Cover, Succession, succession

__all__ = [
    "Band",
    "Bottlenecks",
    "Candidate",
    "Channels",
    "Collaboration",
    "Cost",
    "Costs",
    "Cover",
    "CutPoint",
    "CutPoints",
    "Distribution",
    "KeyPeople",
    "KeyPerson",
    "Layer",
    "Layers",
    "ManagerRatio",
    "ManagerRatios",
    "PersonLoad",
    "PersonLoads",
    "SpanDistribution",
    "Succession",
    "Vacancies",
    "Vacancy",
    "bottlenecks",
    "channels",
    "collaboration",
    "costs",
    "costs_below",
    "cut_points",
    "key_people",
    "layers",
    "manager_ratios",
    "person_loads",
    "required_skills",
    "skill_holders",
    "span_distribution",
    "succession",
    "vacancies",
]
