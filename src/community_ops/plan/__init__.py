"""The plan: what is to be done, in which order, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_ops.kernel.late import late_names
from community_ops.plan import network
from community_ops.plan.records import Allocation, Cost, Deliverable, Duration, Link, Plan, Progress, Step, Task
from community_ops.plan.steering import Baseline, Decision, PlannedTask, Strategy, Study

if TYPE_CHECKING:
    from community_ops.kernel.late import Lister, Loader
    from community_ops.plan.assessment import Assessment, AssessmentCheck, assess
    from community_ops.plan.baselines import TaskVariance, Variance, baseline_at, take_baseline, variance
    from community_ops.plan.earning import earned_value
    from community_ops.plan.levelling import Levelled, LevelledTask, level
    from community_ops.plan.loading import Loads, OverAllocation, load
    from community_ops.plan.loading_curve import LoadStep, Overrun
    from community_ops.plan.performance import EarnedValue, Measures
    from community_ops.plan.reworking import rework
    from community_ops.plan.rolling import Rollup, rollup
    from community_ops.plan.scheduling import Driver, Schedule, TaskDates, schedule
    from community_ops.plan.simulating import PathEstimate, Simulation, path_estimate, simulate
    from community_ops.plan.simulating_draws import Delay
    from community_ops.plan.tasktree import breakdown

__all__ = [
    "Allocation",
    "Assessment",
    "AssessmentCheck",
    "Baseline",
    "Cost",
    "Decision",
    "Delay",
    "Deliverable",
    "Driver",
    "Duration",
    "EarnedValue",
    "Levelled",
    "LevelledTask",
    "Link",
    "LoadStep",
    "Loads",
    "Measures",
    "OverAllocation",
    "Overrun",
    "PathEstimate",
    "Plan",
    "PlannedTask",
    "Progress",
    "Rollup",
    "Schedule",
    "Simulation",
    "Step",
    "Strategy",
    "Study",
    "Task",
    "TaskDates",
    "TaskVariance",
    "Variance",
    "assess",
    "baseline_at",
    "breakdown",
    "earned_value",
    "level",
    "load",
    "network",
    "path_estimate",
    "rework",
    "rollup",
    "schedule",
    "simulate",
    "take_baseline",
    "variance",
]

# The verbs are loaded when first asked for: a program that only loads and edits records never pays for them.
_VERBS = {
    "Assessment": "assessment",
    "AssessmentCheck": "assessment",
    "Delay": "simulating_draws",
    "Driver": "scheduling",
    "EarnedValue": "performance",
    "Levelled": "levelling",
    "LevelledTask": "levelling",
    "LoadStep": "loading_curve",
    "Loads": "loading",
    "Measures": "performance",
    "OverAllocation": "loading",
    "Overrun": "loading_curve",
    "PathEstimate": "simulating",
    "Rollup": "rolling",
    "Schedule": "scheduling",
    "Simulation": "simulating",
    "TaskDates": "scheduling",
    "TaskVariance": "baselines",
    "Variance": "baselines",
    "assess": "assessment",
    "baseline_at": "baselines",
    "breakdown": "tasktree",
    "earned_value": "earning",
    "level": "levelling",
    "load": "loading",
    "path_estimate": "simulating",
    "rework": "reworking",
    "rollup": "rolling",
    "schedule": "scheduling",
    "simulate": "simulating",
    "take_baseline": "baselines",
    "variance": "baselines",
}

__getattr__: Loader
__dir__: Lister
__getattr__, __dir__ = late_names(__name__, _VERBS, __all__)
