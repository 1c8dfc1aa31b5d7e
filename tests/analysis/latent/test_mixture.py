"""The mixture of few Gaussians that stands for the aggregate posterior."""

import numpy as np

from vaegui.analysis.latent.mixture import fitted_mixture, sample_mixture


def test_its_draws_lie_where_the_points_lay() -> None:
    random = np.random.default_rng(0)
    z = np.concatenate([random.normal(-3, 0.5, (500, 2)), random.normal(3, 0.2, (500, 2))])
    draws = sample_mixture(fitted_mixture(z, 2, seed=0), 20_000, random)
    left = draws[draws[:, 0] < 0]
    assert abs(len(left) / 20_000 - 0.5) < 0.02
    np.testing.assert_allclose(left.mean(axis=0), [-3, -3], atol=0.1)
    np.testing.assert_allclose(left.std(axis=0), [0.5, 0.5], atol=0.05)


def test_few_points_take_few_gaussians() -> None:
    assert fitted_mixture(np.random.default_rng(0).normal(size=(9, 2)), 10, 0).n_components == 2
