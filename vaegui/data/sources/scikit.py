"""Tables that come with scikit-learn, by name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.data.dataset import Dataset
from vaegui.data.formats.naming import name_and_unit
from vaegui.data.source import Names
from vaegui.data.sources.array import ArraySource
from vaegui.declared import Choice
from vaegui.progress import ProgressCallback

__all__ = ["BreastCancer", "Diabetes", "Iris", "ScikitTable", "Wine"]

TEST_SHARE = 0.3
SPLIT_SEED = 0


class ScikitTable(Choice):
    """What these tables have in common: each is loaded by a function of scikit-learn."""

    local: ClassVar[bool] = True
    shape: ClassVar[tuple[int, ...]]

    loader: ClassVar[str]
    """Name of the function in `sklearn.datasets`."""
    arguments: ClassVar[dict[str, Any]] = {}
    units: ClassVar[dict[str, str]] = {}
    """Units of features whose names do not say them."""

    def load(self, progress: ProgressCallback) -> Dataset:
        """70 % of the rows to train on and 30 % to test with, float32, as they were measured.

        The parts are always the same, and each class has its share in both.

        Raises
        ------
        Cancelled
            When ``progress`` raises it.
        """
        progress(f"Reading {self.label}", 0, None)
        from sklearn import datasets
        from sklearn.model_selection import train_test_split

        table = getattr(datasets, self.loader)(**self.arguments)
        labels, classes = self.classes(table)
        train_x, test_x, train_labels, test_labels = train_test_split(
            table.data.astype(np.float32),
            labels,
            test_size=TEST_SHARE,
            random_state=SPLIT_SEED,
            stratify=labels,
        )
        named = [name_and_unit(name.replace("_", " ")) for name in table.feature_names]
        units = tuple(self.units.get(name, unit) for name, unit in named)
        names = Names(
            tuple(classes), tuple(name for name, _ in named), units if any(units) else None
        )
        return Dataset(
            name=self.label,
            train=ArraySource(train_x, train_labels, names),
            test=ArraySource(test_x, test_labels, names),
        )

    def classes(self, table: Any) -> tuple[NDArray[np.int64], Sequence[str]]:
        """The labels, and what they are called."""
        return table.target.astype(np.int64), [str(name) for name in table.target_names]


class Wine(ScikitTable):
    """178 wines of three cultivars by thirteen measurements; they come with scikit-learn.

    By M. Forina and others (UCI machine learning repository), under CC BY 4.0.
    """

    label: ClassVar[str] = "Wine"
    shape: ClassVar[tuple[int, ...]] = (13,)
    loader: ClassVar[str] = "load_wine"
    units: ClassVar[dict[str, str]] = {"alcohol": "%"}

    kind: Literal["wine"] = "wine"

    def classes(self, table: Any) -> tuple[NDArray[np.int64], Sequence[str]]:
        """The three cultivars."""
        return table.target.astype(np.int64), ["cultivar 1", "cultivar 2", "cultivar 3"]


class BreastCancer(ScikitTable):
    """569 tumours by thirty measurements of their cells' nuclei; they come with scikit-learn.

    By W. Wolberg, O. Mangasarian and W. Street (UCI machine learning repository), under CC BY 4.0.
    """

    label: ClassVar[str] = "Breast cancer"
    shape: ClassVar[tuple[int, ...]] = (30,)
    loader: ClassVar[str] = "load_breast_cancer"

    kind: Literal["breast-cancer"] = "breast-cancer"


class Iris(ScikitTable):
    """150 irises of three species by four measurements; they come with scikit-learn.

    By E. Anderson and R. A. Fisher (UCI machine learning repository), under CC BY 4.0.
    """

    label: ClassVar[str] = "Iris"
    shape: ClassVar[tuple[int, ...]] = (4,)
    loader: ClassVar[str] = "load_iris"

    kind: Literal["iris"] = "iris"


class Diabetes(ScikitTable):
    """442 patients by age, sex, blood pressure and seven others; they come with scikit-learn.

    By B. Efron, T. Hastie, I. Johnstone and R. Tibshirani (Least Angle Regression, 2004). Colours
    are quarters of the disease's progression after a year.
    """

    label: ClassVar[str] = "Diabetes"
    shape: ClassVar[tuple[int, ...]] = (10,)
    loader: ClassVar[str] = "load_diabetes"
    arguments: ClassVar[dict[str, Any]] = {"scaled": False}

    kind: Literal["diabetes"] = "diabetes"

    def classes(self, table: Any) -> tuple[NDArray[np.int64], Sequence[str]]:
        """Quarters of the progression, as equal in number as whole scores allow."""
        ends = np.quantile(table.target, [0.25, 0.5, 0.75])
        bounds = [table.target.min(), *ends, table.target.max()]
        names = [f"progression {low:.0f} to {high:.0f}" for low, high in pairwise(bounds)]
        return np.searchsorted(ends, table.target).astype(np.int64), names
