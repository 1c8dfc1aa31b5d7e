"""z as a draw, and the same z as a function of mu, sigma and eps: two graphs side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib.artist import Artist
from matplotlib.patches import FancyArrowPatch

from vaegui.analysis.explain import GradientPaths
from vaegui.panels.drawing.stage import SMALL, TEXT, Stage, plain
from vaegui.panels.drawing.text import subscript, wrapped
from vaegui.panels.explain.shared.drawing import Drawing, Pill, Word, tinted
from vaegui.queries.explained import Pass

__all__ = ["TwoWays"]

PILL = 19.0
WIDE, NARROW = 78.0, 64.0
"""Width of a node where there is room, and where there is less."""
ROOM = 230.0
"""A half that is narrower than this, in points, has narrow nodes."""
APART = 4.5
"""Between an arrow and its gradient, in points."""
ARROWS = (
    (0, "mean", "z", "chance"),
    (0, "log_var", "z", "chance"),
    (1, "mean", "z", "forward"),
    (1, "log_var", "z", "forward"),
    (1, "chance", "z", "forward"),
    (0, "z", "loss", "forward"),
    (0, "loss", "z", "gradient"),
    (1, "z", "loss", "forward"),
    (1, "loss", "z", "gradient"),
    (1, "z", "mean", "gradient"),
    (1, "z", "log_var", "gradient"),
)
"""Which half, from which node to which, and what it is."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Places:
    """Middles of nodes in one half of the picture, in points."""

    left: float
    width: float
    node: float
    mean: tuple[float, float]
    log_var: tuple[float, float]
    chance: tuple[float, float]
    z: tuple[float, float]
    loss: tuple[float, float]


