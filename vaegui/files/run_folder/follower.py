"""Following a run that another program trains: its folder read little by little, as events."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable

from vaegui import strict_json
from vaegui.errors import VaeguiError
from vaegui.files.run_folder.layout import (
    BEGUN,
    CHECKPOINT,
    DATA,
    HISTORY,
    RUN,
    SETTINGS,
    SNAPSHOT,
    STATE,
    WriterState,
)
from vaegui.files.run_folder.packing import begun_from_files, snapshot_from_bytes
from vaegui.files.run_folder.reading import FolderReader, Mark
from vaegui.files.run_folder.records import HEADER, decoded, header
from vaegui.training.record.events import (
    Contact,
    Event,
    Failed,
    Finished,
    Prepared,
    Resumed,
    Rewound,
    Saved,
    Snapshot,
)
from vaegui.training.record.job_kind import JobKind
from vaegui.training.record.losses import EpochDone, StepsDone

__all__ = ["RunFollower"]

PIECE = 16 << 20
"""Bytes of the history that are read at a time; no record is longer."""
PATIENCE = 3.0
"""Seconds for which nothing is said of a folder that cannot be read."""
SILENCE = 30.0
"""Seconds without a sign of life after which the writer counts as gone."""


class _NotYetError(Exception):
    """What is to be read is not there, not whole, or of another run than the rest."""


class RunFollower:
    """Gives the events of a run in a folder, as training it in this program would have.

    It may be in any thread, reads only when `poll` is called, a bounded piece at a time, and never
    raises for what is in the folder. What comes of the events is the same record.

    Parameters
    ----------
    reader
        Reads the folder.
    clock
        Seconds that go on evenly, by which patience is measured.

    Attributes
    ----------
    over
        Whether nothing more is expected: the run finished or failed, or its writer is gone. If
        the writer gives signs of life again, or another run takes the folder, it is not over.
    behind
        Whether the last poll left something that could be read at once.
    """

    def __init__(self, reader: FolderReader, clock: Callable[[], float] = time.monotonic) -> None:
        self._reader, self._clock = reader, clock
        self._begun: Prepared | None = None
        self._contact = Contact("live")
        self._unreadable_since: float | None = None
        self._damaged_since: float | None = None
        self._state: WriterState | None = None
        self._state_mark: Mark | None = None
        self._dead_mark: Mark | None = None
        self._sign_at = clock()
        self.over = self.behind = False
        self._forget()

    def _forget(self) -> None:
        """Stand as before the first event."""
        self._begun = None
        self._begun_mark: Mark | None = None
        self._at, self._steps = 0, 0
        self._snapshot_mark: Mark | None = None
        self._snapshot: Snapshot | None = None
        self._seen_step: int | None = None
        self._saved_step: int | None = None
        self._ended = False

    def poll(self) -> list[Event]:
        """Everything that is new, oldest first; empty if nothing is."""
        events: list[Event] = []
        self.behind, problem, damaged = False, None, False
        try:
            self._read_state()
            self._read_begun(events)
            self._read_history(events)
            self._read_snapshot(events)
        except OSError as error:
            problem = f"cannot be read: {error.strerror or error}"
        except _NotYetError as error:
            problem = str(error)
        except (ValueError, OverflowError, VaeguiError, zipfile.BadZipFile) as error:
            problem, damaged = f"is damaged: {error}", True
        self._judge(problem, damaged, events)
        return events

    # --- reading -----------------------------------------------------------------------------

    def _read_state(self) -> None:
        """Look for a sign of life of the writer."""
        mark = self._reader.mark(STATE)
        if mark is None or mark == self._state_mark:
            return
        document = strict_json.parse(self._reader.read(STATE, most=strict_json.MAX_BYTES))
        self._state = WriterState.model_validate(document)
        self._state_mark, self._sign_at = mark, self._clock()

    def _read_begun(self, events: list[Event]) -> None:
        """Read how the run begins, if that is not known or is another run now."""
        mark = self._reader.mark(RUN)
        if mark is None:
            raise _NotYetError("holds no run yet")
        if mark == self._begun_mark:
            return
        files = {name: self._reader.read(name) for name in (RUN, SETTINGS, DATA, BEGUN)}
        begun = begun_from_files(files)
        if self._reader.mark(RUN) != mark:
            raise _NotYetError("is being replaced")
        if self._begun is None or self._begun.id != begun.id:
            self._begin(begun, events)
        self._begun_mark = mark

    def _begin(self, begun: Prepared, events: list[Event]) -> None:
        self._forget()
        self._begun, self._steps = begun, len(begun.history)
        self.over = False
        events.append(begun)

    def _read_history(self, events: list[Event]) -> None:
        """Read the next piece of what happened."""
        begun = self._known()
        mark = self._reader.mark(HISTORY)
        if mark is None:
            raise _NotYetError("has lost its history")
        if mark.size < self._at:
            # It was put back to an earlier state: all is read anew.
            self._begin(begun, events)
        if mark.size == self._at:
            return
        content = self._reader.read(HISTORY, self._at, PIECE)
        if not self._at:
            if len(content) < HEADER:
                return
            if content[:HEADER] != header(begun.id):
                raise _NotYetError("holds the history of another run")
            self._at, content = HEADER, content[HEADER:]
        for event, length in decoded(content):
            if event is not None:
                self._check(event)
                events.append(event)
            self._at += length
            self.behind = self._at < mark.size

    def _check(self, event: Event) -> None:
        """Raise `ValueError` if an event cannot follow those before."""
        match event:
            case StepsDone() if event.first != self._steps + 1:
                raise ValueError(f"step {event.first} cannot follow step {self._steps}")
            case StepsDone():
                self._steps = event.last
            case Rewound() | EpochDone() if event.step > self._steps:
                raise ValueError(f"step {event.step} cannot come before step {self._steps}")
            case Rewound():
                self._steps = event.step
            case EpochDone() if event.kl_by_unit.shape != (self._known().settings.latent_units,):
                raise ValueError("an epoch does not fit the number of latent units")
            case Resumed() if not self._known().settings.same_model(event.settings):
                raise ValueError("settings changed that cannot change within a run")

    def _read_snapshot(self, events: list[Event]) -> None:
        """Read the newest snapshot; it is told once the steps are that led to it."""
        begun = self._known()
        mark = self._reader.mark(SNAPSHOT)
        if mark is not None and mark != self._snapshot_mark:
            shot = snapshot_from_bytes(self._reader.read(SNAPSHOT), begun.id, begun)
            self._snapshot_mark, self._snapshot = mark, shot
            self._seen_step = None if shot is None else shot.step
        if self._snapshot is not None and self._snapshot.step <= self._steps:
            events.append(self._snapshot)
            self._snapshot = None

    def _known(self) -> Prepared:
        assert self._begun is not None
        return self._begun

    # --- what follows from it ----------------------------------------------------------------

    def _judge(self, problem: str | None, damaged: bool, events: list[Event]) -> None:
        """Add what follows for the run, once all that can be read was read."""
        now = self._clock()
        self._unreadable_since = _since(problem is not None, self._unreadable_since, now)
        self._damaged_since = _since(damaged, self._damaged_since, now)
        if problem is None:
            self._judge_writer(events)
        elif self._ended:
            return
        elif self._is_dead():
            self._lose("ended without saying so", events)
        else:
            self._judge_folder(problem, events)

    def _judge_writer(self, events: list[Event]) -> None:
        """Whether it says that the run is over, or is gone."""
        state, silent = self._state, self._clock() - self._sign_at
        if state is not None and state.id == self._known().id:
            if state.checkpoint_step not in (None, self._saved_step) and not self.behind:
                self._saved_step = state.checkpoint_step
                path = self._reader.folder / CHECKPOINT
                events.append(Saved(str(path), state.checkpoint_step))
            if state.state != "training" and (self._has_all(state) or silent > SILENCE):
                self._end(state, events)
        if self._ended or self.behind:
            return
        if self._is_dead():
            self._lose("ended without saying so", events)
        elif silent > SILENCE:
            self._lose("gives no sign of life any more", events)
        else:
            self._tell(Contact("live"), events)

    def _judge_folder(self, problem: str, events: list[Event]) -> None:
        """Wait for a folder that cannot be read, and say so after a while."""
        # No sign can be seen meanwhile.
        now = self._sign_at = self._clock()
        message = f"{self._reader.folder} {problem}."
        if _age(self._damaged_since, now) > SILENCE:
            self._tell(Contact("gone", message, "Train again into another folder."), events)
        elif _age(self._unreadable_since, now) > PATIENCE:
            self._tell(Contact("away", message, "It is looked for until it is there."), events)

    def _has_all(self, state: WriterState) -> bool:
        """Whether everything was read that was written before the writer said this."""
        seen = state.snapshot_step in (None, self._seen_step)
        return seen and self._at >= state.history_bytes

    def _is_dead(self) -> bool:
        """Whether the writer is known to have ended, and that all it wrote before was read."""
        if self._state is None or not self._state.is_dead:
            return False
        if self._dead_mark != self._state_mark:
            # It may have written its last between our look into the folder and its end.
            self._dead_mark, self.behind = self._state_mark, True
            return False
        return True

    def _lose(self, what: str, events: list[Event]) -> None:
        assert self._state is not None
        message = f"The program that trains the run ({self._state.writer}) {what}."
        path, kept = self._reader.folder / CHECKPOINT, "It kept no model."
        if step := self._state.checkpoint_step:
            steps = "1 step" if step == 1 else f"{step:,} steps"
            kept = f"Open {path}, its model after {steps}."
        self._tell(Contact("gone", message, kept), events)

    def _end(self, state: WriterState, events: list[Event]) -> None:
        if self._ended:
            return
        if state.state == "failed":
            events.append(Failed(state.message, state.remedy, kind=JobKind.TRAINING))
        else:
            events.append(Finished(state.reason or "stopped", state.step, state.kept_epoch))
        self._ended = self.over = True

    def _tell(self, contact: Contact, events: list[Event]) -> None:
        """Add a contact, if it is another than before."""
        if contact.state != self._contact.state:
            events.append(contact)
        self._contact, self.over = contact, contact.state == "gone"


def _since(is_so: bool, since: float | None, now: float) -> float | None:
    """Since when something has been so without a break, None if it is not."""
    if not is_so:
        return None
    return now if since is None else since


def _age(since: float | None, now: float) -> float:
    """For how long something has been so."""
    return 0.0 if since is None else now - since
