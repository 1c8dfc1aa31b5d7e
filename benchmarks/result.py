"""One measured figure, and the machine that it was measured on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

__all__ = ["Result", "machine"]


@dataclass(frozen=True, slots=True)
class Result:
    """A figure beside its target.

    ``measured`` and ``target`` are texts with units; ``met`` is None where there is no target.
    """

    what: str
    measured: str
    target: str = ""
    met: bool | None = None

    def row(self) -> str:
        """A row of a Markdown table."""
        verdict = {None: "", True: "yes", False: "**no**"}[self.met]
        return f"| {self.what} | {self.measured} | {self.target} | {verdict} |"


def machine() -> str:
    """What it was measured on, in a line."""
    packages = ", ".join(f"{p} {version(p)}" for p in ("tensorflow", "keras", "PySide6_Essentials"))
    return f"{os.cpu_count()} x {_processor()}, Python {platform.python_version()}, {packages}"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
