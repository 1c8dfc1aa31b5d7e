"""Fashion-MNIST: pictures of clothes in the form of MNIST."""

from __future__ import annotations

from typing import ClassVar, Literal

from vaegui.data.sources.download import RemoteFile
from vaegui.data.sources.keras_datasets import KerasPictures, Pair

__all__ = ["FashionMnist"]

FILES = (
    RemoteFile(
        "train-labels-idx1-ubyte.gz",
        29_515,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ),
    RemoteFile(
        "train-images-idx3-ubyte.gz",
        26_421_880,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ),
    RemoteFile(
        "t10k-labels-idx1-ubyte.gz",
        5_148,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
    RemoteFile(
        "t10k-images-idx3-ubyte.gz",
        4_422_102,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ),
)

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


class FashionMnist(KerasPictures):
    """70,000 pictures of ten kinds of clothes; 31 MB are downloaded the first time.

    By Han Xiao, Kashif Rasul and Roland Vollgraf (Zalando SE), under the MIT licence.
    """

    label: ClassVar[str] = "Fashion-MNIST"
    files: ClassVar[tuple[RemoteFile, ...]] = FILES
    folder: ClassVar[str] = "fashion-mnist"
    class_names: ClassVar[tuple[str, ...]] = CLASS_NAMES

    kind: Literal["fashion-mnist"] = "fashion-mnist"

    @staticmethod
    def read() -> tuple[Pair, Pair]:
        """See `KerasPictures.read`."""
        from keras.datasets import fashion_mnist

        pairs: tuple[Pair, Pair] = fashion_mnist.load_data()
        return pairs
