"""What is seen of a model at one step: its probes encoded, some of them decoded."""

from __future__ import annotations

import numpy as np

from vaegui.training.model.inference import Inference
from vaegui.training.record.events import Probes, Snapshot
from vaegui.training.record.snapshots import SnapshotStore

__all__ = ["snapshot", "snapshot_without_data"]

SAMPLES = 20
"""Draws from the prior that are shown where there are no inputs to reconstruct."""


def snapshot(model: Inference, probes: Probes, step: int) -> Snapshot:
    """Encode all probes, decode those of the gallery."""
    mean, log_var = model.encode(probes.x)
    return Snapshot(step, mean, log_var, model.decode(mean[: probes.gallery]))


def snapshot_without_data(model: Inference, kept: SnapshotStore, step: int) -> Snapshot:
    """The probes as they were last saved with the model, none if they never were; and samples."""
    none = np.empty((0, model.vae.units), np.float32)
    mean, log_var = none, none
    if (last := kept.at(None)) is not None:
        step, mean, log_var = last.step, last.mean, last.log_var
    random = np.random.Generator(np.random.Philox(model.seed))
    samples = model.decode(model.vae.prior.sample(SAMPLES, model.vae.units, random))
    return Snapshot(step, mean, log_var, np.empty((0, *model.vae.shape), np.float32), samples)
