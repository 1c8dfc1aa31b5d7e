"""A small picture of a run's latent space, by which its file can be recognised."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw

from vaegui.analysis.posterior import kl_by_unit, leading_pair, standard_deviation
from vaegui.panels.style import Style, style
from vaegui.training.record.events import Snapshot
from vaegui.training.record.snapshots import SnapshotStore

__all__ = ["SIZE", "checked", "thumbnail"]

SIZE = (320, 240)
_FINER = 3
"""It is drawn so many times larger, then made smaller, so that its lines are smooth."""
_MARK, _HEADER = b"\x89PNG\r\n\x1a\n", 24
_LARGEST = 2048

Array = NDArray[Any]


def thumbnail(snapshots: SnapshotStore) -> bytes | None:
    """The latest snapshot as PNG: each probe's Gaussian, coloured by label, over the prior's rings.

    Of many units the two with the most KL are shown, as in the panel; of a single one the mean from
    left to right and the standard deviation upwards. None if there is no snapshot.
    """
    latest = snapshots.at(None)
    if latest is None:
        return None
    colours = style("light")
    centre, half, rings = _ellipses(latest)
    canvas = Image.new("RGB", (SIZE[0] * _FINER, SIZE[1] * _FINER), colours.background)
    pen = ImageDraw.Draw(canvas, "RGBA")
    low, scale = _view(centre, half, canvas.size)

    def box(middle: Array, radii: Array) -> tuple[float, float, float, float]:
        left, bottom = (middle - radii - low) * scale
        right, top = (middle + radii - low) * scale
        return left, canvas.height - top, right, canvas.height - bottom

    for radius in rings:
        pen.ellipse(box(np.zeros(2), np.full(2, radius)), outline=colours.prior, width=_FINER)
    inks, dot = _colours(snapshots.labels, len(centre), colours), np.full(2, 2 * _FINER / scale)
    for middle, radii, ink in zip(centre, half, inks, strict=True):
        pen.ellipse(box(middle, radii), outline=(*ink, 60), width=_FINER)
    for middle, ink in zip(centre, inks, strict=True):
        pen.ellipse(box(middle, dot), fill=(*ink, 220))
    file = io.BytesIO()
    canvas.reduce(_FINER).save(file, "png", optimize=True)
    return file.getvalue()


def checked(content: bytes) -> bytes:
    """The bytes, if they begin as a PNG of modest size does. Raises `ValueError` otherwise."""
    sides = np.frombuffer(content[16:_HEADER].ljust(8, b"\0"), ">u4")
    if content[:8] != _MARK or not (sides.min() > 0 and sides.max() <= _LARGEST):
        raise ValueError("the thumbnail is not a small PNG picture")
    return content


def _ellipses(latest: Snapshot) -> tuple[Array, Array, tuple[float, ...]]:
    """Centres and half axes (probes, 2) of what is drawn, and the radii of the prior's rings."""
    mean, log_var = latest.mean.astype(float), latest.log_var.astype(float)
    sd = standard_deviation(log_var)
    if mean.shape[1] == 1:
        return np.hstack([mean, sd]), np.zeros((len(mean), 2)), ()
    if not sd.any():  # a plain autoencoder, which has no prior
        pair = list(leading_pair(mean.var(axis=0)))
        return mean[:, pair], sd[:, pair], ()
    pair = list(leading_pair(kl_by_unit(mean, log_var).mean(axis=0)))
    return mean[:, pair], sd[:, pair], (1.0, 2.0)


def _view(centre: Array, half: Array, size: tuple[int, int]) -> tuple[Array, float]:
    """The lower left corner that is shown, and pixels for each unit of length."""
    low, high = (centre - half).min(axis=0), (centre + half).max(axis=0)
    span = np.maximum(high - low, 1e-6) * 1.1
    scale = float(np.min(np.array(size) / span))
    return (low + high) / 2 - np.array(size) / (2 * scale), scale


def _colours(
    labels: NDArray[np.int64] | None, probes: int, colours: Style
) -> list[tuple[int, ...]]:
    palette = [ImageColor.getrgb(colour)[:3] for colour in colours.classes]
    if labels is None:
        return [ImageColor.getrgb(colours.accent)[:3]] * probes
    return [palette[int(label) % len(palette)] for label in labels]
