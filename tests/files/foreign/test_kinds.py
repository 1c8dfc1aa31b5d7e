"""Files that people take for models: what is said of each, and that what is said can be done."""

import io
import pickle
import warnings
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
import tf_keras

from tests.files.foreign import keras2_models as keras2
from tests.files.foreign.models import dense_decoder, official, pictures
from tests.files.foreign.test_importing import check, imported
from vaegui.errors import FileError
from vaegui.files.foreign.document.document import is_foreign
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.model.model_file import check as check_own

X = pictures()


def packed(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"x" * 100)
    return file.getvalue()


def hdf5(**arrays):
    file = io.BytesIO()
    with h5py.File(file, "w") as h5:
        for name, array in arrays.items():
            h5[name] = array
    return file.getvalue()


FILES = {
    "lfs.h5": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
        "pointer of Git LFS",
        "git lfs pull",
    ),
    "page.keras": (b"\n<!DOCTYPE html>\n<html>", "a web page", "button Download"),
    "empty.h5": (b"", "it is empty", "download it again"),
    "saved_model.pb": (b"\x08\x01\x12\xb6", "a file of a SavedModel", "load_model('"),
    "frozen.pb": (b"\x0a\x07", "graph of TensorFlow 1", "encoder.save"),
    "vae.index": (b"\0\0\6\x08", "a checkpoint of TensorFlow", "load_weights('vae')"),
    "vae.data-00000-of-00001": (b"\0", "a checkpoint of TensorFlow", "load_weights('vae')"),
    "checkpoint": (b'model_checkpoint_path: "vae"', "a checkpoint of TensorFlow", "load_weights"),
    "vae.pkl": (pickle.dumps([1]), "a pickle, which can hold any code", "if you trust it"),
    "vae.sav": (pickle.dumps([1]), "a pickle, which can hold any code", "if you trust it"),
    "vae.joblib": (b"\x78\x9c", "a pickle, which can hold any code", "if you trust it"),
    "vae.pt": (packed("archive/data.pkl", "archive/data/0"), "PyTorch", "dense.set_weights"),
    "old.pth": (b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9", "PyTorch", "dense.set_weights"),
    "vae.onnx": (b"\x08\x07", "a model in ONNX", "to_array"),
    "vae.lite": (b"\x1c\0\0\0TFL3", "TensorFlow Lite", "converted from"),
    "model.json": (
        b'{"modelTopology": {"class_name": "Model"}}',
        "TensorFlow.js",
        "tensorflowjs_converter",
    ),
    "vae.py": (b"import keras", "a program, which is never run", "Run it yourself"),
    "all.zip": (packed("vae/encoder.h5", "vae/decoder.h5"), "an archive with", "Unpack it"),
    "w.safetensors": (b"\x02\0\0\0\0\0\0\0{}", "not the layers", "File > Import weights"),
    "data.h5": (hdf5(x=np.zeros((4, 2))), "without a model of Keras", "File > Open data"),
    "bare.json": (b'{"class_name": "Model"}', "not their weights", "save_weights wrote"),
    "odd.keras": (b"not a model", "not a model file", "another copy"),
}


@pytest.mark.parametrize("name", FILES)
def test_each_kind_of_file_is_called_by_its_name_and_has_a_remedy(name, tmp_path):
    content, what, remedy = FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError, match=what) as refused:
        inspect(path)
    assert remedy in refused.value.remedy
    assert "{" not in refused.value.remedy


@pytest.mark.parametrize("name", ["lfs.h5", "page.keras", "empty.h5", "vae.pkl", "vae.lite"])
def test_opening_as_one_of_our_own_says_it_too(name, tmp_path):
    content, what, _ = FILES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=what):
        check_own(tmp_path / name)


def weights_of(model, path):
    model.save_weights(path)
    return path


@pytest.mark.parametrize("suffix", [".h5", ".weights.h5"])
def test_weights_alone_are_told_to_be_so(suffix, tmp_path):
    model = keras2.encoder_and_decoder()[1] if suffix == ".h5" else dense_decoder()
    path = weights_of(model, tmp_path / f"vae{suffix}")
    with pytest.raises(FileError, match="not the layers that they belong to") as refused:
        inspect(path)
    assert f"vae.load_weights('{path.name}')" in refused.value.remedy
    assert not is_foreign(path)


def test_a_saved_model_can_be_opened_after_what_its_remedy_says(tmp_path, monkeypatch):
    encoder, decoder = keras2.encoder_and_decoder()
    mean, log_var, _ = encoder(X)
    x = keras2.layers.Input(encoder.input_shape[1:])
    vae = keras2.keras.Model(x, decoder(read_outs(encoder)(x)[0]))
    keras2.saved(tmp_path / "vae", vae)
    with pytest.raises(FileError, match="it is a SavedModel, a folder") as refused:
        inspect(tmp_path / "vae")
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = refused.value.remedy.split("tf-keras: ")[1].split(". If")[0]
        assert code.startswith(
            "import tf_keras; tf_keras.models.load_model('vae').save('model.h5')"
        )
        tf_keras.models.load_model("vae").save("model.h5")
    trainer = imported(Path("model.h5"))
    check(trainer, mean, log_var, decoder(mean), 1e-5)


def read_outs(encoder):
    return keras2.keras.Model(encoder.inputs, encoder.outputs[:2], name="encoder")


@pytest.mark.parametrize("made_by", ["keras 2", "keras 3"])
def test_an_architecture_in_json_goes_with_its_weights(made_by, tmp_path):
    old = made_by == "keras 2"
    models = keras2.encoder_and_decoder() if old else official()
    for model in models:
        (tmp_path / f"{model.name}.json").write_text(model.to_json())
        model.save_weights(tmp_path / f"{model.name}{'_weights.h5' if old else '.weights.h5'}")
    mean, log_var, *_ = models[0](X)
    paths = [tmp_path / "encoder.json", tmp_path / "decoder.json"]
    assert all(map(is_foreign, paths))
    check(imported(*paths), mean, log_var, models[1](mean), 1e-5)


def test_an_architecture_and_its_weights_may_be_chosen_together(tmp_path):
    encoder, decoder = official()
    x = keras.Input(encoder.input_shape[1:])
    mean, log_var, _ = encoder(x)
    vae = keras.Model(x, [mean, log_var, decoder(mean)])
    (tmp_path / "architecture.json").write_text(vae.to_json())
    weights = weights_of(vae, tmp_path / "trained.weights.h5")
    mean, log_var, _ = encoder(X)
    for paths in (
        [tmp_path / "architecture.json", weights],
        [weights, tmp_path / "architecture.json"],
    ):
        check(imported(*paths), mean, log_var, decoder(mean), 1e-5)


def test_layers_of_keras_core_are_those_of_keras(tmp_path):
    (tmp_path / "keras").mkdir()
    encoder, decoder = official()
    paths = []
    for model in (encoder, decoder):
        model.save(tmp_path / "keras" / f"{model.name}.keras")
        with zipfile.ZipFile(tmp_path / "keras" / f"{model.name}.keras") as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts["config.json"] = parts["config.json"].replace(b'"keras.', b'"keras_core.')
        paths.append(tmp_path / f"{model.name}.keras")
        with zipfile.ZipFile(paths[-1], "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
    mean, log_var, _ = encoder(X)
    check(imported(*paths), mean, log_var, decoder(mean), 1e-5)
