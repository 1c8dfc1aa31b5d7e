import json
import zipfile

import keras
import pytest
from keras import layers, ops

from tests.files.foreign.models import (
    SHAPE,
    UNITS,
    Sampling,
    Vae,
    dense_decoder,
    dense_encoder,
    official,
    saved,
)
from vaegui.core.layers import LAYERS
from vaegui.errors import FileError
from vaegui.files.foreign.document.document import is_foreign
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.foreign.importing import settings_of
from vaegui.files.foreign.roles.proposal import proposed
from vaegui.files.model.weights import snake_case


def written(path, config):
    text = config if isinstance(config, str) else json.dumps(config)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", text)
    return path


def config_of(model):
    return json.loads(model.to_json())


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return saved(folder, encoder=official()[0], decoder=dense_decoder())


def hidden(layer):
    return dense_encoder(lambda x: layer(layers.Flatten()(x)))


def twice(x):
    shared = layers.Dense(784)
    return shared(shared(layers.Flatten()(x)))


def square(x):
    return x * x


@pytest.mark.parametrize(
    ("encoder", "reason"),
    [
        (lambda: hidden(layers.Lambda(square, name="odd")), "'odd' is a Lambda, which can hold"),
        (lambda: hidden(layers.Dense(4, activation=square, name="odd")), "activation 'square'"),
        (lambda: dense_encoder(twice), "is used in several places"),
        (lambda: dense_encoder(lambda x: layers.Flatten()(ops.sin(x))), "is the operation 'Sin'"),
        (
            lambda: dense_encoder(lambda x: layers.Flatten()(layers.Solarization(name="odd")(x))),
            "'odd' is of the kind 'Solarization', which is work on the data: do it before",
        ),
        (
            lambda: hidden(layers.Normalization(axis=None, name="odd")),
            "'odd' cannot have axis",
        ),
    ],
)
def test_what_cannot_be_rebuilt_is_named(encoder, reason, files, tmp_path):
    (path,) = saved(tmp_path, encoder=encoder())
    with pytest.raises(FileError, match=reason) as refused:
        inspect(path, files[1])
    assert "Rebuild encoder and decoder" in refused.value.remedy


def test_a_custom_layer_before_the_read_outs_is_named(files, tmp_path):
    class Mine(layers.Layer):
        def call(self, x):
            return x

    (path,) = saved(tmp_path, encoder=hidden(Mine(name="odd")))
    with pytest.raises(FileError, match="'odd' is of the class 'Mine'"):
        inspect(path, files[1])


def test_a_sampling_layer_behind_the_read_outs_does_no_harm(files):
    assert [read_out.label for read_out in inspect(*files).read_outs] == ["z_mean", "z_log_var"]


def test_an_encoder_that_gives_only_z_is_read_where_z_comes_from(files, tmp_path):
    x = keras.Input(SHAPE)
    h = layers.Flatten()(x)
    mean, log_var = layers.Dense(UNITS, name="mu")(h), layers.Dense(UNITS, name="lv")(h)
    encoder = keras.Model(x, Sampling()([mean, log_var]), name="encoder")
    (path,) = saved(tmp_path, encoder=encoder)
    assert [read_out.label for read_out in inspect(path, files[1]).read_outs] == ["mu", "lv"]


def test_an_encoder_alone_is_not_enough(files):
    with pytest.raises(FileError, match="No encoder and decoder") as refused:
        inspect(files[0])
    assert "choose both" in refused.value.remedy


def test_parts_of_different_latent_spaces_are_told_apart(files, tmp_path):
    (path,) = saved(tmp_path, decoder=dense_decoder(units=3))
    with pytest.raises(FileError, match=r"'decoder': \(3,\) → \(28, 28, 1\)"):
        inspect(files[0], path)


def test_a_class_that_tells_nothing_is_refused_with_what_to_do(tmp_path):
    vae = Vae(*official(), "nothing")
    vae.build((None, *SHAPE))
    (path,) = saved(tmp_path, vae=vae)
    with pytest.raises(FileError, match="of the class 'Vae', not of what layers") as refused:
        inspect(path)
    assert "vae.encoder.save" in refused.value.remedy


def changed(config, **settings):
    for layer in config["config"]["layers"]:
        layer["config"].update({k: v for k, v in settings.items() if k in layer["config"]})
    return config


@pytest.mark.parametrize(
    "settings",
    [
        {"units": 10**9},
        {"units": -1},
        {"units": "16"},
        {"units": [[]]},
        {"activation": "keras.utils.get_file"},
        {"activation": {"module": "os", "class_name": "function", "config": "system"}},
        {"batch_shape": [None, 10**6, 10**6, 1]},
        {"batch_shape": [None, None, None, 1]},
        {"filters": 2**16, "kernel_size": [512, 512]},
        {"padding": "sideways"},
        {"data_format": "channels_first"},
        {"layers": []},
    ],
    ids=str,
)
def test_settings_out_of_bounds_are_refused(settings, files, tmp_path):
    config = changed(json.loads(zipfile.ZipFile(files[0]).read("config.json")), **settings)
    if "layers" in settings:
        config["config"]["layers"] = []
    path = written(tmp_path / "odd.keras", config)
    with pytest.raises(FileError):  # noqa: PT012 - what is out of bounds is told by either
        foreign = inspect(path, files[1])
        settings_of(foreign, proposed(foreign)[0])


@pytest.mark.parametrize(
    "config",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"config": {"layers": [{}]}}',
        '{"config": {"layers": [{"class_name": "Dense", "config": {}}]}}',
        '{"config": {"layers": [{"class_name": "Dense", "config": 3}], "output_layers": 3}}',
        '{"a": ' + "9" * 5000 + "}",
        '{"a": NaN}',
        " " * (5 << 20),
    ],
    ids=range(10),
)
def test_configurations_that_are_none_are_refused(config, tmp_path):
    with pytest.raises(FileError):
        inspect(written(tmp_path / "odd.keras", config))


def test_layers_that_feed_each_other_are_refused(files, tmp_path):
    config = json.loads(zipfile.ZipFile(files[0]).read("config.json"))
    config["config"]["layers"][1]["inbound_nodes"] = config["config"]["layers"][3]["inbound_nodes"]
    with pytest.raises(FileError):
        inspect(written(tmp_path / "loop.keras", config), files[1])


def test_other_kinds_of_files_are_told_what_they_are(tmp_path):
    old, weights, text = (tmp_path / n for n in ("old.h5", "some.weights.h5", "text.keras"))
    dense_decoder().save_weights(weights)
    old.write_bytes(weights.read_bytes())
    text.write_text("no")
    for path, reason in (
        (old, "not the layers"),
        (weights, "not the layers"),
        (text, "not a model file"),
    ):
        with pytest.raises(FileError, match=reason):
            inspect(path)
        assert not is_foreign(path)
    with pytest.raises(FileError, match="it is a folder"):
        inspect(tmp_path)
    with pytest.raises(FileError, match="there is no such file"):
        inspect(tmp_path / "nothing.keras")


def test_a_foreign_model_is_told_from_our_own(files):
    assert all(map(is_foreign, files))


def test_groups_of_weights_are_named_as_keras_names_them():
    from keras.src.utils.naming import to_snake_case

    for name in (*LAYERS, "Functional", "Sequential", "InputLayer", "MyVAE2D"):
        assert snake_case(name) == to_snake_case(name)
