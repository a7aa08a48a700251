"""Rules about the file that a plan was read from (IMP6..); they judge no other model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from attrs import frozen

from community_ops.io.import_rules.files import RULES as FILES
from community_ops.io.oddities import noted
from community_ops.kernel.model import Model
from community_ops.kernel.view import ModelView
from community_ops.operating_model import OperatingModel
from community_ops.validation.finding import ERROR, INFO, WARNING, Finding
from community_ops.validation.rule import Context, Example, Rule, rule

if TYPE_CHECKING:
    from community_ops.validation.book import RuleBook
    from community_ops.validation.report import Report

M = TypeVar("M", bound=Model)
F = TypeVar("F", bound=Callable[[], str])


@frozen
class PlanExample(Example):
    """A small plan file that makes a rule fire, or keeps it silent.

    Attributes:
        text: makes its text.
    """

    text: Callable[[], str] = str

    @property
    def source(self) -> str:
        """The text of the file."""
        return self.text()

    def model(self, cls: type[M]) -> M:
        """Return the example as a model, which a class of model of the caller's own may hold."""
        from community_ops.io.mspdi.nodes import parsed  # noqa: PLC0415 - reading needs no rules
        from community_ops.io.mspdi.reading import model_of  # noqa: PLC0415

        made = model_of(parsed(self.text().encode(), "plan.xml"), "plan.xml", ZoneInfo("UTC"))
        return cls._of_tables({**cls()._tables, **made._tables}, None, made.provenance)


def _fires(one: Rule) -> Callable[[F], F]:
    def register(text: F) -> F:
        one.fire_examples.append(PlanExample(tuple, text=text))
        return text

    return register


def _project(tasks: str = "", rest: str = "", head: str = "<CalendarUID>1</CalendarUID>") -> str:
    """Return a small project with a calendar, some tasks, and something after them."""
    day = (
        "<WorkingTimes><WorkingTime><FromTime>09:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes>"
    )
    return (
        '<Project xmlns="http://schemas.microsoft.com/project">\n'
        f"<Title>Launch</Title><StartDate>2026-03-02T09:00:00</StartDate>{head}\n"
        "<Calendars><Calendar><UID>1</UID><Name>Office</Name><IsBaseCalendar>1</IsBaseCalendar><WeekDays><WeekDay>"
        f"<DayType>2</DayType><DayWorking>1</DayWorking>{day}</WeekDay></WeekDays></Calendar></Calendars>\n"
        f"<Tasks>\n<Task><UID>1</UID><Name>Write</Name><Duration>PT8H0M0S</Duration></Task>{tasks}\n</Tasks>{rest}\n"
        "</Project>\n"
    )


def _task(uid: str, more: str) -> str:
    return f"\n<Task>{uid}<Name>Print</Name>{more}</Task>"


@rule(
    "IMP601",
    name="unread-elements",
    severity=INFO,
    reviews=True,
    date_use="ignored",
    en="{subject} says {name} on {on_lines}, which was not read: {texts}.",
    zh="{subject}{on_lines}的 {name} 未读取：{texts}。",
)
def unread_elements(m: ModelView, context: Context) -> Iterator[Finding]:
    """A plan file says something that the model has no place for.

    Why it matters: it is lost when the plan is written again, and whoever relied on it will miss it. The finding names
    the element, and the tasks or other things that have it.

    How to fix: keep the file, or put what matters into the description of the task before reading it.

    When it is wrong to heed it: where nobody looks at it, as at most of what programs write into such files. What a
    scheduler works out anew, and values that say nothing such as a cost of 0, are not told.
    """
    yield from noted(m, unread_elements)


@_fires(unread_elements)
def _coloured() -> str:
    return _project(_task("<UID>2</UID>", "<HyperlinkAddress>https://example.org</HyperlinkAddress>"))


@rule(
    "IMP602",
    name="unreadable-values",
    severity=WARNING,
    reviews=True,
    date_use="ignored",
    en="{subject} says {texts} as {name} on {on_lines}, which cannot be read; it was left out.",
    zh="{subject}{on_lines}的 {name}（{texts}）无法读取，已略去。",
)
def unreadable_values(m: ModelView, context: Context) -> Iterator[Finding]:
    """A value of a plan file is none of the kind that its place calls for.

    Why it matters: the plan was read without it, so that a task may take no time, start too early or follow nothing.

    How to fix: look at the lines, and correct the values in the program that wrote the file.

    When it is wrong to heed it: never, though what was left out may not matter.
    """
    yield from noted(m, unreadable_values)


