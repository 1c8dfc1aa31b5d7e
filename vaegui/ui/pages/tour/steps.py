"""What the tour says, what it points at, and what one does at each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vaegui.panels.focus import Focus
from vaegui.queries.many_times import RunManyTimes
from vaegui.runs.run import Run

__all__ = ["STEPS", "Moment", "TourStep"]


@dataclass(frozen=True, slots=True)
class Moment:
    """What is looked at, the run, and how many steps it has: when a step begins, or now."""

    focus: Focus
    run: Run
    trained: int


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step.

    Parameters
    ----------
    title, text
        What is there to see.
    todo
        The one thing to do.
    done
        Whether it is done, from the moment when the step began and the present one.
    targets
        What is framed: names of docks; actions on the toolbar, as "action.train"; other names are
        those of widgets, as "page.explain" and "explain.list".
    topic
        The explanation that is open when the step begins; '' for none.
    offer
        What a button on the card says that trains a new model; '' for no such button.
    ready
        Other attributes of the focus when it begins.
    """

    title: str
    text: str
    todo: str
    done: Callable[[Moment, Moment], bool]
    targets: tuple[str, ...]
    topic: str = ""
    offer: str = ""
    ready: dict[str, Any] = field(default_factory=dict)


ENOUGH = 1000
"""Steps of training after which Gaussians are seen to have found their places."""


def _other_probe(then: Moment, now: Moment) -> bool:
    return now.focus.example != then.focus.example


def _explaining(then: Moment, now: Moment) -> bool:
    return bool(now.focus.topic)


def _holding(then: Moment, now: Moment) -> bool:
    return bool(now.focus.held)


def _read_outs(then: Moment, now: Moment) -> bool:
    return now.focus.topic == "read-outs"


def _log_variance(then: Moment, now: Moment) -> bool:
    return now.focus.read_out == "log_var"


def _other_noise(then: Moment, now: Moment) -> bool:
    return now.focus.noise != then.focus.noise


def _many_times(then: Moment, now: Moment) -> bool:
    return now.run.latest(RunManyTimes) is not None


def _decoded(then: Moment, now: Moment) -> bool:
    cursor = now.focus.cursor
    return cursor is not None and cursor != then.focus.cursor


def _trained(then: Moment, now: Moment) -> bool:
    """Only from the beginning is seen how a Gaussian finds its place."""
    ended = now.trained > 0 and now.run.finished is not None
    return then.trained == 0 and (now.trained >= ENOUGH or ended)


STEPS = (
    TourStep(
        "This is one input",
        "Input shows one wine by six measurements: that is x. In Latent space it is the marked "
        "ellipse, one of many.",
        "Click another ellipse in Latent space.",
        _other_probe,
        ("input", "latent"),
    ),
    TourStep(
        "From x to a Gaussian",
        "The encoder computes that ellipse from the six numbers. The page Explain shows how, "
        "with the numbers of this network.",
        "Press Explain in the toolbar.",
        _explaining,
        ("page.explain",),
    ),
    TourStep(
        "A hidden vector of four",
        "Six measurements become four numbers, a₁ to a₄. Weights have one colour: they are "
        "learned, and the same for every wine. What is computed from this wine has the other.",
        "Click a₁ in the diagram: it is switched off, and all that follows from it changes.",
        _holding,
        ("explain.page",),
        "network",
        ready={"held": ()},
    ),
    TourStep(
        "μ₁ is a sum, not a mean",
        "μ₁ is not the mean of a. Each aⱼ is multiplied by a learned weight, the products are "
        "added, and a bias comes on top: a read-out. μ₂ has other weights for the same a.",
        "Open “μ and log σ² as sums” in the list.",
        _read_outs,
        ("explain.list",),
        "network",
        ready={"held": ()},
    ),
    TourStep(
        "σ₁ comes from a second sum",
        "The same a once more, with weights of its own, gives log σ₁². Half of it, exponentiated, "
        "is σ₁: always positive, and different for each wine.",
        "Choose log σ² instead of μ above the picture.",
        _log_variance,
        ("explain.page",),
        "read-outs",
        ready={"held": (), "read_out": "mean", "unit": 0},
    ),
    TourStep(
        "Another input, the same weights",
        "Products and sum belong to this wine, weights and bias to the network.",
        "Pick another wine: click an ellipse, or use the arrows beside “Input”. The weights stay.",
        _other_probe,
        ("explain.page", "latent"),
        "read-outs",
    ),
    TourStep(
        "One draw from it",
        "Mean and standard deviation make a Gaussian; the decoder gets one draw from it, "
        "z = μ + σ ε, where ε is noise.",
        "Press “New ε”: z changes, and μ and σ do not.",
        _other_noise,
        ("explain.page",),
        "network",
        ready={"held": ()},
    ),
    TourStep(
        "One input, many draws",
        "That is how one input has a mean and a standard deviation: pass it through the network "
        "again and again, and the draws of z have just these.",
        "Press Run, and compare the sample with what the network says.",
        _many_times,
        ("explain.page",),
        "many-times",
    ),
    TourStep(
        "Back from z to x",
        "The decoder turns every point of the plane into six measurements, also where no wine is.",
        "Drag the mouse across Latent space: the corner shows what the decoder makes of it.",
        _decoded,
        ("latent",),
    ),
    TourStep(
        "Train, and watch",
        "Training changes the weights, never μ or σ directly; all Gaussians follow from them. The "
        "loss wants wines to be told apart, and their Gaussians close to the prior, the rings.",
        "Train a new model, and watch the marked Gaussian find its place.",
        _trained,
        ("latent", "loss"),
        offer="Train a new model",
    ),
)
