"""A model that is given a file of data by its path."""

from __future__ import annotations

from pathlib import Path

from vaegui.data import OwnData
from vaegui.data.own.known import remember
from vaegui.progress import ProgressCallback, no_progress
from vaegui.training.settings.data_check import proposed_settings
from vaegui.training.trainer.trainer import Trainer

__all__ = ["with_file"]


def with_file(trainer: Trainer, path: Path, progress: ProgressCallback = no_progress) -> Trainer:
    """Return a trainer whose data are in this file or folder.

    A model of own data goes on with these, which have to be the same; the path is where they are
    now. Any other begins a run of its own on them, if they have its shape.

    Raises
    ------
    VaeguiError
        If they cannot be read, or do not fit. The trainer is as it was.
    """
    if isinstance(trainer.settings.data, OwnData):
        remember(path.resolve())
        trainer.state.settings = trainer.settings.with_values({"data.path": str(path.resolve())})
        return trainer
    settings = proposed_settings(path, progress=progress, base=trainer.settings).settings
    return trainer.with_data(settings, progress)
