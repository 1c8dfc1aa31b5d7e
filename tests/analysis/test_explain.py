"""The numbers of the explanations against other ways to get at them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from vaegui.analysis.draws import RunningMoments, agreement, estimate, running_estimates
from vaegui.analysis.explain import (
    contributions,
    gradient_paths,
    largest,
    mixture_density,
    nearest_distance,
    total_variance,
)

Floats = NDArray[np.float64]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.fixture
def posteriors(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Mean and log-variance of 300 inputs, two units."""
    return rng.normal(size=(300, 2)), rng.normal(-1.0, 0.5, size=(300, 2))


def test_contributions_add_up_to_the_read_out(rng: np.random.Generator) -> None:
    a, weights = rng.normal(size=(2, 7)).astype(np.float32)
    found = contributions(a, weights, 0.25)
    by_hand = 0.0
    for j in range(7):
        product = float(a[j]) * float(weights[j])
        by_hand += product
        assert found.products[j] == pytest.approx(product, rel=1e-12)
        assert found.running[j] == pytest.approx(by_hand, rel=1e-12)
    assert found.result == pytest.approx(by_hand + 0.25, rel=1e-12)


def test_the_largest_and_the_others_are_all() -> None:
    values = [0.5, -3.0, 2.0, 0.1, -0.2]
    indices, others = largest(values, 2)
    assert list(indices) == [1, 2]
    assert others == pytest.approx(0.4)


def test_of_few_values_nothing_is_left_over() -> None:
    indices, others = largest([1.0, -2.0], 5)
    assert list(indices) == [1, 0]
    assert others == 0.0


def test_standard_errors_are_the_spread_of_repeated_samples(rng: np.random.Generator) -> None:
    n, repeats = 40, 4000
    samples = rng.normal(3.0, 0.7, size=(n, repeats))
    found = estimate(samples)
    assert found.mean.std() == pytest.approx(found.mean_error.mean(), rel=0.05)
    assert found.sd.std() == pytest.approx(found.sd_error.mean(), rel=0.05)


def test_scores_of_draws_from_the_right_gaussian_are_standard_normal(
    rng: np.random.Generator,
) -> None:
    n, repeats = 50, 4000
    samples = rng.normal(3.0, 0.7, size=(n, repeats))
    scores = agreement(estimate(samples), np.full(repeats, 3.0), np.full(repeats, 0.7))
    assert stats.kstest(scores.mean_z, "norm").pvalue > 1e-3
    for values in (scores.mean_z, scores.sd_z):
        assert abs(values.mean()) < 4 / np.sqrt(repeats)
        assert abs(values.var() - 1) < 4 * np.sqrt(2 / repeats) + 0.01


@pytest.mark.parametrize("n", [2, 3, 10, 100_000])
def test_scores_of_the_sd_know_its_exact_mean_and_spread(n: int) -> None:
    # s / sigma = chi(n - 1) / sqrt(n - 1).
    chi = stats.chi(n - 1)
    sample = estimate(np.array([[0.0], [1.0]]))
    high = float(chi.mean() + 2 * chi.std()) / np.sqrt(n - 1)
    moved = type(sample)(n, np.zeros(1), np.array([high]), np.ones(1), np.ones(1))
    assert agreement(moved, [0.0], [1.0]).sd_z[0] == pytest.approx(2.0, rel=1e-3)


def test_draws_from_another_gaussian_are_found_out(rng: np.random.Generator) -> None:
    sample = estimate(rng.normal(0.2, 1.0, size=(2000, 1)))
    assert agreement(sample, [0.0], [1.0]).worst > 4
    wide = estimate(rng.normal(0.0, 1.2, size=(2000, 1)))
    assert abs(agreement(wide, [0.0], [1.0]).sd_z[0]) > 4


def test_one_draw_has_a_mean_and_no_spread() -> None:
    sample = estimate([[1.0, 2.0]])
    assert list(sample.mean) == [1.0, 2.0]
    assert np.isnan(sample.sd).all()
    scores = agreement(sample, [0.0, 0.0], [1.0, 2.0])
    assert list(scores.mean_z) == [1.0, 1.0]
    assert scores.worst == 1.0


@pytest.mark.parametrize("count", [1, 2, 1000])
def test_running_estimates_are_those_of_the_first_draws(
    rng: np.random.Generator, count: int
) -> None:
    # Far from zero and narrow: squares alone would cancel.
    draws = rng.normal(1000.0, 1e-3, size=(count, 2))
    n, mean, sd = running_estimates(draws, 30)
    assert n[0] == 1
    assert n[-1] == count
    assert np.all(np.diff(n) > 0)
    for at, m, s in zip(n, mean, sd, strict=True):
        np.testing.assert_allclose(m, draws[:at].mean(axis=0), rtol=1e-12)
        if at > 1:
            np.testing.assert_allclose(s, draws[:at].std(axis=0, ddof=1), rtol=1e-6)
    assert np.isnan(sd[0]).all()


