"""Whole sets of settings to begin with, each for something to see.

``vaegui.train(presets.SIX_FEATURES.settings)``
"""

from __future__ import annotations

from dataclasses import dataclass

from vaegui.errors import SettingsError
from vaegui.training.settings.settings import Settings

__all__ = [
    "DIGITS",
    "DIGITS_CONVOLUTIONAL",
    "PRESETS",
    "SIX_FEATURES",
    "Preset",
    "first_example",
    "preset",
]


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings with a name.

    Attributes
    ----------
    name
        Its name on the command line; its pictures are ``resources/welcome/<name>-<theme>.png``.
    title
        What it is called on screen.
    what
        One sentence: the data and the model.
    sees
        One sentence: what one will see when it trains.
    settings
        All choices of the run.
    example
        Index of the example that is picked at first.
    """

    name: str
    title: str
    what: str
    sees: str
    settings: Settings
    example: int = 0


SIX_FEATURES = Preset(
    "six-features",
    "Six features",
    "178 wines by six measurements; a hidden layer of four, so that every number can be followed.",
    "In seconds, three kinds of wine that the model was never told of come apart on the map.",
    Settings().with_values(
        {
            "data.kind": "six-features",
            "rescale.kind": "standardise",
            "architecture.widths": [4],
            # Of four rectifiers one may be dead from the start; tanh keeps all four at work.
            "architecture.activation": "tanh",
            "latent_units": 2,
            # About the spread that no two dimensions can explain: the maximum-likelihood sd of
            # probabilistic PCA with two components is 0.55 on these data.
            "likelihood.kind": "gaussian",
            "likelihood.sd": 0.5,
            "training.batch_size": 16,
            "training.epochs": 1500,
        }
    ),
    # Its two means differ clearly, while those of the first happen to be nearly the same.
    example=1,
)

DIGITS = Preset(
    "digits",
    "Digits",
    "12,000 handwritten digits and dense layers; two latent units, so that the map shows it all.",
    "Each digit's Gaussian finds its place; drag across the map to write digits in between.",
    Settings(),
)

DIGITS_CONVOLUTIONAL = Preset(
    "digits-convolutional",
    "Digits, convolutional",
    "The same digits, convolutional layers and 16 latent units: less is lost.",
    "Reconstructions become sharp, and KL shows which units the model makes use of.",
    Settings().with_values(
        {
            "architecture.kind": "conv",
            # 16 hidden units, as in the Keras example, are too few for 16 latent ones: after two
            # epochs the loss is 204 nats, and 150 with these.
            "architecture.hidden": 128,
            "latent_units": 16,
            "training.epochs": 10,
        }
    ),
)

PRESETS = (SIX_FEATURES, DIGITS, DIGITS_CONVOLUTIONAL)
"""In the order in which they are offered."""


def first_example(settings: Settings) -> int:
    """Index of the example that is picked at first in a model with these settings."""
    return next((p.example for p in PRESETS if p.settings.same_model(settings)), 0)


def preset(name: str) -> Preset:
    """The preset of a name. Raises `SettingsError` if there is none."""
    for known in PRESETS:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in PRESETS)
    raise SettingsError(f"There is no preset called {name}.", f"There are {names}.")