@_fires(unreadable_values)
def _three_weeks() -> str:
    return _project(_task("<UID>2</UID>", "<Duration>three weeks</Duration>"))


@rule(
    "IMP603",
    name="read-otherwise",
    severity=INFO,
    reviews=True,
    date_use="ignored",
    en={
        "manual": "{subject} has tasks that are scheduled by hand on {on_lines}; they must start when they do: "
        "{texts}.",
        "elapsed": "{subject} has tasks whose length is real time on {on_lines}; they go by a calendar that is always "
        "open: {texts}.",
        "estimated": "{subject} marks lengths as estimates on {on_lines}; the mark was left out: {texts}.",
        "based": "{subject} has calendars based on {name} on {on_lines}; each was given a copy of it: {texts}.",
        "hours": "{subject} does not say when it works on {on_lines}: it was taken to work 8 to 12 and 13 to 17, "
        "Monday to Friday where no day is named.",
        "outline": "{subject} leaves out a level of its outline on {on_lines}; the tasks are part of the one above: "
        "{texts}.",
        "currency": "{subject} has costs but names no currency; they were left out, on {on_lines}.",
        "finish": "{subject} is scheduled back from its finish; it was read as scheduled from its start.",
    },
    zh={
        "manual": "{subject}{on_lines}的任务为手动排程，按“必须开始于”读取：{texts}。",
        "elapsed": "{subject}{on_lines}的任务工期为自然时间，改用全天候日历：{texts}。",
        "estimated": "{subject}{on_lines}的工期标为估计值，标记未保留：{texts}。",
        "based": "{subject}{on_lines}的日历以 {name} 为基准，已各自复制其内容：{texts}。",
        "hours": "{subject}{on_lines}没有工作时间，按 8 至 12 时、13 至 17 时处理，未列出星期的按周一至周五。",
        "outline": "{subject}{on_lines}的大纲跳级，任务归入上一层：{texts}。",
        "currency": "{subject}有成本却没有币种，{on_lines}的成本已略去。",
        "finish": "{subject}从完成日期倒排，读取时改为从开始日期排程。",
    },
)
def read_otherwise(m: ModelView, context: Context) -> Iterator[Finding]:
    """A plan file says something that the model says in other words, or that had to be taken for granted.

    Why it matters: the plan reads and schedules as it should, but not everything in it is where the file had it; where
    the schedule runs back from a finish, or a currency is missing, something was given up.

    How to fix: look whether what was made of it is what was meant.

    When it is wrong to heed it: where it is.
    """
    yield from noted(m, read_otherwise)


@_fires(read_otherwise)
def _by_hand() -> str:
    return _project(_task("<UID>2</UID>", "<Manual>1</Manual><Start>2026-03-09T09:00:00</Start>"))


@_fires(read_otherwise)
def _around_the_clock() -> str:
    return _project(_task("<UID>2</UID>", "<Duration>PT48H0M0S</Duration><DurationFormat>8</DurationFormat>"))


@_fires(read_otherwise)
def _guessed() -> str:
    return _project(_task("<UID>2</UID>", "<Duration>PT8H0M0S</Duration><DurationFormat>39</DurationFormat>"))


@_fires(read_otherwise)
def _derived() -> str:
    own = "<Calendar><UID>2</UID><Name>Press</Name><BaseCalendarUID>1</BaseCalendarUID></Calendar>"
    return _project(_task("<UID>2</UID>", "<CalendarUID>2</CalendarUID>")).replace("</Calendars>", f"{own}</Calendars>")


@_fires(read_otherwise)
def _no_calendar() -> str:
    return _project(head="")


@_fires(read_otherwise)
def _two_levels_down() -> str:
    return _project(_task("<UID>2</UID>", "<OutlineLevel>3</OutlineLevel>"))


@_fires(read_otherwise)
def _no_currency() -> str:
    return _project(_task("<UID>2</UID>", "<Cost>120000</Cost>"))


@_fires(read_otherwise)
def _backwards() -> str:
    return _project(head="<CalendarUID>1</CalendarUID><ScheduleFromStart>0</ScheduleFromStart>")


