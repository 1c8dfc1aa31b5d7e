"""Which columns the model should rather see the logarithm of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vaegui.data.advice.advice import Advice, sample
from vaegui.data.dataset import Dataset
from vaegui.data.own.columns.column import Column
from vaegui.errors import Fix

__all__ = ["logarithm_advice"]

_LARGE = 100.0
"""Below that, amounts do not go over several magnitudes."""
_APART = 2.0
"""A mean so many times the median comes from a few very large values."""


def logarithm_advice(dataset: Dataset, columns: Sequence[Column]) -> Advice | None:
    """Find columns of amounts or counts of which a few are far larger than most."""
    names = dataset.train.spec.names.features or ()
    plain = {c.name: i for i, c in enumerate(columns) if c.kind == "number" and not c.log1p}
    x = sample(dataset.train)
    found = {}
    for i, name in enumerate(names):
        if name not in plain or not len(x):
            continue
        mean, median = float(x[:, i].mean()), float(np.median(x[:, i]))
        lowest, highest = float(dataset.summary.low[i]), float(dataset.summary.high[i])
        if lowest >= 0 and highest > _LARGE and mean > _APART * median:
            found[name] = plain[name]
    if not found:
        return None
    shown = ", ".join(list(found)[:5]) + (", ..." if len(found) > 5 else "")
    values = {f"data.columns.{i}.log1p": True for i in found.values()}
    return Advice(
        "logarithms",
        f"The logarithm of {shown}: a few values are far larger than most, and a Gaussian would "
        "see nothing but them.",
        Fix(f"Take log(1 + x) of {shown}", values),
    )
