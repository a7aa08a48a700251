"""What is wrong with a spreadsheet that somebody else wrote, and what happened until the next one? Read two, and ask.

Run: python examples/spreadsheets.py
"""

from __future__ import annotations

import tempfile
from datetime import date
from itertools import groupby
from pathlib import Path

import community_ops as co

SPRING = """\
Post ref,Job title,Department,Reports to,Name,FTE
007,Director,Head office,XX,Ann Example,1.0
020,Head of sales,Sales,7,Ben Example,1.0
021,Clerk,Sales,20,Cem Example,0.5
021,Clerk,Sales,20,Dee Example,0.5
022,Buyer,Sales,20,Vacant,1.0
023,Driver,Sales,20,Eliminated,1.0
"""
AUTUMN = SPRING.replace("Ben Example", "Eva Example").replace("Buyer", "Purchaser").replace("Vacant", "Ben Example")
DAYS = {date(2026, 3, 1): SPRING, date(2026, 9, 1): AUTUMN}


def main() -> None:
    """Write two odd spreadsheets, read them, mend one, and tell what happened in between."""
    with tempfile.TemporaryDirectory() as folder:
        files = [(day, Path(folder, f"{day}.csv")) for day in DAYS]
        for day, file in files:
            file.write_text(DAYS[day], "utf-8")
        spring, autumn = co.io.read_snapshots(files)

    print("What is odd about the first, by cause:")
    for code, findings in groupby(spring.report.findings, key=lambda found: found.code):
        print(f"  {code}")
        for found in findings:
            print(f"    {found.message}")

    # One way of writing refs explains all that lead nowhere. Nothing was merged; the fix is ours to apply.
    (broken,) = spring.report.errors
    assert broken.fix is not None
    print("\nThe suggested normaliser:")
    print(broken.fix)
    mended = spring.model.apply(broken.fix)
    for name, model in (("as written", spring.model), ("mended", mended)):
        tree = co.org.hierarchy(model)
        print(f"{name}: {len(model.check().errors)} errors, {len(tree.dangling)} posts report to nothing that is there")

    print("\nWhat happened until the second:")
    print(autumn)


if __name__ == "__main__":
    main()
