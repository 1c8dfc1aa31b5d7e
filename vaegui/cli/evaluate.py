"""How good a saved model is, on the command line."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from vaegui.machine.log import stderr_beside_log

if TYPE_CHECKING:
    from vaegui.runs.run import Run
    from vaegui.training.record.events import Evidence, Measured
    from vaegui.training.record.losses import LossTerms

__all__ = ["evaluate", "finite"]


def evaluate(
    model: Path,
    *,
    data: Path | None = None,
    samples: int = 500,
    json_: Annotated[bool, Parameter(name="--json", negative="", show_default=False)] = False,
) -> int:
    """Measure a saved model on the test part of its data.

    Parameters
    ----------
    model
        The .keras file, saved by the window or by "vaegui train".
    data
        The file or folder where its data are now, or data for a model without any. A file that a
        model names is read without this only if you opened it before.
    samples
        Draws of z for each example to estimate log p(x) with; 0 leaves that out.
    json_
        Print the results as one line of JSON on stdout.
    """
    from vaegui.cli.progress import Display

    with Display() as display:
        with stderr_beside_log():
            import vaegui.training.trainer.trainer
        run = vaegui.load(model, data=data, progress=display.progress)
        measured = run.evaluate(display.progress)
        estimated = samples if run.begun.settings.has_spread else 0
        evidence = run.log_p(estimated, display.progress) if estimated else None
    print(json.dumps(_document(run, measured, evidence)) if json_ else _words(run, measured))
    if evidence is not None and not json_:
        print(
            f"log p(x) at least {evidence.log_p:.2f} ± {evidence.standard_error:.2f} nats "
            f"({evidence.samples:,} samples)"
        )
        if caveat := run.begun.settings.likelihood.caveat:
            print(caveat)
    return 0


def finite(terms: LossTerms | None) -> dict[str, float | None] | None:
    """Terms for JSON, which has no word for numbers that are not finite: they become null."""
    return None if terms is None else {name: _number(v) for name, v in asdict(terms).items()}


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _document(run: Run, measured: Measured, evidence: Evidence | None) -> dict[str, Any]:
    estimate = evidence and {
        "samples": evidence.samples,
        "mean": _number(evidence.log_p),
        "standard_error": _number(evidence.standard_error),
        "caveat": run.begun.settings.likelihood.caveat,
    }
    spread = run.begun.settings.has_spread
    return {
        "step": measured.step,
        "part": _part(run),
        "examples": measured.examples,
        **(finite(measured.terms) or {}),
        # The KL of a plain autoencoder is not defined.
        **({} if spread else {"kl": None}),
        "kl_by_unit": [_number(kl) for kl in measured.kl_by_unit] if spread else None,
        "active_units": measured.active_units,
        "log_p": estimate,
    }


def _words(run: Run, measured: Measured) -> str:
    from vaegui.cli.progress import terms_text

    units = len(measured.kl_by_unit)
    return (
        f"{_part(run)}: {terms_text(measured.terms, has_spread=run.begun.settings.has_spread)}, "
        f"{measured.examples:,} examples\n"
        f"{measured.active_units} of {units} latent {'unit is' if units == 1 else 'units are'} "
        "active"
    )


def _part(run: Run) -> str:
    """Which examples are measured on."""
    return "test" if run.begun.data.test_examples else "train"