class TwoWays:
    """Nodes with their numbers, and arrows forward and, where a gradient flows, back."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        forward: dict[str, Any] = {"color": stage.style.muted, "linewidth": 1.1}
        looks: dict[str, dict[str, Any]] = {
            "forward": forward,
            "chance": {**forward, "linestyle": (0, (2, 2))},
            "gradient": {"color": stage.style.accent, "linewidth": 1.6},
        }
        self._arrows = [
            FancyArrowPatch(
                (0, 0),
                (1, 1),
                arrowstyle="-|>",
                mutation_scale=8,
                shrinkA=0,
                shrinkB=0,
                **looks[of],
            )
            for *_, of in ARROWS
        ]
        for arrow in self._arrows:
            stage.sheet.add_patch(arrow)
        self._drawing = Drawing(stage)

    def arrange(self, left: float, width: float, height: float) -> None:
        """Lay out two halves of a width, the first from ``left`` on."""
        self._halves = [_places(left + i * (width + 12), width, height) for i in range(2)]
        for arrow, (half, start, end, kind) in zip(self._arrows, ARROWS, strict=True):
            places = self._halves[half]
            shift = APART if kind == "gradient" else 0.0
            arrow.set_positions(
                *_edges(places, getattr(places, start), getattr(places, end), shift)
            )

    def show(self, passed: Pass, paths: GradientPaths, unit: int) -> None:
        """Show the numbers of a unit."""
        style = self._stage.style
        i = subscript(unit + 1)
        draw, trick = self._halves
        output, chance = style.output, style.muted
        shown = [
            (draw.mean, f"μ{i} = {passed.mean[unit]:.4f}", output),
            (draw.log_var, f"log σ{i}² = {passed.log_var[unit]:.3f}", output),
            (draw.z, f"z{i} = {passed.z[unit]:.4f}", output),
            (draw.loss, f"L = {passed.total:.2f}", output),
            (trick.mean, f"μ{i} = {passed.mean[unit]:.4f}", output),
            (trick.log_var, f"log σ{i}² = {passed.log_var[unit]:.3f}", output),
            (trick.chance, f"ε{i} = {passed.eps[unit]:.4f}", chance),
            (trick.z, f"z{i} = {passed.z[unit]:.4f}", output),
            (trick.loss, f"L = {passed.total:.2f}", output),
        ]
        pills = [
            Pill(
                (x - draw.node / 2, y - PILL / 2, draw.node, PILL),
                tinted(colour, style.background, 0.12),
                tinted(colour, style.background, 0.9),
                1.1,
            )
            for (x, y), _, colour in shown
        ]
        size = TEXT if draw.node == WIDE else SMALL
        words = [Word(x, y + 0.5, plain(text), style.text, size) for (x, y), text, _ in shown]
        words += self._said(passed.d_z[unit], paths, unit)
        self._drawing.show([], pills, words)

    def artists(self) -> list[Artist]:
        """What moves, in painting order."""
        return self._drawing.artists()

    def _said(self, d_z: float, paths: GradientPaths, unit: int) -> list[Word]:
        """Titles of the halves and what stands at the gradients' arrows."""
        style, i = self._stage.style, subscript(unit + 1)
        draw, trick = self._halves
        accent = style.accent

        def word(x: float, y: float, text: str, colour: str, **more: Any) -> Word:
            return Word(x, y, plain(text), colour, more.pop("size", SMALL), **more)

        words = [
            word(draw.left, 11, f"as a draw:  z{i} ~ N(μ{i}, σ{i}²)", style.text, **_TITLE),
            word(
                trick.left, 11, f"reparameterised:  z{i} = μ{i} + σ{i} ε{i}", style.text, **_TITLE
            ),
        ]
        for places in self._halves:
            y = (places.z[1] + places.loss[1]) / 2
            lines = [f"∂L/∂z{i} = {d_z:+.4f}"]
            if places.node < WIDE:
                lines = [f"∂L/∂z{i} =", f"{d_z:+.4f}"]
            first = y - 5 * (len(lines) - 1)
            words += [
                word(places.z[0] - 9, first + 10 * row, line, accent, across="right")
                for row, line in enumerate(lines)
            ]
        x, y = (draw.log_var[0] + draw.z[0]) / 2, (draw.mean[1] + draw.z[1]) / 2
        words.append(word(x, y + 1, "drawn at random", style.muted, ground=True))
        end = draw.z[0] - draw.node / 2 - 6
        words.append(word(end, draw.z[1] + 1, "✕", style.accent, size=TEXT + 3, bold=True))
        room = draw.loss[0] - draw.node / 2 - draw.left - 4
        cut = "✕ A draw has no derivative: the gradient ends at z."
        lines = wrapped(cut, room, SMALL).splitlines()
        for row, text in enumerate(lines):
            y = draw.loss[1] + 7 - 10 * (len(lines) - 1 - row)
            words.append(word(draw.left, y, text, accent, across="left"))
        for at, text in (
            (trick.mean, f"∂L/∂z · 1 = {paths.mean_by_z[unit]:+.4f}"),
            (trick.log_var, f"∂L/∂z · σε/2 = {paths.log_var_by_z[unit]:+.4f}"),
        ):
            words.append(word(at[0], at[1] + PILL / 2 + 6, text, accent))
        words.append(
            word(trick.chance[0], trick.chance[1] + PILL / 2 + 6, "drawn from N(0, 1)", style.muted)
        )
        return words


_TITLE: dict[str, Any] = {"size": TEXT + 0.5, "bold": True, "across": "left"}


def _places(left: float, width: float, height: float) -> _Places:
    """Nodes of one half."""
    node = WIDE if width >= ROOM else NARROW
    first, last = left + node / 2 + 2, left + width - node / 2 - 4
    top = 36.0
    step = (height - top - 14) / 2
    rows = [top + i * step for i in range(3)]
    return _Places(
        left=left,
        width=width,
        node=node,
        mean=(first, rows[0]),
        log_var=(first, rows[1]),
        chance=(first, rows[2]),
        z=(last, rows[1]),
        loss=(last, rows[2]),
    )


def _edges(places: _Places, start: Point, end: Point, shift: float) -> tuple[Point, Point]:
    """From the edge of one pill to that of another; ``shift`` to the right of the way."""
    (x0, y0), (x1, y1) = start, end
    if x0 == x1:
        up = 1 if y1 > y0 else -1
        aside = up * shift if shift else APART
        return (x0 - aside, y0 + up * PILL / 2), (x1 - aside, y1 - up * (PILL / 2 + 1))
    along = 1 if x1 > x0 else -1
    half = places.node / 2
    return (x0 + along * half, y0 - along * shift), (x1 - along * (half + 1), y1 - along * shift)
