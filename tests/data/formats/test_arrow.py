from __future__ import annotations

import datetime
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow as pa
import pytest
from pyarrow import feather, ipc
from pyarrow import parquet as pq

from vaegui.data.formats.arrow import ArrowFile, ArrowTable
from vaegui.data.formats.base import Contents
from vaegui.data.formats.columnar import opening
from vaegui.errors import DataError
from vaegui.progress import no_progress

CONTAINERS = ("parquet", "arrow", "stream", "feather")


def cells() -> pa.Table:
    n = 3000
    return pa.table(
        {
            "whole": pa.array([None if i % 7 == 0 else i for i in range(n)], pa.int32()),
            "length [cm]": pa.array([i / 3 for i in range(n)], pa.float32()),
            "yes": pa.array([i % 2 == 0 for i in range(n)]),
            "kind": pa.array(["uvw"[i % 3] for i in range(n)]),
            "coded": pa.array(["uvw"[i % 3] for i in range(n)]).dictionary_encode(),
            "remark": pa.array([f"remark {i}" for i in range(n)]),
            "day": pa.array(range(n), pa.date32()),
            "time": pa.array([i * 43_200_000 for i in range(n)], pa.timestamp("ms", "UTC")),
            "vector": pa.array([[i, i + 0.5] for i in range(n)], pa.list_(pa.float64(), 2)),
            "lists": pa.array([[1], [1, 2], None] * (n // 3), pa.list_(pa.int64())),
        }
    )


def written(folder: Path, container: str, table: pa.Table | None = None, **options: Any) -> Path:
    table = cells() if table is None else table
    path = folder / f"data.{'arrows' if container == 'stream' else container}"
    if container == "parquet":
        pq.write_table(table, path, row_group_size=1000, **options)
    elif container == "feather":
        feather.write_feather(table, path, **options)
    else:
        new = ipc.new_stream if container == "stream" else ipc.new_file
        options = {"options": ipc.IpcWriteOptions(**options)} if options else {}
        with new(path, table.schema, **options) as writer:
            writer.write_table(table, max_chunksize=1000)
    return path


def opened(path: Path, **said: Any) -> Contents:
    found = ArrowFile.detect(path)
    assert found is not None
    return found.format.model_copy(update=said).read(path, no_progress)


def table_of(contents: Contents) -> ArrowTable:
    found = contents.parts["all"]
    assert isinstance(found, ArrowTable)
    return found


def values(contents: Contents) -> dict[str, list[Any]]:
    found = table_of(contents)
    names = [column.name for column in found.columns]
    return pa.Table.from_batches(found.batches(names)).to_pydict()


@pytest.mark.parametrize("container", CONTAINERS)
def test_columns_are_read_as_numbers_days_and_words(container: str, tmp_path: Path) -> None:
    contents = opened(written(tmp_path, container))
    found = values(contents)
    assert {c.name: c.kind for c in table_of(contents).columns} == {
        "whole": "number",
        "length": "number",
        "yes": "number",
        "kind": "category",
        "coded": "category",
        "remark": "text",
        "day": "date",
        "time": "date",
        "vector 0": "number",
        "vector 1": "number",
    }
    assert table_of(contents).columns[1].unit == "cm"
    assert table_of(contents).length == len(found["whole"]) == 3000
    assert found["whole"][:3] == [None, 1.0, 2.0]
    assert found["yes"][:2] == [1.0, 0.0]
    assert found["coded"][:2] == found["kind"][:2] == ["u", "v"]
    assert (found["day"][5], found["time"][5]) == (5.0, 2.5)
    assert (found["vector 0"][4], found["vector 1"][4]) == (4.0, 4.5)
    np.testing.assert_allclose(found["length"], np.arange(3000) / 3, rtol=1e-6)


@pytest.mark.parametrize("container", CONTAINERS)
def test_nested_columns_are_named_in_the_ledger_and_left_out(
    container: str, tmp_path: Path
) -> None:
    (entry,) = opened(written(tmp_path, container)).ledger
    assert (entry.place.column, entry.what) == ("lists", "left out")
    assert "list" in entry.why


def test_a_number_can_be_taken_as_a_category(tmp_path: Path) -> None:
    contents = opened(written(tmp_path, "parquet"), kinds={"whole": "category"})
    assert values(contents)["whole"][:3] == [None, "1", "2"]


def test_a_not_a_number_is_a_missing_value(tmp_path: Path) -> None:
    table = pa.table({"a": pa.array([1.0, float("nan"), float("inf")])})
    assert values(opened(written(tmp_path, "parquet", table)))["a"] == [1.0, None, float("inf")]


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_file_that_changes_is_told(container: str, tmp_path: Path) -> None:
    path = written(tmp_path, container)
    contents = opened(path)
    written(tmp_path, container, cells().slice(0, 10))
    with pytest.raises(DataError, match="changed while it was read"):
        values(contents)
    path.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        values(contents)


def test_no_column_and_no_row_are_told(tmp_path: Path) -> None:
    lists = pa.table({"a": pa.array([[1], [2]])})
    with pytest.raises(DataError, match="no column of numbers, dates or words"):
        opened(written(tmp_path, "parquet", lists))
    with pytest.raises(DataError, match="no rows"):
        opened(written(tmp_path, "arrow", cells().slice(0, 0)))


def test_other_files_are_left_to_other_formats(tmp_path: Path) -> None:
    for content in (b"", b"PK\x03\x04", b"a,b\n1,2\n"):
        (tmp_path / "x.parquet").write_bytes(content)
        assert ArrowFile.detect(tmp_path / "x.parquet") is None


def test_what_cannot_be_read_for_a_reason_says_which(tmp_path: Path) -> None:
    for content, words in ((b"FEA1" + b"\x00" * 99, "first version"), (b"PARE" * 9, "encrypted")):
        (tmp_path / "x").write_bytes(content)
        with pytest.raises(DataError, match=words):
            ArrowFile.detect(tmp_path / "x")


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("share", [0.01, 0.3, 0.9, 0.999])
def test_a_file_that_was_cut_is_damaged(container: str, share: float, tmp_path: Path) -> None:
    path = written(tmp_path, container)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    if container in ("arrow", "feather") and share > 0.99:
        return  # only the index at its end is gone, and nothing needs it
    with pytest.raises(DataError, match=r"damaged|rows"):
        values(opened(path))


def grown(path: Path) -> tuple[float, int]:
    """Seconds and bytes that it takes to refuse a file."""
    process = psutil.Process()
    pa.default_memory_pool().release_unused()
    before, began = process.memory_info().rss, time.perf_counter()
    with pytest.raises(DataError) as caught:
        values(opened(path))
    assert "becomes" in caught.value.message or "claims" in caught.value.remedy
    return time.perf_counter() - began, process.memory_info().rss - before


@pytest.mark.parametrize("container", ["parquet", "arrow", "stream"])
def test_a_bomb_is_refused_before_it_is_unpacked(container: str, tmp_path: Path) -> None:
    equal = pa.table({"a": pa.array(np.zeros(30_000_000))})
    path = tmp_path / "bomb.arrows"
    if container == "parquet":
        pq.write_table(
            equal, path, compression="zstd", use_dictionary=False, data_page_size=1 << 30,
            row_group_size=1 << 30, write_batch_size=1 << 26, max_rows_per_page=1 << 30,
        )  # fmt: skip
    else:
        new = ipc.new_stream if container == "stream" else ipc.new_file
        with new(path, equal.schema, options=ipc.IpcWriteOptions(compression="zstd")) as writer:
            writer.write_table(equal)
    assert path.stat().st_size < 2 << 20
    del equal
    seconds, size = grown(path)
    assert seconds < 3
    assert size < 100 << 20


def test_more_rows_than_a_file_can_hold_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "parquet", pa.table({"a": pa.array(np.zeros(100_000))}))
    assert opened(path).ledger == ()
    monkeypatch.setattr(opening, "MOST_CELLS_OF_A_BYTE", 1)
    seconds, _ = grown(path)
    assert seconds < 3


def test_days_before_1970_and_decimals_are_read(tmp_path: Path) -> None:
    table = pa.table(
        {
            "day": pa.array([datetime.date(1969, 12, 31)]),
            "price": pa.array([12.25]).cast(pa.decimal128(10, 2)),
        }
    )
    assert values(opened(written(tmp_path, "parquet", table))) == {"day": [-1.0], "price": [12.25]}
