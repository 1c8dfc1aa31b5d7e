"""A thread that reads and judges data of the user's, beside the one that owns TensorFlow.

It needs no TensorFlow, so it neither waits for training nor holds it up. No Qt in here.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vaegui.data.formats.all import detect
from vaegui.data.formats.base import Guess
from vaegui.data.own.columns.profile import profile
from vaegui.data.own.known import remember
from vaegui.data.own.look import Look, look_at
from vaegui.data.own.opened import Opened
from vaegui.data.own.own import OwnData
from vaegui.data.own.reading import tables_of
from vaegui.errors import Cancelled, DataError, Fix, VaeguiError
from vaegui.progress import ProgressCallback
from vaegui.session.job_thread import failed
from vaegui.session.preloading import lower_priority
from vaegui.training.record.events import Failed, Progress
from vaegui.training.record.job_kind import JobKind
from vaegui.training.settings.data_check import (
    DataCheck,
    Proposed,
    check_data,
    proposed_settings,
    taken,
)
from vaegui.training.settings.settings import Settings

__all__ = ["DataEvent", "DataWorker", "Examine", "Found", "Propose", "Recognised", "Request"]


@dataclass(frozen=True, eq=False, slots=True)
class Propose:
    """Find out what a file is, with some settings that go before what is found, and judge it."""

    path: Path
    base: Settings
    values: Mapping[str, Any]


@dataclass(frozen=True, eq=False, slots=True)
class Examine:
    """Judge the data of some settings; ``guesses`` of them stay as they are.

    If ``take_all``, every remedy and every advice is taken then.
    """

    settings: Settings
    guesses: tuple[Guess, ...] = ()
    take_all: bool = False


Request = Propose | Examine


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What a request came to.

    It is told twice: first without a check, as soon as the data can be looked at, then with it.

    Attributes
    ----------
    settings, guesses
        What is set, and what of it was found out by looking.
    opened
        What the recipe made of the files.
    look
        What can be seen of it.
    check
        What is wrong and what suits the data; None while that is being found.
    taken
        Remedies and advice that were taken because all were asked for.
    """

    request: Request
    settings: Settings
    guesses: tuple[Guess, ...]
    opened: Opened
    look: Look
    check: DataCheck | None = None
    taken: tuple[Fix, ...] = ()

    @property
    def prevented(self) -> str:
        """Why training would be refused, in a sentence; '' as far as is known."""
        problems = () if self.check is None else self.check.problems
        return next((problem.sentence for problem in problems if problem.prevents), "")


@dataclass(frozen=True, eq=False, slots=True)
class Recognised:
    """How a file would be read that could not be: perhaps it is another format or delimiter."""

    data: OwnData
    guesses: tuple[Guess, ...]


_FORMAT = "format."

DataEvent = Progress | Recognised | Found | Failed


