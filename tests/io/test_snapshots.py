"""A series of spreadsheets: who joined, left and moved, and which file is not whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

import community_ops as co
from community_ops.io import Snapshot, read_snapshots

HEAD = "ref,title,unit,reports to,name"
JAN, JUL, DEC = date(2024, 1, 1), date(2024, 7, 1), date(2024, 12, 1)
Told = list[tuple[str, str, str]]


def series(tmp_path: Path, *files: str, head: str = HEAD) -> tuple[Snapshot, ...]:
    made = []
    for i, rows in enumerate(files):
        path = tmp_path / f"{i}.csv"
        path.write_text(head + "\n" + rows.replace(" | ", "\n") + "\n")
        made.append((date(2024, 1 + i, 1), path))
    return read_snapshots(made)


def told(snapshot: Snapshot) -> Told:
    return [(event.what, event.person or event.post, event.post) for event in snapshot.events]


def step(tmp_path: Path, before: str, after: str, head: str = HEAD) -> Snapshot:
    first, second = series(tmp_path, before, after, head=head)
    assert second.changes is not None
    assert first.model.apply(second.changes) == second.model
    return second


BASE = "1,Chief,HQ,,Ann | 2,Clerk,HQ,1,Ben | 3,Cook,HQ,1,Cem"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (BASE, []),
        (BASE.replace("Cem", "Vacant"), [("left", "Cem @ 3", "3")]),
        (BASE.replace("Cem", "Dan"), [("left", "Cem @ 3", "3"), ("joined", "Dan @ 3", "3")]),
        (BASE + " | 4,Boy,HQ,2,Eve", [("joined", "Eve @ 4", "4"), ("opened", "4", "4")]),
        (BASE.rpartition(" | ")[0], [("left", "Cem @ 3", "3"), ("removed", "3", "3")]),
        (BASE.replace("Cook", "Baker"), [("retitled", "3", "3")]),
        (BASE.replace("3,Cook,HQ,1", "3,Cook,HQ,2"), [("reassigned", "3", "3")]),
        (BASE.replace("3,Cook,HQ", "3,Cook,Kitchen"), [("transferred", "3", "3")]),
        (BASE.replace("Cem", "Eliminated"), [("left", "Cem @ 3", "3"), ("eliminated", "3", "3")]),
        (BASE.replace("Cem", "N/D"), [("withheld", "N/D @ 3", "3")]),
        (BASE.replace("1,Ben", "1,Vacant").replace("Cem", "Ben"),
         [("moved", "Ben @ 3", "3"), ("left", "Cem @ 3", "3")]),
        (BASE.replace("3,Cook", "03,Cook"), [("renumbered", "03", "03")]),
    ],
)  # fmt: skip
def test_what_happened_is_told(tmp_path: Path, after: str, expected: Told) -> None:
    assert told(step(tmp_path, BASE, after)) == expected


def test_a_holder_who_is_told_at_last_did_not_join(tmp_path: Path) -> None:
    assert told(step(tmp_path, BASE.replace("Cem", "N/D"), BASE)) == [("disclosed", "Cem @ 3", "3")]
    assert told(step(tmp_path, BASE.replace("Cem", "Eliminated"), BASE)) == [
        ("joined", "Cem @ 3", "3"),
        ("revived", "3", "3"),
    ]


def test_a_move_by_name_alone_says_so_and_needs_a_name_that_is_borne_once(tmp_path: Path) -> None:
    moved = step(tmp_path, BASE, BASE.replace("1,Ben", "1,Vacant").replace("Cem", "Ben")).events[0]
    assert not moved.certain
    assert str(moved) == "Ben moved from Clerk (2) to Cook (3) (by name only)"
    wei = "1,总经理,HQ,,张伟 | 2,会计,HQ,1,张伟 | 3,出纳,HQ,1,李娜"
    after = "1,总经理,HQ,,张伟 | 2,会计,HQ,1,Vacant | 3,出纳,HQ,1,张伟"
    assert "moved" not in {what for what, _, _ in told(step(tmp_path, wei, after))}


def test_staff_numbers_make_moves_and_new_names_certain(tmp_path: Path) -> None:
    head = HEAD + ",staff number"
    before = "1,Chief,HQ,,Ann,7 | 2,Clerk,HQ,1,Ben,8 | 3,Cook,HQ,1,Cem,9"
    after = "1,Chief,HQ,,Ann Lee,7 | 2,Clerk,HQ,1,Cem,9 | 3,Cook,HQ,1,Ben,8"
    found = step(tmp_path, before, after, head)
    assert told(found) == [("renamed", "7", ""), ("moved", "8", "3"), ("moved", "9", "2")]
    assert all(event.certain for event in found.events)
    both = step(tmp_path, before, before.replace("Cem,9", "Ben,8"), head)
    assert told(both) == [("joined", "8", "3"), ("left", "9", "3")]
    assert told(step(tmp_path, before.replace("Cem,9", "Ben,8"), before, head)) == [
        ("left", "8", "3"),
        ("joined", "9", "3"),
    ]


def big(count: int) -> str:
    return " | ".join(["1,Chief,HQ,,Ann", *(f"{i},Clerk {i},HQ,1,P{i}" for i in range(2, count + 1))])


def test_a_file_that_lost_most_of_its_rows_is_incomplete_and_skipped(tmp_path: Path) -> None:
    one, two, three = series(tmp_path, big(20), big(6), big(21))
    assert (one.complete, two.complete, three.complete) == (True, False, True)
    assert (two.changes, two.events, two.since) == (None, (), None)
    assert [found.code for found in two.report.errors] == ["IMP501"]
    assert [found.code for found in two.model.check(rules=co.io.sheet_rules(), select=["IMP"]).findings] == ["IMP501"]
    assert (two.report.errors[0].parameters["before"], two.report.errors[0].parameters["count"]) == (20, 6)
    assert three.since == one.at
    assert told(three) == [("joined", "P21 @ 21", "21"), ("opened", "21", "21")]
    assert "incomplete" in str(two)
    assert str(one).endswith("20 posts, 20 people")
    assert str(three).splitlines()[1:] == ["  P21 joined as Clerk 21 (21)", "  Clerk 21 (21) is new"]


def test_how_much_is_complete_is_for_the_caller_to_say(tmp_path: Path) -> None:
    files = []
    for i, count in enumerate((20, 6)):
        path = tmp_path / f"{i}.csv"
        path.write_text(HEAD + "\n" + big(count).replace(" | ", "\n"))
        files.append((date(2024, 1 + i, 1), path))
    _, second = read_snapshots(reversed(files), complete=0.2)
    assert (second.complete, len(second.events)) == (True, 28)


def test_workbooks_and_files_of_one_date(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEAD.split(","))
    book.active.append(["1", "Chief", "HQ", None, "Ann"])
    book.save(tmp_path / "b.xlsx")
    (tmp_path / "a.csv").write_text(HEAD + "\n1,Chief,HQ,,Ann\n")
    _, second = read_snapshots([(JAN, tmp_path / "a.csv"), (JUL, tmp_path / "b.xlsx")])
    assert str(second).splitlines() == ["2024-07-01: since 2024-01-01", "  nothing happened"]
    with pytest.raises(ValueError, match="two spreadsheets are of 2024-01-01"):
        read_snapshots([(JAN, tmp_path / "a.csv"), (JAN, tmp_path / "b.xlsx")])
