"""What a model says when it is looked at."""

from __future__ import annotations

import numpy as np

from vaegui.analysis.posterior import standard_deviation
from vaegui.training.engine import Engine
from vaegui.training.events import Probes, Snapshot
from vaegui.training.questions import Content, Decode, Decoded, Inspect, Inspected, Question

__all__ = ["answer", "snapshot"]


def snapshot(engine: Engine, probes: Probes, step: int) -> Snapshot:
    """Encode all probes, decode those of the gallery."""
    mean, log_var = engine.encode(probes.x)
    return Snapshot(step, mean, log_var, engine.decode(mean[: probes.gallery]))


def answer(engine: Engine, probes: Probes, question: Question) -> Content:
    """Answer a question with the model as it is now."""
    match question:
        case Decode():
            return Decoded(engine.decode(np.array([question.z], np.float32))[0])
        case Inspect():
            return _inspected(engine, probes, question)


def _inspected(engine: Engine, probes: Probes, question: Inspect) -> Inspected:
    mean, log_var = engine.encode(probes.x[question.probe : question.probe + 1])
    random = np.random.Generator(np.random.Philox(key=[engine.seed, question.probe]))
    eps = random.standard_normal((question.draws, mean.shape[1]), np.float32)
    z = mean + standard_deviation(log_var) * eps
    decoded = engine.decode(np.concatenate([mean, z]))
    return Inspected(mean[0], log_var[0], decoded[0], z, decoded[1:])
