"""What a user would probably say of a foreign model: its read-outs, its data and their scale."""

from __future__ import annotations

import re
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
from vaegui.files.foreign.finding import Foreign, PossibleReadOut
from vaegui.files.foreign.read_outs import Spread
from vaegui.files.foreign.tracing import upstream

__all__ = ["Reading", "chosen", "final_activation", "fitting_sources", "may_be_logits", "proposed"]

_SPREADS: tuple[tuple[Spread, str], ...] = (
    ("log_var", r"log_?var|log_?sigma_?(sq|2)|log_?s(igma)?2|lnvar"),
    ("log_sd", r"log_?(sd|std|sigma|scale)"),
    ("var", r"(^|_)var"),
    ("sd", r"(^|_)(sd|std|stddev|sigma|scale)"),
)
_MEAN = r"mean|(^|_)mu|(^|_)loc($|_)"
_POSITIVE = frozenset({"softplus", "exponential", "relu"})
_SHAPE_ONLY = (Reshape, Flatten, Permute, Cropping2D)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a foreign model is to be read.

    Attributes
    ----------
    mean, spread
        Which of its read-outs are the mean and the spread.
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
    """The likeliest reading, and whether mean and spread are evident from the layers' names.

    The data are some of the program's that have the shape, or none.
    """
    mean, spread, spread_is, evident = _roles(foreign)
    activation = final_activation(foreign)
    bounded = activation == "sigmoid" or may_be_logits(foreign)
    likelihood: Likelihood = Bernoulli() if bounded else Gaussian()
    source = next(iter(fitting_sources(foreign.shape)), None)
    data = source() if source else NoData.of_shape(foreign.shape)
    return Reading(mean, spread, spread_is, likelihood, _scale(foreign, activation), data), evident


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


def _roles(foreign: Foreign) -> tuple[int, int, Spread, bool]:
    """Mean, spread, what that is, and whether names leave no doubt."""
    read_outs = foreign.read_outs
    spreads = {i: kind for i, r in enumerate(read_outs) if (kind := _spread(r)) is not None}
    means = [i for i, r in enumerate(read_outs) if i not in spreads and _says(_MEAN, r)]
    if len(means) == 1 and len(spreads) == 1:
        ((spread, kind),) = spreads.items()
        # Of "sigma" and the like nobody knows whether the layer gives its logarithm.
        sure = kind == "log_var" or (kind == "sd" and _activation(foreign, spread) in _POSITIVE)
        return means[0], spread, kind, sure
    mean = means[0] if means else 0
    spread = next(iter(spreads), 1 if mean != 1 else 0)
    positive = _activation(foreign, spread) in _POSITIVE
    return mean, spread, spreads.get(spread, "sd" if positive else "log_var"), False


def _spread(read_out: PossibleReadOut) -> Spread | None:
    return next((kind for kind, pattern in _SPREADS if _says(pattern, read_out)), None)


def _says(pattern: str, read_out: PossibleReadOut) -> bool:
    # A half carries the name of the whole, which says nothing of either.
    name = re.sub(r"[^a-z0-9]+", "_", read_out.label.lower())
    return not read_out.half and re.search(pattern, name) is not None


def _activation(foreign: Foreign, index: int) -> str:
    layer = foreign.encoder.places[foreign.read_outs[index].place].layer
    return str(getattr(layer, "activation", ""))


def _scale(foreign: Foreign, activation: str) -> Rescale:
    """Pictures from 0 to 255 if the encoder scales them itself, else as the decoder ends."""
    for place in foreign.encoder.places[foreign.encoder_start : foreign.encoder_start + 4]:
        scale = place.layer.scale if isinstance(place.layer, Rescaling) else None
        if isinstance(scale, float) and scale < 0.02:
            return Raw()
    return Symmetric() if activation == "tanh" else AsIs()
