"""Finding a plain autoencoder: an encoder with one output, its code, and a decoder."""

from __future__ import annotations

import math

from vaegui.files.foreign.halves.found import Foreign, PossibleReadOut
from vaegui.files.foreign.network.network import NestedModel, Network
from vaegui.files.foreign.network.tracing import reaches, resolved
from vaegui.training.settings.settings import MOST_UNITS

__all__ = ["cut_plain", "plain_pair"]


def plain_pair(
    a: Network, encoder: NestedModel, b: Network, decoder: NestedModel
) -> Foreign | None:
    """A pair without a spread."""
    if (places := _places(a, encoder, b, decoder)) is None:
        return None
    start, code, z, end = places
    shape, size = a.places[start].shape or (), math.prod(a.places[code].shape or ())
    code_is = PossibleReadOut(a.places[code].name, code)
    return Foreign(a, b, start, z, end, shape, size, (code_is,), plain=True)


def cut_plain(network: Network) -> Foreign | None:
    """An autoencoder in one graph, cut where it is narrowest."""
    if (places := _bottlenecks(network)) is None:
        return None
    start, end, codes = places
    read_outs = tuple(PossibleReadOut(network.places[i].label, i) for i in codes)
    shape, size = network.places[start].shape or (), math.prod(network.places[codes[0]].shape or ())
    return Foreign(network, network, start, codes[0], end, shape, size, read_outs, plain=True)


def _places(
    a: Network, encoder: NestedModel, b: Network, decoder: NestedModel
) -> tuple[int, int, int, int] | None:
    """The places of x, code, z and reconstruction if a pair is a plain autoencoder, or None.

    Code and z are the same numbers, in the encoder's network and in the decoder's.
    """
    ends = encoder.starts, encoder.outputs, decoder.starts, decoder.outputs
    if any(len(each) != 1 for each in ends):
        return None
    start, z = encoder.starts[0], decoder.starts[0]
    code = resolved(a, encoder.outputs[0][1], start)
    end = resolved(b, decoder.outputs[0][1], z)
    if a.places[code].shape != b.places[z].shape or not _is_code(a, code, start):
        return None
    fits = _size(b, end) == _size(a, start)
    rebuilt = reaches(a, code, start) and reaches(b, end, z)
    return (start, code, z, end) if fits and rebuilt else None


def _bottlenecks(network: Network) -> tuple[int, int, list[int]] | None:
    """The places of x and reconstruction of an autoencoder in one graph, and where it can be cut.

    Everything that leads to the reconstruction goes through each of these places. The narrowest
    come first, of equal ones the last, which has its non-linearity. None if there is no such place.
    """
    whole = network.parts[-1]
    if len(whole.starts) != 1 or len(whole.outputs) != 1:
        return None
    start = whole.starts[0]
    end = resolved(network, whole.outputs[0][1], start)
    if end == start or _size(network, end) != _size(network, start):
        return None
    found = [
        code
        for code in range(len(network.places))
        if code != start
        and network.places[code].layer is not None
        and _is_code(network, code, start)
        and reaches(network, code, start)
        and reaches(network, end, code)
    ]
    found.sort(key=lambda place: (_size(network, place), -place))
    return (start, end, found) if found else None


def _is_code(network: Network, place: int, start: int) -> bool:
    """Whether it has fewer numbers than the input, and no more than there can be."""
    size = _size(network, place)
    return 0 < size <= MOST_UNITS and size < _size(network, start)


def _size(network: Network, place: int) -> int:
    shape = network.places[place].shape
    return math.prod(shape) if shape else 0