@rule(
    "IMP604",
    name="left-out",
    severity=WARNING,
    reviews=True,
    date_use="ignored",
    en={
        "inactive": "{subject} has inactive tasks on {on_lines}, which take no part in its schedule; they were left "
        "out: {texts}.",
        "resources": "{subject} has resources that are no labour on {on_lines}; they were left out: {texts}.",
        "assignments": "{subject} has assignments of what it does not have, or of what was left out, on {on_lines}.",
        "exceptions": "{subject} has exceptions of a calendar whose dates cannot be told on {on_lines}: {texts}.",
        "links": "{subject} has links to other projects, to itself, or to what was left out, on {on_lines}: {texts}.",
    },
    zh={
        "inactive": "{subject}{on_lines}的任务已停用，不参与排程，未读取：{texts}。",
        "resources": "{subject}{on_lines}的资源不是人工，未读取：{texts}。",
        "assignments": "{subject}{on_lines}的分配指向不存在或未读取的对象。",
        "exceptions": "{subject}{on_lines}的日历例外无法推算日期：{texts}。",
        "links": "{subject}{on_lines}的链接指向其他项目、项目本身或未读取的任务：{texts}。",
    },
)
def left_out(m: ModelView, context: Context) -> Iterator[Finding]:
    """A plan file has tasks, resources, links or exceptions that did not become part of the plan.

    Why it matters: the plan is smaller than the file, and may be scheduled earlier.

    How to fix: make inactive tasks active if they are to count; put plans that depend on each other into one file;
    write exceptions that recur in unusual ways as single dates.

    When it is wrong to heed it: where what was left out was to be left out.
    """
    yield from noted(m, left_out)


@_fires(left_out)
def _inactive() -> str:
    return _project(_task("<UID>2</UID>", "<Active>0</Active>"))


@_fires(left_out)
def _paper() -> str:
    return _project(rest="<Resources><Resource><UID>1</UID><Name>Paper</Name><Type>0</Type></Resource></Resources>")


@_fires(left_out)
def _nobody() -> str:
    one = "<Assignment><UID>1</UID><TaskUID>1</TaskUID><ResourceUID>9</ResourceUID></Assignment>"
    return _project(rest=f"<Assignments>{one}</Assignments>")


@_fires(left_out)
def _undated() -> str:
    exception = "<Exceptions><Exception><Name>Stocktaking</Name><Type>7</Type></Exception></Exceptions>"
    return _project().replace("</WeekDays>", f"</WeekDays>{exception}")


@_fires(left_out)
def _elsewhere() -> str:
    link = "<PredecessorLink><PredecessorUID>7</PredecessorUID><CrossProject>1</CrossProject></PredecessorLink>"
    return _project(_task("<UID>2</UID>", link))


@rule(
    "IMP605",
    name="broken-uids",
    severity=ERROR,
    reviews=True,
    date_use="ignored",
    en={
        "missing": "{subject} has a {name} without a UID on {on_lines}; it was left out: {texts}.",
        "duplicate": "{subject} uses the UID {texts} of a {name} again on {on_lines}; what stands there was read under "
        "an id of its own, and references mean the first.",
    },
    zh={
        "missing": "{subject}{on_lines}的 {name} 没有 UID，未读取：{texts}。",
        "duplicate": "{subject}{on_lines}重复使用了 {name} 的 UID {texts}；后者另起编号读取，引用均指第一个。",
    },
)
def broken_uids(m: ModelView, context: Context) -> Iterator[Finding]:
    """Things in a plan file lack the number they are known by, or share it.

    Why it matters: links and assignments name tasks and resources by UID; without one nothing can refer to them, and of
    two with the same nothing tells which is meant.

    How to fix: open the file in MS Project, which numbers everything anew, and save it again.

    When it is wrong to heed it: never.
    """
    yield from noted(m, broken_uids)


@_fires(broken_uids)
def _unnumbered() -> str:
    return _project(_task("", "<Duration>PT8H0M0S</Duration>"))


@_fires(broken_uids)
def _twice() -> str:
    return _project(_task("<UID>1</UID>", "<Duration>PT8H0M0S</Duration>"))


RULES = (unread_elements, unreadable_values, read_otherwise, left_out, broken_uids)
_ON_READING = ("IMP", "REF", "PLN101")
for _rule in RULES:
    _rule.silent_examples.append(PlanExample(tuple, text=_project))


@cache
def plan_rules() -> RuleBook:
    """Return the built-in rules with those about plan files beside them.

    Example:
        >>> plan_rules().rule("IMP602").name
        'unreadable-values'
    """
    return OperatingModel.rules().extend(*FILES, *RULES)


def report_on(model: Model) -> Report:
    """Return what reading a plan shows: its oddities, references that lead nowhere, and links that go in a circle.

    What is wrong with the plan itself is for `model.check`.
    """
    return plan_rules().select(*_ON_READING).check(model)
