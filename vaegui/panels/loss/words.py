"""The loss in words, for screen readers and reports."""

from __future__ import annotations

import numpy as np

from vaegui.panels.loss.evidence import evidence_text
from vaegui.panels.loss.terms import number
from vaegui.runs.run import Run

__all__ = ["loss_text"]


def loss_text(run: Run, smoothing: int) -> str:
    """The loss of a run that has steps, as the mean of the last ``smoothing`` ones."""
    last = min(smoothing, run.step)
    terms = (run.history.total, run.history.reconstruction, run.history.kl)
    total, reconstruction, kl = (number(float(np.mean(term[-last:]))) for term in terms)
    has_spread = run.begun.settings.has_spread
    steps = f"the mean of the last {last:,} steps" if last > 1 else "at the last step"
    text = (
        f"After step {run.step:,}, epoch {run.epoch} of "
        f"{run.begun.settings.training.epochs}: total {total} nats per example "
        f"(reconstruction {reconstruction}, KL {kl if has_spread else 'not defined'}), {steps}."
    )
    for epoch in reversed(run.history.epochs):
        if epoch.validation is not None:
            tested = epoch.validation
            text += (
                f" Validation after epoch {epoch.epoch}: total {number(tested.total)} "
                f"(reconstruction {number(tested.reconstruction)}, KL "
                f"{number(tested.kl) if has_spread else 'not defined'})."
            )
            break
    if run.evidence is not None:
        value, made = evidence_text(run.evidence)
        text += f" {value}, {made}. {run.begun.settings.likelihood.caveat}".rstrip()
    return text
