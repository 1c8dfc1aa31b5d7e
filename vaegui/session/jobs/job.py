"""What a job is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from vaegui.session.job_queue import Queued
from vaegui.session.session import Session

__all__ = ["Job"]


class Job(Queued, ABC):
    """Something to do in the worker's thread; a subclass is a frozen dataclass of what it needs.

    Attributes
    ----------
    of_run
        Whether it works on the present run, so that what fails in it concerns that run.
    ends_training
        Whether no further steps are done if it fails.
    """

    of_run: ClassVar[bool] = True
    ends_training: ClassVar[bool] = False

    def title(self, session: Session) -> str:
        """What it is in words, for who is told that it did not work."""
        return self.kind.value

    def is_failure_told(self, session: Session, error: Exception) -> bool:
        """Whether the user is told that it failed."""
        return True

    @abstractmethod
    def run(self, session: Session) -> None:
        """Do it. Whatever is raised is told to the user, and the thread lives on."""
