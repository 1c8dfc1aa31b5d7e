"""A piece of advice, and the sample of the data that it is found with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Source
from vaegui.errors import Fix

__all__ = ["Advice", "sample"]

_MOST_VALUES = 4_000_000


@dataclass(frozen=True, slots=True)
class Advice:
    """Settings that suit the data: one sentence with its reason, and the settings themselves."""

    kind: str
    sentence: str
    fix: Fix


def sample(source: Source, most: int = 4000) -> NDArray[np.float64]:
    """Examples from all over a source without those that have gaps, (n, features), in its units."""
    features = math.prod(source.spec.shape)
    count = min(source.spec.length, most, max(1, _MOST_VALUES // features))
    rows = np.unique(np.linspace(0, source.spec.length - 1, count).astype(np.int64))
    x = source.read(rows).x.reshape(len(rows), -1).astype(np.float64)
    return x[np.isfinite(x).all(axis=1)]
