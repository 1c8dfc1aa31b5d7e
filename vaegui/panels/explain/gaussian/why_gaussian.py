"""Why a Gaussian at all: the VAE beside a plain autoencoder that began the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from numpy.typing import NDArray

from vaegui.analysis.explain import nearest_distance
from vaegui.analysis.posterior import kl_by_unit, leading_pair, standard_deviation
from vaegui.declared import Declared, setting
from vaegui.panels.context import Context
from vaegui.panels.drawing.features import bars_text
from vaegui.panels.drawing.stage import SMALL, TEXT, Stage, plain
from vaegui.panels.drawing.text import fitting, subscript, text_width
from vaegui.panels.drawing.tiles import tiles
from vaegui.panels.explain.shared.base import BigQuestion, Control, ExperimentControls
from vaegui.panels.explain.shared.explanation_base import ExplanationBase
from vaegui.panels.explain.shared.plots import HEAD, THIN, Map, Plot, spots
from vaegui.panels.latent.gaussians import Gaussians
from vaegui.queries.base import Result
from vaegui.queries.plain_autoencoder import PlainAutoencoder, PlainAutoencoderFound, Trained
from vaegui.training.record.events import Prepared

__all__ = ["WhyGaussian"]

Array = NDArray[Any]

SQUARE, STRIP = 5, 9
"""Columns of the decoded draws, beside the map and below it."""
PICTURES = 25
LEGEND = 140.0
"""Width of the curves' names, in points."""
CURVES = 96.0
"""Height of the curves below, in points, where there is room."""


class TwinsOptions(Declared):
    """How long both are trained."""

    steps: int = setting(
        1_000,
        title="Steps",
        help="How many steps each of the two is trained, on the same batches.",
        unit="steps",
        ge=1,
        le=100_000,
    )


def _experiment(ctx: Context[Any], options: TwinsOptions) -> PlainAutoencoder:
    return PlainAutoencoder(options.steps)


