"""What the axes and values of an array could mean, likeliest first, and what speaks for each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.formats.base import Arrays
from vaegui.data.own.layout.layout import Form, Layout, LayoutError, laid_out
from vaegui.data.stored.file_array import FileArray

__all__ = ["LayoutGuess", "alternatives"]

_LOOKED_AT, _LOOKED_AT_TURNED = 256, 16
"""Examples that are looked at; fewer where each is gathered from all over a file."""
_FEW = 4
"""Channels that a picture has at most, where nobody says otherwise."""
_MANY_MORE = 4
"""The axis of examples is so many times longer than the others, where it is not the first."""
_SMOOTH = 0.7
"""Neighbours in a picture differ less than this share of what any two pixels differ."""
_WHITES = (1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0)


@dataclass(frozen=True, slots=True)
class LayoutGuess:
    """A layout that could be meant, and why: a clause."""

    layout: Layout
    reason: str


def alternatives(arrays: Arrays) -> tuple[LayoutGuess, ...]:
    """What an array could mean: the likeliest, then each that differs from it in one respect.

    A few examples are read. Each can be shown with `laid_out`; "which looks right?"

    Raises
    ------
    DataError
        If examples cannot be read, or an array of such axes holds no examples.
    """
    (axis, why_axis), *other_axes = _axes(arrays)
    rows = _some(arrays, axis)
    white, why_white = _white(rows)
    best, *others = _forms(rows, axis)
    reasons = [why_axis, best.reason]
    if best.layout.form == "picture":
        best = LayoutGuess(best.layout.model_copy(update={"white": white}), best.reason)
        reasons.append(why_white)
        others = [*_of_same_shape(best.layout, rows), *others]
    for other, why in other_axes:
        likeliest = _forms(_some(arrays, other), other)[0]
        others.append(LayoutGuess(likeliest.layout, f"{why}; {likeliest.reason}"))
    pictures = [
        LayoutGuess(guess.layout.model_copy(update={"white": white}), guess.reason)
        if guess.layout.form == "picture"
        else guess
        for guess in others
    ]
    return (LayoutGuess(best.layout, "; ".join(reasons)), *pictures)


def _axes(arrays: Arrays) -> list[tuple[int, str]]:
    """Which axis may count the examples."""
    shape, labels = arrays.x.shape, arrays.labels
    last = len(shape) - 1
    if labels is not None and shape.count(len(labels)) == 1:
        axis = shape.index(len(labels))
        return [(axis, f"axis {axis} has {len(labels):,} entries, as many as there are labels")]
    first_one = (0, f"{shape[0]:,} examples are counted by the first axis, as usual")
    last_one = (last, f"the last axis is far the longest with {shape[last]:,}")
    if labels is not None or shape[last] < _MANY_MORE * max(shape[:last]):
        return [first_one]
    return [last_one, first_one] if last > 1 else [first_one, last_one]


def _some(arrays: Arrays, axis: int) -> NDArray[Any]:
    """Some examples from all over the array, (n, *row_axes), as they are stored."""
    x, length = arrays.x, arrays.x.shape[axis]
    few = _LOOKED_AT_TURNED if axis and isinstance(x, FileArray) else _LOOKED_AT
    rows = np.unique(np.linspace(0, length - 1, min(few, length)).astype(np.int64))
    flat = laid_out(Arrays(x), Layout(form="features", examples=axis))[rows]
    return flat.reshape(len(flat), *Layout(examples=axis).row_axes(x.shape))


def _forms(rows: NDArray[Any], axis: int) -> list[LayoutGuess]:
    """What an example may be, by the number and length of its axes."""
    shape = rows.shape[1:]
    if len(shape) == 1:
        return _of_rows(rows, axis)
    if len(shape) == 2:
        guesses = [_guess("picture", axis, f"{shape[0]} by {shape[1]} values are a grey picture")]
        if min(shape) <= 16 and max(shape) >= _MANY_MORE * min(shape):
            where: Any = "first" if shape[0] < shape[1] else "last"
            why = f"{min(shape)} channels of {max(shape)} values are a signal"
            guesses.insert(0, _guess("signal", axis, why, channels=where))
        return guesses
    if len(shape) != 3:
        raise LayoutError(
            f"One example has the shape {shape}, and can be neither features nor a picture.",
            "Give an array of the shape (n, features), (n, height, width) or "
            "(n, height, width, channels).",
        )
    counts = {"last": shape[2], "first": shape[0]}
    if shape[0] <= _FEW < shape[2]:
        counts = dict(reversed(counts.items()))
    guesses = [
        _guess("picture", axis, f"{count} channels come {where_}", channels=where_)
        for where_, count in counts.items()
        if count <= _FEW
    ]
    return guesses or [_guess("picture", axis, f"{shape[2]} channels come last", channels="last")]


def _of_rows(rows: NDArray[Any], axis: int) -> list[LayoutGuess]:
    """An example is one row of numbers: features, or a picture that was unrolled."""
    count = rows.shape[1]
    plain = _guess("features", axis, f"{count} numbers for each example")
    pictures = []
    for depth in (1, 3):
        width = math.isqrt(count // depth)
        if width < 5 or width * width * depth != count:
            continue
        for channels in ("none",) if depth == 1 else ("first", "last"):
            why = f"{count} numbers are {width} by {width} pixels"
            fields = {"channels": channels, "width": width, "depth": depth}
            guess = _guess("picture", axis, why, **fields)
            pictures.append((_roughness(guess.layout.apply(rows)), guess))
    if not pictures:
        signal = _guess("signal", axis, f"{count} values one after the other are a curve")
        smooth = count >= 16 and _roughness(rows) < _SMOOTH
        return [signal, plain] if smooth else [plain, signal]
    pictures.sort(key=lambda pair: pair[0])
    ordered = [guess for _, guess in pictures]
    if pictures[0][0] >= _SMOOTH:
        return [plain, *ordered]
    best = ordered[0]
    ordered[0] = LayoutGuess(best.layout, f"{best.reason}, and neighbours are alike")
    return [*ordered, plain]


def _roughness(pictures: NDArray[Any]) -> float:
    """How much values differ from those below them, as a share of what any two values differ."""
    values = pictures.astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(np.diff(values, axis=1)).mean()
        others = np.random.Generator(np.random.Philox(0)).permutation(values.shape[1])
        far = np.abs(values - values[:, others]).mean()
    return float(near / far) if np.isfinite(far) and far > 0 else 1.0


def _white(rows: NDArray[Any]) -> tuple[float, str]:
    """Which value is white, 0 if none is, and why."""
    finite = rows[np.isfinite(rows)]
    if not finite.size or finite.min() < 0:
        return 0.0, "values may be negative, so none is white"
    most = float(finite.max())
    white = next((w for w in _WHITES if most <= w), 0.0)
    whole = bool((finite == np.round(finite)).all())
    if white == 1.0:
        return white, "values lie from 0 to 1"
    if not white or not whole or most < white / 4:
        return 0.0, f"values go up to {most:g}, which is no usual white"
    return white, f"values are whole numbers up to {most:g}, so white is {white:g}"


def _of_same_shape(layout: Layout, rows: NDArray[Any]) -> list[LayoutGuess]:
    """The same pictures on their side, and with black and white exchanged."""
    side = layout.model_copy(update={"transposed": True})
    guesses = [LayoutGuess(side, "the pictures lie on their side")]
    if layout.white:
        pictures = layout.apply(rows)
        edge = np.concatenate([pictures[:, 0].ravel(), pictures[:, -1].ravel()])
        bright = float(edge.mean()) > layout.white / 2
        why = "the edges are bright" if bright else "black and white are exchanged"
        changed = layout.model_copy(update={"inverted": True})
        guesses.insert(0 if bright else 1, LayoutGuess(changed, why))
    return guesses


def _guess(form: Form, axis: int, reason: str, **fields: Any) -> LayoutGuess:
    return LayoutGuess(Layout(form=form, examples=axis, **fields), reason)
