"""Rules about a spreadsheet as a file: its encoding, damage, and the shape of its rows (IMP1xx)."""

from __future__ import annotations

from collections.abc import Iterator

from community_ops.io.import_rules.examples import CLEAN, HEAD, SPREADSHEET, fires, keeps_silent
from community_ops.io.oddities import Oddity, noted
from community_ops.kernel.view import ModelView
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule


@rule(
    "IMP101",
    name="local-encoding",
    severity=INFO,
    reviews=True,
    date_use="ignored",
    en="{subject} is not UTF-8; it was read as {encoding}.",
    zh="{subject}不是 UTF-8，按 {encoding} 读取。",
)
def local_encoding(m: ModelView, context: Context) -> Iterator[Finding]:
    """A spreadsheet was saved in the encoding of one computer's language.

    Why it matters: which encoding it is stands nowhere in the file and had to be told from its bytes. Where that went
    wrong, letters beyond ASCII are others than those that were typed.

    How to fix: look at a few names; where they are wrong, name the encoding when reading. Save the file as UTF-8.

    When it is wrong to heed it: where the names look right.
    """
    yield from noted(m, local_encoding)


@fires(local_encoding)
def _chinese() -> bytes:
    return "编号,岗位,部门,汇报对象,姓名\n1,总经理,公司,,张伟\n".encode("gb18030")


@rule(
    "IMP102",
    name="damaged-cells",
    reviews=True,
    date_use="ignored",
    en={
        "bytes": "{subject} holds bytes that are no {encoding} on {on_lines}; each stands as U+FFFD in what was read.",
        "quotes": "{subject} has quotation marks out of place on {on_lines}: cells there may have run together.",
        "cells": "{subject} has lost what stood in cells on {on_lines}: they hold {texts}.",
    },
    zh={
        "bytes": "{subject}{on_lines}含有不属于 {encoding} 的字节，读取结果中以 U+FFFD 代替。",
        "quotes": "{subject}{on_lines}的引号位置有误，单元格可能被连在一起。",
        "cells": "{subject}{on_lines}有单元格内容已丢失，只剩 {texts}。",
    },
)
def damaged_cells(m: ModelView, context: Context) -> Iterator[Finding]:
    """Something that stood in the spreadsheet can no longer be read from the file.

    Why it matters: bytes that are no characters, quotation marks that do not close, and cells that hold `####` or an
    error such as `#REF!` have all lost what they once said; nothing read from the file can bring it back.

    How to fix: export the file again from where it came from. A cell of `####` was exported as it was shown, in a
    column too narrow for it: export values, not what is shown.

    When it is wrong to heed it: where `####` is what somebody typed.
    """
    yield from noted(m, damaged_cells)


@fires(damaged_cells)
def _broken_bytes() -> bytes:
    return HEAD.encode() + "1,Café,Crêperie,,Zoë\n".encode() + b"2,Clerk,Cr\xeaperie,1,Ben\xc3\n"


@fires(damaged_cells)
def _open_quotes() -> str:
    return HEAD + '1,"Chief" of staff,Company,,Ann\n'


@fires(damaged_cells)
def _too_narrow() -> str:
    return HEAD + "1,########,Company,,Ann\n2,Clerk,Company,1,Ben\n"


