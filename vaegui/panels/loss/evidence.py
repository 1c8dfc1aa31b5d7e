"""The latest estimate of log p(x), between the numbers of the loss and its curves."""

from __future__ import annotations

from matplotlib.text import Text

from vaegui.panels.drawing.stage import SMALL, TEXT, Stage, plain
from vaegui.panels.drawing.text import fitting, shortened, wrapped
from vaegui.panels.loss.terms import number
from vaegui.runs.run import Run
from vaegui.training.record.events import Evidence

__all__ = ["EvidenceLines", "evidence_text"]

LEFT = 40.0
ROW = 1.35 * SMALL
ROOM, LEAST = 130.0, 90.0
"""Height in points that all lines, and that two lines, have to leave to what is below them."""


def evidence_text(found: Evidence) -> tuple[str, str]:
    """An estimate with its standard error, and how it was made: each in a phrase."""
    value = f"log p(x) ≥ {number(found.log_p)} ± {number(found.standard_error)} nats"
    made = f"{found.samples:,} draws each of {found.examples:,} examples, at step {found.step:,}"
    return plain(value), made


class EvidenceLines:
    """Value, standard error, draws and step in a line; below it what the likelihood has to say."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._value = stage.text(0, 0, size=TEXT, weight="bold")
        self._lines: Text = stage.text(
            0, 0, size=SMALL, color=stage.style.muted, va="top", linespacing=1.3
        )
        self._found: Evidence | None = None
        self._caveat = ""
        self._box = 0.0, 0.0

    def show(self, run: Run) -> bool:
        """Show the estimate of log p(x) of a run; whether it changed."""
        if run.evidence is self._found:
            return False
        self._found = run.evidence
        self._caveat = run.begun.settings.likelihood.caveat
        return True

    def arrange(self, top: float) -> float:
        """Lay out below ``top``; returns where it ends, in points from above."""
        found = self._found
        for text in (self._value, self._lines):
            text.set_visible(found is not None)
        if found is None:
            return top
        value, made = evidence_text(found)
        left = LEFT if self._stage.width > 260 else 8.0
        width = self._stage.width - left - 8
        self._value.set_text(value)
        self._value.set_position((left, top + 9))
        lines = wrapped(self._caveat, width, SMALL).split("\n") if self._caveat else []
        rest = self._stage.height - top - 14 - ROW
        short = f"{found.samples:,} draws, step {found.step:,}"
        if rest < LEAST:
            lines = []
        elif rest - len(lines) * ROW < ROOM:
            # As much as fits; the rest is told where the mouse points at it.
            lines = [shortened(". ".join(filter(None, (short, self._caveat))), width, SMALL)]
        else:
            lines = [fitting(width, SMALL, made, short), *lines]
        self._lines.set_text("\n".join(lines))
        self._lines.set_position((left, top + 12))
        self._box = top, top + 14 + len(lines) * ROW
        return self._box[1]

    def hover_text(self, y: float) -> str:
        """What is to be said of the estimate, if that lies at a height in points from above."""
        if self._found is None or not self._box[0] <= y <= self._box[1]:
            return ""
        return "\n".join(filter(None, (*evidence_text(self._found), self._caveat)))
