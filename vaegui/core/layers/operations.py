"""Operations of Keras that are no layers: what scripts compute with ``keras.ops``."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from vaegui.core.initialisers import Initialisers
from vaegui.core.layers.base import Layer, Shape, Size, Wide

__all__ = ["Absolute", "Clip", "Divide", "Logarithm", "Operation", "Operations", "Power", "Slice"]

Factor = Annotated[float, Field(ge=-1e12, le=1e12)]
Arguments = dict[str, float]


class Operation(Layer):
    """Functions of ``keras.ops``, one after the other; the first takes all inputs."""

    def functions(self) -> tuple[tuple[str, Arguments], ...]:
        """Their names, and what each takes besides its input."""
        raise NotImplementedError

    def computed(self, *inputs: Any) -> Any:
        """Keras tensors -> the result."""
        from keras import ops

        for name, arguments in self.functions():
            inputs = (getattr(ops, name)(*inputs, **arguments),)
        return inputs[0]

    def expression(self, *inputs: str) -> str:
        """The same in Python, of variables of these names."""
        text = ", ".join(inputs)
        for name, arguments in self.functions():
            further = [f"{key}={value!r}" for key, value in arguments.items()]
            text = f"keras.ops.{name}({', '.join([text, *further])})"
        return text

    def made(self, name: str, seeded: Initialisers, **options: Any) -> Any:
        """A function of one input or a list of them; it needs no name."""
        return lambda given: self.computed(*(given if isinstance(given, list) else [given]))


class Logarithm(Operation):
    """The natural logarithm; of nothing or less, that of 1e-15.

    It also stands for what scripts compute themselves when an encoder gives the standard deviation
    or the variance.
    """

    kind: Literal["Logarithm"] = "Logarithm"

    def functions(self) -> tuple[tuple[str, Arguments], ...]:
        """At least 1e-15, and the logarithm of that."""
        return ("maximum", {"x2": 1e-15}), ("log", {})


class Clip(Operation):
    """No less than a minimum and no more than a maximum, if they are given."""

    kind: Literal["Clip"] = "Clip"
    minimum: Factor | None = None
    maximum: Factor | None = None

    def functions(self) -> tuple[tuple[str, Arguments], ...]:
        """One for each bound."""
        bounds = (("maximum", self.minimum), ("minimum", self.maximum))
        return tuple((name, {"x2": bound}) for name, bound in bounds if bound is not None)


class Power(Operation):
    """The power with an exponent: 2 is the square, 0.5 the root, -1 the reciprocal."""

    kind: Literal["Power"] = "Power"
    exponent: Annotated[float, Field(ge=-16.0, le=16.0)]

    def functions(self) -> tuple[tuple[str, Arguments], ...]:
        """The power."""
        return (("power", {"x2": self.exponent}),)


class Absolute(Operation):
    """The size without the sign."""

    kind: Literal["Absolute"] = "Absolute"

    def functions(self) -> tuple[tuple[str, Arguments], ...]:
        """The absolute value."""
        return (("absolute", {}),)


class Divide(Operation):
    """The first by the second."""

    inputs: ClassVar[tuple[int, int]] = (2, 2)
    kind: Literal["Divide"] = "Divide"

    def shape(self, *inputs: Shape) -> Shape:
        """The shape that both share."""
        if len(set(inputs)) > 1:
            raise ValueError(f"{inputs[0]} cannot be divided by {inputs[1]}, value by value")
        return inputs[0]

    def functions(self) -> tuple[tuple[str, Arguments], ...]:
        """The quotient."""
        return (("divide", {}),)


class Slice(Operation):
    """A part: of each axis the values from a beginning up to, but not with, an end."""

    kind: Literal["Slice"] = "Slice"
    ranges: tuple[tuple[Wide, Size], ...] = Field(min_length=1, max_length=8)

    @model_validator(mode="after")
    def _holds_something(self) -> Slice:
        if any(start >= stop for start, stop in self.ranges):
            raise ValueError("a part without values")
        return self

    def shape(self, *inputs: Shape) -> Shape:
        """Axis i becomes as long as range i."""
        shape = inputs[0]
        if len(shape) != len(self.ranges) or any(
            stop > length for length, (_, stop) in zip(shape, self.ranges, strict=True)
        ):
            raise ValueError(f"the shape {shape} has no part {self.ranges}")
        return tuple(stop - start for start, stop in self.ranges)

    def computed(self, *inputs: Any) -> Any:
        """Keras tensor -> its part."""
        return inputs[0][(slice(None), *(slice(*each) for each in self.ranges))]

    def expression(self, *inputs: str) -> str:
        """The same in Python."""
        return f"{inputs[0]}[:, {', '.join(f'{start}:{stop}' for start, stop in self.ranges)}]"


Operations = Absolute | Clip | Divide | Logarithm | Power | Slice
"""Any of them."""
