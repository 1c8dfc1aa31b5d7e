"""What the encoder gives each input: a Gaussian, or a point."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from vaegui.declared import Choice

__all__ = ["GaussianPosterior", "Point", "Posterior"]


class GaussianPosterior(Choice):
    """Each input is given a Gaussian of its own, as in a variational autoencoder."""

    label: ClassVar[str] = "A Gaussian"

    kind: Literal["gaussian"] = "gaussian"


class Point(Choice):
    """A plain autoencoder: each input is given a point, and there is no spread, KL or prior."""

    label: ClassVar[str] = "A point"

    kind: Literal["point"] = "point"


Posterior = Annotated[GaussianPosterior | Point, Field(discriminator="kind")]
