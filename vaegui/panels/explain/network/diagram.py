"""The diagram of a network: what is static, the nodes and edges, the pictures, the legend."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgba

from vaegui.panels.drawing.stage import Stage
from vaegui.panels.drawing.text import shortened, subscript, text_width
from vaegui.panels.drawing.tiles import tiles
from vaegui.panels.explain.graph.graph import OTHERS, Edge, GraphNode, Key, NetworkGraph
from vaegui.panels.explain.graph.layout import HEAD, Layout
from vaegui.panels.explain.shared.drawing import Drawing, Pill, Stroke, Word, tinted
from vaegui.panels.explain.shared.words import rough
from vaegui.panels.focus import Focus
from vaegui.queries.explained import Explained
from vaegui.training.record.events import Prepared

__all__ = ["Diagram", "seen_as"]

SIZE = 7.2
"""Of text on nodes in points, at scale 1."""
NOTE = 6.4
NEAR = 3.5
"""Points from which an edge counts as under the mouse."""
CAPTIONS = 40.0
"""Height of the legend and of air around pictures."""
BEFORE = ("x", "e")
"""Columns that do not follow a held activation begin with these letters."""


class Diagram:
    """Draws a graph at its places."""

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        self._stage, self._begun, style = stage, begun, stage.style
        self._fans = PolyCollection([], facecolors=style.grid, linewidths=0, alpha=0.55)
        self._links = LineCollection([], colors=style.muted, linewidths=0.9)
        for collection in (self._fans, self._links):
            stage.sheet.add_collection(collection, autolim=False)
        self._still = Drawing(stage)
        # In the order in which they are painted: what a drag leaves as it is comes first, since
        # the canvas keeps it; text is what costs most.
        self._beside, self._before, self._after = (Drawing(stage) for _ in range(3))
        self._pictures = [tiles(stage.axes(frame=False, zorder=2), style, begun) for _ in range(3)]
        self._places: Layout | None = None
        self._graph: NetworkGraph | None = None

    def arrange(self, graph: NetworkGraph, found: Layout, units: int) -> None:
        """Lay out what stands still."""
        self._places, self._graph = found, graph
        style, scale = self._stage.style, found.scale
        self._fans.set_verts(found.fans)
        self._links.set_segments(found.links)
        words = self._titles(graph, found, units)
        words += [
            Word(x, y, sign, style.muted, 9 * scale, ground=True) for x, y, sign in found.operators
        ]
        pills = []
        for column in (*graph.before, *graph.after):
            if column.kind != "block":
                continue
            left, top, width, height = box = found.boxes[column.name]
            frame = to_rgba(style.output)
            pills.append(Pill(box, tinted(style.output, style.background, 0.14), frame, 0.8))
            layer = column.layer
            kind = "" if layer is None else layer.kind.replace("Transpose", "ᵀ")
            shape = f"{column.layers} layers"
            if layer is not None:
                shape = "×".join(str(n) for n in layer.output.shape)
            x, y = left + width / 2, top + height + 9 * scale
            words.append(Word(x, y, shape, style.muted, NOTE * scale))
            words.append(Word(x, y + 9 * scale, kind, style.muted, NOTE * scale))
        strokes, legend_pills, legend = self._legend(scale)
        self._still.show(strokes, [*pills, *legend_pills], [*words, *legend])

    def show(self, graph: NetworkGraph, explained: Explained, focus: Focus) -> bool:
        """Show the numbers; whether something static changed."""
        assert self._places is not None
        self._graph = graph
        held = dict(focus.held)
        parts: dict[bool, tuple[list[Stroke], list[Pill], list[Word]]] = {
            True: ([], [], []),
            False: ([], [], []),
        }
        beside: list[Word] = []
        largest = _largest(graph.edges)
        for edge in graph.edges:
            first = edge.end[0][0] in "ae" and edge.end[0] != "eps"
            parts[first][0].append(self._stroke(edge, largest[edge.end[0]], focus))
            if _selected(edge.end, graph, focus) and edge.weight is not None:
                parts[first][2].append(self._weight(edge))
        strength = _strengths(graph)
        for node in graph.nodes.values():
            now = held.get(node.key[1]) if node.key[0] == "a" else None
            still = node.key[0] == "eps" or (node.key[0] == "a" and now is None)
            _, pills, words = parts[still or node.key[0][0] in BEFORE]
            pills.append(self._pill(node, strength[node.key], now is not None, focus))
            word, *small = self._words(node, now)
            words.append(word)
            beside.extend(small)
        self._beside.show([], [], beside)
        self._before.show(*parts[True])
        self._after.show(*parts[False])
        return self._show_pictures(graph, explained)

    def artists(self) -> list[Artist]:
        """What moves; what a held activation changes comes last."""
        shown = [p for p in self._pictures if p.axes.get_visible()]
        pictures = [artist for picture in shown for artist in picture.artists()]
        still = [*self._beside.artists(), *self._before.artists()]
        return [*still, *self._after.artists(), *pictures]

    def node_at(self, x: float, y: float) -> Key | None:
        """The node at a point of the sheet."""
        if self._places is None or self._graph is None:
            return None
        for key in self._graph.nodes:
            left, top, width, height = self._places.box(key)
            if left <= x <= left + width and top - 1 <= y <= top + height + 1:
                return key
        return None

    def edge_at(self, x: float, y: float) -> Edge | None:
        """The edge nearest to a point of the sheet, of those that pass close to it."""
        if self._graph is None:
            return None
        near = [(_distance(x, y, self._line(edge)), i) for i, edge in enumerate(self._graph.edges)]
        distance, index = min(near, default=(math.inf, -1))
        return self._graph.edges[index] if distance <= NEAR else None

    def _line(self, edge: Edge) -> tuple[float, float, float, float]:
        assert self._places is not None
        left, right = self._places.box(edge.start), self._places.box(edge.end)
        return left[0] + left[2], left[1] + left[3] / 2, right[0], right[1] + right[3] / 2

    def _stroke(self, edge: Edge, largest: float, focus: Focus) -> Stroke:
        assert self._places is not None
        assert self._graph is not None
        style = self._stage.style
        part = abs(edge.contribution) / largest
        strong = 0.6
        if edge.end[0] in ("mean", "log_var"):
            strong = 1.0 if _selected(edge.end, self._graph, focus) else 0.3
        colour = style.positive if edge.contribution >= 0 else style.negative
        alpha = strong * (0.25 + 0.75 * part)
        width = (0.5 + 3.0 * part) * self._places.scale
        return Stroke(self._line(edge), to_rgba(colour, alpha), width, edge.contribution < 0)

    def _weight(self, edge: Edge) -> Word:
        """The weight beside the activation that it weighs."""
        assert self._places is not None
        x0, y0, x1, y1 = self._line(edge)
        away = 6.0 * self._places.scale
        y = y0 + (y1 - y0) * away / max(x1 - x0, 2 * away)
        text, size = f"×{rough(edge.weight or 0.0)}", NOTE * self._places.scale
        return Word(x0 + away, y, text, self._stage.style.parameter, size, "left", ground=True)

    def _pill(self, node: GraphNode, strength: float, held: bool, focus: Focus) -> Pill:
        assert self._places is not None
        assert self._graph is not None
        style, scale = self._stage.style, self._places.scale
        name, index = node.key
        given = name in ("x", "eps") or index == OTHERS
        colour = style.muted if given else style.output
        face = tinted(colour, style.background, 0.08 + 0.34 * strength)
        frame, width = to_rgba(colour), 0.8
        if held:
            frame, width = to_rgba(style.accent), 1.8
        elif _selected(node.key, self._graph, focus):
            frame, width = to_rgba(style.text), 1.8
        return Pill(self._places.box(node.key), face, frame, width * scale)

    def _words(self, node: GraphNode, held: float | None) -> list[Word]:
        """The symbol and value of a node, and what stands above or below it."""
        assert self._places is not None
        style, scale = self._stage.style, self._places.scale
        left, top, width, height = self._places.box(node.key)
        x, y, note = left + width / 2, top + height / 2, top - 2.6 * scale
        value = node.value if held is None else held
        text = node.symbol if value is None else f"{node.symbol} {rough(value)}"
        words = [Word(x, y, text, style.text, SIZE * scale)]
        small = NOTE * scale
        if node.was is not None:
            was = f"was {rough(node.was)}"
            words.append(Word(x, note, was, style.muted, small, up="baseline"))
        elif node.note:
            short = self._shortened(node)
            inner = left + width if node.key[0] == "x" else left
            across = "right" if node.key[0] == "x" else "left"
            words.append(Word(inner, note, short, style.muted, small, across, "baseline"))
        if node.key[0] in ("mean", "log_var") and node.bias is not None:
            below = top + height + 7.5 * scale
            letter = "b" if node.key[0] == "mean" else "c"
            bias = f"{letter}{subscript(node.key[1] + 1)} {rough(node.bias)}"
            words.append(Word(x, below, bias, style.parameter, small, up="baseline", ground=True))
        return words

    def _shortened(self, node: GraphNode) -> str:
        """The note of a node as far as it fits above it: of the number only the unit is cut."""
        assert self._places is not None
        size, room = NOTE * self._places.scale, self._places.room[node.key[0]]
        left = room - text_width(f" {node.measure}", size)
        short = shortened(node.note, left, size)
        if text_width(short, size) <= left:
            return f"{short} {node.measure}"
        return shortened(node.measure, room, size)

    def _titles(self, graph: NetworkGraph, found: Layout, units: int) -> list[Word]:
        style, scale = self._stage.style, found.scale
        words = []

        def title(name: str, first: str, second: str) -> None:
            x = found.titles[name]
            words.append(Word(x, 11 * scale, first, style.text, 7.4 * scale, bold=True))
            words.append(Word(x, 20 * scale, second, style.muted, NOTE * scale))

        for column in (*graph.before, *graph.after):
            layer = column.layer
            activation = "" if layer is None or column.name == "out" else layer.activation
            note = "" if activation in ("linear", "") else f" · {activation}"
            if column.name == "x" and column.kind == "nodes":
                note = f" · {seen_as(self._begun)}"
            count = f"{column.size:,}{note}" if column.layers == 1 else ""
            title(column.name, column.title, count)
        more = units - len(graph.units)
        title(
            "read-outs",
            "read-outs",
            f"{more} more unit{'s' * (more > 1)}"
            if more
            else f"of a, {'two' if graph.has_spread else 'one'} a unit",
        )
        if graph.has_spread:
            title("sd", "σ, noise ε", "ε from N(0, 1)")
        title("z", "z", "μ + σ ε" if graph.has_spread else "the code: μ")
        return words

    def _legend(self, scale: float) -> tuple[list[Stroke], list[Pill], list[Word]]:
        """What the colours and lines mean, in one row at the bottom."""
        style, width = self._stage.style, self._stage.width
        size = min(6.8 * scale, width / 78)
        y = self._stage.height - 7.0 * scale
        entries = (
            (style.parameter, "parameters: learned, the same for all inputs"),
            (style.output, "outputs: different for each input"),
            (style.positive, "raises the sum"),
            (style.negative, "lowers it; the wider, the more"),
        )
        widths = [text_width(text, size) + 18 + size for _, text in entries]
        total = sum(widths)
        x = max(6.0, (width - total) / 2)
        strokes, pills, words = [], [], []
        for (colour, text), wide in zip(entries, widths, strict=True):
            if colour in (style.positive, style.negative):
                dashed = colour == style.negative
                strokes.append(Stroke((x, y, x + 14, y), to_rgba(colour), 2.0, dashed))
            else:
                face = tinted(colour, style.background, 0.35)
                pills.append(Pill((x + 3, y - 4, 10, 8), face, to_rgba(colour), 1.0))
            known = colour in (style.parameter, style.output)
            shown = colour if known else style.muted
            words.append(Word(x + 18, y, text, shown, size, "left"))
            x += wide
        return strokes, pills, words

    def _show_pictures(self, graph: NetworkGraph, explained: Explained) -> bool:
        """Input and output as pictures, where they are no nodes; what the output was below it."""
        assert self._places is not None
        kinds = {c.name: c.kind for c in (*graph.before, *graph.after)}
        held = explained.held
        passed = held or explained.passed
        scale = self._places.scale
        shown = (
            ("x", explained.example.x, True, 0.0),
            ("out", passed.reconstruction, True, 0.0),
            ("out", explained.passed.reconstruction, held is not None, 1.0),
        )
        changed = False
        for picture, (name, values, wanted, down) in zip(self._pictures, shown, strict=True):
            visible = wanted and kinds[name] == "picture"
            changed |= visible != picture.axes.get_visible()
            picture.axes.set_visible(visible)
            if not visible:
                continue
            left, top, width, height = self._places.boxes[name]
            middle = top + height / 2
            tall, gap = width * picture.ratio, 6 * scale
            room = self._stage.height - (HEAD + CAPTIONS) * scale
            twice = held is not None and name == "out"
            # With a held activation, the output stands above what it was.
            shrunk = min(1.0, (room / 2 - gap if twice else room) / tall)
            left, width, tall = left + (1 - shrunk) * width / 2, width * shrunk, tall * shrunk
            if twice:
                middle += (down - 0.5) * (tall + gap)
            self._stage.place(picture.axes, left, middle - tall / 2, width, tall)
            picture.show(np.asarray(values)[None], np.array([False]), 1)
        return changed


def seen_as(begun: Prepared) -> str:
    """What has become of a feature's value when the model sees it."""
    kind = begun.settings.rescale.kind
    if kind == "standardise":
        return "standardised"
    same = np.all(np.equal(begun.data.scaling.scale, 1)) and not np.any(begun.data.scaling.offset)
    return "as they are" if same else "rescaled"


