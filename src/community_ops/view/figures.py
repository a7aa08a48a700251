"""The figures a newcomer asks for first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from community_ops.operating_model import OperatingModel
from community_ops.org.holding import staffing
from community_ops.org.structure import hierarchy
from community_ops.validation.wording import Language

_FIGURES: dict[Language, tuple[str, ...]] = {
    "en": ("units", "positions", "seats filled", "people", "layers", "widest span", "cost of all seats a month"),
    "zh": ("单位", "岗位", "在岗席位", "人员", "层级", "最大管理幅度", "全部席位月成本"),
}


def key_figures(model: OperatingModel, at: date, language: Language) -> dict[str, str]:
    """Return the figures a newcomer asks for first, as they are shown.

    Args:
        model: the organisation.
        at: the day the holders are counted at; cost is that of all seats, filled or not.
        language: of the names.
    """
    staffed, tree = staffing(model, at), hierarchy(model, at)
    held = {person for people in staffed.people for person in people}
    costs: dict[str, Decimal] = {}
    for position in model.positions:
        if position.monthly_cost is not None:
            cost = position.monthly_cost
            costs[cost.currency] = costs.get(cost.currency, Decimal(0)) + cost.amount * position.seats
    values = (
        str(len(model.units)),
        str(len(staffed)),
        f"{sum(staffed.filled)} / {sum(staffed.seats)}",
        str(len(held)),
        str(tree.layers),
        str(max(tree.spans, default=0)),
        " + ".join(f"{amount:,f} {currency}" for currency, amount in sorted(costs.items())) or "-",
    )
    return dict(zip(_FIGURES[language], values, strict=True))
