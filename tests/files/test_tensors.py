import json
import warnings

import keras
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from tests.files.foreign import keras2_models as old_keras
from tests.files.foreign.models import SHAPE, Vae, lively, official, pictures
from vaegui.core.architectures import Convolutional, Dense
from vaegui.core.likelihoods import LearnedGaussian
from vaegui.errors import FileError
from vaegui.files.model.model_file import save
from vaegui.files.tensors import export_weights, import_weights
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.trainer import Trainer

X = pictures()


def trainer_of(seed=0, **settings):
    chosen = Settings(**{"architecture": Dense(widths=(6, 5)), **settings})
    return Trainer.create(chosen.with_values({"training.seed": seed}))


def numbers(trainer):
    outputs = trainer.model.vae(X[..., 0])
    return [np.asarray(outputs[name]) for name in ("mean", "log_var", "reconstruction")]


@pytest.fixture(scope="module")
def trainer():
    return trainer_of()


def test_exported_weights_come_back_to_the_bit(trainer, tmp_path):
    export_weights(tmp_path / "w.safetensors", trainer)
    other = trainer_of(seed=1)
    _, parts = import_weights(tmp_path / "w.safetensors", other)
    assert parts == "encoder and decoder"
    np.testing.assert_equal(numbers(other), numbers(trainer))


def test_an_export_says_what_it_is(trainer, tmp_path):
    export_weights(tmp_path / "w.safetensors", trainer)
    with safe_open(tmp_path / "w.safetensors", "numpy") as file:
        said = file.metadata()
        assert "encoder.mean.kernel" in file.keys()  # noqa: SIM118 - it is no dictionary
    assert Settings.from_json(said["settings"]) == trainer.settings
    assert json.loads(said["data"])["name"] == "MNIST sample"
    assert "variational autoencoder" in said["what"]


def test_a_learned_standard_deviation_goes_along(tmp_path):
    first = trainer_of(likelihood=LearnedGaussian())
    first.model.vae.log_sd.assign(-1.5)
    export_weights(tmp_path / "w.safetensors", first)
    second = trainer_of(likelihood=LearnedGaussian())
    import_weights(tmp_path / "w.safetensors", second)
    assert float(second.model.vae.log_sd) == -1.5


@pytest.mark.parametrize("suffix", [".weights.h5", ".keras"])
def test_what_keras_saves_of_our_model_comes_back(trainer, suffix, tmp_path):
    path = tmp_path / f"ours{suffix}"
    if suffix == ".keras":
        save(path, trainer)
    else:
        trainer.model.vae.exported().save_weights(path)
    other = trainer_of(seed=1)
    import_weights(path, other)
    np.testing.assert_equal(numbers(other), numbers(trainer))


def test_weights_of_the_official_example_fit_the_default_convolutions(tmp_path):
    encoder, decoder = official()
    vae = Vae(encoder, decoder, "nothing")
    vae.build((None, *SHAPE))
    vae.compile(optimizer="adam")
    vae.optimizer.build(vae.trainable_variables)
    vae.save_weights(tmp_path / "vae.weights.h5")
    trainer = trainer_of(architecture=Convolutional())
    import_weights(tmp_path / "vae.weights.h5", trainer)
    mean, log_var, _ = encoder(X)
    wanted = [mean, log_var, keras.ops.squeeze(decoder(mean), -1)]
    np.testing.assert_equal(numbers(trainer), [np.asarray(each) for each in wanted])


def test_encoder_and_decoder_may_come_one_by_one(tmp_path):
    encoder, decoder = official()
    encoder.save_weights(tmp_path / "e.weights.h5")
    decoder.save(tmp_path / "d.keras")
    trainer = trainer_of(architecture=Convolutional())
    assert import_weights(tmp_path / "e.weights.h5", trainer)[1] == "encoder"
    assert import_weights(tmp_path / "d.keras", trainer)[1] == "decoder"
    np.testing.assert_array_equal(numbers(trainer)[0], encoder(X)[0])


def test_every_mismatch_is_named_and_nothing_is_changed(trainer, tmp_path):
    other = trainer_of(architecture=Dense(widths=(6, 4)))
    before = numbers(other)
    export_weights(tmp_path / "w.safetensors", trainer)
    trainer.model.vae.exported().save_weights(tmp_path / "w.weights.h5")
    for name, faults in (
        ("w.safetensors", [r"encoder.hidden_2.kernel has the shape \(6, 5\), wanted is \(6, 4\)"]),
        ("w.weights.h5", [r"encoder: hidden_2.kernel: .*/dense_1/vars/0 has", "decoder: hidden_1"]),
    ):
        for fault in faults:
            with pytest.raises(FileError, match=fault):
                import_weights(tmp_path / name, other)
    np.testing.assert_equal(numbers(other), before)


