"""The files of a run folder, and what its writer says of itself in one of them."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Literal

import psutil
from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "BEGUN",
    "CHECKPOINT",
    "DATA",
    "FORMAT",
    "HISTORY",
    "RUN",
    "SETTINGS",
    "SNAPSHOT",
    "STATE",
    "WriterState",
    "this_process",
]

FORMAT = 1
"""Version of the folder's format; folders of a higher one are not followed."""

RUN = Path("run.json")
"""Which run it is and how it is computed. It is written last: with it the folder is a run."""
SETTINGS = Path("settings.json")
DATA = Path("data.json")
BEGUN = Path("begun.npz")
"""The probes, and the history of a run that went on."""
HISTORY = Path("history")
"""The only file that is appended to."""
SNAPSHOT = Path("snapshot.npz")
CHECKPOINT = Path("checkpoint.keras")
STATE = Path("state.json")

SAME_START = 30.0
"""Seconds by which a clock that was set may let the beginning of a process seem to differ."""


class WriterState(BaseModel):
    """What the program that trains says of itself and of the folder, every two seconds."""

    model_config = ConfigDict(frozen=True)

    id: str
    """The run that is being written."""
    state: Literal["training", "finished", "failed"] = "training"
    host: str = Field(max_length=500)
    pid: int = Field(ge=1, lt=1 << 31)
    started: float
    """When that process began, in seconds since 1970: its number may be given anew later."""
    time: float
    """When this was written, in seconds since 1970 by the clock of that machine."""
    step: int = Field(default=0, ge=0)
    history_bytes: int = Field(default=0, ge=0)
    """Length of the history so far."""
    snapshot_step: int | None = None
    checkpoint_step: int | None = None
    reason: Literal["complete", "early", "stopped", "stepped"] | None = None
    """Why it finished."""
    kept_epoch: int | None = None
    message: str = Field(default="", max_length=100_000)
    """Why it failed."""
    remedy: str = Field(default="", max_length=100_000)

    @property
    def writer(self) -> str:
        """The process in words."""
        return f"process {self.pid} on {self.host}"

    @property
    def is_dead(self) -> bool:
        """Whether that process is known to be no more. Of another machine nothing is known."""
        if self.host != platform.node():
            return False
        try:
            process = psutil.Process(self.pid)
            # One that was killed stays as a zombie until its parent has asked for its exit code.
            gone = process.status() == psutil.STATUS_ZOMBIE
            return bool(gone or abs(process.create_time() - self.started) > SAME_START)
        except psutil.NoSuchProcess:
            return True
        except psutil.Error:
            return False


def this_process() -> tuple[str, int, float]:
    """Machine, number and beginning of this process, for `WriterState`."""
    process = psutil.Process()
    return platform.node()[:500], process.pid, process.create_time()
