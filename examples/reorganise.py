"""What does a reorganisation break? Try one on the built-in template and compare what the rules say.

Run: python examples/reorganise.py
"""

from __future__ import annotations

from datetime import date

import community_ops as co

DAY = date(2026, 3, 2)


def main() -> None:
    """Dissolve the operations department's top level, and show what changes."""
    today = co.templates.community_operations("en")
    moved = [co.evolve(p, reports_to="ceo") for p in today.positions if p.reports_to == "coo"]
    flat = today.replace(*moved)

    print("The change, as data that can be reviewed, stored and undone:")
    changes = co.diff(today, flat)
    print(changes)
    assert flat.apply(changes.invert()) == today

    before, after = today.check(at=DAY), flat.check(at=DAY)
    known = {found.fingerprint for found in before.findings}
    left = {found.fingerprint for found in after.findings}
    print("\nWhat it breaks:")
    for found in after.findings:
        if found.fingerprint not in known:
            print(" ", found)
    print("\nWhat it mends:")
    for found in before.findings:
        if found.fingerprint not in left:
            print(" ", found)

    for name, model in (("before", today), ("after", flat)):
        tree = co.org.hierarchy(model, at=DAY)
        print(f"\n{name}: {tree.layers} layers, {tree.span('ceo')} positions report to the top")


if __name__ == "__main__":
    main()
