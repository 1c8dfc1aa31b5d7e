"""Source text: how values, calls and layers are written."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from vaegui.core.architectures.imported import Graph
from vaegui.core.layers import Layer
from vaegui.core.layers.operations import Operation

__all__ = ["call", "layers_of", "literal", "named", "source_of"]

LINE = 100
"""Longest line."""
_QUOTES = '"""'


def literal(value: Any) -> str:
    """A value of a setting as Python writes it, with double quotes."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, tuple | list):
        inner = ", ".join(map(literal, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)


def named(arguments: dict[str, Any]) -> list[str]:
    """Arguments by name as they stand in a call."""
    return [f"{name}={literal(value)}" for name, value in arguments.items()]


def call(before: str, arguments: list[str], after: str = ")") -> str:
    """A call such as ``h = layers.Dense(`` ... ``)(h)``, wrapped where a line is too short."""
    line = f"    {before}{', '.join(arguments)}{after}"
    if len(line) <= LINE:
        return line
    body = f"        {', '.join(arguments)}"
    if len(body) > LINE:
        body = "\n".join(f"        {argument}," for argument in arguments)
    return f"    {before}\n{body}\n    {after}"


def layers_of(graph: Graph, first: str, last: str, dtype: str | None = None) -> list[str]:
    """A line for each layer of a network that was made elsewhere.

    ``first`` and ``last`` name what goes in and comes out; ``dtype`` is that of its read-out.
    """
    names = [first, *(f"h_{i}" for i in range(1, len(graph.nodes))), last]
    lines, read_out = [], graph.read_out()
    for i, node in enumerate(graph.nodes, 1):
        given = [names[j] for j in node.inputs]
        what = ", ".join(given)
        if len(given) > 1 and not node.layer.arguments:
            what = f"[{what}]"
        kind = type(node.layer).__name__
        if isinstance(node.layer, Operation):
            lines.append(f"    {names[i]} = {node.layer.expression(*given)}")
            continue
        options = {"dtype": dtype} if dtype and i in read_out else {}
        arguments = [*_arguments(node.layer, options), *named({"name": node.name, **options})]
        lines.append(call(f"{names[i]} = layers.{kind}(", arguments, f")({what})"))
    return lines


def _arguments(layer: Layer, options: dict[str, Any]) -> list[str]:
    """The settings of a layer as they stand in a call; layers within are calls themselves."""
    written = []
    for name, value in layer:
        if isinstance(value, Layer):
            within = ", ".join([*_arguments(value, options), *named(options)])
            written.append(f"{name}=layers.{type(value).__name__}({within})")
        elif name != "kind":
            written += named({name: value})
    return written


def source_of(function: Callable[..., Any]) -> str:
    """The text of a function of the program, without the types of its arguments."""
    text = inspect.getsource(function)
    arguments = ", ".join(inspect.signature(function).parameters)
    return f"def {function.__name__}({arguments}):\n    {text[text.index(_QUOTES) :]}"
