"""What can be wrong with customer service."""

from community_ops.service.rules.escalations import RULES as _ESCALATIONS
from community_ops.service.rules.handling import RULES as _HANDLING
from community_ops.service.rules.lateness import RULES as _LATENESS
from community_ops.service.rules.logs import RULES as _LOGS
from community_ops.service.rules.people import RULES as _PEOPLE
from community_ops.service.rules.privacy import RULES as _PRIVACY
from community_ops.service.rules.promises import RULES as _PROMISES
from community_ops.service.rules.queues import RULES as _QUEUES
from community_ops.service.rules.staffing import RULES as _STAFFING

RULES = (
    *_QUEUES,
    *_PROMISES,
    *_LATENESS,
    *_LOGS,
    *_PEOPLE,
    *_ESCALATIONS,
    *_STAFFING,
    *_HANDLING,
    *_PRIVACY,
)
"""All rules of the service room."""

__all__ = ["RULES"]
