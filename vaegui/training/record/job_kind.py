"""The kinds of things that are done on request: what failed is told by one of these."""

from __future__ import annotations

from enum import Enum

__all__ = ["JobKind"]


class JobKind(Enum):
    """What was asked for. The value says it in words, as the title of a dialog does."""

    LOADING = "loading TensorFlow"
    TRAINING = "training"
    PREPARING_AHEAD = "preparing ahead"
    BUILDING = "building the model"
    CHANGING = "changing settings"
    GIVING_DATA = "giving data to the model"
    PAUSING = "pausing"
    STOPPING = "stopping"
    ANSWERING = "answering"
    EXPERIMENT = "the experiment"
    ESTIMATING = "estimating log p(x)"
    OPENING = "opening"
    SAVING = "saving"
    RECOVERING = "recovering"
    IMPORTING = "importing"
    IMPORTING_WEIGHTS = "importing weights"
    EXPORTING = "exporting"
    AUTOSAVING = "autosaving"
    EXAMINING = "reading the data"
    REHEARSING = "the rehearsal"
