"""The architecture as source text: two functions that make encoder and decoder."""

from __future__ import annotations

import math
from typing import Any, assert_never

from vaegui.core.architectures import Convolutional, Dense, Imported
from vaegui.core.architectures.imported import Graph
from vaegui.files.script.source import block, call, joined, literal
from vaegui.training.settings.settings import Settings

__all__ = ["network"]

Shape = tuple[int, ...]

INITIALISE = block('''
    def initialise(models):
        """Draw all first weights from the seed, a number for each layer."""
        found = [layer for model in models for layer in model.layers]
        found = [layer for layer in found if hasattr(layer, "kernel")]
        for layer, seed in zip(found, seeds(WEIGHTS_SEED, len(found)), strict=True):
            depthwise = isinstance(layer, layers.DepthwiseConv2D)
            start = layer.depthwise_initializer if depthwise else layer.kernel_initializer
            seeded = type(start).from_config({**start.get_config(), "seed": seed})
            layer.kernel.assign(seeded(layer.kernel.shape))
''')


def network(settings: Settings, shape: Shape) -> str:
    """Functions that make encoder and decoder for examples of a shape."""
    # In mixed precision, what the loss is computed from stays in 32 bits.
    full = {"dtype": "float32"} if settings.training.precision == "mixed" else {}
    match settings.architecture:
        case Dense() as dense:
            parts = _dense(dense, shape, full)
        case Convolutional() as convolutional:
            parts = _convolutional(convolutional, shape, full)
        case Imported() as imported:
            parts = _imported(imported, shape, full)
        case other:
            assert_never(other)
    helpers, encoder, decoder = parts
    return joined(helpers, _encoder(encoder, shape, full), _decoder(decoder, full), INITIALISE)


def _encoder(body: list[str], shape: Shape, full: dict[str, Any]) -> str:
    lines = [
        "def make_encoder():",
        '    """x -> mean and log-variance of each unit: two read-outs of one hidden vector a."""',
        call("x = keras.Input(", {"0": shape, "name": "x"}),
        *body,
    ]
    for name in ("mean", "log_var"):
        dense = call("layers.Dense(", {"name": name, **full}, ")(a)", 0)
        lines.append(f"    {name} = {dense.replace('Dense(', 'Dense(UNITS, ')}")
    lines.append('    return keras.Model(x, {"mean": mean, "log_var": log_var}, name="encoder")')
    return "\n".join(lines)


def _decoder(body: list[str], full: dict[str, Any]) -> str:
    start = [
        "def make_decoder():",
        '    """z -> the parameters of p(x|z), one for each value of x."""',
        '    z = keras.Input((UNITS,), name="z")',
    ]
    return "\n".join([*start, *body, '    return keras.Model(z, parameters, name="decoder")'])


def _dense(dense: Dense, shape: Shape, full: dict[str, Any]) -> tuple[str, list[str], list[str]]:
    # Keras begins with Glorot's weights by itself; He's suit what bends like a rectifier.
    start = {} if dense.activation == "tanh" else {"kernel_initializer": "he_uniform"}
    options = {"activation": dense.activation} | start
    written = ", ".join(f"{literal(name)}: {literal(value)}" for name, value in options.items())
    helper = block(f"""
        HIDDEN = {{{written}}}


        def hidden(units, number):
            return layers.Dense(units, name=f"hidden_{{number}}", **HIDDEN)
    """)

    def layers(widths: Shape, first: str, last: str) -> list[str]:
        names = [first, *["h"] * (len(widths) - 1), last]
        return [
            f"    {names[i]} = hidden({width}, {i})({names[i - 1]})"
            for i, width in enumerate(widths, 1)
        ]

    encoder = ['    h = layers.Flatten(name="flatten")(x)', *layers(dense.widths, "h", "a")]
    decoder = [
        *layers(dense.widths[::-1], "z", "h"),
        call("h = layers.Dense(", {"0": math.prod(shape), **full, "name": "output"}, ")(h)"),
        _reshaped(shape, "h", full),
    ]
    return helper, encoder, decoder


