"""The loss of one input taken apart: by pixel or feature, by unit, and the sum of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.ticker import MaxNLocator, NullLocator
from numpy.typing import NDArray

from vaegui.analysis.posterior import standard_deviation
from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import example_name
from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.navigation import over, to_data
from vaegui.panels.drawing.stage import SMALL, TEXT, Stage, plain
from vaegui.panels.drawing.text import fitting, subscript, text_width
from vaegui.panels.drawing.tiles import tiles
from vaegui.panels.explain.shared.bars import NamedBars
from vaegui.panels.explain.shared.base import (
    BigQuestion,
    Control,
    ValueColumn,
    ValueTable,
)
from vaegui.panels.explain.shared.explanation_base import ExplainsInput
from vaegui.panels.explain.shared.plots import HEAD, Plot
from vaegui.queries.base import Result
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained, Pass
from vaegui.training.record.events import Prepared

__all__ = ["LossApart"]

Array = NDArray[Any]

EQUATION = 40.0


class LossApart(ExplainsInput):
    """Reconstruction where it arises, KL where it arises, and both as parts of the total."""

    name: ClassVar[str] = "loss-apart"
    title: ClassVar[str] = "The loss of this input, taken apart"
    question: ClassVar[str] = "What is the loss of this one input made of?"
    part: ClassVar[BigQuestion] = "gaussian"
    about_spread: ClassVar[bool] = True
    controls: ClassVar[tuple[Control, ...]] = ("example", "noise")
    empty: ClassVar[str] = (
        "Train a model: the loss of the picked input will appear here pixel by pixel or feature by "
        "feature, and unit by unit."
    )

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        style, picture = stage.style, begun.data.is_image
        self._top = 0.0
        self._features = None if picture else Features(begun)
        self._pictures = tiles(stage.axes(frame=False), style, begun) if picture else None
        self._names = [stage.text(0, 0, size=SMALL, color=style.muted) for _ in range(2)]
        self._heat = stage.axes(frame=False)
        self._image = self._heat.imshow(
            np.zeros((1, 1)), cmap=style.diverging, interpolation="nearest", aspect="auto"
        )
        self._scale = stage.axes()
        self._scale.xaxis.set_major_locator(NullLocator())
        self._scale.yaxis.tick_right()
        self._ramp = self._scale.imshow(
            np.linspace(1, 0, 256)[:, None], cmap=style.diverging, aspect="auto"
        )
        self._head = stage.text(0, 0, size=TEXT, weight="bold")
        self._terms = NamedBars(stage, style.reconstruction)
        self._kl = NamedBars(stage, style.kl)
        self._total = Plot(stage, left=0.0)
        self._total.axes.yaxis.set_major_locator(NullLocator())
        self._parts = [
            PolyCollection([], facecolors=colour, linewidths=0)
            for colour in (style.reconstruction, style.kl)
        ]
        for part in self._parts:
            self._total.axes.add_collection(part, autolim=False)
        self._sum = [
            stage.text(0, 0, size=TEXT + 1, color=colour, weight="bold")
            for colour in (style.reconstruction, style.kl, style.text)
        ]

    def update_artists(self, content: Result[Explained], ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        explained = content.value
        passed = explained.passed
        if self._pictures is not None:
            stale = self._draw_pictures(explained.example.x, passed)
        else:
            stale = self._draw_terms(passed)
        kl = passed.kl_by_unit
        names = [f"z{subscript(i + 1)}" for i in range(len(kl))]
        stale |= self._kl.show(kl, names)
        whole = float(kl.sum(dtype=np.float64))
        self._kl.plot.head(
            plain(f"KL by unit: sum {whole:.4f} nats"), plain(f"KL: sum {whole:.2f}")
        )
        return self._draw_total(passed) or stale

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        where: list[Artist] = self._terms.artists() if self._pictures is None else []
        if self._pictures is not None:
            where = [self._head, *self._names, *self._pictures.artists(), self._image]
        return [*where, *self._kl.artists(), *self._total.texts(), *self._parts, *self._sum]

    def hover_text(self, x: float, y: float, ctx: Context[Any]) -> str:
        """The term under the mouse."""
        answer = ctx.latest(Explain)
        if answer is None:
            return ""
        passed = answer.value.passed
        if over(self._kl.plot.axes, x, y):
            return self._kl.hover_text(x, y)
        if self._pictures is None:
            return self._terms.hover_text(x, y) if over(self._terms.plot.axes, x, y) else ""
        if not over(self._heat, x, y):
            return ""
        terms = _flat(passed.reconstruction_terms)
        column, row = (int(v + 0.5) for v in to_data(self._heat, x, y))
        row, column = min(row, terms.shape[0] - 1), min(column, terms.shape[1] - 1)
        return plain(f"row {row + 1}, column {column + 1}: {terms[row, column]:.4f} nats")

    def table(self, ctx: Context[Any]) -> ValueTable | None:
        """KL by unit, and below it the sum of all."""
        answer = ctx.latest(Explain)
        if answer is None:
            return None
        passed = answer.value.passed
        kl = passed.kl_by_unit
        reconstruction, whole = _sums(passed)
        rows = [("", "sum of KL", "", plain(f"{whole:,.4f}"))]
        if not np.isclose(passed.penalty, whole):
            rows.append(("", "what the objective makes of it", "", plain(f"{passed.penalty:,.4f}")))
        rows.append(
            ("", f"× β = {passed.beta:g}", "", plain(f"{passed.beta * passed.penalty:,.4f}"))
        )
        rows.append(("", "+ reconstruction", "", plain(f"{reconstruction:,.4f}")))
        rows.append(("", "= loss of this input, nats", "", plain(f"{passed.total:,.4f}")))
        return ValueTable(
            (
                ValueColumn("unit", np.arange(1, len(kl) + 1), 0),
                ValueColumn("μ", passed.mean, role="output"),
                ValueColumn("σ", standard_deviation(passed.log_var), role="output"),
                ValueColumn("KL, nats", kl, tip="(σ² + μ² − 1 − log σ²) / 2"),
            ),
            tuple(rows),
        )

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run = ctx.run
        answer = ctx.latest(Explain)
        if answer is None:
            return ctx.not_kept or self.empty
        passed = answer.value.passed
        name = example_name(run.begun, answer.value.example.ref).capitalize()
        reconstruction, whole = _sums(passed)
        count = passed.reconstruction_terms.size
        what = "pixels" if run.begun.data.is_image else "features"
        made = "β times the KL"
        if not np.isclose(passed.penalty, whole):
            made = f"β times {passed.penalty:.4f}, which the objective makes of the KL"
        return plain(
            f"{name}: the reconstruction term −log p(x|z) is a sum over {count:,} "
            f"{what}, {reconstruction:,.4f} nats for this one draw of z; the KL of its Gaussian "
            f"from N(0, I) is a sum over {len(passed.kl_by_unit)} units, {whole:,.4f} nats. With "
            f"{made}, the loss of this input is {reconstruction:,.4f} + {passed.beta:g} × "
            f"{passed.penalty:,.4f} = {passed.total:,.4f} nats. Another ε changes the first, "
            "not the second."
        )

    def arrange(self) -> None:
        """Where it arises at the left, KL at the right, the sum below."""
        stage, picture = self._stage, self._pictures is not None
        width, height = stage.width - 20, stage.height - EQUATION - 22
        first = 0.6 * width
        columns = first, width - first - 20
        (cells,) = stage.grid((10, 4, width, height), columns=columns, gap=20)
        self._heat.set_visible(picture)
        self._scale.set_visible(picture)
        self._terms.plot.axes.set_visible(not picture)
        if self._pictures is not None:
            ratio = self._pictures.ratio
            small = min(0.32 * first, 0.5 * (height - HEAD - 24) / ratio)
            # The heat map is as tall as the two pictures with their names.
            tall = min(height - HEAD - 8, (first - small - 52) * ratio)
            small = min(small, 0.5 * (tall - 24) / ratio)
            self._small = small
            self._head.set_position((10, 14))
            below = self._pictures.gap
            stage.place(self._pictures.axes, 10, 4 + HEAD + 10, small, small * (2 * ratio + below))
            self._names[0].set_position((10, 4 + HEAD + 7))
            self._names[1].set_position((10, 4 + HEAD + small * (2 * ratio + below) + 20))
            stage.place(self._heat, 22 + small, 4 + HEAD + 2, tall / ratio, tall)
            stage.place(self._scale, 22 + small + tall / ratio + 8, 4 + HEAD + 2, 8, tall)
            self._scale.yaxis.set_major_locator(MaxNLocator(max(3, int(tall / 34))))
        else:
            self._terms.arrange(*cells[0])
        self._kl.arrange(*cells[1])
        self._total.arrange(10, stage.height - EQUATION - 14, width, EQUATION + 12)

    def _draw_pictures(self, x: Array, passed: Pass) -> bool:
        assert self._pictures is not None
        pictures = np.stack([np.asarray(x, np.float32), passed.reconstruction])
        self._pictures.show(pictures, np.zeros(2, bool), 1)
        self._names[0].set_text("input x")
        self._names[1].set_text("reconstruction" if self._small > 56 else "recon.")
        terms = _flat(passed.reconstruction_terms)
        # One colour for what adds, another for what takes away (densities above 1 do).
        most = max(float(np.abs(terms).max()), 1e-9)
        stale = not 0.7 * self._top <= most <= self._top
        if stale:
            top = self._top = 1.15 * most
            low = -top if float(terms.min()) < -0.02 * top else 0.0
            colours = self._stage.style.diverging if low < 0 else "magma"
            for image in (self._image, self._ramp):
                image.set_cmap(colours)
            self._image.set_norm(Normalize(low, top))
            self._ramp.set_extent((0, 1, low, top))
            self._scale.set_ylim(low, top)
        self._image.set_data(terms)
        rows, columns = terms.shape
        extent = (-0.5, columns - 0.5, rows - 0.5, -0.5)
        if list(self._image.get_extent()) != list(extent):
            self._image.set_extent(extent)
        self._heat.set(xlim=extent[:2], ylim=extent[2:])
        total = float(terms.sum(dtype=np.float64))
        self._head.set_text(
            fitting(
                0.6 * self._stage.width,
                TEXT,
                plain(f"reconstruction by pixel, −log p(x|z): sum {total:,.4f} nats"),
                plain(f"−log p(x|z) by pixel: sum {total:,.2f} nats"),
                bold=True,
            )
        )
        return stale

    def _draw_terms(self, passed: Pass) -> bool:
        assert self._features is not None
        terms = self._features.summed(passed.reconstruction_terms.ravel())
        total = float(terms.sum(dtype=np.float64))
        self._terms.plot.head(
            plain(f"reconstruction by feature, −log p(x|z): sum {total:,.4f} nats"),
            plain(f"−log p(x|z) by feature: sum {total:,.2f}"),
        )
        return self._terms.show(terms, [variable.name for variable in self._features.variables])

    def _draw_total(self, passed: Pass) -> bool:
        reconstruction, _ = _sums(passed)
        rest = passed.beta * passed.penalty
        start = min(reconstruction, 0.0)
        ends = ((0.0, reconstruction), (reconstruction, reconstruction + rest))
        for part, (low, high) in zip(self._parts, ends, strict=True):
            part.set_verts([[(low, 0.1), (low, 0.9), (high, 0.9), (high, 0.1)]])
        self._total.axes.set_ylim(0, 1)
        top = max(reconstruction + rest, 0.0)
        stale = self._total.limit((start, top), pad=0.0)
        texts = (
            f"reconstruction {reconstruction:,.3f}",
            f"+ β KL: {passed.beta:g} × {passed.penalty:,.3f}",
            f"= {passed.total:,.3f} nats",
        )
        x = 10.0
        for word, text in zip(self._sum, texts, strict=True):
            word.set_text(plain(text))
            word.set_position((x, self._stage.height - EQUATION - 5))
            x += text_width(text, TEXT + 1, bold=True) + 6
        return stale


def _flat(terms: Array) -> Array:
    """Terms of a picture, (height, width): channels added."""
    return terms if terms.ndim == 2 else np.asarray(terms.sum(axis=-1))


def _sums(passed: Pass) -> tuple[float, float]:
    """The reconstruction term and the KL, in nats."""
    return (
        float(passed.reconstruction_terms.sum(dtype=np.float64)),
        float(passed.kl_by_unit.sum(dtype=np.float64)),
    )
