"""What a user would probably say of a foreign model: its read-outs, its data and their scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, get_args

from vaegui.core.architectures.imported import fits
from vaegui.core.layers import Shape
from vaegui.core.layers.pointwise import Rescaling
from vaegui.core.layers.shaping import Cropping2D, Flatten, Permute, Reshape
from vaegui.core.likelihoods import Bernoulli, Gaussian, Likelihood
from vaegui.data import DataChoice, NoData, OwnData
from vaegui.data.rescale import AsIs, Raw, Rescale, Symmetric
from vaegui.errors import SettingsError
from vaegui.files.foreign.halves.draws import Spread
from vaegui.files.foreign.halves.finding import Foreign
from vaegui.files.foreign.network.tracing import upstream
from vaegui.files.foreign.roles.roles import roles

__all__ = [
    "Reading",
    "UnsaidError",
    "chosen",
    "evidence",
    "final_activation",
    "fitting_sources",
    "may_be_logits",
    "proposed",
    "words",
]

_SHAPE_ONLY = (Reshape, Flatten, Permute, Cropping2D)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a foreign model is to be read.

    Attributes
    ----------
    mean, spread
        Which of its read-outs are the mean and the spread. Of a plain autoencoder the first is its
        code, and there is no spread; of no meaning for a decoder alone.
    spread_is
        What the spread is.
    likelihood, rescale, data
        p(x|z), and the data to look at it with, in the scale that it was trained on.
    condition
        What a conditional model is told: the number of a class, or all numbers of its second input.
    """

    mean: int
    spread: int | None
    spread_is: Spread
    likelihood: Likelihood
    rescale: Rescale
    data: DataChoice
    condition: tuple[float, ...] = (0.0,)


def proposed(foreign: Foreign) -> tuple[Reading, bool]:
    """The likeliest reading, and whether mean and spread are evident.

    The data are pictures of the program's that have the shape, or none: that a table has as many
    columns says nothing of what they are.
    """
    activation = final_activation(foreign)
    bounded = activation == "sigmoid" or may_be_logits(foreign)
    likelihood: Likelihood = Bernoulli() if bounded else Gaussian()
    scale = _scale(foreign, activation)
    said = roles(foreign)
    fitting = fitting_sources(foreign.shape) if foreign.has_encoder else []
    pictures = [source for source in fitting if len(source.shape) > 1]
    data = pictures[0]() if pictures else NoData.of_shape(foreign.shape)
    reading = Reading(said.mean, said.spread, said.spread_is, likelihood, scale, data)
    return reading, said.evident


def evidence(foreign: Foreign) -> dict[str, str]:
    """What speaks for the reading that is proposed: a sentence for each guess, by its field."""
    activation = final_activation(foreign)
    if may_be_logits(foreign):
        last = (
            "The decoder ends without a non-linearity, so it may give logits or the values "
            "themselves; for pictures most give logits, of which Bernoulli takes the sigmoid."
        )
    elif activation == "sigmoid":
        last = "The decoder ends with a sigmoid, so values lie from 0 to 1, as Bernoulli has them."
    else:
        last = "The decoder's values are not bounded by 0 and 1, so they are a Gaussian's means."
    return {**roles(foreign).evidence, "likelihood": last}


class UnsaidError(SettingsError):
    """A file does not say how it is to be read, and nobody else did.

    ``options`` are the likeliest words for what is open: values by the names of `chosen`.
    """

    def __init__(self, message: str, options: dict[str, str]) -> None:
        said = ", ".join(f'{name}="{value}"' for name, value in options.items())
        super().__init__(message, f"Say it: {said}. take_proposal=True takes just that.")
        self.options = options


def chosen(
    foreign: Foreign,
    *,
    mean: str | None = None,
    spread: str | None = None,
    take_proposal: bool = False,
    **given: Any,
) -> Reading:
    """The likeliest reading with what is given in place: outputs by name, the rest as `Reading`.

    Raises
    ------
    SettingsError
        If an output is unknown.
    UnsaidError
        If nobody says which output is what, or what the decoder gives, and ``take_proposal`` does
        not allow to guess it.
    """
    reading, _ = proposed(foreign)
    labels = [read_out.label for read_out in foreign.read_outs]
    for name in (mean, spread):
        if name is not None and name not in labels:
            known = ", ".join(f"'{label}'" for label in labels)
            raise SettingsError(
                f"{foreign.name} has no output called '{name}'.", f"There are {known}."
            )
    if isinstance(given.get("data"), NoData):
        given["data"] = NoData.of_shape(foreign.shape)
    said = {name: value for name, value in given.items() if value is not None}
    if mean is not None or spread is not None:
        first, second = _besides(foreign, reading, mean, spread)
        said |= {"mean": first, "spread": second}
    result = replace(reading, **said)
    if not take_proposal:
        named = None not in (mean, spread, given.get("spread_is"))
        _check_said(foreign, result, named, given.get("likelihood") is not None)
    return result


