"""Watching, on the command line, a run that another program trains."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from vaegui.cli.progress import Display
from vaegui.cli.results import print_results
from vaegui.errors import Cancelled, FileError, VaeguiError
from vaegui.files.run_folder.follower import RunFollower
from vaegui.files.run_folder.layout import CHECKPOINT
from vaegui.files.run_folder.reading import FolderReader
from vaegui.runs.run import Run
from vaegui.training.record.events import Contact, Event, Failed, Prepared

__all__ = ["follow"]

PAUSE = 0.5
"""Seconds between two looks into the folder."""


def follow(
    folder: Path,
    *,
    json_: Annotated[bool, Parameter(name="--json", negative="", show_default=False)] = False,
) -> int:
    """Show how a run goes that "vaegui train --run-folder" writes, here or on another machine.

    It waits for the run if there is none yet, ends when the run does, and changes nothing. Ctrl+C
    ends it; the run goes on.

    Parameters
    ----------
    folder
        The run folder.
    json_
        Print the results as one line of JSON on stdout.
    """
    if folder.is_file():
        raise FileError(f"{folder} is a file.", "Give the folder of the run.")
    try:
        run = _followed(RunFollower(FolderReader(folder)), folder)
    except KeyboardInterrupt:
        raise Cancelled("Following") from None
    if run is not None and run.finished is not None:
        print_results(run, folder / CHECKPOINT, as_json=json_)
    return 0


def _followed(follower: RunFollower, folder: Path) -> Run | None:
    """The record of a run that is over, which was shown until then."""
    run = None
    with Display() as display:
        display.progress(f"waiting for {folder}", 0, None)
        while not follower.over:
            for event in follower.poll():
                run = _taken(run, event)
                _warn(event, display)
                display.show(event)
            if not follower.over and not follower.behind:
                time.sleep(PAUSE)
    return run


def _taken(run: Run | None, event: Event) -> Run | None:
    """The record with an event in it. Raises `VaeguiError` for one that says that all is over."""
    match event:
        case Prepared():
            return Run(event)
        case Failed():
            raise VaeguiError(event.message, event.remedy)
        case Contact(state="gone"):
            raise VaeguiError(event.message, event.remedy)
    if run is not None:
        run.add(event)
    return run


def _warn(event: Event, display: Display) -> None:
    if isinstance(event, Contact):
        display.say(event.message or "The run can be followed now.")
