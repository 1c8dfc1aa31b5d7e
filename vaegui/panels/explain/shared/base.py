"""What an explanation is: a panel with a question, and perhaps controls and a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from vaegui.declared import Declared
from vaegui.panels.context import Context
from vaegui.panels.drawing.stage import plain
from vaegui.panels.panel import Panel
from vaegui.queries.base import Query

__all__ = [
    "PARTS",
    "BigQuestion",
    "Chooser",
    "Control",
    "ExperimentControls",
    "Explanation",
    "ValueColumn",
    "ValueTable",
]

BigQuestion = Literal["mu", "gaussian"]
PARTS: dict[BigQuestion, str] = {
    "mu": "How are μ₁ and μ₂ computed?",
    "gaussian": "How can one input have a mean and a standard deviation?",
}
"""The two big questions, in the order of the page."""

Chooser = Literal["example", "other", "unit", "beside", "read_out", "noise", "held", "more"]
"""A control that changes the attribute of `Focus` with this name."""


@dataclass(frozen=True, slots=True)
class ExperimentControls:
    """Controls of an experiment: a form, and a button that begins and ends it.

    Parameters
    ----------
    label, tip
        What the button says, and what it does.
    kind
        The class of the experiments.
    options
        What the form shows first; its class declares the fields.
    make
        The experiment for what is looked at and what the form says; None if there is none to make.
    live
        Whether a change of the form while it runs begins the changed one at once.
    fresh
        The field that a second button "New random stream" raises by one, or ''.
    units
        How many latent units a model needs for it at least.
    begins
        What goes on until something has come of it.
    """

    label: str
    tip: str
    kind: type[Query[Any]]
    options: Declared
    make: Callable[[Context[Any], Any], Query[Any] | None]
    live: bool = False
    fresh: str = ""
    units: int = 1
    begins: str = "Getting ready ..."


Control = Chooser | ExperimentControls


@dataclass(frozen=True, eq=False, slots=True)
class ValueColumn:
    """A column of numbers.

    Parameters
    ----------
    title, tip
        What stands above it, and a sentence on it.
    values
        (rows,); of a running sum its summands.
    decimals
        How many are shown; 0 for numbers that count.
    role
        Whether it holds parameters of the model, outputs for this input, or neither.
    running
        Whether it shows the sum of ``values`` down to each row, in the order of the rows.
    changed
        Rows whose number is another than before, (rows,), or None.
    """

    title: str
    values: NDArray[Any]
    decimals: int = 4
    role: Literal["parameter", "output", ""] = ""
    running: bool = False
    changed: NDArray[np.bool_] | None = None
    tip: str = ""

    def shown(self, order: NDArray[np.intp]) -> NDArray[Any]:
        """The numbers as they stand below each other when the rows are in an order."""
        values: NDArray[Any] = np.asarray(self.values, np.float64)[order]
        return np.cumsum(values) if self.running else values

    def written(self, value: float) -> str:
        """A number as text."""
        text = f"{value:,.{self.decimals}f}"
        # What is zero as shown has no sign.
        return plain(text if text.strip("-0.,") else text.lstrip("-"))


@dataclass(frozen=True, eq=False, slots=True)
class ValueTable:
    """Columns of equal length, and rows of text below them that sorting leaves where they are.

    ``footer`` rows have a text for each column.
    """

    columns: tuple[ValueColumn, ...]
    footer: tuple[tuple[str, ...], ...] = ()

    def text(self, order: NDArray[np.intp] | None = None) -> str:
        """All of it as text in columns, separated by tabs."""
        rows = np.arange(len(self.columns[0].values)) if order is None else order
        shown = [[c.written(v) for v in c.shown(rows)] for c in self.columns]
        lines = [[c.title for c in self.columns], *zip(*shown, strict=True), *self.footer]
        return "\n".join("\t".join(line) for line in lines)


class Explanation(Panel, Protocol):
    """A panel of the page "Explain".

    `Panel.describe` is the text above its picture, which "Copy as text" copies.
    """

    question: ClassVar[str]
    """What a person would ask; the title."""
    part: ClassVar[BigQuestion]
    """Which of the two big questions it belongs to."""
    controls: ClassVar[tuple[Control, ...]]

    def table(self, ctx: Context[Any]) -> ValueTable | None:
        """The numbers behind the picture, or None if there is no table."""

    def hover_text(self, x: float, y: float, ctx: Context[Any]) -> str:
        """Value and formula of what lies at figure pixels: see `HasHoverText.hover_text`."""
