import threading

import numpy as np
import pytest

from tests.training import tiny
from vaegui.runs.run import Run
from vaegui.training.engine import strategy
from vaegui.training.engine.engine import Engine
from vaegui.training.engine.strategy import Strategy
from vaegui.training.record.events import Computing, Progress
from vaegui.training.trainer.run_state import RunState
from vaegui.training.trainer.trainer import Trainer


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(strategy, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture(autouse=True)
def early(monkeypatch):
    monkeypatch.setattr(Engine, "graph_steps", 8)


def auto(**values):
    return tiny.trainer(training__compiler="auto", **values)


def test_measuring_leaves_the_run_as_it_was():
    measured = auto()
    told = [event.compiler for event in measured.run() if isinstance(event, Computing)]
    assert told == ["graph, for the first 8 steps", str(measured.model.strategy)]
    assert "measured" in measured.model.strategy.why
    chosen = "xla" if measured.model.strategy.xla else "graph"
    told = tiny.trainer(training__compiler=chosen)
    list(told.run())
    assert np.array_equal(measured.history.steps(), told.history.steps())


def test_a_measurement_is_made_once_for_each_network(monkeypatch):
    first = auto()
    list(first.run())
    monkeypatch.setattr("vaegui.training.trainer.placed.measure", lambda *_, **__: 1 / 0)
    again = auto(training__seed=7)
    again.prepare()
    assert again.model.strategy == first.model.strategy
    with pytest.raises(ZeroDivisionError):
        list(auto(architecture__widths=[12]).run())


def test_nobody_waits_for_xla_to_compile_convolutions_on_a_cpu():
    trainer = auto(architecture__kind="conv", architecture__filters=[2], architecture__hidden=4)
    trainer.prepare()
    assert trainer.model.strategy == Strategy(
        False, "as XLA is far slower at convolutions on a CPU"
    )


def test_the_first_steps_are_the_graphs_and_those_after_them_xlas(monkeypatch):
    graph, xla = tiny.trainer(), tiny.trainer(training__compiler="xla")
    for trainer in (graph, xla):
        list(trainer.run())
    steps = graph.history.steps(), xla.history.steps()
    assert np.array_equal(steps[0][:8], steps[1][:8])
    assert not np.array_equal(*steps)
    np.testing.assert_allclose(*steps, rtol=1e-4)


def test_a_run_that_is_stopped_and_opened_anywhere_changes_the_compiler_at_the_same_step():
    straight = tiny.trainer(training__compiler="xla")
    list(straight.run())
    for stop in (3, 8, 13):
        first = tiny.trainer(training__compiler="xla")
        list(first.run(max_steps=stop))
        second = Trainer(RunState(first.settings, first.data, first.history.copy()))
        second.model.restore(first.model.state())
        for to, value in zip(second.model.vae.weights, first.model.vae.weights, strict=True):
            to.assign(np.asarray(value))
        list(second.run())
        assert np.array_equal(second.history.steps(), straight.history.steps())


def test_while_xla_compiles_progress_is_told_and_the_run_can_be_stopped(monkeypatch):
    trainer, compiled = tiny.trainer(training__compiler="xla"), [True, False, False]
    monkeypatch.setattr(Engine, "compiled", lambda self, seconds: compiled.pop())
    events = list(trainer.run(max_steps=9))
    assert events.count(Progress("Compiling", 0, None)) == 2
    assert trainer.step == 9
    stopped = tiny.trainer(training__compiler="xla")
    monkeypatch.setattr(Engine, "compiled", lambda self, seconds: False)
    running = stopped.run(max_steps=9)
    next(event for event in running if isinstance(event, Progress))
    running.close()
    assert stopped.step == 8


def test_a_hopeless_compiler_is_timed_for_one_step_only(monkeypatch):
    monkeypatch.setattr(strategy, "HOPELESS", 0)
    trainer, steps = auto(), []
    train = Engine.train
    monkeypatch.setattr(
        Engine, "train", lambda self, *a, **k: steps.append(len(t := train(self, *a, **k))) or t
    )
    list(trainer.run(max_steps=9))
    assert steps[-3:] == [1, 1, 1]


def test_a_damaged_or_unwritable_memory_costs_nothing_but_time(own_cache):
    own_cache.mkdir()
    (own_cache / "compilers.json").write_text("{ not json")
    trainer = auto()
    assert strategy.remembered(trainer.settings, trainer.data) is None
    strategy.remember(trainer.settings, trainer.data, Strategy(False, "because"))
    assert strategy.remembered(trainer.settings, trainer.data) == Strategy(False, "because")
    (own_cache / "compilers.json").unlink()
    own_cache.rmdir()
    own_cache.write_text("a file where the folder should be")
    strategy.remember(trainer.settings, trainer.data, Strategy(True, "because"))
    assert strategy.remembered(trainer.settings, trainer.data) is None


def test_a_restored_run_keeps_its_compiler_whatever_was_measured_since():
    trainer = tiny.trainer(training__compiler="auto")
    trainer.model.strategy = Strategy(False, "because")
    list(trainer.run(max_steps=1))
    other = Trainer(RunState(trainer.settings, trainer.data, trainer.history.copy()))
    other.model.restore(trainer.model.state())
    assert other.model.strategy.xla is False


def test_preparing_compiles_without_a_step():
    trainer = auto()
    before = [np.asarray(v) for v in trainer.model.vae.trainable_variables]
    trainer.prepare()
    assert trainer.step == 0
    after = trainer.model.vae.trainable_variables
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_what_was_chosen_and_why_is_told():
    trainer = tiny.trainer()
    trainer.prepare()
    assert trainer.begun().compiler == "graph, as set"


@pytest.mark.parametrize("limit", [1, 1 << 30])
def test_a_run_that_was_not_compiled_at_first_tells_how_it_is_computed(monkeypatch, limit):
    for module in ("engine", "computing"):
        monkeypatch.setattr(f"vaegui.training.engine.{module}.RESIDENT_BYTES", limit)
    trainer = auto()
    run = Run(trainer.begun())
    assert (run.begun.compiler, run.computing) == ("not compiled yet", None)
    for event in trainer.run(max_steps=9, wants_snapshot=lambda: False):
        run.add(event)
    assert "measured: " in run.begun.compiler
    assert ("held in memory" if limit > 1 else "read as they are needed") in run.computing.data
    assert "50 ms" in run.computing.steps


def test_the_interpreter_waits_for_what_is_compiled_also_if_a_daemon_began_it(monkeypatch):
    begun = []
    start = threading.Thread.start

    def noted(thread):
        begun.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", noted)
    trainer = auto()
    worker = threading.Thread(target=lambda: list(trainer.run()), daemon=True)
    worker.start()
    worker.join()
    (compiler,) = [thread for thread in begun if thread.name == "vaegui-compiler"]
    assert not compiler.daemon
    compiler.join()
