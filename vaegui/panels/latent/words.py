"""The latent map in words, for screen readers and reports."""

from __future__ import annotations

from collections.abc import Sequence

from vaegui.analysis.posterior import standard_deviation
from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import example_name
from vaegui.panels.drawing.map.pair import weight_of_units
from vaegui.panels.drawing.picked import picked, unknown
from vaegui.panels.latent.options import LatentOptions
from vaegui.panels.latent.population_cloud import described
from vaegui.training.record.events import Snapshot

__all__ = ["map_text"]


def map_text(ctx: Context[LatentOptions], snapshot: Snapshot, units: Sequence[int]) -> str:
    """What a map of these units shows of a snapshot."""
    count, step, has_spread = len(snapshot.mean), snapshot.step, ctx.run.begun.settings.has_spread
    hidden = len(ctx.options.hidden_classes)
    left_out = f" {hidden} classes are hidden." if hidden else ""
    rest = f"{left_out} {_said_of(ctx, units)}{described(ctx)}"
    if not has_spread:
        named = " and ".join(f"unit {unit + 1}" for unit in units)
        if not count:
            return f"A map of {named}; the model's data are not here."
        return (
            f"The codes of {count} inputs after step {step:,} in {named}. This is a plain "
            f"autoencoder: each input has a point, no Gaussian, and there is no prior.{rest}"
        )
    kl = weight_of_units(ctx.run, snapshot)
    each = ["" if kl is None else f" ({kl[unit]:.2f} nats)" for unit in units]
    named = ", ".join(f"unit {unit + 1}{nats}" for unit, nats in zip(units, each, strict=True))
    if not count:
        return f"The prior's rings in {named}; the model's data are not here."
    sigmas = ctx.options.view.sigmas
    return (
        f"The Gaussians of {count} inputs after step {step:,} in {named}, {sigmas} standard "
        f"deviation{'s' * (sigmas > 1)} wide, over the prior's rings.{rest}"
    )


def _said_of(ctx: Context[LatentOptions], units: Sequence[int]) -> str:
    """What is known of the picked example, as a sentence."""
    known = picked(ctx)
    if known is None:
        return unknown(ctx)
    sd, has_spread = standard_deviation(known.log_var), ctx.run.begun.settings.has_spread
    own = ", ".join(
        f"mean {known.mean[unit]:.2f} and sd {sd[unit]:.2f} in unit {unit + 1}"
        if has_spread
        else f"{known.mean[unit]:.2f} in unit {unit + 1}"
        for unit in units
    )
    return f"{example_name(ctx.run.begun, known.ref).capitalize()} is picked: {own}."
