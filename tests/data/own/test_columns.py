from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vaegui.data.formats.base import TableColumn
from vaegui.data.own.columns.column import Column, log1p_features
from vaegui.data.own.columns.features import features
from vaegui.data.own.columns.guesses import guess_columns
from vaegui.data.own.columns.profile import ColumnProfile, profile
from vaegui.data.own.whole import ReadPart
from vaegui.data.source import OneHot
from vaegui.data.stored import decoded
from vaegui.errors import Cancelled, DataError
from vaegui.progress import no_progress

NAN = float("nan")


@dataclass(frozen=True, eq=False)
class Rows:
    """A table in memory, given in portions of a few rows."""

    cells: pa.Table
    columns: Sequence[TableColumn]
    each: int = 7
    fingerprint: str = ""

    @property
    def length(self) -> int:
        return int(self.cells.num_rows)

    def line(self, row: int) -> int:
        return row + 2

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        yield from self.cells.select(list(columns)).to_batches(max_chunksize=self.each)


def table(**columns: Any) -> Rows:
    """Columns of lists; the kind is that of the values, or said: ``name=("date", [...])``."""
    cells, described = {}, []
    for name, given in columns.items():
        kind, values = given if isinstance(given, tuple) else (None, given)
        there = [value for value in values if value is not None]
        kind = kind or ("category" if there and isinstance(there[0], str) else "number")
        numeric = kind in ("number", "date")
        cells[name] = pa.array(values, pa.float64() if numeric else pa.string())
        described.append(TableColumn(name, kind, "cm" if name == "length" else ""))
    return Rows(pa.table(cells), described)


def profiled(rows: Rows) -> dict[str, ColumnProfile]:
    return {found.name: found for found in profile(rows, no_progress)}


def proposed(rows: Rows) -> tuple[dict[str, Column], dict[str, str]]:
    columns, guesses = guess_columns(profile(rows, no_progress))
    reasons = {c.name: guess.reason for c, guess in zip(columns, guesses, strict=True)}
    return {column.name: column for column in columns}, reasons


def made(rows: Rows, *columns: Column) -> ReadPart:
    return features(rows, columns, no_progress)


def x(part: ReadPart) -> np.ndarray:
    return part.source.read(slice(None)).x


def test_a_profile_has_ranges_moments_gaps_and_a_histogram() -> None:
    values = np.random.default_rng(0).normal(3, 2, 500)
    cells = [None if i % 50 == 0 else float(v) for i, v in enumerate(values)]
    found = profiled(table(length=cells))["length"]
    there = np.delete(values, np.s_[::50])
    assert (found.count, found.missing, found.unit) == (490, 10, "cm")
    assert found.low == there.min()
    assert found.high == there.max()
    assert found.mean == pytest.approx(there.mean())
    assert found.sd == pytest.approx(there.std())
    assert sum(found.bars) == 490
    assert len(found.edges) == len(found.bars) + 1
    assert (found.whole, found.constant, found.rising) == (False, False, False)


def test_a_profile_counts_words() -> None:
    found = profiled(table(kind=["a", "b", None, "a"] * 5))["kind"]
    assert (found.count, found.missing) == (15, 5)
    assert found.words == (("a", 10), ("b", 5))


@pytest.mark.parametrize("value", [1e308, -1e-300, 1e16, float("inf"), None])
def test_a_profile_of_odd_numbers_is_made_all_the_same(value: float | None) -> None:
    found = profiled(table(odd=[value, value, 1.0, 1e16 + 2]))["odd"]
    assert sum(found.bars) >= 2


@pytest.mark.parametrize("cells", [(-1e308, 1e308), (1e308, 1e308), (-1e308, -1e308, -9e307)])
def test_a_column_of_numbers_as_large_as_can_be_has_a_histogram(cells: tuple[float, ...]) -> None:
    found = profiled(table(huge=[*cells]))["huge"]
    assert sum(found.bars) == len(cells)
    assert found.edges[0] <= min(cells) <= max(cells) <= found.edges[-1]


