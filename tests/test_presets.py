from __future__ import annotations

import pytest

from vaegui.errors import SettingsError
from vaegui.paths import resource
from vaegui.presets import DIGITS, PRESETS, SIX_FEATURES, Preset, preset
from vaegui.training.settings import Settings


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
