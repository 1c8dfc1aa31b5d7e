"""What the command line shows while a model trains: a bar in a terminal, lines elsewhere."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from vaegui.errors import Cancelled
from vaegui.runs.run import Run
from vaegui.training.record.events import Event, Prepared
from vaegui.training.record.losses import EpochDone, LossTerms, StepsDone
from vaegui.wording.duration import duration

__all__ = ["Display", "Interrupt", "terms_text"]


def terms_text(terms: LossTerms, *, has_spread: bool = True) -> str:
    """The loss and its terms in words: ``156.80 nats (reconstruction 151.00, KL 5.80)``."""
    if not has_spread:
        return f"{terms.total:.2f} nats (KL is not defined)"
    return f"{terms.total:.2f} nats (reconstruction {terms.reconstruction:.2f}, KL {terms.kl:.2f})"


class Display:
    """Progress on stderr. In a terminal a bar that moves, otherwise one line for each epoch.

    It is a context: the bar goes away at the end.
    """

    def __init__(self) -> None:
        self._run: Run | None = None
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[details]}"),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("loading", total=None, details="")

    def __enter__(self) -> Display:
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def progress(self, what: str, done: int, total: int | None) -> None:
        """Show a download or another thing that goes on before training."""
        self._bar.update(self._task, description=what, completed=done, total=total, details="")

    def say(self, message: str) -> None:
        """Print a sentence above the bar."""
        self._console.print(f"vaegui: {message}", soft_wrap=True, markup=False)

    def show(self, event: Event) -> None:
        """Show an event of the training; the first must be `Prepared`."""
        if isinstance(event, Prepared):
            self._run = Run(event)
        run = self._run
        if run is None:
            return
        run.add(event)
        rate = f"{run.examples_per_s:,.0f} examples/s"
        left = "" if run.seconds_left is None else f"{duration(run.seconds_left)} left"
        epochs, spread = run.begun.settings.training.epochs, run.begun.settings.has_spread
        if isinstance(event, StepsDone):
            terms = (event.total[-1], event.reconstruction[-1], event.kl[-1])
            loss = "{:.1f} nats = {:.1f} rec. + KL {:.1f}".format(*terms)
            if not spread:
                loss = f"{terms[0]:.1f} nats"
            self._bar.update(
                self._task,
                description=f"epoch {event.epoch}/{epochs}",
                completed=run.step,
                total=run.total_steps,
                details=f"{loss}  {rate}  {left}",
            )
        elif isinstance(event, EpochDone):
            part = run.begun.data.watched
            test = ""
            if event.validation:
                test = f"; {part} {terms_text(event.validation, has_spread=spread)}"
            pace = "" if self._console.is_terminal else f"; {rate}; {left}"
            train = terms_text(event.train, has_spread=spread)
            self._console.print(
                f"epoch {event.epoch}/{epochs}: train {train}{test}{pace}",
                soft_wrap=True,
            )


class Interrupt:
    """Ctrl+C while a model trains: the first asks to stop between two steps, the next ends all.

    The signal is taken over at the first `check`, that is when there is something to keep, and
    given back at the end of the context.
    """

    def __init__(self) -> None:
        self._asked = False
        self._restore = contextlib.ExitStack()

    def __enter__(self) -> Interrupt:
        return self

    def __exit__(self, *error: object) -> None:
        self._restore.close()
        self._asked = False

    def check(self) -> None:
        """Raise `Cancelled` if Ctrl+C was pressed."""
        if self._asked:
            raise Cancelled("Training")
        first = signal.getsignal(signal.SIGINT) is not self._on_signal
        # Python lets only the main thread handle signals.
        if first and threading.current_thread() is threading.main_thread():
            previous = signal.signal(signal.SIGINT, self._on_signal)
            self._restore.callback(signal.signal, signal.SIGINT, previous)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
        sys.stderr.write("\nStopping to save; Ctrl+C again ends without saving.\n")
