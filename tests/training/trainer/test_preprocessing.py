"""Missing values by a mask, and values that are drawn as 0 or 1 at each step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import vaegui
from tests.queries.asking import ask
from vaegui.core.sampling import coins, toss
from vaegui.core.vae import VAE
from vaegui.data import OwnData
from vaegui.model_run import ModelRun
from vaegui.queries.explain import Explain
from vaegui.queries.line import Line
from vaegui.queries.plain_autoencoder import PlainAutoencoder
from vaegui.training.engine.engine import Engine
from vaegui.training.settings.settings import Settings

QUICK = {
    "architecture.widths": [16],
    "training.compiler": "graph",
    "training.batch_size": 32,
    "training.epochs": 2,
}


def run_on(folder: Path, x: np.ndarray, **values: Any) -> ModelRun:
    np.save(folder / "x.npy", x)
    settings = vaegui.open_data(folder / "x.npy").settings
    changed = {name.replace("__", "."): value for name, value in values.items()}
    return vaegui.train(settings.with_values({**QUICK, **changed}))


def with_gaps() -> np.ndarray:
    x = np.random.default_rng(0).normal(3, 2, (300, 6)).astype(np.float32)
    x[::3, 1] = np.nan
    x[5, :] = np.nan
    return x


GAUSSIAN = {"likelihood__kind": "gaussian-learned", "rescale__kind": "standardise"}


def test_only_values_that_are_there_count_in_the_loss(tmp_path: Path) -> None:
    run = run_on(tmp_path, with_gaps(), data__missing="mask", **GAUSSIAN)
    vae: VAE = run.trainer.model.vae
    data = run.trainer.examples.dataset
    x = data.scaling.to_model_with_gaps(data.train.read(slice(0, 40)).x)
    eps = np.zeros((40, 2), np.float32)
    found = vae.terms(tf.constant(x), eps).reconstruction.numpy()
    seen = np.where(np.isfinite(x), x, data.scaling.to_model(np.array(data.scaling.gaps)))
    parameters = vae.decoder(vae.encoder(seen)["mean"])
    nats = np.array(vae.likelihood.value_log_prob(seen, parameters, vae.bounded_log_sd()))
    expected = -np.where(np.isfinite(x), nats, 0).sum(axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_masked_data_train_are_measured_and_go_on_with_the_same_bits(tmp_path: Path) -> None:
    straight = run_on(tmp_path, with_gaps(), data__missing="mask", **GAUSSIAN)
    assert np.isfinite(straight.history.steps()).all()
    assert np.isfinite(straight.evaluate().terms.total)
    assert np.isfinite(straight.log_p(4).log_p)
    assert np.isnan(straight.begun.probes.x).any()
    half = vaegui.train(straight.begun.settings.with_values({"training.epochs": 1}))
    half.save(tmp_path / "m.keras")
    again = vaegui.load(tmp_path / "m.keras")
    assert again.begun.data.scaling.gaps is not None
    again.go_on(2)
    np.testing.assert_array_equal(again.history.steps(), straight.history.steps())


def test_the_loss_of_an_input_taken_apart_leaves_out_what_is_missing(tmp_path: Path) -> None:
    run = run_on(tmp_path, with_gaps(), data__missing="mask", **GAUSSIAN)
    probes = run.begun.probes
    number = int(np.flatnonzero(np.isnan(probes.x).any(axis=1))[0])
    explained = ask(run.trainer, Explain(probes.refs[number]))
    assert np.isnan(explained.example.x).any()
    assert np.isfinite(explained.x).all()
    terms = explained.passed.reconstruction_terms
    np.testing.assert_array_equal(terms == 0, np.isnan(probes.x[number]))
    line = ask(run.trainer, Line(probes.refs[number], probes.refs[number - 1]))
    assert np.isfinite(line.x).all()
    assert np.isfinite(ask(run.trainer, PlainAutoencoder(2)).vae.reconstruction).all()


def test_what_is_missing_has_no_gradient(tmp_path: Path) -> None:
    run = run_on(tmp_path, with_gaps(), data__missing="mask", **GAUSSIAN)
    _, gradients = run.trainer.model.vae.gradients(
        tf.constant(np.full((4, 6), np.nan, np.float32)), tf.zeros((4, 2))
    )
    assert all(np.isfinite(np.array(gradient)).all() for gradient in gradients)


def test_coins_follow_from_seed_and_step_and_come_as_often_as_the_values_say() -> None:
    x = tf.constant(np.repeat([[0.0, 0.25, 0.9, 1.0]], 5000, axis=0).astype(np.float32))
    steps = coins(3, 6, 4, x.shape)
    first = toss(x, steps[1]).numpy()
    assert set(np.unique(first)) == {0.0, 1.0}
    np.testing.assert_allclose(first.mean(axis=0), [0, 0.25, 0.9, 1], atol=0.03)
    np.testing.assert_array_equal(first, toss(x, coins(3, 7, 1, x.shape)[0]))
    assert (first != toss(x, steps[2]).numpy()).any()
    assert (first != toss(x, coins(4, 7, 1, x.shape)[0]).numpy()).any()


def test_both_compilers_toss_the_same_coins_whatever_the_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "graph_steps", 8)  # of 21
    x = np.random.default_rng(0).integers(0, 256, (200, 5, 5), dtype=np.uint8)
    values = {"data__binarise__kind": "dynamic", "training__epochs": 3}
    graph = run_on(tmp_path, x, **values, training__compiler="graph").history.steps()
    xla = run_on(tmp_path, x, **values, training__compiler="xla").history.steps()
    # They round differently; other coins would differ by a nat or so.
    np.testing.assert_allclose(xla, graph, rtol=1e-3)
    monkeypatch.setattr("vaegui.training.engine.engine.CHUNK_BYTES", 10_000)  # three steps
    for compiler, expected in (("graph", graph), ("xla", xla)):
        again = run_on(tmp_path, x, **values, training__compiler=compiler).history.steps()
        np.testing.assert_array_equal(again, expected)


@pytest.mark.parametrize("compiler", ["graph", "xla"])
def test_values_are_drawn_anew_at_each_step_and_the_same_for_every_validation(
    tmp_path: Path, compiler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "graph_steps", 10)  # in the midst of the second epoch
    x = np.random.default_rng(0).integers(0, 256, (200, 5, 5), dtype=np.uint8)
    values = {"data__binarise__kind": "dynamic", "training__compiler": compiler}
    straight = run_on(tmp_path, x, **values)
    assert straight.trainer.model.vae.binarised_each_step
    assert straight.evaluate().terms == straight.evaluate().terms
    grey = run_on(tmp_path, x, training__compiler=compiler)
    assert abs(grey.history.steps()[-1, 0] - straight.history.steps()[-1, 0]) > 1e-3
    half = vaegui.train(straight.begun.settings.with_values({"training.epochs": 1}))
    half.save(tmp_path / "m.keras")
    again = vaegui.load(tmp_path / "m.keras")
    again.go_on(2)
    np.testing.assert_array_equal(again.history.steps(), straight.history.steps())


def test_coins_are_advised_the_bernoulli_likelihood(tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 256, (200, 5, 5), dtype=np.uint8)
    np.save(tmp_path / "x.npy", x)
    settings = Settings().with_values({"likelihood.kind": "gaussian"})
    check = vaegui.open_data(tmp_path / "x.npy", settings=settings, binarise__kind="dynamic")
    assert isinstance(check.settings.data, OwnData)
    assert any(a.fix.values.get("likelihood.kind") == "bernoulli" for a in check.advice)
