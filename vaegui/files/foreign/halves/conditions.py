"""Encoders and decoders with a second input: what they are told beside x or z."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from vaegui.core.layers.condition import Condition
from vaegui.files.foreign.network.network import NestedModel, Network

__all__ = ["is_told", "one_input", "told_at"]

_CALLED = r"cond|label|class|(^|_)y($|_)|(^|_)c($|_)"


def one_input(network: Network, part: NestedModel) -> Iterator[tuple[Network, NestedModel]]:
    """The model as one with one input; of two inputs each in turn is the condition.

    What is called as a condition is taken for one first.
    """
    if len(part.starts) == 1:
        yield network, part
    if len(part.starts) != 2:
        return
    named = [re.search(_CALLED, network.places[i].name.lower()) is not None for i in part.starts]
    for main in (1, 0) if named[0] and not named[1] else (0, 1):
        start, other = part.starts[main], part.starts[1 - main]
        if told := told_at(network, (other,), start):
            yield told, replace(part, starts=(start,))


def told_at(network: Network, others: tuple[int, ...], start: int) -> Network | None:
    """The network with further inputs as conditions of what starts at a place.

    None if one of them is no row of numbers.
    """
    places = list(network.places)
    for other in others:
        shape = places[other].shape
        if shape is None or len(shape) != 1:
            return None
        values = (0.0,) * shape[0]
        told = Condition(values=values)
        places[other] = replace(
            places[other], layer=told, refused="", inputs=(start,), group="", name="condition"
        )
    return network.with_places(places)


def is_told(network: Network) -> bool:
    """Whether there is a condition in it."""
    return any(isinstance(place.layer, Condition) for place in network.places)
