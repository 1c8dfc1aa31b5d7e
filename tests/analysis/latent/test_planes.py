"""Planes through the latent space against scikit-learn and SciPy."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from sklearn.decomposition import PCA

from vaegui.analysis.latent.planes import aligned, kept_neighbours, principal_plane

RANDOM = np.random.default_rng(3)
MEANS = RANDOM.normal(size=(300, 5)) @ RANDOM.normal(size=(5, 5))


def test_the_principal_plane_is_scikit_learns() -> None:
    plane, pca = principal_plane(MEANS), PCA(2).fit(MEANS)
    np.testing.assert_allclose(plane.explained, pca.explained_variance_ratio_)
    theirs = pca.transform(MEANS)
    theirs *= np.sign(np.sum(theirs * plane.points(MEANS), axis=0))
    np.testing.assert_allclose(plane.points(MEANS), theirs, atol=1e-9)


def test_the_shadow_of_a_gaussian_has_the_covariance_of_its_draws() -> None:
    plane = principal_plane(MEANS)
    sd = RANDOM.uniform(0.1, 2, (1, 5))
    draws = plane.points(MEANS[0] + sd * RANDOM.normal(size=(400_000, 5)))
    np.testing.assert_allclose(np.cov(draws.T), plane.covariances(sd)[0], rtol=0.05, atol=0.02)


def test_a_point_lifted_from_the_plane_is_seen_where_it_was_put() -> None:
    plane = principal_plane(MEANS)
    z = plane.lifted(np.array([0.5, -1.0]), MEANS[7])
    np.testing.assert_allclose(plane.points(z[None])[0], [0.5, -1.0], atol=1e-9)
    moved = z - MEANS[7]
    np.testing.assert_allclose(moved, moved @ plane.axes.T @ plane.axes, atol=1e-9)


def test_means_that_are_all_equal_have_a_plane_too() -> None:
    plane = principal_plane(np.ones((10, 3)))
    np.testing.assert_allclose(plane.points(np.ones((10, 3))), 0.0)


def test_a_picture_that_is_the_space_keeps_all_neighbours() -> None:
    flat = RANDOM.normal(size=(100, 2))
    np.testing.assert_array_equal(kept_neighbours(flat, flat, 5), 1.0)


def test_a_picture_of_noise_keeps_hardly_any() -> None:
    kept = kept_neighbours(RANDOM.normal(size=(500, 8)), RANDOM.normal(size=(500, 2)), 10)
    assert kept.mean() == pytest.approx(10 / 499, abs=0.02)


def test_a_turned_and_mirrored_picture_is_put_back() -> None:
    picture = RANDOM.normal(size=(50, 2))
    turn = Rotation.from_euler("z", 70, degrees=True).as_matrix()[:2, :2] @ np.diag([1, -1])
    np.testing.assert_allclose(aligned(picture @ turn + [3, 4], picture), picture, atol=1e-9)
