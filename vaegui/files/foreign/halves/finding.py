"""Which layers of one or two files are the encoder, and which the decoder."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

from vaegui.core.layers import Shape
from vaegui.core.layers.linear import Dense
from vaegui.core.layers.operations import Slice
from vaegui.errors import FileError
from vaegui.files.foreign.document.document import read_models
from vaegui.files.foreign.halves.conditions import one_input, told_at
from vaegui.files.foreign.halves.draws import Draw, draw_at
from vaegui.files.foreign.halves.found import Drawn, Foreign, PossibleReadOut
from vaegui.files.foreign.halves.plain import cut_plain, plain_pair
from vaegui.files.foreign.network.flattening import read_network
from vaegui.files.foreign.network.network import NestedModel, Network, PlacedLayer
from vaegui.files.foreign.network.tracing import Half, frontier, reaches, resolved, why_not_rebuilt

__all__ = ["Drawn", "Foreign", "PossibleReadOut", "inspect", "other_half"]

_MOST_ENDS = 64
"""Outputs that may be the reconstruction: each is looked at from every place that may be z."""


def inspect(path: Path, decoder: Path | None = None) -> Foreign:
    """Find encoder and decoder in one file that holds both, or in two, in either order.

    A file with a decoder alone is one, too.

    It reads JSON only, no weights, and imports no TensorFlow.

    Raises
    ------
    FileError
        If they cannot be found, or have layers that cannot be rebuilt.
    """
    paths = [path] if decoder is None or decoder == path else [path, decoder]
    networks = [read_network(model) for model in read_models(paths)]
    pairs = [
        (a, p, b, q)
        for a in networks
        for b in networks
        for p in a.parts
        for q in b.parts
        if (len(networks) == 1 or a is not b) and p is not q
    ]
    # What is called so comes first; sorting keeps the order of the files otherwise.
    pairs.sort(key=lambda pair: -_named(pair[1], "enc") - _named(pair[3], "dec"))
    ways = {id(part): list(one_input(n, part)) for n in networks for part in n.parts}
    told = [(ways[id(p)], ways[id(q)]) for _, p, _, q in pairs]
    each = [(*one, *other) for ones, others in told for one in ones for other in others]
    whole = networks if len(networks) == 1 else []
    found = itertools.chain(
        itertools.starmap(_matched, each),
        map(_cut, whole),
        itertools.starmap(plain_pair, each),
        map(cut_plain, whole),
        map(_alone, whole),
    )
    if first := next(filter(None, found), None):
        return first
    raise _why_not(networks)


def other_half(path: Path) -> Path | None:
    """The file beside an encoder that is called as its decoder would be, or the other way round."""
    for half, other in (("encoder", "decoder"), ("decoder", "encoder")):
        beside = path.with_name(path.name.replace(half, other))
        if beside != path and beside.is_file():
            return beside
    return None


def _named(part: NestedModel, beginning: str) -> bool:
    return beginning in part.name.lower()


def _matched(a: Network, encoder: NestedModel, b: Network, decoder: NestedModel) -> Foreign | None:
    """The pair, if what the one gives is what the other takes, and the other way round."""
    if len(encoder.starts) != 1 or len(decoder.starts) != 1 or len(decoder.outputs) != 1:
        return None
    start, z = encoder.starts[0], decoder.starts[0]
    end = resolved(b, decoder.outputs[0][1], z)
    shape, code = a.places[start].shape, b.places[z].shape
    if shape is None or code is None or len(code) != 1 or not reaches(b, end, z):
        return None
    if math.prod(b.places[end].shape or ()) != math.prod(shape):
        return None
    ends = [(label, resolved(a, place, start)) for label, place in encoder.outputs]
    fed = [resolved(a, i, start) for i in b.places[z].inputs] if a is b else []
    draws = (draw_at(a, i, start) for i in (*fed, *(place for _, place in ends)))
    draw = next((d for d in draws if d and a.places[d.mean].shape == code), None)
    found = _read_outs(a, start, ends, code[0], draw)
    return _foreign(a, b, (start, z, end), found, draw)


def _cut(network: Network) -> Foreign | None:
    """Both in one graph: cut where z is drawn.

    Of two inputs one may be the noise of z; else it is a condition of both.
    """
    starts = network.parts[-1].starts
    ways: list[tuple[int, tuple[int, ...]]] = [(start, ()) for start in starts]
    if len(starts) == 2:
        ways += [(starts[0], starts[1:]), (starts[1], starts[:1])]
    return next(filter(None, (_cut_from(network, *way) for way in ways)), None)


def _cut_from(network: Network, start: int, others: tuple[int, ...]) -> Foreign | None:
    """The same from one of the inputs, the others being conditions."""
    outputs = [end for _, end in network.parts[-1].outputs]
    losses = [end for end in outputs if _compares(network, end, start)]
    behind = (i for end in losses for i in network.places[end].inputs)
    ends = list(dict.fromkeys((*outputs, *behind)))[:_MOST_ENDS]
    encoder = told_at(network, others, start) if others else network
    for z, place in enumerate(network.places):
        if encoder is None or len(place.shape or ()) != 1 or z in others:
            continue
        decoder = told_at(network, others, z) if others else network
        if decoder and (found := _cut_at(encoder, decoder, ends, start, z)):
            network.notes += [
                f"'{network.places[end].label}', which compares the input with what is "
                "decoded, is taken to be the loss and left out."
                for end in losses
            ]
            return found
    return None


def _cut_at(a: Network, b: Network, ends: list[int], start: int, z: int) -> Foreign | None:
    """If all that leads from the input to the reconstruction goes through z, which is drawn."""
    shape, code = a.places[start].shape, a.places[z].shape
    given = [resolved(b, end, z) for end in ends]
    decoded = [end for end in given if end > z and reaches(b, end, z)]
    fitting = [e for e in decoded if math.prod(b.places[e].shape or ()) == _size(shape or ())]
    if not fitting or not shape or not code:
        return None
    draw = draw_at(a, z, start)
    if draw is None and reaches(a, z, start):
        return None
    above = [(a.places[i].label, i) for i in frontier(a, z, start)]
    found = _read_outs(a, start, above, code[0], draw)
    return _foreign(a, b, (start, z, fitting[0]), found, draw)


def _compares(network: Network, end: int, start: int) -> bool:
    """Whether the last layer, beside what is decoded, takes the input: to compute the loss."""
    here = network.places[end]
    return bool(here.refused) and start in (resolved(network, i, start) for i in here.inputs)


def _alone(network: Network) -> Foreign | None:
    """A decoder alone: a row of numbers goes in, and something larger comes out."""
    whole = network.parts[-1]
    if len(whole.starts) != 1 or len(whole.outputs) != 1:
        return None
    z = whole.starts[0]
    end = resolved(network, whole.outputs[0][1], z)
    code, shape = network.places[z].shape, network.places[end].shape
    if not code or len(code) != 1 or not shape or not reaches(network, end, z):
        return None
    if _size(shape) <= code[0] or any(place.refused for place in network.places[z : end + 1]):
        return None
    note = "There is a decoder alone: points can be decoded, and nothing can be encoded."
    return Foreign(network, network, z, z, end, shape, code[0], (), None, (note,))


def _foreign(
    a: Network,
    b: Network,
    places: tuple[int, int, int],
    read_outs: tuple[PossibleReadOut, ...],
    draw: Draw | None,
) -> Foreign | None:
    """What was found, if there are two read-outs; ``places`` are x, z and the reconstruction."""
    if len(read_outs) < 2:
        return None
    start, z, end = places
    for network, place, beginning in ((b, end, z), *((a, r.place, start) for r in read_outs)):
        if why := why_not_rebuilt(network, place, beginning):
            raise why
    shape, code = a.places[start].shape or (), b.places[z].shape or ()
    at = {(each.place, each.half): i for i, each in enumerate(read_outs)}
    drawn: Drawn | None = None
    notes: tuple[str, ...] = ()
    if draw is not None:
        mean, spread = (at.get(_half_of(a, i)) for i in (draw.mean, draw.spread))
        if mean is not None and spread is not None:
            drawn = Drawn(mean, spread, draw.spread_is, draw.by)
        notes = tuple(
            f"'{name}', between mean, spread and z, cannot be looked into and is passed over."
            for name in draw.passed
        )
    return Foreign(a, b, start, z, end, shape, code[0], read_outs, drawn, notes)


def _read_outs(
    network: Network,
    start: int,
    ends: list[tuple[str, int]],
    units: int,
    draw: Draw | None,
) -> tuple[PossibleReadOut, ...]:
    """What may be mean or spread: rows of so many values, or twice as many, at these places."""
    places: dict[int, str] = {}
    for label, place in ends:
        here = network.places[place]
        if reaches(network, place, start) and not (draw and place == draw.z):
            places.setdefault(place, _shown(label, here.label, here.name))
        elif draw is None:
            for i in frontier(network, place, start):
                places.setdefault(i, network.places[i].name)
    for i in (draw.mean, draw.spread) if draw else ():
        places.setdefault(i, network.places[i].name)
    found: list[PossibleReadOut] = []
    for place, label in places.items():
        here = network.places[place]
        whole, half = _half_of(network, place)
        if here.shape == (units,):
            found.append(PossibleReadOut(label, whole, half))
        elif here.shape == (2 * units,) and _is_halvable(here):
            found.append(PossibleReadOut(f"{label}, first half", place, "first"))
            found.append(PossibleReadOut(f"{label}, second half", place, "second"))
    labels = Counter(each.label for each in found)
    return tuple(_told_apart(network, each) if labels[each.label] > 1 else each for each in found)


def _told_apart(network: Network, read_out: PossibleReadOut) -> PossibleReadOut:
    """One of several outputs of one name, called by what it is."""
    half = f", {read_out.half} half" if read_out.half else ""
    return replace(read_out, label=f"{network.places[read_out.place].name}{half}")


def _half_of(network: Network, place: int) -> tuple[int, Half]:
    """A place; or, if it is one half of a dense layer, that layer and which half."""
    here = network.places[place]
    if isinstance(here.layer, Slice) and len(here.layer.ranges) == 1:
        below = network.places[here.inputs[0]]
        ((begin, end),) = here.layer.ranges
        halves = begin in (0, end - begin) and below.shape == (2 * (end - begin),)
        if halves and _is_halvable(below):
            return here.inputs[0], "second" if begin else "first"
    return place, ""


def _is_halvable(place: PlacedLayer) -> bool:
    """Whether each half of what a layer gives is what a layer of half the units would give."""
    return isinstance(place.layer, Dense) and place.layer.activation != "softmax"


def _shown(label: str, full: str, name: str) -> str:
    """What an output is called: its key, or else its layer's name."""
    return label if label not in full.split("/")[:-1] else name