class WhyGaussian(ExplanationBase[Result[PlainAutoencoderFound]]):
    """For each of the two its map and what draws from the prior decode to; below, both losses."""

    name: ClassVar[str] = "why-gaussian"
    title: ClassVar[str] = "Why a Gaussian at all?"
    trains: ClassVar[bool] = True
    question: ClassVar[str] = "Why not simply a point for each input?"
    part: ClassVar[BigQuestion] = "gaussian"
    controls: ClassVar[tuple[Control, ...]] = (
        ExperimentControls(
            label="Train both",
            tip="Train two copies from the same untrained start: the VAE, and a plain autoencoder "
            "with σ = 0 and no KL term. The model itself stays as it is.",
            kind=PlainAutoencoder,
            options=TwinsOptions(),
            make=_experiment,
            begins="Both copies are put back to the same untrained start ...",
        ),
    )
    empty: ClassVar[str] = (
        "Press Train both: the VAE and a plain autoencoder (σ = 0, no KL term) are trained from "
        "the same start for the same steps. Their latent maps and what draws from the prior "
        "decode to will appear side by side."
    )

    def content(self, ctx: Context[Any]) -> Result[PlainAutoencoderFound] | None:
        """See `PanelBase.content`."""
        return ctx.latest(PlainAutoencoder)

    def create_artists(self, stage: Stage, begun: Prepared) -> None:
        """See `PanelBase.create_artists`."""
        style, probes = stage.style, begun.probes
        self._maps = [Map(stage), Map(stage)]
        self._labels, coloured = probes.labels, probes.labels is not None
        self._each = [Gaussians(plot.axes, style, coloured=coloured) for plot in self._maps]
        self._samples = [tiles(stage.axes(frame=False), style, begun) for _ in range(2)]
        self._drawn = [
            plot.axes.plot(
                [], [], "x", color=style.text, markersize=5, markeredgewidth=1.3, zorder=4
            )[0]
            for plot in self._maps
        ]
        self._heads = [
            stage.text(0, 0, "prior draws, decoded", size=SMALL, color=style.muted)
            for _ in range(2)
        ]
        self._loss = Plot(stage, "steps of the copies")
        self._curves = [
            self._loss.axes.plot([], [], color=colour, linewidth=1.7, linestyle=dashes)[0]
            for colour, dashes in ((style.units[0], "-"), (style.units[1], (0, (4, 2))))
        ]
        self._keys = [
            stage.text(0, 0, name, size=TEXT, color=colour, ha="right")
            for name, colour in (("VAE", style.units[0]), ("plain autoencoder", style.units[1]))
        ]
        self._pair: tuple[int, int] | None = None

    def update_artists(self, content: Result[PlainAutoencoderFound], ctx: Context[Any]) -> bool:
        """See `PanelBase.update_artists`."""
        finding, experiment = content.value, content.value.query
        stale = False
        for i, trained in enumerate((finding.vae, finding.plain)):
            stale |= self._draw_map(i, trained, finding.z)
        return self._draw_loss(finding, experiment.steps) or stale

    def moving_artists(self) -> Sequence[Artist]:
        """See `PanelBase.moving_artists`."""
        words = [t for plot in (*self._maps, self._loss) for t in plot.texts()]
        on_maps = [artist for each in self._each for artist in each.artists()]
        pictures = [artist for tile in self._samples for artist in tile.artists()]
        return [
            *words,
            *self._heads,
            *self._keys,
            *on_maps,
            *self._drawn,
            *pictures,
            *self._curves,
        ]

    def describe(self, ctx: Context[Any]) -> str:
        """See `Panel.describe`."""
        run = ctx.run
        observed = ctx.latest(PlainAutoencoder)
        if observed is None:
            return (
                "A plain autoencoder gives each input a point: σ = 0, and no KL term that draws "
                "the points towards the prior. Train both from the same start, and look where the "
                "points lie, and what a draw from N(0, I) decodes to."
            )
        return _description(observed) + ("" if observed.doing else bars_text(run.begun))

    def arrange(self) -> None:
        """Two columns of map and samples, and the curves below."""
        stage = self._stage
        curves = min(CURVES, 0.34 * stage.height)
        half, height = (stage.width - 32) / 2, stage.height - curves - 12
        below = height > 0.8 * half
        self._columns = STRIP if below else SQUARE
        rows = -(-PICTURES // self._columns)
        across, down = self._samples[0].size(self._columns, rows)
        room = (half, 0.36 * height) if below else (0.38 * half, height - HEAD - 8)
        width = min(room[0], room[1] * across / down)
        strip = width * down / across
        (halves,) = stage.grid((8, 4, stage.width - 18, height), columns=(1, 1), gap=14)
        for i, (plot, tile) in enumerate(zip(self._maps, self._samples, strict=True)):
            left = halves[i][0]
            if below:
                plot.arrange(left, 4, half, height - strip - 14)
                x, y = left + (half - width) / 2, height - strip + 4
            else:
                plot.arrange(left, 4, half - width - 8, height)
                x, y = left + half - width, 4 + HEAD + 8
            stage.place(tile.axes, x, y, width, strip)
            self._heads[i].set_position((x, y - 5))
        self._loss.arrange(8, stage.height - curves - 4, stage.width - 16, curves)
        y = stage.height - curves + 4
        self._keys[1].set_position((stage.width - 16, y))
        beside = stage.width - 26 - text_width(self._keys[1].get_text(), TEXT)
        self._keys[0].set_position((beside, y))

    def _draw_map(self, i: int, trained: Trained, z: Array) -> bool:
        pair = self._pair_of(i, trained)
        centre, plain_one = spots(trained.mean, pair), i == 1
        sd = standard_deviation(trained.log_var)
        half = np.zeros_like(centre) if plain_one else spots(sd, pair, THIN)
        low, high = np.quantile(centre, [0.005, 0.995], axis=0)
        plot = self._maps[i]
        stale = plot.follow(np.stack([low, high]), np.zeros((2, 2)))
        self._each[i].move(centre, half, self._labels)
        self._drawn[i].set_data(*spots(z, pair).T)
        names = [subscript(unit + 1) for unit in pair]
        where = f": z{names[0]} across" + (f", z{names[1]} up" if len(names) > 1 else "")
        title = "plain autoencoder" if plain_one else "VAE"
        plot.head(f"{title}{where};  × draws from the prior", f"{title};  × prior draws", title)
        self._samples[i].show(trained.samples, np.zeros(len(trained.samples), bool), self._columns)
        return stale

    def _pair_of(self, i: int, trained: Trained) -> tuple[int, ...]:
        """The units that matter most: in the VAE by KL, and the same in the other."""
        if trained.mean.shape[1] == 1:
            return (0,)
        if i == 0:
            kl = kl_by_unit(trained.mean, trained.log_var).mean(axis=0)
            self._pair = leading_pair(kl, self._pair)
        return self._pair or (0, 1)

    def _draw_loss(self, finding: PlainAutoencoderFound, steps: int) -> bool:
        both = np.stack([finding.vae.reconstruction, finding.plain.reconstruction])
        # The first look, before any training, would take all the room.
        first = 1 if both.shape[1] > 3 else 0
        for line, values in zip(self._curves, both, strict=True):
            line.set_data(finding.step[first:], values[first:])
        low, high = float(both[:, first:].min()), float(both[:, first:].max())
        long = "reconstruction term with z = μ(x), mean over the inputs, nats"
        room = self._loss.width - LEGEND
        self._loss.head(fitting(room, TEXT, long, "reconstruction term, nats", bold=True))
        before = self._loss.axes.get_xlim()
        self._loss.axes.set_xlim(0, steps)
        return self._loss.limit(None, (low, high)) or before != self._loss.axes.get_xlim()


def _description(observed: Result[PlainAutoencoderFound]) -> str:
    """How far both are, and how they differ, as measured."""
    finding = observed.value
    step = int(finding.step[-1])
    if observed.doing:
        return f"{observed.doing} ..."
    vae, other = finding.vae, finding.plain
    holes = [float(np.median(nearest_distance(finding.z, t.mean))) for t in (vae, other)]
    spread = [float(np.sqrt(t.mean.var(axis=0).mean())) for t in (vae, other)]
    sigma = float(standard_deviation(vae.log_var).mean())
    less = other.reconstruction[-1] < vae.reconstruction[-1]
    return plain(
        f"After {step:,} steps from the same start the reconstruction term is "
        f"{other.reconstruction[-1]:.2f} nats in the plain autoencoder and "
        f"{vae.reconstruction[-1]:.2f} in the VAE"
        + ("; it has no other term to lower. " if less else ". ")
        + "But nothing says where "
        f"a plain autoencoder's points lie: their sd is {spread[1]:.2f} ({spread[0]:.2f} in the "
        f"VAE, where each input also covers a σ of {sigma:.2f} on average). Half of the draws from "
        f"N(0, I) lie farther than {holes[1]:.2f} from every encoded input shown ({holes[0]:.2f} "
        "in the VAE). What they decode to stands beside each map, for the same z."
    )
