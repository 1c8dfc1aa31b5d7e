"""Examples encoded with the model of a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaegui.data.formats.base import LedgerEntry
from vaegui.data.own.another.difference import Difference
from vaegui.data.source import Part

__all__ = ["Encoded", "FileEncoding"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class Encoded:
    """The posteriors of examples, and what these cost.

    Attributes
    ----------
    part
        The part of the model's data that they are, or None for those of a file.
    rows
        Which of its examples they are, (n,), counted from 0.
    labels
        Of each, (n,), or None.
    mean, log_var
        Of each posterior, (n, units).
    reconstruction, kl
        The terms of the loss in nats, (n,) and (n, units), from one draw of z for each example.
    """

    part: Part | None
    rows: NDArray[np.int64]
    labels: NDArray[np.int64] | None
    mean: Floats
    log_var: Floats
    reconstruction: Floats
    kl: Floats


@dataclass(frozen=True, eq=False, slots=True)
class FileEncoding:
    """The posteriors of the examples of a file.

    Attributes
    ----------
    encoded
        Those that could be encoded.
    difference
        How the file differs from what the model was trained on.
    ledger
        What could not be read or was left out.
    """

    encoded: Encoded
    difference: Difference
    ledger: tuple[LedgerEntry, ...]
