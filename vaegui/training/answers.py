"""What a model says when it is looked at."""

from __future__ import annotations

import numpy as np

from vaegui.analysis.posterior import standard_deviation
from vaegui.training.engine import Engine
from vaegui.training.events import Probes, Snapshot
from vaegui.training.questions import (
    Content,
    Decode,
    Decoded,
    Explain,
    Explained,
    Inspect,
    Inspected,
    Line,
    Lined,
    Question,
)

__all__ = ["answer", "snapshot"]

PLACES = 9
"""Inputs and reconstructions that are shown along a line."""


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
        case Explain():
            return _explained(engine, probes, question)
        case Line():
            return _lined(engine, probes, question)


def _inspected(engine: Engine, probes: Probes, question: Inspect) -> Inspected:
    mean, log_var = engine.encode(probes.x[question.probe : question.probe + 1])
    random = np.random.Generator(np.random.Philox(key=[engine.seed, question.probe]))
    eps = random.standard_normal((question.draws, mean.shape[1]), np.float32)
    z = mean + standard_deviation(log_var) * eps
    decoded = engine.decode(np.concatenate([mean, z]))
    return Inspected(mean[0], log_var[0], decoded[0], z, decoded[1:])


def _explained(engine: Engine, probes: Probes, question: Explain) -> Explained:
    # A counter far from that of `_inspected`, whose stream has the same key.
    counter = [0, 0, 0, 1 + question.noise]
    random = np.random.Generator(
        np.random.Philox(counter=counter, key=[engine.seed, question.probe])
    )
    eps = random.standard_normal(engine.vae.units, np.float32)
    return engine.explain(probes.x[question.probe], eps, dict(question.held))


def _lined(engine: Engine, probes: Probes, question: Line) -> Lined:
    at, places = np.linspace(0, 1, question.points), np.linspace(0, 1, PLACES)
    start, end = probes.x[question.start].astype(float), probes.x[question.end].astype(float)
    share = np.concatenate([at, places]).reshape(-1, *(1 for _ in start.shape))
    x = ((1 - share) * start + share * end).astype(np.float32)
    mean, log_var = engine.encode(x)
    n = question.points
    decoded = engine.decode(mean[n:])
    return Lined(at.astype(np.float32), mean[:n], log_var[:n], x[n:], decoded)
