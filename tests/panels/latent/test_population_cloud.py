from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes import fake_prepared, fake_run, fake_snapshot
from tests.panels.stand import Stand
from vaegui.panels.drawing.map.cloud import Cloud
from vaegui.panels.latent.latent import Latent
from vaegui.panels.latent.options import LatentOptions, LatentView
from vaegui.queries.base import Result
from vaegui.queries.population import Population, PopulationFound
from vaegui.runs.run import Run

ALL = LatentOptions(LatentView(all_examples=True))


def surveyed(units: int = 2, done: int = 3) -> Run:
    """A run of which 3,000 examples lie to the right of all probes, where no ellipse is."""
    begun = fake_prepared(units=units)
    run = Run(begun)
    run.add(fake_snapshot(begun))
    mean = np.full((3_000, units), 1.5, np.float32)
    mean[:, 0] = np.linspace(-1.5, 1.5, 3_000)
    labels = np.arange(3_000, dtype=np.int64) % 10
    found = PopulationFound(Population(), mean, np.zeros_like(mean), labels)
    run.add_result(Result(Population(), 500, found, done, 3))
    return run


@pytest.mark.parametrize("units", [1, 2])
def test_dots_are_shown_only_if_asked_for(units: int) -> None:
    run = surveyed(units)
    without, shown = Stand(Latent, run), Stand(Latent, run, options=ALL)
    assert not np.array_equal(without.pixels(), shown.pixels())
    assert len(without.moving(Cloud)[0]) == 0
    assert len(shown.moving(Cloud)[0]) == 3_000


def test_the_dots_of_a_hidden_class_are_left_out() -> None:
    shown = Stand(Latent, surveyed(), options=replace(ALL, hidden_classes=frozenset({3})))
    assert len(shown.moving(Cloud)[0]) == 2_700


def test_dots_stay_while_all_are_encoded_anew() -> None:
    stand = Stand(Latent, surveyed(), options=ALL)
    none = np.zeros((0, 2), np.float32)
    begun = PopulationFound(Population(), none, none, None)
    stand.run.add_result(Result(Population(), 600, begun, 0, 3))
    stand.draw()
    assert len(stand.moving(Cloud)[0]) == 3_000


def test_the_description_counts_the_dots_and_says_of_which_step() -> None:
    stand = Stand(Latent, surveyed(), options=ALL)
    assert "3,000 training examples at step 500" in stand.panel.describe(stand.context)


def test_without_a_survey_there_is_nothing_to_show() -> None:
    stand = Stand(Latent, fake_run(), options=ALL)
    assert len(stand.moving(Cloud)[0]) == 0
