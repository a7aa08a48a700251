"""Measures every row of the table of goals against its peer, in the same run, and prints the ratios.

    python bench/run.py [--sizes 1000,10000,100000] [--rows load,hierarchy,check,network,...] [--markdown]

Every row runs in an interpreter of its own, so that none pays for what another left behind. Within a row, we and the
peer take turns; the shortest time of each counts, in seconds of processor time. The collector runs as the interpreter
sets it, unless a line says otherwise. Goals are judged at 100,000.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import sys
import traceback
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import cast

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.timing import Result, growth_table, laid_out, results_table

ROWS = {
    "load": "bench.loading",
    "hierarchy": "bench.hierarchies",
    "check": "bench.checking",
    "import": "bench.importing",
    "memory": "bench.memory",
    "spreadsheet": "bench.spreadsheets",
    "command": "bench.commanding",
    "network": "bench.networks",
    "worktime": "bench.worktimes",
    "levelling": "bench.levelling",
    "simulation": "bench.simulations",
    "staffing": "bench.staffing",
    "tickets": "bench.tickets",
}
SIZES = (1_000, 10_000, 100_000)


def machine() -> str:
    """Name the machine that the figures belong to."""
    processor = platform.processor()
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        names = [line.partition(":")[2].strip() for line in listed.read_text().splitlines() if "model name" in line]
        processor = f"{names[0]}, {len(names)} cores" if names else processor
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{processor}; {python}; {platform.system()} {platform.machine()}"


def versions() -> str:
    """Name the peers and what else decides the figures."""
    from importlib.metadata import version

    return ", ".join(
        f"{name} {version(name)}" for name in ("attrs", "networkx", "pandas", "pydantic", "walopy", "worktimecalc")
    )


def measured(row: str, sizes: Sequence[int]) -> list[Result]:
    """Return the results of one row, measured in this process."""
    return cast("list[Result]", import_module(ROWS[row]).measure(sizes))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure community_ops against its peers.")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="records or positions, separated by commas")
    parser.add_argument("--rows", default=",".join(ROWS), help=f"some of {','.join(ROWS)}")
    parser.add_argument("--markdown", action="store_true", help="print tables in Markdown")
    given = parser.parse_args()
    given.sizes = sorted({int(size) for size in given.sizes.split(",")})
    given.rows = given.rows.split(",")
    unknown = [row for row in given.rows if row not in ROWS]
    if unknown:
        parser.error(f"there is no row {unknown[0]}; there are {', '.join(ROWS)}")
    return given


def main() -> int:
    given = arguments()
    results: list[Result] = []
    broken: list[str] = []
    for row in given.rows:
        start = perf_counter()
        try:
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
                results += apart.submit(measured, row, given.sizes).result()
        except Exception:
            traceback.print_exc()
            broken.append(row)
        print(f"{row}: took {perf_counter() - start:.0f} s", file=sys.stderr)
    print(f"{machine()}\n{versions()}\n")
    print(laid_out(results_table(results), given.markdown))
    growth = growth_table(results)
    if len(growth) > 1:
        print("\nGrowth for ten times the size; x 10 is linear.\n")
        print(laid_out(growth, given.markdown))
    missed = [result for result in results if result.verdict == "NOT MET"]
    print(f"\n{len(missed)} of {sum(bool(result.verdict) for result in results)} goals not met.")
    if broken:
        print(f"Could not be measured: {', '.join(broken)}.")
    return 1 if missed or broken else 0


if __name__ == "__main__":
    sys.exit(main())