def test_roles_are_proposed_with_reasons() -> None:
    n = 60
    rows = table(
        row=list(map(float, range(n))),
        sample_id=[float((i * 37) % 61 + 1000) for i in range(n)],
        length=[i * 0.37 for i in range(n)],
        empty=[None] * n,
        same=[5.0] * n,
        comment=("text", [f"this is remark number {i}" for i in range(n)]),
        site=["north", "south"] * 30,
        colour=["red", "blue", "green"] * 20,
        when=("date", [18_000.0 + i % 7 for i in range(n)]),
        species=["cat", "dog", "cow"] * 20,
    )
    columns, reasons = proposed(rows)
    assert {name: column.role for name, column in columns.items()} == {
        "row": "ignore",
        "sample_id": "ignore",
        "length": "feature",
        "empty": "ignore",
        "same": "ignore",
        "comment": "ignore",
        "site": "group",
        "colour": "feature",
        "when": "feature",
        "species": "label",
    }
    assert "counts the rows" in reasons["row"]
    assert "no value comes twice" in reasons["sample_id"]
    assert "same value" in reasons["same"]
    assert columns["colour"].categories == ("blue", "green", "red")
    assert columns["when"].since == "2019-04-14"


def test_the_only_category_is_the_label() -> None:
    columns, _ = proposed(table(a=[1.0, 2.5, 4.0] * 4, kind=["u", "v", "u"] * 4))
    assert columns["kind"].role == "label"


def test_the_one_column_of_class_numbers_at_the_end_is_the_label() -> None:
    columns, reasons = proposed(table(a=[1.0, 2.5, 4.0] * 4, b=[7.0, 250.0] * 6, c=[0.0, 1.0] * 6))
    assert columns["c"].role == "label"
    assert "few whole numbers" in reasons["c"]
    columns, _ = proposed(table(a=[0.0, 1.0] * 6, b=[1.0, 2.0, 1.0] * 4))
    assert {column.role for column in columns.values()} == {"feature"}


def test_whole_numbers_called_target_are_the_label() -> None:
    columns, _ = proposed(table(a=[1.0, 2.5, 4.0] * 4, target=[0.0, 1.0, 2.0] * 4))
    assert columns["target"].role == "label"
    columns, _ = proposed(table(a=[1.0, 2.5, 4.0] * 4, target=[0.5, 1.0, 2.0] * 4))
    assert columns["target"].role == "feature"


def test_of_many_words_the_most_frequent_become_features_and_the_others_one() -> None:
    words = [f"w{i % 40:02d}" for i in range(400)] + ["w39"] * 300
    columns, _ = proposed(table(a=words, b=["x", "y"] * 350))
    assert len(columns["a"].categories) == 19
    assert columns["a"].other
    assert "w39" in columns["a"].categories


def test_a_table_that_only_counts_rows_is_offered_as_features_nevertheless() -> None:
    columns, _ = proposed(table(x=[1.0, 2.0, 3.0, 4.0]))
    assert columns["x"].role == "feature"


def test_a_table_of_words_only_is_offered_as_features_nevertheless() -> None:
    words = [f"w{i}" for i in range(60)]
    columns, _ = proposed(table(name=words, place=words[::-1], none=("text", [None] * 60)))
    assert [columns[name].role for name in columns] == ["feature", "feature", "ignore"]


def test_features_have_their_own_units_and_gaps_are_nan() -> None:
    rows = table(length=[1.5, None, 3.5], other=[7.0, 8.0, 9.0])
    part = made(rows, Column(name="length", unit="cm"), Column(name="other", role="ignore"))
    np.testing.assert_array_equal(x(part), np.array([[1.5], [NAN], [3.5]], np.float32))
    names = part.source.spec.names
    assert (names.features, names.units) == (("length",), ("cm",))
    assert part.source.spec.dtype == "float32"
    assert (part.source.labels, part.groups) == (None, None)


def test_a_category_is_one_feature_for_each_value() -> None:
    rows = table(a=[1.0, 2.0, 3.0, 4.0], kind=["u", "v", "w", None])
    column = Column(name="kind", kind="category", categories=("u", "v"), other=True)
    part = made(rows, Column(name="a"), column)
    expected = [[1, 1, 0, 0], [2, 0, 1, 0], [3, 0, 0, 1], [4, NAN, NAN, NAN]]
    np.testing.assert_array_equal(x(part), np.array(expected, np.float32))
    names = part.source.spec.names
    assert names.features == ("a", "kind = u", "kind = v", "kind = other")
    assert names.one_hot == (OneHot("kind", 1, ("u", "v", "other")),)


