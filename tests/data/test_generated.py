"""Data that come with scikit-learn or are made by the program."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from vaegui.data import BreastCancer, Diabetes, DrawnPoints, Iris, Shapes, ToyPoints, Wine
from vaegui.data.sources.generated import shapes
from vaegui.data.sources.generated.toys import CLASSES, Form
from vaegui.errors import Cancelled, DataError, SettingsError
from vaegui.progress import no_progress
from vaegui.training.settings.settings import Settings


def whole(source: Any) -> tuple[np.ndarray, np.ndarray]:
    data = source.load(no_progress)
    parts = [part.read(slice(None)) for part in (data.train, data.test)]
    return np.concatenate([p.x for p in parts]), np.concatenate([p.labels for p in parts])


@pytest.mark.parametrize(
    ("source", "count", "classes"),
    [(Wine(), 178, 3), (BreastCancer(), 569, 2), (Iris(), 150, 3), (Diabetes(), 442, 4)],
)
def test_tables_of_scikit_learn_have_names_labels_and_the_same_parts_each_time(
    source: Any, count: int, classes: int
) -> None:
    data = source.load(no_progress)
    assert data.train.spec.shape == type(source).shape
    assert data.train.spec.length + data.test.spec.length == count
    names = data.train.spec.names
    assert names.classes is not None
    assert len(names.classes) == classes
    assert len(set(names.features)) == data.shape[0]
    for part in (data.train, data.test):
        assert set(part.labels.tolist()) == set(range(classes))
    assert data.id == source.load(no_progress).id


def test_units_are_told_apart_from_names() -> None:
    names = Iris().load(no_progress).train.spec.names
    assert names.features is not None
    assert names.features[0] == "sepal length"
    assert names.units == ("cm",) * 4


@pytest.mark.parametrize("form", get_args(Form))
def test_points_are_the_same_for_the_same_seed_and_lie_on_their_form(form: Form) -> None:
    x, labels = whole(ToyPoints(form=form, size=500, noise=0.0))
    again, _ = whole(ToyPoints(form=form, size=500, noise=0.0))
    other, _ = whole(ToyPoints(form=form, size=500, noise=0.0, seed=1))
    np.testing.assert_array_equal(x, again)
    assert not np.array_equal(x, other)
    assert x.shape == (500, 2)
    assert np.abs(x).max() <= 1.01
    assert set(labels.tolist()) == set(range(len(CLASSES[form])))
    if form == "rings":
        np.testing.assert_allclose(np.hypot(*x.T), (labels + 1) / 3, rtol=1e-5)


def test_noise_has_the_standard_deviation_that_is_said() -> None:
    x, labels = whole(ToyPoints(form="blobs", size=20_000, noise=0.3))
    for label in range(5):
        np.testing.assert_allclose(x[labels == label].std(axis=0), 0.3, rtol=0.05)


def test_shapes_are_the_same_for_the_same_seed_and_have_their_factors_as_labels() -> None:
    x, kinds = whole(Shapes(size=300))
    again, places = whole(Shapes(size=300, labels="position"))
    np.testing.assert_array_equal(x, again)
    assert x.dtype == np.uint8
    assert x.shape == (300, 32, 32)
    assert set(kinds.tolist()) == {0, 1, 2}
    # The centre of mass is where the label says, but for triangles a little.
    rows = np.arange(32) + 0.5
    weight = x.sum(axis=(1, 2))
    y = (x.sum(axis=2) * rows).sum(axis=1) / weight
    top, bottom = y[places // 3 == 0], y[places // 3 == 2]
    assert top.max() < 16 < bottom.min()


def test_shapes_are_smooth_and_as_large_as_they_should_be() -> None:
    factors = np.array([[0, 0.5, 0.5, 0.5, angle] for angle in np.linspace(0, 1, 30)])
    pictures = shapes.shape_pictures(factors) / 255.0
    side = 2 * 0.8 * (4 + 5 * 0.5)
    np.testing.assert_allclose(pictures.sum(axis=(1, 2)), side**2, rtol=0.02)
    between = (pictures > 0.02) & (pictures < 0.98)
    assert between.sum() > 100
    assert not pictures[:, [0, -1]].any()
    np.testing.assert_allclose(pictures[0], pictures[-1], atol=0.01)


@pytest.mark.parametrize("source", [Iris(), ToyPoints(), Shapes(size=20)])
def test_making_and_loading_can_be_cancelled(source: Any) -> None:
    def cancel(what: str, done: int, total: int | None) -> None:
        raise Cancelled(what)

    with pytest.raises(Cancelled):
        source.load(cancel)


def test_drawn_points_are_all_there_with_their_classes_and_survive_the_settings() -> None:
    points = tuple((i / 50, -i / 60, (2, 7)[i % 2]) for i in range(50))
    drawn = DrawnPoints(points=points)
    x, labels = whole(drawn)
    order = np.argsort(x[:, 0])
    np.testing.assert_allclose(x[order], [p[:2] for p in points], rtol=1e-6)
    assert labels[order].tolist() == [i % 2 for i in range(50)]
    data = drawn.load(no_progress)
    assert data.train.spec.names.classes == ("class 2", "class 7")
    assert (data.train.spec.length, data.test.spec.length) == (40, 10)
    settings = Settings(data=drawn)
    assert Settings.model_validate_json(settings.model_dump_json()) == settings


def test_drawn_points_are_bounded_and_too_few_are_told() -> None:
    with pytest.raises(SettingsError, match="points"):
        Settings().with_values({"data.kind": "drawn", "data.points": [[0.0, 1.5, 1]]})
    with pytest.raises(DataError, match="3 drawn points"):
        DrawnPoints(points=((0.0, 0.0, 1),) * 3).load(no_progress)
