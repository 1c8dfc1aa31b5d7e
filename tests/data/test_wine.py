from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.neighbors import KNeighborsClassifier

from vaegui.data import Dataset, SixFeatures
from vaegui.data.dataset import no_progress
from vaegui.data.rescale import Standardise


@pytest.fixture(scope="module")
def wines() -> Dataset:
    return SixFeatures().load(no_progress)


def test_values_are_those_that_were_measured(wines: Dataset) -> None:
    raw = load_wine()
    columns = [0, 6, 9, 10, 11, 12]
    expected = raw.data[:, columns].astype(np.float32)
    both = np.concatenate([wines.train.x, wines.test.x])
    assert both.dtype == np.float32
    np.testing.assert_array_equal(np.sort(both, axis=0), np.sort(expected, axis=0))
    assert wines.feature_names == (
        "alcohol",
        "flavanoids",
        "colour intensity",
        "hue",
        "OD280/OD315",
        "proline",
    )
    assert wines.feature_units is not None
    assert len(wines.feature_units) == 6


def test_no_wine_is_in_both_parts_and_each_class_has_its_share(wines: Dataset) -> None:
    train = {row.tobytes() for row in wines.train.x}
    assert not train & {row.tobytes() for row in wines.test.x}
    assert (len(wines.train), len(wines.test)) == (124, 54)
    for part in (wines.train, wines.test):
        assert part.labels is not None
        shares = np.bincount(part.labels) / len(part)
        np.testing.assert_allclose(shares, np.array([59, 71, 48]) / 178, atol=0.01)


def test_standardising_can_be_undone(wines: Dataset) -> None:
    scaled = Standardise().apply(wines)
    model = scaled.scaling.to_model(scaled.train.x)
    np.testing.assert_allclose(model.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(model.std(axis=0), 1, atol=1e-5)
    np.testing.assert_allclose(scaled.scaling.to_data(model), wines.train.x, rtol=1e-5)


def test_the_six_features_tell_the_classes_apart(wines: Dataset) -> None:
    scaling = Standardise().apply(wines).scaling
    neighbours = KNeighborsClassifier(5).fit(scaling.to_model(wines.train.x), wines.train.labels)
    assert neighbours.score(scaling.to_model(wines.test.x), wines.test.labels) > 0.9


def test_the_description_tells_units_and_standard_deviations(wines: Dataset) -> None:
    description = wines.description
    assert description.feature_units == wines.feature_units
    np.testing.assert_allclose(description.feature_sds, wines.train.x.std(axis=0), rtol=1e-5)
