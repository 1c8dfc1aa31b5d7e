"""The small digits that come with scikit-learn."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from vaegui.data.dataset import Dataset
from vaegui.data.scaling import Scaling
from vaegui.data.source import Names
from vaegui.data.sources.array import ArraySource
from vaegui.declared import Choice
from vaegui.progress import ProgressCallback

__all__ = ["Digits8x8"]

TEST_EXAMPLES = 360
SPLIT_SEED = 0


class Digits8x8(Choice):
    """1,797 handwritten digits of 8 by 8 pixels: trains in seconds; they come with scikit-learn.

    By Ethem Alpaydin and Cenk Kaynak (UCI machine learning repository), under CC BY 4.0.
    """

    label: ClassVar[str] = "Digits 8x8"
    local: ClassVar[bool] = True
    shape: ClassVar[tuple[int, ...]] = (8, 8)

    kind: Literal["digits"] = "digits"

    def load(self, progress: ProgressCallback) -> Dataset:
        """1,437 training and 360 test pictures, float32 of shape (8, 8), labelled 0 to 9.

        Values are whole numbers from 0 to 16, as they were counted; the model sees 0 to 1. They
        are float32 because uint8 means 0 to 255 to whoever draws it. The parts are always the
        same, and each class has its share in both.

        Raises
        ------
        Cancelled
            When ``progress`` raises it.
        """
        progress(f"Reading {self.label}", 0, None)
        from sklearn.datasets import load_digits
        from sklearn.model_selection import train_test_split

        digits = load_digits()
        train_x, test_x, train_labels, test_labels = train_test_split(
            digits.images.astype(np.float32),
            digits.target.astype(np.int64),
            test_size=TEST_EXAMPLES,
            random_state=SPLIT_SEED,
            stratify=digits.target,
        )
        names = Names(classes=tuple("0123456789"))
        return Dataset(
            name=self.label,
            train=ArraySource(train_x, train_labels, names),
            test=ArraySource(test_x, test_labels, names),
            scaling=Scaling(1 / 16),
        )
