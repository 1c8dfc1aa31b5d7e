"""What the datasets of `keras.datasets` have in common: a server, a folder, and a form."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.dataset import Dataset
from vaegui.data.scaling import Scaling
from vaegui.data.source import Names
from vaegui.data.sources.array import ArraySource

__all__ = ["KERAS_SERVER", "dataset_of", "keras_folder"]

KERAS_SERVER = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
"""Where `keras.datasets` has its files."""

Pair = tuple[NDArray[Any], NDArray[Any]]


def keras_folder() -> Path:
    """Find the folder in which `keras.datasets` looks for files before it downloads any.

    It is ``datasets`` in ``$KERAS_HOME``, else in ``~/.keras``, else, where that cannot be
    written to, in ``.keras`` in the folder for temporary files.
    """
    temporary = Path("/tmp") if os.path.isdir("/tmp") else Path(tempfile.gettempdir())
    user = Path(os.path.expanduser("~"))
    usual = (user if os.access(user, os.W_OK) else temporary) / ".keras"
    home = Path(os.environ.get("KERAS_HOME", usual)).expanduser()
    # Keras takes a home that does not exist for one that it may not write to.
    with suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
    if not os.access(home, os.W_OK):
        home = temporary / ".keras"
    return home / "datasets"


def dataset_of(name: str, arrays: tuple[Pair, Pair], class_names: tuple[str, ...]) -> Dataset:
    """Make a dataset of what ``load_data()`` of a module of `keras.datasets` gives.

    Pictures stay uint8 (n, height, width) with values 0 to 255; the model sees 0 to 1.
    """
    (train_x, train_labels), (test_x, test_labels) = arrays
    names = Names(classes=class_names)
    return Dataset(
        name=name,
        train=ArraySource(train_x, train_labels.astype(np.int64), names),
        test=ArraySource(test_x, test_labels.astype(np.int64), names),
        scaling=Scaling(1 / 255),
    )
