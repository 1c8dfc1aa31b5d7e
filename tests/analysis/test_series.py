from __future__ import annotations

import numpy as np
import pytest

from vaegui.analysis.series import Track, bins


def _series(length: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=length).astype(np.float32)


def _grown(values: np.ndarray, *lengths: int) -> Track:
    track = Track()
    for length in (*lengths, len(values)):
        track.update(values[:length])
    return track


@pytest.mark.parametrize("window", [1, 7, 400])
def test_mean_is_that_of_the_values_before(window: int) -> None:
    values = _series(3_000)
    ends = np.array([1, 5, 64, 1_500, 3_000])
    expected = [values[max(0, end - window) : end].astype(float).mean() for end in ends]
    np.testing.assert_allclose(_grown(values).mean(ends, window), expected, atol=1e-9)


def test_growing_in_pieces_gives_what_growing_at_once_gives() -> None:
    values = _series(5_000)
    once, pieces = _grown(values), _grown(values, 1, 63, 64, 65, 1_023, 1_025, 4_999)
    ends = np.arange(1, 5_001, 37)
    np.testing.assert_allclose(once.mean(ends, 50), pieces.mean(ends, 50), atol=1e-9)
    for wanted in (bins(0, 5_000, 40), bins(130, 4_777, 2_000)):
        np.testing.assert_array_equal(once.extremes(wanted), pieces.extremes(wanted))


@pytest.mark.parametrize("most", [10, 300, 5_000])
def test_extremes_are_those_of_each_bin(most: int) -> None:
    values = _series(9_999)
    first, last, length = wanted = bins(100, 9_999, most)
    low, high = _grown(values).extremes(wanted)
    expected = [values[at : at + length] for at in range(first, last, length)]
    # From blocks on, the last bin may reach to the end of its block.
    np.testing.assert_array_equal(low, [part.min() for part in expected])
    np.testing.assert_array_equal(high, [part.max() for part in expected])


def test_bins_stay_where_they_are_while_a_series_grows() -> None:
    assert bins(0, 700, 400) == (0, 700, 2)
    assert bins(0, 790, 400) == (0, 790, 2)
    first, _, length = bins(333, 10_000, 100)
    assert first % length == 0
    assert first <= 333


def test_values_that_are_not_finite_count_as_absent() -> None:
    values = np.array([1, np.nan, 3, np.inf], np.float32)
    track = _grown(values)
    np.testing.assert_allclose(track.mean(np.array([2, 3, 4]), 2), [1, 3, 3])
    assert np.isnan(track.mean(np.array([2]), 1)[0])
    low, high = track.extremes((0, 4, 4))
    assert (low[0], high[0]) == (1, 3)


def test_an_empty_series_has_no_extremes() -> None:
    track = _grown(_series(0))
    assert len(track.extremes(bins(0, 0, 100))[0]) == 0
    assert np.isnan(track.mean(np.array([0]), 5)[0])
