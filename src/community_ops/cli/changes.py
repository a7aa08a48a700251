"""`community-ops diff`, `fix` and `merge`: what changed, mending it, and bringing two changes together."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import community_ops as co
from community_ops.cli.common import CLEAN, FAULTS, add_at, codes, command, today

if TYPE_CHECKING:
    from community_ops.cli.common import Commands
    from community_ops.validation.mending import Mended


def add(commands: Commands) -> None:
    """Add the commands."""
    diff = command(commands, "diff", _diff, "show what changed between two model files; exits with 1 if anything did")
    diff.add_argument("before", metavar="A", help="the file before; an empty file is an empty model")
    diff.add_argument("after", metavar="B", help="the file after; the same")
    diff.add_argument("--format", choices=["text", "json", "markdown"], default="text")

    fix = command(commands, "fix", _fix, "mend what the rules know how to mend safely; exits with 1 if there is any")
    fix.add_argument("file", metavar="FILE")
    fix.add_argument("-w", "--write", "--yes", action="store_true", help="write FILE, and exit with 0; else only show")
    fix.add_argument("--unsafe", action="store_true", help="apply also fixes that are not marked safe")
    add_at(fix, "judge")
    fix.add_argument("--select", type=codes, default=(), metavar="CODES", help="mend only what these find, by prefix")
    fix.add_argument("--ignore", type=codes, default=(), metavar="CODES", help="leave what these find, by prefix")

    merge = command(commands, "merge", _merge, "merge two model files that come from a third; exits with 1 on conflict")
    merge.add_argument("base", metavar="BASE", help="what both come from; an empty file is an empty model")
    merge.add_argument("ours", metavar="OURS", help="the one, which is kept where both changed the same")
    merge.add_argument("theirs", metavar="THEIRS", help="the other")
    merge.add_argument("-o", "--output", metavar="FILE", help="where to; standard output if left out")
    merge.add_argument("--path", metavar="NAME", help="the file that this is about, if the others have passing names")


# -- diff -------------------------------------------------------------------------------------------------------------


def _diff(options: argparse.Namespace) -> int:
    before, after = (_load(file, file, empty=True) for file in (options.before, options.after))
    changes = co.diff(before, after)
    options.status = FAULTS if changes else CLEAN
    print(_shown(changes, before, after, options))
    return int(options.status)


def _shown(changes: co.ChangeSet, before: co.Model, after: co.Model, options: argparse.Namespace) -> str:
    if options.format == "json":
        import json

        from community_ops.kernel.changes_codec import changes_to_data

        return json.dumps(changes_to_data(changes), ensure_ascii=False, indent=2)
    from community_ops.view.review import review_markdown, review_text

    write = review_markdown if options.format == "markdown" else review_text
    return write(changes, before, after, options.language)


# -- fix --------------------------------------------------------------------------------------------------------------

_FIX_WORDS = {
    "mended": ("mended", "已修复"),
    "would": ("would mend", "可修复"),
    "refused": ("not mended", "未修复"),
    "nothing": ("Nothing to mend.", "没有可修复的问题。"),
    "written": ("Written: {file}", "已写入：{file}"),
    "dry": ("Nothing is written; --write writes {file}.", "未写入任何内容；加 --write 写入 {file}。"),
    "unsafe": (
        "{n} more can be mended with --unsafe; look at what that changes.",
        "另有 {n} 项可用 --unsafe 修复，请先审阅其改动。",
    ),
}


def _fix(options: argparse.Namespace) -> int:
    from community_ops.validation.mending import mended

    model = co.load(options.file)
    at = options.at or today()
    book = model.rules()
    chosen = book.select(*options.select) if options.select else book
    chosen = chosen.ignore(*options.ignore) if options.ignore else chosen
    done = mended(model, chosen, at, judges=book, unsafe=options.unsafe)
    options.status = FAULTS if done.changes and not options.write else CLEAN
    if options.write and done.changes:  # before anything is printed: whoever stops reading still gets the file
        co.dump(done.model, options.file)
    left = sum(
        found.suppression is None and not found.fix_safe and found.fix is not None
        for found in chosen.check(done.model, at).findings
    )
    print("\n".join(_told(options, model, done, 0 if options.unsafe else left)))
    return int(options.status)


def _told(options: argparse.Namespace, model: co.Model, done: Mended[co.OperatingModel], unsafe: int) -> list[str]:
    from community_ops.view.review import review_text

    def say(key: str, **values: object) -> str:
        return _FIX_WORDS[key][options.language == "zh"].format_map(values)

    word = say("mended" if options.write else "would")
    lines = [f"{word}  {found.code}  {found.text(options.language)}" for found in done.applied]
    lines += [f"{say('refused')}  {found.code}  {found.text(options.language)}  ({why})" for found, why in done.refused]
    if done.changes:
        lines += ["", review_text(done.changes, model, done.model, options.language)]
        lines += ["", say("written" if options.write else "dry", file=options.file)]
    else:
        lines.append(say("nothing"))
    return [*lines, *([say("unsafe", n=unsafe)] if unsafe else [])]


# -- merge ------------------------------------------------------------------------------------------------------------


def _merge(options: argparse.Namespace) -> int:
    name = options.path or options.ours
    base = _load(options.base, name, empty=True)
    ours, theirs = _load(options.ours, name), _load(options.theirs, name)
    merged = co.merge(base, ours, theirs)
    options.status = CLEAN if merged.ok else FAULTS
    if options.output is None:
        print(_text(merged.model, options.ours, name), end="")
    elif os.path.isdir(options.output):
        co.dump(merged.model, options.output)
    else:
        from community_ops.io.files import write_whole

        write_whole(options.output, [_text(merged.model, options.ours, name)])
    if not merged.ok:
        print("\n".join(_conflicts(merged, base, options.path or options.output or options.ours)), file=sys.stderr)
    return int(options.status)


def _conflicts(merged: co.Merge[co.OperatingModel], base: co.OperatingModel, file: str) -> Iterator[str]:
    from community_ops.kernel.text import clean_line

    heading, *_ = str(merged).splitlines()
    yield f"community-ops: {file}: {heading}"
    for conflict in merged.conflicts:
        name = (base if conflict.ref in base else merged.model).label(conflict.ref)
        yield f"  {clean_line(str(conflict))}" + (f"  ({clean_line(name)})" if name != conflict.ref.id else "")


def _load(file: str, name: str, *, empty: bool = False) -> co.OperatingModel:
    """Read a model in the format that a name says, which need not be the file's own."""
    from community_ops.io.documents import format_of
    from community_ops.io.files import read_text
    from community_ops.kernel.codec import DOCUMENT_LIMIT

    if os.path.isdir(file):
        return co.load(file)
    text = read_text(file, DOCUMENT_LIMIT).text
    if empty and not text:  # what git gives where there was no file, or /dev/null
        return co.OperatingModel()
    return co.loads(text, name=file, format=format_of(name))


def _text(model: co.OperatingModel, ours: str, name: str) -> str:
    """Return the merged document; of YAML, all that the merge left alone stays as it is in ours."""
    from community_ops.io.documents import format_of
    from community_ops.io.files import read_text
    from community_ops.kernel.codec import DOCUMENT_LIMIT

    if format_of(name) == "json":
        return co.dumps(model)
    from community_ops.io.yaml_patch import patched

    return patched(read_text(ours, DOCUMENT_LIMIT).text, model) or co.dumps(model, format="yaml")
