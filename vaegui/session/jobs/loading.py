"""Loading what takes seconds to load: matplotlib, then TensorFlow."""

from __future__ import annotations

import importlib
import logging
from dataclasses import dataclass

from vaegui.machine.log import stderr_beside_log
from vaegui.session.jobs.job import Job
from vaegui.session.preloading import preload_tensorflow, without_garbage_collection
from vaegui.session.session import Session
from vaegui.training.record.events import DrawingReady, Ready
from vaegui.training.record.job_kind import JobKind

__all__ = ["Load"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Load(Job):
    """Load both, and say what there is to compute with."""

    kind = JobKind.LOADING
    of_run = False

    def run(self, session: Session) -> None:
        """Load matplotlib, then TensorFlow, unless the program is closed meanwhile."""
        session.set_state_between_jobs("loading")
        importlib.import_module("vaegui.panels.all")
        session.post(DrawingReady())
        session.check()
        with stderr_beside_log():
            preload_tensorflow()
            session.check()
            with without_garbage_collection():
                importlib.import_module("vaegui.training.trainer.trainer")
            session.check()
            from vaegui.training.model.devices import default_device, devices, versions

            ready = Ready(versions(), default_device(), devices())
        _LOG.info("%s; device %s %s", ready.versions, ready.device.name, ready.device.reason)
        session.post(ready)
        session.set_state_between_jobs("idle")
