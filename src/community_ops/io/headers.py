"""Which column of a spreadsheet holds what: the headers people use, in English and Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from attrs import frozen

Columns = Mapping[str, str | Sequence[str]]
"""Which header holds a field, by the field's name; `"unit"` may name several headers, the widest unit first."""

FIELDS = (
    "ref", "title", "unit", "reports_to", "name", "person", "level", "fte", "mission", "email", "start", "end",
)  # fmt: skip

_ALIASES: dict[str, str] = {
    "ref": "post unique reference|post reference|post ref|post id|post number|position id|position code|position ref|"
    "position number|reference|ref|id|岗位编号|岗位编码|岗位代码|岗位id|职位编号|职位编码|职位代码|编号",
    "title": "job title|title|position title|post title|position|post|role|岗位|岗位名称|职位|职位名称|职务",
    "reports_to": "reports to senior post|reports to|report to|reports to post|manager|line manager|supervisor|"
    "manager id|上级|上级岗位|上级编号|上级岗位编号|直接上级|直属上级|汇报对象|汇报给|汇报上级",
    "name": "name|full name|holder|post holder|employee|employee name|person|姓名|员工|员工姓名|任职人|任职者",
    "person": "employee id|employee number|employee no|staff id|staff number|staff no|person id|工号|员工编号|员工号|"
    "人员编号",
    "level": "grade|level|job level|职级|级别|职等|层级",
    "fte": "fte|full-time equivalent|full time equivalent|全职当量|全时当量",
    "mission": "job/team function|job function|function|mission|purpose|职责|岗位职责|工作职责",
    "email": "contact e-mail|contact email|e-mail|email|e-mail address|email address|邮箱|电子邮箱|电子邮件|邮件",
    "start": "start date|start|since|from|入职日期|任职日期|任职开始|开始日期|到岗日期",
    "end": "end date|end|until|to|任职结束|结束日期|离任日期|离职日期",
}
# Units from the widest to the narrowest; a file may have several of them, and all are used.
_UNITS = (
    "parent department|group|集团",
    "organisation|organization|company|公司|机构|单位",
    "division|directorate|business unit|事业部|中心",
    "department|dept|unit|organisational unit|部门|所属部门|部门名称|一级部门",
    "section|二级部门|科室|处室",
    "team|三级部门|团队|小组|班组|组",
)
_UNIT_LEVEL = re.compile(r"unit ([1-9][0-9]?)", re.ASCII)  # as `write_posts_csv` calls them, from 1 for the widest


def normal_header(text: str) -> str:
    """Return a header as it is compared: without regard to case, width, spacing and a mark at its end.

    Example:
        >>> normal_header("  Reports  To:* "), normal_header("ＦＴＥ")
        ('reports to', 'fte')
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split()).rstrip(" :*")


@lru_cache(maxsize=1)
def _fields_by_alias() -> Mapping[str, tuple[str, int]]:
    known = {alias: (field, 0) for field, aliases in _ALIASES.items() for alias in aliases.split("|")}
    known.update({alias: ("unit", rank) for rank, aliases in enumerate(_UNITS) for alias in aliases.split("|")})
    return known


def _known(header: str) -> tuple[str, int] | None:
    known = _fields_by_alias().get(header)
    level = None if known else _UNIT_LEVEL.fullmatch(header)
    return ("unit", len(_UNITS) + int(level[1])) if level else known


def recognised(cells: Sequence[str]) -> int:
    """Return how many of the fields the cells of a row name, as a row of headers does."""
    return len({_known(header) for header in map(normal_header, cells)} - {None})


class UnknownHeader(LookupError):
    """Somebody named a header or a field that is not there."""


@frozen
class Mapped:
    """Which column holds what.

    Attributes:
        by_field: the place of its column, for every field but the unit.
        units: the places of the columns that name units, the widest first.
    """

    by_field: Mapping[str, int]
    units: tuple[int, ...] = ()

    @property
    def used(self) -> frozenset[int]:
        """The places of all columns that hold something known."""
        return frozenset([*self.by_field.values(), *self.units])


def mapped(headers: Sequence[str], columns: Columns | None = None) -> Mapped:
    """Find the columns by their headers.

    Args:
        headers: the headers as written.
        columns: the headers of some fields, where the file has names of its own; they are compared as written first,
            then without regard to case, width and spacing. The other fields are found by the headers people use.

    Raises:
        UnknownHeader: `columns` names a field that there is none of, or a header that the file does not have.

    Example:
        >>> found = mapped(["编号", "姓名", "岗位", "部门", "汇报对象"])
        >>> found.by_field["reports_to"], found.units
        (4, (3,))
    """
    asked = {field: (names,) if isinstance(names, str) else tuple(names) for field, names in (columns or {}).items()}
    for field, names in asked.items():
        if field not in FIELDS or (field != "unit" and len(names) != 1):
            raise UnknownHeader(f"columns names {field!r}: the fields are {', '.join(FIELDS)}; only unit takes several")
    places = {field: tuple([_place(headers, name) for name in names]) for field, names in asked.items()}
    taken = {place for found in places.values() for place in found}
    by_field: dict[str, int] = {field: found[0] for field, found in places.items() if field != "unit"}
    ranked: dict[int, int] = {}
    for place, header in enumerate(map(normal_header, headers)):
        field, rank = _known(header) or ("", 0)
        if place in taken or not field:
            continue
        if field == "unit":
            ranked.setdefault(rank, place)
        else:
            by_field.setdefault(field, place)
    return Mapped(by_field, places.get("unit", tuple([ranked[rank] for rank in sorted(ranked)])))


def _place(headers: Sequence[str], name: str) -> int:
    if name in headers:
        return headers.index(name)
    normal = [*map(normal_header, headers)]
    if normal_header(name) in normal:
        return normal.index(normal_header(name))
    raise UnknownHeader(f"there is no column {name!r}; the columns are {', '.join(map(repr, headers))}")
