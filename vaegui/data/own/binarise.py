"""Whether values are made 0 or 1, and how. One class for each choice."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from vaegui.data.own.changed import ChangedSource
from vaegui.data.source import Source
from vaegui.declared import Choice, setting

__all__ = ["Binarise", "NoBinarising", "Threshold", "Tossed"]


class NoBinarising(Choice):
    """Values stay as they are."""

    label: ClassVar[str] = "Not at all"

    kind: Literal["none"] = "none"

    def apply(self, source: Source) -> Source:
        """Return the source itself."""
        return source


class Threshold(Choice):
    """Values above a threshold become 1 (255 in pictures of bytes), all others 0."""

    label: ClassVar[str] = "At a threshold"

    kind: Literal["threshold"] = "threshold"
    at: float = setting(
        0.5,
        title="Threshold",
        help="Values above it become 1, in the data's own units; in pictures of bytes it is a "
        "share of 255.",
        ge=-1e9,
        le=1e9,
    )

    def apply(self, source: Source) -> Source:
        """Return a source of 0 and 1, or of 0 and 255 for bytes."""
        of_bytes = source.spec.dtype == "uint8"
        at = self.at * 255 if of_bytes else self.at

        def binarise(x: NDArray[Any]) -> NDArray[Any]:
            if of_bytes:
                return np.where(x > at, np.uint8(255), np.uint8(0))
            # What is missing stays so.
            return np.where(np.isnan(x), x, (x > at).astype(np.float32))

        return ChangedSource(source, binarise, f"above {at:g}")


class Tossed(Choice):
    """At each step, values become 1 with the probability that they say, which is from 0 to 1.

    Pictures from 0 to 255 count as from 0 to 1. What the model is measured on is drawn once.
    """

    label: ClassVar[str] = "By tossing coins, anew at each step"

    kind: Literal["dynamic"] = "dynamic"

    def apply(self, source: Source) -> Source:
        """Return the source itself: coins are tossed while the model trains."""
        return source


Binarise = Annotated[NoBinarising | Threshold | Tossed, Field(discriminator="kind")]
