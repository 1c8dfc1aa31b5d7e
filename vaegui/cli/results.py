"""What the command line prints of a run that is over."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from vaegui.cli.evaluate import finite
from vaegui.cli.progress import terms_text
from vaegui.runs.run import Run

__all__ = ["print_results"]


def print_results(run: Run, out: Path, *, as_json: bool) -> None:
    """Print to stderr where the run was saved, and its results to stdout: in words, or as JSON."""
    steps = "1 step" if run.step == 1 else f"{run.step:,} steps"
    print(f"Saved to {out} after {steps}.", file=sys.stderr)
    if as_json:
        print(json.dumps(_results(run)))
    elif run.history.epochs:
        last, part = run.history.epochs[-1], run.begun.data.watched
        width = len("train: ") if part == "test" else len(f"{part}: ")
        test = f"\n{part + ':':<{width}}{terms_text(last.validation)}" if last.validation else ""
        print(f"{'train:':<{width}}{terms_text(last.train)}{test}")


def _results(run: Run) -> dict[str, Any]:
    """The last epoch's terms, and the rate once all is compiled."""
    epochs = run.history.epochs
    last = epochs[-1] if epochs else None
    # The first epoch's time includes compiling, unless it is all there is.
    timed = epochs[1:] or epochs
    seconds = sum(epoch.seconds for epoch in timed)
    rate = len(timed) * run.begun.data.train_examples / seconds if seconds else None
    return {
        "epochs": len(epochs),
        "train": finite(last.train if last else None),
        run.begun.data.watched: finite(last.validation if last else None),
        "examples_per_s": rate,
    }
