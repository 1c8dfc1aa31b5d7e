"""Train a variational autoencoder by pointing and clicking, and see every input's own Gaussian.

In Python: `train` trains a model by `Settings` and gives a run; `load` opens a saved one,
`import_keras` one that a Keras script saved; `open_data` says what a file of examples holds.
Nothing heavy is imported before one is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vaegui.version import __version__

if TYPE_CHECKING:
    from vaegui.api import import_keras, load, open_data, train
    from vaegui.runs.run import Run
    from vaegui.training.settings.settings import Settings

__all__ = ["Run", "Settings", "__version__", "import_keras", "load", "open_data", "train"]

_HOMES = {
    "Run": "vaegui.runs.run",
    "Settings": "vaegui.training.settings.settings",
    "import_keras": "vaegui.api",
    "load": "vaegui.api",
    "open_data": "vaegui.api",
    "train": "vaegui.api",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
