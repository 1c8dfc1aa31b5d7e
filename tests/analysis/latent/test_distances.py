"""Distances between posteriors against integrals and SciPy."""

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.spatial.distance import cdist

from vaegui.analysis.latent.distances import kl_between, nearest, overlap_by_unit, wasserstein

PAIRS = [((0.0, 1.0), (0.0, 1.0)), ((0.3, 0.5), (-1.0, 2.0)), ((2.0, 0.1), (2.2, 0.3))]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_overlap_is_the_integral_of_the_root_of_the_product(one, other) -> None:
    p, q = stats.norm(*one), stats.norm(*other)
    expected = integrate.quad(lambda x: np.sqrt(p.pdf(x) * q.pdf(x)), -20, 20, points=[one[0]])[0]
    assert overlap_by_unit(*one, *other) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_kl_is_the_integral_of_its_definition(one, other) -> None:
    p, q = stats.norm(*one), stats.norm(*other)
    expected = integrate.quad(
        lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), one[0] - 12 * one[1], one[0] + 12 * one[1]
    )[0]
    assert kl_between(*one, *other) == pytest.approx(expected, rel=1e-7, abs=1e-12)


def test_the_kl_between_two_posteriors_is_not_symmetric() -> None:
    there, back = kl_between(0.0, 1.0, 1.0, 2.0), kl_between(1.0, 2.0, 0.0, 1.0)
    assert there != pytest.approx(float(back))


def test_the_wasserstein_distance_of_one_unit_is_scipys_of_many_draws() -> None:
    quantiles = (np.arange(200_000) + 0.5) / 200_000
    a, b = stats.norm(0.3, 0.5).ppf(quantiles), stats.norm(-1.0, 2.0).ppf(quantiles)
    expected = np.sqrt(np.mean((a - b) ** 2))  # the optimal plan joins equal quantiles
    found = wasserstein([0.3], [0.5], [-1.0], [2.0])
    assert found == pytest.approx(expected, rel=1e-4)


def test_the_nearest_are_those_of_a_full_sort() -> None:
    points = np.random.default_rng(0).standard_normal((500, 6))
    rows, far = nearest(points, points[17], 10)
    distances = cdist(points[17:18], points)[0]
    assert rows[0] == 17
    np.testing.assert_array_equal(rows, np.argsort(distances, kind="stable")[:10])
    np.testing.assert_allclose(far, np.sort(distances)[:10])


def test_of_points_as_far_as_each_other_the_first_are_the_nearest() -> None:
    points = np.ones((50, 2))
    assert nearest(points, np.zeros(2), 3)[0].tolist() == [0, 1, 2]


def test_no_more_neighbours_are_found_than_there_are_points() -> None:
    assert len(nearest(np.zeros((4, 2)), np.zeros(2), 10)[0]) == 4
    assert len(nearest(np.zeros((0, 2)), np.zeros(2), 10)[0]) == 0
