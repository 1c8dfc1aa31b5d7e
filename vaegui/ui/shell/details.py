"""What the status bar says of a run in words, and its list of details."""

from __future__ import annotations

from vaegui.runs.run import Run
from vaegui.training.record.events import Evidence
from vaegui.ui.state.workbench import Workbench

__all__ = ["details", "ending", "evidence"]


def ending(run: Run) -> str:
    """How a run ended, where that is not plain to see; empty otherwise."""
    finished = run.finished
    if finished is None:
        return ""
    sentences = []
    if finished.reason == "early":
        epochs = "1 epoch" if run.epoch == 1 else f"{run.epoch} epochs"
        sentences.append(f"Ended early after {epochs}: validation no longer improved.")
    if finished.kept_epoch is not None:
        sentences.append(f"The weights are those of epoch {finished.kept_epoch}.")
    return " ".join(sentences)


def evidence(found: Evidence, caveat: str) -> str:
    """An estimate of log p(x) in a sentence, and what its likelihood has to say beside it."""
    estimate = (
        f"log p(x) at least {found.log_p:.2f} nats (standard error {found.standard_error:.2f}) "
        f"at step {found.step:,}, from {found.samples:,} draws each."
    )
    return f"{estimate} {caveat}".rstrip()


def details(workbench: Workbench) -> list[str]:
    """Device, compiler, model and packages, line by line."""
    ready, run = workbench.ready, workbench.run
    lines = []
    if ready is not None:
        lines.append(f"Device: {ready.device.name}")
        if ready.device.reason:
            lines.append(ready.device.reason)
        if len(ready.devices) > 1:
            named = ((name, device.name) for name, device in ready.devices.items())
            lines += ["Here are:", *(n if n == d else f"{n}: {d}" for n, d in named)]
    if run is not None:
        lines.append(f"Compiler: {run.begun.compiler}")
        if run.computing is not None:
            lines.append(f"Data: {run.computing.data}")
            lines.append(f"Steps in one call: {run.computing.steps}")
        lines.append(f"Trainable weights: {run.begun.parameters:,}")
        if run.history.epochs:
            active, units = run.history.epochs[-1].active_units, run.begun.settings.latent_units
            lines.append(f"Active units: {active} of {units}")
        if run.evidence is not None:
            lines.append(evidence(run.evidence, run.begun.settings.likelihood.caveat))
        if sentence := ending(run):
            lines.append(sentence)
    if ready is not None:
        lines += [f"{package} {version}" for package, version in ready.versions.items()]
    return lines
