"""The picked input: what the model makes of it, and the Gaussian that it gives to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vaegui.analysis.posterior import kl_by_unit, standard_deviation, units_by_kl
from vaegui.declared import Declared
from vaegui.panels.base import Pointer
from vaegui.panels.selection import Selection
from vaegui.panels.stage import SMALL, TEXT, Stage
from vaegui.panels.style import Style
from vaegui.panels.table import TALLEST, PosteriorTable
from vaegui.panels.tiles import Tiles, tiles
from vaegui.training.events import Answer, Prepared, Snapshot
from vaegui.training.questions import Inspect, Inspected
from vaegui.training.run import Run

__all__ = ["Input"]

Array = NDArray[Any]
Box = tuple[float, float, float, float]
"""left, top, width, height in points."""

EDGE, TITLE, CAPTION, BETWEEN = 8.0, 16.0, 11.0, 9.0
NAMES = ("input", "reconstruction", "difference")
SHORT = ("input", "recon.", "diff.")


class Input:
    """One input, its reconstruction, its posterior, and draws from it decoded."""

    name: ClassVar[str] = "input"
    title: ClassVar[str] = "Input"
    view: ClassVar[str | None] = None
    empty: ClassVar[str] = (
        "Press Train, then click an ellipse or a picture: this input, its reconstruction, the "
        "mean and standard deviation of its own Gaussian, and draws from it will appear here."
    )
    shows: ClassVar[frozenset[type]] = frozenset({Snapshot, Answer})
    follows: ClassVar[frozenset[str]] = frozenset({"probe"})

    def setup(self, figure: Figure, style: Style) -> None:
        """See `Panel.setup`."""
        self._stage = Stage(figure, style, self.empty)
        self._begun: Prepared | None = None
        self._shown: tuple[object, ...] = ()
        self._draw_count, self._draw_columns = 16, 8

    def draw(self, run: Run | None, selection: Selection) -> bool:
        """See `Panel.draw`."""
        if run is None or run.snapshot is None:
            return self._stage.update(False)
        if self._begun is None or run.begun.probes is not self._begun.probes:
            self._begin(run.begun)
        stale = self._stage.update(True)
        probe = min(selection.probe, len(run.begun.probes) - 1)
        inspected = _inspected(run, probe)
        draws = 16 if inspected is None else len(inspected.decoded)
        if stale or draws != self._draw_count:
            self._draw_count = draws
            self._arrange()
            stale = True
        shown = run.snapshot, inspected, probe
        if shown == self._shown and not stale:
            return False  # an answer to another question came
        self._shown = shown
        self._title.set_text(_named(run.begun, probe))
        self._show_pictures(run, probe, inspected)
        mean, log_var = run.snapshot.mean[probe], run.snapshot.log_var[probe]
        if inspected is not None:
            mean, log_var = inspected.mean, inspected.log_var
            self._draws.show(inspected.decoded, np.zeros(draws, bool), self._draw_columns)
        for artist in self._draws.artists():
            artist.set_visible(inspected is not None)
        self._draws_caption.set_text(
            "" if inspected is None else f"{draws} draws{self._of_what}, decoded"
        )
        return self._table.show(mean, log_var) or stale

    def artists(self) -> Sequence[Artist]:
        """See `Panel.artists`."""
        if not self._stage.shown or self._begun is None:
            return []
        return [
            # Texts first: they seldom change, so that the canvas need not paint them anew.
            self._title,
            *self._captions,
            self._draws_caption,
            *self._pictures.artists(),
            *self._draws.artists(),
            *self._table.artists(),
        ]

    def point(self, pointer: Pointer, run: Run | None, selection: Selection) -> Selection:
        """Nothing here can be clicked."""
        return selection

    def describe(self, run: Run | None, selection: Selection) -> str:
        """See `Panel.describe`."""
        if run is None or run.snapshot is None:
            return self.empty
        probe = min(selection.probe, len(run.begun.probes) - 1)
        inspected = _inspected(run, probe)
        source = run.snapshot if inspected is None else inspected
        mean, log_var = source.mean, source.log_var
        if inspected is None:
            mean, log_var = mean[probe], log_var[probe]
        kl, sd = kl_by_unit(mean, log_var), standard_deviation(log_var)
        units = units_by_kl(kl)[:3]
        told = "; ".join(
            f"unit {unit + 1} has mean {mean[unit]:.2f}, sd {sd[unit]:.3f}, KL {kl[unit]:.2f} nats"
            for unit in units
        )
        others = f" The {len(kl)} units together have KL {kl.sum():.2f} nats." * (len(kl) > 1)
        return f"{_named(run.begun, probe)}: {told}.{others}"

    @staticmethod
    def options(selection: Selection) -> Declared | None:
        """See `Panel.options`."""
        return None

    def _begin(self, begun: Prepared) -> None:
        """Make the artists for the data of a run."""
        figure, style = self._stage.figure, self._stage.style
        figure.clear()
        self._stage = stage = Stage(figure, style, self.empty)
        self._begun, self._shown = begun, ()
        self._title = stage.text(EDGE, 13, size=TEXT + 0.5, weight="bold")
        self._pictures = tiles(stage.axes(frame=False), style, begun)
        self._captions = [
            stage.text(0, 0, color=style.muted, size=SMALL, ha="center") for _ in NAMES
        ]
        self._table = PosteriorTable(stage)
        self._draws: Tiles = tiles(stage.axes(frame=False), style, begun)
        self._draws_caption = stage.text(0, 0, color=style.muted, size=SMALL)

    def _show_pictures(self, run: Run, probe: int, inspected: Inspected | None) -> None:
        """Input, reconstruction and difference; the input alone while the others are computed."""
        x = np.asarray(run.begun.probes.x[probe], np.float32)
        assert run.snapshot is not None
        known = run.snapshot.reconstruction
        decoded = None
        if inspected is not None:
            decoded = inspected.reconstruction
        elif probe < len(known):
            decoded = known[probe]
        for caption in self._captions[1:]:
            caption.set_visible(decoded is not None)
        pictures = [x] if decoded is None else [x, decoded, x - decoded]
        signed = np.array([False, False, True])[: len(pictures)]
        self._pictures.show(np.stack(pictures), signed, 3)

    def _arrange(self) -> None:
        """Lay out for a new size: stacked, side by side, or with the draws beside the pictures."""
        width, height = self._stage.width - 2 * EDGE, self._stage.height - TITLE - EDGE
        left, top = EDGE, TITLE + 2
        if height > 1.05 * width:
            pictures = min(self._tile(width, 0.24 * height), 120.0) * self._pictures.ratio + CAPTION
            below = height - pictures - 2 * BETWEEN
            table = min(0.55 * below, 29 + TALLEST * self._units)
            draws = below - table
            self._place_pictures((left, top, width, pictures))
            self._place_table((left, top + pictures + BETWEEN, width, table))
            self._place_draws((left, top + pictures + table + 2 * BETWEEN, width, draws))
        elif width > 370:
            side = 0.42 * width
            pictures = self._tile(side, 0.36 * height) * self._pictures.ratio + CAPTION
            self._place_pictures((left, top, side, pictures))
            self._place_draws((left, top + pictures + BETWEEN, side, height - pictures - BETWEEN))
            self._place_table((left + side + 16, top, width - side - 16, height))
        else:
            pictures = self._tile(0.5 * width, 0.3 * height) * self._pictures.ratio + CAPTION
            self._place_pictures((left, top, 0.5 * width, pictures))
            self._place_draws((left + 0.5 * width + 12, top, 0.5 * width - 12, pictures))
            rest = height - pictures - 4
            self._place_table((left, top + pictures + 4, width, rest))

    @property
    def _units(self) -> int:
        assert self._begun is not None
        return self._begun.settings.latent_units

    def _tile(self, width: float, height: float) -> float:
        """Width of a tile when three stand side by side in a box."""
        return min(width / self._pictures.size(3, 1)[0], height / self._pictures.ratio)

    def _place_pictures(self, box: Box) -> None:
        left, top, width, height = box
        size = self._tile(width, height - CAPTION)
        across = self._pictures.size(3, 1)[0] * size
        self._stage.place(self._pictures.axes, left, top, across, size * self._pictures.ratio)
        step = size * (1 + self._pictures.gap)
        for i, caption in enumerate(self._captions):
            caption.set_text(NAMES[i] if size > 50 else SHORT[i])
            caption.set_position(
                (left + i * step + size / 2, top + size * self._pictures.ratio + 8.5)
            )

    def _place_draws(self, box: Box) -> None:
        """Columns so that tiles become as large as the box allows."""
        left, top, width, height = box
        room = height - CAPTION

        def tile(columns: int) -> float:
            across, down = self._draws.size(columns, -(-self._draw_count // columns))
            return min(width / across, room / down)

        divisors = [n for n in range(1, self._draw_count + 1) if self._draw_count % n == 0]
        size, columns = max((tile(columns), columns) for columns in divisors)
        self._draw_columns = columns
        across, down = self._draws.size(columns, self._draw_count // columns)
        self._stage.place(self._draws.axes, left, top + CAPTION, across * size, down * size)
        self._draws_caption.set_position((left, top + CAPTION - 3.5))
        self._of_what = " from its posterior" if width > 128 else ""

    def _place_table(self, box: Box) -> None:
        self._table.arrange(*box, self._units)


def _inspected(run: Run, probe: int) -> Inspected | None:
    """The answer about this probe, if it is here."""
    answer = run.inspected
    if answer is None or not isinstance(answer.content, Inspected):
        return None
    question = answer.question
    return answer.content if isinstance(question, Inspect) and question.probe == probe else None


def _named(begun: Prepared, probe: int) -> str:
    """A probe by number and class."""
    labels, names = begun.probes.labels, begun.data.class_names or ()
    if labels is None:
        return f"Probe {probe + 1}"
    label = int(labels[probe])
    return f"Probe {probe + 1}, class {names[label] if label < len(names) else label}"
