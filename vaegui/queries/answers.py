"""What a model says when it is looked at."""

from __future__ import annotations

import numpy as np

from vaegui.analysis.posterior import standard_deviation
from vaegui.queries.questions import (
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
from vaegui.training.engine.inference import Inference
from vaegui.training.record.events import Probes, Snapshot
from vaegui.training.record.timeline import Timeline

__all__ = ["answer", "snapshot", "snapshot_without_data"]

PLACES = 9
"""Inputs and reconstructions that are shown along a line."""

SAMPLES = 20
"""Draws from the prior that are shown where there are no inputs to reconstruct."""


def snapshot(model: Inference, probes: Probes, step: int) -> Snapshot:
    """Encode all probes, decode those of the gallery."""
    mean, log_var = model.encode(probes.x)
    return Snapshot(step, mean, log_var, model.decode(mean[: probes.gallery]))


def snapshot_without_data(model: Inference, timeline: Timeline, step: int) -> Snapshot:
    """The probes as they were last saved with the model, none if they never were; and samples."""
    none = np.empty((0, model.vae.units), np.float32)
    mean, log_var = none, none
    if len(timeline):
        step, mean, log_var = timeline.steps[-1], timeline.mean[-1], timeline.log_var[-1]
    random = np.random.Generator(np.random.Philox(model.seed))
    samples = model.decode(model.vae.prior.sample(SAMPLES, model.vae.units, random))
    return Snapshot(step, mean, log_var, np.empty((0, *model.vae.shape), np.float32), samples)


def answer(model: Inference, probes: Probes, question: Question) -> Content:
    """Answer a question with the model as it is now."""
    match question:
        case Decode():
            return Decoded(model.decode(np.array([question.z], np.float32))[0])
        case Inspect():
            return _inspected(model, probes, question)
        case Explain():
            return _explained(model, probes, question)
        case Line():
            return _lined(model, probes, question)


def _inspected(model: Inference, probes: Probes, question: Inspect) -> Inspected:
    mean, log_var = model.encode(probes.x[question.probe : question.probe + 1])
    random = np.random.Generator(np.random.Philox(key=[model.seed, question.probe]))
    eps = random.standard_normal((question.draws, mean.shape[1]), np.float32)
    z = mean + standard_deviation(log_var) * eps
    decoded = model.decode(np.concatenate([mean, z]))
    return Inspected(mean[0], log_var[0], decoded[0], z, decoded[1:])


def _explained(model: Inference, probes: Probes, question: Explain) -> Explained:
    # A counter far from that of `_inspected`, whose stream has the same key.
    counter = [0, 0, 0, 1 + question.noise]
    random = np.random.Generator(
        np.random.Philox(counter=counter, key=[model.seed, question.probe])
    )
    eps = random.standard_normal(model.vae.units, np.float32)
    return model.explain(probes.x[question.probe], eps, dict(question.held))


def _lined(model: Inference, probes: Probes, question: Line) -> Lined:
    at, places = np.linspace(0, 1, question.points), np.linspace(0, 1, PLACES)
    start, end = probes.x[question.start].astype(float), probes.x[question.end].astype(float)
    share = np.concatenate([at, places]).reshape(-1, *(1 for _ in start.shape))
    x = ((1 - share) * start + share * end).astype(np.float32)
    mean, log_var = model.encode(x)
    n = question.points
    decoded = model.decode(mean[n:])
    return Lined(at.astype(np.float32), mean[:n], log_var[:n], x[n:], decoded)
