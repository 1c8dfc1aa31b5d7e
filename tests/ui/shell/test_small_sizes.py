"""Nothing is cut off, and nothing lies over anything else, on any page at any size."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QPushButton,
    QSizeGrip,
    QSplitterHandle,
    QToolButton,
    QWidget,
)
from pytestqt.exceptions import TimeoutError
from pytestqt.qtbot import QtBot

from tests.fakes import fake_explained, fake_prepared, fake_snapshot, fake_steps
from tests.ui.fake_worker import Bench
from vaegui.queries.explain import Explain
from vaegui.training.record.events import Status
from vaegui.ui.pages.explain.explain import ExplainPage
from vaegui.ui.plots.panel_dock import PanelDock

OVER_OTHERS = (QSizeGrip, QSplitterHandle)
"""What lies over its neighbours' edges on purpose: it is there to be taken hold of."""
MADE_OF_PARTS = (QAbstractSpinBox, QComboBox)
"""Controls whose own parts are none of ours."""
PAGES = ("welcome", "own_data", "workbench", "explain")
SIZES = {"1024x768": QSize(1024, 740), "1280x720 at 1.5": QSize(853, 440), "least": QSize(0, 0)}
"""Of the window's contents, where a title bar takes the rest; (0, 0) becomes the minimum."""


@pytest.fixture
def units() -> int:
    """How many latent units the model has: with more than two there is more to choose."""
    return 2


@pytest.fixture
def filled(bench: Bench, qtbot: QtBot, units: int) -> Bench:
    """A window with a run on all its pages."""
    bench.window.show()
    bench.load(panels=True)
    canvases = [dock for dock in bench.window.docks.values() if isinstance(dock, PanelDock)]
    qtbot.waitUntil(lambda: all(dock.canvas is not None for dock in canvases), timeout=20_000)
    begun = fake_prepared(shape=(6,), classes=3, probes=30, units=units)
    bench.post(begun, fake_steps(1, 500), fake_snapshot(begun, 500), Status("idle"))
    return bench


def explained(bench: Bench) -> list[Explain]:
    """What the worker was told last to explain."""
    told = bench.worker.called("want")
    return [query for query in told[-1][0] if isinstance(query, Explain)] if told else []


def open_page(bench: Bench, name: str, size: QSize, qtbot: QtBot) -> None:
    window = bench.window
    window.pages.turn_to(name)
    window.resize(size)
    if name == "explain":
        explain = window.pages["explain"]
        assert isinstance(explain, ExplainPage)
        qtbot.waitUntil(lambda: len(explain.beside) == 2, timeout=20_000)
        qtbot.waitUntil(lambda: all(view.canvas for view in explain.beside), timeout=20_000)
        qtbot.waitUntil(lambda: bool(bench.workbench.focus.topic), timeout=20_000)
        qtbot.waitUntil(lambda: bool(explained(bench)), timeout=20_000)
        assert bench.workbench.run is not None
        begun = bench.workbench.run.begun
        number = begun.probes.number(explained(bench)[0].example)
        assert number is not None
        bench.post(fake_explained(begun, number))
    qtbot.waitUntil(lambda: window.repainter.resting, timeout=30_000)


def visible(widget: QWidget) -> Iterator[QWidget]:
    """A widget and all that can be seen in it, but not what other windows show."""
    yield widget
    if isinstance(widget, MADE_OF_PARTS):
        return
    for child in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if child.isVisible() and not child.isWindow():
            yield from visible(child)


def told(widget: QWidget) -> str:
    """What a test says of a widget."""
    text = widget.text() if isinstance(widget, QLabel | QPushButton | QToolButton) else ""
    return f"{type(widget).__name__} {widget.objectName()} {text[:30]!r} {widget.geometry()}"


def overlapping(parent: QWidget) -> Iterator[str]:
    """Children of one widget that lie over each other."""
    children = [
        child
        for child in parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if child.isVisible() and not child.isWindow() and not isinstance(child, OVER_OTHERS)
    ]
    for one, other in combinations(children, 2):
        if one.geometry().intersects(other.geometry()):
            yield f"{told(one)} and {told(other)} in {told(parent)}"


def beyond(widget: QWidget) -> bool:
    """Whether something reaches out of its parent, which is no place to scroll in."""
    parent = widget.parentWidget()
    if parent is None or widget.isWindow():
        return False
    area = parent.parentWidget()
    if isinstance(area, QAbstractScrollArea) and parent is area.viewport():
        # To the sides nothing can be scrolled.
        return widget.width() > parent.width()
    return not parent.rect().contains(widget.geometry())


def cut_off(widget: QWidget) -> bool:
    """Whether a text has less room than it needs."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.height() < widget.heightForWidth(widget.width())
    if isinstance(widget, QLabel | QPushButton | QToolButton) and widget.text():
        least = widget.minimumSizeHint()
        return widget.width() < least.width() or widget.height() < least.height()
    return False


def faults(window: QWidget) -> list[str]:
    """All that is wrong with what can be seen of a window."""
    seen = list(visible(window))
    return [
        *(fault for widget in seen for fault in overlapping(widget)),
        *(f"beyond its parent: {told(widget)}" for widget in seen if beyond(widget)),
        *(f"cut off: {told(widget)}" for widget in seen if cut_off(widget)),
    ]


@pytest.mark.parametrize("units", [2, 16])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_nothing_overlaps_reaches_out_or_is_cut_off(
    filled: Bench, qtbot: QtBot, page: str, size: QSize
) -> None:
    open_page(filled, page, size, qtbot)
    found: list[str] = []

    def is_right() -> bool:
        found[:] = faults(filled.window)
        return not found

    # Texts take their heights one turn after they came.
    with contextlib.suppress(TimeoutError):
        qtbot.waitUntil(is_right)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", PAGES)
def test_each_page_fits_a_screen_of_1280_by_720_at_scale_1_5(
    filled: Bench, qtbot: QtBot, page: str
) -> None:
    open_page(filled, page, QSize(0, 0), qtbot)
    window = filled.window
    assert window.width() <= 853
    # A title bar and a desktop's own bar have to find room, too.
    assert window.height() <= 480 - 60
