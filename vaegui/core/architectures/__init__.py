"""The families of networks that a VAE can be made of. One file for each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from vaegui.core.architectures.conv import Convolutional
from vaegui.core.architectures.dense import Dense

__all__ = ["Architecture", "Convolutional", "Dense"]

Architecture = Annotated[Dense | Convolutional, Field(discriminator="kind")]
