"""HDF5 files that are not what Keras writes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np

__all__ = ["changed", "hostile_weights"]

KERNEL = "layers/functional/layers/dense/vars/0"


def changed(content: bytes, change: Callable[[h5py.File], Any]) -> bytes:
    """The file of weights after something was done to it."""
    file = io.BytesIO(content)
    with h5py.File(file, "r+") as h5:
        change(h5)
    return file.getvalue()


def hostile_weights(
    content: bytes, elsewhere: str, kernel: str = KERNEL
) -> dict[str, tuple[bytes, str]]:
    """Files by name, with what the refusal has to say.

    ``elsewhere`` is a file to lead to, and ``kernel`` the array in whose place something is put.
    """

    def instead(make: Callable[[Any, str, Any], Any]) -> bytes:
        def change(h5: h5py.File) -> None:
            array = h5[kernel][()]
            del h5[kernel]
            make(h5, kernel, array)

        return changed(content, change)

    def with_value(value: float) -> bytes:
        def change(h5: h5py.File) -> None:
            h5[kernel][3, 4] = value

        return changed(content, change)

    def virtual(h5: Any, name: str, array: Any) -> None:
        layout = h5py.VirtualLayout(array.shape, array.dtype)
        layout[:] = h5py.VirtualSource(elsewhere, "x", array.shape)
        h5.create_virtual_dataset(name, layout)

    def external(h5: Any, name: str, array: Any) -> None:
        h5.create_dataset(name, array.shape, "f4", external=[(elsewhere, 0, array.nbytes)])

    def filtered(h5: Any, name: str, array: Any) -> None:
        h5.create_dataset(name, data=array, compression="gzip")

    def chunked(h5: Any, name: str, array: Any) -> None:
        h5.create_dataset(name, data=array, chunks=(2, 2))

    def compact(h5: Any, name: str, array: Any) -> None:
        made = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        made.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple(array.shape)
        h5py.h5d.create(h5.id, name.encode(), h5py.h5t.IEEE_F32LE, space, made)

    def never_written(h5: Any, name: str, array: Any) -> None:
        h5.create_dataset(name, (1 << 20, 1 << 20), "f4")

    def typed(dtype: Any) -> Callable[[Any, str, Any], None]:
        return lambda h5, name, array: h5.create_dataset(name, data=array.astype(dtype))

    def text(h5: Any, name: str, array: Any) -> None:
        h5.create_dataset(name, data="import os", dtype=h5py.string_dtype())

    def soft(h5: Any, name: str, array: Any) -> None:
        h5[name] = h5py.SoftLink("/layers/functional/layers/dense_1/vars/0")

    def leading_elsewhere(h5: Any, name: str, array: Any) -> None:
        h5[name] = h5py.ExternalLink(elsewhere, "/x")

    def twice(h5: Any, name: str, array: Any) -> None:
        h5[name] = array
        h5[f"{name}_again"] = h5[name]

    def in_a_circle(h5: Any, name: str, array: Any) -> None:
        h5[f"{name}_more"] = h5[name.split("/")[0]]

    def deep(h5: Any, name: str, array: Any) -> None:
        h5.create_dataset("/".join(["g"] * 500) + "/0", data=array)

    def many(h5: Any, name: str, array: Any) -> None:
        for i in range(11_000):
            h5.create_group(f"g{i}")

    def named_type(h5: Any, name: str, array: Any) -> None:
        h5[name] = np.dtype("f4")

    def missing(h5: Any, name: str, array: Any) -> None:
        pass

    def more(h5: Any, name: str, array: Any) -> None:
        h5[name] = array
        h5["more"] = np.zeros(3, np.float32)

    def reshaped(h5: Any, name: str, array: Any) -> None:
        h5[name] = np.ascontiguousarray(array.T)

    return {
        "external data": (instead(external), "numbers lie in another file"),
        "virtual data": (instead(virtual), "virtual array"),
        "filtered data": (instead(filtered), "compressed or filtered"),
        "chunked data": (instead(chunked), "does not lie in one piece"),
        "compact data": (instead(compact), "does not lie in one piece"),
        "data never written": (instead(never_written), "is empty"),
        "big-endian numbers": (instead(typed(">f4")), "plain numbers"),
        "complex numbers": (instead(typed("c8")), "plain numbers"),
        "text for numbers": (instead(text), "plain numbers"),
        "half as precise": (instead(typed("f2")), "do not fit"),
        "a soft link": (instead(soft), "another place or file"),
        "an external link": (instead(leading_elsewhere), "another place or file"),
        "two links to one array": (instead(twice), "one of them twice"),
        "groups in a circle": (instead(in_a_circle), "one of them twice"),
        "groups without end": (instead(deep), "without end"),
        "many groups": (instead(many), "too many objects"),
        "a type for an array": (instead(named_type), "not an array"),
        "an array missing": (instead(missing), "do not fit"),
        "an array too many": (instead(more), "do not fit"),
        "an array turned": (instead(reshaped), "do not fit"),
        "weights that are NaN": (with_value(np.nan), "not finite"),
        "weights that are infinite": (with_value(np.inf), "not finite"),
        "weights that are text": (b"import os" * 1000, "damaged"),
        "weights cut off": (content[: len(content) // 2], "damaged"),
        "no weights": (b"", "damaged|it is empty"),
    }
