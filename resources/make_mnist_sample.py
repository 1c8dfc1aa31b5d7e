"""Draw the bundled sample of MNIST: ``python make_mnist_sample.py FOLDER OUTPUT.npz``.

FOLDER holds the four gzip files of the original distribution. The same files give the same sample,
whatever the machine: the seed is fixed, and the random stream of `numpy.random.PCG64` is stable.
"""

from __future__ import annotations

import argparse
import gzip
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SEED = 20240229
TRAIN_PER_CLASS = 1_000
TEST_PER_CLASS = 200


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Read the uint8 array in a gzipped IDX file, of the shape that its header says."""
    data = gzip.decompress(path.read_bytes())
    zeros, value_type, axes = struct.unpack_from(">HBB", data)
    if (zeros, value_type) != (0, 0x08):
        raise SystemExit(f"{path} is not an IDX file of unsigned bytes.")
    shape = struct.unpack_from(f">{axes}I", data, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def balanced(
    labels: NDArray[np.uint8], per_class: int, draws: np.random.Generator
) -> NDArray[np.intp]:
    """Choose the indices of ``per_class`` random examples of each class, in random order.

    All examples are shuffled once; of each class the first ``per_class`` are kept.
    """
    order = draws.permutation(len(labels))
    kept = np.zeros(len(order), bool)
    for label in np.unique(labels):
        kept[np.flatnonzero(labels[order] == label)[:per_class]] = True
    return order[kept]


def draw(folder: Path) -> dict[str, NDArray[np.uint8]]:
    """Draw the sample's four arrays: ``x_train``, ``y_train``, ``x_test``, ``y_test``."""
    draws = np.random.Generator(np.random.PCG64(SEED))
    arrays = {}
    for part, prefix, per_class in (
        ("train", "train", TRAIN_PER_CLASS),
        ("test", "t10k", TEST_PER_CLASS),
    ):
        images = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz")
        labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz")
        chosen = balanced(labels, per_class, draws)
        arrays[f"x_{part}"], arrays[f"y_{part}"] = images[chosen], labels[chosen]
    return arrays


def main() -> None:
    """Read the arguments, draw, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with the four *-ubyte.gz files")
    parser.add_argument("output", type=Path, help="the .npz file to write")
    arguments = parser.parse_args()
    np.savez_compressed(arguments.output, **draw(arguments.folder))


if __name__ == "__main__":
    main()
