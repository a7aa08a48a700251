"""The nouns of checking: what is let pass, and what is asked for where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from attrs import field, frozen

from community_ops.kernel.frozenmap import FrozenMap
from community_ops.kernel.record import Record, ref
from community_ops.kernel.ref import Ref


@frozen(kw_only=True)
class Waiver(Record):
    """Somebody's decision to let findings of a rule on a record pass, for a time or for good.

    The findings stay in the report, marked, and no longer fail a check. A waiver that waives nothing, has expired,
    gives no reason or names no rule is itself a finding.

    Attributes:
        code: the whole code of the rule, such as `"ORG104"`.
        subject: the record that the findings are about; of findings that gather several records, any of them.
        granted_by: who takes responsibility, usually a position.
        reason: why it may pass, for whoever reads it in a year.
        expires: the last day it counts; None for no end.

    Example:
        >>> Waiver(id="w1", code="ORG104", subject=Ref("unit", "sales"), granted_by=Ref("position", "coo"))
        Waiver(id='w1', code='ORG104', subject=Ref('unit', 'sales'), granted_by=Ref('position', 'coo'))
    """

    kind_name: ClassVar[str] = "waiver"
    table_name: ClassVar[str] = "waivers"
    label_field: ClassVar[str] = "id"

    code: str
    subject: Ref = field(metadata=ref(None, "waives findings on", inverse="findings waived by"))
    granted_by: Ref = field(metadata=ref(None, "granted by", inverse="grants"))
    reason: str = ""
    expires: date | None = None


@frozen(kw_only=True)
class Policy(Record):
    """Thresholds of a rule in a part of the organisation, or in all of it.

    Of several policies for one rule, the nearest up the tree of units counts, threshold by threshold: what a team's
    policy leaves open is taken from its department's, then from the one for all, then from the rule.

    Attributes:
        rule: the whole code of the rule, such as `"ORG201"`.
        scope: the unit it holds for, with all units under it; None for all.
        values: thresholds by the names that the rule's page lists; the others stay.

    Example:
        >>> Policy(id="service-spans", rule="ORG201", scope=Ref("unit", "service"), values={"widest": 25})
        Policy(id='service-spans', rule='ORG201', scope=Ref('unit', 'service'), values={'widest': 25})
    """

    kind_name: ClassVar[str] = "policy"
    table_name: ClassVar[str] = "policies"
    label_field: ClassVar[str] = "id"

    rule: str
    scope: Ref | None = field(default=None, metadata=ref(None, "holds for", inverse="has policy"))
    values: Mapping[str, Any] = field(factory=FrozenMap)
