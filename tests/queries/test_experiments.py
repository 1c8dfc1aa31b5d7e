"""Experiments: what they find, and that the model and its training do not notice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.training.tiny import probe, trainer
from vaegui.analysis.posterior import standard_deviation
from vaegui.errors import VaeguiError
from vaegui.queries.base import Query, Result
from vaegui.queries.computing.copies import untrained_engine
from vaegui.queries.equal_rows import EqualRows, EqualRowsFound
from vaegui.queries.many_times import ManyTimesFound, RunManyTimes
from vaegui.queries.plain_autoencoder import PlainAutoencoder, PlainAutoencoderFound
from vaegui.queries.population import Population, PopulationFound
from vaegui.session.broker import QueryBroker
from vaegui.training.trainer.trainer import Trainer


@pytest.fixture(scope="module")
def trained() -> Trainer:
    """A tiny model after a few steps."""
    subject = trainer()
    for _ in subject.run(max_steps=5):
        pass
    return subject


class Bench:
    """A broker for one model, and all that it told."""

    def __init__(self, subject: Trainer) -> None:
        self.told: list[Result[Any]] = []
        self.broker = QueryBroker(self.told.append)
        self.broker.serve(subject)

    def find(self, query: Query[Any]) -> Any:
        """Ask a query and wait for its end; what was found."""
        self.broker.want([])
        self.broker.want([query])
        while self.broker.active:
            self.broker.advance(training=False)
        return self.told[-1].value


@pytest.fixture
def bench(trained: Trainer) -> Bench:
    return Bench(trained)


def bits(subject: Trainer) -> dict[str, bytes]:
    """All of the model and its state, bit by bit."""
    arrays = {
        str(i): np.asarray(w) for i, w in enumerate(subject.model.vae.weights)
    } | subject.model.state()
    return {name: array.tobytes() for name, array in arrays.items()}


def test_draws_are_mean_plus_sd_times_eps_of_the_seed(bench: Bench, trained: Trainer) -> None:
    found = bench.find(RunManyTimes(probe(2), count=300, seed=7))
    assert isinstance(found, ManyTimesFound)
    mean, log_var = trained.model.inference.encode(trained.examples.probes.x[2:3])
    eps = np.random.Generator(np.random.Philox(7)).standard_normal((300, 2), np.float32)
    np.testing.assert_allclose(found.z, mean + standard_deviation(log_var) * eps, rtol=1e-6)
    decoded = trained.model.inference.decode(found.z)
    np.testing.assert_allclose(found.decoded, decoded[:64], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(found.decoded_mean, decoded.mean(axis=0), rtol=1e-4, atol=1e-4)
    sd = decoded.astype(float).std(axis=0, ddof=1)
    np.testing.assert_allclose(found.decoded_sd, sd, rtol=1e-3, atol=1e-4)


def test_more_of_the_same_goes_on_from_the_draws_that_there_are(bench: Bench) -> None:
    few = bench.find(RunManyTimes(probe(0), count=50, seed=1)).z
    known = len(bench.told)
    more = bench.find(RunManyTimes(probe(0), count=120, seed=1)).z
    assert all(event.done > 50 for event in bench.told[known:])
    assert np.array_equal(more[:50], few)
    bench.find(RunManyTimes(probe(1), count=1, seed=1))
    at_once = bench.find(RunManyTimes(probe(0), count=120, seed=1)).z
    assert np.array_equal(at_once, more)


def test_fewer_of_the_same_are_the_first_of_them(bench: Bench) -> None:
    more = bench.find(RunManyTimes(probe(0), count=120, seed=1)).z
    few = bench.find(RunManyTimes(probe(0), count=50, seed=1)).z
    assert np.array_equal(few, more[:50])


def test_another_seed_draws_others(bench: Bench) -> None:
    one = bench.find(RunManyTimes(probe(0), count=20, seed=1)).z
    other = bench.find(RunManyTimes(probe(0), count=20, seed=2)).z
    assert not np.any(one == other)


@pytest.mark.parametrize("count", [0, 100_001])
def test_a_number_of_times_out_of_bounds_is_refused(bench: Bench, count: int) -> None:
    with pytest.raises(VaeguiError, match="100,000"):
        bench.find(RunManyTimes(probe(0), count=count, seed=0))


def test_the_population_is_the_whole_training_part(bench: Bench, trained: Trainer) -> None:
    found = bench.find(Population())
    assert isinstance(found, PopulationFound)
    mean, log_var = trained.model.inference.encode(
        trained.examples.dataset.train.read(slice(None)).x
    )
    np.testing.assert_allclose(found.mean, mean, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.log_var, log_var, rtol=1e-5, atol=1e-6)
    assert found.labels is not None
    assert np.array_equal(found.labels, trained.examples.dataset.train.labels)


def test_equal_rows_give_equal_means_and_then_part(bench: Bench, trained: Trainer) -> None:
    found = bench.find(EqualRows(steps=30))
    assert isinstance(found, EqualRowsFound)
    assert list(found.step[:4]) == [0, 1, 2, 3]
    assert found.step[-1] == 30
    mean, _ = trained.model.inference.encode(trained.examples.probes.x)
    assert np.array_equal(found.original, mean)
    assert np.array_equal(found.before[:, 0], found.before[:, 1])
    np.testing.assert_array_equal(found.before[:, 0], found.original[:, 0])
    assert found.distance[0] == 0.0
    assert found.distance[-1] > 1e-3
    assert np.all(found.gradient_distance > 0.0)
    # The triangle inequality holds for the two gradients and their difference.
    assert np.all(found.gradient_distance <= found.gradient.sum(axis=1) * (1 + 1e-6))
    assert np.abs(found.after[:, 0] - found.after[:, 1]).max() > 1e-3


def test_equal_rows_stay_equal_if_the_decoder_uses_them_alike() -> None:
    subject = trainer(objective__beta=0.0)
    first = subject.model.vae.decoder.get_layer("hidden_1").kernel
    first.assign(np.repeat(np.asarray(first)[:1], 2, axis=0))
    spread = subject.model.vae.encoder.get_layer("log_var")
    spread.kernel.assign(np.zeros(spread.kernel.shape))
    spread.bias.assign(np.full(2, -40.0))
    found = Bench(subject).find(EqualRows(steps=3))
    # With the same weights from both units and no noise to tell, the gradients are the same.
    assert np.all(found.gradient_distance <= 1e-3 * found.gradient[:, 0])
    assert found.distance.max() < 1e-3


def test_one_row_cannot_be_made_equal_to_another() -> None:
    with pytest.raises(VaeguiError, match="two different latent units"):
        Bench(trainer(latent_units=1)).find(EqualRows(steps=1))


def test_the_twins_start_alike_and_see_the_same_but_for_noise_and_kl(bench: Bench) -> None:
    found = bench.find(PlainAutoencoder(steps=40))
    assert isinstance(found, PlainAutoencoderFound)
    assert found.step[0] == 0
    assert found.step[-1] == 40
    assert found.vae.reconstruction[0] == found.plain.reconstruction[0]
    assert found.plain.reconstruction[-1] < found.plain.reconstruction[0]
    assert found.vae.samples.shape == found.plain.samples.shape == (len(found.z), 8, 8)
    assert not np.array_equal(found.vae.mean, found.plain.mean)


def test_the_vae_of_the_twins_is_the_run_itself() -> None:
    subject = trainer()
    found = Bench(subject).find(PlainAutoencoder(steps=12))
    for _ in subject.run(max_steps=12):
        pass
    mean, _ = subject.model.inference.encode(subject.examples.probes.x)
    np.testing.assert_allclose(found.vae.mean, mean, rtol=1e-4, atol=1e-5)


def test_a_plain_autoencoder_has_no_spread_to_learn() -> None:
    subject = trainer()
    engine = untrained_engine(subject, subject.settings.with_values({"posterior": "point"}))
    assert "log_var" not in [layer.name for layer in engine.inference.vae.encoder.layers]
    terms = engine.train(0, 5, exactly=True)
    np.testing.assert_array_equal(terms[:, 0], terms[:, 1])


EXPERIMENTS = [
    RunManyTimes(probe(0), count=500, seed=0),
    Population(),
    EqualRows(steps=10),
    PlainAutoencoder(steps=10),
]


def test_experiments_leave_the_model_and_the_way_on_as_they_were() -> None:
    alone, watched = trainer(), trainer()
    for subject in (alone, watched):
        for _ in subject.run(max_steps=7):
            pass
    bench = Bench(watched)
    before = bits(watched)
    for experiment in EXPERIMENTS:
        bench.find(experiment)
    assert bits(watched) == before
    for subject in (alone, watched):
        for _ in subject.run(max_steps=7):
            pass
    assert bits(alone) == bits(watched)


def test_an_experiment_keeps_the_weights_of_its_beginning_while_the_model_trains() -> None:
    subject = trainer(training__epochs=100_000)  # never over before the experiment is
    bench = Bench(subject)
    mean, _ = subject.model.inference.encode(subject.examples.dataset.train.read(slice(None)).x)
    bench.broker.want([Population()])
    steps = subject.run()
    while bench.broker.active:
        bench.broker.advance(training=True)
        next(steps)
    assert bench.told[-1].step == 0
    np.testing.assert_allclose(bench.told[-1].value.mean, mean, rtol=1e-5, atol=1e-6)


def test_a_new_experiment_takes_the_place_of_the_one_of_its_class(bench: Bench) -> None:
    bench.broker.want([RunManyTimes(probe(0), count=100_000, seed=0)])
    bench.broker.advance(training=False)
    bench.find(RunManyTimes(probe(1), count=10, seed=0))
    assert bench.told[-1].query == RunManyTimes(probe(1), count=10, seed=0)
    assert bench.told[-1].done == 10


def test_an_experiment_that_was_ended_does_nothing_more(bench: Bench) -> None:
    bench.broker.want([RunManyTimes(probe(0), count=100_000, seed=0)])
    bench.broker.advance(training=False)
    bench.broker.want([])
    assert not bench.broker.active


def test_experiments_of_different_classes_take_turns(bench: Bench) -> None:
    bench.broker.want([RunManyTimes(probe(0), count=100_000, seed=0), Population()])
    for _ in range(2):
        bench.broker.advance(training=False)
    assert {type(event.query) for event in bench.told} == {RunManyTimes, Population}


def test_a_copy_that_diverges_is_told_of_and_given_up() -> None:
    subject = trainer(optimiser__kind="sgd", optimiser__learning_rate=1e7)
    bench = Bench(subject)
    with pytest.raises(VaeguiError, match="no longer a finite number"):
        bench.find(EqualRows(steps=200))
    assert not bench.broker.active
