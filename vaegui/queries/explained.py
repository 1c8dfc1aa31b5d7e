"""All numbers between one input and its loss: the result of `vaegui.queries.explain.Explain`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Example

__all__ = ["Explained", "Floats", "LayerValues", "Pass", "ReadOut"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class LayerValues:
    """One layer and what it gave: ``output`` (*its shape) after its ``activation``.

    ``weights`` (inputs, outputs) and ``bias`` (outputs,) are there for dense layers of at most
    a million weights and None otherwise. ``kind`` is what Keras calls the layer.
    """

    name: str
    kind: str
    activation: str
    output: Floats
    weights: Floats | None
    bias: Floats | None


@dataclass(frozen=True, eq=False, slots=True)
class ReadOut:
    """A linear read-out of the hidden vector: output = a @ weights + bias.

    ``weights`` (hidden, units), ``bias`` (units,).
    """

    weights: Floats
    bias: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Pass:
    """One pass of one input from the hidden vector on.

    ``a`` (hidden,); ``mean``, ``log_var``, ``eps``, ``z`` (units,), with
    z = mean + exp(log_var / 2) eps; ``decoder``: the layers after z; ``reconstruction`` (*shape)
    in the data's own scale. Of this input's loss, in nats: ``reconstruction_terms`` (*shape) whose
    sum is the reconstruction term, ``kl_by_unit`` (units,), ``beta``, and ``penalty``, what the
    objective makes of the KL (its sum, unless free bits or a capacity target are set), so that
    total = sum of terms + beta * penalty. ``d_mean``, ``d_log_var``, ``d_z`` (units,) are the
    derivatives of that total (d_z: of the reconstruction term, the path through z alone).

    A plain autoencoder's ``log_var`` is minus infinity, its ``kl_by_unit`` and ``d_log_var`` zero.
    Else ``log_var`` is the read-out itself. Beyond +-10 the model computes with less than it says;
    `vaegui.analysis.posterior.bounded_log_var` gives with what, and so do all statistics there.
    """

    a: Floats
    mean: Floats
    log_var: Floats
    eps: Floats
    z: Floats
    decoder: tuple[LayerValues, ...]
    reconstruction: Floats
    reconstruction_terms: Floats
    kl_by_unit: Floats
    beta: float
    penalty: float
    d_mean: Floats
    d_log_var: Floats
    d_z: Floats

    @property
    def total(self) -> float:
        """The loss of this input, nats."""
        return float(self.reconstruction_terms.sum(dtype=np.float64)) + self.beta * self.penalty


@dataclass(frozen=True, eq=False, slots=True)
class Explained:
    """What the network computes of one example, from the input to the loss.

    ``example`` is the input itself; ``x`` (*shape) as the model sees it; ``encoder``: the layers
    between x and the read-outs, the last one's flattened output is a; ``log_var`` is None in a
    plain autoencoder; ``passed``: as the network
    computes it; ``held``: with the hidden activations that the query holds, or None if it holds
    none.
    """

    example: Example
    x: Floats
    encoder: tuple[LayerValues, ...]
    mean: ReadOut
    log_var: ReadOut | None
    passed: Pass
    held: Pass | None

    @property
    def read_outs(self) -> dict[str, ReadOut]:
        """The read-outs that there are, by name: of a plain autoencoder the mean alone."""
        each = {"mean": self.mean, "log_var": self.log_var}
        return {name: read_out for name, read_out in each.items() if read_out is not None}
