"""A rule about personal data where everybody sees it (SVC601)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from community_ops.kernel.changes import ChangeSet, diff
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record, Value
from community_ops.kernel.view import ModelView
from community_ops.service.records import Ticket
from community_ops.service.rules.addresses import ticket_ref
from community_ops.service.rules.samples import chat, team, ticket
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule

# An address begins where such characters do: looked for within them, a long word would be read over and over again.
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Mainland mobile numbers: 11 digits from 13 to 19, in one group or as 3-4-4, perhaps after +86; digits around them
# would make them part of something longer, such as an order number or an identity card.
MOBILE = re.compile(r"(?<![0-9])(?:\+?86[ -]?)?1[3-9][0-9](?:[0-9]{8}|[ -][0-9]{4}[ -][0-9]{4})(?![0-9])")
_HIDDEN = "***"


@frozen
class PrivacyThresholds(Value):
    """What counts as personal in a subject.

    Attributes:
        email: whether e-mail addresses do.
        mobile: whether mobile numbers of the Chinese mainland do.
    """

    email: bool = True
    mobile: bool = True


@rule(
    "SVC601",
    name="personal-data-in-subject",
    severity=WARNING,
    en={
        "address": "The subject of {ticket} has an e-mail address in it.",
        "number": "The subject of {ticket} has a mobile number in it.",
        "both": "The subject of {ticket} has an e-mail address and a mobile number in it.",
    },
    zh={
        "address": "工单 {ticket} 的主题中含有电子邮箱地址。",
        "number": "工单 {ticket} 的主题中含有手机号码。",
        "both": "工单 {ticket} 的主题中含有电子邮箱地址和手机号码。",
    },
    needs=("ticket",),
    date_use="ignored",
    thresholds=PrivacyThresholds(),
)
def personal_data_in_subject(m: ModelView, context: Context) -> Iterator[Finding]:
    """The subject of a ticket has an e-mail address or a mobile number in it.

    Why it matters: subjects go into lists, notices, reports and findings, where people see them who need not; personal
    data belongs where access to it is looked after (in China by the Personal Information Protection Law of 2021, in
    the European Union by the GDPR).

    How to fix: take it out of the subject, and keep it with the customer; the fix puts `***` in its place.

    When it is wrong to heed it: for addresses that are no person's, such as a published contact; a waiver says so.

    Numbers count as whole groups of digits, so that order numbers with more digits do not. The message names the
    ticket by its id, since the subject must not be repeated.
    """
    limits = thresholds_for_all(m, context)
    for id, subject in zip(m.ids(Ticket), m.column(Ticket.subject), strict=True):
        if "@" not in subject and not any(map(str.isdigit, subject)) and subject.isascii():
            continue
        plain = unicodedata.normalize("NFKC", subject)
        email = limits.email and EMAIL.search(plain) is not None
        mobile = limits.mobile and MOBILE.search(plain) is not None
        if email or mobile:
            variant = "both" if email and mobile else "address" if email else "number"
            yield personal_data_in_subject.finding(ticket_ref(id), variant, field="subject", ticket=id)


@personal_data_in_subject.fix  # not safe: what is taken out may be kept nowhere else
def _hidden(model: Model, finding: Finding) -> ChangeSet:
    found = model.table(Ticket)[finding.subject.id]
    plain = unicodedata.normalize("NFKC", found.subject)
    return diff(model, model.replace(evolve(found, subject=MOBILE.sub(_HIDDEN, EMAIL.sub(_HIDDEN, plain)))))


@personal_data_in_subject.fires()
def _address() -> Iterable[Record]:
    return team(chat(), ticket(subject="Please write to someone@example.com"))


@personal_data_in_subject.fires()
def _number() -> Iterable[Record]:
    return team(chat(), ticket(subject="请致电 138-0000-0000"))


@personal_data_in_subject.fires()
def _both() -> Iterable[Record]:
    return team(chat(), ticket(subject="13800000000 or someone@example.com"))


@personal_data_in_subject.silent()
def _order_number() -> Iterable[Record]:
    return team(chat(), ticket(subject="Order 2138000000001 @ the shop"), ticket(subject="更新后无法登录", id="t2"))


RULES = (personal_data_in_subject,)
"""The rules of this module."""
