from __future__ import annotations

import numpy as np
import pytest
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

import vaegui
from vaegui.errors import SettingsError
from vaegui.model_run import ModelRun
from vaegui.paths import resource
from vaegui.presets import DIGITS, PRESETS, SIX_FEATURES, Preset, first_example, preset
from vaegui.training.settings.settings import Settings


def test_digits_are_the_defaults_of_the_program() -> None:
    assert DIGITS.settings == Settings()


def test_six_features_are_a_network_whose_numbers_can_be_followed() -> None:
    settings = SIX_FEATURES.settings
    assert settings.data.kind == "six-features"
    assert settings.rescale.kind == "standardise"
    assert settings.architecture.kind == "dense"
    assert settings.architecture.widths == (4,)
    assert settings.latent_units == 2
    assert settings.likelihood.kind == "gaussian"


@pytest.mark.parametrize("known", PRESETS)
def test_a_preset_needs_no_network_and_has_pictures_in_both_themes(known: Preset) -> None:
    assert known.settings.data.local
    assert preset(known.name) is known
    for theme in ("light", "dark"):
        size = resource("welcome", f"{known.name}-{theme}.png").stat().st_size
        # They are read before the window is shown.
        assert 2_000 < size < 60_000


def test_an_unknown_preset_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(SettingsError, match="six-features"):
        preset("seven-features")


@pytest.fixture(scope="module")
def run() -> ModelRun:
    """The six features, trained in part."""
    return vaegui.train(SIX_FEATURES.settings.with_values({"training.epochs": 400}))


def test_the_first_wine_that_is_looked_at_has_two_means_that_differ_clearly(run: ModelRun) -> None:
    first = first_example(SIX_FEATURES.settings)
    (mean,), (log_var,) = run.encode(run.begun.probes.x[first : first + 1])
    # They are numbers of two latent units, which have the prior's standard deviation of 1.
    assert abs(mean[0] - mean[1]) > max(1.0, 3.0 * np.exp(log_var / 2).max())


def test_the_wines_come_apart_on_the_map_though_their_classes_are_not_told(run: ModelRun) -> None:
    mean, log_var = run.encode(run.begun.probes.x)
    neighbours = KNeighborsClassifier(5)
    found = cross_val_score(neighbours, mean, run.begun.probes.labels, cv=5).mean()
    assert found > 0.85
    # Both units are used: none has the prior's sd for every wine.
    assert np.exp(log_var / 2).mean(axis=0).max() < 0.7
