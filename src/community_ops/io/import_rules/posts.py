"""Rules about the rows of a spreadsheet: words instead of values, refs, posts with several rows (IMP2xx, IMP3xx)."""

from __future__ import annotations

from collections.abc import Iterator

from community_ops.io.import_rules.examples import CLEAN, HEAD, SPREADSHEET, fires, keeps_silent, silent
from community_ops.io.oddities import Oddity, noted
from community_ops.kernel.view import ModelView
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule


@rule(
    "IMP201",
    name="word-for-a-state",
    severity=INFO,
    reviews=True,
    date_use="ignored",
    en={
        "top": "{subject} says {words} for the manager in {rows}, which was read as the top{but}: {on_lines}.",
        "vacant": "{subject} says {words} for the holder in {rows}, which was read as vacant: {on_lines}.",
        "eliminated": "{subject} says {words} for the holder in {rows}, which was read as a post that is closed: "
        "{on_lines}.",
        "undisclosed": "{subject} says {words} for the holder in {rows}, which was read as someone whose name is not "
        "told: {on_lines}.",
    },
    zh={
        "top": "{subject}有 {count} 行的汇报对象写作 {words}，按最高岗位读取{but}：{on_lines}。",
        "vacant": "{subject}有 {count} 行的任职人写作 {words}，按空缺读取：{on_lines}。",
        "eliminated": "{subject}有 {count} 行的任职人写作 {words}，按已撤销读取：{on_lines}。",
        "undisclosed": "{subject}有 {count} 行的任职人写作 {words}，按未公开姓名读取：{on_lines}。",
    },
)
def word_for_a_state(m: ModelView, context: Context) -> Iterator[Finding]:
    """Cells that should name somebody hold a word for a state: the top, vacant, eliminated, not disclosed.

    Why it matters: taken literally, "Eliminated" is a person who holds a hundred posts, and "XX" a manager who is
    missing. Taken as meant, an eliminated post is closed and no root of the organisation, a vacant one has no
    assignment, and one whose holder is not disclosed is held by someone nothing is known of.

    How to fix: nothing, where they mean what they were read as.

    When it is wrong to heed it: where a person or a post is really called so. A word is never taken for the top when
    a post bears it as its ref.
    """
    yield from noted(m, word_for_a_state)


@fires(word_for_a_state)
def _top() -> str:
    return HEAD + "1,Chief,Company,XX,Ann\n2,Clerk,Company,1,Ben\n"


@fires(word_for_a_state)
def _vacant() -> str:
    return CLEAN + "3,Cook,Company,1,VACANT\n"


@fires(word_for_a_state)
def _eliminated() -> str:
    return CLEAN + "3,Cook,Company,1,Eliminated\n"


@fires(word_for_a_state)
def _undisclosed() -> str:
    return CLEAN + "3,Cook,Company,1,N/D\n"


@silent(word_for_a_state)
def _a_post_called_none() -> str:
    return HEAD + "none,Chief,Company,,Ann\n2,Clerk,Company,none,Ben\n"


@rule(
    "IMP301",
    name="row-without-ref",
    reviews=True,
    date_use="ignored",
    en={
        "none": "There is no ref in {rows}, which became no post, on {on_lines}: {said}",
        "unusable": "There is no usable ref in {rows}, which became no post, on {on_lines}: {said}",
    },
    zh={
        "none": "{count} 行没有编号（{on_lines}），未成为岗位：{said}",
        "unusable": "{count} 行的编号不可用（{on_lines}），未成为岗位：{said}",
    },
)
def row_without_ref(m: ModelView, context: Context) -> Iterator[Finding]:
    """A row does not say which post it is about.

    Why it matters: whatever it says is missing from the model; all of it is kept in the finding's parameter `cells`.

    How to fix: give the row a ref of its own. A ref has at most 200 characters and no control characters.

    When it is wrong to heed it: where the row is a sum, a note or a heading, not a post.
    """
    yield from noted(m, row_without_ref)


@fires(row_without_ref)
def _total() -> str:
    return CLEAN + ",Total,,,2\n"


@fires(row_without_ref)
def _endless() -> str:
    return CLEAN + f"{'3' * 201},Cook,Company,1,Cem\n"


@rule(
    "IMP302",
    name="job-share",
    severity=INFO,
    reviews=True,
    date_use="ignored",
    en="{count} rows about {subject} are alike but for who holds it, each part time ({on_lines}): read as a job share.",
    zh="关于{subject}的 {count} 行除任职人外相同，且均为非全时（{on_lines}）：按岗位分担读取。",
)
def job_share(m: ModelView, context: Context) -> Iterator[Finding]:
    """Several rows bear one ref, say the same of the post, and each holder is part time.

    Why it matters: read as two posts, it would count twice in every headcount. It was read as one post with one seat,
    as large as all shares together.

    How to fix: nothing, where it is a job share.

    When it is wrong to heed it: never; where the rows are two posts, give them two refs.
    """
    yield from noted(m, job_share)


_SHARED = (
    "ref,title,unit,reports to,name,fte\n1,Chief,Company,,Ann,1\n2,Clerk,Company,1,Ben,0.6\n2,Clerk,Company,1,Cem,{}\n"
)


@fires(job_share)
def _two_halves() -> str:
    return _SHARED.format("0.4")


@silent(job_share)
def _two_wholes() -> str:
    return _SHARED.format("1").replace("0.6", "1")