@rule(
    "IMP103",
    name="irregular-rows",
    severity=WARNING,
    reviews=True,
    date_use="ignored",
    en={
        "above": "{subject} says something above its headers, on {on_lines}, which was not read: {text}",
        "blank": "{subject} has blank rows on {on_lines}; they were left out.",
        "header": "{subject} repeats its headers on {on_lines}; they were left out.",
        "short": "{subject} has rows with fewer cells than headers on {on_lines}; the cells that lack count as blank.",
        "long": "{subject} has rows with more cells than headers on {on_lines}; their cells may stand in the wrong "
        "columns.",
    },
    zh={
        "above": "{subject}在表头上方（{on_lines}）还有内容，未读取：{text}",
        "blank": "{subject}{on_lines}为空行，已略过。",
        "header": "{subject}{on_lines}重复了表头，已略过。",
        "short": "{subject}{on_lines}的单元格少于表头，缺少的按空白处理。",
        "long": "{subject}{on_lines}的单元格多于表头，内容可能错列。",
    },
)
def irregular_rows(m: ModelView, context: Context) -> Iterator[Finding]:
    """Rows of the spreadsheet are not as long as its headers, or hold no post.

    Why it matters: a row with a cell too many, as a comma without quotation marks makes it, has every later cell in the
    wrong column. Text above the headers, blank rows and repeated headers are harmless, and are told so that nothing is
    left out without a word.

    How to fix: look at the lines; put cells that hold the delimiter between quotation marks.

    When it is wrong to heed it: where a program leaves out blank cells at the end of rows.
    """
    yield from noted(m, irregular_rows)


@fires(irregular_rows)
def _titled() -> str:
    return "Posts of the company,,,,\n" + CLEAN


@fires(irregular_rows)
def _gap() -> str:
    return CLEAN + ",,,,\n3,Cook,Company,1,Cem\n"


@fires(irregular_rows)
def _two_pages() -> str:
    return CLEAN + HEAD + "3,Cook,Company,1,Cem\n"


@fires(irregular_rows)
def _short() -> str:
    return CLEAN + "3,Cook,Company,1\n".replace(",1\n", "\n")


@fires(irregular_rows)
def _long() -> str:
    return CLEAN + "3,Cook,Company,1,Cem,,2\n"


@rule(
    "IMP104",
    name="unknown-columns",
    severity=INFO,
    reviews=True,
    date_use="ignored",
    en="{subject} has columns nothing is known of: {headers}; what they say is kept in `extra`.",
    zh="{subject}有未识别的列：{headers}；内容保留在 extra 中。",
)
def unknown_columns(m: ModelView, context: Context) -> Iterator[Finding]:
    """Columns of the spreadsheet belong to no field of a post, a unit or a person.

    Why it matters: one of them may hold what the reader looks for under another name.

    How to fix: name it when reading, as in `columns={"reports_to": "Boss"}`.

    When it is wrong to heed it: where they hold what the model has no field for; it is kept in the `extra` of the
    post, or of the assignment where a later row about the same post says otherwise.
    """
    yield from noted(m, unknown_columns)


@fires(unknown_columns)
def _phones() -> str:
    return "ref,title,unit,reports to,name,Desk\n1,Chief,Company,,Ann,4711\n"


@rule(
    "IMP105",
    name="missing-column",
    severity=WARNING,
    reviews=True,
    date_use="ignored",
    en={
        "ref": "{subject} has no column of refs: its posts are told apart by {header}.",
        "title": "{subject} has no column of titles: posts are called by their refs.",
        "unit": "{subject} has no column of units: all posts were put into one.",
        "reports_to": "{subject} has no column that says whom posts report to.",
        "name": "{subject} has no column of holders: nothing is known of who holds the posts.",
    },
    zh={
        "ref": "{subject}没有岗位编号列，按“{header}”区分岗位。",
        "title": "{subject}没有岗位名称列，以编号代替。",
        "unit": "{subject}没有部门列，所有岗位归入同一部门。",
        "reports_to": "{subject}没有汇报对象列。",
        "name": "{subject}没有姓名列，不知岗位由谁担任。",
    },
)
def missing_column(m: ModelView, context: Context) -> Iterator[Finding]:
    """No header names what every list of posts says: the ref, the title, the unit, the manager or the holder.

    Why it matters: what is not read is missing everywhere after. Posts told apart by their titles, or by the names of
    those who hold them, fall into one where two are called the same.

    How to fix: where the column is there under another name, name it, as in `columns={"reports_to": "Boss"}`.

    When it is wrong to heed it: where the file does not say it at all, and need not.
    """
    yield from noted(m, missing_column)


