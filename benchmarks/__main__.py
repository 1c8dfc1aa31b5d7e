"""Run the benchmarks and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from benchmarks.data import arrays, rates, reading, scale
from benchmarks.plot import draw
from benchmarks.result import Result, machine
from benchmarks.training import engine, outside, quality
from benchmarks.window import importing, panels, window

BENCHMARKS = (
    quality.defaults,
    quality.published,
    engine.dense,
    engine.convolutional,
    engine.epochs,
    outside.jax_scan,
    outside.whole_run,
    scale.examples,
    scale.memory,
    arrays.pictures,
    arrays.large,
    reading.tables,
    rates.mapped,
    rates.decoded,
    window.startup,
    window.training,
    window.another_network,
    importing.importing,
    panels.painting,
)
NAMED = {function.__name__: function for function in BENCHMARKS}
PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def main() -> int:
    """Measure what is named here, or everything, each in a process of its own, for the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(NAMED)}")
    parser.add_argument("--mnist", type=Path, help="folder with MNIST's four original gzip files")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.names) - set(NAMED)):
        parser.error(f"there is no benchmark called {', '.join(unknown)}")
    if not arguments.names:
        own = [] if arguments.mnist is None else ["--mnist", str(arguments.mnist)]
        rows: list[str] = []
        for name in NAMED:
            rows += _apart(name, own)
            PAGE.write_text(_page(rows), "utf-8")  # what was measured stays if it is interrupted
            draw(rows, PAGE.with_suffix(".png"))
        return 0
    for name in arguments.names:
        for result in NAMED[name](arguments.mnist):
            print(result.row(), flush=True)
    return 0


def _apart(name: str, options: list[str]) -> list[str]:
    """Run one benchmark in a process of its own; its rows, or one that says that it failed."""
    command = [sys.executable, "-m", "benchmarks", name, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = [line for line in done.stdout.splitlines() if line.startswith("|")]
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no message"])[-1]
        rows.append(Result(name, f"could not be measured: {why}").row())
    print("\n".join(rows), flush=True)
    return rows


def _page(rows: list[str]) -> str:
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "Measured with `make bench` (`python -m benchmarks`); medians of paired runs.",
            "",
            f"Machine: {machine()}.",
            "",
            "![Training rates of the engine as multiples of other tools' rates](benchmarks.png)",
            "",
            "| What | Measured | Target | Met |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
