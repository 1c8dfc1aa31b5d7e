from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tests.fakes import fake_inspected, fake_prepared, fake_ref, fake_run, fake_style
from tests.panels.stand import Stand, answered
from vaegui.panels.all import PANELS
from vaegui.panels.focus import Focus
from vaegui.panels.panel import Panel
from vaegui.runs.run import Run


def test_panels_are_in_the_order_of_their_docks() -> None:
    first = [panel.name for panel in PANELS][:4]
    assert first == ["latent", "loss", "reconstructions", "input"]


@pytest.mark.parametrize("panel", PANELS)
def test_an_empty_panel_says_what_will_appear_and_how(panel: type[Panel]) -> None:
    stand = Stand(panel, Run(fake_prepared()), size=(300, 220))
    assert " ".join(" ".join(stand.texts()).split()) == panel.empty
    assert "Press Train" in panel.empty
    assert stand.panel.artists() == []
    assert stand.panel.describe(stand.context) == panel.empty
    assert stand.click((100, 100)) == Focus()
    stand.run = answered(panel, fake_run())
    assert stand.draw() is True
    assert panel.empty not in " ".join(" ".join(stand.texts()).split())


@pytest.mark.parametrize("panel", PANELS)
def test_the_empty_text_fits_a_small_panel(panel: type[Panel]) -> None:
    stand = Stand(panel, Run(fake_prepared()), size=(300, 220))
    (message,) = stand.figure.texts
    box = message.get_window_extent(stand.canvas.get_renderer())
    assert box.x0 >= 0
    assert box.x1 <= 300
    assert box.y0 >= 0
    assert box.y1 <= 220


@pytest.mark.parametrize("panel", PANELS)
def test_a_new_size_is_laid_out_anew_once(panel: type[Panel]) -> None:
    stand = Stand(panel, fake_run(inspect=0))
    assert stand.draw() is False
    stand.figure.set_size_inches(7, 5)
    assert stand.draw() is True
    assert stand.draw() is False


@pytest.mark.parametrize("panel", PANELS)
def test_moving_artists_alone_give_the_picture_of_a_full_redraw(panel: type[Panel]) -> None:
    first = answered(panel, fake_run(steps=500, inspect=0))
    assert first.snapshot is not None
    stand = Stand(panel, first)
    blank, depends = stand.pixels(), stand.panel.depends(stand.context)
    first.add_result(fake_inspected(first.begun, first.snapshot, 1))
    stand.focus = Focus(example=fake_ref(1))
    stand.canvas.draw()  # the static part
    changed = stand.draw()
    moved = stand.pixels()
    stand.canvas.draw()
    for artist in stand.panel.artists():
        artist.draw(stand.canvas.get_renderer())
    assert not changed
    np.testing.assert_array_equal(moved, stand.pixels())
    if stand.panel.depends(stand.context) != depends:
        assert not np.array_equal(moved, blank)


@pytest.mark.parametrize("panel", PANELS)
def test_colours_come_from_the_style_alone(panel: type[Panel]) -> None:
    dark = Stand(panel, fake_run(inspect=0), theme="dark")
    ground = [int(fake_style("dark").background[i : i + 2], 16) for i in (1, 3, 5)]
    assert dark.pixels()[-1, -1].tolist() == ground
    assert dark.pixels()[0, -1].tolist() == ground


@pytest.mark.parametrize("panel", PANELS)
def test_a_saved_picture_shows_what_moves_too(panel: type[Panel]) -> None:
    stand = Stand(panel, answered(panel, fake_run(inspect=0)))
    for artist in stand.panel.artists():
        artist.set_animated(False)
    stand.canvas.draw()
    whole = stand.pixels()
    for artist in stand.panel.artists():
        artist.set_animated(True)
    stand.canvas.draw()
    assert not np.array_equal(whole, stand.pixels())


def test_panels_need_neither_tensorflow_nor_qt() -> None:
    code = (
        "import sys, vaegui.panels.all; "
        "print(*{'tensorflow', 'keras', 'PySide6', 'matplotlib.pyplot'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == ""