def test_running_moments_are_those_of_all_that_came(rng: np.random.Generator) -> None:
    examples = rng.normal(500.0, 0.1, size=(1000, 4, 3))
    moments = RunningMoments()
    for piece in np.split(examples, [1, 8, 200, 201, 900]):
        moments.add(piece)
    assert moments.count == 1000
    np.testing.assert_allclose(moments.mean, examples.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(moments.sd, examples.std(axis=0, ddof=1), rtol=1e-9)


def test_moments_of_one_example_have_no_spread() -> None:
    moments = RunningMoments()
    moments.add([[1.0, 2.0]])
    assert list(moments.mean) == [1.0, 2.0]
    assert list(moments.sd) == [0.0, 0.0]


def test_variance_of_the_mixture_is_that_of_many_draws(
    rng: np.random.Generator, posteriors: tuple[Floats, Floats]
) -> None:
    mean, log_var = posteriors
    law = total_variance(mean, log_var)
    np.testing.assert_allclose(law.total, law.within + law.between)
    draws = 400_000
    rows = rng.integers(len(mean), size=draws)
    z = mean[rows] + np.exp(log_var[rows] / 2) * rng.normal(size=(draws, 2))
    np.testing.assert_allclose(law.mean, z.mean(axis=0), atol=4 * np.sqrt(2 / draws))
    np.testing.assert_allclose(law.total, z.var(axis=0), rtol=4 * np.sqrt(3 / draws))


def test_variance_of_the_mixture_is_the_integral_of_its_density(
    posteriors: tuple[Floats, Floats],
) -> None:
    mean, log_var = posteriors
    z = np.linspace(-12, 12, 4001)
    for unit in range(2):
        density = mixture_density(z, mean[:, unit], log_var[:, unit])
        first = np.trapezoid(z * density, z)
        law = total_variance(mean[:, unit : unit + 1], log_var[:, unit : unit + 1])
        assert np.trapezoid(density, z) == pytest.approx(1.0, abs=1e-9)
        assert first == pytest.approx(law.mean[0], abs=1e-9)
        assert np.trapezoid((z - first) ** 2 * density, z) == pytest.approx(law.total[0], rel=1e-9)


def test_the_density_is_the_mean_of_the_bell_curves(posteriors: tuple[Floats, Floats]) -> None:
    mean, log_var = (values[:, 0] for values in posteriors)
    z = np.array([-1.0, 0.3])
    bells = [stats.norm(m, np.exp(v / 2)).pdf(z) for m, v in zip(mean, log_var, strict=True)]
    np.testing.assert_allclose(mixture_density(z, mean, log_var), np.mean(bells, axis=0))


def test_a_mixture_of_many_is_summed_in_portions(
    monkeypatch: pytest.MonkeyPatch, posteriors: tuple[Floats, Floats]
) -> None:
    mean, log_var = posteriors
    z = np.linspace(-3, 3, 50)
    whole = mixture_density(z, mean[:, 0], log_var[:, 0])
    monkeypatch.setattr("vaegui.analysis.explain.PORTION", 700)
    np.testing.assert_allclose(mixture_density(z, mean[:, 0], log_var[:, 0]), whole, rtol=1e-12)


def test_the_bound_is_exceeded_once_in_a_thousand_experiments_that_agree(
    rng: np.random.Generator,
) -> None:
    scores = np.abs(rng.normal(size=(200_000, 6)))
    draws = rng.normal(size=(50, 3))
    bound = agreement(estimate(draws), np.zeros(3), np.ones(3)).bound
    share = float(np.mean(scores.max(axis=1) > bound))
    assert share == pytest.approx(0.001, abs=4 * np.sqrt(0.001 / 200_000))


def test_gradients_by_z_and_by_kl_are_those_of_finite_differences() -> None:
    """With a made-up reconstruction term z^3, and KL weighted by 2."""
    mean, log_var, eps = (np.array(v) for v in ([0.3, -1.2], [-0.8, 10.7], [0.9, -0.4]))

    def z(m: Floats, v: Floats) -> Floats:
        beyond = np.maximum(np.abs(v) - 10, 0)
        bounded = np.where(beyond > 0, 10 + np.log1p(beyond), v)
        return m + np.exp(bounded / 2) * eps

    def kl(m: Floats, v: Floats) -> Floats:
        return 2.0 * 0.5 * (m * m + v * v)

    def slope(term: Callable[[Floats, Floats], Floats], of: str) -> Floats:
        h = 1e-6
        by_mean, by_var = (h, 0.0) if of == "mean" else (0.0, h)
        high = term(mean + by_mean, log_var + by_var)
        return (high - term(mean - by_mean, log_var - by_var)) / (2 * h)

    def cubed(m: Floats, v: Floats) -> Floats:
        return np.asarray(z(m, v) ** 3)

    whole = [slope(cubed, of) + slope(kl, of) for of in ("mean", "log_var")]
    paths = gradient_paths(log_var, eps, 3 * z(mean, log_var) ** 2, *whole)
    np.testing.assert_allclose(paths.mean_by_z, slope(cubed, "mean"), rtol=1e-5)
    np.testing.assert_allclose(paths.log_var_by_z, slope(cubed, "log_var"), rtol=1e-5)
    np.testing.assert_allclose(paths.mean_by_kl, slope(kl, "mean"), rtol=1e-3)
    np.testing.assert_allclose(paths.slope, slope(z, "log_var"), rtol=1e-5)


def test_the_nearest_of_others_is_found(rng: np.random.Generator) -> None:
    points, others = rng.normal(size=(5, 3)), rng.normal(size=(40, 3))
    by_hand = [min(np.linalg.norm(p - q) for q in others) for p in points]
    np.testing.assert_allclose(nearest_distance(points, others), by_hand)
