"""What a user would probably say of a foreign model: its read-outs, its data and their scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, get_args

from vaegui.core.architectures.imported import fits
from vaegui.core.layers import Shape
from vaegui.core.layers.pointwise import Rescaling
from vaegui.core.layers.shaping import Cropping2D, Flatten, Permute, Reshape
from vaegui.core.likelihoods import Bernoulli, Gaussian, Likelihood
from vaegui.data import DataChoice, NoData
from vaegui.data.rescale import AsIs, Raw, Rescale, Symmetric
from vaegui.errors import SettingsError
from vaegui.files.foreign.draws import Spread
from vaegui.files.foreign.finding import Foreign
from vaegui.files.foreign.roles import roles
from vaegui.files.foreign.tracing import upstream

__all__ = ["Reading", "chosen", "final_activation", "fitting_sources", "may_be_logits", "proposed"]

_SHAPE_ONLY = (Reshape, Flatten, Permute, Cropping2D)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a foreign model is to be read.

    Attributes
    ----------
    mean, spread
        Which of its read-outs are the mean and the spread; of no meaning for a decoder alone.
    spread_is
        What the spread is.
    likelihood, rescale, data
        p(x|z), and the data to look at it with, in the scale that it was trained on.
    """

    mean: int
    spread: int
    spread_is: Spread
    likelihood: Likelihood
    rescale: Rescale
    data: DataChoice


def proposed(foreign: Foreign) -> tuple[Reading, bool]:
    """The likeliest reading, and whether mean and spread are evident.

    The data are some of the program's that have the shape, or none.
    """
    activation = final_activation(foreign)
    bounded = activation == "sigmoid" or may_be_logits(foreign)
    likelihood: Likelihood = Bernoulli() if bounded else Gaussian()
    scale = _scale(foreign, activation)
    if not foreign.has_encoder:
        none = NoData.of_shape(foreign.shape)
        return Reading(0, 0, "log_var", likelihood, scale, none), True
    said = roles(foreign)
    source = next(iter(fitting_sources(foreign.shape)), None)
    data = source() if source else NoData.of_shape(foreign.shape)
    reading = Reading(said.mean, said.spread, said.spread_is, likelihood, scale, data)
    return reading, said.evident


def chosen(
    foreign: Foreign,
    *,
    mean: str | None = None,
    spread: str | None = None,
    **given: Any,
) -> Reading:
    """The likeliest reading with what is given in place: outputs by name, the rest as `Reading`.

    Raises
    ------
    SettingsError
        If an output is unknown, or nobody says which output is what, or what the decoder gives.
    """
    reading, evident = proposed(foreign)
    labels = [read_out.label for read_out in foreign.read_outs]
    known = ", ".join(f"'{label}'" for label in labels)
    for name in (mean, spread):
        if name is not None and name not in labels:
            raise SettingsError(
                f"{foreign.name} has no output called '{name}'.", f"There are {known}."
            )
    if not evident and (mean is None or spread is None or given.get("spread_is") is None):
        raise SettingsError(
            f"The names of the outputs of {foreign.name} do not say which is what: {known}.",
            "Say which is the mean, which the spread, and whether that is log_var, log_sd, var "
            "or sd.",
        )
    if given.get("likelihood") is None and may_be_logits(foreign):
        raise SettingsError(
            f"The decoder of {foreign.name} ends without a non-linearity, so it may give logits or "
            "the values themselves.",
            "Say which by the likelihood: bernoulli if the script takes the sigmoid of its output, "
            "gaussian if not.",
            "likelihood",
        )
    if isinstance(given.get("data"), NoData):
        given["data"] = NoData.of_shape(foreign.shape)
    return replace(
        reading,
        mean=reading.mean if mean is None else labels.index(mean),
        spread=reading.spread if spread is None else labels.index(spread),
        **{name: value for name, value in given.items() if value is not None},
    )


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
