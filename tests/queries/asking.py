"""Asks a trainer's model a query, as the program does, and waits for the answer."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from vaegui.queries.base import Query, run_to_end
from vaegui.queries.computing.subject import Subject
from vaegui.training.trainer.trainer import Trainer

R = TypeVar("R")


@lru_cache(maxsize=1)
def _subject(trainer: Trainer) -> Subject:
    return Subject(trainer)


def ask(trainer: Trainer, query: Query[R]) -> R:
    """The answer of the model as it is now."""
    return run_to_end(query.run(_subject(trainer)))
