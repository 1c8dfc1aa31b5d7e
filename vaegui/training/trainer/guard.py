"""What is done when training comes to numbers that are not finite."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaegui.analysis.diagnosis import Symptoms, diagnose
from vaegui.errors import DivergedError
from vaegui.training.engine.engine import Engine
from vaegui.training.model.rewind import Checkpoint

__all__ = ["first_not_finite", "return_to_finite", "why_diverged"]


def first_not_finite(terms: NDArray[np.float32]) -> int | None:
    """Return the index of the first step with a term that is not finite, or None."""
    bad = ~np.isfinite(terms).all(axis=1)
    return int(bad.argmax()) if bad.any() else None


def return_to_finite(engine: Engine, checkpoint: Checkpoint, before: int) -> int:
    """Put the model to the last step at most ``before`` after which all of it is finite.

    The steps since the last copy are done again, which gives the same bits. A loss may still be
    finite where the update that follows it is not, so a step earlier is tried as well.

    Returns
    -------
    int
        Number of steps done at that state.
    """
    for target in (before, before - 1):
        step = checkpoint.restore()
        while step < target:
            step += len(engine.train(step, target - step))
        if step == target and checkpoint.is_finite():
            return step
    return checkpoint.restore()


def why_diverged(
    engine: Engine, total: NDArray[np.float32], step: int, learning_rate: float
) -> DivergedError:
    """Tell step, likeliest cause and remedy, from the last finite state after ``step`` steps.

    ``total`` is the loss of each step, ``learning_rate`` that of the next.
    """
    x, model = engine.batch(step), engine.inference
    _, log_var = model.encode(x)
    symptoms = Symptoms(
        total=total[-50:],
        largest_weight=max(float(np.max(np.abs(v), initial=0.0)) for v in model.vae.get_weights()),
        largest_log_var=float(np.max(np.abs(log_var))) if model.vae.spread else 0.0,
        largest_input=float(np.max(np.abs(model.scaling.to_model(x)))),
        learning_rate=learning_rate,
    )
    cause, remedy = diagnose(symptoms)
    return DivergedError(
        f"Training stopped at step {step + 1:,}: its numbers were no longer finite. {cause}",
        f"The model stands as it was after step {step:,}. {remedy}",
    )
