"""The history of a run as a file that only grows: one record for each event, with a checksum.

::

    vaegui history 1 <id>, newline                   the header
    kind (1 byte)  length (4)  content  crc32 (4)    a record; all numbers are little-endian

A program that dies while it writes leaves a last record that is not whole, or whose checksum does
not fit; it counts as not written.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from vaegui import strict_json
from vaegui.training.record.events import (
    Computing,
    Event,
    Resumed,
    Rewound,
)
from vaegui.training.record.losses import EpochDone, LossTerms, StepsDone
from vaegui.training.record.run_id import RunId
from vaegui.training.settings.settings import Settings

__all__ = ["HEADER", "LARGEST", "decoded", "encoded", "header", "is_recorded"]

HEADER = 30
"""Bytes before the first record."""
LARGEST = 8 << 20
"""Bytes that the content of a record may have."""
MOST_STEPS = 1 << 16
"""Steps in one record; more become several records."""

_HEAD = struct.Struct("<BI")
_CHECK = struct.Struct("<I")
_STEPS = struct.Struct("<QId")
_EPOCH = struct.Struct("<QQ3d3d?Qd")
_REWOUND = struct.Struct("<Q")


def header(run: RunId) -> bytes:
    """What the history of a run begins with."""
    return f"vaegui history 1 {run}\n".encode()


def is_recorded(event: Event) -> bool:
    """Whether an event is part of the history."""
    return isinstance(event, StepsDone | EpochDone | Rewound | Resumed | Computing)


def encoded(event: Event) -> bytes:
    """The records of an event that is part of the history."""
    match event:
        case StepsDone():
            return _encoded_steps(event)
        case EpochDone():
            return _record(2, _epoch_bytes(event))
        case Rewound():
            return _record(3, _REWOUND.pack(event.step))
        case Resumed():
            settings = event.settings.model_dump(mode="json")
            return _record(
                4,
                strict_json.written({"settings": settings, "step": event.step, "mark": event.mark}),
            )
        case Computing():
            words = {"compiler": event.compiler, "data": event.data, "steps": event.steps}
            return _record(5, strict_json.written(words))
    raise TypeError(f"{type(event).__name__} is no part of a history")


def decoded(content: bytes) -> Iterator[tuple[Event | None, int]]:
    """Go through the records in ``content`` up to the first that is not whole yet.

    Yields
    ------
    (event, length)
        What each record says, None if it is of a kind that is not known, and its bytes.

    Raises
    ------
    ValueError
        If a record is whole and yet cannot be one.
    """
    at = 0
    while len(content) - at >= _HEAD.size + _CHECK.size:
        kind, length = _HEAD.unpack_from(content, at)
        end = at + _HEAD.size + length
        if length > LARGEST or len(content) < end + _CHECK.size:
            break
        if _CHECK.unpack_from(content, end)[0] != zlib.crc32(content[at:end]):
            break
        known = kind in _KINDS
        event = _KINDS[kind](content[at + _HEAD.size : end]) if known else None
        yield event, end + _CHECK.size - at
        at = end + _CHECK.size


def _record(kind: int, content: bytes) -> bytes:
    whole = _HEAD.pack(kind, len(content)) + content
    return whole + _CHECK.pack(zlib.crc32(whole))


def _encoded_steps(event: StepsDone) -> bytes:
    terms = np.stack([event.total, event.reconstruction, event.kl], axis=1).astype("<f4")
    return b"".join(
        _record(
            1,
            _STEPS.pack(event.first + at, event.epoch, event.examples_per_s)
            + terms[at : at + MOST_STEPS].tobytes(),
        )
        for at in range(0, len(terms), MOST_STEPS)
    )


def _steps(content: bytes) -> StepsDone:
    first, epoch, rate = _unpacked(_STEPS, content)
    body = content[_STEPS.size :]
    if len(body) % 12 or not body:
        raise ValueError("the history has steps of an odd length")
    terms = np.frombuffer(body, "<f4").reshape(-1, 3).astype(np.float32)
    return StepsDone(first, epoch, terms[:, 0], terms[:, 1], terms[:, 2], rate)


def _epoch_bytes(event: EpochDone) -> bytes:
    train, test = event.train, event.validation or LossTerms(math.nan, math.nan, math.nan)
    return (
        _EPOCH.pack(
            event.epoch,
            event.step,
            *(train.total, train.reconstruction, train.kl),
            *(test.total, test.reconstruction, test.kl),
            event.validation is not None,
            event.active_units,
            event.seconds,
        )
        + np.asarray(event.kl_by_unit, "<f4").tobytes()
    )


def _epoch(content: bytes) -> EpochDone:
    epoch, step, *terms, validated, active, seconds = _unpacked(_EPOCH, content)
    by_unit = np.frombuffer(content[_EPOCH.size :], "<f4").astype(np.float32)
    train, test = LossTerms(*terms[:3]), LossTerms(*terms[3:])
    return EpochDone(epoch, step, train, test if validated else None, by_unit, active, seconds)


def _rewound(content: bytes) -> Rewound:
    return Rewound(*_unpacked(_REWOUND, content))


def _resumed(content: bytes) -> Resumed:
    document = strict_json.parse(content)
    match document:
        case {"settings": settings, "step": int(step), "mark": str(mark)}:
            return Resumed(Settings.from_document(settings), step, mark)
    raise ValueError("the history has a change of settings that is none")


def _computing(content: bytes) -> Computing:
    match strict_json.parse(content):
        case {"compiler": str(compiler), "data": str(data), "steps": str(steps)}:
            return Computing(compiler, data, steps)
    raise ValueError("the history does not say how steps are computed")


def _unpacked(form: struct.Struct, content: bytes) -> tuple[Any, ...]:
    if len(content) < form.size:
        raise ValueError("the history has a record that is too short")
    return form.unpack_from(content)


_KINDS: dict[int, Callable[[bytes], Event]] = {
    1: _steps,
    2: _epoch,
    3: _rewound,
    4: _resumed,
    5: _computing,
}
