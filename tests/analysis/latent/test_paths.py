"""Ways through the latent space."""

import numpy as np
import pytest

from vaegui.analysis.latent.paths import spherical, straight, through


def test_a_straight_way_has_equal_steps_and_both_ends() -> None:
    way = straight(np.array([0.0, 1.0]), np.array([4.0, 3.0]), 5)
    np.testing.assert_allclose(way, [[0, 1], [1, 1.5], [2, 2], [3, 2.5], [4, 3]])


def test_an_arc_keeps_its_distance_from_the_origin() -> None:
    way = spherical(np.array([2.0, 0.0, 0.0]), np.array([0.0, 0.0, 2.0]), 9)
    np.testing.assert_allclose(np.linalg.norm(way, axis=1), 2.0)
    np.testing.assert_allclose(way[4], [np.sqrt(2), 0, np.sqrt(2)])


def test_its_distance_changes_evenly_between_ends_of_other_lengths() -> None:
    way = spherical(np.array([1.0, 0.0]), np.array([0.0, 3.0]), 5)
    np.testing.assert_allclose(np.linalg.norm(way, axis=1), [1, 1.5, 2, 2.5, 3])


@pytest.mark.parametrize("end", [(0.0, 0.0), (-1.0, 0.0), (2.0, 0.0)])
def test_where_there_is_no_arc_it_is_the_line(end) -> None:
    start = np.array([1.0, 0.0])
    np.testing.assert_allclose(spherical(start, np.array(end), 4), straight(start, end, 4))


def test_a_way_through_the_data_stays_on_a_ring() -> None:
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    way, rows = through(ring, 0, 100, 30)
    np.testing.assert_allclose(np.linalg.norm(way, axis=1), 1.0, atol=0.01)
    np.testing.assert_allclose(way[[0, -1]], ring[[0, 100]])
    assert (rows[0], rows[-1]) == (0, 100)
    steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0], rtol=0.05)


def test_a_way_is_found_between_two_islands() -> None:
    random = np.random.default_rng(0)
    islands = np.concatenate([random.normal(0, 1, (50, 2)), random.normal(50, 1, (50, 2))])
    way, rows = through(islands, 0, 99, 10, neighbours=5)
    np.testing.assert_allclose(way[-1], islands[99])
    assert rows[-1] == 99


def test_a_way_to_itself_stays_there() -> None:
    points = np.random.default_rng(0).normal(size=(20, 2))
    way, rows = through(points, 3, 3, 4)
    np.testing.assert_allclose(way, np.repeat(points[3:4], 4, axis=0))
    assert rows == [3]
