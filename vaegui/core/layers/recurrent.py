"""Layers that go through a sequence step by step."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from vaegui.core.initialisers import Initialisers
from vaegui.core.layers.base import (
    Activations,
    Layer,
    Padding,
    Shape,
    Size,
    Sizes,
    Spatial,
    windows,
)

__all__ = ["Recurrent"]


class _Recurrent(Layer):
    """A layer with a state, which begins at 0 for each sequence."""

    activation: Activations = "tanh"
    use_bias: bool = True
    return_sequences: bool = False
    go_backwards: bool = False
    zero_output_for_mask: bool = False

    def initialisers(self, seeded: Initialisers) -> dict[str, Any]:
        """As in Keras; with a seed for Dropout, which there is none of."""
        return {
            "kernel_initializer": seeded.glorot(),
            "recurrent_initializer": seeded.orthogonal(),
            "seed": 0,
        }


class _OfRows(_Recurrent):
    """A recurrent layer whose steps are rows of features."""

    gates: ClassVar[int] = 1

    units: Size

    def shape(self, *inputs: Shape) -> Shape:
        """(steps, features) -> (units,), or (steps, units) if all steps are returned."""
        if len(inputs[0]) != 2:
            raise ValueError(f"{type(self).__name__} cannot take the shape {inputs[0]}")
        return (*inputs[0][:1] * self.return_sequences, self.units)

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` (features, gates * units), ``recurrent_kernel`` and ``bias`` of the cell."""
        width = self.gates * self.units
        found = {
            "cell/kernel": (inputs[0][-1], width),
            "cell/recurrent_kernel": (self.units, width),
        }
        return found | ({"cell/bias": self._bias(width)} if self.use_bias else {})

    def _bias(self, width: int) -> Shape:
        return (width,)


class SimpleRNN(_OfRows):
    """Each step's output is the next one's state."""

    kind: Literal["SimpleRNN"] = "SimpleRNN"


class LSTM(_OfRows):
    """Long short-term memory (Hochreiter and Schmidhuber 1997)."""

    gates: ClassVar[int] = 4

    kind: Literal["LSTM"] = "LSTM"
    recurrent_activation: Activations = "sigmoid"


class GRU(_OfRows):
    """Gated recurrent units (Cho et al. 2014)."""

    gates: ClassVar[int] = 3

    kind: Literal["GRU"] = "GRU"
    recurrent_activation: Activations = "sigmoid"
    reset_after: bool = True

    def _bias(self, width: int) -> Shape:
        return (2, width) if self.reset_after else (width,)


Direction = Annotated[SimpleRNN | LSTM | GRU, Field(discriminator="kind")]


class Bidirectional(Layer):
    """A recurrent layer from the beginning, another from the end, and both results in one."""

    kind: Literal["Bidirectional"] = "Bidirectional"
    layer: Direction
    backward_layer: Direction
    merge_mode: Literal["concat", "sum", "mul", "ave"] = "concat"

    def shape(self, *inputs: Shape) -> Shape:
        """(steps, features) -> as of one direction, or twice as wide if they are joined."""
        ahead, back = self.layer, self.backward_layer
        if ahead.return_sequences != back.return_sequences or ahead.go_backwards:
            raise ValueError("its two directions do not fit each other")
        first, second = ahead.shape(*inputs), back.shape(*inputs)
        if self.merge_mode == "concat":
            return (*first[:-1], first[-1] + second[-1])
        if first != second or not back.go_backwards:
            raise ValueError("its two directions do not fit each other")
        return first

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """Those of both directions."""
        both = {"forward_layer": self.layer, "backward_layer": self.backward_layer}
        return {
            f"{where}/{name}": shape
            for where, layer in both.items()
            for name, shape in layer.weights(*inputs).items()
        }

    def made(self, name: str, seeded: Initialisers, **options: Any) -> Any:
        """The Keras layer, whose directions are called ``forward`` and ``backward``."""
        from keras import layers

        return layers.Bidirectional(
            self.layer.made("forward", seeded, **options),
            backward_layer=self.backward_layer.made("backward", seeded, **options),
            merge_mode=self.merge_mode,
            name=name,
            **options,
        )


class _ConvLSTM(Spatial, _Recurrent):
    """Long short-term memory whose weighted sums are convolutions (Shi et al. 2015)."""

    each: ClassVar[dict[str, int]] = {"kernel_size": 0, "strides": 1, "dilation_rate": 1}

    filters: Size
    kernel_size: Sizes
    strides: Sizes = (1,)
    padding: Padding = "valid"
    dilation_rate: Sizes = (1,)
    recurrent_activation: Activations = "sigmoid"

    def shape(self, *inputs: Shape) -> Shape:
        """(steps, *lengths, channels) -> (*windows, filters), for all steps if returned."""
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError("strides and dilation cannot be combined")
        sides = self.sides(inputs[0][1:])
        steps = zip(sides, self.kernel_size, self.strides, self.dilation_rate, strict=True)
        found = tuple(windows(n, k, s, self.padding, d) for n, k, s, d in steps)
        return (*inputs[0][:1] * self.return_sequences, *found, self.filters)

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``kernel`` and ``recurrent_kernel`` for four gates, and ``bias``, of the cell."""
        width = 4 * self.filters
        found = {
            "cell/kernel": (*self.kernel_size, inputs[0][-1], width),
            "cell/recurrent_kernel": (*self.kernel_size, self.filters, width),
        }
        return found | ({"cell/bias": (width,)} if self.use_bias else {})


class ConvLSTM1D(_ConvLSTM):
    """Of sequences in a row."""

    rank: ClassVar[int] = 1
    kind: Literal["ConvLSTM1D"] = "ConvLSTM1D"


class ConvLSTM2D(_ConvLSTM):
    """Of pictures in a row."""

    rank: ClassVar[int] = 2
    kind: Literal["ConvLSTM2D"] = "ConvLSTM2D"


class ConvLSTM3D(_ConvLSTM):
    """Of volumes in a row."""

    rank: ClassVar[int] = 3
    kind: Literal["ConvLSTM3D"] = "ConvLSTM3D"


Recurrent = GRU | LSTM | Bidirectional | ConvLSTM1D | ConvLSTM2D | ConvLSTM3D | SimpleRNN
"""Any of them."""
