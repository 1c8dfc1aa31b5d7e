"""Boxes are divided in points."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from tests.fakes import fake_style
from vaegui.panels.drawing.stage import Stage


@pytest.fixture
def stage() -> Stage:
    made = Stage(Figure(figsize=(5, 4), dpi=100), fake_style(), "empty")
    made.update(True)
    return made


def test_cells_fill_a_box_with_gaps_of_so_many_points(stage: Stage) -> None:
    rows = stage.grid((10, 20, 300, 200), columns=(1, 2), rows=(3, 1), gap=12)
    np.testing.assert_allclose(rows[0][0], (10, 20, 96, 141))
    np.testing.assert_allclose(rows[0][1], (118, 20, 192, 141))
    np.testing.assert_allclose(rows[1][1], (118, 173, 192, 47))


@pytest.mark.parametrize("size", [0.0, -30.0, 1.0])
def test_a_box_without_room_can_be_divided_all_the_same(stage: Stage, size: float) -> None:
    rows = stage.grid((0, 0, size, size), columns=(1, 1, 1), rows=(1, 1), gap=20)
    assert np.isfinite(rows).all()


def test_axes_lie_where_their_cell_is(stage: Stage) -> None:
    axes = stage.axes()
    ((_, cell),) = stage.grid((0, 0, stage.width, stage.height), columns=(1, 1))
    stage.place(axes, *cell)
    np.testing.assert_allclose(axes.get_position().bounds, (0.5, 0, 0.5, 1))
