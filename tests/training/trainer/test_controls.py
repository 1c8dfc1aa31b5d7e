"""What changes while a run goes on: rates, weights, early ends, live changes, divergence."""

import numpy as np
import pytest
import tensorflow as tf

from tests.training import tiny
from vaegui.core.objective import Capacity, Objective
from vaegui.core.schedules import LinearWarmUp
from vaegui.errors import DataError, DivergedError, SettingsError
from vaegui.runs.run import Run
from vaegui.training.model.devices import place
from vaegui.training.record.events import Finished, Rewound
from vaegui.training.record.history import History
from vaegui.training.record.losses import EpochDone, LossTerms, StepsDone
from vaegui.training.trainer.step_schedule import StepSchedule

EPOCH = 12


def weights(trainer):
    return [np.asarray(v) for v in trainer.model.vae.trainable_variables]


def add_all(run, events):
    for event in events:
        run.add(event)


def run_until_it_fails(trainer):
    run = Run(trainer.begun())
    with pytest.raises(DivergedError) as caught:
        add_all(run, trainer.run())
    return run, caught.value


@pytest.mark.parametrize("kind", ["adam", "adamw", "rmsprop", "sgd"])
def test_every_optimiser_lowers_the_loss(kind):
    rate = 1e-4 if kind == "sgd" else 1e-3
    trainer = tiny.trainer(
        optimiser__kind=kind, optimiser__learning_rate=rate, optimiser__clip_norm=100.0
    )
    list(trainer.run())
    total = trainer.history.total
    assert total[-EPOCH:].mean() < total[:EPOCH].mean()


@pytest.mark.parametrize(
    "kind", ["continuous-bernoulli", "gaussian", "gaussian-learned", "laplace"]
)
def test_every_likelihood_trains_and_goes_on_with_the_same_bits(kind):
    straight, stopped = (tiny.trainer(likelihood__kind=kind) for _ in range(2))
    list(straight.run())
    list(stopped.run(max_steps=7))
    list(stopped.run())
    assert straight.history.epochs[-1].train.total < straight.history.epochs[0].train.total
    assert np.array_equal(straight.history.steps(), stopped.history.steps())


def test_the_total_is_weighted_as_the_warm_up_says():
    trainer = tiny.trainer(objective__beta=3.0, objective__warm_up={"kind": "linear", "length": 2})
    list(trainer.run())
    history, beta = trainer.history, 3.0 * np.arange(2 * EPOCH) / (2 * EPOCH)
    np.testing.assert_allclose(
        history.total, history.reconstruction + beta * history.kl, rtol=1e-5, atol=1e-5
    )


def test_a_rate_of_nothing_moves_nothing():
    trainer = tiny.trainer(
        optimiser__schedule={"kind": "cosine", "warm_up": 1.0}, training__epochs=1
    )
    before = weights(trainer)
    list(trainer.run(max_steps=1))  # the warm-up begins at a rate of 0
    assert all(np.array_equal(a, b) for a, b in zip(before, weights(trainer), strict=True))
    list(trainer.run(max_steps=1))
    assert not all(np.array_equal(a, b) for a, b in zip(before, weights(trainer), strict=True))


def test_beta_and_learning_rate_change_while_it_trains_and_are_marked():
    trainer = tiny.trainer(training__epochs=3)
    run = Run(trainer.begun())
    events = trainer.run()
    while trainer.step < 5:
        run.add(next(events))
    changed = trainer.settings.with_values(
        {"objective.beta": 2.0, "optimiser.learning_rate": 0.005}
    )
    run.add(trainer.adopt(changed))
    step = trainer.step
    for event in events:
        run.add(event)
    assert run.history.marks == [(step, "learning rate 0.005, beta 2")]
    after = slice(step, None)
    np.testing.assert_allclose(
        run.history.total[after],
        run.history.reconstruction[after] + 2 * run.history.kl[after],
        rtol=1e-5,
    )
    assert run.begun.settings == changed
    assert trainer.state.controls(step, 1)[0, 0] == pytest.approx(0.005)


def test_early_stopping_and_keeping_the_best_wait_for_the_capacity_target():
    trainer = tiny.trainer(
        training__epochs=6,
        optimiser__learning_rate=0.05,
        objective__constraint={"kind": "capacity", "nats": 5.0, "length": 4.0},
        training__stopping={"kind": "early", "patience": 1},
        training__keep="best",
    )
    finished = list(trainer.run())[-1]
    assert len(trainer.history.epochs) > 4
    assert finished.kept_epoch > 4
    assert Objective(constraint=Capacity(length=4.0)).settled_after(6) == 4.0
    both = Objective(warm_up=LinearWarmUp(length=5.0), constraint=Capacity(length=4.0))
    assert both.settled_after(6) == 5.0


