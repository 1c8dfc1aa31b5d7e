"""The network as the classic diagram, with the numbers of one input."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist

from vaegui.analysis.posterior import standard_deviation
from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import example_name
from vaegui.panels.drawing.features import Features
from vaegui.panels.drawing.navigation import is_click
from vaegui.panels.drawing.stage import Stage
from vaegui.panels.drawing.text import subscript
from vaegui.panels.explain.graph.graph import NARROW, OTHERS, Key, Merge, NetworkGraph, Notes, graph
from vaegui.panels.explain.graph.layout import HEAD, lay_out, needed, room_for
from vaegui.panels.explain.network.diagram import Diagram, seen_as
from vaegui.panels.explain.shared.base import BigQuestion, Control
from vaegui.panels.explain.shared.choosing import Chosen, units_shown
from vaegui.panels.explain.shared.explanation_base import ExplainsInput
from vaegui.panels.explain.shared.words import edge_text, exact, held_text, node_text, whole
from vaegui.panels.focus import Focus
from vaegui.panels.panel import Pointer
from vaegui.queries.base import Result
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained
from vaegui.training.record.events import Prepared

__all__ = ["NetworkPanel"]

FOOT = 20.0
NORMAL = 560.0, 330.0
"""Width and height in points at which text has its normal size."""
SMALLEST = 0.7
MERGES: tuple[Merge, ...] = ("none", "blocks", "all")
STROKE = 70.0
"""Points that a drag goes for a change as large as the largest activation."""
BOUNDS = {"relu": (0.0, np.inf), "tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}
"""What an activation can be."""


class NetworkPanel(ExplainsInput):
    """Input, hidden vector, two read-outs for each unit, noise, z, decoder, output."""

    name: ClassVar[str] = "network"
    title: ClassVar[str] = "The network, number by number"
    question: ClassVar[str] = "What does the network do with this input?"
    part: ClassVar[BigQuestion] = "mu"
    controls: ClassVar[tuple[Control, ...]] = ("example", "unit", "beside", "noise", "held")
    empty: ClassVar[str] = (
        "Train a model: its network will appear here with the numbers of the picked input, from "
        "the input to the hidden vector a, its read-outs μ and log σ², z, and the output."
    )
    gestures: ClassVar[str] = (
        "Point: value and formula  ·  click an activation: off or on  ·  "
        "drag it: another value  ·  click μ or log σ²: its weights"
    )

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        self._layout: object = None
        self._chosen = Chosen()
        self._graph: NetworkGraph | None = None
        self._grip: tuple[int, float] | None = None
        self._diagram = Diagram(stage, begun)
        self._features = Features(begun) if len(begun.data.shape) == 1 else None

    def depends(self, ctx: Context[Any]) -> tuple[object, ...]:
        """See `Panel.depends`."""
        focus = ctx.focus
        return *super().depends(ctx), focus.unit, focus.beside, focus.read_out, focus.held

    def arrange(self) -> None:
        """See `PanelBase.arrange`: places follow from what is shown, too."""
        self._layout = None

    def update_artists(self, content: Result[Explained], ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        run, focus = ctx.run, ctx.focus
        made = self._made(content, run.begun, focus)
        self._graph = made
        layout = (
            # Which nodes, not only how many: each place belongs to one of them.
            tuple(made.nodes),
            [(c.name, c.kind, c.size) for c in (*made.before, *made.after)],
        )
        stale = layout != self._layout
        if stale:
            self._layout = layout
            scale = self._fitting(made)
            bottom, top = self._stage.height - FOOT * scale, HEAD * scale
            found = lay_out(made, self._stage.width, top, bottom, scale)
            self._diagram.arrange(made, found, run.begun.settings.latent_units)
        return self._diagram.show(made, content.value, focus) or stale

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        return self._diagram.artists()

    def point(self, pointer: Pointer, ctx: Context[Any]) -> Context[Any]:
        """Click an activation: off or on. Drag it: another value. Click a read-out: its weights."""
        answer = ctx.latest(Explain)
        if answer is None or self._graph is None or not self._stage.shown:
            return ctx
        match pointer.kind:
            case "press" if pointer.button == 1:
                key = self._diagram.node_at(*self._stage.at(pointer.x, pointer.y))
                self._grip = None
                if key is not None and key[0] == "a" and key[1] != OTHERS:
                    self._grip = key[1], self._graph.nodes[key].value or 0.0
            case "drag" if self._grip is not None and not is_click(pointer):
                return self._dragged(pointer, answer.value, ctx)
            case "release":
                self._grip = None
                if pointer.button == 1 and is_click(pointer):
                    key = self._diagram.node_at(*self._stage.at(pointer.x, pointer.y))
                    return ctx if key is None else _clicked(key, ctx)
        return ctx

    def hover_text(self, x: float, y: float, ctx: Context[Any]) -> str:
        """The formula of the node or edge under the mouse."""
        if self._graph is None or not self._stage.shown:
            return ""
        at = self._stage.at(x, y)
        key = self._diagram.node_at(*at)
        if key is not None:
            columns = (*self._graph.before, *self._graph.after)
            layers = {column.name: column.layer for column in columns}
            return node_text(self._graph.nodes[key], self._graph, layers)
        edge = self._diagram.edge_at(*at)
        return "" if edge is None else edge_text(edge, self._graph)

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run, focus = ctx.run, ctx.focus
        answer = ctx.latest(Explain)
        if answer is None:
            return ctx.not_kept or self.empty
        explained = answer.value
        name = example_name(run.begun, explained.example.ref)
        formula = _read_out_formula(explained, min(focus.unit, len(explained.mean.bias) - 1), name)
        return f"{formula}{_scale_text(run.begun)}\n\n{self._held_text(explained, focus)}"

    def _held_text(self, explained: Explained, focus: Focus) -> str:
        held = held_text(explained.passed, focus.held)
        if not held or explained.held is None:
            click = " or ".join(["μ", "log σ²"][: len(explained.read_outs)])
            return (
                "Point at a node or an edge for its formula. Click an activation to switch it off, "
                f"drag it up or down to change it, click {click} to see its weights."
            )
        return f"{held} What follows from it follows; in grey, what the numbers were."

    def _scale(self) -> float:
        fit = min(self._stage.width / NORMAL[0], self._stage.height / NORMAL[1])
        return float(np.clip(fit, 0.92, 1.5))

    def _made(self, answer: Result[Explained], begun: Prepared, focus: Focus) -> NetworkGraph:
        explained = answer.value
        scale = self._scale()
        height = self._stage.height - (HEAD + FOOT) * scale
        rows, groups = room_for(height, scale)
        units = units_shown(len(explained.mean.bias), groups, focus)
        shown = self._chosen.activations(explained, units, min(rows, 12), focus.held)
        few = self._features is not None and len(self._features) <= NARROW
        notes = _notes(self._features, answer) if self._features and few else ((), ())
        for merge in MERGES:
            made = graph(explained, units, shown, notes, merge)
            if needed(made, self._stage.width, scale) <= self._stage.width:
                break
        return made

    def _fitting(self, made: NetworkGraph) -> float:
        """The scale at which it fits: smaller text rather than nodes upon each other."""
        scale = self._scale()
        wide = needed(made, self._stage.width, scale)
        return max(SMALLEST, scale * min(1.0, self._stage.width / wide))

    def _dragged(self, pointer: Pointer, explained: Explained, ctx: Context[Any]) -> Context[Any]:
        assert self._grip is not None
        assert pointer.pressed is not None
        j, start = self._grip
        up = (pointer.y - pointer.pressed[1]) * 72 / self._stage.figure.dpi
        largest = max(float(np.abs(explained.passed.a).max()), 0.1)
        layer = explained.encoder[-1] if explained.encoder else None
        low, high = BOUNDS.get(layer.activation if layer else "", (-np.inf, np.inf))
        value = float(np.clip(start + up / STROKE * largest, low, high))
        return _hold(ctx, j, round(value, 3))


def _clicked(key: Key, ctx: Context[Any]) -> Context[Any]:
    name, index = key
    if name == "a" and index != OTHERS:
        if any(j == index for j, _ in ctx.focus.held):
            return ctx.with_focus(held=tuple(h for h in ctx.focus.held if h[0] != index))
        return _hold(ctx, index, 0.0)
    if name == "eps":
        return ctx.with_focus(noise=ctx.focus.noise + 1)
    if name in ("mean", "log_var"):
        beside = ctx.focus.unit if index == ctx.focus.beside else ctx.focus.beside
        return ctx.with_focus(unit=index, beside=beside, read_out=name)
    return ctx


def _hold(ctx: Context[Any], index: int, value: float) -> Context[Any]:
    others = tuple(h for h in ctx.focus.held if h[0] != index)
    return ctx.with_focus(held=tuple(sorted((*others, (index, value)))))


def _read_out_formula(explained: Explained, unit: int, name: str) -> str:
    """How z of a unit comes of the hidden vector, with symbols and with numbers."""
    passed = explained.held or explained.passed
    i, z = subscript(unit + 1), exact(float(passed.z[unit]))
    mean = f"{whole(f'μ{i} = Σⱼ w{i}ⱼ aⱼ + b{i}')} = {exact(float(passed.mean[unit]))}"
    vector = f"The hidden vector a = (a₁ … a{subscript(len(passed.a))}) of {name} is read out"
    if explained.log_var is None:
        return (
            f"{vector} once for each latent unit: {mean}. This is a plain autoencoder: there is no "
            f"σ and no noise, and the decoder gets {whole(f'z{i} = μ{i}')} itself."
        )
    sd = float(standard_deviation(passed.log_var)[unit])
    return (
        f"{vector} twice for each latent unit, each time with weights of its own: {mean} and "
        f"{whole(f'log σ{i}² = Σⱼ v{i}ⱼ aⱼ + c{i}')} = {exact(float(passed.log_var[unit]))}, hence "
        f"{whole(f'σ{i} = exp(log σ{i}² / 2)')} = {exact(sd)}. "
        f"The decoder gets {whole(f'z{i} = μ{i} + σ{i} ε{i}')} = {z}."
    )


def _scale_text(begun: Prepared) -> str:
    """What the numbers of the inputs are, where each has a node and its value above it."""
    features = math.prod(begun.data.shape)
    how = seen_as(begun)
    if len(begun.data.shape) != 1 or features > NARROW or how == "as they are":
        return ""
    formula = ", (value − mean) / sd" if how == "standardised" else ""
    return f" Each xᵢ is as the model sees it: {how}{formula}; above it stands the value itself."


def _notes(features: Features, answer: Result[Explained]) -> tuple[Notes, Notes]:
    """Names of the features with the values in their own units, for inputs and outputs."""
    explained = answer.value
    passed = explained.held or explained.passed

    def noted(values: np.ndarray) -> Notes:
        return [(features.names[i], features.value(i, v)) for i, v in enumerate(values)]

    return noted(explained.example.x), noted(passed.reconstruction)
