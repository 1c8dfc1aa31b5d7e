"""What a training run tells of itself, as frozen values.

Arrays in events belong to nobody: they are never written to after the event was made. Terms are
in nats per example. Values of examples (inputs, reconstructions) are in the data's own scale.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.data.description import DataDescription
from vaegui.errors import Fix
from vaegui.training.record.history import History
from vaegui.training.record.job_kind import JobKind
from vaegui.training.record.losses import EpochDone, LossTerms, StepsDone
from vaegui.training.record.probes import Probes
from vaegui.training.record.run_id import RunId
from vaegui.training.record.state import State
from vaegui.training.settings.settings import Settings

__all__ = [
    "Computing",
    "Contact",
    "Device",
    "DrawingReady",
    "Event",
    "Evidence",
    "Expected",
    "Failed",
    "Finished",
    "Measured",
    "Notice",
    "Prepared",
    "Progress",
    "Ready",
    "Resumed",
    "Rewound",
    "Saved",
    "Snapshot",
    "Status",
]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Device:
    """Where it is computed: ``name`` ("CPU", a GPU's name), ``reason`` why no GPU is used."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DrawingReady:
    """matplotlib is loaded (before TensorFlow): making the panels keeps nobody waiting."""


@dataclass(frozen=True, slots=True)
class Ready:
    """TensorFlow is loaded. ``versions`` maps package to version.

    ``device`` is what computes by default, ``devices`` all that could, by the name that settings
    call them.
    """

    versions: dict[str, str]
    device: Device
    devices: dict[str, Device] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class Prepared:
    """A run begins: data loaded, model built anew or read from a file."""

    id: RunId
    settings: Settings
    data: DataDescription
    probes: Probes
    device: Device
    parameters: int
    """Number of trainable weights."""
    compiler: str
    """How steps are compiled and why, for the status bar's details."""
    steps_per_epoch: int
    history: History
    """What happened before, for a run that was opened; otherwise empty. A copy."""
    snapshots: tuple[Snapshot, ...] = ()
    """The snapshots that were kept of that, in order of their steps."""
    path: str | None = None
    """The file it was opened from."""
    imported: str = ""
    """What it was called where it was made, if that was elsewhere."""
    recovered: bool = False
    """Whether it was left behind by a program that ended unexpectedly: no file holds all of it."""
    missing: str = ""
    """Why its data cannot be had, and what to do; it can be looked at then, not trained."""


@dataclass(frozen=True, eq=False, slots=True)
class Expected:
    """The run that will begin if nothing changes: whoever shows it may get ready for its data."""

    begun: Prepared


@dataclass(frozen=True, slots=True)
class Resumed:
    """The run has these settings from here on; only what may change within a run differs.

    ``mark`` says what changed in a few words, for the loss plot; empty if nothing to mark.
    """

    settings: Settings
    step: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Computing:
    """How the steps that follow are computed, each in words with the reason.

    ``compiler`` is XLA or the graph, ``data`` where the examples are, ``steps`` how many are done
    in one call.
    """

    compiler: str
    data: str
    steps: str


@dataclass(frozen=True, eq=False, slots=True)
class Measured:
    """How good the model is at ``step``, over ``examples`` examples, with fixed noise.

    ``kl_by_unit`` is (units,) in nats; ``active_units`` is as in `EpochDone`.
    """

    step: int
    examples: int
    terms: LossTerms
    kl_by_unit: Floats
    active_units: int


@dataclass(frozen=True, slots=True)
class Rewound:
    """The run was put back to an earlier step; what came after it is forgotten."""

    step: int


@dataclass(frozen=True, eq=False, slots=True)
class Snapshot:
    """The probes at one step: ``mean`` and ``log_var`` (probes, units).

    ``reconstruction`` (gallery, *shape) is the decoded mean of the first probes. ``samples``
    (n, *shape) are draws from the prior decoded, in a run without its data, where ``mean`` and
    ``log_var`` are as they were saved.
    """

    step: int
    mean: Floats
    log_var: Floats
    reconstruction: Floats
    samples: Floats | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """No step follows: all epochs are done, or it ended early, or the user stopped or stepped."""

    reason: Literal["complete", "early", "stopped", "stepped"]
    step: int
    kept_epoch: int | None = None
    """The epoch whose weights the model has now, where those of the best were kept."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Something did not work. The program goes on. ``details`` is a traceback or empty."""

    message: str
    remedy: str
    details: str = ""
    cancelled: bool = False
    """Whether it is only that the user cancelled: nothing to apologise for."""
    what: str = ""
    """What was tried, in words, for the title of a dialog; nothing depends on them."""
    fix: Fix | None = None
    """Values of settings that would mend it, one click away."""
    kind: JobKind | None = None
    """What was tried; None if nobody asked for it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whether a run that another program trains can be followed, told whenever that changes.

    ``state`` is "live"; "away" if its folder cannot be read now, or holds no run yet; or "gone" if
    the program that trains it ended without saying so, or has given no sign for long. A run may
    become live again. ``message`` and ``remedy`` say what it is in words.
    """

    state: Literal["live", "away", "gone"]
    message: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Something that takes time goes on: ``done`` of ``total`` (None while unknown)."""

    what: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The importance-weighted bound at ``step``, in nats per example of the test part.

    ``log_p`` is its mean over ``examples`` examples with ``samples`` draws of z each, and
    ``standard_error`` that of the mean over examples.
    """

    step: int
    samples: int
    examples: int
    log_p: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Saved:
    """The run was written to ``path`` as it was at ``step``."""

    path: str
    step: int


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of a few steps with ``settings``; the present run has nothing to do with it.

    ``epoch_seconds`` is what an epoch will take, ``memory`` the bytes that data and model took at
    most, ``loss`` that of the last step in nats per example; ``why_not`` says why it did not work,
    or is empty.
    """

    settings: Settings
    steps: int = 0
    epoch_seconds: float = 0.0
    memory: int = 0
    loss: float = 0.0
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What the worker is doing now. The window's controls follow this and nothing else."""

    state: State


@dataclass(frozen=True, slots=True)
class Notice:
    """Something was done that changes nothing on screen; a sentence for the status bar."""

    message: str


Event = (
    DrawingReady
    | Ready
    | Expected
    | Prepared
    | Resumed
    | Computing
    | StepsDone
    | EpochDone
    | Rewound
    | Snapshot
    | Finished
    | Failed
    | Contact
    | Progress
    | Evidence
    | Rehearsed
    | Saved
    | Status
    | Notice
)
