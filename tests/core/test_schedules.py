import numpy as np
import pytest

from vaegui.core.objective import Capacity, FreeBits, Objective, Unconstrained
from vaegui.core.schedules import (
    ConstantRate,
    CosineRate,
    CyclicalWarmUp,
    LinearWarmUp,
    PlateauRate,
    StepRate,
)


def test_linear_warm_up_grows_from_nothing_to_full():
    warm_up = LinearWarmUp(length=4)
    assert [warm_up.factor(e, 10) for e in (0, 1, 4, 9)] == [0.0, 0.25, 1.0, 1.0]


def test_cyclical_warm_up_starts_again_in_each_cycle():
    warm_up = CyclicalWarmUp(cycles=2, ramp=0.5)
    assert [warm_up.factor(e, 8) for e in (0, 1, 2, 3, 4, 5, 6)] == [0, 0.5, 1, 1, 0, 0.5, 1]
    assert warm_up.factor(8, 8) == 1.0
    assert warm_up.full_after(8) == 6.0


def test_cosine_rises_then_falls_to_its_final_part():
    rate = CosineRate(warm_up=2, final=0.1)
    assert rate.factor(1, 10) == 0.5
    assert rate.factor(2, 10) == 1.0
    assert rate.factor(6, 10) == pytest.approx(0.55)
    assert rate.factor(10, 10) == pytest.approx(0.1)


def test_steps_multiply_by_the_factor():
    assert [StepRate(every=2, by=0.5).factor(e, 9) for e in (0, 1.9, 2, 4)] == [1, 1, 0.5, 0.25]


def test_each_plateau_multiplies_the_rate():
    rate = PlateauRate(patience=2, by=0.1)
    assert [rate.factor(0, 9, n) for n in range(3)] == pytest.approx([1.0, 0.1, 0.01])
    assert ConstantRate().factor(0, 9, 5) == 1.0


def test_a_schedule_that_never_reaches_its_end_is_pointed_out():
    assert Objective().check(1) == ""
    assert "30" in Objective(warm_up=LinearWarmUp(length=30)).check(20)
    assert "30" in Objective(constraint=Capacity(length=30), beta=100).check(20)
    assert Objective(warm_up=CyclicalWarmUp()).check(20) == ""


def test_a_capacity_target_that_nothing_holds_is_pointed_out():
    target = Capacity(length=5)
    assert "plain ELBO" in Objective(constraint=target).check(20)
    assert "larger beta" in Objective(constraint=target, beta=0.5).check(20)
    assert Objective(constraint=target, beta=100).check(20) == ""
    both = Objective(constraint=target).check(2)
    assert "only after 5" in both
    assert "plain ELBO" in both


def test_beta_is_weighted_by_its_warm_up():
    objective = Objective(beta=4.0, warm_up=LinearWarmUp(length=8))
    assert objective.weight(2.0, 20) == 1.0
    assert objective.weight(19.0, 20) == 4.0


def test_penalties_are_what_their_papers_say():
    kl = np.float32([0.1, 2.0])
    assert float(Unconstrained().penalty(kl, 0.0)) == pytest.approx(2.1)
    assert float(FreeBits(nats=0.5).penalty(kl, 0.0)) == pytest.approx(2.5)
    assert float(Capacity().penalty(kl, 5.0)) == pytest.approx(2.9)


def test_the_capacity_target_grows_linearly():
    objective = Objective(constraint=Capacity(nats=20.0, length=10))
    assert [objective.capacity(e) for e in (0, 5, 10, 15)] == [0, 10, 20, 20]