@rule(
    "IMP303",
    name="second-seat",
    severity=INFO,
    reviews=True,
    date_use="ignored",
    en="{count} rows about {subject} are alike but for who holds it ({on_lines}): read as a post with {count} seats.",
    zh="关于{subject}的 {count} 行除任职人外相同（{on_lines}）：按 {count} 个编制的岗位读取。",
)
def second_seat(m: ModelView, context: Context) -> Iterator[Finding]:
    """Several rows bear one ref and say the same of the post, and not all holders are part time.

    Why it matters: it was read as one post with as many seats as rows.

    How to fix: nothing, where it is one post with several seats.

    When it is wrong to heed it: where one row was left over when a holder changed; take it out then.
    """
    yield from noted(m, second_seat)


@fires(second_seat)
def _two_seats() -> str:
    return CLEAN + "2,Clerk,Company,1,Cem\n"


@rule(
    "IMP304",
    name="reused-ref",
    reviews=True,
    date_use="ignored",
    en={
        "": "{count} different posts bear the ref '{ref}': {posts} ({on_lines}). They became {ids}.",
        "reported": "{count} different posts bear the ref '{ref}': {posts} ({on_lines}). They became {ids}; whoever "
        "reports to '{ref}' was taken to mean the first: {reports}.",
    },
    zh={
        "": "{count} 个不同岗位使用同一编号“{ref}”：{posts}（{on_lines}）。读取为 {ids}。",
        "reported": "{count} 个不同岗位使用同一编号“{ref}”：{posts}（{on_lines}）。读取为 {ids}；"
        "向“{ref}”汇报的岗位按第一个处理：{reports}。",
    },
)
def reused_ref(m: ModelView, context: Context) -> Iterator[Finding]:
    """Rows with one ref say different things of the post: its title, unit, manager, or that it is eliminated.

    Why it matters: whoever reports to the ref may mean either. The first kept the ref, the others got a number after
    it; the posts that report to it are listed with the finding.

    How to fix: give each post a ref of its own, and correct who reports to which.

    When it is wrong to heed it: where the rows are one post and one of them is out of date; take that one out.
    """
    yield from noted(m, reused_ref)


@fires(reused_ref)
def _twice_two() -> str:
    return CLEAN + "2,Cook,Company,1,Cem\n3,Boy,Company,2,Dan\n"


@fires(reused_ref)
def _twice_three() -> str:
    return CLEAN + "3,Cook,Company,1,Cem\n3,Boy,Company,2,Dan\n"


@silent(reused_ref)
def _one_post() -> str:
    return CLEAN + "2,Clerk,Company,1,Cem\n"


@rule(
    "IMP305",
    name="repeated-row",
    severity=WARNING,
    reviews=True,
    date_use="ignored",
    en="The row of {subject} on line {line} is repeated word for word on {on_lines}; it was read once.",
    zh="{subject}在第 {line} 行的内容于{on_lines}逐字重复，只读取一次。",
)
def repeated_row(m: ModelView, context: Context) -> Iterator[Finding]:
    """A row stands in the spreadsheet more than once, holder and all.

    Why it matters: counted twice, it would make two seats or two people of one.

    How to fix: take out the repeated row.

    When it is wrong to heed it: where two people of one name hold two seats of one post; give them staff numbers.
    """
    yield from noted(m, repeated_row)


@fires(repeated_row)
def _again() -> str:
    return CLEAN + "2,Clerk,Company,1,Ben\n"


@rule(
    "IMP306",
    name="look-alike-refs",
    severity=WARNING,
    reviews=True,
    date_use="ignored",
    en="The refs {refs} differ only in {normaliser} ({on_lines}).",
    zh="编号 {refs} 只在写法上不同（{normaliser}，{on_lines}）。",
)
def look_alike_refs(m: ModelView, context: Context) -> Iterator[Finding]:
    """Two posts bear refs that differ only in case, width or leading zeros.

    Why it matters: spreadsheet programs drop leading zeros and people ignore case, so that the two may be one post, and
    nobody can say whom a third spelling means.

    How to fix: where they are one post, take one row out; else give one of them a ref that looks different.

    When it is wrong to heed it: where the zeros or the case tell them apart by design.
    """
    yield from noted(m, look_alike_refs)


@fires(look_alike_refs)
def _zeros() -> str:
    return CLEAN + "02,Cook,Company,1,Cem\n"


@rule(
    "IMP501",
    name="incomplete-snapshot",
    reviews=True,
    date_use="ignored",
    en="{subject} holds {count} posts where the last complete one held {before}: it was taken to be incomplete, "
    "and nothing to have happened to the posts it lacks.",
    zh="{subject}只有 {count} 个岗位，而上一份有 {before} 个：视为不完整，缺少的岗位不作为变动。",
)
def incomplete_snapshot(m: ModelView, context: Context) -> Iterator[Finding]:
    """A spreadsheet of a series lost most of the posts of the one before it.

    Why it matters: a file cut off in the middle, or filtered when it was saved, looks like an organisation that let
    nearly everybody go. It is left out of the comparison; the next complete one is compared with the last.

    How to fix: export the file again, whole.

    When it is wrong to heed it: where most posts really went at once; then read with a lower `complete`.
    """
    yield from noted(m, incomplete_snapshot)


@fires(incomplete_snapshot)
def _cut_off() -> Oddity:
    return Oddity(code="IMP501", subject=SPREADSHEET, parameters={"count": 12, "before": 230})


RULES = (
    word_for_a_state, row_without_ref, job_share, second_seat, reused_ref, repeated_row, look_alike_refs,
    incomplete_snapshot,
)  # fmt: skip
keeps_silent(*RULES)
