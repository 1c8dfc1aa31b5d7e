"""The families of networks that a VAE can be made of. One file for each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from vaegui.core.architectures.conv import Convolutional
from vaegui.core.architectures.dense import Dense
from vaegui.core.architectures.imported import Imported

__all__ = ["Architecture", "Convolutional", "Dense", "Imported"]

Architecture = Annotated[Dense | Convolutional | Imported, Field(discriminator="kind")]
