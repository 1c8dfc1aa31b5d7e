"""A legend of class names that can be clicked."""

from __future__ import annotations

from vaegui.data.source import PART_NAMES, ExampleRef
from vaegui.panels.drawing.stage import SMALL, Stage
from vaegui.panels.drawing.text import text_width
from vaegui.training.record.events import Prepared

__all__ = ["Legend", "example_name", "example_title", "short_example_name"]

ROW = 13.0
MARK = 8.0
LONGEST = 14


class Legend:
    """Names of classes in a column at the right; those that are hidden are pale.

    Everything is static: a click changes it, training does not.
    """

    def __init__(self, stage: Stage, begun: Prepared) -> None:
        self._stage = stage
        self._labels: list[int] = []
        labels = begun.probes.labels
        if labels is not None:
            self._labels = sorted({int(label) for label in labels})
        texts = [begun.data.class_name(label) for label in self._labels]
        self._texts = [
            stage.text(
                0, 0, text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…", size=SMALL
            )
            for text in texts
        ]
        colours = stage.style.classes
        self._marks = [
            stage.sheet.plot(
                [], [], "o", color=colours[label % len(colours)], markersize=6, markeredgewidth=0
            )[0]
            for label in self._labels
        ]
        self._hidden: frozenset[int] | None = None
        self._left = self._top = 0.0
        self._rows = self._column = 0.0

    @property
    def labels(self) -> frozenset[int]:
        """All labels."""
        return frozenset(self._labels)

    def arrange(self, top: float) -> float:
        """Lay out below ``top``; returns the width in points that it takes, 0 without labels."""
        if not self._labels:
            return 0.0
        widest = max(text_width(text.get_text(), SMALL) for text in self._texts)
        self._column = widest + MARK + 10
        most = int(max(1, 0.3 * self._stage.width // self._column))
        self._rows = max(1, int((self._stage.height - top - 8) // ROW))
        columns = min(most, -(-len(self._labels) // int(self._rows)))
        width = columns * self._column
        self._left, self._top = self._stage.width - width, top
        for i, (mark, text) in enumerate(zip(self._marks, self._texts, strict=True)):
            column, row = divmod(i, int(self._rows))
            x, y = self._left + column * self._column, top + row * ROW
            mark.set_data([x + MARK / 2], [y + ROW / 2])
            text.set_position((x + MARK + 4, y + ROW / 2 + 2.6))
            for artist in (mark, text):
                artist.set_visible(column < columns)
        return width

    def show(self, hidden: frozenset[int]) -> bool:
        """Make hidden classes pale; whether anything changed."""
        if hidden == self._hidden:
            return False
        self._hidden = hidden
        for label, mark, text in zip(self._labels, self._marks, self._texts, strict=True):
            for artist in (mark, text):
                artist.set_alpha(0.3 if label in hidden else 1.0)
        return True

    def at(self, x: float, y: float) -> int | None:
        """The label at points from the upper left, or None."""
        if not self._labels or x < self._left or y < self._top:
            return None
        column, row = int((x - self._left) // self._column), int((y - self._top) // ROW)
        index = column * int(self._rows) + row
        if row >= self._rows or index >= len(self._labels) or not self._marks[index].get_visible():
            return None
        return self._labels[index]


def example_name(begun: Prepared, ref: ExampleRef) -> str:
    """An example within a sentence: "input 5" if it is a probe, else "training example 12,345".

    Of a model without data it is "draw 5": from the prior, and decoded.
    """
    number = begun.probes.number(ref)
    if number is not None:
        return f"{'input' if begun.data.train_examples else 'draw'} {number + 1}"
    return f"{PART_NAMES[ref.part]} example {ref.row:,}"


def short_example_name(begun: Prepared, ref: ExampleRef) -> str:
    """An example where there is little room: "5" if it is a probe, else "training 12,345"."""
    return (
        example_name(begun, ref).replace("input ", "").replace("draw ", "").replace("example ", "")
    )


def example_title(begun: Prepared, ref: ExampleRef, label: int | None) -> str:
    """An example by number and class, as a title."""
    name = example_name(begun, ref).capitalize()
    here = "" if len(begun.probes) or not begun.missing else " (its input is not here)"
    if label is None:
        return f"{name}{here}"
    kind = begun.data.class_name(label)
    return f"{name}, {f'class {kind}' if kind.isdigit() else kind}{here}"
