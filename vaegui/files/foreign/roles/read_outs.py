"""How mean and log-variance are read off the hidden vector of a foreign encoder.

There is one form for all models: two linear maps of one hidden vector. Most encoders end so; any
other gets a hidden vector of its own values, mean and logarithm of the spread, from which the two
maps only pick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.core.architectures.imported import Graph
from vaegui.core.layers.linear import Dense
from vaegui.core.layers.merging import Concatenate
from vaegui.core.layers.operations import Logarithm
from vaegui.core.layers.shaping import Flatten
from vaegui.files.foreign.halves.draws import Spread
from vaegui.files.foreign.halves.finding import Foreign, PossibleReadOut
from vaegui.files.foreign.network.tracing import End, WeightSource, columns, resolved, traced

__all__ = ["Head", "Spread", "code_head", "heads"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Head:
    """A read-out, (length of a) -> (units,).

    Attributes
    ----------
    scale
        What it is multiplied with: 2 makes the logarithm of a variance of that of an sd.
    source, has_bias
        Where its weights are in the file, and whether they have a bias.
    picks
        Without a source: the first of the entries of a that it picks.
    """

    length: int
    units: int
    scale: float = 1.0
    source: WeightSource | None = None
    has_bias: bool = True
    picks: int = 0

    def weights(self, arrays: list[NDArray[Any]]) -> list[Floats]:
        """Kernel (length, units) and bias (units,), from those in the file if there are some."""
        if self.source is None:
            kernel = np.eye(self.length, self.units, -self.picks)
            arrays = [kernel]
        if len(arrays) < 2:
            arrays = [*arrays, np.zeros(self.units)]
        return [np.ascontiguousarray(self.scale * array, np.float32) for array in arrays]


def heads(
    foreign: Foreign, mean: PossibleReadOut, spread: PossibleReadOut, spread_is: Spread
) -> tuple[Graph, dict[str, WeightSource], tuple[Head, Head]]:
    """The encoder up to its hidden vector, where its weights are, and the two read-outs.

    Raises
    ------
    FileError
        If a layer cannot be rebuilt; it names the layer.
    """
    network, start, shape = foreign.encoder, foreign.encoder_start, foreign.shape
    scale = 2.0 if spread_is in ("log_sd", "sd") else 1.0
    is_log = spread_is in ("log_var", "log_sd")
    hidden = _read_from(foreign, mean, "linear")
    # The logarithm of an exponential is what went into it.
    if hidden is not None and hidden == _read_from(
        foreign, spread, "linear" if is_log else "exponential"
    ):
        result = traced(network, start, shape, [End(hidden)])
        if hidden == start:
            result.add("hidden", Flatten(), (0,))
        graph = result.graph()
        (length,) = graph.output
        linear = (_linear(foreign, mean, length, 1.0), _linear(foreign, spread, length, scale))
        return graph, result.sources, linear
    result = traced(network, start, shape, [End(r.place, r.half) for r in (mean, spread)])
    first, second = result.ends
    if not is_log:
        second = result.add("log", Logarithm(), (second,))
    result.add("hidden", Concatenate(), (first, second))
    units = foreign.units
    picking = (Head(2 * units, units), Head(2 * units, units, scale, picks=units))
    return result.graph(), result.sources, picking


def code_head(
    foreign: Foreign, code: PossibleReadOut
) -> tuple[Graph, dict[str, WeightSource], tuple[Head, ...]]:
    """The same for a plain autoencoder, whose code is the only read-out."""
    network, start = foreign.encoder, foreign.encoder_start
    hidden = _read_from(foreign, code, "linear")
    if hidden is not None and len(network.places[hidden].shape or ()) == 1:
        result = traced(network, start, foreign.shape, [End(hidden)])
        if hidden == start:
            result.add("hidden", Flatten(), (0,))
        graph = result.graph()
        return graph, result.sources, (_linear(foreign, code, graph.output[0], 1.0),)
    result = traced(network, start, foreign.shape, [End(code.place)])
    if len(network.places[code.place].shape or ()) != 1:
        result.add("hidden", Flatten(), (result.ends[0],))
    return result.graph(), result.sources, (Head(foreign.units, foreign.units),)


def _read_from(foreign: Foreign, read_out: PossibleReadOut, activation: str) -> int | None:
    """The place that a dense layer with this activation reads from; None if it is not one."""
    place = foreign.encoder.places[read_out.place]
    if not isinstance(place.layer, Dense) or place.layer.activation != activation:
        return None
    return resolved(foreign.encoder, place.inputs[0], foreign.encoder_start)


def _linear(foreign: Foreign, read_out: PossibleReadOut, length: int, scale: float) -> Head:
    place, units = foreign.encoder.places[read_out.place], foreign.units
    assert isinstance(place.layer, Dense)
    source = WeightSource(place.group, columns(units, read_out.half))
    return Head(length, units, scale, source, place.layer.use_bias)
