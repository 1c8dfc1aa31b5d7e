"""What can be tried on a model, and what comes of it: experiments that take many steps.

An experiment is a question whose answer needs time. The worker advances it piece by piece between
two chunks of training steps, tells what has come of it so far as `Observed`, and puts a newer
experiment of the same class in the place of an older one. None of them changes the model: those
that train do so on copies. ``laboratory/`` does them; this module imports no TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "EqualRows",
    "Experiment",
    "Finding",
    "PlainAutoencoder",
    "Population",
    "PopulationFound",
    "RowsFound",
    "RunManyTimes",
    "TimesFound",
    "Trained",
    "TwinsFound",
]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class RunManyTimes:
    """Pass one probe through the network ``count`` times, each time with another eps.

    The first ``n`` draws of a longer run with the same ``seed`` are those of a shorter one, and
    asking for more of the same goes on from those that there are, with the first ones' weights.
    """

    probe: int
    count: int
    seed: int


@dataclass(frozen=True, eq=False, slots=True)
class TimesFound:
    """The draws so far.

    ``mean``, ``log_var`` (units,) of the posterior, which is the same at every pass; ``z``
    (draws, units); ``decoded`` (at most 64, *shape) of the first draws; ``decoded_mean`` and
    ``decoded_sd`` (*shape) over all draws. Pictures are in the data's own scale.
    """

    mean: Floats
    log_var: Floats
    z: Floats
    decoded: Floats
    decoded_mean: Floats
    decoded_sd: Floats


@dataclass(frozen=True, slots=True)
class Population:
    """Encode the whole training part: the data set's mean and sd against each input's own."""


@dataclass(frozen=True, eq=False, slots=True)
class PopulationFound:
    """The posteriors so far: ``mean``, ``log_var`` (examples, units), ``labels`` or None."""

    mean: Floats
    log_var: Floats
    labels: NDArray[np.int64] | None


@dataclass(frozen=True, slots=True)
class EqualRows:
    """On a copy, give unit ``second`` the read-out of the mean of ``first``; train ``steps`` more.

    The copy starts from the weights that the model has when the experiment begins.
    """

    steps: int
    first: int = 0
    second: int = 1


@dataclass(frozen=True, eq=False, slots=True)
class RowsFound:
    """What became of the two rows, at ``step`` (points,) 0, ..., steps of the copy.

    ``distance`` (points,) is the Euclidean distance of the two columns of weights and biases;
    ``gradient`` (points, 2) the norms of their gradients and ``gradient_distance`` (points,) the
    norm of the gradients' difference, of the loss on one fixed batch with fixed noise.
    ``before`` and ``after`` (probes, units) are the probes' means in the copy when the rows were
    made equal and now. ``original`` (probes, units) are those of the model itself.
    """

    step: NDArray[np.int64]
    distance: Floats
    gradient: Floats
    gradient_distance: Floats
    original: Floats
    before: Floats
    after: Floats


@dataclass(frozen=True, slots=True)
class PlainAutoencoder:
    """Train two copies for ``steps`` from the same untrained start on the same batches.

    One is the VAE of the settings; in the other sigma is 0 and the KL term is left out.
    """

    steps: int


@dataclass(frozen=True, eq=False, slots=True)
class Trained:
    """One of the two copies.

    ``reconstruction`` (points,) is its reconstruction term over the probes with z = mean, nats;
    ``mean``, ``log_var`` (probes, units); ``samples`` (n, *shape) what draws from the prior
    decode to, the same z in both copies, in the data's own scale.
    """

    reconstruction: Floats
    mean: Floats
    log_var: Floats
    samples: Floats


@dataclass(frozen=True, eq=False, slots=True)
class TwinsFound:
    """Both copies so far, looked at after ``step`` (points,) steps; ``z`` (n, units) of samples."""

    step: NDArray[np.int64]
    vae: Trained
    plain: Trained
    z: Floats


Experiment = RunManyTimes | Population | EqualRows | PlainAutoencoder
Finding = TimesFound | PopulationFound | RowsFound | TwinsFound
