"""How a graph draws z: which places it makes it of, and by which formula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from vaegui.core.layers.merging import Add, Multiply
from vaegui.core.layers.operations import Power
from vaegui.core.layers.pointwise import Activation, Rescaling
from vaegui.files.foreign.network.network import Network
from vaegui.files.foreign.network.tracing import frontier, reaches, resolved

__all__ = ["Draw", "Spread", "draw_at"]

Spread = Literal["log_var", "log_sd", "var", "sd"]
"""What an encoder says of the spread: variance or standard deviation, or the logarithm of one."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Where z comes from.

    Attributes
    ----------
    z, mean, spread
        Their places.
    spread_is
        What the spread is if the graph computes z from it; None if a layer does it which cannot be
        looked into. Then mean and spread are in the order in which the layer takes them.
    by
        What that layer is called.
    passed
        Names of other layers between them, which cannot be looked into either.
    """

    z: int
    mean: int
    spread: int
    spread_is: Spread | None
    by: str
    passed: tuple[str, ...] = ()


def draw_at(network: Network, z: int, start: int) -> Draw | None:
    """How a place is drawn from what comes in at ``start``; None if it does not look drawn."""
    z = resolved(network, z, start)
    if z == start:
        return None
    if found := _computed(network, z, start):
        return found
    if reaches(network, z, start):
        return None
    rows = frontier(network, z, start)
    if len(rows) != 2 or len({network.places[i].shape for i in rows}) > 1:
        return None
    dark = _between(network, z, start)
    by = network.places[z].label if network.places[z].refused else next(iter(dark), "")
    others = tuple(name for name in dark if name != by)
    spread, kind = spread_at(network, rows[1], start)
    if kind == "sd":
        return Draw(z, rows[0], rows[1], None, by, others)
    return Draw(z, rows[0], spread, None if network.places[z].refused else kind, by, others)


def _computed(network: Network, z: int, start: int) -> Draw | None:
    """If z is the sum of a mean and of a spread times what does not come from the input."""
    here = network.places[z]
    if not isinstance(here.layer, Add) or len(here.inputs) != 2:
        return None
    one, other = here.inputs
    for mean, term in ((one, other), (other, one)):
        mean = resolved(network, mean, start)
        if not reaches(network, mean, start):
            continue
        for factor, noisy in _factors(network, term, start):
            spread, kind = spread_at(network, factor, start)
            if noisy or kind in ("log_var", "log_sd"):
                return Draw(z, mean, spread, kind, here.label)
    return None


def _factors(network: Network, term: int, start: int) -> Iterator[tuple[int, bool]]:
    """What may be the standard deviation in a term, and whether the rest of it is noise."""
    term = resolved(network, term, start)
    here = network.places[term]
    if reaches(network, term, start):
        yield term, False
    elif isinstance(here.layer, Multiply):
        known = [reaches(network, resolved(network, i, start), start) for i in here.inputs]
        if known.count(True) == 1:
            yield resolved(network, here.inputs[known.index(True)], start), True


def spread_at(network: Network, place: int, start: int) -> tuple[int, Spread]:
    """What a standard deviation is computed from, if that is one of the usual ways, or itself."""
    inner = _below(network, place, start)
    if _is_exponential(network, place):
        layer = network.places[inner].layer
        if not isinstance(layer, Rescaling):
            return inner, "log_sd"
        if layer.scale == 0.5 and layer.offset == 0.0:
            return _below(network, inner, start), "log_var"
        return place, "sd"
    layer = network.places[place].layer
    if isinstance(layer, Power) and layer.exponent == 0.5:
        if _is_exponential(network, inner):
            return _below(network, inner, start), "log_var"
        return inner, "var"
    return place, "sd"


def _is_exponential(network: Network, place: int) -> bool:
    layer = network.places[place].layer
    return isinstance(layer, Activation) and layer.activation == "exponential"


def _below(network: Network, place: int, start: int) -> int:
    return resolved(network, network.places[place].inputs[0], start)


def _between(network: Network, z: int, start: int) -> list[str]:
    """The names of all layers that cannot be rebuilt between z and what can."""
    found: dict[str, None] = {}
    pending, seen = [z], {z}
    while pending:
        place = pending.pop()
        here = network.places[place]
        if here.refused:
            found.setdefault(here.label)
        for i in here.inputs:
            if i not in seen and i != start and not reaches(network, i, start):
                seen.add(i)
                pending.append(i)
    return list(found)
