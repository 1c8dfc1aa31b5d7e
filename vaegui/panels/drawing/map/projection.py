"""What the axes of a map of the latent space are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Projection", "TwoUnits"]

Array = NDArray[Any]


class Projection(Protocol):
    """A plane of the latent space that a map shows. Equal ones show the same plane."""

    @property
    def names(self) -> tuple[str, str]:
        """What the axis across and the one that points up are called."""
        ...

    @property
    def pair(self) -> tuple[int, int] | None:
        """The latent units that the axes are, which a click can change; None if they are others."""
        ...

    def centres(self, mean: Array) -> Array:
        """Points of the plane, (examples, 2), of ``mean`` (examples, units)."""
        ...

    def halves(self, sd: Array) -> Array:
        """Standard deviation along each axis, (examples, 2), of ``sd`` (examples, units)."""
        ...

    def lifted(self, at: tuple[float, float], z: Array) -> Array:
        """The z nearest to ``z`` (units,) that lies at a point of the plane."""
        ...


@dataclass(frozen=True, slots=True)
class TwoUnits:
    """Two latent units ``pair`` are the axes; ``kl`` is the KL of each in nats if it has one."""

    pair: tuple[int, int]
    kl: tuple[float, float] | None = field(compare=False)

    @property
    def names(self) -> tuple[str, str]:
        """See `Projection.names`."""
        across, up = (f"unit {unit + 1}" for unit in self.pair)
        if self.kl is None:
            return across, up
        return f"{across} ({self.kl[0]:.2f} nats)", f"{up} ({self.kl[1]:.2f} nats)"

    def centres(self, mean: Array) -> Array:
        """See `Projection.centres`."""
        return np.asarray(mean[:, self.pair])

    def halves(self, sd: Array) -> Array:
        """See `Projection.halves`."""
        return np.asarray(sd[:, self.pair])

    def lifted(self, at: tuple[float, float], z: Array) -> Array:
        """See `Projection.lifted`."""
        lifted = np.array(z, float)
        lifted[list(self.pair)] = at
        return lifted
