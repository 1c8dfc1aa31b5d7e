"""One input followed through the network, number by number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.queries.base import Query, Steps

if TYPE_CHECKING:
    from vaegui.queries.subject import Subject

__all__ = ["Explain", "Explained", "LayerValues", "Pass", "ReadOut"]

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

    query: Explain
    x: Floats
    encoder: tuple[LayerValues, ...]
    mean: ReadOut
    log_var: ReadOut
    passed: Pass
    held: Pass | None


@dataclass(frozen=True, slots=True)
class Explain(Query[Explained]):
    """Follow one probe through the network.

    Parameters
    ----------
    probe
        Its number.
    held
        Hidden activations that are held at a value: (index in a, value); what follows follows.
    noise
        Which draw of eps; the same number always gives the same draw.
    """

    title: ClassVar[str] = "explain an input"

    probe: int
    held: tuple[tuple[int, float], ...] = ()
    noise: int = 0

    def fits(self, subject: Subject) -> bool:
        """See `Query.fits`."""
        hidden = subject.model.vae.hidden_units
        return all(0 <= i < hidden for i, _ in self.held) and subject.has_probe(self.probe)

    def run(self, subject: Subject) -> Steps[Explained]:
        """See `Query.run`."""
        yield from ()
        model = subject.model
        # A counter far from that of `Inspect`, whose stream has the same key.
        random = np.random.Generator(
            np.random.Philox(counter=[0, 0, 0, 1 + self.noise], key=[model.seed, self.probe])
        )
        eps = random.standard_normal(model.vae.units, np.float32)
        return subject.worked.explain(self, subject.probe(self.probe), eps)
