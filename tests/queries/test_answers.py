"""Every number of an explanation, computed again with NumPy from the raw weights."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.queries import by_hand
from tests.queries.asking import ask
from tests.training.tiny import probe, trainer
from vaegui.data.source import ExampleRef
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained, LayerValues, Pass
from vaegui.queries.inspect import Inspect
from vaegui.queries.line import Line
from vaegui.queries.many_times import RunManyTimes
from vaegui.training.trainer.trainer import Trainer

DENSE = {"architecture__kind": "dense", "architecture__widths": [16, 8], "latent_units": 2}
CONV = {
    "architecture__kind": "conv",
    "architecture__filters": [4, 6],
    "architecture__hidden": 10,
    "latent_units": 16,
}
MODELS = {
    "dense": DENSE,
    "tanh": {**DENSE, "architecture__activation": "tanh", "latent_units": 5},
    "conv": CONV,
    "conv, cropped": {**CONV, "architecture__filters": [3, 3, 3, 2]},
}
LIKELIHOODS = ["bernoulli", "continuous-bernoulli", "gaussian", "gaussian-learned", "laplace"]
CASES = [(model, "bernoulli") for model in MODELS] + [("dense", kind) for kind in LIKELIHOODS[1:]]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: ", ".join(case))
def subject(request: pytest.FixtureRequest) -> Trainer:
    """A model after a few steps, one for each architecture and likelihood."""
    model, likelihood = request.param
    made = trainer(**MODELS[model], likelihood__kind=likelihood, objective__beta=0.7)
    for _ in made.run(max_steps=20):
        pass
    return made


def explained(subject: Trainer, question: Explain) -> Explained:
    return ask(subject, question)


def close(shown: Any, expected: Any, size: float = 0.0) -> None:
    """To 1e-5, or to 1e-5 of the largest: sums of products in float32 are no better near zero.

    ``size`` is that of the numbers whose difference it is, if that may be larger.
    """
    scale = max(size / 10, float(np.abs(expected).max()))
    np.testing.assert_allclose(shown, expected, rtol=1e-5, atol=1e-5 * scale)


def check_layers(
    shown: tuple[LayerValues, ...], expected: list[tuple[str, Any]], given: NDArray[np.float64]
) -> None:
    """Outputs are sums of products of what was ``given``, which may nearly cancel."""
    assert [layer.name for layer in shown] == [name for name, _ in expected]
    size = float(np.abs(given).max())
    for layer, (_, output) in zip(shown, expected, strict=True):
        close(layer.output, output, size)
        size = max(size, float(np.abs(output).max()))


def check_pass(subject: Trainer, x: NDArray[np.float64], a: Any, shown: Pass) -> None:
    """Every number from the hidden vector on."""
    vae = subject.model.vae
    mean, log_var = (by_hand.read_out(vae, name, a) for name in ("mean", "log_var"))
    eps = shown.eps.astype(float)
    z = mean + np.exp(log_var / 2) * eps
    layers = by_hand.outputs(vae.decoder, z)
    out = layers[-1][1]
    close(shown.a, a)
    close(shown.mean, mean)
    close(shown.log_var, log_var)
    close(shown.z, z)
    check_layers(shown.decoder, layers, z)
    close(shown.reconstruction, subject.data.scaling.to_data(by_hand.likelihood_mean(vae, out)))
    close(shown.reconstruction_terms, -by_hand.log_prob(vae, x, out))
    close(shown.kl_by_unit, 0.5 * (np.exp(log_var) + mean**2 - 1 - log_var), size=1.0)
    total, _ = by_hand.loss(vae, x, mean, log_var, eps)
    assert shown.beta == pytest.approx(0.7)
    assert shown.total == pytest.approx(total, rel=1e-5)
    check_derivatives(vae, x, shown, mean, log_var, eps)


def check_derivatives(vae: Any, x: Any, shown: Pass, mean: Any, log_var: Any, eps: Any) -> None:
    """Central differences of the loss by hand."""
    h = 1e-6
    by_mean, by_log_var, by_z = [], [], []
    for step in h * np.eye(len(mean)):
        ends = [by_hand.loss(vae, x, mean + s, log_var, eps) for s in (step, -step)]
        by_mean.append((ends[0][0] - ends[1][0]) / (2 * h))
        # The path through z alone: mean moves z by as much, and the KL is not in it.
        by_z.append((ends[0][1] - ends[1][1]) / (2 * h))
        up, down = (by_hand.loss(vae, x, mean, log_var + s, eps)[0] for s in (step, -step))
        by_log_var.append((up - down) / (2 * h))
    close(shown.d_mean, np.array(by_mean))
    close(shown.d_log_var, np.array(by_log_var))
    close(shown.d_z, np.array(by_z))


def test_every_number_is_that_of_the_raw_weights(subject: Trainer) -> None:
    answer = explained(subject, Explain(probe(3)))
    x = subject.data.scaling.to_model(subject.examples.probes.x[3]).astype(float)
    layers = by_hand.outputs(subject.model.vae.encoder, x)
    close(answer.x, x)
    check_layers(answer.encoder, layers, x)
    check_pass(subject, x, layers[-1][1].ravel(), answer.passed)
    assert answer.held is None


def test_all_that_follows_a_held_activation_follows(subject: Trainer) -> None:
    answer = explained(subject, Explain(probe(3), held=((0, 1.5), (4, 0.0))))
    x = subject.data.scaling.to_model(subject.examples.probes.x[3]).astype(float)
    a = by_hand.outputs(subject.model.vae.encoder, x)[-1][1].ravel()
    check_pass(subject, x, a, answer.passed)
    a[0], a[4] = 1.5, 0.0
    assert answer.held is not None
    check_pass(subject, x, a, answer.held)


def test_the_read_outs_are_the_models_weights(subject: Trainer) -> None:
    answer = explained(subject, Explain(probe(0)))
    for name, read_out in (("mean", answer.mean), ("log_var", answer.log_var)):
        layer = subject.model.vae.encoder.get_layer(name)
        assert np.array_equal(read_out.weights, np.asarray(layer.kernel))
        assert np.array_equal(read_out.bias, np.asarray(layer.bias))
    for layer in answer.encoder + answer.passed.decoder:
        if layer.kind == "Dense":
            assert layer.weights is not None
            assert layer.bias is not None
            assert layer.weights.shape[1] == len(layer.bias) == layer.output.size


def test_the_posterior_is_that_of_the_map(subject: Trainer) -> None:
    answer = explained(subject, Explain(probe(7)))
    snapshot = subject.snapshot()
    np.testing.assert_allclose(answer.passed.mean, snapshot.mean[7], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(answer.passed.log_var, snapshot.log_var[7], rtol=1e-5, atol=1e-6)


def test_a_model_that_was_moved_to_another_device_is_explained_as_it_is_there() -> None:
    subject = trainer(**DENSE)
    explained(subject, Explain(probe(7)))
    subject.adopt(subject.settings.with_values({"training.device": "CPU"}))
    list(subject.run(max_steps=3))
    answer = explained(subject, Explain(probe(7)))
    np.testing.assert_allclose(answer.passed.mean, subject.snapshot().mean[7], rtol=1e-5, atol=1e-6)


def test_a_line_has_the_posteriors_of_its_points(subject: Trainer) -> None:
    answer = ask(subject, Line(probe(1), probe(4), points=11))
    start, end = (subject.examples.probes.x[i].astype(float) for i in (1, 4))
    np.testing.assert_allclose(answer.at, np.linspace(0, 1, 11), rtol=1e-6)
    x = subject.data.scaling.to_model((0.7 * start + 0.3 * end).astype(np.float32))
    a = by_hand.outputs(subject.model.vae.encoder, x.astype(float))[-1][1].ravel()
    close(answer.mean[3], by_hand.read_out(subject.model.vae, "mean", a))
    close(answer.log_var[3], by_hand.read_out(subject.model.vae, "log_var", a))
    np.testing.assert_array_equal(answer.x[0], start)
    np.testing.assert_array_equal(answer.x[-1], end)
    np.testing.assert_allclose(answer.x[4], (start + end) / 2, rtol=1e-6)
    decoded = subject.model.inference.decode(answer.mean[[0, 5, 10]])
    np.testing.assert_allclose(answer.reconstruction[[0, 4, 8]], decoded, rtol=1e-4, atol=1e-4)


@pytest.fixture(scope="module")
def small() -> Trainer:
    return trainer(**DENSE)


def test_the_same_noise_is_the_same_draw_and_another_is_another(small: Trainer) -> None:
    first, again, other = (
        explained(small, Explain(probe(0), noise=noise)).passed.eps for noise in (0, 0, 1)
    )
    assert np.array_equal(first, again)
    assert not np.any(first == other)


def test_noise_of_many_draws_is_standard_normal(small: Trainer) -> None:
    eps = np.array([explained(small, Explain(probe(0), noise=n)).passed.eps for n in range(400)])
    assert abs(eps.mean()) < 4 / np.sqrt(eps.size)
    assert abs(eps.var() - 1) < 4 * np.sqrt(2 / eps.size)


def test_beyond_ten_the_read_out_is_shown_and_its_bound_is_computed_with(small: Trainer) -> None:
    layer = small.model.vae.encoder.get_layer("log_var")
    bias = np.asarray(layer.bias).copy()
    layer.bias.assign(bias + 20.0)
    passed = explained(small, Explain(probe(0))).passed
    layer.bias.assign(bias)
    assert np.all(passed.log_var > 12)
    bounded = 10 + np.log1p(passed.log_var - 10)
    close(passed.z, passed.mean + np.exp(bounded / 2) * passed.eps)
    close(passed.kl_by_unit, 0.5 * (np.exp(bounded) + passed.mean**2 - 1 - bounded))


@pytest.mark.parametrize("constraint", ["free-bits", "capacity"])
def test_the_total_is_the_loss_whatever_the_constraint(constraint: str) -> None:
    subject = trainer(**DENSE, objective__constraint__kind=constraint, objective__beta=2.0)
    for _ in subject.run(max_steps=3):
        pass
    passed = explained(subject, Explain(probe(0))).passed
    x = subject.data.scaling.to_model(subject.examples.probes.x[:1])
    total = subject.model.vae.loss_of(subject.model.vae.terms(x, passed.eps[None]))[0]
    assert passed.total == pytest.approx(float(total), rel=1e-6)
    assert passed.penalty != pytest.approx(passed.kl_by_unit.sum(), rel=1e-3)


def test_explaining_leaves_the_model_as_it_was(small: Trainer) -> None:
    before = {name: array.tobytes() for name, array in small.model.state().items()}
    explained(small, Explain(probe(1), held=((0, 3.0),)))
    ask(small, Line(probe(0), probe(1)))
    assert {name: array.tobytes() for name, array in small.model.state().items()} == before


def test_a_network_from_elsewhere_with_branches_is_explained_layer_by_layer() -> None:
    subject = trainer(**FROM_ELSEWHERE)
    answer = explained(subject, Explain(probe(5)))
    vae, x = subject.model.vae, answer.x[None]
    for model, given, layers in (
        (vae.encoder, x, answer.encoder),
        (vae.decoder, answer.passed.z[None], answer.passed.decoder),
    ):
        for layer in layers:
            alone = keras.Model(model.input, model.get_layer(layer.name).output)
            close(layer.output, np.asarray(alone(given))[0])
    assert [layer.kind for layer in answer.encoder if layer.kind in ("Add", "Dense")] == [
        "Dense",
        "Dense",
        "Add",
    ]
    assert [layer.name for layer in answer.passed.decoder][:1] == ["mean"]
    assert np.array_equal(answer.passed.a, answer.encoder[-1].output.ravel())
    close(answer.passed.mean, by_hand.read_out(vae, "mean", answer.passed.a.astype(float)))


FROM_ELSEWHERE = {
    "architecture__kind": "imported",
    "architecture__encoder": {
        "shape": (8, 8),
        "nodes": [
            {"name": "row", "inputs": [0], "layer": {"kind": "Flatten"}},
            {"name": "left", "inputs": [1], "layer": {"kind": "Dense", "units": 6}},
            {"name": "norm", "inputs": [2], "layer": {"kind": "BatchNormalization"}},
            {"name": "right", "inputs": [1], "layer": {"kind": "Dense", "units": 6}},
            {"name": "both", "inputs": [3, 4], "layer": {"kind": "Add"}},
        ],
    },
    "architecture__decoder": {
        "shape": (2,),
        "nodes": [
            {"name": "mean", "inputs": [0], "layer": {"kind": "Dense", "units": 64}},
        ],
    },
}


def other(subject: Trainer, row: int = 11) -> ExampleRef:
    """A training example, which is no probe."""
    return ExampleRef(subject.data.sha256, "train", row)


def test_any_training_example_is_explained_by_its_own_numbers(subject: Trainer) -> None:
    example = subject.examples.dataset.example(other(subject))
    answer = explained(subject, Explain(example.ref))
    x = subject.data.scaling.to_model(example.x).astype(float)
    layers = by_hand.outputs(subject.model.vae.encoder, x)
    check_layers(answer.encoder, layers, x)
    check_pass(subject, x, layers[-1][1].ravel(), answer.passed)
    assert answer.example.ref == example.ref
    assert answer.example.label == example.label
    np.testing.assert_array_equal(answer.example.x, example.x)


def test_any_example_is_inspected_drawn_from_and_joined_with_another(small: Trainer) -> None:
    ref = other(small)
    x = small.examples.dataset.example(ref).x
    mean, log_var = small.model.inference.encode(x[None])
    seen = ask(small, Inspect(ref))
    np.testing.assert_allclose(seen.mean, mean[0], rtol=1e-6)
    np.testing.assert_allclose(seen.log_var, log_var[0], rtol=1e-6)
    np.testing.assert_array_equal(seen.example.x, x)
    drawn = ask(small, RunManyTimes(ref, 50, 1))
    np.testing.assert_array_equal(drawn.mean, seen.mean)
    line = ask(small, Line(ref, probe(0), points=3))
    np.testing.assert_allclose(line.mean[0], mean[0], rtol=1e-5, atol=1e-6)


def test_no_two_examples_are_shown_with_the_same_noise(small: Trainer) -> None:
    test = ExampleRef(small.data.sha256, "test", 0)
    refs = [*(probe(i) for i in range(3)), other(small, 0), other(small, 1), test]
    refs = list(dict.fromkeys(refs))
    eps = np.stack([explained(small, Explain(ref)).passed.eps for ref in refs])
    assert len(np.unique(eps, axis=0)) == len(refs)
    again = explained(small, Explain(refs[3])).passed.eps
    np.testing.assert_array_equal(eps[3], again)


def test_the_noise_of_a_probe_is_that_of_its_number(small: Trainer) -> None:
    seed, units = small.settings.training.seed, small.settings.latent_units
    random = np.random.Generator(np.random.Philox(counter=[0, 0, 0, 1], key=[seed, 4]))
    expected = random.standard_normal(units, np.float32)
    np.testing.assert_array_equal(explained(small, Explain(probe(4))).passed.eps, expected)
