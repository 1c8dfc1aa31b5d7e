"""A run small enough to train in a moment."""

from __future__ import annotations

from typing import Any

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
