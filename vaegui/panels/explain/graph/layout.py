"""Where the columns, nodes and latent units of a network stand, in points from the upper left."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

from vaegui.panels.explain.graph.graph import Column, Key, NetworkGraph

__all__ = ["HEAD", "Box", "Layout", "lay_out", "needed", "room_for"]

HEAD = 30.0
"""Height of the titles above the columns."""
SIDE = 10.0
PILL = 36.0
WIDE = 56.0
"""Width of a node, and of a read-out, which has a longer name."""
TALL = 14.0
NOTED = 62.0
"""Width of a column of nodes that have a note, in a figure wider than `WIDE_FIGURE`."""
WIDE_FIGURE = 520.0
BLOCK = 30.0
PICTURE = 0.17
"""Side of a picture as a part of the figure's width."""
PITCH = 25.0
"""Least distance of two nodes in a column."""
UNIT = 92.0
"""Least height of a latent unit: its read-outs, its noise, and air."""
OPERATORS = 30.0
"""Width of the gap in which sigma and epsilon meet, then mu."""

LEAST = 26.0
"""Width of a gap of weight 1 in which edges can still be told apart."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""left, top, width, height in points."""


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """``scale`` of text and nodes; middle and width of each node; the box of each other column.

    ``titles`` are the middles of the columns, ``operators`` the middle of the gap before z,
    ``links`` the lines between the numbers of one latent unit, which are no contributions. ``room``
    is the width that a note beside a node may take.
    """

    scale: float
    nodes: dict[Key, Point] = field(default_factory=dict)
    widths: dict[Key, float] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    titles: dict[str, float] = field(default_factory=dict)
    links: list[list[Point]] = field(default_factory=list)
    operators: list[tuple[float, float, str]] = field(default_factory=list)
    room: dict[str, float] = field(default_factory=dict)
    fans: list[list[Point]] = field(default_factory=list)

    def box(self, key: Key) -> Box:
        """The box of a node."""
        (x, y), width, height = self.nodes[key], self.widths[key], TALL * self.scale
        return x - width / 2, y - height / 2, width, height


def room_for(height: float, scale: float) -> tuple[int, int]:
    """How many nodes of a column and how many latent units find room below each other."""
    return max(3, int(height / (PITCH * scale))), max(1, int(height / (UNIT * scale)))


def needed(graph: NetworkGraph, width: float, scale: float) -> float:
    """The width below which nodes and their edges would lie upon each other."""
    columns = {c.name: c for c in (*graph.before, *graph.after)}
    names = _names(graph)
    boxes = sum(_width(columns.get(name), name, width, scale) for name in names)
    gaps = sum(_gap(a, b, columns) for a, b in itertools.pairwise(names))
    operators = OPERATORS * graph.has_spread
    return 2 * SIDE + boxes + (operators + LEAST * gaps) * scale


def _names(graph: NetworkGraph) -> list[str]:
    """The columns from left to right, those of the latent units among them."""
    units = ["read-outs", "sd", "z"] if graph.has_spread else ["read-outs", "z"]
    return [*(c.name for c in graph.before), *units, *(c.name for c in graph.after)]


def lay_out(graph: NetworkGraph, width: float, top: float, bottom: float, scale: float) -> Layout:
    """Lay a network out between ``top`` and ``bottom``."""
    found = Layout(scale)
    names = _names(graph)
    columns = {c.name: c for c in (*graph.before, *graph.after)}
    widths = [_width(columns.get(name), name, width, scale) for name in names]
    gaps = [_gap(a, b, columns) for a, b in itertools.pairwise(names)]
    fixed = sum(OPERATORS * scale for a in names if a == "sd")
    free = width - 2 * SIDE - sum(widths) - fixed
    unit = max(free, 0.0) / sum(gaps)
    x = SIDE
    lefts: dict[str, float] = {}
    for name, wide, gap in zip(names, widths, [*gaps, 0.0], strict=True):
        lefts[name] = x
        found.titles[name] = x + wide / 2
        x += wide + gap * unit + (OPERATORS * scale if name == "sd" else 0.0)
    sizes = dict(zip(names, widths, strict=True))
    for name, column in columns.items():
        _place_column(found, column, lefts[name], sizes[name], top, bottom)
    _place_units(found, graph, lefts, sizes, top, bottom)
    _place_fans(found, graph, columns)
    return found


def _width(column: Column | None, name: str, width: float, scale: float) -> float:
    if column is None:
        return (WIDE if name == "read-outs" else PILL) * scale
    if column.kind == "picture":
        return PICTURE * width
    if column.kind == "block":
        return BLOCK * scale
    if any(node.note for node in column.nodes):
        return (NOTED if width > WIDE_FIGURE else PILL) * scale
    return (PILL + (14.0 if column.nodes[-1].value is None else 0.0)) * scale


def _gap(left: str, right: str, columns: dict[str, Column]) -> float:
    """How much of the free width lies between two columns; edges between nodes want most."""
    if left == "read-outs":
        return 0.3
    if left == "a":
        return 1.7
    if left == "sd":
        return 0.0
    kinds = [columns[name].kind if name in columns else "nodes" for name in (left, right)]
    return 1.0 if all(kind == "nodes" for kind in kinds) else 0.35


