"""What the window knows: the present run, what is looked at, and what the worker does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from vaegui.core.architectures.imported import fits
from vaegui.panels.focus import Focus
from vaegui.presets import first_example
from vaegui.queries.base import Query, Result
from vaegui.queries.decode import Decode
from vaegui.runs.project import Project
from vaegui.runs.run import Run, blank_run
from vaegui.session.mailbox import Content, Mailbox, Message
from vaegui.training.record.events import (
    DrawingReady,
    Expected,
    Failed,
    Notice,
    Prepared,
    Progress,
    Ready,
    Rehearsed,
    Saved,
    Status,
)
from vaegui.training.record.state import BUSY, UNDER_WAY, State
from vaegui.training.settings.settings import Settings

if TYPE_CHECKING:
    from vaegui.session.worker import Worker

__all__ = ["Workbench"]

SETTLED = 800
"""Milliseconds after the last change of settings until the worker prepares for them."""


class Workbench(QObject):
    """The one truth of the window. It takes events from the mailbox.

    Attributes
    ----------
    settings
        What the Setup form says, or None while something in it is wrong.
    project
        The records of runs, each of which takes the events of its own; the panels show the active
        one.
    focus
        What is looked at. `look_at` changes it.
    state
        What the worker does now.
    ready
        Versions and device, or None until TensorFlow is loaded.
    progress
        How far that which takes time has come, or None.
    """

    changed = Signal(object)
    """The run that the panels show is another or knows more: a frozenset of classes of events."""
    focus_changed = Signal(object)
    """Something else is looked at: a frozenset of the names of the attributes that changed."""
    settings_changed = Signal()
    state_changed = Signal()
    progressed = Signal()
    failed = Signal(Failed)
    notified = Signal(str)
    """Something was done; a sentence about it."""
    begun = Signal()
    """Another run is the present one."""
    saved = Signal(str)
    expected = Signal(object)
    """A `Run` that may begin soon, with a picture of nothing: panels may get ready for it."""
    rehearsed = Signal(object)
    """How a rehearsal went: a `Rehearsed`."""
    drawing_ready = Signal()
    """matplotlib is loaded: panels can be drawn."""

    def __init__(self, worker: Worker, mailbox: Mailbox, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._mailbox = mailbox
        self._standing: tuple[Query[Any], ...] = ()
        self._experiments: dict[type[Query[Any]], Query[Any]] = {}
        self._wanted: tuple[Query[Any], ...] = ()
        self.settings: Settings | None = Settings()
        self.project = Project()
        self.focus = Focus()
        self.state: State = "loading"
        self.ready: Ready | None = None
        self.progress: Progress | None = None
        self._expecting = QTimer(self)
        self._expecting.setSingleShot(True)
        self._expecting.setInterval(SETTLED)
        self._expecting.timeout.connect(self._expect)

    @property
    def run(self) -> Run | None:
        """The run that the panels show, or None before the first."""
        return self.project.active

    @property
    def path(self) -> str | None:
        """The file that the run was opened from or saved to, or None."""
        return None if self.run is None else self.run.path

    @property
    def active(self) -> bool:
        """Whether a training is under way, be it paused."""
        return self.state in UNDER_WAY

    @property
    def awaiting(self) -> bool:
        """Whether what the cursor decodes to was asked, and the answer has not come yet."""
        if self.run is None or self.focus.cursor is None:
            return False
        return self.run.result(Decode(self.focus.cursor)) is None

    @property
    def unsaved(self) -> bool:
        """Whether closing the run would lose steps."""
        return self.run is not None and self.run.unsaved

    @property
    def needs_new_model(self) -> bool:
        """Whether the Setup form asks for another model than the present one."""
        if self.run is None or self.settings is None or self.gives_data:
            return False
        return not self.run.begun.settings.same_model(self.settings)

    @property
    def gives_data(self) -> bool:
        """Whether the Setup form names data for the present model, whose own are not here."""
        return self.settings is not None and self.takes(self.settings)

    def takes(self, settings: Settings) -> bool:
        """Whether the present model lacks its data and can have those that some settings name."""
        if self.run is None or not self.run.begun.missing:
            return False
        old, data = self.run.begun, settings.data
        fitting = not data.shape or fits(data.shape, old.data.shape)
        fitting &= settings.has_encoder
        return fitting and old.settings.data != data and old.settings.same_network(settings)

    def set_settings(self, settings: Settings | None) -> None:
        """Take what the Setup form says now."""
        self.settings = settings
        self.settings_changed.emit()
        if self.ready is not None:
            self._expecting.start()

    @Slot()
    def _expect(self) -> None:
        """Let the worker prepare for the first Train while the user looks around."""
        if self.run is None and self.settings is not None and self.state in ("loading", "idle"):
            self._worker.expect(self.settings)

    def look_at(self, focus: Focus) -> None:
        """Look at something else."""
        old, self.focus = self.focus, focus
        names = _changed(old, focus)
        if not names:
            return
        if self.run is not None and focus.cursor is None:
            self.run.forget(Decode)
        self.focus_changed.emit(names)

    def want(self, queries: Sequence[Query[Any]]) -> None:
        """Have these queries answered from now on: those of the panels that can be seen."""
        self._standing = tuple(queries)
        self._ask()

    def experiment(self, query: Query[Any]) -> None:
        """Begin an experiment; it takes the place of one of the same class that is under way.

        What comes of it is in the run, bit by bit: `Run.result`.
        """
        self.end_experiment(type(query))
        self._experiments[type(query)] = query
        self._ask()

    def end_experiment(self, kind: type[Query[Any]]) -> None:
        """End what is under way; what has come of it so far stays in the run."""
        if self._experiments.pop(kind, None) is not None:
            self._ask()

    def _ask(self) -> None:
        """Tell the worker what is wanted now, if that is not what it was told last."""
        wanted = tuple(dict.fromkeys((*self._standing, *self._experiments.values())))
        if wanted != self._wanted:
            self._wanted = wanted
            self._worker.want(wanted)

    @Slot()
    def take(self) -> None:
        """Take in everything that waits in the mailbox."""
        messages = self._mailbox.take()
        news = frozenset(type(each.content) for each in messages if self._take(each))
        if news:
            self.changed.emit(news)

    def _take(self, message: Message) -> bool:
        """Take in one message; whether the run that is shown knows more by it."""
        match event := message.content:
            case Prepared():
                self._begin(event)
                return True
            case Status():
                self._enter(event.state)
            case DrawingReady():
                self.drawing_ready.emit()
            case Ready():
                self.ready = event
                self.state_changed.emit()
                self._expect()
            case Expected():
                self._get_ready(event.begun)
            case Progress():
                self.progress = event
                self.progressed.emit()
            case Failed():
                self.failed.emit(event)
            case Rehearsed():
                self.rehearsed.emit(event)
            case Notice():
                self.notified.emit(event.message)
            case _ if message.run is not None and message.run in self.project.runs:
                return self._add(self.project.runs[message.run], event)
        return False

    def _add(self, run: Run, content: Content) -> bool:
        """Add to a record what concerns its run; whether the one that is shown knows more by it."""
        if isinstance(content, Result):
            if content.query not in self._wanted:
                return False
            run.add_result(content)
        else:
            run.add(content)
        if isinstance(content, Saved):
            self.saved.emit(content.path)
        return run is self.run

    def _get_ready(self, begun: Prepared) -> None:
        """Let panels get ready for a run, unless they have another to show."""
        if self.run is None:
            self.expected.emit(blank_run(begun))

    def _begin(self, event: Prepared) -> None:
        if self.run is not None:
            self.project.remove(self.run.id)
        self.project.add(Run(event))
        self.project.activate(event.id)
        old = self.focus
        first = event.probes.refs[first_example(event.settings) :]
        subsets = tuple(s for s in old.subsets if s.members.dataset == event.data.sha256)
        self.focus = Focus(example=next(iter(first), None), topic=old.topic, subsets=subsets)
        # What was asked was about another model.
        self._experiments.clear()
        self._standing = self._wanted = ()
        self.begun.emit()
        self.focus_changed.emit(_changed(old, self.focus))

    def _enter(self, state: State) -> None:
        if state not in BUSY and self.progress is not None:
            self.progress = None
            self.progressed.emit()
        self.state = state
        self.state_changed.emit()


def _changed(old: Focus, new: Focus) -> frozenset[str]:
    """The names of the attributes in which two foci differ."""
    if old is new:
        return frozenset()
    names = (field.name for field in fields(Focus))
    return frozenset(name for name in names if getattr(old, name) != getattr(new, name))