def test_the_rising_loss_of_a_warm_up_is_no_plateau():
    plateau = {"kind": "plateau", "patience": 1, "by": 0.1}
    values = {"optimiser.schedule": plateau, "objective.warm_up": {"kind": "linear", "length": 3}}
    settings, history = tiny.settings().with_values(values), History()
    for epoch in range(1, 6):
        terms = LossTerms(float(epoch), 0.0, 0.0)
        units = np.zeros(2, np.float32)
        history.add_epoch(EpochDone(epoch, EPOCH * epoch, terms, terms, units, 0, 1.0))
    full = settings.optimiser.learning_rate
    schedule = StepSchedule(settings, history, EPOCH)
    assert schedule.controls(3 * EPOCH, 1)[0, 0] == pytest.approx(full)
    assert schedule.controls(5 * EPOCH, 1)[0, 0] == pytest.approx(full / 10)


def test_a_run_ends_early_and_keeps_the_best_weights():
    trainer = tiny.trainer(
        training__epochs=50,
        optimiser__learning_rate=0.1,
        training__stopping={"kind": "early", "patience": 2},
        training__keep="best",
    )
    finished = list(trainer.run())[-1]
    losses = [e.validation.total for e in trainer.history.epochs]
    assert finished.reason == "early"
    assert len(losses) < 50
    assert finished.kept_epoch == int(np.argmin(losses)) + 1
    x = trainer.examples.dataset.test.read(slice(None)).x
    evaluation = trainer.model.inference.evaluate(x, 0)
    assert evaluation.total / len(x) == pytest.approx(min(losses), rel=1e-5)


def test_active_units_are_those_whose_mean_varies():
    trainer = tiny.trainer(latent_units=3, training__epochs=1)
    list(trainer.run(max_steps=EPOCH - 1))
    layer = trainer.model.vae.encoder.get_layer("mean")
    layer.set_weights([layer.kernel.numpy() * [1, 1, 0], layer.bias.numpy()])
    trainer.adopt(trainer.settings.with_values({"optimiser.learning_rate": 1e-12}))
    list(trainer.run())
    mean, _ = trainer.model.inference.encode(trainer.examples.dataset.test.read(slice(None)).x)
    assert trainer.history.epochs[0].active_units == int((mean.var(axis=0) > 0.01).sum()) < 3


@pytest.mark.parametrize("likelihood", ["gaussian", "bernoulli"])
def test_an_enormous_learning_rate_stops_at_the_last_finite_state(likelihood):
    trainer = tiny.trainer(
        optimiser__kind="sgd", optimiser__learning_rate=1e6, likelihood__kind=likelihood
    )
    run, error = run_until_it_fails(trainer)
    assert "learning rate" in error.message + error.remedy
    assert f"step {trainer.step + 1:,}" in error.message
    assert all(np.isfinite(w).all() for w in weights(trainer))
    assert np.isfinite(trainer.history.steps()).all()
    assert np.array_equal(run.history.steps(), trainer.history.steps())
    assert np.isfinite(trainer.snapshot().mean).all()


def test_the_state_it_returns_to_is_that_of_the_step_itself():
    """The failing step is not the first: what is restored is replayed to the bit."""
    good, bad = tiny.trainer(training__epochs=3), tiny.trainer(training__epochs=3)
    list(good.run(max_steps=17))
    list(bad.run(max_steps=17))
    bad.model.checkpoint.take(17, force=True)
    for event in bad.run():
        if isinstance(event, StepsDone) and bad.step >= 20:
            break
    finite_until = bad.step
    list(good.run(max_steps=finite_until - 17))
    bad.model.vae.encoder.get_layer("mean").kernel.assign(np.full((8, 2), np.nan, np.float32))
    with pytest.raises(DivergedError):
        list(bad.run())
    assert bad.step == finite_until
    assert all(np.array_equal(a, b) for a, b in zip(weights(good), weights(bad), strict=True))


def assert_it_goes_back_to_here(trainer, events):
    """Spoil a weight and train on: the model must be put back to how it was."""
    before, step = weights(trainer), trainer.step
    trainer.model.vae.encoder.get_layer("mean").kernel.assign(np.full((8, 2), np.nan, np.float32))
    with pytest.raises(DivergedError):
        list(events)
    assert trainer.step == step
    assert all(np.array_equal(a, b) for a, b in zip(before, weights(trainer), strict=True))


def test_going_back_after_a_live_change_gives_the_bits_that_were_there():
    trainer = tiny.trainer(training__epochs=3)
    list(trainer.run(max_steps=14))
    events = trainer.run()
    while trainer.step < 17:
        next(events)
    trainer.adopt(trainer.settings.with_values({"optimiser.learning_rate": 0.05}))
    step = trainer.step
    while trainer.step < step + 2:
        next(events)
    assert_it_goes_back_to_here(trainer, events)
    assert trainer.history.marks == [(step, "learning rate 0.05")]