def test_dates_are_days_since_the_first_or_year_month_and_weekday() -> None:
    rows = table(when=("date", [19782.5, None]))  # noon of Thursday, 2024-02-29
    days = Column(name="when", kind="date", since="2024-02-28")
    parts = days.model_copy(update={"date": "parts"})
    np.testing.assert_array_equal(x(made(rows, days)), np.array([[1.5], [NAN]], np.float32))
    assert made(rows, days).source.spec.names.units == ("days since 2024-02-28",)
    expected = np.array([[2024, 2, 3], [NAN] * 3], np.float32)
    np.testing.assert_array_equal(x(made(rows, parts)), expected)
    assert made(rows, parts).source.spec.names.features == (
        "when: year",
        "when: month",
        "when: weekday",
    )


def test_one_more_feature_can_say_what_is_missing() -> None:
    rows = table(a=[1.0, None])
    part = made(rows, Column(name="a", mask=True))
    np.testing.assert_array_equal(x(part), np.array([[1, 0], [NAN, 1]], np.float32))
    assert part.source.spec.names.features == ("a", "a is missing")


def test_labels_and_groups_are_numbered_in_order() -> None:
    rows = table(
        a=[float(i) for i in range(20)],
        y=[10.0, 2.0, None, 2.0] * 5,
        patient=["p2", "p1", "p2", "p3"] * 5,
    )
    part = made(
        rows,
        Column(name="a"),
        Column(name="y", role="label"),
        Column(name="patient", role="group", kind="category"),
    )
    assert part.source.labels is not None
    assert part.groups is not None
    assert part.source.spec.names.classes == ("2", "10", "(missing)")
    np.testing.assert_array_equal(part.source.labels, [1, 0, 2, 0] * 5)
    np.testing.assert_array_equal(part.groups, [1, 0, 1, 2] * 5)


def test_which_features_are_seen_as_logarithms_is_known() -> None:
    columns = (Column(name="a", log1p=True, mask=True), Column(name="b"))
    assert log1p_features(columns) == (True, False, False)


def test_a_table_that_is_not_like_the_first_is_told() -> None:
    rows = table(a=[1.0], kind=["u"])
    with pytest.raises(DataError, match="no column 'b'"):
        made(rows, Column(name="a"), Column(name="b"))
    with pytest.raises(DataError, match="'kind' holds values of the kind category, not number"):
        made(rows, Column(name="kind"))
    with pytest.raises(DataError, match="No column is a feature"):
        made(rows, Column(name="a", role="label"))
    with pytest.raises(DataError, match="two columns with the role label"):
        made(rows, Column(name="a"), *(Column(name=n, role="label") for n in ("a", "a")))


def test_a_large_table_is_decoded_once_into_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoded, "HELD_BYTES", 0)
    rows = table(a=[float(i) for i in range(50)], y=["u", "v"] * 25)
    known = Rows(rows.cells, rows.columns, fingerprint="this table")
    columns = Column(name="a"), Column(name="y", role="label", kind="category")
    read: list[Sequence[str]] = []

    class Watched(Rows):
        def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
            read.append(columns)
            return super().batches(columns)

    watched = Watched(known.cells, known.columns, fingerprint="this table")
    first, again = made(watched, *columns), made(watched, *columns)
    np.testing.assert_array_equal(x(first), x(again))
    assert read == [["a"], ["y"], ["y"]]
    assert first.source.spec.fingerprint == again.source.spec.fingerprint != ""


def test_making_features_can_be_cancelled() -> None:
    def cancel(what: str, done: int, total: int | None) -> None:
        raise Cancelled(what)

    rows = table(a=[1.0, 2.0])
    with pytest.raises(Cancelled):
        features(rows, [Column(name="a")], cancel)
    with pytest.raises(Cancelled):
        profile(rows, cancel)