def _selected(key: Key, graph: NetworkGraph, focus: Focus) -> bool:
    """Whether a node is the read-out that is taken apart."""
    unit = focus.unit if focus.unit in graph.units else graph.units[0]
    return key == (focus.read_out, unit)


def _largest(edges: tuple[Edge, ...]) -> dict[str, float]:
    """The largest contribution to each column, whose edge is the widest."""
    found: dict[str, float] = {}
    for edge in edges:
        name = edge.end[0]
        found[name] = max(found.get(name, 1e-9), abs(edge.contribution))
    return found


def _strengths(graph: NetworkGraph) -> dict[Key, float]:
    """How large each value is beside the others of its column when nothing is held, 0 to 1."""
    largest: dict[str, float] = {}
    for (name, _), node in graph.nodes.items():
        usual = node.value if node.was is None else node.was
        largest[name] = max(largest.get(name, 1e-9), abs(usual or 0.0))
    return {
        key: min(1.0, abs(node.value or 0.0) / largest[key[0]]) for key, node in graph.nodes.items()
    }


def _distance(x: float, y: float, line: tuple[float, float, float, float]) -> float:
    """From a point to a stretch of line."""
    x0, y0, x1, y1 = line
    dx, dy = x1 - x0, y1 - y0
    along = ((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1e-9)
    along = min(1.0, max(0.0, along))
    return math.hypot(x - x0 - along * dx, y - y0 - along * dy)
