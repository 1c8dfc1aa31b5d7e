"""How good the model is on examples that it does not learn from, after each epoch."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from vaegui.data.composed.selected import SelectedRows
from vaegui.data.dataset import Dataset
from vaegui.data.source import Source
from vaegui.training.engine.batches import Batches
from vaegui.training.model.inference import Evaluation, Inference
from vaegui.training.record.events import Measured, Progress
from vaegui.training.record.history import History
from vaegui.training.record.losses import EpochDone, LossTerms

__all__ = ["epoch_done", "held_out", "measured", "validate", "watched"]

WITHOUT_TEST = 2048
"""Training examples that are measured where there is no test part."""


def held_out(dataset: Dataset) -> Source:
    """Return the whole test part, or the beginning of the training part if there is none."""
    if dataset.test.spec.length:
        return dataset.test
    return SelectedRows(dataset.train, np.arange(min(WITHOUT_TEST, dataset.train.spec.length)))


def watched(dataset: Dataset) -> Source:
    """Return what is measured after each epoch: the validation part, or what `held_out` gives."""
    return held_out(dataset) if dataset.validation is None else dataset.validation


def validate(model: Inference, source: Source) -> Generator[Progress, None, Evaluation]:
    """Evaluate all examples of a source.

    Between two pieces it tells how far it is, so that it can be interrupted there.
    """
    total, together = source.spec.length, model.evaluated_together
    sums = model.evaluate(source.read(slice(0, together)).x, 0)
    for start in range(together, total, together):
        yield Progress("Validating", start, total)
        sums += model.evaluate(source.read(slice(start, start + together)).x, start)
    return sums


def epoch_done(
    batches: Batches, history: History, evaluation: Evaluation, validated: bool
) -> EpochDone:
    """Make the event of the epoch that ended with the last step of the history.

    Parameters
    ----------
    batches
        How an epoch is divided into steps.
    history
        With all steps of the epoch, and the time that they took.
    evaluation
        What `validate` gave.
    validated
        Whether that was over examples that the model does not learn from.
    """
    now = measured(evaluation, len(history))
    return EpochDone(
        epoch=len(history) // batches.steps,
        step=len(history),
        train=_training_terms(batches, history),
        validation=now.terms if validated else None,
        kl_by_unit=now.kl_by_unit,
        active_units=now.active_units,
        seconds=history.seconds,
    )


def measured(evaluation: Evaluation, step: int) -> Measured:
    """Tell of sums as means, after ``step`` steps."""
    kl_by_unit = evaluation.kl / evaluation.examples
    total, reconstruction = (
        nats / evaluation.examples for nats in (evaluation.total, evaluation.reconstruction)
    )
    return Measured(
        step=step,
        examples=evaluation.examples,
        terms=LossTerms(total, reconstruction, float(kl_by_unit.sum())),
        kl_by_unit=kl_by_unit.astype(np.float32),
        active_units=evaluation.active_units,
    )


def _training_terms(batches: Batches, history: History) -> LossTerms:
    """Means over the examples of the last epoch, each at the step that saw it."""
    first = len(history) - batches.steps
    weights = np.full(batches.steps, batches.size, np.float64)
    weights[-1] = batches.seen(len(history) - 1, 1)
    columns = history.total, history.reconstruction, history.kl
    total, reconstruction, kl = (
        np.average(column[first:].astype(np.float64), weights=weights) for column in columns
    )
    return LossTerms(float(total), float(reconstruction), float(kl))
