"""Any example can be looked at, not only those whose Gaussians are followed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.lines import Line2D

from tests.fakes import fake_inspected_other, fake_prepared, fake_ref, fake_run, fake_snapshot
from tests.panels.stand import Stand, pixels_at
from vaegui.data.source import ExampleRef
from vaegui.panels.drawing.map.cloud import Cloud
from vaegui.panels.examples.input import Input
from vaegui.panels.examples.reconstructions import Reconstructions
from vaegui.panels.focus import Focus
from vaegui.panels.latent.gaussians import PICKED
from vaegui.panels.latent.latent import Latent
from vaegui.panels.latent.options import LatentOptions, LatentView
from vaegui.queries.base import Result
from vaegui.queries.inspect import Inspect
from vaegui.queries.population import Population, PopulationFound
from vaegui.runs.run import Run

TRAINING = ExampleRef("fa4e", "train", 12_345)
ALL = LatentOptions(LatentView(all_examples=True))


def encoded(units: int = 2) -> Run:
    """A run with 3,000 training examples on a line to the right of all probes."""
    begun = fake_prepared(units=units, probes=60)
    run = Run(begun)
    run.add(fake_snapshot(begun))
    mean = np.full((3_000, units), 6.0, np.float32)
    mean[:, -1] = np.linspace(-3, 3, 3_000)
    labels = np.arange(3_000, dtype=np.int64) % 10
    found = PopulationFound(Population(), mean, np.full_like(mean, -3.0), labels)
    run.add_result(Result(Population(), 500, found, 3_000, 3_000))
    return run


def picked_dots(stand: Stand) -> list[Line2D]:
    return [line for line in stand.moving(Line2D) if line.get_gid() == PICKED]


def words(stand: Stand) -> str:
    return " ".join(" ".join(stand.texts()).split())


def test_the_input_panel_shows_a_training_example_by_its_own_numbers() -> None:
    run = fake_run()
    run.add_result(fake_inspected_other(run.begun, TRAINING, label=7))
    stand = Stand(Input, run, Focus(example=TRAINING))
    assert "Training example 12,345, class 7" in stand.texts()
    assert f"mean {0.3 + 12.345:.2f}" in stand.describe()
    assert stand.panel.queries(stand.context) == (Inspect(TRAINING),)


def test_a_title_that_does_not_fit_leaves_the_class_out() -> None:
    run = fake_run()
    run.add_result(fake_inspected_other(run.begun, TRAINING, label=7))
    assert (
        "Training example 12,345" in Stand(Input, run, Focus(example=TRAINING), (190, 400)).texts()
    )


def test_a_feature_table_shows_the_values_of_an_example_that_is_no_probe() -> None:
    run = fake_run(shape=(6,), classes=None)
    run.add_result(fake_inspected_other(run.begun, TRAINING))
    assert "feature 1 145" in Stand(Input, run, Focus(example=TRAINING)).describe()


def test_until_something_is_known_of_it_the_panel_says_that_it_is_being_computed() -> None:
    stand = Stand(Input, fake_run(inspect=None), Focus(example=TRAINING))
    assert "makes of training example 12,345 is being computed" in words(stand)
    assert "being computed" in stand.describe()


def test_what_was_known_of_the_last_one_stays_until_the_next_is_answered() -> None:
    run, after = fake_run(), replace(TRAINING, row=12_346)
    run.add_result(fake_inspected_other(run.begun, TRAINING))
    stand = Stand(Input, run, Focus(example=TRAINING))
    stand.focus = Focus(example=after)
    assert stand.draw() is False
    assert "Training example 12,345" in stand.texts()
    run.add_result(fake_inspected_other(run.begun, after))
    stand.draw()
    assert "Training example 12,346" in stand.texts()


@pytest.mark.parametrize("panel", [Input, Latent])
def test_at_an_earlier_step_nothing_is_known_of_it_and_that_is_said(
    panel: type[Input] | type[Latent],
) -> None:
    run = fake_run()
    run.add(fake_snapshot(run.begun, 600))
    run.add_result(fake_inspected_other(run.begun, TRAINING, step=600))
    stand = Stand(panel, run, Focus(example=TRAINING), step=500)
    assert "Of step 500 the Gaussians of the inputs are kept that are followed" in stand.describe()
    stand.focus = stand.focus.replace(step=None)
    stand.draw()
    assert "Of step 500" not in stand.describe()
    assert "raining example 12,345" in stand.describe()


def test_reconstructions_mark_the_picked_one_only_if_it_is_among_them() -> None:
    run = fake_run()
    run.add_result(fake_inspected_other(run.begun, TRAINING))
    stand = Stand(Reconstructions, run, Focus(example=fake_ref(2)))
    marked = stand.pixels()
    for elsewhere in (TRAINING, fake_ref(300)):
        stand.focus = Focus(example=elsewhere)
        stand.canvas.draw()
        stand.draw()
        plain = stand.pixels()
        assert not np.array_equal(plain, marked)
    np.testing.assert_array_equal(plain, Stand(Reconstructions, run, stand.focus).pixels())


@pytest.mark.parametrize("units", [1, 2])
@pytest.mark.parametrize("hidden", [frozenset(), frozenset({3, 4})])
def test_a_click_on_a_dot_picks_that_very_training_example(
    units: int, hidden: frozenset[int]
) -> None:
    stand = Stand(Latent, encoded(units), options=replace(ALL, hidden_classes=hidden))
    (cloud,) = stand.moving(Cloud)
    place = 1_700
    row = [row for row in range(3_000) if row % 10 not in hidden][place]
    at = pixels_at(cloud.axes, tuple(cloud.points[place]))
    told = stand.panel.hover_text(*at, stand.context)
    picked = stand.click(at).example
    assert picked is not None
    # Dots lie closer together than pixels: it is this one, or one on the same pixel.
    assert picked.part == "train"
    assert picked.dataset == "fa4e"
    assert picked.row % 10 not in hidden
    if units == 2:
        assert abs(picked.row - row) < 10
    assert told.startswith(f"Training example {picked.row:,}, class {picked.row % 10}")


def test_a_dot_is_nearer_than_an_ellipse_whose_mean_is_farther_off() -> None:
    run = encoded()
    assert run.snapshot is not None
    found = run.result(Population())
    assert found is not None
    found.value.mean[5] = run.snapshot.mean[7]
    found.value.mean[5, 0] += 0.02
    stand = Stand(Latent, run, options=replace(ALL, limits=None))
    (cloud,) = stand.moving(Cloud)
    at = pixels_at(cloud.axes, tuple(found.value.mean[5]))
    assert stand.click(at).example == ExampleRef("fa4e", "train", 5)
    stand.options = LatentOptions()
    stand.draw()
    assert stand.click(at).example == fake_ref(7)


@pytest.mark.parametrize("units", [1, 2])
def test_the_map_rings_an_example_that_is_no_probe_where_its_dot_is(units: int) -> None:
    run = encoded(units)
    ref = ExampleRef("fa4e", "train", 77)
    found = run.result(Population())
    answer = fake_inspected_other(run.begun, ref, label=7)
    assert found is not None
    found.value.mean[77] = answer.value.mean
    stand = Stand(Latent, run, Focus(example=ref), options=ALL)
    assert Inspect(ref) in stand.panel.queries(stand.context)
    assert not picked_dots(stand)
    run.add_result(answer)
    stand.draw()
    (dot,), (cloud,) = picked_dots(stand), stand.moving(Cloud)
    np.testing.assert_allclose(np.concatenate(dot.get_data()), cloud.points[77], rtol=1e-6)
    assert "Training example 77 is picked: mean" in stand.describe()


def test_the_map_asks_nothing_more_about_a_probe_whose_gaussian_it_has() -> None:
    stand = Stand(Latent, fake_run(), Focus(example=fake_ref(4)))
    assert stand.panel.queries(stand.context) == ()
