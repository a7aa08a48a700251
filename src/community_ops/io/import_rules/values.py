"""Rules about single cells of a spreadsheet and about the people it names (IMP4xx)."""

from __future__ import annotations

from collections.abc import Iterator

from community_ops.io.import_rules.examples import CLEAN, HEAD, fires, keeps_silent, silent
from community_ops.io.oddities import noted
from community_ops.kernel.view import ModelView
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule


@rule(
    "IMP401",
    name="unreadable-value",
    severity=WARNING,
    reviews=True,
    date_use="ignored",
    en={
        "number": "{subject} has no number at or above zero under {header} on {on_lines}: {texts}; 1 was taken, and "
        "what stands there kept in `extra`.",
        "date": "{subject} has no date with the year first under {header} on {on_lines}: {texts}; none was taken, and "
        "what stands there kept in `extra`.",
        "manager": "{subject} has what cannot be a ref under {header} on {on_lines}: {texts}; those posts report to "
        "nobody now.",
    },
    zh={
        "number": "{subject}的“{header}”列在{on_lines}不是非负数：{texts}；按 1 处理，原文保留在 extra 中。",
        "date": "{subject}的“{header}”列在{on_lines}不是年份在前的日期：{texts}；未采用，原文保留在 extra 中。",
        "manager": "{subject}的“{header}”列在{on_lines}不能作为编号：{texts}；这些岗位现无上级。",
    },
)
def unreadable_value(m: ModelView, context: Context) -> Iterator[Finding]:
    """Cells of a column of numbers, dates or refs hold something else.

    Why it matters: nothing can be computed from it. A date such as 02/03/2026 is read differently on the two sides of
    the Atlantic, and is not guessed at.

    How to fix: write numbers in figures and dates as 2026-03-02.

    When it is wrong to heed it: where another column was meant; name it with `columns`.
    """
    yield from noted(m, unreadable_value)


@fires(unreadable_value)
def _no_number() -> str:
    return "ref,title,unit,reports to,name,fte\n1,Chief,Company,,Ann,full\n"


@fires(unreadable_value)
def _no_date() -> str:
    return "ref,title,unit,reports to,name,start\n1,Chief,Company,,Ann,02/03/2026\n"


@fires(unreadable_value)
def _no_ref() -> str:
    return CLEAN + f"3,Cook,Company,{'1' * 201},Cem\n"


@rule(
    "IMP402",
    name="number-with-several-names",
    reviews=True,
    date_use="ignored",
    en="The staff number {number} is borne by {names} ({on_lines}): read as one person, called by the first name.",
    zh="工号 {number} 对应多个姓名：{names}（{on_lines}）；按一人读取，以第一个姓名为准。",
)
def number_with_several_names(m: ModelView, context: Context) -> Iterator[Finding]:
    """One staff number stands beside several names.

    Why it matters: either two people share a number, and one of them is missing now, or one person is written in two
    ways. The other names are kept in the `extra` of the assignments.

    How to fix: correct the number or the name.

    When it is wrong to heed it: never.
    """
    yield from noted(m, number_with_several_names)


_NUMBERED = "ref,title,unit,reports to,name,staff number\n1,Chief,Company,,Ann,7\n2,Clerk,Company,1,{},7\n"


@fires(number_with_several_names)
def _two_names() -> str:
    return _NUMBERED.format("Ben")


@silent(number_with_several_names)
def _two_posts() -> str:
    return _NUMBERED.format("Ann")


@rule(
    "IMP403",
    name="namesakes",
    severity=INFO,
    reviews=True,
    date_use="ignored",
    en="{count} people share a name with another ({names}; {on_lines}): each was read as somebody else.",
    zh="{count} 人与他人同名（{names}；{on_lines}）：各按不同的人读取。",
)
def namesakes(m: ModelView, context: Context) -> Iterator[Finding]:
    """Several rows name somebody of the same name.

    Why it matters: they may be one person with two posts, or several people. A name alone never decides it, so each row
    made a person of its own.

    How to fix: give people staff numbers; those with one number are one person.

    When it is wrong to heed it: where they are different people.
    """
    yield from noted(m, namesakes)


@fires(namesakes)
def _two_of_a_name() -> str:
    return HEAD + "1,总经理,公司,,张伟\n2,会计,公司,1,张伟\n"


@rule(
    "IMP404",
    name="blank-cell",
    severity=WARNING,
    reviews=True,
    date_use="ignored",
    en={
        "unit": "{subject} names no unit in {rows}, on {on_lines}; what they hold was put into a unit of its own.",
        "title": "{subject} names no title in {rows}, on {on_lines}.",
    },
    zh={
        "unit": "{subject}有 {count} 行没有部门（{on_lines}），其岗位归入单独的部门。",
        "title": "{subject}有 {count} 个岗位没有名称（{on_lines}）。",
    },
)
def blank_cell(m: ModelView, context: Context) -> Iterator[Finding]:
    """A cell is blank that other rows fill: the unit or the title of a post.

    Why it matters: the post is in no unit's headcount, or has no name that people know it by.

    How to fix: fill the cell.

    When it is wrong to heed it: where posts at the top belong to no unit.
    """
    yield from noted(m, blank_cell)


@fires(blank_cell)
def _homeless() -> str:
    return CLEAN + "3,Cook,,1,Cem\n"


@fires(blank_cell)
def _untitled() -> str:
    return CLEAN + "3,,Company,1,Cem\n"


RULES = (unreadable_value, number_with_several_names, namesakes, blank_cell)
keeps_silent(*RULES)
