"""Differences from the previous answer: another input, or another training step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import ExampleRef
from vaegui.queries.base import Result
from vaegui.queries.explained import Explained

__all__ = ["Change", "Changes"]

Cause = Literal["input", "step", "both"]


@dataclass(frozen=True, eq=False, slots=True)
class Change:
    """Which numbers differ from the previous answer.

    ``a`` (hidden,); of each read-out ``weights`` (hidden, units), ``bias`` and ``outputs``
    (units,). ``before`` and ``now`` are the inputs and steps.
    """

    cause: Cause
    before: tuple[ExampleRef, int]
    now: tuple[ExampleRef, int]
    a: NDArray[np.bool_]
    weights: dict[str, NDArray[np.bool_]]
    bias: dict[str, NDArray[np.bool_]]
    outputs: dict[str, NDArray[np.bool_]]


class Changes:
    """Compares each answer with the one before it that was about another input or step."""

    def __init__(self) -> None:
        self._last: Result[Explained] | None = None
        self.change: Change | None = None

    def see(self, answer: Result[Explained]) -> Change | None:
        """Take in the present answer; what differs from the one before, or None at first."""
        last = self._last
        if answer is last:
            return self.change
        if last is not None and _of(last) != _of(answer):
            self.change = _compared(last, answer)
        self._last = answer
        return self.change


def _of(answer: Result[Explained]) -> tuple[ExampleRef, int]:
    return answer.value.example.ref, answer.step


def _compared(before: Result[Explained], now: Result[Explained]) -> Change | None:
    old, new = before.value, now.value
    if old.mean.weights.shape != new.mean.weights.shape:
        return None
    (example, step), (other, later) = _of(before), _of(now)
    cause: Cause = "input" if step == later else "step" if example == other else "both"
    heads = {name: (head, new.read_outs[name]) for name, head in old.read_outs.items()}
    passes = (old.held or old.passed), (new.held or new.passed)
    return Change(
        cause,
        (example, step),
        (other, later),
        np.asarray(passes[0].a != passes[1].a),
        {name: np.asarray(a.weights != b.weights) for name, (a, b) in heads.items()},
        {name: np.asarray(a.bias != b.bias) for name, (a, b) in heads.items()},
        {name: getattr(passes[0], name) != getattr(passes[1], name) for name in heads},
    )
