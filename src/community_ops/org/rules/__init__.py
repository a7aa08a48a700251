"""What can be wrong with an organisation."""

from community_ops.org.rules.absence import RULES as _ABSENCE
from community_ops.org.rules.answering import RULES as _ANSWERING
from community_ops.org.rules.crossing import RULES as _CROSSING
from community_ops.org.rules.deputies import RULES as _DEPUTIES
from community_ops.org.rules.gaps import RULES as _GAPS
from community_ops.org.rules.holding import RULES as _HOLDING
from community_ops.org.rules.incentives import RULES as _INCENTIVES
from community_ops.org.rules.independence import RULES as _INDEPENDENCE
from community_ops.org.rules.letters import RULES as _LETTERS
from community_ops.org.rules.levels import RULES as _LEVELS
from community_ops.org.rules.likeness import RULES as _LIKENESS
from community_ops.org.rules.lines import RULES as _LINES
from community_ops.org.rules.loads import RULES as _LOADS
from community_ops.org.rules.meetings import RULES as _MEETINGS
from community_ops.org.rules.people import RULES as _PEOPLE
from community_ops.org.rules.policies import RULES as _POLICIES
from community_ops.org.rules.skills import RULES as _SKILLS
from community_ops.org.rules.spans import RULES as _SPANS
from community_ops.org.rules.training import RULES as _TRAINING
from community_ops.org.rules.units import RULES as _UNITS

RULES = (
    *_LINES,
    *_UNITS,
    *_SPANS,
    *_INDEPENDENCE,
    *_ANSWERING,
    *_HOLDING,
    *_LOADS,
    *_ABSENCE,
    *_DEPUTIES,
    *_MEETINGS,
    *_TRAINING,
    *_INCENTIVES,
    *_SKILLS,
    *_PEOPLE,
    *_CROSSING,
    *_LETTERS,
    *_LIKENESS,
    *_GAPS,
    *_LEVELS,
    *_POLICIES,
)
"""All rules of the org room."""

__all__ = ["RULES"]