@fires(missing_column)
def _by_title() -> str:
    return "title,unit,reports to,name\nChief,Company,,Ann\nClerk,Company,Chief,Ben\n"


@fires(missing_column)
def _untitled() -> str:
    return "ref,unit,reports to,name\n1,Company,,Ann\n"


@fires(missing_column)
def _without_units() -> str:
    return "ref,title,reports to,name\n1,Chief,,Ann\n"


@fires(missing_column)
def _without_managers() -> str:
    return "ref,title,unit,name\n1,Chief,Company,Ann\n"


@fires(missing_column)
def _without_names() -> str:
    return "ref,title,unit,reports to\n1,Chief,Company,\n"


@rule(
    "IMP106",
    name="spaces-around",
    severity=INFO,
    reviews=True,
    date_use="ignored",
    en="{subject} has spaces around what {count} cells say, on {on_lines}; they were left out.",
    zh="{subject}有 {count} 个单元格（{on_lines}）首尾带空格，已去除。",
)
def spaces_around(m: ModelView, context: Context) -> Iterator[Finding]:
    """Cells begin or end with white space.

    Why it matters: "17 " and "17" are two refs to most programs, and one to people. They are read as one here.

    How to fix: nothing has to be fixed for this library; where other programs read the file, take the spaces out.

    When it is wrong to heed it: where nobody else reads the file.
    """
    yield from noted(m, spaces_around)


@fires(spaces_around)
def _spaced() -> str:
    return HEAD + "1,Chief,Company,,Ann\n2 ,Clerk ,Company,1,Ben\n"


@rule(
    "IMP107",
    name="workbook-cells",
    severity=WARNING,
    reviews=True,
    date_use="ignored",
    en={
        "merged": "{subject} has merged cells at {texts}: their value was taken for every row they cover.",
        "formulas": "{subject} has formulas without a stored result at {texts}; those cells were read as blank.",
        "padded": "{subject} shows numbers with leading zeros that they do not hold, on {on_lines}; they were read as "
        "shown.",
        "sheets": "{subject} has more sheets than the one that was read: {texts}.",
    },
    zh={
        "merged": "{subject}有合并单元格（{texts}），其值用于所覆盖的每一行。",
        "formulas": "{subject}的公式没有保存结果（{texts}），按空白读取。",
        "padded": "{subject}{on_lines}的数字仅以格式显示前导零，按显示读取。",
        "sheets": "{subject}还有其他工作表未读取：{texts}。",
    },
)
def workbook_cells(m: ModelView, context: Context) -> Iterator[Finding]:
    """Cells of a workbook do not hold what they show, or only one of several holds it.

    Why it matters: a merged cell holds its value once and shows it over many rows; a formula shows what it last came
    to, which a program that never calculated does not store; a ref typed as 00017 may be the number 17 with a format.

    How to fix: look at the cells; open the workbook in a spreadsheet program and save it, which stores the results;
    keep refs as text.

    When it is wrong to heed it: where the values that were read are right. Other sheets may be no lists of posts.
    """
    yield from noted(m, workbook_cells)


def _workbook(variant: str, **more: object) -> Oddity:
    return Oddity(code="IMP107", variant=variant, subject=SPREADSHEET, key=(variant,), parameters=more)


@fires(workbook_cells)
def _merged() -> Oddity:
    return _workbook("merged", texts=("C2:C9",))


@fires(workbook_cells)
def _uncalculated() -> Oddity:
    return _workbook("formulas", texts=("A2", "A3"))


@fires(workbook_cells)
def _padded() -> Oddity:
    return _workbook("padded", lines=(2, 3))


@fires(workbook_cells)
def _sheets() -> Oddity:
    return _workbook("sheets", texts=("Notes",))


RULES = (
    local_encoding, damaged_cells, irregular_rows, unknown_columns, missing_column, spaces_around, workbook_cells,
)  # fmt: skip
keeps_silent(*RULES)
