"""The shortest schedule of tasks that share scarce resources, found by a solver: CP-SAT of OR-Tools.

The solver is told the tasks as intervals, the links as inequalities between their starts and the capacities as
cumulative constraints, and begins with what the heuristic of `levelling_numbers.py` finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from community_ops.errors import MissingExtra
from community_ops.plan.levelling_numbers import Levelling, Project, level, project


def optimum(
    durations: Iterable[int],
    links: Iterable[tuple[int, int, str, int]],
    requests: Iterable[Sequence[int]],
    capacity: Iterable[int],
    *,
    seconds: float = 60.0,
    workers: int = 1,
    seed: int = 0,
) -> Levelling:
    """Find the shortest schedule of tasks that share scarce resources, and prove that it is, if time allows.

    Args:
        durations: how long each task takes, whole numbers of any one unit.
        links: each as predecessor, successor, type and lag, as for `solve`.
        requests: for each task how much of each resource it takes up while it is done.
        capacity: how much of each resource there is, all the time.
        seconds: how long the solver may look.
        workers: in how many threads; with one of them, a search that ends before its time finds the same again.
        seed: what chance begins with.

    Returns:
        The shortest schedule found; `proven` tells whether time was enough to prove that none is shorter, and where it
        was not, `lower_bound` is how far the proof got.

    Raises:
        MissingExtra: OR-Tools is not installed; the extra `optimize` brings it.
        InvalidRecord: something has no meaning, or a task takes more than there ever is; `problems` names each.
        CyclicNetwork: tasks depend on each other in a circle.
    """
    try:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - of the extra
    except ImportError:
        raise MissingExtra("ortools", "optimize") from None
    columns = list(durations), list(links), [list(row) for row in requests], list(capacity)
    given = project(*columns)
    known = level(*columns, seed=seed)
    if known.proven:
        return known
    model, starts, end = _model(cp_model, given, known)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = float(seconds)
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):  # not even what is known was looked at in time
        return known
    bound = max(known.lower_bound or 0, round(solver.best_objective_bound))
    return Levelling(
        starts=tuple([int(solver.value(start)) for start in starts]),
        length=int(solver.value(end)),
        rule="CP-SAT",
        lower_bound=bound,
        tried=known.tried,
    )


def _model(cp_model: Any, given: Project, known: Levelling) -> tuple[Any, list[Any], Any]:
    """Return the problem as the solver takes it, with the variables of the starts and of the length."""
    model = cp_model.CpModel()
    longest = known.length or 0
    starts = [
        model.new_int_var(early, longest - length, f"start {task}")
        for task, (early, length) in enumerate(zip(given.network.early_start, given.lengths, strict=True))
    ]
    end = model.new_int_var(known.lower_bound, longest, "length")
    for task, (start, length) in enumerate(zip(starts, given.lengths, strict=True)):
        model.add(end >= start + length)
        model.add_hint(start, known.starts[task])
    for before, after, step in given.links:
        model.add(starts[after] >= starts[before] + step)
    for resource, amount in enumerate(given.capacity):
        shares = [(task, dict(needs)[resource]) for task, needs in enumerate(given.needs) if resource in dict(needs)]
        spans = [model.new_fixed_size_interval_var(starts[task], given.lengths[task], f"{task}") for task, _ in shares]
        model.add_cumulative(spans, [share for _, share in shares], amount)
    model.minimize(end)
    return model, starts, end
