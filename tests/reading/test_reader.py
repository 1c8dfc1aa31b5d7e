from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from vaegui.errors import Cancelled, FileError
from vaegui.reading import reader
from vaegui.reading.reader import ArraySpec, list_arrays, read_arrays

ARRAYS = {
    "layers/dense/vars/0": np.arange(6, dtype=np.float32).reshape(2, 3),
    "layers/dense/vars/1": np.array([0.5, -1.0]),
    "seed": np.array([1, 2**32 - 1], np.uint32),
    "number": np.array(7, np.int64),
}


@pytest.fixture
def h5(tmp_path: Path) -> Path:
    with h5py.File(tmp_path / "w.h5", "w") as file:
        for name, array in ARRAYS.items():
            file[name] = array
    return tmp_path / "w.h5"


def safetensors(path: Path, header: Any, data: bytes) -> Path:
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def test_arrays_come_out_bit_for_bit(h5: Path) -> None:
    found = read_arrays(h5, "h5")
    assert {k: (v.dtype, v.shape, v.tobytes()) for k, v in found.items()} == {
        k: (v.dtype, v.shape, v.tobytes()) for k, v in ARRAYS.items()
    }
    assert list_arrays(h5, "h5")["seed"] == ArraySpec((2,), "uint32")


def test_what_is_wanted_has_to_be_there_in_that_form(h5: Path) -> None:
    wanted = {"number": ArraySpec((), "int64")}
    assert list(read_arrays(h5, "h5", wanted=wanted, others=True)) == ["number"]
    with pytest.raises(FileError, match="also holds"):
        read_arrays(h5, "h5", wanted=wanted)
    with pytest.raises(FileError, match="lacks x"):
        read_arrays(h5, "h5", wanted={"x": ArraySpec(())}, others=True)
    with pytest.raises(FileError, match=r"number is int64 of shape \(\), and would have to be"):
        read_arrays(h5, "h5", wanted={"number": ArraySpec((), "float32")}, others=True)


def test_reading_tells_its_progress_and_can_be_cancelled(h5: Path) -> None:
    def cancel(what: str, done: int, total: int | None) -> None:
        raise Cancelled(what)

    told: list[tuple[int, int | None]] = []
    read_arrays(h5, "h5", progress=lambda what, done, total: told.append((done, total)))
    assert told[-1] == (56, 56)
    with pytest.raises(Cancelled):
        read_arrays(h5, "h5", progress=cancel)


def test_safetensors_come_out_bit_for_bit(tmp_path: Path) -> None:
    array = np.arange(6, dtype=np.float32).reshape(3, 2)
    entry = {"dtype": "F32", "shape": [3, 2], "data_offsets": [0, 24]}
    path = safetensors(tmp_path / "w", {"__metadata__": {}, "a": entry}, array.tobytes())
    assert np.array_equal(read_arrays(path, "safetensors")["a"], array)


@pytest.mark.parametrize(
    "change",
    [
        {"shape": [3, 3]},
        {"shape": [-3, -2]},
        {"shape": [1 << 40, 0]},
        {"data_offsets": [-24, 0]},
        {"data_offsets": [24, 48]},
        {"dtype": "F8_E4M3"},
        {"dtype": []},
        {"shape": "32"},
    ],
)
def test_safetensors_that_are_not_what_they_say_are_refused(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    entry = {"dtype": "F32", "shape": [3, 2], "data_offsets": [0, 24], **change}
    path = safetensors(tmp_path / "w", {"a": entry}, bytes(24))
    if change.get("shape") == [1 << 40, 0]:
        path = safetensors(tmp_path / "w", {"a": {**entry, "data_offsets": [0, 1]}}, bytes(24))
    with pytest.raises(FileError, match=r"cannot be found|holds a"):
        read_arrays(path, "safetensors")


def test_arrays_over_each_other_cannot_fill_the_memory(tmp_path: Path) -> None:
    entry = {"dtype": "F32", "shape": [3, 2], "data_offsets": [0, 24]}
    path = safetensors(tmp_path / "w", {f"a{i}": entry for i in range(50)}, bytes(24))
    with pytest.raises(FileError, match="cannot be found"):
        read_arrays(path, "safetensors")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense",
        b"[]",
        b'{"arrays": [["a", "|O", [1], 0]]}',
        b'{"arrays": [["a", "<f4", [1], -4]]}',
        b'{"arrays": [["a", "<f4", [true], 0]]}',
        b'{"arrays": [["a", "<f4", [100000], 0]]}',
        b'{"arrays": [["a", "<f4", 1]]}',
        b'{"arrays": [["a", ["<f4"], [1], 0]]}',
        b'{"refused": 1}',
        b"[" * 100_000,
    ],
)
def test_an_answer_of_a_child_gone_wild_is_not_believed(
    h5: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(reader, "_asked", lambda *arguments: answer)
    with pytest.raises(FileError, match="its weights cannot be found"):
        read_arrays(h5, "h5")


@pytest.mark.parametrize(
    "program", ["while True: pass", "print('x' * 99, end='')", "import os; os.abort()"]
)
def test_a_child_that_hangs_babbles_or_crashes_is_a_refusal(
    h5: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    child = tmp_path / "child.py"
    child.write_text(program)
    monkeypatch.setattr(reader, "_CHILD", child)
    monkeypatch.setattr(reader, "_TIMEOUT", 1.0)
    with pytest.raises(FileError, match="its weights cannot be found"):
        read_arrays(h5, "h5")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot open folders")
def test_a_file_that_is_not_there_or_a_folder_is_explained(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        read_arrays(tmp_path / "none", "h5")
    with pytest.raises(FileError, match="it is a folder"):
        read_arrays(tmp_path, "h5")
