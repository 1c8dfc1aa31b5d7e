"""Why training came to numbers that are not finite, as far as it can be told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Symptoms", "diagnose"]

LARGE_WEIGHT = 1e3
LARGE_LOG_VAR = 20.0
LARGE_VALUE = 1e4


@dataclass(frozen=True, eq=False, slots=True)
class Symptoms:
    """What is seen at the last finite state.

    Attributes
    ----------
    total
        Total loss of the last steps before it, (steps,), nats per example.
    largest_weight
        Largest absolute weight.
    largest_log_var
        Largest absolute log-variance that the encoder reads out for the batch that failed.
    largest_input
        Largest absolute value of that batch, as the model sees it.
    learning_rate
        Of the step that failed.
    """

    total: NDArray[np.float32]
    largest_weight: float
    largest_log_var: float
    largest_input: float
    learning_rate: float


def diagnose(symptoms: Symptoms) -> tuple[str, str]:
    """Return the likeliest cause and a remedy, a sentence each."""
    if not np.isfinite(symptoms.largest_input):
        return (
            "The batch has values that are not finite.",
            "Remove or fill in those examples.",
        )
    if symptoms.largest_input > LARGE_VALUE:
        return (
            f"The batch has values up to {symptoms.largest_input:.3g}, too large to train on.",
            "Choose the scale 'Standardised' or 'From 0 to 1'.",
        )
    if symptoms.largest_weight > LARGE_WEIGHT or _grew(symptoms.total):
        return (
            f"The weights grew beyond all bounds (largest {symptoms.largest_weight:.3g}): "
            f"the learning rate {symptoms.learning_rate:g} is too high.",
            "Lower the learning rate tenfold, or clip gradients, and train a new model.",
        )
    if not symptoms.largest_log_var < LARGE_LOG_VAR:
        return (
            f"A log-variance reached {symptoms.largest_log_var:.3g}.",
            "Lower the learning rate, or start anew with another seed.",
        )
    return (
        f"A gradient overflowed at the learning rate {symptoms.learning_rate:g}.",
        "Lower the learning rate, or clip gradients.",
    )


def _grew(total: NDArray[np.float32]) -> bool:
    """Whether the loss was rising steeply."""
    if len(total) < 2:
        return False
    return bool(total[-1] > 10 * abs(float(np.median(total))) + 100)
