"""``vaegui`` and ``python -m vaegui``: the window, or the command line when told so."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["main"]

_COMMANDS = frozenset(
    {
        "train",
        "data",
        "follow",
        "evaluate",
        "encode",
        "decode",
        "sample",
        "traverse",
        "settings",
        "devices",
        "import",
        "export",
    }
)
"""What the first word may be for the command line to run instead of the window."""

DATA = "--data"
"""Followed by a file or folder: to look at in the window, or the data of the model named first."""


def main() -> int:
    """Run the program with the arguments of the process; its exit code."""
    # Before NumPy is imported. Threads of its matrix products wait for each other at every step,
    # and training has those processors: several together took ten times as long as one alone.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    first = sys.argv[1] if len(sys.argv) > 1 else ""
    # One dash begins an option of Qt's, e.g. -platform.
    if first in _COMMANDS or (first.startswith("--") and first != DATA) or first == "-h":
        from vaegui.cli import main as cli

        return cli.main(sys.argv[1:])
    if mistake := _mistaken(sys.argv[1:]):
        print(mistake, file=sys.stderr)
        return 2
    from vaegui.machine.display import why_no_display

    # Before app, which imports Qt: that fails where a system library of Qt's is missing.
    if why_not := why_no_display(sys.argv[1:]):
        print(why_not, file=sys.stderr)
        return 2
    from vaegui import app

    return app.main(sys.argv)


def _mistaken(arguments: list[str]) -> str:
    """Say why the window cannot open what is named: data after ``--data``, a model; or ''."""
    if DATA in arguments:
        data = arguments[arguments.index(DATA) + 1 :]
        if not data:
            return "--data needs a file or folder. See vaegui --help."
        if not Path(data[0]).exists():
            return f"There is no file or folder {data[0]}."
    argument = next(iter(arguments), "")
    if not argument or argument.startswith("-") or Path(argument).exists():
        return ""
    if argument.endswith(".keras"):
        return f"There is no file {argument}."
    return f"There is neither a file nor a command called {argument}. See vaegui --help."


if __name__ == "__main__":
    sys.exit(main())
