"""What can be wrong with a plan."""

from community_ops.plan.rules.calendars import RULES as _CALENDARS
from community_ops.plan.rules.cost import RULES as _COST
from community_ops.plan.rules.directions import RULES as _DIRECTIONS
from community_ops.plan.rules.estimates import RULES as _ESTIMATES
from community_ops.plan.rules.goals import RULES as _GOALS
from community_ops.plan.rules.limits import RULES as _LIMITS
from community_ops.plan.rules.links import RULES as _LINKS
from community_ops.plan.rules.loading import RULES as _LOADING
from community_ops.plan.rules.logic import RULES as _LOGIC
from community_ops.plan.rules.owners import RULES as _OWNERS
from community_ops.plan.rules.progress import RULES as _PROGRESS
from community_ops.plan.rules.quality import RULES as _QUALITY
from community_ops.plan.rules.staffing import RULES as _STAFFING
from community_ops.plan.rules.steering import RULES as _STEERING

RULES = (
    *_LINKS,
    *_LOGIC,
    *_LIMITS,
    *_CALENDARS,
    *_ESTIMATES,
    *_OWNERS,
    *_STAFFING,
    *_LOADING,
    *_PROGRESS,
    *_QUALITY,
    *_COST,
    *_GOALS,
    *_DIRECTIONS,
    *_STEERING,
)
"""All rules of the plan room."""

__all__ = ["RULES"]
