"""The families of networks that a VAE can be made of. One file for each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from vaegui.core.architectures.conditional import Conditional
from vaegui.core.architectures.conv import Convolutional
from vaegui.core.architectures.dense import Dense
from vaegui.core.architectures.imported import Imported, ImportedLayers

__all__ = [
    "Architecture",
    "Conditional",
    "Convolutional",
    "Dense",
    "Imported",
    "ImportedLayers",
]

Architecture = Annotated[
    Dense | Convolutional | Imported | Conditional, Field(discriminator="kind")
]
