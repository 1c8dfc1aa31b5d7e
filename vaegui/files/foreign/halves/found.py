"""An encoder and a decoder that were found in foreign files."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from vaegui.core.layers import Shape
from vaegui.files.foreign.halves.conditions import is_told
from vaegui.files.foreign.halves.draws import Spread
from vaegui.files.foreign.network.network import Network
from vaegui.files.foreign.network.tracing import Half

__all__ = ["Drawn", "Foreign", "PossibleReadOut"]


@dataclass(frozen=True, slots=True)
class PossibleReadOut:
    """An output of the encoder, or half of one, that may be mean or spread."""

    label: str
    place: int
    half: Half = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """How z is made of two of the read-outs.

    Attributes
    ----------
    mean, spread
        Which of them.
    spread_is
        What the spread is, if z is computed from it in the open.
    by
        What the layer is called that draws z.
    """

    mean: int
    spread: int
    spread_is: Spread | None
    by: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """An encoder and a decoder that were found.

    Attributes
    ----------
    encoder, decoder
        The networks that they are in; often the same.
    encoder_start, decoder_start, decoder_end
        The places where x and z come in, and where the reconstruction comes out.
    shape, units
        Shape of one example, and number of latent units.
    read_outs
        What the encoder gives, two or more; of a plain autoencoder what may be its code; none of a
        decoder alone, whose network then stands for the encoder's, too.
    draw
        Which of them z is drawn from, if that can be seen.
    """

    encoder: Network
    decoder: Network
    encoder_start: int
    decoder_start: int
    decoder_end: int
    shape: Shape
    units: int
    read_outs: tuple[PossibleReadOut, ...]
    draw: Drawn | None = None
    own_notes: tuple[str, ...] = ()
    plain: bool = False
    """Whether it is a plain autoencoder: it has a code and no spread."""

    @property
    def conditional(self) -> bool:
        """Whether encoder or decoder are told something beside x or z."""
        return is_told(self.encoder) or is_told(self.decoder)

    def with_code(self, index: int) -> Foreign:
        """A plain autoencoder in one graph, cut at another of the places that may be its code."""
        if not self.plain or len(self.read_outs) < 2:
            return self
        place = self.read_outs[index].place
        shape = self.encoder.places[place].shape or ()
        return replace(self, decoder_start=place, units=math.prod(shape))

    @property
    def has_encoder(self) -> bool:
        """Whether there is an encoder, and not a decoder alone."""
        return bool(self.read_outs)

    @property
    def name(self) -> str:
        """What it is called: the names of its files."""
        return " and ".join(dict.fromkeys(n.path.name for n in (self.encoder, self.decoder)))

    @property
    def title(self) -> str:
        """The same in short, for a window's title and as a name to save it by."""
        return " and ".join(dict.fromkeys(n.path.stem for n in (self.encoder, self.decoder)))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know of how it was read."""
        return tuple(dict.fromkeys((*self.own_notes, *self.encoder.notes, *self.decoder.notes)))
