"""Six features of wines: data small enough to follow every number of a network by eye."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from vaegui.data.dataset import Dataset
from vaegui.data.source import Names
from vaegui.data.sources.array import ArraySource
from vaegui.declared import Choice
from vaegui.progress import ProgressCallback

__all__ = ["SixFeatures"]

TEST_EXAMPLES = 54
SPLIT_SEED = 0

FEATURES = {
    "alcohol": ("alcohol", "%"),
    "flavanoids": ("flavanoids", ""),
    "color_intensity": ("colour intensity", ""),
    "hue": ("hue", ""),
    "od280/od315_of_diluted_wines": ("OD280/OD315", ""),
    "proline": ("proline", ""),
}
"""Name in scikit-learn -> name and unit on screen.

Of all 1,716 choices of six of the thirteen, these separate the classes best on the plane of their
first two principal components. The data's description gives no units; alcohol is per cent by
volume, hue and OD280/OD315 are ratios.
"""


class SixFeatures(Choice):
    """178 wines of three cultivars by six measurements; they come with scikit-learn.

    By M. Forina and others (UCI machine learning repository), under CC BY 4.0.
    """

    label: ClassVar[str] = "Six features of wines"
    local: ClassVar[bool] = True
    shape: ClassVar[tuple[int, ...]] = (6,)

    kind: Literal["six-features"] = "six-features"

    def load(self, progress: ProgressCallback) -> Dataset:
        """124 training and 54 test examples, float32 of shape (6,), labelled 0 to 2.

        Values are as they were measured; `Standardise` brings them to one scale. The parts are
        always the same, and each class has its share in both.

        Raises
        ------
        Cancelled
            When ``progress`` raises it.
        """
        progress(f"Reading {self.label.lower()}", 0, None)
        from sklearn.datasets import load_wine
        from sklearn.model_selection import train_test_split

        wine = load_wine()
        columns = [wine.feature_names.index(name) for name in FEATURES]
        train_x, test_x, train_labels, test_labels = train_test_split(
            wine.data[:, columns].astype(np.float32),
            wine.target.astype(np.int64),
            test_size=TEST_EXAMPLES,
            random_state=SPLIT_SEED,
            stratify=wine.target,
        )
        features, units = zip(*FEATURES.values(), strict=True)
        names = Names(("cultivar 1", "cultivar 2", "cultivar 3"), features, units)
        return Dataset(
            name=self.label,
            train=ArraySource(train_x, train_labels, names),
            test=ArraySource(test_x, test_labels, names),
        )
