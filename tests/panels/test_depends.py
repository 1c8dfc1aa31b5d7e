"""What a panel says it reads is all that its picture comes from; artists are made in `setup`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.fakes import (
    fake_epoch,
    fake_explained,
    fake_inspected,
    fake_ref,
    fake_snapshot,
    fake_steps,
)
from tests.panels.explain.gaussian.test_part_b import everyone, lined, times, whole_run
from tests.panels.explain.mu.test_part_a import rows_found
from tests.panels.stand import Stand
from vaegui.panels.all import PANELS
from vaegui.panels.explain.all import EXPLANATIONS
from vaegui.panels.panel import Panel
from vaegui.runs.run import Run
from vaegui.training.record.events import Evidence, Resumed

FOCUS: dict[str, Any] = {
    "example": fake_ref(2),
    "other": fake_ref(3),
    "by_row": True,
    "cursor": (0.5, 0.5),
    "pair": (1, 0),
    "unit": 1,
    "beside": 0,
    "read_out": "log_var",
    "held": ((1, 0.5),),
    "noise": 3,
    "topic": "line",
    "more": True,
    "step": 100,
}
NEWS: dict[str, Callable[[Run], None]] = {
    "steps": lambda run: run.add(fake_steps(run.step + 1, 200)),
    "an epoch": lambda run: run.add(fake_epoch(1 + len(run.history.epochs))),
    "a mark": lambda run: run.add(Resumed(run.begun.settings, run.step, "learning rate 0.1")),
    "an estimate": lambda run: run.add(Evidence(500, 100, 1_000, -98.0, 0.5)),
    "a snapshot": lambda run: run.add(fake_snapshot(run.begun, 900)),
    "an input": lambda run: run.add_result(fake_inspected(run.begun, shot(run), 0, draws=4)),
    "numbers": lambda run: run.add_result(fake_explained(run.begun, 4)),
    "draws": lambda run: run.add_result(times(run, n=50)),
    "a population": lambda run: run.add_result(everyone(run, done=10)),
    "a line": lambda run: run.add_result(lined(run, 4, 5)),
    "rows": lambda run: run.add_result(rows_found(run, same=True)),
}
ALL = pytest.mark.parametrize("panel", [*PANELS, *EXPLANATIONS], ids=lambda panel: panel.name)


def shot(run: Run) -> Any:
    return run.snapshot


def known() -> Run:
    """A run of six features of which everything is known."""
    run = whole_run(shape=(6,), classes=3, probes=30)
    run.add_result(rows_found(run))
    return run


def picture(panel: type[Panel], stand: Stand) -> np.ndarray:
    """What a panel that has drawn nothing else shows."""
    return Stand(panel, stand.run, stand.focus).pixels()


@ALL
def test_whenever_the_picture_is_another_so_is_what_it_depends_on(panel: type[Panel]) -> None:
    for name, value in FOCUS.items():
        stand = Stand(panel, known())
        before, pixels = stand.panel.depends(stand.context), stand.pixels()
        stand.focus = stand.focus.replace(**{name: value})
        if not np.array_equal(picture(panel, stand), pixels):
            assert stand.panel.depends(stand.context) != before, name
    for name, add in NEWS.items():
        stand = Stand(panel, known())
        before, pixels = stand.panel.depends(stand.context), stand.pixels()
        add(stand.run)
        if not np.array_equal(picture(panel, stand), pixels):
            assert stand.panel.depends(stand.context) != before, name


@ALL
def test_what_a_panel_does_not_read_does_not_draw_it_anew(panel: type[Panel]) -> None:
    stand = Stand(panel, known())
    before = stand.panel.depends(stand.context)
    stand.focus = stand.focus.replace(topic="line")
    assert stand.panel.depends(stand.context) == before
    assert stand.draw() is False


def artists(stand: Stand) -> set[int]:
    """All that lies on the figure, but for ticks: matplotlib makes those itself."""
    figure = stand.figure
    axes = [child for each in figure.axes for child in each.get_children()]
    return {id(artist) for artist in (*figure.texts, *figure.axes, *axes)}


@ALL
def test_no_artist_is_made_or_removed_while_it_is_drawn(panel: type[Panel]) -> None:
    run = known()
    stand = Stand(panel, Run(run.begun))
    made = artists(stand)
    stand.run = run
    for name, value in {**FOCUS, "step": None}.items():
        stand.focus = stand.focus.replace(**{name: value})
        stand.draw()
    for add in NEWS.values():
        add(stand.run)
        stand.draw()
    stand.figure.set_size_inches(11, 7)
    stand.draw()
    assert artists(stand) == made
