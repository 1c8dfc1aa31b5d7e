"""How long the latent panel takes to be painted with more in it than usual."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from PySide6.QtWidgets import QApplication

from benchmarks.result import Result
from tests.fakes import fake_prepared, fake_snapshot, fake_steps, fake_style
from tests.ui.fake_worker import FakeWorker
from vaegui.panels.latent.latent import Latent
from vaegui.panels.latent.options import LatentOptions, LatentView
from vaegui.queries.base import Result as Answer
from vaegui.queries.population import Population, PopulationFound
from vaegui.session.mailbox import Content, Mailbox
from vaegui.training.record.events import Prepared, Snapshot
from vaegui.ui.plots.canvas import Canvas
from vaegui.ui.state.workbench import Workbench

__all__ = ["painting"]

EXAMPLES = 70_000
ELLIPSES = 2_000
REPAINTS = 15
SIZE = 720, 480
WIDE = 1.0
"""Standard deviations of posteriors that nearly are the prior: ellipses as wide as they get."""


def painting(mnist: Path | None) -> list[Result]:
    """Repaint the canvas of the latent panel with a new snapshot each time."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    begun = fake_prepared(probes=ELLIPSES)
    narrow = fake_snapshot(begun)
    wide = Snapshot(
        1, narrow.mean, np.full_like(narrow.mean, 2 * np.log(WIDE)), narrow.reconstruction
    )
    usual = fake_prepared()
    results = [
        _within(f"Latent map with {EXAMPLES:,} examples: repainted", _cloud(usual), 0.050),
        _within(f"{ELLIPSES:,} ellipses: repainted", _ellipses(begun, narrow), 0.033),
        _within(f"{ELLIPSES:,} ellipses as wide as the prior", _ellipses(begun, wide), 0.033),
    ]
    app.processEvents()
    return results


def _cloud(begun: Prepared) -> float:
    """With as many examples as MNIST has, all moved at each repaint."""
    snapshot = fake_snapshot(begun)
    assert begun.probes.labels is not None
    random = np.random.default_rng(0)
    rows = random.integers(0, len(begun.probes), EXAMPLES)
    labels = begun.probes.labels[rows]
    spread = random.normal(0, 0.3, (EXAMPLES, snapshot.mean.shape[1]))

    def news(step: int) -> list[Content]:
        mean = (snapshot.mean[rows] + spread * (1 + step / 1000)).astype(np.float32)
        found = PopulationFound(Population(), mean, np.zeros_like(mean), labels)
        moved = Snapshot(step, snapshot.mean, snapshot.log_var, snapshot.reconstruction)
        return [moved, Answer(Population(), step, found, EXAMPLES, EXAMPLES)]

    return _repainting(begun, news)


def _ellipses(begun: Prepared, snapshot: Snapshot) -> float:
    def news(step: int) -> list[Content]:
        mean = (snapshot.mean * (1 + step / 10_000)).astype(np.float32)
        return [Snapshot(step, mean, snapshot.log_var, snapshot.reconstruction)]

    return _repainting(begun, news)


def _repainting(begun: Prepared, news: Callable[[int], list[Content]]) -> float:
    """Seconds of a repaint in which nothing static changes, median."""
    mailbox = Mailbox()
    workbench = Workbench(FakeWorker(mailbox), mailbox)  # type: ignore[arg-type]
    canvas = Canvas(Latent(), workbench, fake_style("light"))
    canvas.resize(*SIZE)
    canvas.set_options(LatentOptions(LatentView(all_examples=True)))
    mailbox.post(begun, begun.id)
    mailbox.post(fake_steps(1, 10), begun.id)
    workbench.take()
    workbench.want([Population()])
    taken = []
    for step in range(REPAINTS):
        for event in news(step):
            mailbox.post(event, begun.id)
        workbench.take()
        begin = time.perf_counter()
        parts = 1
        while not canvas.paint():
            parts += 1
        if parts == 1:
            taken.append(time.perf_counter() - begin)
    canvas.deleteLater()
    return median(taken)


def _within(what: str, seconds: float, most: float) -> Result:
    target = f"at most {1000 * most:.0f} ms"
    return Result(what, f"{1000 * seconds:.0f} ms", target, seconds <= most)
