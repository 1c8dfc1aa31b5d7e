"""Which device computes, and why it is not a GPU when it is not."""

from __future__ import annotations

import importlib.util
import platform
import sys
from pathlib import Path

from vaegui.training.events import Device

__all__ = ["choose_device", "why_no_gpu"]


def choose_device() -> Device:
    """The device that TensorFlow will compute on, made ready for use.

    GPUs are set to take memory as they need it, because by default TensorFlow takes all of it and
    starves the desktop. To be called before anything else touches TensorFlow.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    if gpus:
        details = tf.config.experimental.get_device_details(gpus[0])
        return Device(str(details.get("device_name", gpus[0].name)))
    return Device("CPU", why_no_gpu(built_with_cuda=tf.test.is_built_with_cuda()))


def why_no_gpu(
    *,
    built_with_cuda: bool,
    system: str = sys.platform,
    machine: str | None = None,
    driver: Path = Path("/proc/driver/nvidia/version"),
    metal_installed: bool | None = None,
) -> str:
    """The reason why no GPU is used, in a sentence; called only when TensorFlow lists none.

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
