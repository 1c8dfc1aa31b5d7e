import json
import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow as tf

from tests.training import tiny
from vaegui.errors import SettingsError
from vaegui.training.model.devices import default_device, devices, place, why_no_gpu
from vaegui.training.record.events import Finished

NOWHERE = Path("/nowhere/driver")


@pytest.mark.parametrize(
    ("system", "machine", "metal", "word"),
    [
        ("win32", "AMD64", False, "WSL2"),
        ("darwin", "arm64", True, "tensorflow-metal"),
        ("darwin", "arm64", False, "macOS"),
        ("linux", "x86_64", False, "driver"),
    ],
)
def test_the_reason_names_what_is_missing(system, machine, metal, word):
    reason = why_no_gpu(
        built_with_cuda=True, system=system, machine=machine, driver=NOWHERE, metal_installed=metal
    )
    assert word in reason


def test_with_a_driver_it_is_the_libraries_or_the_build(tmp_path):
    driver = tmp_path / "version"
    driver.touch()
    with_cuda = why_no_gpu(built_with_cuda=True, system="linux", driver=driver)
    assert "vaegui[gpu]" in with_cuda
    assert "build" in why_no_gpu(built_with_cuda=False, system="linux", driver=driver)


def run_apart(script):
    """What a script prints, as JSON; in a process of its own, as devices are fixed at the start."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


SECOND_DEVICE = """
import json
from functools import partial
import numpy as np
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from tests.training import tiny
from vaegui.training.trainer import trainer as module
from vaegui.training.model.devices import Placement
from vaegui.training.record.events import Device
place = lambda training, **_: Placement(Device("second"), partial(tf.device, "/CPU:1"))
here = tiny.trainer()
list(here.run())
module.place = place
there = tiny.trainer()
list(there.run())
there.snapshot()
vae, engine = there.model.vae, there.model.engine
variables = [*vae.variables, *vae.optimizer.variables]
print(json.dumps({
    "variables": sorted({v.value.device.rpartition(":")[2] for v in variables}),
    "data": engine.resident.device,
    "said": there.begun().device.name,
    "same": bool(np.array_equal(here.history.steps(), there.history.steps())),
    "loss": [e.validation.total for e in there.history.epochs],
}))
"""


def test_everything_of_a_run_lies_on_the_device_that_it_was_placed_on():
    told = run_apart(SECOND_DEVICE)
    assert told["variables"] == ["1"]
    assert told["data"].endswith("CPU:1")
    assert told["said"] == "second"
    assert told["same"]
    assert told["loss"][1] < told["loss"][0]


DETERMINISTIC = """
import json
import numpy as np
import tensorflow as tf
from tests.training import tiny
from vaegui.training.model.devices import place
config = tf.config
there, config.list_physical_devices = config.list_physical_devices, lambda kind: [gpu]
gpu = config.PhysicalDevice("/physical_device:GPU:0", "GPU")
config.experimental.get_memory_growth = lambda gpu: True
config.experimental.get_device_details = lambda gpu: {"device_name": "A GPU"}
# A machine with a GPU is the only one where the switch is turned; the CPU obeys it, too.
place(tiny.settings(training__deterministic=True, training__device="GPU:0").training)
config.list_physical_devices = there
runs = []
for _ in range(2):
    trainer = tiny.trainer(
        training__deterministic=True, training__compiler="xla", training__device="CPU"
    )
    list(trainer.run())
    trainer.snapshot()
    runs.append(trainer.history.steps())
from tensorflow.python.framework import config
print(json.dumps([config.is_op_determinism_enabled(), bool(np.array_equal(*runs))]))
"""


def test_all_that_is_computed_has_a_deterministic_form():
    assert run_apart(DETERMINISTIC) == [True, True]


def test_an_operation_without_a_deterministic_form_is_named_with_a_way_out(monkeypatch):
    trainer = tiny.trainer()

    def fail(*_, **__):
        message = "A deterministic GPU implementation of Frobnicate is not currently available."
        raise tf.errors.UnimplementedError(None, None, message)

    with monkeypatch.context() as patch:
        patch.setattr(trainer.model.engine, "train", fail)
        with pytest.raises(SettingsError, match="Frobnicate") as caught:
            list(trainer.run())
    assert caught.value.path == "training.deterministic"
    assert caught.value.fix.values == {"training.device": "CPU"}
    assert list(trainer.run())[-1] == Finished("complete", 24)


class FakeGpus:
    """TensorFlow's list of GPUs, for a machine that has none."""

    def __init__(self, *names):
        self.names = dict(zip((f"/physical_device:GPU:{i}" for i in range(9)), names, strict=False))
        self.growing = []

    def put_in_place(self, patch):
        gpus = [tf.config.PhysicalDevice(name, "GPU") for name in self.names]
        patch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
        config = tf.config.experimental
        patch.setattr(config, "get_memory_growth", lambda gpu: gpu.name in self.growing)
        patch.setattr(config, "set_memory_growth", lambda gpu, on: self.growing.append(gpu.name))
        patch.setattr(
            config, "get_device_details", lambda gpu: {"device_name": self.names[gpu.name]}
        )


