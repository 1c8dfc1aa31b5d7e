"""How examples are divided into parts."""

from __future__ import annotations

import numpy as np
import pytest

from vaegui.data.split import Split


def test_three_parts_have_every_example_once_with_the_shares_that_were_asked_for() -> None:
    parts = Split(test_share=0.2, validation_share=0.1, seed=3).rows(200)
    assert [len(part) for part in parts] == [140, 20, 40]
    assert sorted(np.concatenate(parts)) == list(range(200))
    assert all(np.all(np.diff(part) > 0) for part in parts)


def test_a_validation_part_takes_nothing_from_the_test_part() -> None:
    without = Split(test_share=0.2).rows(100)
    with_one = Split(test_share=0.2, validation_share=0.3).rows(100)
    np.testing.assert_array_equal(without.test, with_one.test)


def test_one_example_is_always_for_training() -> None:
    for length in (1, 2, 3):
        parts = Split(test_share=0.9, validation_share=0.9).rows(length)
        assert len(parts.train) == 1


def test_stratified_parts_have_each_class_with_its_share() -> None:
    labels = np.repeat([0, 1, 2], [600, 300, 100])
    parts = Split(test_share=0.1, validation_share=0.2, stratified=True).rows(1000, labels)
    assert [len(part) for part in parts] == [700, 200, 100]
    assert np.bincount(labels[parts.test]).tolist() == [60, 30, 10]
    assert np.bincount(labels[parts.validation]).tolist() == [120, 60, 20]
    others = Split(test_share=0.1, stratified=True, seed=1).rows(1000, labels)
    assert list(others.test) != list(parts.test)


def test_a_class_with_one_example_stays_in_training() -> None:
    labels = np.array([0] * 50 + [1])
    for seed in range(5):
        parts = Split(test_share=0.2, validation_share=0.2, stratified=True, seed=seed)
        assert 50 in parts.rows(51, labels).train


@pytest.mark.parametrize("seed", range(5))
def test_a_group_is_in_one_part_only(seed: int) -> None:
    groups = np.random.default_rng(seed).integers(0, 40, 1000)
    parts = Split(test_share=0.2, validation_share=0.1, seed=seed).rows(1000, groups=groups)
    sets = [set(groups[part]) for part in parts]
    assert not sets[0] & sets[1] | sets[0] & sets[2] | sets[1] & sets[2]
    assert 130 < len(parts.test) < 270
    assert sorted(np.concatenate(parts)) == list(range(1000))


def test_a_single_group_is_for_training() -> None:
    parts = Split(test_share=0.9).rows(10, groups=np.array(["a"] * 10))
    assert len(parts.train) == 10
