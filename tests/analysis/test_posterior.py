from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from vaegui.analysis.posterior import (
    bounded_log_var,
    kl_by_unit,
    leading_pair,
    standard_deviation,
    units_by_kl,
)


def test_log_variance_is_used_as_it_is_between_minus_ten_and_ten() -> None:
    inside = np.linspace(-10, 10, 41)
    np.testing.assert_array_equal(bounded_log_var(inside), inside)


@pytest.mark.parametrize("sign", [-1, 1])
def test_log_variance_outside_grows_logarithmically(sign: int) -> None:
    assert bounded_log_var(sign * 10_000.0) == pytest.approx(sign * (10 + np.log(9_991)))


def test_log_variance_keeps_its_order_across_the_bend() -> None:
    assert np.all(np.diff(bounded_log_var(np.linspace(-50, 50, 1001))) > 0)


def test_sd_and_kl_are_finite_for_any_read_out() -> None:
    extreme = np.array([[-1e4, 1e4, 0.0]], np.float32)
    assert np.all(np.isfinite(standard_deviation(extreme)))
    assert np.all(standard_deviation(extreme) > 0)
    assert np.all(np.isfinite(kl_by_unit(np.zeros_like(extreme), extreme)))


@pytest.mark.parametrize(("mean", "log_var"), [(0.0, 0.0), (1.3, -2.0), (-0.4, 1.1)])
def test_kl_is_the_integral_that_it_stands_for(mean: float, log_var: float) -> None:
    q = stats.norm(mean, np.exp(log_var / 2))

    def integrand(z: float) -> float:
        return float(q.pdf(z) * (q.logpdf(z) - stats.norm.logpdf(z)))

    truth, _ = integrate.quad(integrand, mean - 12, mean + 12)
    kl = kl_by_unit(np.array([mean]), np.array([log_var]))
    assert kl[0] == pytest.approx(truth, abs=1e-7)


def test_units_are_ranked_by_their_mean_kl_over_examples() -> None:
    assert units_by_kl(np.array([[0.1, 3.0, 1.0], [0.3, 1.0, 1.2]])).tolist() == [1, 2, 0]


def test_pair_is_the_two_units_with_the_most_kl_in_their_own_order() -> None:
    assert leading_pair(np.array([0.2, 3.0, 0.1, 1.0])) == (1, 3)
    assert leading_pair(np.array([1.0, 0.2, 3.0])) == (0, 2)


def test_pair_stays_until_another_unit_is_clearly_ahead() -> None:
    assert leading_pair(np.array([3.0, 1.0, 1.1]), current=(0, 1)) == (0, 1)
    assert leading_pair(np.array([3.0, 1.0, 1.3]), current=(0, 1)) == (0, 2)


def test_pair_of_a_larger_model_is_forgotten() -> None:
    assert leading_pair(np.array([3.0, 1.0]), current=(4, 7)) == (0, 1)


def test_one_unit_has_no_pair() -> None:
    with pytest.raises(ValueError, match="two units"):
        leading_pair(np.array([1.0]))