def _convolutional(
    conv: Convolutional, shape: Shape, full: dict[str, Any]
) -> tuple[str, list[str], list[str]]:
    factor = 2 ** len(conv.filters)
    (height, width), channels = shape[:2], shape[2] if len(shape) == 3 else 1
    rows, columns = math.ceil(height / factor), math.ceil(width / factor)
    helper = block(f"""
        RELU = {{"activation": "relu", "kernel_initializer": "he_uniform"}}
        HALVE = {{"kernel_size": {conv.kernel}, "strides": 2, "padding": "same", **RELU}}
        # Keras counts the wrong side of a transposed kernel as its inputs, and not the strides.
        START = keras.initializers.VarianceScaling(8.0, "fan_out", "uniform")
        DOUBLE = {{**HALVE, "kernel_initializer": START}}
    """)
    encoder = [f'    h = layers.Reshape({(*shape, 1)}, name="channel")(x)'] * (len(shape) == 2)
    first = "h" if encoder else "x"
    for i, filters in enumerate(conv.filters, 1):
        encoder.append(f'    h = layers.Conv2D({filters}, name="conv_{i}", **HALVE)({first})')
        first = "h"
    encoder.append('    h = layers.Flatten(name="flatten")(h)')
    encoder.append(f'    a = layers.Dense({conv.hidden}, name="hidden", **RELU)(h)')
    last = conv.filters[-1]
    decoder = [
        f'    h = layers.Dense({rows * columns * last}, name="hidden", **RELU)(z)',
        f'    h = layers.Reshape(({rows}, {columns}, {last}), name="grid")(h)',
    ]
    for i, filters in enumerate(reversed(conv.filters), 1):
        layer = f'layers.Conv2DTranspose({filters}, name="conv_{i}", **DOUBLE)'
        decoder.append(f"    h = {layer}(h)")
    output = {"0": channels, "1": conv.kernel, "padding": "same", **full, "name": "output"}
    decoder.append(call("h = layers.Conv2DTranspose(", output, ")(h)"))
    extra = rows * factor - height, columns * factor - width
    if any(extra):
        crop = tuple((n // 2, n - n // 2) for n in extra)
        decoder.append(call("h = layers.Cropping2D(", {"0": crop, **full, "name": "crop"}, ")(h)"))
    decoder.append(_reshaped(shape, "h", full))
    return helper, encoder, decoder


def _imported(
    imported: Imported, shape: Shape, full: dict[str, Any]
) -> tuple[str, list[str], list[str]]:
    encoder, first = [], "x"
    if shape != imported.encoder.shape:
        reshape = {"0": imported.encoder.shape, "name": "input_shape"}
        encoder, first = [call("x_1 = layers.Reshape(", reshape, ")(x)")], "x_1"
    encoder += _graph(imported.encoder, first, "a", {})
    decoder = [*_graph(imported.decoder, "z", "h", full), _reshaped(shape, "h", full)]
    return "", encoder, decoder


def _graph(graph: Graph, first: str, last: str, full: dict[str, Any]) -> list[str]:
    """A line for each layer of a network that was made elsewhere; ``full`` for its read-out."""
    names = [first, *(f"h_{i}" for i in range(1, len(graph.nodes))), last]
    lines, read_out = [], graph.read_out()
    for i, node in enumerate(graph.nodes, 1):
        given = [names[j] for j in node.inputs]
        what = given[0] if len(given) == 1 else f"[{', '.join(given)}]"
        kind = type(node.layer).__name__
        if kind == "Logarithm":
            lines.append(f"    {names[i]} = keras.ops.log(keras.ops.maximum({what}, 1e-15))")
            continue
        arguments = node.layer.model_dump(exclude={"kind"}) | {"name": node.name}
        arguments |= full if i in read_out else {}
        lines.append(call(f"{names[i]} = layers.{kind}(", arguments, f")({what})"))
    return lines


def _reshaped(shape: Shape, what: str, full: dict[str, Any]) -> str:
    arguments = {"0": shape, **full, "name": "parameters"}
    return call("parameters = layers.Reshape(", arguments, f")({what})")