def test_arrays_that_are_missing_or_too_many_are_named(trainer, tmp_path):
    export_weights(tmp_path / "w.safetensors", trainer)
    arrays = load_file(tmp_path / "w.safetensors")
    arrays["encoder.extra.kernel"] = arrays.pop("encoder.mean.bias")
    save_file(arrays, tmp_path / "odd.safetensors")
    with pytest.raises(FileError, match=r"extra.kernel has no place.*encoder.mean.bias is miss"):
        import_weights(tmp_path / "odd.safetensors", trainer)
    save_file({"a": np.zeros(2, np.float32)}, tmp_path / "other.safetensors")
    with pytest.raises(FileError, match="a has no place in the model"):
        import_weights(tmp_path / "other.safetensors", trainer)


def test_a_deeper_model_does_not_fit(trainer, tmp_path):
    deeper = trainer_of(architecture=Dense(widths=(6, 5, 4)))
    deeper.model.vae.exported().save_weights(tmp_path / "w.weights.h5")
    with pytest.raises(FileError, match="4 dense layers are wanted, and 5 are there"):
        import_weights(tmp_path / "w.weights.h5", trainer)


def test_weights_that_are_not_finite_are_refused(trainer, tmp_path):
    export_weights(tmp_path / "w.safetensors", trainer)
    arrays = load_file(tmp_path / "w.safetensors")
    arrays["encoder.mean.bias"] = arrays["encoder.mean.bias"] + np.float32("nan")
    save_file(arrays, tmp_path / "w.safetensors")
    with pytest.raises(FileError, match="not finite"):
        import_weights(tmp_path / "w.safetensors", trainer)


def test_import_marks_the_history_and_lets_the_optimiser_begin_anew(trainer, tmp_path):
    export_weights(tmp_path / "w.safetensors", trainer)
    other = trainer_of(seed=1)
    list(other.run(max_steps=2))
    resumed, _ = import_weights(tmp_path / "w.safetensors", other)
    assert (resumed.step, resumed.mark) == (2, "weights of w.safetensors")
    assert other.history.marks == [(2, "weights of w.safetensors")]
    slots = [v for v in other.model.vae.optimizer.variables if v.name != "learning_rate"]
    assert all(not np.any(np.asarray(slot)) for slot in slots)


def test_a_name_of_another_kind_is_refused(trainer, tmp_path):
    with pytest.raises(FileError, match=r"does not end in .safetensors"):
        export_weights(tmp_path / "w.npz", trainer)
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def old():
    """Encoder and decoder of Keras 2 whose layers are those of `trainer`, by other names."""
    keras2, layers = old_keras.keras, old_keras.layers
    x = layers.Input((784,))
    h = layers.Dense(5, "relu")(layers.Dense(6, "relu")(x))
    # Made in the other order than usual, and told apart by their names alone.
    log_var, mean = layers.Dense(2, name="z_log_var")(h), layers.Dense(2, name="z_mean")(h)
    encoder = lively(keras2.Model(x, [mean, log_var], name="encoder"))
    z = layers.Input((2,))
    h = layers.Dense(6, "relu")(layers.Dense(5, "relu")(z))
    decoder = lively(keras2.Model(z, layers.Dense(784, "sigmoid")(h), name="decoder"))
    return encoder, decoder


def check_old(trainer, old):
    encoder, decoder = old
    mean, log_var = (np.asarray(each) for each in encoder(X.reshape(-1, 784)))
    wanted = [mean, log_var, np.asarray(decoder(mean)).reshape(-1, 28, 28)]
    for got, truth in zip(numbers(trainer), wanted, strict=True):
        np.testing.assert_allclose(got, truth, 1e-5, 1e-5)


def one_graph(encoder, decoder):
    """Both as one row of layers, as the oldest examples have it."""
    h = encoder.get_layer("z_mean").output
    for layer in decoder.layers[1:]:
        h = layer(h)
    return old_keras.keras.Model(encoder.input, [h, encoder.output[1]])


@pytest.mark.parametrize(
    "whole",
    [
        lambda e, d: old_keras.keras.Model(e.input, d(e(e.input)[0])),
        lambda e, d: old_keras.with_loss(e, d),
        one_graph,
    ],
    ids=["nested", "with loss", "one graph"],
)
@pytest.mark.parametrize("save", ["save_weights", "save"])
def test_old_weights_of_a_whole_vae_are_matched_by_names_and_shapes(whole, save, old, tmp_path):
    path = tmp_path / "vae_mlp_mnist.h5"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        getattr(whole(*old), save)(path)
    other = trainer_of(seed=1)
    assert import_weights(path, other)[1] == "encoder and decoder"
    check_old(other, old)


def test_old_weights_of_one_half_leave_the_other_as_it_is(old, tmp_path):
    other = trainer_of(seed=1)
    for model in old:
        model.save_weights(tmp_path / f"{model.name}.h5")
        assert import_weights(tmp_path / f"{model.name}.h5", other)[1] == model.name
    check_old(other, old)


def test_old_weights_of_other_shapes_are_named_by_their_layers(old, tmp_path):
    old[0].save_weights(tmp_path / "encoder.h5")
    other = trainer_of(architecture=Dense(widths=(6, 4)))
    with pytest.raises(FileError, match=r"encoder: hidden_2.kernel: dense.* has") as refused:
        import_weights(tmp_path / "encoder.h5", other)
    assert "decoder" not in refused.value.message
