"""The network of a model for one input, as what is drawn of it: columns, nodes and edges."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.analysis.explain import contributions
from vaegui.analysis.posterior import standard_deviation
from vaegui.panels.drawing.text import subscript
from vaegui.queries.explained import Explained, Floats, LayerValues, Pass

__all__ = [
    "OTHERS",
    "Column",
    "Edge",
    "GraphNode",
    "Key",
    "Merge",
    "NetworkGraph",
    "Notes",
    "graph",
]

Array = NDArray[Any]
Kind = Literal["nodes", "picture", "block"]
Merge = Literal["none", "blocks", "all"]
Notes = Sequence[tuple[str, str]]
Key = tuple[str, int]
"""Name of a column and index in it; of latent units "mean", "log_var", "sd", "eps", "z"."""

OTHERS = -1
"""Index of the node that stands for all that are not shown."""
PASSING = {"Flatten", "Reshape", "Cropping2D", "Dropout", "ZeroPadding2D", "Activation", "ReLU"}
"""Layers that are not drawn for themselves."""
NARROW = 8
"""Layers up to this width are drawn node by node."""


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A number in the network.

    ``was`` is what it is when nothing is held, if that is another; ``note`` the name of its
    feature, ``measure`` the feature's value in its own unit.
    """

    key: Key
    symbol: str
    value: float | None
    was: float | None = None
    note: str = ""
    measure: str = ""
    bias: float | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A contribution to a sum: weight times value. Of "others" the weight is None."""

    start: Key
    end: Key
    weight: float | None
    contribution: float


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """Nodes below each other, or a picture or block that stands for a whole layer."""

    name: str
    kind: Kind
    title: str
    size: int
    nodes: tuple[GraphNode, ...] = ()
    layer: LayerValues | None = None
    layers: int = 1
    """How many layers a block stands for."""


@dataclass(frozen=True, eq=False, slots=True)
class NetworkGraph:
    """All columns from left to right; the latent units stand between ``before`` and ``after``."""

    before: tuple[Column, ...]
    latent: tuple[GraphNode, ...]
    after: tuple[Column, ...]
    units: tuple[int, ...]
    edges: tuple[Edge, ...]
    nodes: dict[Key, GraphNode] = field(default_factory=dict)

    @property
    def has_spread(self) -> bool:
        """Whether each unit has σ and ε; in a plain autoencoder z is the mean itself."""
        return any(node.key[0] == "sd" for node in self.latent)


def graph(
    explained: Explained,
    units: Sequence[int],
    shown: Sequence[int],
    notes: tuple[Notes, Notes],
    merge: Merge = "none",
) -> NetworkGraph:
    """The network of an explained input.

    Parameters
    ----------
    units
        The latent units that are drawn.
    shown
        The hidden activations that are drawn each for itself; the others come as one node.
    notes
        What stands beside the nodes of inputs and outputs: names and values in their own units;
        empty for pictures.
    merge
        Which hidden layers come as one block: none, neighbouring blocks, or all.
    """
    passed = explained.held or explained.passed
    was = explained.passed
    layers = [layer for layer in explained.encoder if layer.kind not in PASSING]
    before = [_ends("x", explained.x, None, notes[0], None)]
    hidden = [_hidden(f"e{i}", "h", layer, layer) for i, layer in enumerate(layers[:-1])]
    before += _merged(hidden, merge)
    last = layers[-1] if layers else None
    before.append(_activations(passed.a, was.a, shown, last))
    decoder = [layer for layer in passed.decoder if layer.kind not in PASSING]
    old = [layer for layer in was.decoder if layer.kind not in PASSING]
    hidden = [
        _hidden(f"d{i}", "g", layer, before_)
        for i, (layer, before_) in enumerate(zip(decoder[:-1], old, strict=False))
    ]
    after = _merged(hidden, merge)
    final, final_was = (p.decoder[-1].output.ravel() for p in (passed, was))
    layer = decoder[-1] if decoder else None
    after.append(_ends("out", final, final_was, notes[1], layer))
    latent = tuple(_latent(explained, passed, units))
    edges = [
        *_layer_edges(before),
        *_read_out_edges(explained, passed, units, shown),
        *_decoder_edges(passed.z, units, after),
    ]
    nodes = {n.key: n for column in (*before, *after) for n in column.nodes}
    nodes |= {node.key: node for node in latent}
    return NetworkGraph(tuple(before), latent, tuple(after), tuple(units), tuple(edges), nodes)


def _merged(columns: list[Column], merge: Merge) -> list[Column]:
    """Hidden layers with neighbouring blocks, or with all, as one block each."""
    found: list[Column] = []
    for column in columns:
        last = found[-1] if found else None
        blocks = merge == "all" or (column.kind == "block" and last and last.kind == "block")
        if merge != "none" and last is not None and blocks:
            layers = last.layers + 1
            found[-1] = replace(last, kind="block", nodes=(), layer=None, layers=layers)
        else:
            found.append(column)
    return found


def _changed(value: float, was: float) -> float | None:
    return was if value != was else None


def _numbered(
    name: str,
    symbol: str,
    values: Array,
    was: Array | None,
    notes: Notes = (),
    bias: Floats | None = None,
) -> tuple[GraphNode, ...]:
    return tuple(
        GraphNode(
            (name, i),
            f"{symbol}{subscript(i + 1)}",
            float(value),
            None if was is None else _changed(float(value), float(was[i])),
            *(notes[i] if notes else ("", "")),
            None if bias is None else float(bias[i]),
        )
        for i, value in enumerate(values)
    )


def _ends(
    name: str, values: Array, was: Array | None, notes: Notes, layer: LayerValues | None
) -> Column:
    """The inputs or the outputs: nodes if they are few and named, else a picture."""
    flat = values.ravel()
    title = "input x" if name == "x" else "output x̂"
    if not notes or len(flat) > NARROW:
        return Column(name, "picture", title, len(flat), layer=layer)
    symbol = "x" if name == "x" else "x̂"
    bias = None if layer is None else layer.bias
    return Column(
        name, "nodes", title, len(flat), _numbered(name, symbol, flat, was, notes, bias), layer
    )


def _hidden(name: str, symbol: str, layer: LayerValues, was: LayerValues) -> Column:
    values, old = layer.output.ravel(), was.output.ravel()
    title = "hidden" if symbol == "h" else "decoder"
    if len(values) > NARROW or layer.weights is None:
        return Column(name, "block", title, len(values), layer=layer)
    nodes = _numbered(name, symbol, values, old, (), layer.bias)
    return Column(name, "nodes", title, len(values), nodes, layer)


def _activations(a: Floats, was: Floats, shown: Sequence[int], layer: LayerValues | None) -> Column:
    bias = None if layer is None else layer.bias
    nodes = [
        GraphNode(
            ("a", j),
            f"a{subscript(j + 1)}",
            float(a[j]),
            _changed(float(a[j]), float(was[j])),
            bias=None if bias is None or len(bias) != len(a) else float(bias[j]),
        )
        for j in shown
    ]
    if len(shown) < len(a):
        nodes.append(GraphNode(("a", OTHERS), f"{len(a) - len(shown):,} others", None))
    return Column("a", "nodes", "vector a", len(a), tuple(nodes), layer)


def _latent(explained: Explained, passed: Pass, units: Sequence[int]) -> Iterable[GraphNode]:
    """The five numbers of each unit; of a plain autoencoder its code alone, which is z."""
    was = explained.passed
    sd, sd_was = standard_deviation(passed.log_var), standard_deviation(was.log_var)
    for unit in units:
        number = subscript(unit + 1)
        for name, symbol, now, old, head in (
            ("mean", "μ{}", passed.mean, was.mean, explained.mean),
            ("log_var", "log σ{}²", passed.log_var, was.log_var, explained.log_var),
            ("sd", "σ{}", sd, sd_was, None),
            ("eps", "ε{}", passed.eps, was.eps, None),
            ("z", "z{}", passed.z, was.z, None),
        ):
            if explained.log_var is None and name not in ("mean", "z"):
                continue
            bias = None if head is None else float(head.bias[unit])
            value, before = float(now[unit]), float(old[unit])
            yield GraphNode(
                (name, unit), symbol.format(number), value, _changed(value, before), bias=bias
            )


def _layer_edges(columns: Sequence[Column]) -> Iterable[Edge]:
    """Edges between neighbouring columns of nodes of the encoder."""
    for left, right in itertools.pairwise(columns):
        weights = None if right.layer is None else right.layer.weights
        if left.kind != "nodes" or right.kind != "nodes" or weights is None:
            continue
        if weights.shape != (left.size, right.size):
            continue
        for end in right.nodes:
            j = end.key[1]
            if j == OTHERS:
                continue
            for start in left.nodes:
                weight = float(weights[start.key[1], j])
                yield Edge(start.key, end.key, weight, weight * (start.value or 0.0))


def _read_out_edges(
    explained: Explained, passed: Pass, units: Sequence[int], shown: Sequence[int]
) -> Iterable[Edge]:
    """Contributions of the activations to each read-out; those of the others in one edge."""
    rest = np.ones(len(passed.a), bool)
    rest[list(shown)] = False
    for unit in units:
        for name, head in explained.read_outs.items():
            weights = head.weights[:, unit]
            products = contributions(passed.a, weights, float(head.bias[unit])).products
            for j in shown:
                yield Edge(("a", j), (name, unit), float(weights[j]), float(products[j]))
            if rest.any():
                yield Edge(("a", OTHERS), (name, unit), None, float(products[rest].sum()))


def _decoder_edges(z: Floats, units: Sequence[int], columns: Sequence[Column]) -> Iterable[Edge]:
    """Contributions of the shown units to the first layer, and between the decoder's columns."""
    first = columns[0]
    weights = None if first.layer is None else first.layer.weights
    if first.kind == "nodes" and weights is not None and weights.shape == (len(z), first.size):
        for end in first.nodes:
            for unit in units:
                weight = float(weights[unit, end.key[1]])
                yield Edge(("z", unit), end.key, weight, weight * float(z[unit]))
    yield from _layer_edges(columns)
