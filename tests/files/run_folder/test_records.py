"""The history in a run folder, record by record."""

from __future__ import annotations

import math
import struct
import zlib

import numpy as np
import pytest

from tests.fakes import fake_epoch, fake_steps
from vaegui.files.run_folder import records
from vaegui.files.run_folder.records import decoded, encoded
from vaegui.training.record.events import (
    Computing,
    Event,
    Resumed,
    Rewound,
)
from vaegui.training.record.losses import EpochDone, LossTerms, StepsDone
from vaegui.training.settings.settings import Settings

MANY: list[Event] = [
    Computing("XLA, because the layers are dense", "in memory", "64 in one call"),
    fake_steps(1, 5),
    fake_epoch(1, steps_per_epoch=5),
    Resumed(Settings().with_values({"objective.beta": 2.0}), 5, "beta 2"),
    Rewound(3),
    fake_steps(4, 2),
]


def events_in(content: bytes) -> list[Event | None]:
    return [event for event, _ in decoded(content)]


def test_every_event_of_a_history_comes_back_with_all_its_bits() -> None:
    terms = np.array([0.1, np.nan, -np.inf, 1e-45], np.float32)
    events = [*MANY, StepsDone(6, 2, terms, terms, -terms, 0.1)]
    found = events_in(b"".join(map(encoded, events)))
    for old, new in zip(events, found, strict=True):
        assert type(old) is type(new)
        if isinstance(old, StepsDone) and isinstance(new, StepsDone):
            assert (old.first, old.epoch, old.examples_per_s) == (
                new.first,
                new.epoch,
                new.examples_per_s,
            )
            for name in ("total", "reconstruction", "kl"):
                assert getattr(old, name).tobytes() == getattr(new, name).tobytes()
                assert getattr(new, name).dtype == np.float32
        elif not isinstance(old, EpochDone):
            assert old == new


def test_an_epoch_comes_back_whether_or_not_it_was_validated() -> None:
    units = np.array([1.5, np.inf], np.float32)
    terms = LossTerms(0.1, math.inf, -0.3)
    for validation in (None, terms):
        (new,) = events_in(encoded(EpochDone(3, 7, terms, validation, units, 2, 0.25)))
        assert isinstance(new, EpochDone)
        assert (new.epoch, new.step, new.train, new.validation) == (3, 7, terms, validation)
        assert (new.active_units, new.seconds) == (2, 0.25)
        assert new.kl_by_unit.tobytes() == units.tobytes()


def test_a_history_cut_off_at_any_byte_gives_the_records_before_and_nothing_else() -> None:
    whole = [encoded(event) for event in MANY]
    ends = np.cumsum([len(record) for record in whole])
    content = b"".join(whole)
    for length in range(len(content) + 1):
        complete = int(np.searchsorted(ends, length, side="right"))
        assert len(events_in(content[:length])) == complete


def test_a_record_with_any_byte_changed_is_not_taken_and_ends_the_history() -> None:
    first, second = encoded(fake_steps(1, 2)), encoded(fake_steps(3, 1))
    for place in range(len(first)):
        changed = bytearray(first)
        changed[place] ^= 0x55
        assert events_in(bytes(changed) + second) == []


def test_zeros_that_a_machine_left_that_lost_power_are_no_records() -> None:
    content = encoded(fake_steps(1, 2)) + bytes(1000)
    assert len(events_in(content)) == 1


def record(kind: int, content: bytes) -> bytes:
    """Kind, length, content and checksum."""
    whole = struct.pack("<BI", kind, len(content)) + content
    return whole + struct.pack("<I", zlib.crc32(whole))


def test_a_kind_of_record_that_is_not_known_is_passed_over() -> None:
    content = record(99, b"of a later version") + encoded(Rewound(0))
    assert events_in(content) == [None, Rewound(0)]


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 1000, b"\xff" * 33])
def test_a_whole_record_with_nonsense_in_it_is_refused(kind: int, content: bytes) -> None:
    if kind == 3 and len(content) >= 8:
        return
    with pytest.raises(ValueError, match=r".+"):
        events_in(record(kind, content))


def test_more_steps_than_fit_into_a_record_become_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_STEPS", 4)
    found = events_in(encoded(fake_steps(1, 10)))
    assert [(e.first, e.last) for e in found if isinstance(e, StepsDone)] == [
        (1, 4),
        (5, 8),
        (9, 10),
    ]
