"""The whole MNIST database of handwritten digits."""

from __future__ import annotations

from typing import ClassVar, Literal

from vaegui.data.sources.download import RemoteFile
from vaegui.data.sources.keras_datasets import KerasPictures, Pair

__all__ = ["Mnist"]

FILES = (
    RemoteFile(
        "mnist.npz",
        11_490_434,
        "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    ),
)


class Mnist(KerasPictures):
    """All 70,000 handwritten digits of MNIST; 11 MB are downloaded the first time.

    By Yann LeCun, Corinna Cortes and Christopher J. C. Burges, derived from NIST, under the
    licence CC BY-SA 3.0.
    """

    label: ClassVar[str] = "MNIST"
    files: ClassVar[tuple[RemoteFile, ...]] = FILES
    class_names: ClassVar[tuple[str, ...]] = tuple("0123456789")

    kind: Literal["mnist"] = "mnist"

    @staticmethod
    def read() -> tuple[Pair, Pair]:
        """See `KerasPictures.read`."""
        from keras.datasets import mnist

        pairs: tuple[Pair, Pair] = mnist.load_data()
        return pairs
