"""Numbers and formulas of a network in words: signs, indices, what a node or an edge says."""

from __future__ import annotations

from collections.abc import Sequence

from vaegui.panels.drawing.stage import plain
from vaegui.panels.drawing.text import subscript
from vaegui.panels.explain.graph.graph import OTHERS, Edge, GraphNode, NetworkGraph
from vaegui.queries.explained import LayerValues, Pass

__all__ = ["edge_text", "exact", "held_text", "node_text", "plus", "rough", "signed", "whole"]


def exact(value: float) -> str:
    """Four decimals, with a real minus sign."""
    return plain(f"{value:,.4f}") if abs(value) < 1e5 else plain(f"{value:.4e}")


def rough(value: float) -> str:
    """Two decimals, fewer for large numbers: what finds room on a node."""
    size = abs(value)
    text = f"{value:.2f}" if size < 99.5 else f"{value:.0f}" if size < 99_999 else f"{value:.0e}"
    return plain("0.00" if text == "-0.00" else text)


def signed(value: float) -> str:
    """Four decimals with a sign."""
    return plain(f"{value:+,.4f}")


def whole(formula: str) -> str:
    """A formula that no line break parts."""
    return formula.replace(" ", "\N{NO-BREAK SPACE}")


def held_text(passed: Pass, held: Sequence[tuple[int, float]]) -> str:
    """Which activations are held at what, and what the network computes; '' if none is held."""
    named = ", ".join(
        f"a{subscript(j + 1)} at {exact(value)} instead of {exact(float(passed.a[j]))}"
        for j, value in held
    )
    return f"Held: {named}." if named else ""


def node_text(node: GraphNode, graph: NetworkGraph, layers: dict[str, LayerValues | None]) -> str:
    """What a node is, its formula and its value, as the lines of a tooltip."""
    name, index = node.key
    if index == OTHERS:
        return _others_text(node, graph)
    value = 0.0 if node.value is None else node.value
    lines = [f"{node.symbol} = {exact(value)}"]
    if node.note:
        lines.append(f"{node.note}: {node.measure}")
    lines += _formula(node, graph, layers.get(name))
    if node.was is not None:
        lines.append(f"It is {exact(node.was)} when all activations are as computed.")
    if name == "a":
        lines.append("Click: switch it off or on. Drag up or down: change it.")
    elif name in ("mean", "log_var"):
        lines.append("Click: show its weights.")
    elif name == "eps":
        lines.append("Click: draw another.")
    return "\n".join(lines)


def edge_text(edge: Edge, graph: NetworkGraph) -> str:
    """Weight times value is contribution, as the lines of a tooltip."""
    start, end = graph.nodes[edge.start], graph.nodes[edge.end]
    if edge.weight is None or start.value is None:
        return f"{start.symbol} give {signed(edge.contribution)} to {_summed(end)} together"
    letter = "v" if edge.end[0] == "log_var" else "w"
    weight = f"{letter}{subscript(edge.end[1] + 1)},{subscript(edge.start[1] + 1)}"
    return (
        f"{weight} · {start.symbol} = {exact(edge.weight)} · "
        f"{exact(start.value)} = {signed(edge.contribution)}\n"
        f"is added to {_summed(end)}; the weight {weight} is a parameter."
    )


def _summed(node: GraphNode) -> str:
    return node.symbol if node.key[0] in ("mean", "log_var") else f"the sum of {node.symbol}"


def _others_text(node: GraphNode, graph: NetworkGraph) -> str:
    """What the activations that are not shown give to each read-out."""
    lines = [f"{node.symbol}, not shown one by one. Together they give"]
    lines += [
        f"{signed(edge.contribution)} to {graph.nodes[edge.end].symbol}"
        for edge in graph.edges
        if edge.start == node.key
    ]
    return "\n".join(lines)


def _formula(node: GraphNode, graph: NetworkGraph, layer: LayerValues | None) -> list[str]:
    """How the value comes about, with symbols and with numbers."""
    name, unit = node.key
    i = subscript(unit + 1)
    if name in ("mean", "log_var"):
        w, b = ("w", "b") if name == "mean" else ("v", "c")
        bias = node.bias or 0.0
        return [
            f"= Σⱼ {w}{i}ⱼ aⱼ + {b}{i}",
            f"= {exact((node.value or 0.0) - bias)} {plus(bias)}",
            f"An output: it differs from input to input. {w}{i}ⱼ and {b}{i} are parameters.",
        ]
    if name == "sd":
        log_var = graph.nodes["log_var", unit].value or 0.0
        return [f"= exp(log σ{i}² / 2) = exp({exact(log_var)} / 2)"]
    if name == "eps":
        return ["a draw from N(0, 1): nothing learned, and nothing of the input"]
    if name == "z" and not graph.has_spread:
        return [f"= μ{i}: a plain autoencoder adds no noise"]
    if name == "z":
        mean, sd, eps = (graph.nodes[n, unit].value or 0.0 for n in ("mean", "sd", "eps"))
        return [f"= μ{i} + σ{i} ε{i} = {exact(mean)} + {exact(sd)} · {exact(eps)}"]
    if name == "x":
        return ["as the model sees it"]
    if layer is None:
        return []
    by = "" if layer.activation in ("linear", "") else f"{layer.activation} of "
    return [f"= {by}a weighted sum of the layer before and a bias"] + (
        [] if node.bias is None else [f"bias {exact(node.bias)}: a parameter"]
    )


def plus(value: float) -> str:
    """The end of a sum: + 0.1000 or − 0.1000."""
    return f"+ {exact(value)}" if value >= 0 else f"− {exact(-value)}"
