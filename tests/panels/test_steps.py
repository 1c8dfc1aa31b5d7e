"""Panels draw any kept step of a run, and then nothing that is newer than it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vaegui
from tests.fakes import fake_inspected, fake_lookable, fake_run, fake_snapshot
from tests.panels.explain.gaussian.test_part_b import whole_run
from tests.panels.explain.mu.test_part_a import rows_found
from tests.panels.stand import Stand, answered
from tests.training import tiny
from vaegui.files.model.model_file import save
from vaegui.panels.all import PANELS
from vaegui.panels.examples.input import Input
from vaegui.panels.examples.reconstructions import Reconstructions
from vaegui.panels.explain.all import EXPLANATIONS
from vaegui.panels.explain.shared.base import Explanation
from vaegui.panels.focus import Focus
from vaegui.panels.latent.latent import Latent
from vaegui.panels.latent.options import LatentOptions
from vaegui.panels.loss.loss import Loss
from vaegui.panels.panel import Panel
from vaegui.runs.run import Run

STEPS = 100, 300, 500
ALL = (*PANELS, *EXPLANATIONS)
SHOWING = [panel for panel in ALL if panel is not Loss]
SIZE = 533, 300


def run_of_steps(run: Run) -> Run:
    """A run with a snapshot at each of `STEPS`, and all that is known at the last of them."""
    assert run.snapshot is not None
    latest = run.snapshot
    for step in STEPS[:-1]:
        shot = fake_snapshot(run.begun, step)
        run.add(replace(shot, reconstruction=latest.reconstruction * np.float32(step / 500)))
    run.add(latest)
    run.add_result(rows_found(run))
    assert run.snapshots.steps == STEPS
    return run


@pytest.fixture(params=["pictures"])
def run(request: pytest.FixtureRequest) -> Run:
    """A run on pictures; on six features where `OF_FEATURES` says so."""
    data = {"shape": (6,), "classes": 3} if request.param == "features" else {"shape": (28, 28)}
    run = run_of_steps(whole_run(**data, probes=60))
    for panel in PANELS:
        answered(panel, run)
    return run


OF_FEATURES = pytest.mark.parametrize("run", ["pictures", "features"], indirect=True)


def drawn(panel: type[Panel], run: Run, step: int | None, **options: Any) -> np.ndarray:
    """The picture at a step by a panel that has drawn nothing else."""
    return Stand(panel, run, size=SIZE, step=step, **options).pixels()


@pytest.mark.parametrize("panel", ALL, ids=lambda panel: panel.name)
def test_a_panel_draws_three_kept_steps_each_as_it_was_and_the_last_as_the_latest(
    panel: type[Panel], run: Run
) -> None:
    stand = Stand(panel, run, size=SIZE)
    live, told = stand.pixels(), stand.describe()
    walked = [picture_at(stand, step) for step in (*STEPS, *reversed(STEPS))]
    assert stand.focus.step == STEPS[0]
    alone = [drawn(panel, run, step) for step in STEPS]
    if panel is not Loss:  # whose line marks the step, but not the latest
        np.testing.assert_array_equal(alone[-1], live)
    for pictures in (walked[:3], walked[3:], alone):
        assert not any(np.array_equal(one, other) for one, other in pairwise(pictures))
        assert not np.array_equal(pictures[0], pictures[-1])
    picture_at(stand, None)
    assert stand.describe() == told


def picture_at(stand: Stand, step: int | None) -> np.ndarray:
    """What is seen when a panel that showed another step goes to this one."""
    stand.focus = stand.focus.replace(step=step)
    stand.draw()
    stand.canvas.draw()
    assert stand.draw() is False
    return stand.pixels()


@pytest.mark.parametrize("panel", SHOWING, ids=lambda panel: panel.name)
def test_the_picture_of_a_step_stays_when_the_run_goes_on(panel: type[Panel], run: Run) -> None:
    before = drawn(panel, run, STEPS[1])
    told = Stand(panel, run, step=STEPS[1]).describe()
    later = fake_snapshot(run.begun, 900)
    run.add(later)
    run.add_result(fake_inspected(run.begun, later, 0))
    np.testing.assert_array_equal(drawn(panel, run, STEPS[1]), before)
    assert Stand(panel, run, step=STEPS[1]).describe() == told


@OF_FEATURES
@pytest.mark.parametrize("panel", [Latent, Reconstructions, Input], ids=lambda panel: panel.name)
def test_a_panel_says_what_it_shows_of_each_step(panel: type[Panel], run: Run) -> None:
    told = [Stand(panel, run, step=step).describe() for step in STEPS]
    assert len(set(told)) == 3
    if panel is not Input:
        assert all(f"step {step:,}" in text for step, text in zip(STEPS, told, strict=True))


@pytest.mark.parametrize("panel", EXPLANATIONS, ids=lambda panel: panel.name)
def test_an_explanation_of_a_step_whose_model_is_gone_says_so(
    panel: type[Explanation], run: Run
) -> None:
    stand = Stand(panel, run, size=SIZE, step=STEPS[0])
    told = " ".join(" ".join(stand.texts()).split())
    if stand.panel.content(stand.context) is stand.context.snapshot:
        return  # it is made of what is kept
    assert told == stand.context.not_kept
    assert "Of step 100 the Gaussians and reconstructions are kept" in told
    assert stand.panel.artists() == []
    assert stand.panel.table(stand.context) is None
    assert stand.panel.hover_text(300, 200, stand.context) == ""


def test_what_is_newer_than_the_step_is_not_drawn_into_its_map() -> None:
    run = run_of_steps(whole_run(probes=60))
    view = LatentOptions().view.model_copy(update={"all_examples": True})
    options = LatentOptions(view=view)
    with_dots = drawn(Latent, run, STEPS[0], options=options, focus=Focus(cursor=(0.5, 0.5)))
    fresh = run_of_steps(fake_run(probes=60))
    without = drawn(Latent, fresh, STEPS[0], options=options, focus=Focus(cursor=(0.5, 0.5)))
    np.testing.assert_array_equal(with_dots, without)
    assert "Dots" not in Stand(Latent, run, step=STEPS[0], options=options).describe()
    assert "Dots" in Stand(Latent, run, options=options).describe()


def test_reconstructions_that_were_never_saved_are_said_not_to_be_there() -> None:
    run = fake_run()
    assert run.snapshot is not None
    none = np.empty((0, *run.begun.data.shape), np.float32)
    run.add(replace(run.snapshot, reconstruction=none))
    run.add(replace(run.snapshot, step=600, reconstruction=fake_snapshot(run.begun).reconstruction))
    stand = Stand(Reconstructions, run, step=500)
    assert "were not saved" in " ".join(" ".join(stand.texts()).split())
    assert "were not saved" in stand.describe()
    stand.focus = stand.focus.replace(step=None)
    assert stand.draw() is True
    assert "were not saved" not in " ".join(" ".join(stand.texts()).split())


def test_a_run_without_its_data_shows_the_reconstructions_that_were_kept() -> None:
    run = fake_lookable()
    latest = run.snapshot
    assert latest is not None
    assert latest.samples is not None
    run.add(replace(latest, step=200, reconstruction=latest.samples[:5], samples=None))
    run.add(latest)
    stand = Stand(Reconstructions, run)
    assert "draws from the prior, decoded" in stand.texts()
    stand.focus = stand.focus.replace(step=200)
    assert stand.draw() is True
    assert "inputs, reconstructed" in stand.texts()
    assert "5 reconstructions after step 200" in stand.describe()


def test_a_run_that_was_opened_can_be_drawn_at_each_step_before_its_data_are_loaded(
    tmp_path: Path,
) -> None:
    trainer = tiny.trainer(training__epochs=1)
    for _ in range(3):
        list(trainer.run(max_steps=3))
        trainer.snapshot()
    save(tmp_path / "run.keras", trainer)
    opened = vaegui.load(tmp_path / "run.keras")
    assert opened.snapshots.steps == (3, 6, 9)
    for panel in PANELS:
        pictures = [drawn(panel, opened, step) for step in opened.snapshots.steps]
        assert not any(np.array_equal(one, other) for one, other in pairwise(pictures))
