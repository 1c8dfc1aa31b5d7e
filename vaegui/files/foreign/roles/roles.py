"""Which read-out of a foreign encoder is the mean, which the spread, and what says so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vaegui.files.foreign.halves.draws import Spread
from vaegui.files.foreign.halves.finding import Foreign, PossibleReadOut

__all__ = ["FORMULAS", "Roles", "roles"]

_SPREADS: tuple[tuple[Spread, str], ...] = (
    ("log_var", r"log_?var|log_?sigma_?(sq|2)|log_?s(igma)?2|lnvar"),
    ("log_sd", r"log_?(sd|std|sigma|scale)"),
    ("var", r"(^|_)var"),
    ("sd", r"(^|_)(sd|std|stddev|sigma|scale)"),
)
_MEAN = r"mean|(^|_)mu|(^|_)loc($|_)"
_POSITIVE = frozenset({"softplus", "exponential", "relu"})

_CALLED: dict[Spread, str] = {
    "log_var": "log-variance",
    "log_sd": "logarithm of a standard deviation",
    "var": "variance",
    "sd": "standard deviation",
}
FORMULAS: dict[Spread, str] = {
    "log_var": "exp({} / 2)",
    "log_sd": "exp({})",
    "var": "√{}",
    "sd": "{}",
}
"""The standard deviation by what the spread is."""


@dataclass(frozen=True, slots=True)
class Roles:
    """What is what.

    Attributes
    ----------
    mean, spread
        Which of the read-outs; a plain autoencoder has no spread.
    spread_is
        What the spread is.
    evident
        Whether that is beyond doubt.
    evidence
        What says so, in a sentence for each of these that is guessed, by its name.
    """

    mean: int
    spread: int | None
    spread_is: Spread
    evident: bool
    evidence: dict[str, str]


def roles(foreign: Foreign) -> Roles:
    """The likeliest roles of the read-outs; of a decoder alone there are none to play."""
    if not foreign.has_encoder:
        return Roles(0, 0, "log_var", True, {})
    if foreign.plain:
        return _of_plain(foreign)
    return _by_formula(foreign) or _by_name(foreign) or _by_order(foreign)


def _of_plain(foreign: Foreign) -> Roles:
    """The code of a plain autoencoder: its encoder's only output, or the narrowest place."""
    label = f"'{foreign.read_outs[0].label}'"
    says = (
        f"Its only output is {label}: it gives each input a point, and no spread. That is a plain "
        "autoencoder."
    )
    if foreign.encoder is foreign.decoder:
        says = (
            f"It is one network from input to reconstruction, without a draw of z: a plain "
            f"autoencoder. It is narrowest at {label}, which is taken for its code."
        )
    return Roles(0, None, "log_var", True, {"mean": says})


def _by_formula(foreign: Foreign) -> Roles | None:
    """As the model itself computes z."""
    draw = foreign.draw
    if draw is None or draw.spread_is is None:
        return None
    mean, spread = (foreign.read_outs[i].label for i in (draw.mean, draw.spread))
    sd = FORMULAS[draw.spread_is].format(f"'{spread}'")
    says = f"The model computes z = '{mean}' + {sd} · noise: that says which output is what."
    return Roles(draw.mean, draw.spread, draw.spread_is, True, {"mean": says})


def _by_name(foreign: Foreign) -> Roles | None:
    """As they are called, if one is called as a mean and one as a spread."""
    read_outs = foreign.read_outs
    spreads = {i: kind for i, r in enumerate(read_outs) if (kind := _spread(r)) is not None}
    means = [i for i, r in enumerate(read_outs) if i not in spreads and _says(_MEAN, r)]
    if len(means) != 1 or len(spreads) != 1:
        return None
    ((spread, kind),) = spreads.items()
    # Of "sigma" and the like nobody knows whether the layer gives its logarithm.
    sure = kind == "log_var" or (kind == "sd" and is_positive(foreign, spread))
    says = {"mean": "The names of the layers say which output is what."}
    if not sure:
        called = f"'{read_outs[spread].label}' is called as a {_CALLED[kind]}"
        says["spread_is"] = f"{called}; whether it gives just that, the file does not say."
    return Roles(means[0], spread, kind, sure, says)


def _by_order(foreign: Foreign) -> Roles:
    """As scripts usually put them, unless something speaks against it."""
    read_outs, draw = foreign.read_outs, foreign.draw
    first, second = (draw.mean, draw.spread) if draw else (0, 1)
    labels = [f"'{read_out.label}'" for read_out in read_outs]
    if draw:
        order = (
            f"'{draw.by}' draws z from {labels[first]} and {labels[second]}, in this order, and "
            "scripts give the mean first."
        )
    else:
        order = f"Scripts usually give the mean first, which is {labels[first]} here."
    spreads = [i for i, r in enumerate(read_outs) if _spread(r) or is_positive(foreign, i)]
    means = [i for i, r in enumerate(read_outs) if i not in spreads and _says(_MEAN, r)]
    if (first in spreads and second not in spreads) or (means == [second] and first not in means):
        first, second = second, first
        order = f"{labels[second]} comes first, but is rather the spread than {labels[first]}."
    named, positive = _spread(read_outs[second]), is_positive(foreign, second)
    if positive:
        what = "has positive values only, as a standard deviation or a variance has."
    else:
        what = "can be negative, so it is a logarithm, and most scripts' is that of the variance."
    says = {"mean": order, "spread_is": f"{labels[second]} {what}"}
    return Roles(first, second, named or ("sd" if positive else "log_var"), False, says)


def is_positive(foreign: Foreign, index: int) -> bool:
    """Whether a read-out ends with a non-linearity that gives no negative values."""
    layer = foreign.encoder.places[foreign.read_outs[index].place].layer
    return str(getattr(layer, "activation", "")) in _POSITIVE


def _spread(read_out: PossibleReadOut) -> Spread | None:
    return next((kind for kind, pattern in _SPREADS if _says(pattern, read_out)), None)


def _says(pattern: str, read_out: PossibleReadOut) -> bool:
    # A half carries the name of the whole, which says nothing of either.
    name = re.sub(r"[^a-z0-9]+", "_", read_out.label.lower())
    return not read_out.half and re.search(pattern, name) is not None
