"""One read-out as a sum: activation times weight, running sum, bias, result; another beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from vaegui.analysis.explain import Contributions, contributions
from vaegui.analysis.posterior import standard_deviation
from vaegui.panels.drawing.navigation import settle
from vaegui.panels.drawing.selection import Selection
from vaegui.panels.drawing.stage import Stage
from vaegui.panels.drawing.style import Style
from vaegui.panels.drawing.text import subscript
from vaegui.panels.explain.mu.changes import Change, Changes
from vaegui.panels.explain.mu.waterfall import Waterfall
from vaegui.panels.explain.shared.base import Column, Control, Part, Quiet, Table
from vaegui.panels.explain.shared.words import exact, held_told, plus, whole
from vaegui.queries.base import Query, Result
from vaegui.queries.explain import Explain, Explained, Pass, ReadOut
from vaegui.runs.run import Run
from vaegui.training.record.events import Snapshot

__all__ = ["ReadOuts"]

GAP = 26.0
BOTTOM = 16.0


class ReadOuts(Quiet):
    """Two read-outs side by side, as steps from zero to the result and as a table."""

    name: ClassVar[str] = "read-outs"
    title: ClassVar[str] = "μ and log σ² as sums"
    question: ClassVar[str] = "How exactly are μ₁ and μ₂ computed?"
    part: ClassVar[Part] = "mu"
    controls: ClassVar[tuple[Control, ...]] = ("probe", "read_out", "unit", "beside", "held")
    view: ClassVar[str | None] = None
    empty: ClassVar[str] = (
        "Train a model: the sum that gives μ or log σ² of a latent unit will appear here, product "
        "by product, beside that of another unit."
    )
    shows: ClassVar[frozenset[type]] = frozenset({Snapshot, Result})
    follows: ClassVar[frozenset[str]] = frozenset({"unit", "beside", "read_out", "held"})

    def __init__(self) -> None:
        self._changes = Changes()

    def setup(self, figure: Figure, style: Style) -> None:
        """See `Panel.setup`."""
        self._stage = Stage(figure, style, self.empty)
        self._falls = [Waterfall(self._stage) for _ in range(2)]
        self._span: tuple[float, float] | None = None
        self._count = 0

    def draw(self, run: Run | None, selection: Selection) -> bool:
        """See `Panel.draw`."""
        answer = None if run is None else run.latest(Explain)
        stale = self._stage.update(answer is not None)
        if answer is None:
            return stale
        units = _units(answer, selection)
        if stale or len(units) != self._count:
            self._count, stale = len(units), True
            self._arrange(len(units))
        passed, _ = _read(answer, selection)
        parts = [_parts(answer, selection, unit) for unit in units]
        falls = self._falls[: len(units)]
        steps = [f.choose(passed.a, p) for f, p in zip(falls, parts, strict=True)]
        ends = np.concatenate([step.ends for step in steps])
        span = settle(self._span, min(0.0, float(ends.min())), max(0.0, float(ends.max())), 0.08)
        stale |= span != self._span
        self._span = span
        for fall, step, unit in zip(falls, steps, units, strict=True):
            after = _after(passed, selection, unit)
            fall.show(step, _symbol(selection, unit), span, after)
        return stale

    @staticmethod
    def queries(run: Run, selection: Selection) -> Sequence[Query[Any]]:
        """See `Panel.queries`."""
        return (Explain(selection.probe, selection.held, selection.noise),)

    def artists(self) -> Sequence[Artist]:
        """See `Panel.artists`."""
        if not self._stage.shown:
            return []
        return [a for fall in self._falls[: self._count] for a in fall.artists()]

    def tell(self, x: float, y: float, run: Run | None, selection: Selection) -> str:
        """The step under the mouse."""
        if not self._stage.shown or run is None:
            return ""
        return next((t for f in self._falls[: self._count] if (t := f.tell(x, y))), "")

    def table(self, run: Run | None, selection: Selection) -> Table | None:
        """See `Explanation.table`."""
        answer = None if run is None else run.latest(Explain)
        if run is None or answer is None:
            return None
        change = self._changes.see(answer)
        passed, _ = _read(answer, selection)
        units = _units(answer, selection)
        hidden = len(passed.a)
        a_changed = None if change is None else change.a
        columns = [
            Column("j", np.arange(1, hidden + 1), 0, tip="Number of the activation."),
            Column("aⱼ", passed.a, role="output", changed=a_changed, tip="Activation: an output."),
        ]
        bias, result, sigma = ["bias", ""], [_letter(selection), ""], ["= σ", ""]
        for unit in units:
            part = _parts(answer, selection, unit)
            columns += _columns(part, answer, selection, unit, change)
            value = exact(float(_outputs(passed, selection)[unit]))
            bias += [exact(part.bias), exact(part.bias), exact(part.result)]
            result += ["", "the model:", value]
            sigma += ["", "exp(½ log σ²):", exact(_sigma(passed, unit))]
        rows = [bias, result] if selection.read_out == "mean" else [bias, result, sigma]
        return Table(tuple(columns), tuple(map(tuple, rows)))

    def describe(self, run: Run | None, selection: Selection) -> str:
        """See `Panel.describe`."""
        answer = None if run is None else run.latest(Explain)
        if run is None or answer is None:
            return self.empty
        passed, _ = _read(answer, selection)
        units = _units(answer, selection)
        w, b = _letters(selection)
        outputs = _outputs(passed, selection)
        sums = []
        for unit in units:
            i, symbol = subscript(unit + 1), _symbol(selection, unit)
            formula = whole(f"{symbol} = Σⱼ {w}{i}ⱼ aⱼ + {b}{i}")
            part = _parts(answer, selection, unit)
            numbers = f"{exact(part.result - part.bias)} {plus(part.bias)}"
            sums.append(f"{formula} = {numbers} = {exact(float(outputs[unit]))}")
            if selection.read_out == "log_var":
                half = whole(f"σ{i} = exp({symbol} / 2)")
                sums[-1] += f", hence {half} = {exact(_sigma(passed, unit))}"
        both = "; ".join(sums)
        same = (
            "The activations aⱼ are the same in both sums, the weights are not: another row of "
            "weights, another number. "
            if len(units) > 1
            else ""
        )
        held = held_told(answer.value.passed, selection.held)
        said = [f"{both}.", f"{same}{_said(self._changes.see(answer), answer)}"]
        return "\n\n".join([*said, held] if held else said)

    def _arrange(self, count: int) -> None:
        stage = self._stage
        width = (stage.width - GAP * (count - 1)) / count
        for i, fall in enumerate(self._falls):
            fall.arrange(i * (width + GAP), 0.0, width, stage.height - BOTTOM, i < count)
        self._span = None


def _read(answer: Result[Explained], selection: Selection) -> tuple[Pass, ReadOut]:
    """The pass that is shown, and the read-out that is taken apart."""
    explained = answer.value
    head = explained.mean if selection.read_out == "mean" else explained.log_var
    return explained.held or explained.passed, head


def _outputs(passed: Pass, selection: Selection) -> np.ndarray:
    return passed.mean if selection.read_out == "mean" else passed.log_var


def _parts(answer: Result[Explained], selection: Selection, unit: int) -> Contributions:
    passed, head = _read(answer, selection)
    return contributions(passed.a, head.weights[:, unit], float(head.bias[unit]))


def _units(answer: Result[Explained], selection: Selection) -> tuple[int, ...]:
    """The explained unit and the one beside it, if there is another."""
    count = len(answer.value.mean.bias)
    unit, beside = (min(index, count - 1) for index in (selection.unit, selection.beside))
    return (unit,) if unit == beside else (unit, beside)


def _letters(selection: Selection) -> tuple[str, str]:
    return ("w", "b") if selection.read_out == "mean" else ("v", "c")


def _letter(selection: Selection) -> str:
    return "= μ" if selection.read_out == "mean" else "= log σ²"


def _symbol(selection: Selection, unit: int) -> str:
    i = subscript(unit + 1)
    return f"μ{i}" if selection.read_out == "mean" else f"log σ{i}²"


def _sigma(passed: Pass, unit: int) -> float:
    return float(standard_deviation(passed.log_var[unit]))


def _after(passed: Pass, selection: Selection, unit: int) -> tuple[str, ...]:
    """What follows from a log-variance: at length, in short, or nothing, as it does from a mean."""
    if selection.read_out == "mean":
        return ("",)
    i, sigma = subscript(unit + 1), exact(_sigma(passed, unit))
    return f"σ{i} = exp(log σ{i}² / 2) = {sigma}", f"σ{i} = {sigma}", ""


def _columns(
    part: Contributions,
    answer: Result[Explained],
    selection: Selection,
    unit: int,
    change: Change | None,
) -> list[Column]:
    """Weight, product and running sum of one read-out."""
    _, head = _read(answer, selection)
    weights = head.weights[:, unit]
    changed = None if change is None else change.weights[selection.read_out][:, unit]
    w = f"{_letters(selection)[0]}{subscript(unit + 1)}ⱼ"
    return [
        Column(w, weights, role="parameter", changed=changed, tip="Weight: a parameter."),
        Column(f"{w} aⱼ", part.products, role="output", tip="What aⱼ adds to the sum."),
        Column(
            "sum",
            part.products,
            role="output",
            running=True,
            tip="The sum of the products so far, in the order in which the rows stand.",
        ),
    ]


def _said(change: Change | None, answer: Result[Explained]) -> str:
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
    since = {
        "input": f"Another input ({change.before[0] + 1} → {change.now[0] + 1})",
        "step": f"Training (step {change.before[1]:,} → {change.now[1]:,})",
        "both": "Another input and another training step",
    }[change.cause]
    return (
        f"{since} changed {int(change.a.sum()):,} of {len(change.a):,} activations, "
        f"{int(outputs.sum())} of {len(outputs)} results, and {parameters:,} of "
        f"{len(weights) + len(biases):,} weights and biases; changed numbers are marked."
    )
