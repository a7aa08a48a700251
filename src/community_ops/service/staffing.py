"""How many agents a queue needs, and whether they are there.

The formulas stand in `erlang.py`, what they come to in `required.py`, and a queue's week in `rostering.py`.
"""

from __future__ import annotations

from community_ops.service.erlang import ErlangA, ErlangC, erlang_a, erlang_b, erlang_c
from community_ops.service.required import RequiredAgents, deferred_fte, offered_load, required_agents
from community_ops.service.rostering import HourStaffing, QueueStaffing, staffing

__all__ = [
    "ErlangA",
    "ErlangC",
    "HourStaffing",
    "QueueStaffing",
    "RequiredAgents",
    "deferred_fte",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "offered_load",
    "required_agents",
    "staffing",
]
