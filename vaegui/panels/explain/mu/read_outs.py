"""One read-out as a sum: activation times weight, running sum, bias, result; another beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist

from vaegui.analysis.explain import Contributions, contributions
from vaegui.analysis.posterior import standard_deviation
from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import short_example_name
from vaegui.panels.drawing.navigation import settle
from vaegui.panels.drawing.stage import Stage
from vaegui.panels.drawing.text import subscript
from vaegui.panels.explain.mu.changes import Change, Changes
from vaegui.panels.explain.mu.waterfall import Waterfall
from vaegui.panels.explain.shared.base import (
    BigQuestion,
    Control,
    ValueColumn,
    ValueTable,
)
from vaegui.panels.explain.shared.explanation_base import ExplainsInput
from vaegui.panels.explain.shared.words import exact, held_text, plus, whole
from vaegui.panels.focus import Focus
from vaegui.queries.base import Result
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained, Pass, ReadOut
from vaegui.training.record.events import Prepared

__all__ = ["ReadOuts"]

GAP = 26.0
BOTTOM = 16.0


class ReadOuts(ExplainsInput):
    """Two read-outs side by side, as steps from zero to the result and as a table."""

    name: ClassVar[str] = "read-outs"
    title: ClassVar[str] = "μ and log σ² as sums"
    question: ClassVar[str] = "How exactly are μ₁ and μ₂ computed?"
    part: ClassVar[BigQuestion] = "mu"
    controls: ClassVar[tuple[Control, ...]] = ("example", "read_out", "unit", "beside", "held")
    empty: ClassVar[str] = (
        "Train a model: the sum that gives μ or log σ² of a latent unit will appear here, product "
        "by product, beside that of another unit."
    )

    def __init__(self) -> None:
        self._changes = Changes()

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        self._falls = [Waterfall(stage) for _ in range(2)]
        self._span: tuple[float, float] | None = None
        self._count = 0

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """See `Panel.depends`."""
        focus = ctx.focus
        return *super().depends(ctx), focus.unit, focus.beside, focus.read_out

    def update_artists(self, content: Result[Explained], ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        focus = ctx.focus
        units = _units(content, focus)
        stale = len(units) != self._count
        if stale:
            self._count = len(units)
            self.arrange()
        passed, _ = _read(content, focus)
        parts = [_parts(content, focus, unit) for unit in units]
        falls = self._falls[: len(units)]
        steps = [f.choose(passed.a, p) for f, p in zip(falls, parts, strict=True)]
        ends = np.concatenate([step.ends for step in steps])
        span = settle(self._span, min(0.0, float(ends.min())), max(0.0, float(ends.max())), 0.08)
        stale |= span != self._span
        self._span = span
        for fall, step, unit in zip(falls, steps, units, strict=True):
            after = _after(passed, focus, unit)
            fall.show(step, _symbol(focus, unit), span, after)
        return stale

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        return [a for fall in self._falls[: self._count] for a in fall.artists()]

    def hover_text(self, x: float, y: float, ctx: Context[Any]) -> str:
        """The step under the mouse."""
        if not self._stage.shown:
            return ""
        return next((t for f in self._falls[: self._count] if (t := f.hover_text(x, y))), "")

    def table(self, ctx: Context[Any]) -> ValueTable | None:
        """See `Explanation.table`."""
        focus = ctx.focus
        answer = ctx.latest(Explain)
        if answer is None:
            return None
        change = self._changes.see(answer)
        passed, _ = _read(answer, focus)
        units = _units(answer, focus)
        hidden = len(passed.a)
        a_changed = None if change is None else change.a
        columns = [
            ValueColumn("j", np.arange(1, hidden + 1), 0, tip="Number of the activation."),
            ValueColumn(
                "aⱼ", passed.a, role="output", changed=a_changed, tip="Activation: an output."
            ),
        ]
        bias, result, sigma = ["bias", ""], [_letter(focus), ""], ["= σ", ""]
        for unit in units:
            part = _parts(answer, focus, unit)
            columns += _columns(part, answer, focus, unit, change)
            value = exact(float(_outputs(passed, focus)[unit]))
            bias += [exact(part.bias), exact(part.bias), exact(part.result)]
            result += ["", "the model:", value]
            sigma += ["", "exp(½ log σ²):", exact(_sigma(passed, unit))]
        rows = [bias, result] if focus.read_out == "mean" else [bias, result, sigma]
        return ValueTable(tuple(columns), tuple(map(tuple, rows)))

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        focus = ctx.focus
        answer = ctx.latest(Explain)
        if answer is None:
            return ctx.not_kept or self.empty
        passed, _ = _read(answer, focus)
        units = _units(answer, focus)
        w, b = _letters(focus)
        outputs = _outputs(passed, focus)
        sums = []
        for unit in units:
            i, symbol = subscript(unit + 1), _symbol(focus, unit)
            formula = whole(f"{symbol} = Σⱼ {w}{i}ⱼ aⱼ + {b}{i}")
            part = _parts(answer, focus, unit)
            numbers = f"{exact(part.result - part.bias)} {plus(part.bias)}"
            sums.append(f"{formula} = {numbers} = {exact(float(outputs[unit]))}")
            if focus.read_out == "log_var":
                half = whole(f"σ{i} = exp({symbol} / 2)")
                sums[-1] += f", hence {half} = {exact(_sigma(passed, unit))}"
        both = "; ".join(sums)
        same = (
            "The activations aⱼ are the same in both sums, the weights are not: another row of "
            "weights, another number. "
            if len(units) > 1
            else ""
        )
        held = held_text(answer.value.passed, ctx.focus.held)
        sentences = [f"{both}.", f"{same}{_change_text(self._changes.see(answer), ctx.run.begun)}"]
        return "\n\n".join([*sentences, held] if held else sentences)

    def arrange(self) -> None:
        """See `PanelBase.arrange`."""
        stage, count = self._stage, max(self._count, 1)
        whole = 0.0, 0.0, stage.width, stage.height - BOTTOM
        (cells,) = stage.grid(whole, columns=[1.0] * count, gap=GAP)
        for i, fall in enumerate(self._falls):
            fall.arrange(*cells[min(i, count - 1)], i < count)
        self._span = None


def _read(answer: Result[Explained], focus: Focus) -> tuple[Pass, ReadOut]:
    """The pass that is shown, and the read-out that is taken apart."""
    explained = answer.value
    return explained.held or explained.passed, explained.read_outs.get(
        focus.read_out, explained.mean
    )


def _outputs(passed: Pass, focus: Focus) -> np.ndarray:
    return passed.mean if focus.read_out == "mean" else passed.log_var


def _parts(answer: Result[Explained], focus: Focus, unit: int) -> Contributions:
    passed, head = _read(answer, focus)
    return contributions(passed.a, head.weights[:, unit], float(head.bias[unit]))


def _units(answer: Result[Explained], focus: Focus) -> tuple[int, ...]:
    """The explained unit and the one beside it, if there is another."""
    count = len(answer.value.mean.bias)
    unit, beside = (min(index, count - 1) for index in (focus.unit, focus.beside))
    return (unit,) if unit == beside else (unit, beside)


def _letters(focus: Focus) -> tuple[str, str]:
    return ("w", "b") if focus.read_out == "mean" else ("v", "c")


def _letter(focus: Focus) -> str:
    return "= μ" if focus.read_out == "mean" else "= log σ²"


def _symbol(focus: Focus, unit: int) -> str:
    i = subscript(unit + 1)
    return f"μ{i}" if focus.read_out == "mean" else f"log σ{i}²"


def _sigma(passed: Pass, unit: int) -> float:
    return float(standard_deviation(passed.log_var[unit]))


def _after(passed: Pass, focus: Focus, unit: int) -> tuple[str, ...]:
    """What follows from a log-variance: at length, in short, or nothing, as it does from a mean."""
    if focus.read_out == "mean":
        return ("",)
    i, sigma = subscript(unit + 1), exact(_sigma(passed, unit))
    return f"σ{i} = exp(log σ{i}² / 2) = {sigma}", f"σ{i} = {sigma}", ""


def _columns(
    part: Contributions,
    answer: Result[Explained],
    focus: Focus,
    unit: int,
    change: Change | None,
) -> list[ValueColumn]:
    """Weight, product and running sum of one read-out."""
    _, head = _read(answer, focus)
    weights = head.weights[:, unit]
    changed = None if change is None else change.weights[focus.read_out][:, unit]
    w = f"{_letters(focus)[0]}{subscript(unit + 1)}ⱼ"
    return [
        ValueColumn(w, weights, role="parameter", changed=changed, tip="Weight: a parameter."),
        ValueColumn(f"{w} aⱼ", part.products, role="output", tip="What aⱼ adds to the sum."),
        ValueColumn(
            f"sum to {_symbol(focus, unit)}",
            part.products,
            role="output",
            running=True,
            tip="The sum of the products so far, in the order in which the rows stand.",
        ),
    ]


def _change_text(change: Change | None, begun: Prepared) -> str:
    """What changed since another input was picked or a step was done, counted."""
    if change is None:
        return (
            "Pick another input: the aⱼ and with them the results will change, the weights will "
            "not. Do a training step: the weights will change. What changed gets marked."
        )
    weights = np.concatenate([w.ravel() for w in change.weights.values()])
    biases = np.concatenate([b.ravel() for b in change.bias.values()])
    outputs = np.concatenate([o.ravel() for o in change.outputs.values()])
    parameters = int(weights.sum() + biases.sum())
    inputs = change.before[0], change.now[0]
    since = {
        "input": f"Another input ({' → '.join(short_example_name(begun, ref) for ref in inputs)})",
        "step": f"Training (step {change.before[1]:,} → {change.now[1]:,})",
        "both": "Another input and another training step",
    }[change.cause]
    return (
        f"{since} changed {int(change.a.sum()):,} of {len(change.a):,} activations, "
        f"{int(outputs.sum())} of {len(outputs)} results, and {parameters:,} of "
        f"{len(weights) + len(biases):,} weights and biases; changed numbers are marked."
    )
