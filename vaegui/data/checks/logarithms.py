"""Values that have no logarithm, in features of which the model is to see it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vaegui.data.checks.problem import Examined
from vaegui.data.formats.base import Place, Problem
from vaegui.errors import Fix

__all__ = ["no_logarithms"]


def no_logarithms(examined: Examined) -> Iterator[Problem]:
    """Find features with log(1 + x) that have values of -1 or less."""
    dataset = examined.dataset
    names = dataset.train.spec.names.features
    if dataset.scaling.log1p is None or names is None:
        return
    bad = np.flatnonzero(np.array(dataset.scaling.log1p) & (dataset.summary.low <= -1))
    for i in bad.tolist():
        fix = None
        if "." not in names[i]:
            fix = Fix(f"Take {names[i]} as it is", {f"data.columns.{names[i]}.log1p": False})
        yield Problem(
            "no logarithm",
            f"{names[i]} goes down to {dataset.summary.low[i]:.6g}, and log(1 + x) is only there "
            "above -1.",
            "Training is refused: the model would see no number.",
            (Place(column=names[i]),),
            1,
            fix,
            prevents=True,
        )
