"""Layers in which each place of a sequence chooses what it takes from another sequence."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from vaegui.core.initialisers import Initialisers
from vaegui.core.layers.base import Layer, Shape, Size

__all__ = ["Attending"]


MOST_SCORES = 1 << 24
"""Numbers that compare the places of one example, which are none of the outputs."""


class _Attending(Layer):
    """Inputs are query (m, .), value (n, .) and, if it is not the value, key (n, .)."""

    inputs: ClassVar[tuple[int, int]] = (2, 3)

    def parts(self, inputs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
        """Shapes of query, value and key. Raises `ValueError` if they do not fit."""
        query, value, key = inputs if len(inputs) == 3 else (*inputs, inputs[1])
        if any(len(shape) != 2 for shape in inputs) or value[0] != key[0]:
            raise ValueError(f"{type(self).__name__} cannot take the shapes {inputs}")
        if query[0] * value[0] * self.scores(query) > MOST_SCORES:
            raise ValueError(f"{type(self).__name__} would compare {query[0]} x {value[0]} places")
        return query, value, key

    def scores(self, query: Shape) -> int:
        """How many numbers it computes for each pair of places."""
        return 1


class MultiHeadAttention(_Attending):
    """Heads that attend on their own to projections of the inputs (Vaswani et al. 2017)."""

    arguments: ClassVar[tuple[str, ...]] = ("query", "value", "key")

    kind: Literal["MultiHeadAttention"] = "MultiHeadAttention"
    num_heads: Size
    key_dim: Size
    value_dim: Size | None = None
    use_bias: bool = True
    output_shape: tuple[Size] | None = None

    def initialisers(self, seeded: Initialisers) -> dict[str, Any]:
        """Glorot's, as in Keras; one for all four kernels, which is how Keras takes it."""
        return {"kernel_initializer": seeded.glorot()}

    def scores(self, query: Shape) -> int:
        """One for each head."""
        return self.num_heads

    def shape(self, *inputs: Shape) -> Shape:
        """(m, features), (n, .) -> (m, features)."""
        query, *_ = self.parts(inputs)
        return (query[0], *(self.output_shape or query[1:]))

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """Kernel and bias of the projections to query, key and value, and of the output."""
        query, value, key = self.parts(inputs)
        heads, wide = self.num_heads, self.value_dim or self.key_dim
        out = self.output_shape or query[1:]
        found: dict[str, Shape] = {}
        for name, kernel, bias in (
            ("query", (query[1], heads, self.key_dim), (heads, self.key_dim)),
            ("key", (key[1], heads, self.key_dim), (heads, self.key_dim)),
            ("value", (value[1], heads, wide), (heads, wide)),
            ("output", (heads, wide, *out), out),
        ):
            found[f"{name}_dense/kernel"] = kernel
            if self.use_bias:
                found[f"{name}_dense/bias"] = bias
        return found


class Attention(_Attending):
    """The query's products with each key as weights of the values (Luong et al. 2015)."""

    kind: Literal["Attention"] = "Attention"
    use_scale: bool = False
    score_mode: Literal["dot", "concat"] = "dot"

    def shape(self, *inputs: Shape) -> Shape:
        """(m, features), (n, wide) -> (m, wide)."""
        query, value, key = self.parts(inputs)
        if query[1] != key[1]:
            raise ValueError(f"a query of {query[1]} features does not fit a key of {key[1]}")
        return query[0], value[1]

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``scale`` and ``concat_score_weight``, a number each, if there are such."""
        there = {"scale": self.use_scale, "concat_score_weight": self.score_mode == "concat"}
        return {name: () for name, is_there in there.items() if is_there}


class AdditiveAttention(_Attending):
    """A sum of tanh(query + key) as weights of the values (Bahdanau et al. 2015)."""

    kind: Literal["AdditiveAttention"] = "AdditiveAttention"
    use_scale: bool = True

    def scores(self, query: Shape) -> int:
        """One for each feature, before they are summed."""
        return query[1]

    def shape(self, *inputs: Shape) -> Shape:
        """(m, features), (n, wide) -> (m, wide)."""
        query, value, key = self.parts(inputs)
        if query[1] != key[1]:
            raise ValueError(f"a query of {query[1]} features does not fit a key of {key[1]}")
        return query[0], value[1]

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        """``scale``, one for each feature."""
        return {"scale": self.parts(inputs)[0][1:]} if self.use_scale else {}


Attending = AdditiveAttention | Attention | MultiHeadAttention
"""Any of them."""
