"""Models and weights of other programs, in and out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vaegui.session.jobs.files import Opening
from vaegui.session.jobs.job import Job
from vaegui.session.session import Session
from vaegui.training.record.events import Notice
from vaegui.training.record.job_kind import JobKind

if TYPE_CHECKING:
    from vaegui.files.foreign.halves.finding import Foreign
    from vaegui.files.foreign.roles.proposal import Reading

__all__ = ["ExportWeights", "ImportModel", "ImportWeights"]


@dataclass(frozen=True)
class ImportModel(Opening):
    """Rebuild a model that was made elsewhere."""

    kind = JobKind.IMPORTING
    foreign: Foreign
    reading: Reading

    def run(self, session: Session) -> None:
        """Rebuild it and show it."""
        from vaegui.files.foreign.importing import import_model

        trainer = import_model(self.foreign, self.reading, session.progress)
        session.take(trainer, replace(trainer.begun(), imported=self.foreign.title))
        session.show()


@dataclass(frozen=True)
class ImportWeights(Job):
    """Put the weights of a file into the present model."""

    kind = JobKind.IMPORTING_WEIGHTS
    state = "opening"
    path: Path

    def run(self, session: Session) -> None:
        """Put them in place, show it, and say which."""
        from vaegui.files.tensors import import_weights

        resumed, parts = import_weights(self.path, session.trainer, session.progress)
        session.post_for_run(resumed)
        session.show()
        session.post_for_run(
            Notice(f"The {parts} of the model have the weights in {self.path.name}.")
        )


@dataclass(frozen=True)
class ExportWeights(Job):
    """Write the weights of the present model as they are to a safetensors file."""

    kind = JobKind.EXPORTING
    state = "saving"
    stores = True
    path: Path

    def run(self, session: Session) -> None:
        """Write them, and say so."""
        from vaegui.files.tensors import export_weights

        export_weights(self.path, session.trainer)
        session.post_for_run(Notice(f"Exported the weights to {self.path}."))
