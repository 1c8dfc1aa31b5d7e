"""The user's own data that are looked at: the recipe, what a check of it found, and undo."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from vaegui.data.formats.base import Guess
from vaegui.data.own.own import OwnData
from vaegui.errors import Fix, VaeguiError
from vaegui.session.data_worker import (
    DataEvent,
    DataWorker,
    Examine,
    Found,
    Propose,
    Recognised,
    Request,
)
from vaegui.training.record.events import Failed, Progress
from vaegui.training.record.job_kind import JobKind
from vaegui.training.settings.settings import Settings
from vaegui.ui.state.bridge import Bridge

__all__ = ["DataRecipe"]

_FORMAT = "data.format."
_MOST_CHANGES = 30
SETTLED = 1.0
"""Seconds after which the pace of reading is known."""


class DataRecipe(QObject):
    """Own data on their way to the model. A change is read and judged in a thread of its own.

    Attributes
    ----------
    found
        What the last request that worked came to, or as much as is known of the present one.
    failure
        Why the last request did not work, or None.
    progress
        How far reading has come; None at rest.
    undo_stack
        One entry for each change of the recipe.
    """

    changed = Signal()
    """There is another result, or a failure, or none of them any more."""
    progressed = Signal()
    """Reading has begun, come further, or ended."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = Bridge(self)
        self._bridge.woken.connect(self._take)
        self._desk = DataWorker(self._bridge.wake)
        self._again: tuple[Request, str] | None = None
        self._began: tuple[str, float, int] | None = None
        self._what = ""
        self._reasons: dict[str, Guess] = {}
        self.busy = False
        self.found: Found | None = None
        self._whole: Found | None = None
        self._recognised: Recognised | None = None
        self._base: Settings | None = None
        self.failure: Failed | None = None
        self.progress: Progress | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(_MOST_CHANGES)

    @property
    def settings(self) -> Settings | None:
        """All settings as they were judged last, or None."""
        return None if self.found is None else self.found.settings

    @property
    def data(self) -> OwnData | None:
        """The recipe alone; of a file that could not be read, how it was tried."""
        if self.settings is None:
            return None if self._recognised is None else self._recognised.data
        return self.settings.data if isinstance(self.settings.data, OwnData) else None

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """What of the recipe was found out by looking."""
        if self.found is None:
            return () if self._recognised is None else self._recognised.guesses
        return self.found.guesses

    @property
    def undone(self) -> str:
        """The change that was not made because it did not work; '' if there is none."""
        return self._what if self.failure is not None and self.found is not None else ""

    def first_guess(self, field: str) -> Guess | None:
        """What was guessed of a field of the recipe at first, before anybody changed it."""
        return self._reasons.get(field)

    @property
    def seconds_left(self) -> float | None:
        """Seconds until what is being done now is done; None while nobody can tell."""
        if self.progress is None or self._began is None or not self.progress.total:
            return None
        what, began, first = self._began
        took, done = time.monotonic() - began, self.progress.done - first
        if what != self.progress.what or took < SETTLED or done <= 0:
            return None
        return took / done * (self.progress.total - self.progress.done)

    def open(self, path: str, base: Settings) -> None:
        """Find out what a file or folder is; all other settings are taken from ``base``."""
        self.undo_stack.clear()
        self._reasons.clear()
        self.found = self._whole = self._recognised = None
        self._base = base
        self._ask(Propose(Path(path), base, {}), "")
        self.changed.emit()

    def show(self, settings: Settings) -> None:
        """Look at the data of these settings, which are a user's own, again."""
        self.undo_stack.clear()
        self._base = settings
        self._ask(Examine(settings), "")

    def change(self, values: Mapping[str, Any], what: str) -> None:
        """Set some settings otherwise, by dotted path, and judge the data anew.

        ``what`` names the change in the Edit menu. Where it changes how the file is read, what
        was set about columns and layout is found out anew.
        """
        settings, data = self.settings or self._base, self.data
        if settings is None or data is None:
            return
        if any(path.startswith(_FORMAT) for path in values):
            now = {f"{_FORMAT}{k}": v for k, v in data.format.model_dump(mode="json").items()}
            self._ask(Propose(Path(data.path), settings, {**now, **values}), what)
            return
        try:
            changed = settings.with_values(dict(values))
        except VaeguiError as error:
            self._what = what
            self._fail(Failed(error.message, error.remedy, kind=JobKind.EXAMINING))
            return
        if changed != settings:
            self._ask(Examine(changed, self.guesses), what)

    def apply(self, fix: Fix) -> None:
        """Set what mends a problem or follows an advice."""
        self.change(fix.values, fix.label)

    def take_all(self) -> None:
        """Take every remedy and every advice."""
        if self.settings is not None:
            request = Examine(self.settings, self.guesses, take_all=True)
            self._ask(request, "Take all remedies and advice")

    def try_again(self) -> None:
        """Do what did not work, or was given up, once more."""
        if self._again is not None:
            self._ask(*self._again)

    def forget(self) -> None:
        """Be as at the start: no data."""
        self.cancel()
        self.undo_stack.clear()
        self.found = self._whole = self.failure = self._recognised = None
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Give up reading and checking; what was there before is there again."""
        self._desk.cancel()
        self.found = self._whole or self.found
        self._rest()
        self.changed.emit()

    def close(self, timeout: float = 0.0) -> bool:
        """End the thread; whether it has ended within so many seconds."""
        self._bridge.close()
        return self._desk.close(timeout)

    def _ask(self, request: Request, what: str) -> None:
        self._again, self._what = (request, what), what
        self.failure, self._began = None, None
        self.busy, self.progress = True, None
        self._desk.ask(request)
        self.progressed.emit()

    def _rest(self) -> None:
        self.busy, self.progress = False, None
        self.progressed.emit()

    @Slot()
    def _take(self) -> None:
        for news in self._desk.take():
            self._take_one(news)

    def _take_one(self, news: DataEvent) -> None:
        if isinstance(news, Progress):
            if self._began is None or self._began[0] != news.what:
                self._began = news.what, time.monotonic(), news.done
            self.progress = news
            self.progressed.emit()
        elif isinstance(news, Recognised):
            self._recognised = news
            self._remember(news.guesses)
        elif isinstance(news, Failed):
            self._fail(news)
        else:
            self._settle(news)

    def _fail(self, failed: Failed) -> None:
        self.failure = failed
        self.found = self._whole or self.found
        self._rest()
        self.changed.emit()

    def _settle(self, found: Found) -> None:
        self.found = found
        self._remember(found.guesses)
        if found.check is None:
            self.changed.emit()
            return
        before, self._whole = self._whole, found
        self._rest()
        if before is not None and self._what:
            self.undo_stack.push(_Change(self._what, before, found, self._go_to))
        self.changed.emit()

    def _remember(self, guesses: tuple[Guess, ...]) -> None:
        for guess in guesses:
            self._reasons.setdefault(guess.field, guess)

    def _go_to(self, found: Found) -> None:
        """Show an earlier or later result: what comes of a recipe is a value that does not age."""
        self._desk.cancel()
        self.found, self._whole, self.failure = found, found, None
        self._rest()
        self.changed.emit()


class _Change(QUndoCommand):
    """From one result to the next, which is there already when this is put on the stack."""

    def __init__(
        self, text: str, before: Found, after: Found, go_to: Callable[[Found], None]
    ) -> None:
        super().__init__(text)
        self._before, self._after, self._go_to = before, after, go_to
        self._undone = False

    def undo(self) -> None:
        """Go back."""
        self._undone = True
        self._go_to(self._before)

    def redo(self) -> None:
        """Go forward again, if it was undone."""
        if self._undone:
            self._go_to(self._after)
