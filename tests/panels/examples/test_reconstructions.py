from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from tests.fakes import fake_ref, fake_run, fake_style
from tests.panels.stand import Stand, context, pixels_at
from vaegui.panels.drawing.tiles import tiles
from vaegui.panels.examples.reconstructions import Reconstructions
from vaegui.panels.focus import Focus


def test_click_picks_the_probe_of_the_column_in_every_row_and_band() -> None:
    stand = Stand(Reconstructions, fake_run(), size=(420, 300))
    bands = [image.axes for image in stand.moving(AxesImage)]
    assert len(bands) > 1
    probe = 0
    for axes in bands:
        width, height = axes.get_xlim()[1], axes.get_ylim()[0]
        # A tile and the gap after it are a bit more than 1 wide; the last has no gap.
        count = int(width)
        for column in range(count):
            for row in range(3):
                inside = (column + 0.5) * width / count, (row + 0.5) * height / 3
                assert stand.click(pixels_at(axes, inside)).example == fake_ref(probe)
            probe += 1
    assert probe == 12


def test_a_drag_picks_nothing() -> None:
    stand = Stand(Reconstructions, fake_run(), Focus(example=fake_ref(3)))
    assert stand.drag((200, 150), (260, 150)).example == fake_ref(3)


def test_inputs_reconstructions_and_differences_are_what_is_shown() -> None:
    run = fake_run()
    black, white = np.zeros((12, 28, 28), np.float32), np.full((12, 28, 28), 255, np.float32)
    run.begun = replace(run.begun, probes=replace(run.begun.probes, x=white.astype(np.uint8)))
    run.add(replace(run.snapshot, reconstruction=black))
    shown = Stand(Reconstructions, run, size=(900, 300)).moving(AxesImage)[0]
    image = np.asarray(shown.get_array())
    rows = image.shape[0] // 3
    tile_in, tile_out, difference = image[10, 10], image[10 + rows, 10], image[10 + 2 * rows, 10]
    # gray_r paints the largest value black; RdBu has its blue end there.
    assert tile_in.tolist() == [0, 0, 0]
    assert tile_out.tolist() == [255, 255, 255]
    assert difference[2] > difference[0]


@pytest.mark.parametrize("size", [(300, 220), (420, 300), (900, 700), (300, 600), (900, 220)])
def test_tiles_lie_within_the_figure_and_beside_the_row_heads(size: tuple[int, int]) -> None:
    stand = Stand(Reconstructions, fake_run(), size=size)
    for image in stand.moving(AxesImage):
        box = image.axes.bbox
        assert box.x0 >= 40
        assert box.x1 <= size[0] + 1
        assert box.y0 >= -1
        assert box.y1 <= size[1] + 1


def test_a_narrow_panel_shows_fewer_probes_rather_than_specks() -> None:
    narrow = Stand(Reconstructions, fake_run(), size=(200, 140))
    wide = Stand(Reconstructions, fake_run(), size=(900, 300))
    counts = [sum(int(i.axes.get_xlim()[1]) for i in s.moving(AxesImage)) for s in (narrow, wide)]
    assert counts[0] < counts[1] == 12


def test_only_the_first_draw_is_static() -> None:
    run = fake_run()
    stand = Stand(Reconstructions, run)
    run.add(replace(run.snapshot, reconstruction=run.snapshot.reconstruction * 0.5))
    stand.focus = stand.focus.replace(example=fake_ref(4))
    assert stand.first
    assert stand.draw() is False


@pytest.mark.parametrize("shape", [(6,), (64,), (8, 8), (28, 20), (16, 16, 3), (16, 16, 1)])
def test_every_shape_of_data_can_be_shown(shape: tuple[int, ...]) -> None:
    stand = Stand(Reconstructions, fake_run(shape=shape))
    blank = np.broadcast_to(np.array([255, 255, 255]), stand.pixels().shape)
    assert not np.array_equal(stand.pixels(), blank)


@pytest.mark.parametrize("features", [14, 40])
def test_features_that_are_met_exactly_have_no_difference(features: int) -> None:
    run = fake_run(shape=(features,), classes=3)
    begun = run.begun
    x = begun.probes.x[:2].astype(np.float32)
    axes = Figure().add_axes((0, 0, 1, 1))
    grid = tiles(axes, fake_style(), begun)
    grid.show(np.stack([x[0], x[1], x[0] - x[0]]), np.array([False, False, True]), 3)
    *_, plain, signed = grid.artists()
    if features > 16:
        (middle,) = signed.get_segments()
        assert np.ptp(plain.get_segments()[0][:, 1]) > 0.1
        np.testing.assert_allclose(middle[:, 1], grid.ratio / 2)
    else:
        for bars in (plain, signed):
            starts, tops = bars.get_path().vertices[0::5, 1], bars.get_path().vertices[1::5, 1]
            np.testing.assert_allclose(starts, tops, atol=1e-6)


def test_description_tells_how_far_off_they_are() -> None:
    run = fake_run()
    run.add(replace(run.snapshot, reconstruction=run.begun.probes.x[:12] + np.float32(25.5)))
    text = Stand(Reconstructions, run).panel.describe(context(run))
    assert "10.0 %" in text
