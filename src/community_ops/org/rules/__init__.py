"""What can be wrong with an organisation."""

from community_ops.org.rules.answering import RULES as _ANSWERING
from community_ops.org.rules.holding import RULES as _HOLDING
from community_ops.org.rules.independence import RULES as _INDEPENDENCE
from community_ops.org.rules.lines import RULES as _LINES
from community_ops.org.rules.policies import RULES as _POLICIES
from community_ops.org.rules.spans import RULES as _SPANS
from community_ops.org.rules.units import RULES as _UNITS

RULES = (*_LINES, *_UNITS, *_SPANS, *_INDEPENDENCE, *_ANSWERING, *_HOLDING, *_POLICIES)
"""All rules of the org room."""

__all__ = ["RULES"]
