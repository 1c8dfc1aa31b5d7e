"""A piece of advice, and the sample of the data that it is found with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Source, Spec
from vaegui.errors import Fix

__all__ = ["Advice", "sample", "sample_size"]

_MOST_VALUES = 4_000_000


@dataclass(frozen=True, slots=True)
class Advice:
    """Settings that suit the data: one sentence with its reason, and the settings themselves."""

    kind: str
    sentence: str
    fix: Fix


def sample_size(spec: Spec, most: int = 4000) -> int:
    """How many examples a sample has, with those that have gaps."""
    return min(spec.length, most, max(1, _MOST_VALUES // math.prod(spec.shape)))


def sample(source: Source, most: int = 4000) -> NDArray[np.float64]:
    """Examples from all over a source without those that have gaps, (n, features), in its units."""
    last, count = source.spec.length - 1, sample_size(source.spec, most)
    rows = np.unique(np.linspace(0, last, count).astype(np.int64))
    x = source.read(rows).x.reshape(len(rows), -1).astype(np.float64)
    return x[np.isfinite(x).all(axis=1)]
