"""Two canvases of one panel: each has options of its own, and both share the focus."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.fakes import fake_prepared, fake_ref, fake_style
from tests.ui.fake_worker import FakeWorker
from vaegui.panels.latent.latent import Latent
from vaegui.panels.latent.options import LatentOptions, LatentView
from vaegui.ui.plots.canvas import Canvas
from vaegui.ui.state.workbench import Workbench

NARROW, WIDE = (LatentOptions(LatentView(sigmas=sigmas)) for sigmas in (1, 2))


@pytest.fixture
def maps(workbench: Workbench, qtbot: QtBot) -> tuple[Canvas, Canvas]:
    """Two latent maps of one size."""
    made = tuple(Canvas(Latent(), workbench, fake_style()) for _ in range(2))
    for canvas in made:
        qtbot.addWidget(canvas)
        canvas.resize(400, 400)
    return made  # type: ignore[return-value]


def picture(canvas: Canvas) -> QImage:
    while not canvas.paint():
        pass
    return canvas.grab().toImage()


def test_two_maps_with_the_same_options_are_the_same(maps: tuple[Canvas, Canvas]) -> None:
    assert picture(maps[0]) == picture(maps[1])


def test_each_map_has_options_of_its_own(maps: tuple[Canvas, Canvas]) -> None:
    before = picture(maps[0])
    maps[1].set_options(WIDE)
    assert picture(maps[0]) == before
    assert picture(maps[1]) != before
    maps[0].set_options(WIDE)
    assert picture(maps[0]) == picture(maps[1])


def test_what_is_picked_on_one_map_is_picked_on_the_other(
    maps: tuple[Canvas, Canvas], workbench: Workbench
) -> None:
    before = [picture(canvas) for canvas in maps]
    context = maps[0].context
    assert context is not None
    assert maps[0].apply(context.with_focus(example=fake_ref(7)))
    assert workbench.focus.example == fake_ref(7)
    assert all(picture(canvas) != old for canvas, old in zip(maps, before, strict=True))


def test_another_run_keeps_how_a_map_is_shown_but_not_what_was_zoomed_to(
    maps: tuple[Canvas, Canvas], workbench: Workbench, worker: FakeWorker
) -> None:
    context = maps[0].context
    assert context is not None
    maps[0].apply(
        context.with_options(
            view=WIDE.view, limits=(0.0, 1.0, 0.0, 1.0), zoomed=(0, 1), hidden_classes={1}
        )
    )
    worker.post(fake_prepared())
    workbench.take()
    assert maps[0].options == WIDE
    assert maps[1].options == NARROW
