"""What a query is: something asked of a model, how it is computed, and what comes of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject

__all__ = ["Partial", "Query", "Repeat", "Result", "Steps", "run_to_end"]

R = TypeVar("R")


class Repeat(Enum):
    """When a query that is still wanted is answered anew."""

    WITH_SNAPSHOTS = "with snapshots"
    """It is quick: at once when it is asked, and again with each snapshot of the model."""
    NOW_AND_THEN = "now and then"
    """It takes long: from time to time while the model trains, and once when training rests."""
    NEVER = "never"
    """It is about the model as it was when it was asked."""


@dataclass(frozen=True, eq=False, slots=True)
class Partial(Generic[R]):
    """How far a query has come when it lets others have their turn.

    ``value`` gives what has come of it so far; ``done`` of ``total`` pieces are done, counted as
    suits the query; ``doing`` says what it is busy with if that is not what it is for.
    """

    value: Callable[[], R]
    done: int
    total: int
    doing: str = ""


Steps = Generator[Partial[R], None, R]
"""A query on its way: a `Partial` after each piece, the whole at the end."""


class Query(ABC, Generic[R]):
    """Something asked of a model; subclasses are frozen dataclasses, so that equal ones are one.

    A query never changes the model; those that train do so on copies. It runs in the thread that
    owns TensorFlow, between two chunks of training steps.

    Attributes
    ----------
    title
        What it is called in messages: "run this example many times".
    repeat
        When it is answered anew while somebody wants to know.
    """

    __slots__ = ()

    title: ClassVar[str]
    repeat: ClassVar[Repeat] = Repeat.WITH_SNAPSHOTS

    def fits(self, subject: Subject) -> bool:
        """Whether it can be asked of this model: the model may be another than when it was made."""
        return True

    @abstractmethod
    def run(self, subject: Subject) -> Steps[R]:
        """Compute the answer, yielding after each piece, of some `PIECE_SECONDS` at most.

        Raises
        ------
        VaeguiError
            If it cannot be answered for a reason that the user can mend.
        """


@dataclass(frozen=True, eq=False, slots=True)
class Result(Generic[R]):
    """What has come of a query so far, all of it once ``done`` is ``total``.

    ``step`` is the number of steps that the model had done when the query began.
    """

    query: Query[R]
    step: int
    value: R
    done: int = 1
    total: int = 1
    doing: str = ""

    @property
    def complete(self) -> bool:
        """Whether nothing more will come."""
        return self.done >= self.total


def run_to_end(steps: Generator[Any, None, R]) -> R:
    """Run a query without a pause and return its value."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: R = end.value
            return value