def _size(shape: Shape) -> int:
    return math.prod(shape)


def _why_not(networks: list[Network]) -> FileError:
    """Why no encoder and decoder were found: a layer that is to blame, or shapes."""
    faults: list[FileError] = []
    for network, part in ((n, p) for n in networks for p in n.parts if len(p.starts) == 1):
        ends = [resolved(network, end, part.starts[0]) for _, end in part.outputs]
        found = [why_not_rebuilt(network, end, part.starts[0]) for end in ends]
        # A sampling layer beside mean and log-variance is not to blame.
        faults += filter(None, found if found.count(None) < 2 else [])
        if all(found) and faults:
            return faults[-1]
    models = "; ".join(_described(n, part) for n in networks for part in n.parts)
    named = " and ".join(network.path.name for network in networks)
    others = f" {faults[0].message}" if faults else ""
    return FileError(
        f"No encoder and decoder that fit each other were found in {named} ({models}).{others}",
        "An encoder is needed that gives mean and log-variance, two rows of the same length, or a "
        "code alone, and a decoder that takes one such row and gives what the encoder takes. Each "
        "may have one further input, a row of numbers that is its condition. If they are in two "
        "files, choose both.",
    )


def _described(network: Network, part: NestedModel) -> str:
    takes = ", ".join(str(network.places[i].shape or "?") for i in part.starts)
    gives = ", ".join(str(network.places[i].shape or "?") for _, i in part.outputs)
    return f"'{part.name}': {takes} → {gives}"
