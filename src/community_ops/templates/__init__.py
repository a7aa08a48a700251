"""Ready organisations to start from, each in Chinese and in English with the same ids.

`organisation.py` holds the units, positions, reporting lines and goals, `people.py` who holds which position,
`duties.py` the duties of positions and units, `plan.py` the plan and when its tasks are done, `raci.py` who is what to
each of them, and `calendars.py` when the office works. `service.py` holds the queues of customer service and what is
promised there, `tickets.py` the sample tickets. Every text stands there in both languages, side by side.
"""

from __future__ import annotations

from community_ops.templates.builder import community_operations

__all__ = ["community_operations"]
