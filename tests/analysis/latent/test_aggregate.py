"""The aggregate posterior against SciPy's normal densities."""

import numpy as np
import pytest
from scipy import integrate, stats

from vaegui.analysis.latent.aggregate import Aggregate

RANDOM = np.random.default_rng(1)
FEW = Aggregate(RANDOM.normal(0, 2, (40, 3)), RANDOM.uniform(0.01, 1.0, (40, 3)))


def test_its_density_is_the_mean_of_all_densities() -> None:
    z = np.concatenate([RANDOM.normal(0, 2, (20, 3)), FEW.mean[:5]])
    each = stats.norm(FEW.mean[None], FEW.sd[None]).pdf(z[:, None]).prod(axis=2)
    np.testing.assert_allclose(np.exp(FEW.log_density(z)), each.mean(axis=1), rtol=1e-9)


def test_far_away_its_logarithm_is_still_finite() -> None:
    assert np.isfinite(FEW.log_density(np.full((1, 3), 1e4))).all()


def test_points_in_many_pieces_have_the_density_of_points_at_once(monkeypatch) -> None:
    z = RANDOM.normal(0, 2, (33, 3))
    whole = FEW.log_density(z)
    monkeypatch.setattr("vaegui.analysis.latent.aggregate._TOGETHER", 100)
    np.testing.assert_allclose(FEW.log_density(z), whole)


def test_its_marginal_is_a_density_with_its_moments() -> None:
    mean, sd = FEW.moments()
    for unit in range(3):
        x = np.linspace(-12, 12, 60_001)
        density = FEW.marginal(unit, x)
        assert integrate.trapezoid(density, x) == pytest.approx(1, abs=1e-4)
        first = integrate.trapezoid(x * density, x)
        second = integrate.trapezoid((x - first) ** 2 * density, x)
        assert (first, np.sqrt(second)) == pytest.approx((mean[unit], sd[unit]), abs=1e-3)


def test_half_of_its_mass_lies_below_the_median() -> None:
    for share in (0.01, 0.5, 0.99):
        at = FEW.quantile(1, share)
        below = stats.norm(FEW.mean[:, 1], FEW.sd[:, 1]).cdf(at).mean()
        assert below == pytest.approx(share, abs=1e-9)


def test_a_share_of_everything_has_no_quantile() -> None:
    with pytest.raises(ValueError, match="share"):
        FEW.quantile(0, 1.0)


def test_draws_have_its_moments_and_correlations() -> None:
    z = FEW.sample(200_000, np.random.default_rng(2))
    mean, sd = FEW.moments()
    np.testing.assert_allclose(z.mean(axis=0), mean, atol=0.02)
    np.testing.assert_allclose(z.std(axis=0), sd, rtol=0.01)
    np.testing.assert_allclose(np.corrcoef(z.T), FEW.correlations(), atol=0.01)
