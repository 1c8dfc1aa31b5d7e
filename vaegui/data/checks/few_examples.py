"""Too few examples for the settings."""

from __future__ import annotations

from collections.abc import Iterator

from vaegui.data.checks.problem import Examined, examples_text
from vaegui.data.formats.base import Problem
from vaegui.errors import Fix

__all__ = ["few_examples"]

STEPS = 8
"""An epoch should have so many steps."""


def few_examples(examined: Examined) -> Iterator[Problem]:
    """Compare the number of training examples with the batch size; find parts that are empty."""
    count = examined.dataset.train.spec.length
    if count < examined.batch_size:
        size = 1 << max(0, (count // STEPS).bit_length() - 1)
        yield Problem(
            "few examples",
            f"There {'is' if count == 1 else 'are'} {count:,} training "
            f"{'example' if count == 1 else 'examples'}, fewer than the {examined.batch_size:,} of "
            "a batch.",
            "Each step then sees all of them, and an epoch has one step.",
            fix=Fix(f"Take batches of {size:,}", {"training.batch_size": size}),
        )
    if not examined.dataset.test.spec.length:
        yield Problem(
            "no test part",
            f"No example is kept for testing: {examples_text(count)} are all trained on.",
            "How good the model is on data that it does not know cannot be measured.",
            fix=Fix("Keep a tenth for testing", {"data.split.test_share": 0.1}),
        )