def test_every_gpu_is_listed_by_name_and_takes_memory_as_it_needs_it(monkeypatch):
    gpus = FakeGpus("RTX Fast", "RTX Faster")
    gpus.put_in_place(monkeypatch)
    assert {name: device.name for name, device in devices().items()} == {
        "CPU": "CPU",
        "GPU:0": "RTX Fast",
        "GPU:1": "RTX Faster",
    }
    assert gpus.growing == list(gpus.names)
    devices()
    assert gpus.growing == list(gpus.names)  # it may be set once only
    assert default_device().name == "RTX Fast"


@pytest.mark.parametrize(("wanted", "device"), [("auto", "One"), ("GPU:1", "Two"), ("CPU", "CPU")])
def test_the_device_that_is_wanted_is_taken(monkeypatch, wanted, device):
    FakeGpus("One", "Two").put_in_place(monkeypatch)
    assert place(tiny.settings(training__device=wanted).training).device.name == device


def test_a_gpu_too_many_is_refused_with_the_names_of_those_there_are(monkeypatch):
    FakeGpus("One", "Two").put_in_place(monkeypatch)
    with pytest.raises(SettingsError, match="GPU:0 is One, GPU:1 is Two") as caught:
        place(tiny.settings(training__device="GPU:2").training)
    assert caught.value.fix.values == {"training.device": "auto"}


# --- on a real GPU ----------------------------------------------------------------------------

needs_gpu = pytest.mark.skipif(
    not tf.config.list_physical_devices("GPU"), reason="TensorFlow finds no GPU on this machine"
)


@needs_gpu
def test_on_a_gpu_memory_grows_and_everything_lies_there():
    trainer = tiny.trainer(training__device="GPU:0")
    list(trainer.run())
    assert tf.config.experimental.get_memory_growth(tf.config.list_physical_devices("GPU")[0])
    assert all("GPU:0" in v.value.device for v in trainer.model.vae.trainable_variables)
    assert trainer.history.epochs[1].train.total < trainer.history.epochs[0].train.total


@needs_gpu
@pytest.mark.parametrize("precision", ["float32", "mixed"])
def test_a_gpu_comes_to_what_the_cpu_comes_to(precision):
    on_cpu = tiny.trainer(training__device="CPU")
    on_gpu = tiny.trainer(training__device="GPU:0", training__precision=precision)
    for trainer in (on_cpu, on_gpu):
        list(trainer.run())
    cpu, gpu = (t.history.epochs[-1].validation.total for t in (on_cpu, on_gpu))
    assert gpu == pytest.approx(cpu, rel=0.02 if precision == "mixed" else 1e-3)


GPU_DETERMINISTIC = """
import json
import numpy as np
from tests.training import tiny
values = dict(training__deterministic=True, training__device="GPU:0", architecture__kind="conv")
runs = [tiny.trainer(**values) for _ in range(2)]
for trainer in runs:
    list(trainer.run())
print(json.dumps(bool(np.array_equal(*(trainer.history.steps() for trainer in runs)))))
"""


@needs_gpu
def test_a_deterministic_gpu_gives_the_same_bits_twice():
    assert run_apart(GPU_DETERMINISTIC) is True


GPU_MEMORY = """
import json
import tensorflow as tf
gpu = tf.config.list_physical_devices("GPU")[0]
limit = tf.config.LogicalDeviceConfiguration(memory_limit=256)
tf.config.set_logical_device_configuration(gpu, [limit])
from tests.training import tiny
from vaegui.errors import SettingsError
tf.config.experimental.get_memory_growth = lambda gpu: True  # it cannot be set beside a limit
values = {"training__device": "GPU:0", "training__epochs": 1, "architecture__widths": [65_536]}
fix = None
try:
    list(tiny.trainer(training__batch_size=1024, **values).run())
except SettingsError as error:
    fix = error.fix.values
list(tiny.trainer(training__device="GPU:0").run())
print(json.dumps(fix))
"""


@needs_gpu
def test_a_gpu_whose_memory_is_at_its_end_trains_again_at_once():
    assert run_apart(GPU_MEMORY)["training.batch_size"] < 1024


def test_a_gpu_that_is_in_use_already_is_used_as_it_is(monkeypatch):
    # As in a notebook that has computed with TensorFlow before.
    def refused(*_):
        raise RuntimeError("Physical devices cannot be modified after being initialized")

    config = tf.config.experimental
    gpu = type("Gpu", (), {"name": "/physical_device:GPU:0"})()
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [gpu])
    monkeypatch.setattr(config, "get_memory_growth", lambda gpu: False)
    monkeypatch.setattr(config, "get_device_details", lambda gpu: {"device_name": "Card"})
    monkeypatch.setattr(config, "set_memory_growth", refused)
    assert default_device().name == "Card"
