import numpy as np
import pytest

from vaegui.data.dataset import Dataset
from vaegui.data.rescale import AsIs, Standardise, UnitInterval
from vaegui.data.source import Names
from vaegui.data.sources.array import ArraySource
from vaegui.data.sources.digits import Digits8x8
from vaegui.progress import no_progress


@pytest.fixture
def table():
    rows = np.random.default_rng(0).normal([5, -2, 0], [2, 0.1, 0], (60, 3)).astype(np.float32)
    names = Names(features=("a", "b", "c"))
    return Dataset("Table", *(ArraySource(x, names=names) for x in (rows[:40], rows[40:])))


def test_as_is_changes_nothing(table):
    assert AsIs().apply(table) is table


def test_standardised_features_have_mean_zero_and_sd_one(table):
    done = Standardise().apply(table)
    x = done.scaling.to_model(table.train.read(slice(None)).x)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(x.std(axis=0), [1, 1, 0], atol=1e-5)


def test_scaling_can_be_undone(table):
    for rescale in (Standardise(), UnitInterval()):
        scaling = rescale.apply(table).scaling
        x = table.test.read(slice(None)).x
        np.testing.assert_allclose(scaling.to_data(scaling.to_model(x)), x, atol=1e-5)


def test_the_unit_interval_holds_both_parts(table):
    low, high = UnitInterval().apply(table).description.model_range
    assert low == pytest.approx(0.0, abs=1e-6)
    assert high == pytest.approx(1.0, abs=1e-6)


def test_pictures_are_scaled_as_a_whole():
    digits = Digits8x8().load(no_progress)
    assert UnitInterval().apply(digits).scaling.scale == pytest.approx(1 / 16)
    assert isinstance(Standardise().apply(digits).scaling.scale, float)
