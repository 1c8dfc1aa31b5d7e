"""Experiments on a model, done piece by piece: one file for each, and the bench they share."""

from __future__ import annotations

from vaegui.queries.laboratory.bench import Laboratory

__all__ = ["Laboratory"]
