"""What can be asked of a model while it trains, and the answers.

A question stands until another of its class replaces it: it is answered at once, between two
chunks of steps, and again with each snapshot, so that what it shows moves while the model learns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Content",
    "Decode",
    "Decoded",
    "Explain",
    "Explained",
    "Inspect",
    "Inspected",
    "LayerValues",
    "Line",
    "Lined",
    "Pass",
    "Question",
    "ReadOut",
]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Decode:
    """What does the decoder make of this z? ``z`` has one number for each latent unit."""

    z: tuple[float, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Decoded:
    """The reconstruction of one z, (*shape), in the data's own scale."""

    reconstruction: Floats


@dataclass(frozen=True, slots=True)
class Inspect:
    """Everything about one probe: its posterior and what draws from it decode to."""

    probe: int
    draws: int = 16


@dataclass(frozen=True, eq=False, slots=True)
class Inspected:
    """The posterior of one input, and draws from it with noise that stays the same.

    ``mean``, ``log_var`` (units,); ``reconstruction`` (*shape) of the mean;
    ``z`` (draws, units) and ``decoded`` (draws, *shape). Pictures are in the data's own scale.
    """

    mean: Floats
    log_var: Floats
    reconstruction: Floats
    z: Floats
    decoded: Floats


@dataclass(frozen=True, slots=True)
class Explain:
    """How everything about one probe is computed, number by number."""

    probe: int
    held: tuple[tuple[int, float], ...] = ()
    """Hidden activations that are held at a value: (index in a, value); what follows follows."""
    noise: int = 0
    """Which draw of eps; the same number always gives the same draw."""


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

    ``log_var`` is the read-out itself. Beyond +-10 the model computes with less than it says;
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
    """Everything about one probe.

    ``x`` (*shape) as the model sees it; ``encoder``: the layers between x and the read-outs, the
    last one's flattened output is a; ``passed``: as the network computes it; ``held``: with
    the hidden activations that the question holds, or None if it holds none.
    """

    x: Floats
    encoder: tuple[LayerValues, ...]
    mean: ReadOut
    log_var: ReadOut
    passed: Pass
    held: Pass | None


@dataclass(frozen=True, slots=True)
class Line:
    """How mean and sd change on the straight line from one probe to another."""

    start: int
    end: int
    points: int = 101


@dataclass(frozen=True, eq=False, slots=True)
class Lined:
    """Posteriors along the line.

    ``at`` (points,) from 0 to 1; ``mean``, ``log_var`` (points, units); ``x`` and
    ``reconstruction`` (9, *shape) at nine even places of it, in the data's own scale.
    """

    at: Floats
    mean: Floats
    log_var: Floats
    x: Floats
    reconstruction: Floats


Question = Decode | Inspect | Explain | Line
Content = Decoded | Inspected | Explained | Lined
