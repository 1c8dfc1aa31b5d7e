"""A model made from settings, compiled and ready to train."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from vaegui.core.vae import VAE
from vaegui.data import OwnData
from vaegui.data.description import DataDescription
from vaegui.errors import Fix, SettingsError
from vaegui.training.settings.settings import Settings

__all__ = ["build_vae", "check_fit"]


def build_vae(settings: Settings, data: DataDescription) -> VAE:
    """Build the model that the settings describe, with its optimiser.

    Raises
    ------
    SettingsError
        If the choices do not fit each other or the data.
    """
    check_fit(settings, data)
    with _precision(settings.training.precision):
        vae = VAE(
            settings.architecture,
            settings.likelihood,
            data.shape,
            settings.latent_units,
            spread=settings.has_spread,
            objective=settings.objective,
            seed=settings.training.seed,
            gaps=_gaps(data),
            binarised_each_step=isinstance(settings.data, OwnData)
            and settings.data.binarised_each_step,
        )
    optimizer = settings.optimiser.build()
    # Keras would sum gradients over replicas, of which there is one. TensorFlow keeps the custom
    # gradient of that sum for good, and with it all graphs that the model is in, some 10 MB.
    optimizer._all_reduce_sum_gradients = _as_they_are
    optimizer.build(vae.trainable_variables)
    vae.compile(optimizer=optimizer)
    return vae


def _gaps(data: DataDescription) -> Any:
    """What the encoder sees in place of what is missing, or None if nothing may be."""
    gaps = data.scaling.gaps
    return None if gaps is None else data.scaling.to_model(np.array(gaps, np.float32))


def check_fit(settings: Settings, data: DataDescription) -> None:
    """Raise `SettingsError` if the choices do not fit the data."""
    problem = settings.architecture.check(data.shape, settings.latent_units)
    if problem:
        raise SettingsError(
            problem,
            "Choose dense layers, or other data.",
            "architecture",
            Fix("Use dense layers", {"architecture.kind": "dense"}),
        )
    low, high = data.model_range
    problem = settings.likelihood.check(low, high)
    if problem:
        raise SettingsError(
            problem,
            "Scale the data from 0 to 1, or choose another likelihood.",
            "likelihood",
            Fix("Scale from 0 to 1", {"rescale.kind": "unit-interval"}),
        )
    if _binarised_each_step(settings) and (low < 0.0 or high > 1.0):
        raise SettingsError(
            f"Values between {low:.4g} and {high:.4g} are no probabilities, so no coins can be "
            "tossed for them.",
            "Scale the data from 0 to 1, or binarise them otherwise.",
            "data.binarise",
            Fix("Scale from 0 to 1", {"rescale.kind": "unit-interval"}),
        )


def _as_they_are(gradients: list[Any]) -> list[Any]:
    return gradients


@contextmanager
def _precision(precision: str) -> Iterator[None]:
    """Build layers in this precision, and leave Keras' policy as it was.

    bfloat16 has float32's range, so that no loss scaling is needed.
    """
    from keras import config

    before = config.dtype_policy()
    config.set_dtype_policy("mixed_bfloat16" if precision == "mixed" else "float32")
    try:
        yield
    finally:
        config.set_dtype_policy(before)


def _binarised_each_step(settings: Settings) -> bool:
    return isinstance(settings.data, OwnData) and settings.data.binarised_each_step
