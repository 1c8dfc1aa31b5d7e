from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vaegui.data import ArraySource, Dataset
from vaegui.data.composed.selected import SelectedRows
from vaegui.data.rescale import Standardise
from vaegui.data.source import Batch, Rows
from vaegui.data.statistics.looks import FeatureLooks, feature_looks
from vaegui.data.statistics.row_facts import row_facts
from vaegui.data.statistics.statistics import examine
from vaegui.errors import Cancelled, DataError
from vaegui.progress import no_progress


def values(count: int = 20_000) -> np.ndarray:
    return np.random.default_rng(0).normal([1e6, -3, 0], [0.1, 2, 0], (count, 3)).astype("f4")


def test_statistics_are_those_of_numpy_though_read_in_portions() -> None:
    x = values()
    (found,), _ = examine([ArraySource(x)], no_progress)
    assert found.count == len(x)
    np.testing.assert_array_equal(found.low, x.min(axis=0))
    np.testing.assert_array_equal(found.high, x.max(axis=0))
    np.testing.assert_allclose(found.mean, x.mean(axis=0, dtype=float), rtol=1e-12)
    np.testing.assert_allclose(found.sd, x.std(axis=0, dtype=float), rtol=1e-9)


def test_pictures_are_standardised_over_all_their_values() -> None:
    x = np.random.default_rng(0).integers(0, 256, (300, 4, 4), dtype=np.uint8)
    scaling = Standardise().apply(Dataset("Some", ArraySource(x), ArraySource(x[:9]))).scaling
    assert scaling.scale == pytest.approx(1 / x.std(dtype=float), rel=1e-12)
    assert scaling.offset == pytest.approx(-x.mean(dtype=float) / x.std(dtype=float), rel=1e-12)


def test_examples_with_values_that_are_not_finite_are_counted() -> None:
    x = values()
    x[[12_345, 15_000], [1, 2]] = np.nan, np.inf
    (found,), _ = examine([ArraySource(x)], no_progress)
    assert (found.not_finite, found.first_not_finite) == (2, 12_345)
    with pytest.raises(DataError, match=r"in 2 examples; the first is row 12,345\."):
        _ = Dataset("Some", ArraySource(x), ArraySource(x[:0])).description


def test_the_pass_tells_how_far_it_is_and_can_be_cancelled() -> None:
    told = []

    def enough(what: str, done: int, total: int | None) -> None:
        told.append((done, total))
        if done:
            raise Cancelled(what)

    with pytest.raises(Cancelled):
        examine([ArraySource(values())], enough)
    assert told == [(0, 20_000), (8192, 20_000)]


class Counted(ArraySource):
    readings = 0

    def read(self, rows: Rows) -> Batch:
        type(self).readings += 1
        return super().read(rows)


def test_a_mapped_file_is_read_through_once_and_again_when_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"

    def summary() -> tuple[str, int]:
        Counted.readings = 0
        source = Counted(np.load(path, mmap_mode="r"))
        train, test = np.arange(90), np.arange(90, 100)
        found = Dataset("File", SelectedRows(source, train), SelectedRows(source, test)).summary
        return found.sha256, Counted.readings

    np.save(path, values(100))
    first, readings = summary()
    assert readings > 0
    assert summary() == (first, 0)
    np.save(path, values(100) + 1)
    second, readings = summary()
    assert second != first
    assert readings > 0


def test_views_and_arrays_that_may_change_are_never_known_by_their_file(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", values(100))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert ArraySource(mapped).spec.fingerprint
    assert not ArraySource(mapped[:50]).spec.fingerprint
    assert not ArraySource(np.load(tmp_path / "x.npy", mmap_mode="r+")).spec.fingerprint
    assert not ArraySource(values(100)).spec.fingerprint


def test_selected_rows_are_read_in_their_order_with_their_labels() -> None:
    x = np.arange(20, dtype=np.float32)[:, None]
    chosen = SelectedRows(ArraySource(x, np.arange(20)), np.array([7, 3, 11]))
    batch = chosen.read(slice(1, 3))
    np.testing.assert_array_equal(batch.x[:, 0], [3, 11])
    np.testing.assert_array_equal(batch.labels, [3, 11])
    np.testing.assert_array_equal(chosen.labels, [7, 3, 11])
    assert chosen.spec.length == 3


def test_values_that_are_missing_are_left_aside_and_counted() -> None:
    x = values()
    x[::3, 1], x[:, 2], x[-1, 0] = np.nan, np.inf, -np.inf
    (found,), _ = examine([ArraySource(x)], no_progress)
    np.testing.assert_array_equal(found.missing, [1, len(x[::3]), len(x)])
    there = x[:, 1][np.isfinite(x[:, 1])].astype(float)
    np.testing.assert_allclose(found.mean[:2], [x[:-1, 0].mean(dtype=float), there.mean()], 1e-9)
    np.testing.assert_allclose(found.sd[:2], [x[:-1, 0].std(dtype=float), there.std()], 1e-6)
    assert (found.low[1], found.high[1]) == (there.min(), there.max())


def test_single_examples_are_judged_in_the_same_pass() -> None:
    x = values(100)
    x[7] = x[3]
    source = Counted(x)
    dataset = Dataset(
        "Some", SelectedRows(source, np.arange(80)), SelectedRows(source, np.arange(80, 100))
    )
    Counted.readings = 0
    dataset.examined(no_progress)
    of_one_pass, Counted.readings = Counted.readings, 0
    known, facts = dataset.examined_by_row(no_progress)
    assert Counted.readings == of_one_pass
    assert known.summary.sha256 == dataset.summary.sha256
    assert facts["train"].hashes[7] == facts["train"].hashes[3]
    np.testing.assert_array_equal(facts["test"].hashes, row_facts(dataset.test, no_progress).hashes)


def looks_of(*parts: np.ndarray) -> tuple[FeatureLooks, ...]:
    sources = [ArraySource(part) for part in parts]
    return feature_looks(sources[0], examine(sources, no_progress)[0])


def test_looks_of_features_are_those_of_all_parts_together() -> None:
    x = values(1000)
    x[5, 1] = np.nan
    there = np.delete(x[:, 1].astype(float), 5)
    _, second, third = looks_of(x[:900], x[900:])
    assert (second.missing, second.low, second.high) == (1, there.min(), there.max())
    assert (second.mean, second.sd) == pytest.approx((there.mean(), there.std()))
    assert (third.low, third.sd, sum(third.bars)) == (0, 0, 900)
    pictures = np.random.default_rng(0).integers(0, 99, (300, 4, 4), dtype=np.uint8)
    (whole,) = looks_of(pictures[:200], pictures[200:])
    assert (whole.low, whole.high) == (pictures.min(), pictures.max())
    assert (whole.mean, whole.sd) == pytest.approx((pictures.mean(), pictures.std()))


def test_a_feature_that_no_example_has_has_no_numbers() -> None:
    x = values(50)
    x[:, 1] = np.nan
    _, none, _ = looks_of(x)
    assert none.missing == 50
    assert np.isnan([none.low, none.high, none.mean, none.sd]).all()
