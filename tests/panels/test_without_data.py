"""Panels of a model whose data cannot be had."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.fakes import fake_decoded, fake_lookable, fake_prepared, fake_ref, fake_run
from tests.panels.stand import Stand
from vaegui.panels.all import PANELS
from vaegui.panels.drawing.features import Features
from vaegui.panels.examples.input import Input
from vaegui.panels.examples.reconstructions import Reconstructions
from vaegui.panels.focus import Focus
from vaegui.panels.latent.latent import Latent
from vaegui.panels.panel import Panel

KINDS: list[dict[str, Any]] = [
    {},
    {"units": 1},
    {"units": 5, "classes": None},
    {"shape": (6,), "classes": 3},
    {"shape": (40,)},
]


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("options", KINDS, ids=str)
@pytest.mark.parametrize("saved", [True, False])
def test_every_panel_shows_a_model_without_its_data(
    panel: type[Panel], options: dict[str, Any], saved: bool
) -> None:
    stand = Stand(panel, fake_lookable(saved, **options))
    assert "Press Train" not in " ".join(stand.texts())
    assert "Press Train" not in stand.panel.describe(stand.context)
    assert stand.draw() is False
    stand.click((200, 150))
    stand.draw()


def test_without_saved_gaussians_any_point_can_be_decoded() -> None:
    run = fake_lookable(saved=False, units=3)
    stand = Stand(Latent, run)
    stand.focus = stand.click((200, 150))
    assert stand.focus.cursor is not None
    assert len(stand.focus.cursor) == 3
    blank = stand.pixels()
    run.add_result(fake_decoded(fake_prepared(units=3), stand.focus.cursor))
    stand.draw()
    assert (stand.pixels() != blank).any()


def test_the_axes_tell_the_kl_that_the_units_had_in_training() -> None:
    run = fake_lookable(saved=False)
    told = f"unit 1 ({run.history.epochs[-1].kl_by_unit[0]:.2f} nats)"
    assert told in Stand(Latent, run).texts()


def test_saved_gaussians_can_be_picked_and_their_numbers_read() -> None:
    run = fake_lookable()
    stand = Stand(Input, run, Focus(example=fake_ref(7)))
    assert run.snapshot is not None
    told = stand.panel.describe(stand.context)
    assert f"mean {run.snapshot.mean[7, 0]:.2f}" in told
    assert "its input is not here" in told


def test_instead_of_reconstructions_there_are_draws_from_the_prior() -> None:
    stand = Stand(Reconstructions, fake_lookable())
    assert "draws from the prior, decoded" in stand.texts()
    assert stand.click((200, 150)) == Focus()


def test_a_run_with_its_data_can_follow_on_the_same_figure() -> None:
    for panel in PANELS:
        stand = Stand(panel, fake_lookable())
        stand.run = fake_run()
        assert stand.draw() is True
        stand.run = fake_lookable(saved=False)
        assert stand.draw() is True


def test_ranges_of_features_are_those_that_the_model_saw() -> None:
    features = Features(fake_lookable(shape=(4,), classes=None).begun)
    assert np.allclose(features.low, 0.0)
    assert np.allclose(features.high, 1.0)