class DataWorker:
    """Does the newest request; one that it is at is given up for it.

    What was read of a file is kept while requests are about the same file, read in the same way.

    Parameters
    ----------
    wake
        Called from its thread when there is news and none was waiting; `take` then has it.
    """

    def __init__(self, wake: Callable[[], object]) -> None:
        self._wake = wake
        self._changed = threading.Condition()
        self._asked: Request | None = None
        self._given_up = self._closing = False
        self._news: dict[type, DataEvent] = {}
        self._thread: threading.Thread | None = None
        self._known: Proposed | None = None
        self._checked: DataCheck | None = None

    def ask(self, request: Request) -> None:
        """Do this, and nothing that was asked before. Returns at once."""
        with self._changed:
            if self._closing:
                return
            self._asked, self._given_up = request, True
            self._news.clear()
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._live, name="vaegui-data", daemon=True)
                self._thread.start()

    def cancel(self) -> None:
        """Give up what is asked or done; there is no news of it."""
        with self._changed:
            self._asked, self._given_up = None, True
            self._news.clear()

    def take(self) -> list[DataEvent]:
        """What there is to tell, the latest of each kind."""
        with self._changed:
            news, self._news = list(self._news.values()), {}
            return news

    def close(self, timeout: float = 0.0) -> bool:
        """Take no more requests, end the thread, and wait for that so long; whether it has."""
        with self._changed:
            self._closing = self._given_up = True
            self._changed.notify()
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    # --- in the thread -----------------------------------------------------------------------

    def _live(self) -> None:
        lower_priority()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked is not None or self._closing)
                if self._closing:
                    return
                request, self._asked, self._given_up = self._asked, None, False
            assert request is not None
            try:
                self._post(self._done(request))
            except Exception as error:  # noqa: BLE001 - the boundary of what this thread does
                self._post(failed(error, JobKind.EXAMINING))

    def _post(self, news: DataEvent) -> None:
        """Leave news, unless what it is about was given up."""
        with self._changed:
            if self._given_up:
                return
            first = not self._news
            self._news[type(news)] = news
        if first:
            self._wake()

    def _progress(self, what: str, done: int, total: int | None) -> None:
        if self._given_up:
            raise Cancelled("Reading the data")
        self._post(Progress(what, done, total))

    def _done(self, request: Request) -> Found:
        if isinstance(request, Propose):
            known = self._proposed(request)
            self._known, settings = known, known.settings
        else:
            settings = request.settings
            read = self._read(_own(settings))
            known = replace(read, guesses=request.guesses or self._guessed(_own(settings)))

        def glimpse(opened: Opened) -> None:
            shape = opened.dataset.shape
            own = _own(settings).model_copy(update={"shape": shape})
            self._post(self._found(request, settings.with_data(own), opened, known))

        take_all = isinstance(request, Examine) and request.take_all
        first = None if take_all else glimpse
        check = check_data(settings, self._progress, known, self._checked, first)
        fixes: tuple[Fix, ...] = ()
        if take_all:
            check, fixes = taken(check, self._progress, known)
            known = replace(self._read(_own(check.settings)), guesses=known.guesses)
        self._checked = check
        found = self._found(request, check.settings, check.opened, known)
        return replace(found, check=check, taken=fixes)

    def _found(
        self, request: Request, settings: Settings, opened: Opened, known: Proposed
    ) -> Found:
        self._progress("Looking at the first examples", 0, None)
        look = look_at(_own(settings), opened, known.contents, known.profiles)
        return Found(request, settings, known.guesses, opened, look)

    def _proposed(self, request: Propose) -> Proposed:
        path, values = request.path, dict(request.values)
        try:
            return proposed_settings(path, values, self._progress, request.base)
        except DataError:
            with contextlib.suppress(VaeguiError):
                data, guesses = _recognised(path)
                set_so = request.base.with_data(data).with_values(values)
                self._post(Recognised(_own(set_so), guesses))
            raise

    def _guessed(self, data: OwnData) -> tuple[Guess, ...]:
        """What is guessed of the file of a recipe, as far as the recipe has it."""
        found, guesses = _recognised(Path(data.path))
        self._post(Recognised(data, guesses))
        return tuple(guess for guess in guesses if _value(found, guess) == _value(data, guess))

    def _read(self, data: OwnData) -> Proposed:
        """What was read of these data before, if they are read in the same way; else anew."""
        known = self._known
        if known is not None and _same_file(_own(known.settings), data):
            return known
        return self._read_anew(data, self._progress)

    def _read_anew(self, data: OwnData, progress: ProgressCallback) -> Proposed:
        # Whatever is looked at here, the user asked for.
        remember(data.path)
        contents = data.read(progress)
        table = next(iter(tables_of(contents).values()), None)
        profiles = () if table is None else profile(table, progress)
        self._known = Proposed(Settings(data=data), (), contents, profiles)
        return self._known


def _recognised(path: Path) -> tuple[OwnData, tuple[Guess, ...]]:
    """How a file would be read, and what of it is a guess, with names as of the recipe."""
    detected = detect(path)
    guesses = tuple(replace(guess, field=_FORMAT + guess.field) for guess in detected.guesses)
    return OwnData(path=str(path.resolve()), format=detected.format), guesses


def _value(data: OwnData, guess: Guess) -> Any:
    return getattr(data.format, guess.field.removeprefix(_FORMAT), None)


def _own(settings: Settings) -> OwnData:
    if not isinstance(settings.data, OwnData):
        raise DataError(f"{settings.data.label} is no file.", "Open a file or folder.")
    return settings.data


def _same_file(a: OwnData, b: OwnData) -> bool:
    return (a.path, a.format) == (b.path, b.format)
