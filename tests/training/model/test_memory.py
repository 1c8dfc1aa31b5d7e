"""What happens when a device has too little memory for a step."""

import gc

import keras
import numpy as np
import psutil
import pytest
import tensorflow as tf

from tests.training import tiny
from vaegui.errors import SettingsError
from vaegui.training.model.memory import bytes_per_example, rows_together
from vaegui.training.record.events import Finished

OOM = "OOM when allocating tensor with shape[128,784] and type float on /device:GPU:0"


def fail(*_, **__):
    raise tf.errors.ResourceExhaustedError(None, None, OOM)


def with_free_memory(patch, free):
    memory = type("Memory", (), {"available": int(free)})
    patch.setattr(psutil, "virtual_memory", lambda: memory)


def failed(trainer):
    with pytest.raises(SettingsError, match="too little memory") as caught:
        list(trainer.run())
    return caught.value


def test_running_out_of_memory_is_told_with_a_smaller_batch_and_it_trains_again_at_once(
    monkeypatch,
):
    trainer = tiny.trainer()
    with monkeypatch.context() as patch:
        patch.setattr(trainer.state.schedule, "controls", fail)
        error = failed(trainer)
    assert error.path == "training.batch_size"
    assert error.fix.values == {"training.batch_size": 64}
    assert list(trainer.run())[-1] == Finished("complete", 24)
    smaller = tiny.trainer(training__batch_size=64)
    assert list(smaller.run())[-1].reason == "complete"


def test_on_a_gpu_the_batch_that_fits_is_of_what_the_steps_had(monkeypatch):
    trainer = tiny.trainer()
    each = bytes_per_example(trainer.model.vae)
    monkeypatch.setattr(trainer.state.schedule, "controls", fail)
    gpu = tf.DeviceSpec(device_type="GPU", device_index=0)
    monkeypatch.setattr(tf.DeviceSpec, "from_string", lambda device: gpu)
    used = {"current": 10_000, "peak": 10_000 + int(25 * each)}
    monkeypatch.setattr(tf.config.experimental, "get_memory_info", lambda gpu: used)
    assert failed(trainer).fix.values == {"training.batch_size": 16}


def test_a_step_beyond_the_main_memory_is_refused_before_the_system_ends_the_program(monkeypatch):
    trainer = tiny.trainer(training__compiler="auto")
    each = bytes_per_example(trainer.model.vae)
    with monkeypatch.context() as patch:
        with_free_memory(patch, 100 * each)
        error = failed(trainer)
    assert trainer.step == 0
    assert error.fix.values == {"training.batch_size": 64}
    assert "KB" not in error.message
    assert list(trainer.run(max_steps=1))[-1].reason == "stepped"


def test_where_not_even_one_example_fits_no_batch_size_is_offered(monkeypatch):
    trainer = tiny.trainer()
    with_free_memory(monkeypatch, 10)
    error = failed(trainer)
    assert error.fix is None
    assert error.path == "architecture"


def test_a_step_needs_memory_for_every_output_of_every_layer():
    trainer = tiny.trainer()
    # 64 values in and out, flattened and put in shape again, 16 and 8 hidden units both ways.
    outputs = 64 + 64 + 16 + 8 + 2 + 2 + 2 + 8 + 16 + 64 + 64
    assert bytes_per_example(trainer.model.vae) == pytest.approx(2 * 4 * outputs, rel=0.1)


def test_optimisers_have_one_name_as_tensorflow_keeps_some_memory_for_each_name_for_good():
    first, second = (
        [variable.value.name for variable in tiny.trainer().model.vae.optimizer.variables]
        for _ in range(2)
    )
    assert first == second


def test_nothing_that_was_compiled_for_a_run_outlives_it():
    def graphs():
        gc.collect()
        return sum(isinstance(each, tf.Graph) for each in gc.get_objects())

    list(tiny.trainer().run())
    before = graphs()
    list(tiny.trainer().run())
    assert graphs() == before


@pytest.mark.parametrize("what", ["evaluate", "evidence", "encode", "decode"])
def test_running_out_of_memory_outside_of_training_is_told_alike(what, monkeypatch):
    trainer = tiny.trainer()
    model = trainer.model.inference
    x, z = trainer.examples.probes.x, np.zeros((1, 2))
    monkeypatch.setattr(keras.Model, "__call__", fail)
    doing = {
        "evaluate": lambda: list(trainer.evaluate()),
        "evidence": lambda: list(trainer.evidence(3)),
        "encode": lambda: model.encode(x),
        "decode": lambda: model.decode(z),
    }
    with pytest.raises(SettingsError, match="too little memory") as caught:
        doing[what]()
    assert caught.value.fix.values == {"training.batch_size": 64}


def test_calls_without_training_take_what_fits_and_never_less_than_a_batch(monkeypatch):
    vae = tiny.trainer().model.vae
    assert rows_together(vae, 128, most=512) == 512
    monkeypatch.setattr("vaegui.training.model.memory.TOGETHER", 200 * bytes_per_example(vae))
    assert rows_together(vae, 8, most=512) == 200
    assert rows_together(vae, 300, most=512) == 300
    assert rows_together(vae, 9_000, most=512) == 512
