from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.training import tiny
from vaegui.files.model.model_file import save

SCRIPT = """
import sys
sys.modules["vaegui"] = None
import keras, numpy as np
print(keras.__version__)
model = keras.saving.load_model(sys.argv[1])
assert {"encoder", "decoder"} <= {layer.name for layer in model.layers}
x = np.load(sys.argv[2])
z = model.get_layer("encoder")(x)["mean"]
assert model.get_layer("decoder")(z).shape == x.shape
np.savez(sys.argv[3], **{name: np.asarray(value) for name, value in model(x).items()})
"""


def compare(folder: Path, architecture: str, packages: Path | None = None) -> str:
    """Open a run with plain Keras and compare all outputs bit for bit; the version of Keras."""
    trainer = tiny.trainer(architecture__kind=architecture)
    list(trainer.run(max_steps=15))
    save(folder / "run.keras", trainer)
    x = trainer.data.scaling.to_model(trainer.examples.dataset.test.read(slice(50)).x)
    np.save(folder / "x.npy", x)
    arguments = [str(folder / name) for name in ("run.keras", "x.npy", "out.npz")]
    search = {"PYTHONPATH": str(packages)} if packages else {}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **search},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with np.load(folder / "out.npz", allow_pickle=False) as found:
        assert set(found) == {"mean", "log_var", "reconstruction"}
        for name, value in trainer.model.vae(x).items():
            assert found[name].tobytes() == np.asarray(value).tobytes()
    return done.stdout.strip()


@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_plain_keras_opens_the_file_without_vaegui(tmp_path: Path, architecture: str) -> None:
    compare(tmp_path, architecture)


@pytest.mark.long
@pytest.mark.parametrize("version", ["==3.15.1", ""])
def test_the_oldest_and_the_newest_keras_give_the_same_bits(tmp_path: Path, version: str) -> None:
    packages = tmp_path / "packages"
    # Keras alone is put before what is installed: the same TensorFlow has to compute.
    install = ["install", "--quiet", "--no-deps", "--target", str(packages), f"keras{version}"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *install], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"pip cannot install Keras: {done.stderr.strip()[-200:]}")
    for architecture in ("dense", "conv"):
        used = compare(tmp_path, architecture, packages)
        assert used == version.removeprefix("==") or not version
