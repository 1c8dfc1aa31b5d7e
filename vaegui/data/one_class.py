"""The examples of one class, as a dataset."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vaegui.data.composed.selected import SelectedRows
from vaegui.data.dataset import Dataset
from vaegui.data.source import Source

__all__ = ["one_class"]


def one_class(dataset: Dataset, label: int, classes: int) -> Dataset:
    """The examples of a class; all of them if the data have no such classes, or none of it.

    Parameters
    ----------
    label
        Which class.
    classes
        How many a model knows. Labels of data with another number of them mean something else.
    """
    labels = dataset.train.labels
    if labels is None or len(np.unique(labels)) != classes or not np.any(labels == label):
        return dataset

    def of(part: Source) -> Source:
        there = part.labels
        return part if there is None else SelectedRows(part, np.flatnonzero(there == label))

    validation = None if dataset.validation is None else of(dataset.validation)
    return replace(
        dataset,
        name=f"{dataset.name}: class {label}",
        train=of(dataset.train),
        test=of(dataset.test),
        validation=validation,
        known=None,
    )
