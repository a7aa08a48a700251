"""The words that pictures, tables and pages are labelled with, in English and Chinese."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from community_ops.validation.wording import Language

WORDS: Mapping[str, tuple[str, str]] = {
    # what is shown
    "org_chart": ("Organisation chart", "组织架构图"),
    "unit_chart": ("Units", "部门结构图"),
    "records": ("Records", "记录"),
    "findings": ("Findings", "检查结果"),
    "on_day": ("{title}, {day}", "{title}（{day}）"),
    "positions_count": ("{n} position{s}", "{n} 个岗位"),
    "units_count": ("{n} unit{s}", "{n} 个部门"),
    "records_count": ("{n} record{s}", "{n} 条记录"),
    "seats_count": ("{filled} of {seats} seats filled", "{seats} 个席位，在岗 {filled} 个"),
    "vacant_count": ("{n} vacant", "{n} 个空缺"),
    "titled": ("{title}: {summary}", "{title}：{summary}"),
    "sentence": ("{text}.", "{text}。"),
    "as_table": ("As a table", "表格形式"),
    # a box
    "vacant": ("vacant", "空缺"),
    "vacant_since": ("vacant since {day}", "空缺（自 {day}）"),
    "seats_filled": ("{filled} of {seats} seats filled", "{seats} 个席位，在岗 {filled} 个"),
    "seats": ("{n} seat{s}", "{n} 个席位"),
    "no_seats": ("no seats", "无席位"),
    "open_since": ("open since {day}", "自 {day} 起缺员"),
    "over_filled": ("over-filled: {fte} FTE in {n} seat{s}", "超编：{n} 个席位，{fte} 个全职当量"),
    "acting": ("{name} (acting)", "{name}（代理）"),
    "until": ("{name} (until {day})", "{name}（至 {day}）"),
    "more_people": ("and {n} more", "另有 {n} 人"),
    "planned": ("planned", "规划中"),
    "hiring": ("hiring", "招聘中"),
    "frozen": ("frozen", "冻结"),
    "closed": ("closed", "已撤销"),
    "not_yet": ("not yet in force", "尚未生效"),
    "ended": ("no longer in force", "已失效"),
    "in_cycle": ("in a cycle: above it is {name}", "成环：上级为{name}"),
    "to_itself": ("in a cycle: above itself", "成环：上级为自己"),
    "dangling": ("above it stands '{id}', which does not exist", "上级“{id}”不存在"),
    "dangling_unknown": ("what is above it does not exist", "上级不存在"),
    "hidden_reports": ("+ {n} direct report{s} not shown", "另有 {n} 个直接下级未显示"),
    "hidden_parts": ("+ {n} part{s} not shown", "另有 {n} 个下级部门未显示"),
    "kind_organisation": ("organisation", "组织"),
    "kind_division": ("division", "事业部"),
    "kind_department": ("department", "部门"),
    "kind_team": ("team", "团队"),
    "kind_group": ("group", "小组"),
    "kind_network": ("network", "合作网络"),
    # lines
    "solid": ("solid line", "实线汇报"),
    "functional": ("functional", "职能虚线"),
    "project": ("project", "项目虚线"),
    "administrative": ("administrative", "行政虚线"),
    "second": ("second solid line", "第二条实线"),
    "part_of_line": ("part of", "隶属"),
    "state_part": ("not all seats filled", "未满编"),
    "state_vacant": ("vacant", "空缺"),
    "state_absent": ("not in force", "未生效或已撤销"),
    "cycle": ("closes a cycle", "汇报环"),
    "dotted_to": ("{kind} → {name}", "{kind} → {name}"),
    # a plan
    "task": ("Task", "任务"),
    "task_of": ("Part of", "上级任务"),
    "start": ("Start", "开始"),
    "finish": ("Finish", "完成"),
    "slack": ("Float", "总浮动时间"),
    "critical": ("Critical", "关键"),
    "accountable": ("Accountable", "最终负责"),
    "follows": ("Follows", "前置任务"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "days": ("{n} d", "{n} 天"),
    "tasks_count": ("{n} task{s}", "{n} 项任务"),
    "critical_count": ("{n} critical", "关键任务 {n} 项"),
    "never": ("never", "无期"),
    "from_to": ("{start} to {finish}", "{start} 至 {finish}"),
    "kind_task": ("task", "任务"),
    "kind_milestone": ("milestone", "里程碑"),
    "kind_summary": ("summary", "汇总任务"),
    "kind_level_of_effort": ("level of effort", "持续性工作"),
    "kind_recurring": ("recurring", "周期性任务"),
    "bar_critical": ("critical task (hatched, name in bold)", "关键任务（斜线填充，名称加粗）"),
    "bar_slack": ("float", "浮动时间"),
    "bar_closed": ("no work", "非工作日"),
    "bar_link": ("link", "依赖"),
    "bar_critical_link": ("link that drives the finish", "决定完工的依赖"),
    "bar_status": ("status date {day}", "状态日期 {day}"),
    "month_year": ("{month} {year}", "{year}年{month}月"),
    "month": ("{month}", "{month}月"),
    "quarter": ("Q{n}", "{n}季度"),
    "plan_title": ("Plan: {name}", "方案：{name}"),
    "milestone_on": ("{name}: {day}.", "{name}：{day}。"),
    "drives_finish": ("What drives the finish: {names}.", "决定完工的任务：{names}。"),
    "plan_undated": ("cannot be dated: {why}.", "无法排程：{why}。"),
    "unestimated": (
        "Tasks counted as taking no time, for nothing says how long they take: {n}.",
        "{n} 项任务没有工期，按零工期计算。",
    ),
    "tasks_not_shown": (
        "Further tasks not shown: {n}; the chart stops at {limit} rows.",
        "另有 {n} 项任务未显示，本图最多显示 {limit} 行。",
    ),
    "links_not_drawn": ("Links not drawn: {n}.", "{n} 条依赖未画出。"),
    "status_outside": ("The status date {day} is outside the plan.", "状态日期 {day} 不在计划期内。"),
    # notes under a picture
    "not_shown": (
        "Further positions not shown: {n}; the chart stops at {limit} boxes.",
        "另有 {n} 个岗位未显示，本图最多显示 {limit} 个。",
    ),
    "units_not_shown": (
        "Further units not shown: {n}; the chart stops at {limit} boxes.",
        "另有 {n} 个部门未显示，本图最多显示 {limit} 个。",
    ),
    "lines_not_drawn": ("Dotted lines named in their boxes but not drawn: {n}.", "{n} 条虚线仅在方框内注明，未画出。"),
    "empty_units": ("Units without positions: {names}.", "没有岗位的部门：{names}。"),
    "more": ("{n} more", "另 {n} 个"),
    "undated": (
        "No date given: every holder on record is named, with the last day where there is one.",
        "未指定日期：列出所有有记录的在岗者，已知结束日期的一并注明。",
    ),
    "undated_tree": (
        "No date given: ? stands where seats filled cannot be counted.",
        "未指定日期：? 表示无法统计在岗人数。",
    ),
    "undated_lines": ("Reporting lines left out because they have a period: {n}.", "{n} 条带有效期的汇报关系未画出。"),
    "nothing": ("Nothing to show.", "没有可显示的内容。"),
    # table heads
    "position": ("Position", "岗位"),
    "unit": ("Unit", "部门"),
    "kind": ("Kind", "类别"),
    "count": ("Count", "数量"),
    "reports_to": ("Reports to", "上级"),
    "part_of": ("Part of", "上级部门"),
    "heads": ("Heads", "负责人"),
    "holders": ("Holders", "在岗者"),
    "seats_head": ("Seats", "席位"),
    "dotted": ("Dotted lines", "虚线汇报"),
    "remarks": ("Remarks", "备注"),
    "code": ("Code", "代码"),
    "severity": ("Severity", "级别"),
    "subject": ("Subject", "对象"),
    "message": ("Message", "说明"),
    "more_rows": ("Not shown: {n} more.", "另有 {n} 条未显示。"),
    "error": ("error", "错误"),
    "warning": ("warning", "警告"),
    "info": ("info", "提示"),
    "fixable": ("fix available", "可自动修正"),
    # customer service
    "service_title": ("Customer service", "客户服务"),
    "tickets_open": (
        "{n} open ticket{s}, {late} late, {free} with nobody.",
        "未结工单 {n} 个，其中超时 {late} 个，无人受理 {free} 个。",
    ),
    "next_due": ("Next due: {name}, {target} by {due}.", "下一个到期：{name}（{target}），{due}。"),
    "promises_kept": ("Promises kept: {kept}.", "承诺兑现：{kept}。"),
    "kept": ("{target} {met} of {all}", "{target} {met}/{all}"),
    "satisfied": ("Satisfied: {score} % of {n} answers.", "满意度：{n} 份评价中 {score}% 满意。"),
    "first_response": ("first response", "首次响应"),
    "next_response": ("next response", "后续响应"),
    "resolution": ("resolution", "解决"),
    "queue": ("Queue", "队列"),
    "no_queue": ("in no queue", "不在队列中"),
    "open": ("Open", "未结"),
    "unassigned": ("With nobody", "无人受理"),
    "late": ("Late", "超时"),
    "oldest": ("Oldest", "最久"),
    # the page
    "no_date": ("Not judged without a date: {codes}.", "未给出日期，无法判断：{codes}。"),
    "no_instant": ("Not judged without an instant: {codes}.", "未给出具体时刻，无法判断：{codes}。"),
    "page_title": ("{name}: organisation and findings", "{name}：组织架构与检查结果"),
    "organisation": ("Organisation", "组织"),
    "as_of": ("As of {day}.", "截至 {day}。"),
    "key_figures": ("Key figures", "关键数据"),
    "before": ("Before", "修正前"),
    "after": ("After", "修正后"),
    "first_fix": ("The first fix, and what it resolves", "首个修正及其效果"),
    "fix_of": ("{code} {severity}: {message}", "{code} {severity}：{message}"),
    "changes": ("What changes", "改动内容"),
    "resolved": ("Resolved", "已解决"),
    "new": ("New", "新出现"),
    "none": ("None.", "无。"),
    "no_fix": ("No finding comes with a fix.", "没有可自动修正的问题。"),
    "no_findings": ("No findings.", "没有发现问题。"),
    "chart_after": ("Organisation chart after the fix", "修正后的组织架构图"),
    "deep": ("[level {n}] ", "[第 {n} 层] "),
}
"""English and Chinese by a key; placeholders stand in braces, `{s}` for the plural after a count `{n}`."""


def say(key: str, language: Language, **values: object) -> str:
    """Return a text in a language.

    Example:
        >>> say("vacant_since", "zh", day="2025-12-17")
        '空缺（自 2025-12-17）'
    """
    plural = "" if values.get("n") == 1 else "s"
    return WORDS[key][language == "zh"].format_map({"s": plural, **values})


def listed(items: Iterable[str], language: Language) -> str:
    """Join short texts with commas, in the way of a language; cuts nothing, unlike a list in a sentence.

    Example:
        >>> listed(["甲", "乙"], "zh")
        '甲、乙'
    """
    return ("、" if language == "zh" else ", ").join(items)


def language_of(texts: Iterable[str]) -> Language:
    """Guess in which language to label things, from what they are called: Chinese if most names are.

    A notebook shows an object without being told a language.

    Example:
        >>> language_of(["首席运营官", "客户服务人员", "CEO"]), language_of(["COO"])
        ('zh', 'en')
    """
    votes = [_is_chinese(text) for text in texts]
    return "zh" if 2 * sum(votes) > len(votes) else "en"


def _is_chinese(text: str) -> bool:
    names = [unicodedata.name(character, "") for character in text if not character.isascii()]
    kana = any(name.startswith(("HIRAGANA", "KATAKANA", "HANGUL")) for name in names)
    return not kana and any(name.startswith("CJK UNIFIED") for name in names)
