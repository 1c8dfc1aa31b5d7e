import numpy as np
import pytest
from scipy import stats

from tests.training import tiny


def estimate(trainer, samples):
    told = trainer.evidence(samples)
    progress = []
    try:
        while True:
            progress.append(next(told))
    except StopIteration as done:
        return done.value, progress


def linear_trainer():
    """A model whose log p(x) is known: decoder(z) = W z + b, Gaussian likelihood."""
    trainer = tiny.trainer(
        architecture__widths=[3],
        architecture__activation="relu",
        likelihood={"kind": "gaussian", "sd": 0.5},
    )
    decoder = trainer.model.vae.decoder
    # relu(z + 100) - 100 is z for all z that occur, so the hidden layer is a linear one.
    decoder.get_layer("hidden_1").set_weights([np.eye(2, 3, dtype="f"), np.full(3, 100, "f")])
    kernel = np.random.default_rng(0).normal(0, 0.2, (3, 64)).astype("f")
    decoder.get_layer("output").set_weights([kernel, -100 * kernel.sum(axis=0)])
    return trainer, kernel[:2]


def test_the_bound_approaches_the_known_log_evidence_of_a_linear_model():
    trainer, kernel = linear_trainer()
    x = trainer.data.scaling.to_model(trainer.examples.dataset.test.read(slice(None)).x)
    x = x.reshape(-1, 64).astype(np.float64)
    covariance = kernel.T.astype(np.float64) @ kernel + 0.25 * np.eye(64)
    exact = stats.multivariate_normal(np.zeros(64), covariance).logpdf(x)
    # A posterior a little wider than the exact one: the bound is then below, but close.
    precision = np.eye(2) + kernel @ kernel.T / 0.25
    encoder = trainer.model.vae.encoder
    variance = 1.5 * np.diag(np.linalg.inv(precision))
    encoder.get_layer("log_var").set_weights([np.zeros((3, 2), "f"), np.log(variance).astype("f")])
    hidden = encoder.get_layer("hidden_1")
    means = np.linalg.solve(precision, kernel / 0.25)
    hidden.set_weights([np.c_[means.T, np.zeros(64)].astype("f"), np.full(3, 100, "f")])
    encoder.get_layer("mean").set_weights([np.eye(3, 2, dtype="f"), np.full(2, -100, "f")])
    few, _ = estimate(trainer, 1)
    many, _ = estimate(trainer, 300)
    assert few.log_p < many.log_p < exact.mean() + 0.01
    assert many.log_p == pytest.approx(exact.mean(), abs=0.05)
    assert many.standard_error == pytest.approx(exact.std(ddof=1) / np.sqrt(360), rel=0.05)


def test_one_sample_estimates_the_elbo_and_more_samples_bound_it_from_above():
    trainer = tiny.trainer(training__epochs=4)
    list(trainer.run())
    elbo = -trainer.history.epochs[-1].validation.total
    one, _ = estimate(trainer, 1)
    fifty, progress = estimate(trainer, 50)
    # Each is from one draw of z; over draws their means vary by about one such standard error.
    assert one.log_p == pytest.approx(elbo, abs=4 * one.standard_error)
    assert fifty.log_p > one.log_p
    assert (fifty.samples, fifty.examples, fifty.step) == (50, 360, trainer.step)
    assert [p.done for p in progress] == sorted(p.done for p in progress)


def test_any_number_of_samples_is_used_exactly():
    trainer = tiny.trainer()
    one, _ = estimate(trainer, 1500)
    two, _ = estimate(trainer, 1500)
    assert one == two
    assert one.samples == 1500
