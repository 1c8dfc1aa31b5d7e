"""Which device computes, and why it is not a GPU when it is not."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vaegui.errors import Fix, SettingsError
from vaegui.training.record.events import Device

if TYPE_CHECKING:
    from vaegui.training.settings.settings import Training

__all__ = [
    "Placement",
    "default_device",
    "devices",
    "place",
    "telling_of_determinism",
    "versions",
    "why_no_gpu",
]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a run is computed: ``scope()`` makes the context that puts computations there.

    ``note`` says why it is not where the settings say, in a sentence, or is empty.
    """

    device: Device
    scope: Callable[[], AbstractContextManager[object]]
    note: str = ""


def versions() -> dict[str, str]:
    """Return the versions of the packages that compute."""
    names = ("TensorFlow", "Keras", "NumPy")
    return {name: importlib.metadata.version(name.lower()) for name in names}


def default_device() -> Device:
    """Return the device that is used when the settings name none; imports TensorFlow."""
    gpus = _gpus()
    return _gpu(gpus[0]) if gpus else _cpu()


def devices() -> dict[str, Device]:
    """Return what can compute here, by the name that settings call it; imports TensorFlow."""
    gpus = {f"GPU:{number}": _gpu(gpu) for number, gpu in enumerate(_gpus())}
    return {"CPU": Device("CPU") if gpus else _cpu(), **gpus}


def place(training: Training, *, anywhere: bool = False) -> Placement:
    """Return where a run with these settings is computed.

    ``anywhere`` says that a device that is not there may be replaced by what "auto" would take.

    Raises
    ------
    SettingsError
        If the settings name a device that is not there, and it has to be that.
    """
    import tensorflow as tf

    gpus, wanted = _gpus(), training.device
    if training.deterministic and gpus and wanted != "CPU":
        # It cannot be taken back while the process lives, so only runs that need it ask for it.
        tf.config.experimental.enable_op_determinism()
    if wanted == "auto":
        return Placement(default_device(), nullcontext)
    if wanted == "CPU":
        return Placement(Device("CPU", "The settings ask for it."), partial(tf.device, "/CPU:0"))
    number = int(wanted.removeprefix("GPU:"))
    if number >= len(gpus) and anywhere:
        device = default_device()
        note = f"There is no {wanted} here, which the settings name; computed on {device.name}."
        return Placement(device, nullcontext, note)
    if number >= len(gpus):
        named = [f"{name} is {device.name}" for name, device in devices().items() if name != "CPU"]
        there = f"{', '.join(named)}." if named else why_no_gpu(built_with_cuda=_cuda())
        raise SettingsError(
            f"There is no {wanted} here. {there}",
            "Choose another device, or 'auto'.",
            "training.device",
            Fix("Use the device there is", {"training.device": "auto"}),
        )
    return Placement(_gpu(gpus[number]), partial(tf.device, f"/GPU:{number}"))


@contextmanager
def telling_of_determinism() -> Iterator[None]:
    """Turn TensorFlow's having no deterministic form of an operation into what can be done."""
    import tensorflow as tf

    try:
        yield
    except tf.errors.UnimplementedError as error:
        if "determinis" not in error.message:
            raise
        name = error.op.type if error.op is not None else "an operation"
        raise SettingsError(
            f"The GPU has no deterministic form of {name}, which this network needs: "
            f"{error.message}",
            "Compute on the CPU, which always gives the same bits; or switch 'Deterministic' off "
            "and start the program anew.",
            "training.deterministic",
            Fix("Use the CPU", {"training.device": "CPU"}),
        ) from error


def _gpus() -> list[Any]:
    """List the GPUs, made ready for use.

    They are set to take memory as they need it, because by default TensorFlow takes all of it and
    starves the desktop. That is possible only before the first computation: a notebook that has
    used TensorFlow before keeps what it chose then.
    """
    import tensorflow as tf

    gpus: list[Any] = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        # RuntimeError: in use already. ValueError: divided into virtual devices.
        with suppress(RuntimeError, ValueError):
            if not tf.config.experimental.get_memory_growth(gpu):
                tf.config.experimental.set_memory_growth(gpu, True)
    return gpus


def _gpu(gpu: Any) -> Device:
    import tensorflow as tf

    details = tf.config.experimental.get_device_details(gpu)
    return Device(str(details.get("device_name", gpu.name)))


def _cpu() -> Device:
    return Device("CPU", why_no_gpu(built_with_cuda=_cuda()))


def _cuda() -> bool:
    import tensorflow as tf

    return bool(tf.test.is_built_with_cuda())


def why_no_gpu(
    *,
    built_with_cuda: bool,
    system: str = sys.platform,
    machine: str | None = None,
    driver: Path = Path("/proc/driver/nvidia/version"),
    metal_installed: bool | None = None,
) -> str:
    """Say in a sentence why no GPU is used; asked only when TensorFlow lists none.

    Parameters
    ----------
    built_with_cuda
        Whether this build of TensorFlow can use CUDA at all.
    system, machine, driver, metal_installed
        What to judge by; by default this machine.
    """
    machine = platform.machine() if machine is None else machine
    if system == "win32":
        return (
            "TensorFlow uses no GPU on Windows itself; in WSL2 with vaegui[gpu] it uses NVIDIA's."
        )
    if system == "darwin":
        if metal_installed is None:
            metal_installed = importlib.util.find_spec("tensorflow-plugins") is not None
        if machine == "arm64" and metal_installed:
            return "tensorflow-metal is installed but does not work with this TensorFlow."
        return "TensorFlow uses no GPU on macOS."
    if not driver.exists():
        return "No NVIDIA driver is running on this machine."
    if not built_with_cuda:
        return "This build of TensorFlow cannot use CUDA."
    return "An NVIDIA driver is here, but CUDA's libraries are not: install vaegui[gpu]."
