"""Measures of known factors on codes whose scores are known."""

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from vaegui.analysis.factors.factor import Factor, codes
from vaegui.analysis.factors.importance import completeness, disentanglement, informativeness
from vaegui.analysis.factors.mutual_information import mutual_information, mutual_information_gap
from vaegui.analysis.factors.probes import (
    linear_probe,
    nearest_neighbour_probe,
    separated_predictability,
)

RANDOM = np.random.default_rng(5)
SHAPE = RANDOM.integers(0, 4, 1500)
SIZE = RANDOM.uniform(0, 1, 1500)
FACTORS = (Factor("shape", SHAPE, classes=True), Factor("size", SIZE, classes=False))
PURE = np.stack([SHAPE + 0.0, SIZE, RANDOM.normal(size=1500)], axis=1)
"""Unit 1 is the shape, unit 2 the size, unit 3 nothing."""
MIXED = np.stack([SHAPE + 2 * SIZE, SHAPE - 2 * SIZE], axis=1)


def test_mutual_information_is_scikit_learns() -> None:
    found = mutual_information(MIXED, FACTORS[0])
    expected = [mutual_info_score(codes(c, classes=False), SHAPE) for c in MIXED.T]
    np.testing.assert_allclose(found, expected)


def test_a_unit_for_each_factor_has_a_large_gap_and_mixed_units_have_none() -> None:
    pure, mixed = mutual_information_gap(PURE, FACTORS), mutual_information_gap(MIXED, FACTORS)
    assert pure.value > 0.9
    assert mixed.value < 0.1
    assert 0 < pure.standard_error < 0.05
    assert pure.examples == 1500


def test_separated_predictability_tells_pure_from_mixed_units() -> None:
    assert separated_predictability(PURE, FACTORS).value > 0.6
    assert separated_predictability(MIXED, FACTORS).value < 0.1


def test_disentanglement_and_completeness_of_shares_worked_by_hand() -> None:
    assert disentanglement(np.eye(2)) == pytest.approx(1)
    assert disentanglement(np.full((2, 2), 0.5)) == pytest.approx(0)
    # One unit is about both factors, the other about none: not disentangled, but complete.
    both = np.array([[1.0, 1.0], [0.0, 0.0]])
    assert disentanglement(both) == pytest.approx(0)
    assert completeness(both) == pytest.approx(1)
    entropy = -(0.9 * np.log(0.9) + 0.1 * np.log(0.1)) / np.log(2)
    assert completeness(np.array([[0.9, 0.1], [0.1, 0.9]])) == pytest.approx(1 - entropy)


def test_a_forest_finds_pure_units_disentangled_complete_and_informative() -> None:
    pure = [each.value for each in informativeness(PURE, FACTORS)]
    mixed = [each.value for each in informativeness(MIXED, FACTORS)]
    assert min(pure) > 0.9
    assert mixed[0] < 0.5 > mixed[1]


def test_probes_tell_what_can_be_read_off_and_what_cannot() -> None:
    noise = RANDOM.normal(size=(1500, 2))
    assert linear_probe(PURE, FACTORS[1]).value == pytest.approx(1)
    assert nearest_neighbour_probe(PURE[:, :1], FACTORS[0]).value == pytest.approx(1)
    chance = linear_probe(noise, FACTORS[0])
    assert chance.value == pytest.approx(0.25, abs=max(0.05, 4 * chance.standard_error))


def test_a_factor_that_never_changes_gives_no_division_by_nothing() -> None:
    same = Factor("same", np.ones(1500), classes=False)
    assert mutual_information_gap(PURE, [same]).value == 0
    assert separated_predictability(PURE, [same]).value == 0
