"""Which docks there are and where they are at first."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

__all__ = ["TITLES", "arrange_docks", "give_sizes"]

TITLES = {
    "setup": "Setup",
    "latent": "Latent space",
    "loss": "Loss",
    "reconstructions": "Reconstructions",
    "input": "Input",
    "timeline": "Timeline",
}
"""Object name -> title of each dock, in the order in which the keyboard goes through them. The
docks are there, with these titles, before the panels are loaded."""


def arrange_docks(window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
    """Put all docks where the program has them at first.

    Setup is at the left; the latent space in the middle, loss and reconstructions beneath it;
    input at the right; the timeline beneath them all. Any other dock comes as a tab beside input.
    """
    for dock in docks.values():
        dock.setFloating(False)
        window.removeDockWidget(dock)
    beside, below = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    setup, latent, loss, reconstructions, input_, timeline = (docks[name] for name in TITLES)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, setup)
    window.splitDockWidget(setup, latent, beside)
    window.splitDockWidget(latent, input_, beside)
    window.splitDockWidget(latent, loss, below)
    window.splitDockWidget(loss, reconstructions, beside)
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, timeline)
    for name, dock in docks.items():
        if name not in TITLES:
            window.tabifyDockWidget(input_, dock)
        dock.show()
    input_.raise_()


def give_sizes(window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
    """Give the docks, where `arrange_docks` put them, their shares of a window that is shown."""
    setup, latent, loss, reconstructions, input_, timeline = (docks[name] for name in TITLES)
    beside, below = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    width, height = window.width(), window.height() - timeline.sizeHint().height()
    left = min(setup.sizeHint().width(), max(setup.minimumSizeHint().width(), width // 4))
    right = max(240, min(420, width // 4))
    middle = max(1, width - left - right)
    lower = round(height * 0.4)
    # In pixels, not parts: Qt takes them as they are, also for the docks around those named.
    window.resizeDocks([setup, latent, input_], [left, middle, right], beside)
    window.resizeDocks([loss, reconstructions], [round(middle * 0.6), round(middle * 0.4)], beside)
    window.resizeDocks([latent, loss], [height - lower, lower], below)
    window.resizeDocks([timeline], [timeline.sizeHint().height()], below)
