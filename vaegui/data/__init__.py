"""Datasets, and where they come from: one file for each source.

A source is a `Choice` with ``load(progress) -> Dataset`` and ``local``: whether loading needs
nothing but what came with the program and its packages. Where examples always have the same shape,
``shape`` says which.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from vaegui.data.bundled import BundledMnist
from vaegui.data.dataset import DataDescription, Dataset, Part, Scaling
from vaegui.data.digits import Digits8x8
from vaegui.data.fashion_mnist import FashionMnist
from vaegui.data.mnist import Mnist
from vaegui.data.wine import SixFeatures

__all__ = [
    "BundledMnist",
    "DataDescription",
    "DataSource",
    "Dataset",
    "Digits8x8",
    "FashionMnist",
    "Mnist",
    "Part",
    "Scaling",
    "SixFeatures",
]

DataSource = Annotated[
    BundledMnist | Digits8x8 | Mnist | FashionMnist | SixFeatures, Field(discriminator="kind")
]