def test_going_back_beyond_a_plateaus_reduction_gives_the_bits_that_were_there(monkeypatch):
    monkeypatch.setattr("vaegui.training.model.rewind.INTERVAL", 1e9)
    plateau = {"kind": "plateau", "patience": 1, "by": 0.1}
    trainer = tiny.trainer(
        training__epochs=9, optimiser__learning_rate=0.3, optimiser__schedule=plateau
    )
    events = trainer.run()
    while trainer.state.controls(trainer.step, 1)[0, 0] == np.float32(0.3) and next(events):
        pass
    while len(trainer.history) % EPOCH < 2:
        next(events)
    assert trainer.model.checkpoint.step == 0
    assert_it_goes_back_to_here(trainer, events)


def test_weights_that_went_wrong_after_an_epochs_last_loss_are_put_back():
    trainer = tiny.trainer(training__epochs=1)
    run = Run(trainer.begun())
    events = trainer.run()
    while trainer.step < EPOCH:
        run.add(next(events))
    trainer.model.vae.encoder.get_layer("mean").bias.assign([np.inf, 0.0])
    with pytest.raises(DivergedError):
        add_all(run, events)
    assert trainer.step == EPOCH == run.step
    assert trainer.model.checkpoint.is_finite()


def test_after_divergence_a_new_model_with_a_lower_rate_trains():
    run_until_it_fails(tiny.trainer(optimiser__kind="sgd", optimiser__learning_rate=1e6))
    again = tiny.trainer(optimiser__kind="sgd", optimiser__learning_rate=1e-5)
    assert list(again.run())[-1] == Finished("complete", 2 * EPOCH)


def test_an_extreme_log_variance_bias_stays_finite():
    trainer = tiny.trainer()
    trainer.model.vae.encoder.get_layer("log_var").bias.assign([200.0, -200.0])
    list(trainer.run())
    assert np.isfinite(trainer.history.steps()).all()
    assert all(np.isfinite(w).all() for w in weights(trainer))


@pytest.mark.parametrize("bias", [-1e4, 200.0, 1e4])
@pytest.mark.parametrize(
    "kind", ["bernoulli", "continuous-bernoulli", "gaussian", "gaussian-learned", "laplace"]
)
def test_loss_and_all_gradients_are_finite_for_any_log_variance(kind, bias):
    trainer = tiny.trainer(likelihood__kind=kind)
    vae = trainer.model.vae
    vae.encoder.get_layer("log_var").bias.assign([bias, -bias])
    x = trainer.data.scaling.to_model(trainer.examples.dataset.train.read(slice(32)).x)
    with tf.GradientTape() as tape:
        loss = vae.loss_of(vae.terms(x, tf.random.stateless_normal((32, 2), [0, 0])))[0]
    gradients = tape.gradient(loss, [v.value for v in vae.trainable_variables])
    assert np.isfinite(loss)
    assert all(np.isfinite(gradient).all() for gradient in gradients)
    assert float(np.abs(gradients[-1]).max()) > 0


def test_a_batch_of_one_trains():
    trainer = tiny.trainer(training__batch_size=1, training__epochs=1)
    list(trainer.run(max_steps=5))
    assert np.isfinite(trainer.history.steps()).all()


def test_a_row_that_is_not_finite_is_found_before_training(monkeypatch):
    from vaegui.data import Digits8x8

    real = Digits8x8.load

    def spoiled(source, progress):
        dataset = real(source, progress)
        dataset.train.read(slice(None)).x[100, 3, 3] = np.nan
        return dataset

    monkeypatch.setattr(Digits8x8, "load", spoiled)
    with pytest.raises(DataError, match="missing or infinite"):
        tiny.trainer()


def test_rewound_events_take_a_run_back():
    trainer = tiny.trainer()
    run = Run(trainer.begun())
    for event in trainer.run():
        run.add(event)
    run.add(Rewound(EPOCH + 3))
    assert (run.step, len(run.history.epochs)) == (EPOCH + 3, 1)


def test_mixed_precision_computes_in_16_bits_and_leaves_keras_policy_alone():
    import keras

    trainer = tiny.trainer(training__precision="mixed", training__epochs=4)
    assert trainer.model.vae.encoder.get_layer("hidden_1").compute_dtype == "bfloat16"
    assert keras.config.dtype_policy().name == "float32"
    list(trainer.run())
    assert trainer.history.epochs[-1].train.total < trainer.history.epochs[0].train.total
    assert trainer.snapshot().mean.dtype == np.float32


def test_a_device_that_is_not_there_is_refused_with_the_reason():
    with pytest.raises(SettingsError, match="GPU:3") as caught:
        place(tiny.settings(training__device="GPU:3").training)
    assert caught.value.fix.values == {"training.device": "auto"}


def test_the_cpu_can_be_asked_for():
    trainer = tiny.trainer(training__device="CPU")
    list(trainer.run(max_steps=2))
    assert trainer.begun().device.name == "CPU"
    assert "CPU:0" in trainer.model.vae.trainable_variables[0].value.device
