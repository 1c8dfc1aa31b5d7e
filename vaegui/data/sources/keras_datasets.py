"""What the datasets of `keras.datasets` have in common: a server, a folder, and a form."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.data.dataset import Dataset
from vaegui.data.scaling import Scaling
from vaegui.data.source import Names
from vaegui.data.sources.array import ArraySource
from vaegui.data.sources.download import RemoteFile, fetch
from vaegui.declared import Choice
from vaegui.progress import ProgressCallback

__all__ = ["KerasPictures", "Pair", "keras_folder"]

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


class KerasPictures(Choice):
    """A base of choices that `keras.datasets` loads: pictures of 28 by 28 with ten labels.

    Attributes
    ----------
    files
        What is downloaded the first time.
    folder
        Where Keras looks for them within its own; '' for there itself.
    class_names
        What the labels 0 to 9 are called.
    """

    local: ClassVar[bool] = False
    shape: ClassVar[tuple[int, ...]] = (28, 28)
    server: ClassVar[str] = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
    files: ClassVar[tuple[RemoteFile, ...]]
    folder: ClassVar[str] = ""
    class_names: ClassVar[tuple[str, ...]]

    @staticmethod
    def read() -> tuple[Pair, Pair]:
        """What Keras loads: pictures and labels of the training part, then of the test part."""
        raise NotImplementedError

    def load(self, progress: ProgressCallback) -> Dataset:
        """60,000 training and 10,000 test pictures, uint8 from 0 to 255; the model sees 0 to 1.

        Raises
        ------
        DataError
            When it has to be downloaded and cannot be.
        Cancelled
            When ``progress`` raises it.
        """
        fetch(self.label, self.files, keras_folder() / self.folder, self.server, progress)
        progress(f"Reading {self.label}", 0, None)
        names = Names(classes=self.class_names)
        train, test = (ArraySource(x, y.astype(np.int64), names) for x, y in self.read())
        return Dataset(name=self.label, train=train, test=test, scaling=Scaling(1 / 255))
