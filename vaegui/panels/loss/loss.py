"""The loss and its parts by step and by epoch."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator
from numpy.typing import NDArray

from vaegui.analysis.series import bins
from vaegui.panels.context import Context, Limits, Options
from vaegui.panels.drawing.navigation import Grip, over, settle, zoom
from vaegui.panels.drawing.panel_base import PanelBase
from vaegui.panels.drawing.stage import SMALL, Stage, plain
from vaegui.panels.loss.curves import Curves
from vaegui.panels.loss.evidence import EvidenceLines
from vaegui.panels.loss.floor_line import FloorLine, floor_of, floor_text, wanted_floor
from vaegui.panels.loss.marks import Marks
from vaegui.panels.loss.options import LossOptions, LossView
from vaegui.panels.loss.terms import CURVES, Header
from vaegui.panels.loss.words import loss_text
from vaegui.panels.panel import Pointer
from vaegui.queries.base import Query
from vaegui.runs.run import Run
from vaegui.training.record.events import Prepared

__all__ = ["Loss"]

RIGHT = 16.0
"""Room in points for half of the last number of steps."""
FLOOR = 10.0
"""How far below the lowest of the latest values a log axis reaches, as a factor."""
ROOMY = 64.0
"""Height of the curves in points from which on there is room for the epochs above them."""

Array = NDArray[np.floating[Any]]


class Loss(PanelBase[Run]):
    """Total, reconstruction and KL by step, with the validation of each epoch."""

    name: ClassVar[str] = "loss"
    title: ClassVar[str] = "Loss"
    first_options: ClassVar[Options] = LossOptions()
    empty: ClassVar[str] = (
        "Press Train: the loss and its two parts, reconstruction and KL, will be drawn here "
        "after every step, and the validation after every epoch."
    )
    gestures: ClassVar[str] = "Wheel: zoom  ·  drag: move  ·  double click: follow the data"

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        style = stage.style
        self._axes = stage.axes()
        self._axes.grid(color=style.grid, linewidth=0.6)
        self._axes.set_axisbelow(True)
        each = begun.steps_per_epoch
        self._epochs = self._axes.secondary_xaxis("top", functions=_epochs_of(each))
        self._epochs.tick_params(
            colors=style.muted, labelsize=SMALL, length=3, width=0.6, which="both", pad=1
        )
        self._epochs.spines["top"].set_visible(False)
        has_spread = begun.settings.has_spread
        self._header = Header(stage, has_spread=has_spread)
        self._evidence = EvidenceLines(stage)
        self._epoch_label = stage.text(0, 0, "epoch", color=style.muted, size=SMALL)
        self._curves = Curves(stage, self._axes, CURVES if has_spread else CURVES[:2])
        self._marks = Marks(stage, self._axes)
        self._floor = FloorLine(stage, self._axes)
        self._shown_step = self._axes.axvline(
            0, color=style.accent, linewidth=1.2, visible=False, zorder=4
        )
        self._grip = Grip()
        self._limits: Limits | None = None
        self._scale: tuple[str, str] | None = None
        self._caption = ""

    def content(self, ctx: Context[LossOptions]) -> Run | None:
        """See `PanelBase.content`."""
        return ctx.run if ctx.run.step else None

    def why_empty(self, ctx: Context[LossOptions]) -> str:
        """See `PanelBase.why_empty`."""
        begun = ctx.run.begun
        needs = "Training needs data. " if begun.settings.has_encoder else ""
        return begun.missing and f"{needs}{begun.missing}"

    def depends(self, ctx: Context[LossOptions]) -> tuple[object, ...]:
        """See `Panel.depends`: whatever makes the history longer, shorter or another."""
        run, history = ctx.run, ctx.run.history
        lengths = run.step, len(history.epochs), len(history.marks), run.total_steps
        told = run.evidence, floor_of(ctx)
        return self.content(ctx), ctx.options, ctx.focus.step, *told, *lengths

    @staticmethod
    def queries(ctx: Context[LossOptions]) -> Sequence[Query[Any]]:
        """See `Panel.queries`: the floor, once."""
        wanted = wanted_floor(ctx.run)
        known = None if wanted is None else ctx.run.result(wanted)
        return () if wanted is None or (known is not None and known.complete) else (wanted,)

    def update_artists(self, content: Run, ctx: Context[LossOptions]) -> bool:
        """See `PanelBase.update_artists`."""
        run = content
        if self._curves.update(run):
            self._limits = None
        stale = self._evidence.show(run)
        if stale:
            self.arrange()
        view = ctx.options.view
        across = self._across(run, ctx)
        wanted = bins(*self._visible(run, view, across), max(64, int(self._axes.bbox.width)))
        window = max(view.smoothing, wanted[2])
        raw, curves = self._curves.draw(wanted, window, view.smoothing)
        shown = self._curves.validation(across)
        if self._floor.show(floor_of(ctx)):
            self._limits, stale = None, True
        # The KL may be 0, which a log axis need not show.
        stale |= self._rescale(view, [*curves[:2], *shown[:2]])
        up = self._up(curves if view.smoothing > 1 else raw, shown, ctx)
        stale |= self._limit((*across, *up))
        stale |= self._floor.place(*up)
        stale |= self._marks.draw(run.history.marks, across)
        step = ctx.focus.step
        self._shown_step.set(xdata=[step or 0] * 2, visible=step is not None)
        self._header.show(*self._curves.latest(view.smoothing))
        return self._write_caption(window) or stale

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        return [*self._curves.artists(), self._shown_step, *self._header.artists()]

    def point(self, pointer: Pointer, ctx: Context[LossOptions]) -> Context[LossOptions]:
        """Wheel: zoom about the pointer. Drag: pan. Double click: follow the data again."""
        start = pointer.pressed or (pointer.x, pointer.y)
        if not self._stage.shown or not over(self._axes, *start):
            return ctx
        match pointer.kind:
            case "wheel":
                self._limits = None
                return ctx.with_options(limits=zoom(self._axes, pointer))
            case "drag":
                self._limits = None
                return ctx.with_options(limits=self._grip.pan(self._axes, pointer))
            case "double" if ctx.options.limits is not None:
                self._grip.release()
                self._limits = None
                return ctx.with_options(limits=None)
            case _:
                self._grip.release()
                return ctx

    def hover_text(self, x: float, y: float, ctx: Context[LossOptions]) -> str:
        """What the line or the estimate under the mouse is: see `HasHoverText.hover_text`."""
        if not self._stage.shown:
            return ""
        of_floor = self._floor.hover_text(y) if over(self._axes, x, y) else ""
        return of_floor or self._evidence.hover_text(self._stage.at(x, y)[1])

    def reset(self, ctx: Context[LossOptions]) -> Context[LossOptions]:
        """See `Panel.reset`."""
        return ctx.with_options(limits=None) if ctx.options.limits else ctx

    def describe(self, ctx: Context[LossOptions]) -> str:
        """See `Panel.describe`."""
        run = ctx.run
        if run.step == 0:
            return self.empty
        found = floor_of(ctx)
        floor = "" if found is None else f" {floor_text(found)}"
        return f"{loss_text(run, ctx.options.view.smoothing)}{floor}"

    def _across(self, run: Run, ctx: Context[LossOptions]) -> tuple[float, float]:
        """Limits of the step axis: zoomed, or following with room to grow."""
        if ctx.options.limits is not None:
            return ctx.options.limits[:2]
        last = ctx.options.view.last
        if last and run.step > last:
            # The window moves on by a tenth at a time, so that a full redraw is rare.
            stride = max(1, last // 10)
            end = -(-run.step // stride) * stride
            return float(end - stride - last), float(end)
        now = None if self._limits is None else self._limits[1]
        if now is not None and run.step <= now <= 1.7 * max(run.step, 10):
            return 0.0, now
        room = 1.3 * run.step
        if run.step <= run.total_steps:
            room = min(room, float(run.total_steps))
        return 0.0, max(room, 10.0)

    def _visible(self, run: Run, view: LossView, across: tuple[float, float]) -> tuple[int, int]:
        """Indices of the first step to draw and of the one after the last."""
        first = max(math.floor(across[0]) - 1, 0)
        last = min(math.ceil(across[1]), run.step)
        if view.last:
            first = max(first, run.step - view.last)
        return min(first, last), last

    def _rescale(self, view: LossView, values: list[Array]) -> bool:
        """Choose the scale; a log axis cannot show a loss of zero or less."""
        scale, reason = view.scale, ""
        finite = np.concatenate(values)
        if scale == "log" and np.any(finite[np.isfinite(finite)] <= 0):
            scale, reason = "linear", " (linear: some ≤ 0)"
        if (scale, reason) == self._scale:
            return False
        self._scale = (scale, reason)
        self._limits = None
        self._axes.set_yscale(scale, **({"nonpositive": "mask"} if scale == "log" else {}))
        self._axes.set_ylabel(
            f"nats per example{reason}", color=self._stage.style.muted, size=SMALL, labelpad=3
        )
        return True

    def _up(
        self, curves: list[Array], validation: list[Array], ctx: Context[LossOptions]
    ) -> tuple[float, float]:
        """Limits of the loss axis."""
        if ctx.options.limits is not None:
            low, high = ctx.options.limits[2:]
            return (max(low, 1e-12), max(high, 2e-12)) if self._log else (low, high)
        line = [] if self._floor.value is None else [np.array([self._floor.value])]
        values = np.concatenate([*curves, *validation, *line])
        values = values[np.isfinite(values)]
        if not len(values):
            return (0.1, 1.0) if self._log else (0.0, 1.0)
        now = None if self._limits is None else self._limits[2:]
        if not self._log:
            return settle(now, min(float(values.min()), 0.0), float(values.max()))
        positive = values[values > 0]
        latest = [curve[-1] for curve in curves if len(curve) and curve[-1] > 0]
        floor = min(latest, default=float(positive.min())) / FLOOR
        low = max(float(positive.min()), floor)
        logs = None if now is None else (math.log10(now[0]), math.log10(now[1]))
        settled = settle(logs, math.log10(low), math.log10(float(positive.max())))
        if now is not None and settled == logs:
            return now
        return 10 ** settled[0], 10 ** settled[1]

    @property
    def _log(self) -> bool:
        return self._scale is not None and self._scale[0] == "log"

    def _limit(self, limits: Limits) -> bool:
        """Set limits and the ticks that suit them; whether they changed."""
        if limits == self._limits:
            return False
        self._limits = limits
        self._axes.set(xlim=limits[:2], ylim=limits[2:])
        axis = self._axes.yaxis
        height = self._axes.bbox.height / self._stage.figure.dpi * 72
        if self._log and limits[3] / limits[2] > 8:
            decade = height / math.log10(limits[3] / limits[2])
            subs = (1, 2, 5) if decade / 3 > 1.5 * SMALL else (1,)
            axis.set_major_locator(
                LogLocator(subs=subs, numticks=max(2, int(height / SMALL / 1.5)))
            )
        else:
            axis.set_major_locator(MaxNLocator(max(2, int(height / 26))))
        axis.set_major_formatter(FuncFormatter(lambda value, _: plain(f"{value:,.6g}")))
        axis.set_minor_locator(NullLocator())
        return True

    def _write_caption(self, window: int) -> bool:
        """Write below the axes what the curves are; whether that changed."""
        smooth = f"curves: mean of {window:,} steps" if window > 1 else ""
        room = self._stage.width > 330
        parts = ["step", smooth if room else "", "○ validation" if self._curves.validated else ""]
        caption = "   ".join(part for part in parts if part)
        if caption == self._caption:
            return False
        self._caption = caption
        self._axes.set_xlabel(caption, color=self._stage.style.muted, size=SMALL, labelpad=2)
        return True

    def arrange(self) -> None:
        """See `PanelBase.arrange`."""
        stage = self._stage
        top = self._evidence.arrange(self._header.arrange())
        # Where there is little room it is the curves' own: epochs and unit are left out.
        roomy = stage.height - top - 30 > ROOMY
        top += 16 if roomy else 4
        self._epochs.set_visible(roomy)
        self._epoch_label.set_visible(roomy)
        self._axes.yaxis.label.set_visible(roomy)
        stage.place(self._axes, 40, top, stage.width - 40 - RIGHT, stage.height - top - 30)
        self._epoch_label.set(position=(34, top - 6), ha="right")
        columns = max(3, int((stage.width - 50) / 48))
        self._axes.xaxis.set_major_locator(MaxNLocator(columns, integer=True))
        self._axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        self._epochs.xaxis.set_major_locator(MaxNLocator(columns, integer=True))
        self._epochs.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
        self._limits = None


def _epochs_of(each: int) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """Steps -> epochs, and back."""
    return (lambda step: np.asarray(step) / each), (lambda epoch: np.asarray(epoch) * each)
