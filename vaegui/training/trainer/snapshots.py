"""What is seen of a model at one step: its probes encoded, some of them decoded."""

from __future__ import annotations

import time

import numpy as np

from vaegui.analysis.codes import draws_like
from vaegui.training.model.inference import Inference
from vaegui.training.record.events import Snapshot
from vaegui.training.record.probes import Probes
from vaegui.training.record.snapshots import SnapshotStore
from vaegui.training.trainer.examples import Examples
from vaegui.training.trainer.run_state import RunState

__all__ = ["snapshot", "take_snapshot"]

SAMPLES = 20
"""Draws from the prior that are shown where there are no inputs to reconstruct."""


def take_snapshot(state: RunState, examples: Examples, model: Inference) -> Snapshot:
    """Return what is seen of the model now, and keep it; without the data it is not kept."""
    if not examples.can_be_seen:
        return _without_data(model, state.snapshots, state.step)
    started, probes = time.perf_counter(), examples.probes
    shot = snapshot(model, probes, state.step)
    if examples.missing:
        return shot
    state.pace.shot(time.perf_counter() - started)
    state.snapshots.labels, state.snapshots.refs = probes.labels, probes.refs
    state.snapshots.add(shot)
    return shot


def snapshot(model: Inference, probes: Probes, step: int) -> Snapshot:
    """Encode all probes, decode those of the gallery."""
    mean, log_var = model.encode(probes.x)
    return Snapshot(step, mean, log_var, model.decode(mean[: probes.gallery]))


def _without_data(model: Inference, kept: SnapshotStore, step: int) -> Snapshot:
    """The probes as they were last saved with the model, none if they never were; and samples.

    A plain autoencoder has no prior, so its samples are like the codes of those probes.
    """
    none = np.empty((0, model.vae.units), np.float32)
    mean, log_var = none, none
    if (last := kept.at(None)) is not None:
        step, mean, log_var = last.step, last.mean, last.log_var
    random = np.random.Generator(np.random.Philox(model.seed))
    z = model.vae.prior.sample(SAMPLES, model.vae.units, random)
    if not model.vae.spread:
        z = draws_like(mean, SAMPLES, model.seed) if len(mean) else none
    nothing = np.empty((0, *model.vae.shape), np.float32)
    return Snapshot(step, mean, log_var, nothing, model.decode(z))
