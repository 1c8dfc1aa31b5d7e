"""The whole MNIST database of handwritten digits."""

from __future__ import annotations

from typing import ClassVar, Literal

from vaegui.data.dataset import Dataset
from vaegui.data.sources.download import RemoteFile, fetch
from vaegui.data.sources.keras_datasets import KERAS_SERVER, dataset_of, keras_folder
from vaegui.declared import Choice
from vaegui.progress import ProgressCallback

__all__ = ["Mnist"]

FILES = (
    RemoteFile(
        "mnist.npz",
        11_490_434,
        "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    ),
)


class Mnist(Choice):
    """All 70,000 handwritten digits of MNIST; 11 MB are downloaded the first time.

    By Yann LeCun, Corinna Cortes and Christopher J. C. Burges, derived from NIST, under the
    licence CC BY-SA 3.0.
    """

    label: ClassVar[str] = "MNIST"
    local: ClassVar[bool] = False
    shape: ClassVar[tuple[int, ...]] = (28, 28)
    server: ClassVar[str] = KERAS_SERVER

    kind: Literal["mnist"] = "mnist"

    def load(self, progress: ProgressCallback) -> Dataset:
        """60,000 training and 10,000 test pictures, uint8 of shape (28, 28), labelled 0 to 9.

        Raises
        ------
        DataError
            When it has to be downloaded and cannot be.
        Cancelled
            When ``progress`` raises it.
        """
        fetch(self.label, FILES, keras_folder(), self.server, progress)
        progress(f"Reading {self.label}", 0, None)
        from keras.datasets import mnist

        return dataset_of(self.label, mnist.load_data(), tuple("0123456789"))
