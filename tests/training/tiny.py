"""A run small enough to train in a moment."""

from __future__ import annotations

from functools import cache
from typing import Any

from vaegui.data.source import ExampleRef
from vaegui.progress import no_progress
from vaegui.training.record.probes import Probes, choose_probes
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.trainer import Trainer


def settings(**values: Any) -> Settings:
    """Settings of a tiny net on the 8x8 digits; double underscores stand for dots."""
    dense = {"architecture.widths": [16, 8]} if "architecture__kind" not in values else {}
    small = {
        **dense,
        "data.kind": "digits",
        "training.epochs": 2,
        "training.compiler": "graph",
    }
    return Settings().with_values({**small, **{k.replace("__", "."): v for k, v in values.items()}})


def trainer(**values: Any) -> Trainer:
    """A trainer with those settings."""
    return Trainer.create(settings(**values))


def probe(number: int) -> ExampleRef:
    """A probe of those runs; an example that is not there if the number is too high."""
    refs = _probes().refs
    return refs[number] if number < len(refs) else ExampleRef(refs[0].dataset, "test", number)


@cache
def _probes() -> Probes:
    return choose_probes(settings().load_data(no_progress))
