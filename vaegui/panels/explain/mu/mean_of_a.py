"""Whether a unit's mean is the mean of the hidden vector a: it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import example_name
from vaegui.panels.drawing.navigation import over, settle, to_data
from vaegui.panels.drawing.stage import TEXT, Stage, plain
from vaegui.panels.drawing.text import subscript
from vaegui.panels.explain.shared.base import BigQuestion, Control
from vaegui.panels.explain.shared.explanation_base import ExplainsInput
from vaegui.queries.base import Result
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained
from vaegui.training.record.events import Prepared

__all__ = ["MeanOfA"]

LEFT, RIGHT, TOP, BOTTOM = 40.0, 190.0, 26.0, 34.0
LABEL = 15.0
"""Least distance of two labels in points."""
SHOWN = 8
"""Means of so many units at most are drawn."""


class MeanOfA(ExplainsInput):
    """The activations as bars, their plain mean, and every unit's mean at its own height."""

    name: ClassVar[str] = "mean-of-a"
    title: ClassVar[str] = "Is it the mean of a?"
    question: ClassVar[str] = "Is μ₁ the mean of the vector a?"
    part: ClassVar[BigQuestion] = "mu"
    controls: ClassVar[tuple[Control, ...]] = ("example",)
    empty: ClassVar[str] = (
        "Train a model: the activations of its hidden vector a for the picked input will appear "
        "here, with their plain mean and the means μ that the model reads out of them."
    )

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        style = stage.style
        self._axes = axes = stage.axes()
        axes.xaxis.set_major_locator(NullLocator())
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: plain(f"{v:g}")))
        self._zero = axes.axhline(0, color=style.muted, linewidth=0.6)
        self._bars = PolyCollection([], facecolors=style.output, alpha=0.55, linewidths=0)
        axes.add_collection(self._bars, autolim=False)
        (self._plain,) = axes.plot([], [], color=style.text, linewidth=1.4, clip_on=False)
        self._levels = [
            axes.plot([], [], color=style.output, linewidth=1.8, clip_on=False)[0]
            for _ in range(SHOWN)
        ]
        self._leaders = [
            stage.sheet.plot([], [], color=style.muted, linewidth=0.6)[0] for _ in range(SHOWN + 1)
        ]
        self._labels = [
            stage.text(0, 0, va="center", size=TEXT + 1, color=style.output, weight="bold")
            for _ in range(SHOWN)
        ]
        self._labels.append(stage.text(0, 0, va="center", size=TEXT + 1, weight="bold"))
        self._head = stage.text(LEFT, 16, color=style.muted, size=TEXT)
        self._below = stage.text(0, 0, color=style.muted, size=TEXT, ha="center")
        self._span: tuple[float, float] | None = None

    def update_artists(self, content: Result[Explained], ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        explained = content.value
        a, mean = explained.passed.a, explained.passed.mean
        stale = self._limit(a, mean)
        self._draw_bars(a)
        self._draw_levels(float(a.mean(dtype=np.float64)), mean)
        name = example_name(ctx.run.begun, explained.example.ref)
        below = f"the {len(a):,} activations a₁ … a{subscript(len(a))} of {name}"
        self._below.set_text(below)
        return stale

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        return [
            self._bars,
            self._plain,
            *self._levels,
            *self._leaders,
            *self._labels,
            self._head,
            self._below,
        ]

    def hover_text(self, x: float, y: float, ctx: Context[Any]) -> str:
        """The activation under the mouse."""
        answer = ctx.latest(Explain)
        if answer is None or not over(self._axes, x, y):
            return ""
        a = answer.value.passed.a
        index = int(np.floor(to_data(self._axes, x, y)[0] + 0.5))
        return (
            f"a{subscript(index + 1)} = {plain(f'{a[index]:.4f}')}" if 0 <= index < len(a) else ""
        )

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        answer = ctx.latest(Explain)
        if answer is None:
            return ctx.not_kept or self.empty
        explained = answer.value
        a, mean = explained.passed.a, explained.passed.mean
        shown = ", ".join(
            f"μ{subscript(i + 1)} = {plain(f'{value:.4f}')}" for i, value in enumerate(mean[:2])
        )
        return (
            f"No. The plain mean of a is (a₁ + … + a{subscript(len(a))}) / {len(a)} = "
            f"{plain(f'{a.mean(dtype=np.float64):.4f}')}; it weighs every activation the same, "
            f"1/{len(a)}. {shown}: each is a sum of the same activations with weights "
            "of its own, which were learned, plus a bias. So there is one mean of a, but one μ for "
            "each latent unit. μ is called a mean because it is where the Gaussian "
            "of this input lies, not because anything was averaged."
        )

    def arrange(self) -> None:
        """See `PanelBase.arrange`."""
        stage = self._stage
        width, height = stage.width - LEFT - RIGHT, stage.height - TOP - BOTTOM
        stage.place(self._axes, LEFT, TOP, width, height)
        self._below.set_position((LEFT + width / 2, stage.height - 14))
        self._axes.yaxis.set_major_locator(MaxNLocator(max(3, int(height / 40))))
        self._span = None

    def _limit(self, a: np.ndarray, mean: np.ndarray) -> bool:
        """Limits for all bars and levels; whether they changed."""
        low = min(0.0, float(a.min()), float(mean[:SHOWN].min()))
        high = max(0.0, float(a.max()), float(mean[:SHOWN].max()))
        span = settle(self._span, low, high)
        limits = (-0.7, len(a) - 0.3)
        changed = span != self._span or self._axes.get_xlim() != limits
        self._span = span
        self._axes.set(xlim=limits, ylim=span)
        return changed

    def _draw_bars(self, a: np.ndarray) -> None:
        at = np.arange(len(a))
        # Many bars touch, or they would be thinner than what lies between them.
        half = 0.32 if len(a) <= 64 else 0.5
        left, right, zero = at - half, at + half, np.zeros(len(a))
        corners = [(left, zero), (left, a), (right, a), (right, zero)]
        self._bars.set_verts(list(np.stack([np.stack(corner, -1) for corner in corners], axis=1)))

    def _draw_levels(self, plain_mean: float, mean: np.ndarray) -> None:
        """A line for each level, and its label at the right where no other is."""
        shown = mean[:SHOWN]
        levels = [*map(float, shown), plain_mean]
        names = [f"μ{subscript(i + 1)}" for i in range(len(shown))]
        texts = [f"{n} = {plain(f'{v:.4f}')}" for n, v in zip(names, levels, strict=False)]
        lines = [*self._levels[: len(shown)], self._plain]
        labels = [*self._labels[: len(shown)], self._labels[-1]]
        places = self._spread(levels)
        edge = self._stage.width - RIGHT
        for i, (line, label, level) in enumerate(zip(lines, labels, levels, strict=True)):
            line.set_data(self._axes.get_xlim(), [level, level])
            down = self._down(level)
            self._leaders[i].set_data([edge, edge + 10, edge + 14], [down, places[i], places[i]])
            label.set_position((edge + 18, places[i]))
            label.set_text(texts[i] if i < len(texts) else f"mean of a = {plain(f'{level:.4f}')}")
        for unused in range(len(shown), SHOWN):
            self._levels[unused].set_data([], [])
            self._labels[unused].set_text("")
        more = len(mean) - len(shown)
        shown_of = f"; the first {SHOWN} of {len(mean)} means μ" if more else ""
        self._head.set_text(f"activation{shown_of}")

    def _down(self, level: float) -> float:
        low, high = self._axes.get_ylim()
        height = self._stage.height - TOP - BOTTOM
        return TOP + height * (high - level) / (high - low)

    def _spread(self, levels: Sequence[float]) -> list[float]:
        """Heights of labels near their levels, in points from the top, none upon another."""
        order = sorted(range(len(levels)), key=lambda i: self._down(levels[i]))
        places = [0.0] * len(levels)
        last = -np.inf
        for i in order:
            places[i] = last = max(self._down(levels[i]), last + LABEL)
        over_ = max(0.0, last - (self._stage.height - BOTTOM + 4))
        last = np.inf
        for i in reversed(order):
            places[i] = last = min(places[i] - (over_ if last == np.inf else 0.0), last - LABEL)
        return places
