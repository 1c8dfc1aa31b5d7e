"""The digits that come with the program."""

from __future__ import annotations

import zipfile
import zlib
from typing import ClassVar, Literal

import numpy as np

from vaegui.data.dataset import Dataset
from vaegui.data.scaling import Scaling
from vaegui.data.source import Names
from vaegui.data.sources.array import ArraySource
from vaegui.declared import Choice
from vaegui.errors import DataError
from vaegui.paths import resource
from vaegui.progress import ProgressCallback

__all__ = ["BundledMnist"]


class BundledMnist(Choice):
    """12,000 handwritten digits of MNIST, as many of each class; they come with the program."""

    label: ClassVar[str] = "MNIST sample"
    local: ClassVar[bool] = True
    shape: ClassVar[tuple[int, ...]] = (28, 28)

    kind: Literal["mnist-sample"] = "mnist-sample"

    def load(self, progress: ProgressCallback) -> Dataset:
        """10,000 training and 2,000 test pictures, uint8 of shape (28, 28), labelled 0 to 9.

        Raises
        ------
        DataError
            When the file is missing or damaged.
        Cancelled
            When ``progress`` raises it.
        """
        path = resource("mnist-sample.npz")
        progress(f"Reading the {self.label}", 0, None)
        names = Names(classes=tuple("0123456789"))
        try:
            # Opened here, because NumPy leaves a damaged file open.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                train = ArraySource(arrays["x_train"], arrays["y_train"].astype(np.int64), names)
                test = ArraySource(arrays["x_test"], arrays["y_test"].astype(np.int64), names)
        except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise DataError(
                f"The bundled MNIST sample {path} cannot be read: {error}.",
                "Install the program again.",
            ) from error
        return Dataset(
            name=self.label,
            train=train,
            test=test,
            scaling=Scaling(1 / 255),
        )
