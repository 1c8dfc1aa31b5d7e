"""Data of any size: what examples are read from, what is known of them, how they are scaled.

A `Source` is read row by row; a `Dataset` is a source to train on and one to test with. What
settings may say of data is a `DataChoice`, one file each in ``sources/``: a `Choice` with
``load(progress) -> Dataset`` and ``local``, whether loading needs nothing but what came with the
program and its packages. Where examples always have the same shape, ``shape`` says which.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from vaegui.data.dataset import Dataset
from vaegui.data.description import DataDescription
from vaegui.data.own.own import OwnData
from vaegui.data.scaling import Scaling
from vaegui.data.source import Batch, Example, ExampleRef, Source, Spec
from vaegui.data.sources.array import ArraySource
from vaegui.data.sources.bundled import BundledMnist
from vaegui.data.sources.digits import Digits8x8
from vaegui.data.sources.fashion_mnist import FashionMnist
from vaegui.data.sources.generated.drawn import DrawnPoints
from vaegui.data.sources.generated.shapes import Shapes
from vaegui.data.sources.generated.toys import ToyPoints
from vaegui.data.sources.given import GivenArray
from vaegui.data.sources.mnist import Mnist
from vaegui.data.sources.none import NoData
from vaegui.data.sources.scikit import BreastCancer, Diabetes, Iris, Wine
from vaegui.data.sources.wine import SixFeatures

__all__ = [
    "ArraySource",
    "Batch",
    "BreastCancer",
    "BundledMnist",
    "DataChoice",
    "DataDescription",
    "Dataset",
    "Diabetes",
    "Digits8x8",
    "DrawnPoints",
    "Example",
    "ExampleRef",
    "FashionMnist",
    "GivenArray",
    "Iris",
    "Mnist",
    "NoData",
    "OwnData",
    "Scaling",
    "Shapes",
    "SixFeatures",
    "Source",
    "Spec",
    "ToyPoints",
    "Wine",
]

DataChoice = Annotated[
    BundledMnist
    | Digits8x8
    | Mnist
    | FashionMnist
    | SixFeatures
    | Wine
    | BreastCancer
    | Iris
    | Diabetes
    | ToyPoints
    | DrawnPoints
    | Shapes
    | GivenArray
    | NoData
    | OwnData,
    Field(discriminator="kind"),
]
