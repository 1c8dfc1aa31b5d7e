"""Values that the likelihood does not take."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vaegui.data.checks.problem import Examined
from vaegui.data.formats.base import Problem
from vaegui.errors import Fix

__all__ = ["out_of_range"]

_ROUNDING = 1e-6


def out_of_range(examined: Examined) -> Iterator[Problem]:
    """Compare the values, as the model sees them, with those that the likelihood takes."""
    summary, scaling = examined.dataset.summary, examined.dataset.scaling
    ends = [scaling.to_model(summary.low), scaling.to_model(summary.high)]
    low, high = float(np.min(ends)), float(np.max(ends))
    if examined.allowed is None or not np.isfinite([low, high]).all():
        return
    least, most = examined.allowed
    if least - _ROUNDING <= low and high <= most + _ROUNDING:
        return
    yield Problem(
        "out of range",
        f"Values lie between {low:.4g} and {high:.4g} as the model sees them; the likelihood takes "
        f"those from {least:g} to {most:g}.",
        "Training is refused: such values have no probability under it.",
        fix=Fix("Scale from 0 to 1", {"rescale.kind": "unit-interval"}),
        prevents=True,
    )