def _place_column(
    found: Layout, column: Column, left: float, width: float, top: float, bottom: float
) -> None:
    scale, middle = found.scale, (top + bottom) / 2
    if column.kind == "nodes":
        pitch = min((bottom - top) / len(column.nodes), 2.6 * PITCH * scale)
        first = middle - pitch * (len(column.nodes) - 1) / 2
        noted = any(node.note for node in column.nodes)
        for row, node in enumerate(column.nodes):
            wide = PILL * scale if noted else width
            # Notes are as wide as the column; nodes lie at its inner side.
            inner = left + width - wide / 2 if column.name == "x" else left + wide / 2
            found.nodes[node.key] = (inner if noted else left + width / 2, first + row * pitch)
            found.widths[node.key] = wide
        if noted:
            found.room[column.name] = width + (SIDE - 3.0)
            found.titles[column.name] = left + width / 2
        return
    height = bottom - top
    if column.kind == "block":
        height *= 0.42 + 0.5 * min(1.0, np.log10(max(column.size, 10)) / 4)
        found.boxes[column.name] = left, middle - height / 2, width, height
    else:
        found.boxes[column.name] = left, middle - width / 2, width, width


def _place_units(
    found: Layout,
    graph: NetworkGraph,
    lefts: dict[str, float],
    sizes: dict[str, float],
    top: float,
    bottom: float,
) -> None:
    scale = found.scale
    if not graph.has_spread:
        _place_codes(found, graph, lefts, sizes, top, bottom)
        return
    across = {n: lefts[n] + sizes[n] / 2 for n in ("read-outs", "sd", "z")}
    meet = lefts["z"] - OPERATORS * scale / 2
    share = (bottom - top) / len(graph.units)
    pitch = min(share / 3.2, 1.7 * PITCH * scale)
    for row, unit in enumerate(graph.units):
        middle = top + (row + 0.5) * share
        at = {
            "mean": (across["read-outs"], middle - pitch),
            "log_var": (across["read-outs"], middle),
            "sd": (across["sd"], middle),
            "eps": (across["sd"], middle + pitch),
            "z": (across["z"], middle - pitch),
        }
        for name, point in at.items():
            found.nodes[name, unit] = point
            found.widths[name, unit] = sizes["read-outs" if "_" in name or name == "mean" else "sd"]
        times, plus = (meet, middle + pitch / 2), (meet, middle - pitch)
        found.operators.extend([(*times, "×"), (*plus, "+")])
        right = {name: found.box((name, unit))[0] + found.widths[name, unit] for name in at}
        found.links.extend(
            [
                [(right["mean"], middle - pitch), plus],
                [(right["log_var"], middle), (across["sd"] - sizes["sd"] / 2, middle)],
                [(right["sd"], middle), times],
                [(right["eps"], middle + pitch), times],
                [times, plus],
                [plus, (across["z"] - sizes["z"] / 2, middle - pitch)],
            ]
        )


def _place_codes(
    found: Layout,
    graph: NetworkGraph,
    lefts: dict[str, float],
    sizes: dict[str, float],
    top: float,
    bottom: float,
) -> None:
    """The units of a plain autoencoder: the read-out, and z beside it."""
    share = (bottom - top) / len(graph.units)
    for row, unit in enumerate(graph.units):
        y = top + (row + 0.5) * share
        for name, column in (("mean", "read-outs"), ("z", "z")):
            found.nodes[name, unit] = lefts[column] + sizes[column] / 2, y
            found.widths[name, unit] = sizes[column]
        found.links.append([(lefts["read-outs"] + sizes["read-outs"], y), (lefts["z"], y)])


def _place_fans(found: Layout, graph: NetworkGraph, columns: dict[str, Column]) -> None:
    """Shapes between neighbouring columns whose edges are not drawn one by one."""
    names = [c.name for c in graph.before], ["z", *(c.name for c in graph.after)]
    for chain in names:
        for left, right in itertools.pairwise(chain):
            if all(name == "z" or columns[name].kind == "nodes" for name in (left, right)):
                continue
            (x0, top0, bottom0), (x1, top1, bottom1) = (
                _side(found, graph, columns, left, right=True),
                _side(found, graph, columns, right, right=False),
            )
            found.fans.append([(x0, top0), (x1, top1), (x1, bottom1), (x0, bottom0)])


def _side(
    found: Layout, graph: NetworkGraph, columns: dict[str, Column], name: str, *, right: bool
) -> tuple[float, float, float]:
    """x, top and bottom of one side of a column."""
    if name in found.boxes:
        left, top, width, height = found.boxes[name]
        return left + width * right, top, top + height
    keys = [(name, u) for u in graph.units] if name == "z" else [n.key for n in columns[name].nodes]
    boxes = [found.box(key) for key in keys]
    x = max(b[0] + b[2] for b in boxes) if right else min(b[0] for b in boxes)
    return x, min(b[1] for b in boxes), max(b[1] + b[3] for b in boxes)
