"""Statistics of large files, remembered, so that the same file is not read through again."""

from __future__ import annotations

import contextlib
import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Spec
from vaegui.data.statistics.statistics import Statistics
from vaegui.paths import cache_folder

__all__ = ["recall", "remember"]

Found = tuple[tuple[Statistics, ...], str]

_MOST_FILES = 50
"""What was remembered longest ago goes."""


def recall(specs: Sequence[Spec]) -> Found | None:
    """Return what `examine` found for sources with these fingerprints before, or None."""
    path = _path(specs)
    if path is None:
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            parts = tuple(_statistics(arrays, i, spec) for i, spec in enumerate(specs))
            return parts, str(arrays["sha256"])
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
        return None


def remember(specs: Sequence[Spec], found: Found) -> None:
    """Keep what `examine` found. Where it cannot be kept, nothing but time is lost."""
    path = _path(specs)
    if path is None:
        return
    statistics, sha256 = found
    arrays = {"sha256": np.array(sha256)}
    for i, part in enumerate(statistics):
        for field in fields(Statistics):
            value = getattr(part, field.name)
            arrays[f"{i}/{field.name}"] = np.array(-1 if value is None else value)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        with temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        temporary.replace(path)
        kept = sorted(path.parent.glob("*.npz"), key=lambda old: old.stat().st_mtime)
        for old in kept[:-_MOST_FILES]:
            old.unlink(missing_ok=True)


def _path(specs: Sequence[Spec]) -> Path | None:
    """Where it is kept; None if one of the sources is not known by a fingerprint."""
    # A part without examples is known without reading it.
    known = [s.fingerprint if s.length else f"none of {s.shape} {s.dtype}" for s in specs]
    if not all(known):
        return None
    digest = hashlib.sha256("\n".join(known).encode())
    return cache_folder() / "statistics" / f"{digest.hexdigest()}.npz"


def _statistics(arrays: Any, part: int, spec: Spec) -> Statistics:
    """One part's statistics. Raises `KeyError` or `ValueError` if they are not all there."""
    first = int(arrays[f"{part}/first_not_finite"])
    return Statistics(
        count=int(arrays[f"{part}/count"]),
        not_finite=int(arrays[f"{part}/not_finite"]),
        first_not_finite=None if first < 0 else first,
        missing=_shaped(arrays[f"{part}/missing"], spec).astype(np.int64),
        **{name: _shaped(arrays[f"{part}/{name}"], spec) for name in ("low", "high", "mean", "sd")},
    )


def _shaped(array: NDArray[Any], spec: Spec) -> NDArray[np.float64]:
    if array.shape != spec.shape:
        raise ValueError(f"statistics of the shape {array.shape} are not those of {spec.shape}")
    return array.astype(np.float64)
