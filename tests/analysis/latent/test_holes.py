"""Holes of the aggregate posterior."""

import numpy as np
import pytest

from vaegui.analysis.latent.aggregate import Aggregate
from vaegui.analysis.latent.holes import find_holes

RANDOM = np.random.default_rng(4)


def test_where_the_prior_is_filled_nothing_can_be_told_apart() -> None:
    filled = Aggregate(RANDOM.normal(size=(5000, 2)) * np.sqrt(0.99), np.full((5000, 2), 0.1))
    found = find_holes(filled, 5, np.random.default_rng(0), points=1000)
    assert found.accuracy == pytest.approx(0.5, abs=4 * found.standard_error)


def test_a_gap_is_found_where_it_was_made() -> None:
    mean = RANDOM.normal(size=(20_000, 2))
    mean = mean[np.linalg.norm(mean - [1.0, 0.0], axis=1) > 0.8]
    found = find_holes(Aggregate(mean, np.full(mean.shape, 0.05)), 3, np.random.default_rng(0))
    assert found.accuracy > 0.5 + 4 * found.standard_error
    assert np.linalg.norm(found.holes[0].z - [1.0, 0.0]) < 0.8
    assert found.holes[0].prior > 0.8


def test_the_listed_holes_are_apart_from_each_other() -> None:
    narrow = Aggregate(np.zeros((100, 2)), np.full((100, 2), 0.1))
    holes = find_holes(narrow, 6, np.random.default_rng(0), points=500).holes
    assert len(holes) == 6
    apart = [np.linalg.norm(a.z - b.z) for a in holes for b in holes if a is not b]
    assert min(apart) >= 0.5 * np.sqrt(2)
