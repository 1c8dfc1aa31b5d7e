from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from vaegui.reading.archives.arrays import pack, unpack

ARRAYS = {
    "optimiser/0": np.array(7, np.int64),
    "matrix": np.arange(12, dtype=np.float32).reshape(3, 4),
    "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "none": np.empty((0, 5), np.float32),
    "flags": np.array([True, False]),
    "odd": np.array([np.nan, np.inf, -0.0, 5e-324]),
    "seed": np.array([2**32 - 1], np.uint32),
}


def npz(member: bytes, compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("a.npy", member)
    return file.getvalue()


def npy(array: np.ndarray, *, allow_pickle: bool = False) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=allow_pickle)
    return file.getvalue()


def test_arrays_come_back_bit_for_bit_and_may_be_written_to() -> None:
    back = unpack(pack(ARRAYS))
    assert list(back) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert back[name].dtype == array.dtype
        assert back[name].shape == array.shape
        assert back[name].tobytes() == array.tobytes()
        assert back[name].flags.writeable


def test_the_same_arrays_give_the_same_bytes() -> None:
    assert pack(ARRAYS) == pack({name: array.copy("K") for name, array in ARRAYS.items()})


def test_pickled_objects_are_refused_and_not_loaded() -> None:
    with pytest.raises(ValueError, match="not of plain numbers"):
        unpack(npz(npy(np.array([{}], object), allow_pickle=True)))


def test_objects_are_not_even_written() -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        pack({"a": np.array([{}], object)})


@pytest.mark.parametrize("length", ["99999999999", "4", "2"])
def test_an_array_that_is_not_as_long_as_it_says_takes_no_memory(length: str) -> None:
    member = npy(np.zeros(3, np.float32))
    honest = b"(3,), }".ljust(20)
    lie = f"({length},), }}".encode().ljust(20)
    assert honest in member
    with pytest.raises(ValueError, match="not as long as it says"):
        unpack(npz(member.replace(honest, lie)))


@pytest.mark.parametrize(
    "header", ["{'descr': __import__('os')", "(3,)", "{'shape': (-3,)", "{" * 1000, ""]
)
def test_a_header_is_matched_and_never_evaluated(header: str) -> None:
    text = header.encode() + b"\n"
    member = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + bytes(12)
    with pytest.raises(ValueError, match="does not begin as NumPy writes it"):
        unpack(npz(member))


def test_compressed_members_are_refused() -> None:
    with pytest.raises(ValueError, match="packed anew"):
        unpack(npz(npy(np.zeros(10**6)), zipfile.ZIP_DEFLATED))


def test_anything_else_is_refused() -> None:
    with pytest.raises(zipfile.BadZipFile):
        unpack(b"no zip at all")
    with pytest.raises(ValueError, match="does not begin"):
        unpack(npz(b"no array at all"))
