"""Results as plain text: columns that line up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

ROWS_SHOWN = 20


def table(header: Sequence[str], rows: Iterable[Sequence[object]], limit: int = ROWS_SHOWN) -> str:
    """Return rows under a header, the first column flush left and the others flush right.

    Args:
        header: what each column holds.
        rows: the rows, each as long as the header; None is shown as a dash.
        limit: how many rows to show at most; how many more there are is said below them.

    Example:
        >>> print(table(["unit", "people"], [["hq", 3], ["service", None]]))
        unit     people
        hq            3
        service       -
    """
    cells = [["-" if cell is None else str(cell) for cell in row] for row in rows]
    shown = [list(header), *cells[:limit]]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    lines = []
    for first, *others in shown:
        right = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *right]))
    more = len(cells) - limit
    return "\n".join([*map(str.rstrip, lines), *([f"... and {more} more"] if more > 0 else [])])


def rounded(value: float | None) -> str | None:
    """Return a ratio with two digits; None stays None.

    Example:
        >>> rounded(1 / 3), rounded(None)
        ('0.33', None)
    """
    return None if value is None else f"{value:.2f}"