def words(foreign: Foreign, reading: Reading) -> dict[str, str]:
    """A reading as options of the command line say it."""
    of_encoder = {"mean": foreign.read_outs[reading.mean].label} if foreign.has_encoder else {}
    if foreign.has_encoder and reading.spread is not None:
        of_encoder["spread"] = foreign.read_outs[reading.spread].label
        of_encoder["spread_is"] = reading.spread_is
    if foreign.conditional:
        of_encoder["condition"] = ",".join(f"{number:g}" for number in reading.condition)
    return {
        **of_encoder,
        "likelihood": reading.likelihood.kind,
        "scale": reading.rescale.kind,
        "data": reading.data.path if isinstance(reading.data, OwnData) else reading.data.kind,
    }


def _besides(
    foreign: Foreign, reading: Reading, mean: str | None, spread: str | None
) -> tuple[int, int | None]:
    """Mean and spread if one or both are said; of two outputs the other is the other."""
    labels = [read_out.label for read_out in foreign.read_outs]
    first = None if mean is None else labels.index(mean)
    second = None if spread is None else labels.index(spread)
    if reading.spread is None:
        return reading.mean if first is None else first, None

    def other(proposal: int, taken: int | None) -> int:
        return 1 - taken if proposal == taken and len(labels) == 2 else proposal

    return (
        other(reading.mean, second) if first is None else first,
        other(reading.spread, first) if second is None else second,
    )


def _check_said(foreign: Foreign, reading: Reading, named: bool, ending: bool) -> None:
    """Raise `UnsaidError` if something is open that only a user knows.

    ``named`` and ``ending`` are whether the read-outs and the likelihood were said.
    """
    *why, why_ending = evidence(foreign).values()
    options: list[str] = []
    sentences: list[str] = []
    if not named and not roles(foreign).evident:
        labels = ", ".join(f"'{read_out.label}'" for read_out in foreign.read_outs)
        sentences += [f"{foreign.name} does not say which of its outputs is what: {labels}.", *why]
        options += ["mean", "spread", "spread_is"]
    if not ending and may_be_logits(foreign):
        sentences.append(why_ending)
        options.append("likelihood")
    if options:
        likely = words(foreign, reading)
        raise UnsaidError(" ".join(sentences), {name: likely[name] for name in options})


def fitting_sources(shape: Shape) -> list[type[Any]]:
    """The sources of data whose examples have a shape, those that need no download first."""
    sources = get_args(get_args(DataChoice)[0])
    known = [s for s in sources if (given := getattr(s, "shape", None)) and fits(given, shape)]
    return sorted(known, key=lambda source: not source.local)


def may_be_logits(foreign: Foreign) -> bool:
    """Whether a decoder gives numbers of any size for pictures, whose values have bounds.

    Scripts that train on cross-entropy from logits take the sigmoid outside of it.
    """
    pictures = any(len(source.shape) > 1 for source in fitting_sources(foreign.shape))
    return pictures and final_activation(foreign) == "linear"


def final_activation(foreign: Foreign) -> str:
    """The non-linearity that the decoder ends with, by name; 'other' if it has none."""
    for place in upstream(foreign.decoder, foreign.decoder_end):
        layer = foreign.decoder.places[place].layer
        if layer is None or isinstance(layer, _SHAPE_ONLY):
            continue
        return str(getattr(layer, "activation", "other"))
    return "other"


def _scale(foreign: Foreign, activation: str) -> Rescale:
    """Pictures from 0 to 255 if the encoder scales them itself, else as the decoder ends."""
    for place in foreign.encoder.places[foreign.encoder_start : foreign.encoder_start + 4]:
        scale = place.layer.scale if isinstance(place.layer, Rescaling) else None
        if isinstance(scale, float) and 0 < scale < 0.02:
            return Raw()
    return Symmetric() if activation == "tanh" else AsIs()
