"""Run the benchmarks and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from benchmarks import engine, quality, window
from benchmarks.result import machine

BENCHMARKS = (
    quality.defaults,
    quality.published,
    engine.dense,
    engine.convolutional,
    window.startup,
    window.training,
)
PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def main() -> int:
    """Measure what is named, or everything; write the page if it was everything."""
    names = [function.__name__ for function in BENCHMARKS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(names)}")
    parser.add_argument("--mnist", type=Path, help="folder with MNIST's four original gzip files")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(names)
    if unknown:
        parser.error(f"there is no benchmark called {', '.join(sorted(unknown))}")
    rows = []
    for function in BENCHMARKS:
        if not arguments.names or function.__name__ in arguments.names:
            for result in function(arguments.mnist):
                rows.append(result.row())
                print(result.row(), flush=True)
    if not arguments.names:
        PAGE.write_text(_page(rows), "utf-8")
    return 0


def _page(rows: list[str]) -> str:
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "Measured with `make bench` (`python -m benchmarks`); medians of paired runs.",
            "",
            f"Machine: {machine()}.",
            "",
            "| What | Measured | Target | Met |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
