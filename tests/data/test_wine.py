from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.neighbors import KNeighborsClassifier

from vaegui.data import Dataset, SixFeatures
from vaegui.data.rescale import Standardise
from vaegui.progress import no_progress


@pytest.fixture(scope="module")
def wines() -> Dataset:
    return SixFeatures().load(no_progress)


def test_values_are_those_that_were_measured(wines: Dataset) -> None:
    raw = load_wine()
    columns = [0, 6, 9, 10, 11, 12]
    expected = raw.data[:, columns].astype(np.float32)
    both = np.concatenate([wines.train.read(slice(None)).x, wines.test.read(slice(None)).x])
    assert both.dtype == np.float32
    np.testing.assert_array_equal(np.sort(both, axis=0), np.sort(expected, axis=0))
    assert wines.train.spec.names.features == (
        "alcohol",
        "flavanoids",
        "colour intensity",
        "hue",
        "OD280/OD315",
        "proline",
    )
    assert wines.train.spec.names.units is not None
    assert len(wines.train.spec.names.units) == 6


def test_no_wine_is_in_both_parts_and_each_class_has_its_share(wines: Dataset) -> None:
    train = {row.tobytes() for row in wines.train.read(slice(None)).x}
    assert not train & {row.tobytes() for row in wines.test.read(slice(None)).x}
    assert (wines.train.spec.length, wines.test.spec.length) == (124, 54)
    for part in (wines.train, wines.test):
        assert part.labels is not None
        shares = np.bincount(part.labels) / len(part.labels)
        np.testing.assert_allclose(shares, np.array([59, 71, 48]) / 178, atol=0.01)


def test_standardising_can_be_undone(wines: Dataset) -> None:
    scaled = Standardise().apply(wines)
    model = scaled.scaling.to_model(scaled.train.read(slice(None)).x)
    np.testing.assert_allclose(model.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(model.std(axis=0), 1, atol=1e-5)
    x = wines.train.read(slice(None)).x
    np.testing.assert_allclose(scaled.scaling.to_data(model), x, rtol=1e-5)


def test_the_six_features_tell_the_classes_apart(wines: Dataset) -> None:
    scaling = Standardise().apply(wines).scaling
    train, test = (part.read(slice(None)) for part in (wines.train, wines.test))
    neighbours = KNeighborsClassifier(5).fit(scaling.to_model(train.x), train.labels)
    assert neighbours.score(scaling.to_model(test.x), test.labels) > 0.9


def test_the_description_tells_units_and_standard_deviations(wines: Dataset) -> None:
    description = wines.description
    assert description.feature_units == wines.train.spec.names.units
    x = wines.train.read(slice(None)).x
    np.testing.assert_array_equal(description.feature_sds, x.std(axis=0, dtype=np.float64))
