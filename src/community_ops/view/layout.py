"""Where the boxes of a chart go: a tree layout that stays narrow, in one pass up and one pass down.

Theory of operation. Everything below a box, together with the box, is its *block*, a rectangle that holds nothing
else. The blocks of the children of one parent are set side by side in *columns*. A column is either one block, which
the line from the parent enters from above, or a *pile*: blocks below one another, hung on a vertical line at the
column's left. Children without children of their own are piled. Where the columns side by side would grow wider than
`WIDTH`, they are set on several *shelves*, and the shelves are piled: a shelf is a block whose top is a point rather
than a box. So a chart is about as wide as a page, however many boxes it has, and grows downwards.

Blocks being rectangles, the strips beside a column and between a parent and its children are free of boxes:
`routing` leads further lines through them.

Depths and numbers of children have no limit here: the passes are loops over a pre-order.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, frozen

from community_ops.view.svg import Point, Rect

WIDTH = 1664.0
"""How wide a row of blocks may grow before it is piled, in user units."""
ACROSS, DOWN, BETWEEN, INDENT = 34.0, 38.0, 14.0, 22.0
"""Free space between columns, between a parent and its children, between piled blocks; and how far piles hang in."""
PILE = 6
"""The most leaves in a pile, as long as there is room for one more beside it."""
GROUND = -1
"""Stands for what is above the boxes at the top."""


@define(eq=False)
class Column:
    """One or more blocks below one another.

    Attributes:
        nodes: the boxes that top the blocks.
        indent: how far the blocks stand in from `x`; 0 for a block that is entered from above.
        x: where it begins to the left.
        width: how wide it is.
        height: how tall it is.
        entry: where the line from the parent enters, across.
    """

    nodes: list[int]
    indent: float = 0.0
    x: float = 0.0
    width: float = 0.0
    height: float = 0.0
    entry: float = 0.0

    @property
    def right(self) -> float:
        """Where it ends to the right."""
        return self.x + self.width


@frozen
class Layout:
    """Where everything goes; coordinates start at the upper left corner of the boxes taken together.

    Attributes:
        boxes: the rectangle of every box; after the boxes come the shelves, each a point.
        above: for each of them what it stands below, a box or a shelf; `GROUND` at the top.
        columns: the column that each one's block stands in.
        elbows: for each box, shelves not among them, the line from the box above it, by its corners; empty at the top.
    """

    boxes: tuple[Rect, ...]
    above: tuple[int, ...]
    columns: tuple[Column, ...]
    elbows: tuple[tuple[Point, ...], ...]

    def extent(self) -> Rect:
        """Return the smallest rectangle that holds all boxes."""
        boxes = self.boxes[: len(self.elbows)]
        left, top = min((box.x for box in boxes), default=0.0), min((box.y for box in boxes), default=0.0)
        right = max((box.right for box in boxes), default=0.0)
        return Rect(left, top, right - left, max((box.bottom for box in boxes), default=0.0) - top)


def arrange(above: Sequence[int | None], sizes: Sequence[tuple[float, float]]) -> Layout:
    """Lay out the boxes of a forest.

    Args:
        above: for each box the box above it; None at the top. No box may be above itself, even indirectly.
        sizes: the width and height of each box.

    Example:
        >>> [(box.x, box.y) for box in arrange([None, 0], [(100, 40), (100, 40)]).boxes]
        [(0.0, 0.0), (0.0, 78.0)]
    """
    work = _Work(above, sizes)
    for node in reversed(work.preorder()):
        work.measure(node)
    for node in work.preorder():
        work.place(node)
    nodes = range(len(work.above))
    boxes = tuple([work.boxes[node] for node in nodes])
    columns = tuple([work.column_of[node] for node in nodes])
    return Layout(boxes, tuple(work.above), columns, tuple([_elbow(work, node) for node in range(len(above))]))


def _elbow(work: _Work, node: int) -> tuple[Point, ...]:
    """Return the line to a box from the box above it, along the shelf it stands on, if any."""
    parent = work.above[node]
    if parent == GROUND:
        return ()
    last = _piece(work.boxes[parent], work.boxes[node], work.column_of[node])
    if parent < len(work.given):
        return last
    over = work.above[parent]
    if over == GROUND:
        return ()
    return (*_piece(work.boxes[over], work.boxes[parent], work.column_of[parent]), *last[1:])


def _piece(parent: Rect, child: Rect, column: Column) -> tuple[Point, ...]:
    """Return a line by its corners: down from the parent, across, down, and in if the child hangs."""
    middle = child.y + child.height / 2
    last: list[Point] = [(column.entry, middle), (child.x, middle)] if column.indent else [(column.entry, child.y)]
    if column.indent and parent.x == column.x:
        return ((column.entry, parent.bottom), *last)  # the only pile hangs at the parent's left edge
    start, bus = parent.x + parent.width / 2, parent.bottom + DOWN / 2
    if abs(start - column.entry) < 0.05:
        return ((start, parent.bottom), *last)
    return ((start, parent.bottom), (start, bus), (column.entry, bus), *last)


class _Work:
    """The tables of one run, by box; `GROUND` stands above all and has no size of its own."""

    def __init__(self, above: Sequence[int | None], sizes: Sequence[tuple[float, float]]) -> None:
        self.given = sizes
        self.above = [GROUND if node is None else node for node in above]
        self.sizes = {GROUND: (0.0, 0.0), **dict(enumerate(sizes))}
        self.children: dict[int, list[int]] = {node: [] for node in self.sizes}
        for node, parent in enumerate(self.above):
            self.children[parent].append(node)
        self.columns: dict[int, list[Column]] = {}
        self.column_of: dict[int, Column] = {}
        self.blocks: dict[int, tuple[float, float]] = {}
        self.heads: dict[int, float] = {}
        """How far from its block's left edge each box stands."""
        self.corners: dict[int, Point] = {GROUND: (0.0, -DOWN)}
        """The upper left corner of each block."""
        self.boxes: dict[int, Rect] = {}

    def preorder(self) -> list[int]:
        order, waiting = [], [GROUND]
        while waiting:
            node = waiting.pop()
            order.append(node)
            waiting += reversed(self.children[node])
        return order

    # -- up: how large ------------------------------------------------------------------------------------------

    def measure(self, node: int) -> None:
        """Form the columns below a box and measure its block; all that is below has been measured."""
        indent = INDENT if node != GROUND else 0.0
        columns = self._side_by_side(self.children[node], indent)
        if len(columns) > 1 and _across(columns) > WIDTH:
            shelves = [self._shelf(node, shelf) for shelf in _shelves(columns)]
            self.children[node] = shelves
            columns = [self._column(shelves, indent)]
        self._block(node, columns)

    def _shelf(self, node: int, columns: list[Column]) -> int:
        """Return what tops the block of a shelf: a point, or the box of the only block on it."""
        nodes = [child for column in columns for child in column.nodes]
        if len(nodes) == 1:
            return nodes[0]
        shelf = len(self.above)
        self.above.append(node)
        self.sizes[shelf], self.children[shelf] = (0.0, 0.0), nodes
        for child in nodes:
            self.above[child] = shelf
        self._block(shelf, columns)
        return shelf

    def _block(self, node: int, columns: list[Column]) -> None:
        width, height = self.sizes[node]
        self.columns[node] = columns
        across = _across(columns)
        whole = max(width, across)
        if columns:
            height += DOWN + max(column.height for column in columns)
        self.blocks[node] = (whole, height)
        self.heads[node] = 0.0
        if len(columns) == 1 and columns[0].indent and width:
            columns[0].entry = columns[0].indent / 2
        elif columns:
            x = (whole - across) / 2
            for column in columns:
                column.x, x = x, x + column.width + ACROSS
                column.entry = column.x + (column.indent / 2 or self._middle(column.nodes[0]))
            centre = (columns[0].entry + columns[-1].entry) / 2
            self.heads[node] = min(max(0.0, centre - width / 2), whole - width)

    def _middle(self, node: int) -> float:
        return self.heads[node] + self.sizes[node][0] / 2

    def _side_by_side(self, children: list[int], indent: float) -> list[Column]:
        leaves = [child for child in children if not self.children[child]]
        columns = [self._column([child], indent) for child in children if self.children[child]]
        if leaves:
            columns += [self._column(pile, indent) for pile in self._piles(leaves, PILE if indent else 1)]
        return columns

    def _column(self, nodes: list[int], indent: float) -> Column:
        indent = indent if len(nodes) > 1 else 0.0
        width = indent + max(self.blocks[node][0] for node in nodes)
        height = sum(map(self._step, nodes[:-1])) + self.blocks[nodes[-1]][1]
        return Column(nodes, indent, width=width, height=height)

    def _step(self, node: int) -> float:
        """Return how far below a piled block's top the next one begins."""
        return self.blocks[node][1] + (2 * BETWEEN if self.children[node] else BETWEEN)

    def _piles(self, leaves: list[int], pile: int) -> list[list[int]]:
        widest = INDENT + max(self.blocks[leaf][0] for leaf in leaves)
        room = max(1, int((WIDTH + ACROSS) // (widest + ACROSS)))
        tall = -(-len(leaves) // min(room, -(-len(leaves) // pile)))
        return [leaves[start : start + tall] for start in range(0, len(leaves), tall)]

    # -- down: where --------------------------------------------------------------------------------------------

    def place(self, node: int) -> None:
        """Place a box in its block, and the blocks below it."""
        left, top = self.corners[node]
        width, height = self.sizes[node]
        self.boxes[node] = Rect(left + self.heads[node], top, width, height)
        for column in self.columns[node]:
            column.x += left
            column.entry += left
            y = top + height + DOWN
            for child in column.nodes:
                self.corners[child] = (column.x + column.indent, y)
                self.column_of[child] = column
                y += self._step(child)


def _across(columns: list[Column]) -> float:
    return sum(column.width + ACROSS for column in columns) - ACROSS if columns else 0.0


def _shelves(columns: list[Column]) -> list[list[Column]]:
    """Share columns out among shelves no wider than a page, if that can be, in their order."""
    shelves: list[list[Column]] = []
    filled = WIDTH
    for column in columns:
        if filled + ACROSS + column.width > WIDTH:
            shelves.append([])
            filled = -ACROSS
        shelves[-1].append(column)
        filled += ACROSS + column.width
    return shelves
