"""Which likelihood and scale suit the values of some data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaegui.data.advice.advice import Advice, sample
from vaegui.data.dataset import Dataset
from vaegui.errors import Fix

__all__ = ["likelihood_advice"]

_END = 0.05
"""So near to an end of the range, as a share of it, a value is as good as at the end."""
_NEARLY_BINARY = 0.75


def likelihood_advice(
    dataset: Dataset, whole_range: float, *, binarised_each_step: bool = False
) -> Advice | None:
    """Judge by the values themselves, in the data's own units.

    Parameters
    ----------
    dataset
        Before it was brought to the scale that the settings ask for.
    whole_range
        The largest value that there can be, where 0 is the smallest; 0 if that is not known.
    binarised_each_step
        Whether the model is trained on 0 and 1 that are drawn from the values.

    Returns
    -------
    Advice or None
        None if no example is without gaps.
    """
    x = sample(dataset.train)
    if not x.size:
        return None
    low, high = float(x.min()), float(x.max())
    picture = len(dataset.shape) > 1
    if len(np.unique(x.ravel()[:100_000])) <= 2 and len(np.unique(x)) <= 2 and low < high:
        at_ends = (low, high) in ((0.0, 1.0), (0.0, whole_range))
        return _advice(
            "Bernoulli",
            "bernoulli",
            "as-is" if at_ends else "unit-interval",
            "all values are one of two",
        )
    if binarised_each_step:
        at_ends = whole_range > 0 or (low >= 0 and high <= 1)
        scale = "as-is" if at_ends else "unit-interval"
        return _advice("Bernoulli", "bernoulli", scale, "the model is trained on zeros and ones")
    if whole_range:
        return _of_bounded(x / whole_range)
    if low >= 0.0 and high <= 1.0 and not _whole_numbers(x):
        return _advice(
            "Continuous Bernoulli",
            "continuous-bernoulli",
            "as-is",
            f"all values lie from 0 to 1 (here from {low:.3g} to {high:.3g}), and it is a density "
            "of just those",
        )
    if picture:
        return _advice(
            "Gaussian with a learned sd",
            "gaussian-learned",
            "standardise",
            f"the pictures have values of any size (here from {low:.3g} to {high:.3g})",
        )
    spreads = x.std(axis=0)
    apart = spreads.max() / max(float(np.min(spreads[spreads > 0], initial=np.inf)), 1e-300)
    why = (
        f"the features have scales of their own, up to {apart:,.0f} times apart"
        if np.isfinite(apart) and apart > 3
        else f"values may be of any size (here from {low:.3g} to {high:.3g})"
    )
    return _advice(
        "Gaussian with a learned sd for each feature",
        "gaussian-learned",
        "standardise",
        why,
        {"likelihood.each": "feature"},
    )


def _of_bounded(x: NDArray[np.float64]) -> Advice:
    """``x`` lies from 0 to 1."""
    share = float(np.mean((x < _END) | (x > 1 - _END)))
    if share >= _NEARLY_BINARY:
        return _advice(
            "Bernoulli",
            "bernoulli",
            "as-is",
            f"{share:.0%} of all values are nearly black or nearly white",
        )
    return _advice(
        "Gaussian with a learned sd",
        "gaussian-learned",
        "as-is",
        f"these are shades: only {share:.0%} of all values are nearly black or nearly white",
    )


def _whole_numbers(x: NDArray[np.float64]) -> bool:
    return bool((x == np.round(x)).all())


def _advice(
    name: str, kind: str, rescale: str, reason: str, more: dict[str, str] | None = None
) -> Advice:
    scale = {"as-is": "", "unit-interval": ", scaled from 0 to 1", "standardise": ", standardised"}
    values = {"likelihood.kind": kind, "rescale.kind": rescale, **(more or {})}
    return Advice(
        "likelihood",
        f"{name}{scale[rescale]}: {reason}.",
        Fix(f"Take {name}{scale[rescale]}", values),
    )
