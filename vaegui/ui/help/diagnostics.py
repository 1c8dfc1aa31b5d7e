"""Diagnostics to paste into a report: no names, paths or data of the user's."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator
from typing import Any, Literal, get_origin

import PySide6
from pydantic import BaseModel
from PySide6.QtCore import QSysInfo, qVersion
from PySide6.QtGui import QGuiApplication

from vaegui.machine.log import last_errors
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.theme import Theme
from vaegui.version import __version__

__all__ = ["diagnostics", "settings_lines"]


def diagnostics(workbench: Workbench, theme: Theme) -> str:
    """Versions, machine, device, settings and the last errors, as text to paste into a report.

    No names or paths of files, no name of data, classes or features, no example, and of errors
    only their kinds and where in the code they came up.
    """
    run, ready = workbench.run, workbench.ready
    versions = {"vaegui": __version__, "Python": platform.python_version()}
    versions |= ready.versions if ready else {"TensorFlow": "not loaded"}
    versions |= {"PySide6": PySide6.__version__, "Qt": qVersion() or "unknown"}
    parts = {
        "Versions": [f"{name} {version}" for name, version in versions.items()],
        "Machine": [
            f"{QSysInfo.prettyProductName()}, {platform.system()} {platform.release()}, "
            f"{platform.machine()}",
            f"{os.cpu_count()} processors",
            f"window system {QGuiApplication.platformName()}, theme {theme.choice}",
            *_screens(),
        ],
        "Computing": [f"state {workbench.state}"],
        "Settings in Setup": ["not valid"],
    }
    if ready:
        parts["Computing"].append(f"device {ready.device.name}. {ready.device.reason}")
    if run:
        begun = run.begun
        parts["Computing"] += [
            f"compiler {begun.compiler}",
            f"run at step {run.step:,} of {run.total_steps:,}, {begun.parameters:,} parameters, "
            f"{run.examples_per_s:,.0f} examples/s",
        ]
        parts["Settings of the run"] = list(settings_lines(begun.settings))
    if workbench.settings:
        parts["Settings in Setup"] = list(settings_lines(workbench.settings))
    parts["Last errors"] = last_errors() or ["none"]
    head = f"vaegui diagnostics, {time.strftime('%Y-%m-%d %H:%M:%S %z')}"
    return "\n\n".join([head, *(f"{name}\n{_listed(lines)}" for name, lines in parts.items())])


def settings_lines(settings: BaseModel, prefix: str = "") -> Iterator[str]:
    """Settings as lines ``training.epochs = 20``; words that a user could write are left out."""
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from settings_lines(value, f"{prefix}{name}.")
        elif _is_harmless(value) or get_origin(field.annotation) is Literal:
            yield f"{prefix}{name} = {value}"
        else:
            yield f"{prefix}{name} = (left out)"


def _is_harmless(value: Any) -> bool:
    """Whether a value is made of numbers only."""
    if isinstance(value, (tuple, list)):
        return all(_is_harmless(each) for each in value)
    return value is None or isinstance(value, (bool, int, float))


def _screens() -> list[str]:
    return [
        f"screen {screen.size().width()}x{screen.size().height()}, "
        f"scale {screen.devicePixelRatio():g}, {screen.logicalDotsPerInch():.0f} dpi"
        for screen in QGuiApplication.screens()
    ]


def _listed(lines: list[str]) -> str:
    return "\n".join(f"  {part}" for line in lines for part in line.splitlines())
