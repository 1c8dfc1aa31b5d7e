"""One example in the input panel: as pictures, or as named features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from matplotlib.artist import Artist
from numpy.typing import NDArray

from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.stage import SMALL, Box, Stage
from vaegui.panels.drawing.text import fitting, text_width
from vaegui.panels.drawing.tiles import tiles
from vaegui.panels.examples.feature_lines import FeatureLines
from vaegui.panels.examples.feature_rows import FeatureRows
from vaegui.panels.examples.table import LEAST, TALLEST
from vaegui.training.record.events import Prepared

__all__ = ["Example", "example"]

Array = NDArray[Any]
CAPTION, BETWEEN = 11.0, 9.0
NAMES = ("input", "reconstruction", "difference")
SHORT = ("input", "recon.", "diff.")


class Example(Protocol):
    """An input, its reconstruction, and draws from its posterior decoded."""

    def arrange(self, box: Box, units: int, draws: int) -> Box:
        """Lay out in a box; what is left of it for the posterior of so many units."""

    def show(self, x: Array, decoded: Array | None, draws: Array | None) -> bool:
        """Show what is known, in the data's own scale; whether limits changed."""

    def hover_text(self, x: float, y: float) -> str:
        """What lies at figure pixels, or ''."""

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""


def example(stage: Stage, begun: Prepared) -> Example:
    """What suits the data of a run."""
    return _Pictures(stage, begun) if begun.data.is_image else _Rows(stage, begun)


class _Rows:
    """Named features above, or beside, the posterior."""

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        features = Features(begun)
        self._spread = begun.settings.has_spread
        self._view: FeatureRows | FeatureLines
        if features.few:
            self._view = FeatureRows(stage, features)
        else:
            self._view = FeatureLines(stage, features)

    def arrange(self, box: Box, units: int, draws: int) -> Box:
        """See `Example.arrange`."""
        left, top, width, height = box
        if height < 0.7 * width and width > 400:
            used = 0.56 * width
            self._view.arrange(left, top, used, height)
            return left + used + 18, top, width - used - 18, height
        table = max(min(0.42 * height, 29 + TALLEST * units), LEAST)
        if height - table < LEAST:
            table = -BETWEEN  # there is no room for both
        used = self._view.arrange(left, top, width, height - table - BETWEEN)
        return left, top + used + BETWEEN, width, height - used - BETWEEN

    def show(self, x: Array, decoded: Array | None, draws: Array | None) -> bool:
        """See `Example.show`."""
        # Draws that are not around this input say nothing of it.
        return bool(self._view.show(x, decoded, draws if self._spread else None))

    def hover_text(self, x: float, y: float) -> str:
        """See `Example.hover_text`."""
        return self._view.hover_text(x, y)

    def artists(self) -> Sequence[Artist]:
        """See `Example.artists`."""
        return self._view.artists()


class _Pictures:
    """Input, reconstruction and difference side by side, and the draws in a grid."""

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        style = stage.style
        self._stage, self._spread = stage, begun.settings.has_spread
        self._pictures = tiles(stage.axes(frame=False), style, begun)
        self._captions = [
            stage.text(0, 0, color=style.muted, size=SMALL, ha="center") for _ in NAMES
        ]
        self._draws = tiles(stage.axes(frame=False), style, begun)
        self._draws_caption = stage.text(0, 0, color=style.muted, size=SMALL)
        self._draw_count, self._draw_columns = 16, 8
        self._draws_width = 0.0

    def arrange(self, box: Box, units: int, draws: int) -> Box:
        """See `Example.arrange`: stacked, side by side, or with the draws beside the pictures."""
        left, top, width, height = box
        self._draw_count = draws
        if height > 1.05 * width:
            pictures = min(self._tile(width, 0.24 * height), 120.0) * self._pictures.ratio + CAPTION
            below = height - pictures - 2 * BETWEEN
            table = min(0.55 * below, 29 + TALLEST * units)
            self._place_pictures((left, top, width, pictures))
            self._place_draws((left, top + pictures + table + 2 * BETWEEN, width, below - table))
            return left, top + pictures + BETWEEN, width, table
        if width > 370:
            side = 0.42 * width
            pictures = self._tile(side, 0.36 * height) * self._pictures.ratio + CAPTION
            self._place_pictures((left, top, side, pictures))
            self._place_draws((left, top + pictures + BETWEEN, side, height - pictures - BETWEEN))
            return left + side + 16, top, width - side - 16, height
        low = 0.7 * height - CAPTION - 4 < LEAST  # there is no room for the posterior
        part = height - CAPTION if low else 0.3 * height
        pictures = self._tile(0.5 * width, part) * self._pictures.ratio + CAPTION
        self._place_pictures((left, top, 0.5 * width, pictures))
        self._place_draws((left + 0.5 * width + 12, top, 0.5 * width - 12, pictures))
        return left, top + pictures + 4, width, 0.0 if low else height - pictures - 4

    def show(self, x: Array, decoded: Array | None, draws: Array | None) -> bool:
        """See `Example.show`."""
        for caption in self._captions[1:]:
            caption.set_visible(decoded is not None)
        pictures = [x] if decoded is None else [x, decoded, x - decoded]
        signed = np.array([False, False, True])[: len(pictures)]
        self._pictures.show(np.stack(pictures), signed, 3)
        for artist in self._draws.artists():
            artist.set_visible(draws is not None)
        if draws is None:
            self._draws_caption.set_text("")
        else:
            self._draws.show(draws, np.zeros(len(draws), bool), self._draw_columns)
            count = f"{len(draws)} draws"
            captions = f"{count} from its posterior, decoded", f"{count}, decoded", count, ""
            if not self._spread:
                like = f"{count} from the Gaussian that fits all codes, decoded"
                captions = like, f"{count} like all codes, decoded", f"{count} like codes", ""
            self._draws_caption.set_text(fitting(self._draws_width, SMALL, *captions))
        return False

    def hover_text(self, x: float, y: float) -> str:
        """See `Example.hover_text`: pictures speak for themselves."""
        return ""

    def artists(self) -> Sequence[Artist]:
        """See `Example.artists`."""
        return [
            # Texts first: they seldom change, so that the canvas need not paint them anew.
            *self._captions,
            self._draws_caption,
            *self._pictures.artists(),
            *self._draws.artists(),
        ]

    def _tile(self, width: float, height: float) -> float:
        """Width of a tile when three stand side by side in a box."""
        return min(width / self._pictures.size(3, 1)[0], height / self._pictures.ratio)

    def _place_pictures(self, box: Box) -> None:
        left, top, width, height = box
        size = self._tile(width, height - CAPTION)
        across = self._pictures.size(3, 1)[0] * size
        self._stage.place(self._pictures.axes, left, top, across, size * self._pictures.ratio)
        step = size * (1 + self._pictures.gap)
        fits = (
            names
            for names in (NAMES, SHORT)
            if max(text_width(name, SMALL) for name in names) <= size
        )
        names = next(fits, ("", "", ""))
        for i, caption in enumerate(self._captions):
            caption.set_text(names[i])
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
        self._draws_width = width
