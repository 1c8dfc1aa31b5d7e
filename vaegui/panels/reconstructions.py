"""Fixed probes, their reconstructions, and the differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from vaegui.declared import Declared
from vaegui.panels.base import Pointer
from vaegui.panels.navigation import is_click, over, to_data
from vaegui.panels.selection import Selection
from vaegui.panels.stage import SMALL, Stage
from vaegui.panels.style import Style
from vaegui.panels.tiles import Tiles, tiles
from vaegui.training.events import Prepared, Snapshot
from vaegui.training.run import Run

__all__ = ["Reconstructions"]

HEADS = ("input", "recon-\nstruction", "differ-\nence")
LEFT, EDGE, BETWEEN = 42.0, 7.0, 8.0
SMALLEST = 26.0
"""Width in points below which a tile tells nothing: rather fewer probes are shown."""
BANDS = 6


class Reconstructions:
    """Rows of inputs, their reconstructions, and what is missing, for the same probes always."""

    name: ClassVar[str] = "reconstructions"
    title: ClassVar[str] = "Reconstructions"
    view: ClassVar[str | None] = None
    empty: ClassVar[str] = (
        "Press Train: some examples, what the model makes of them, and the difference will "
        "appear here and sharpen while it learns."
    )
    shows: ClassVar[frozenset[type]] = frozenset({Snapshot})
    follows: ClassVar[frozenset[str]] = frozenset({"probe"})

    def setup(self, figure: Figure, style: Style) -> None:
        """See `Panel.setup`."""
        self._stage = Stage(figure, style, self.empty)
        self._begun: Prepared | None = None

    def draw(self, run: Run | None, selection: Selection) -> bool:
        """See `Panel.draw`."""
        if run is None or run.snapshot is None or not len(run.snapshot.reconstruction):
            return self._stage.update(False)
        if self._begun is None or run.begun.probes is not self._begun.probes:
            self._begin(run.begun)
        stale = self._stage.update(True)
        if stale:
            self._arrange(len(run.snapshot.reconstruction))
        decoded = run.snapshot.reconstruction
        inputs = np.asarray(run.begun.probes.x[: len(decoded)], np.float32)
        for band, grid in enumerate(self._bands[: self._used]):
            mine = slice(band * self._columns, min((band + 1) * self._columns, self._count))
            x, mean = inputs[mine], decoded[mine]
            signed = np.repeat([False, False, True], len(x))
            grid.show(np.concatenate([x, mean, x - mean]), signed, len(x))
        self._frame(selection.probe)
        return stale

    def artists(self) -> Sequence[Artist]:
        """See `Panel.artists`."""
        if not self._stage.shown or self._begun is None:
            return []
        pictures = [artist for grid in self._bands[: self._used] for artist in grid.artists()]
        return [*pictures, self._picked]

    def point(self, pointer: Pointer, run: Run | None, selection: Selection) -> Selection:
        """Click: pick the probe."""
        if pointer.kind != "release" or pointer.button != 1 or not is_click(pointer):
            return selection
        if run is None or not self._stage.shown or self._begun is None:
            return selection
        for band, grid in enumerate(self._bands[: self._used]):
            if over(grid.axes, pointer.x, pointer.y):
                tile = grid.at(to_data(grid.axes, pointer.x, pointer.y))
                if tile is not None:
                    each = min(self._columns, self._count - band * self._columns)
                    return selection.but(probe=band * self._columns + tile % each)
        return selection

    def describe(self, run: Run | None, selection: Selection) -> str:
        """See `Panel.describe`."""
        if run is None or run.snapshot is None or not len(run.snapshot.reconstruction):
            return self.empty
        decoded = run.snapshot.reconstruction
        inputs = np.asarray(run.begun.probes.x[: len(decoded)], np.float32)
        low, high = run.begun.data.value_range
        off = float(np.abs(inputs - decoded).mean()) / (high - low)
        return (
            f"{len(decoded)} probes, their reconstructions after step {run.snapshot.step:,}, and "
            f"the differences, which are on average {100 * off:.1f} % of the range of values."
        )

    @staticmethod
    def options(selection: Selection) -> Declared | None:
        """See `Panel.options`."""
        return None

    def _begin(self, begun: Prepared) -> None:
        """Make the artists for the data of a run."""
        figure, style = self._stage.figure, self._stage.style
        figure.clear()
        self._stage = stage = Stage(figure, style, self.empty)
        self._begun = begun
        self._bands: list[Tiles] = [
            tiles(stage.axes(frame=False), style, begun) for _ in range(BANDS)
        ]
        self._heads = [
            [
                stage.text(0, 0, head, color=style.muted, size=SMALL, ha="right", va="center")
                for head in HEADS
            ]
            for _ in range(BANDS)
        ]
        overlay = stage.axes(frame=False, zorder=3)
        overlay.set(xlim=(0, 1), ylim=(1, 0))
        self._overlay = overlay
        self._picked = Rectangle((0, 0), 0, 0, fill=False, edgecolor=style.accent, linewidth=1.8)
        overlay.add_patch(self._picked)

    def _arrange(self, count: int) -> None:
        """Choose bands and columns so that tiles become as large as the size allows."""
        stage, ratio = self._stage, self._bands[0].ratio
        width, height = stage.width - LEFT - EDGE, stage.height - 2 * EDGE
        stage.place(self._overlay, 0, 0, stage.width, stage.height)
        self._overlay.set(xlim=(0, stage.width), ylim=(stage.height, 0))

        def tile(columns: int, bands: int) -> float:
            across, down = self._bands[0].size(columns, 3)
            free = (height - (bands - 1) * BETWEEN) / bands
            return min(width / across, free / down)

        choices = [(tile(-(-count // bands), bands), bands) for bands in range(1, BANDS + 1)]
        size, self._used = max(choices)
        self._columns, self._count = -(-count // self._used), count
        if size < SMALLEST:
            fit = int(width // (SMALLEST * (1 + self._bands[0].gap)))
            self._columns = max(1, min(fit, count))
            most = int((height + BETWEEN) // (SMALLEST * 3.3 * ratio + BETWEEN))
            self._used = max(1, min(most, BANDS, -(-count // self._columns)))
            self._count = min(count, self._columns * self._used)
            size = tile(self._columns, self._used)
        self._used = -(-self._count // self._columns)
        self._place(size, height)

    def _place(self, size: float, height: float) -> None:
        """Put the bands, the rest of the height shared between them."""
        down = self._bands[0].size(1, 3)[1] * size
        rest = height - self._used * down - (self._used - 1) * BETWEEN
        step = down + BETWEEN + min(rest / (self._used + 1), 14.0)
        top = EDGE + max(0.0, (height - (self._used - 1) * step - down) / 2)
        pitch = (self._bands[0].ratio + self._bands[0].gap) * size
        for band, (grid, heads) in enumerate(zip(self._bands, self._heads, strict=True)):
            used = band < self._used
            grid.axes.set_visible(used)
            each = max(1, min(self._columns, self._count - band * self._columns))
            across = grid.size(each, 3)[0] * size
            self._stage.place(grid.axes, LEFT, top + band * step, across, down)
            for row, head in enumerate(heads):
                middle = top + band * step + row * pitch + grid.ratio * size / 2
                head.set(position=(LEFT - 5, middle), visible=used)
        self._geometry = size, top, step, down

    def _frame(self, probe: int) -> None:
        """Frame the picked probe's column, if it is among those shown."""
        self._picked.set_visible(probe < self._count)
        size, top, step, down = self._geometry
        band, column = divmod(probe, self._columns)
        left = LEFT + column * (1 + self._bands[0].gap) * size
        self._picked.set_bounds(left - 1.5, top + band * step - 1.5, size + 3, down + 3)
