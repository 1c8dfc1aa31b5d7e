"""Which output of an encoder is what, and what says so."""

import keras
import pytest
from keras import layers

import vaegui
from tests.files.foreign.models import SHAPE, UNITS, Sampling, dense_decoder, saved
from tests.files.foreign.test_graphs import Noise, hidden
from vaegui.cli import main as cli
from vaegui.errors import SettingsError
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.foreign.roles.proposal import UnsaidError, chosen, evidence, proposed


def files(folder, *outputs, decoder="sigmoid", names=(None, None), activations=(None, None)):
    """An encoder whose outputs are made by functions of mean and spread, and a decoder."""
    x = keras.Input(SHAPE)
    h = hidden(x)
    rows = [
        layers.Dense(UNITS, activation, name=name)(h)
        for name, activation in zip(names, activations, strict=True)
    ]
    encoder = keras.Model(x, [*rows, *(output(*rows) for output in outputs)], name="encoder")
    return saved(folder, encoder=encoder, decoder=dense_decoder(activation=decoder))


def test_the_formula_counts_more_than_names(tmp_path):
    def reversed_(first, second):
        return second + keras.ops.exp(first) * Noise()(first)

    foreign = inspect(*files(tmp_path, reversed_, names=("mean", "log_var")))
    reading, evident = proposed(foreign)
    assert evident
    assert (reading.mean, reading.spread, reading.spread_is) == (1, 0, "log_sd")
    assert evidence(foreign)["mean"].startswith(
        "The model computes z = 'log_var' + exp('mean') · noise"
    )


def test_unnamed_outputs_are_proposed_in_the_order_in_which_a_layer_draws_of_them(tmp_path):
    foreign = inspect(*files(tmp_path, lambda a, b: Sampling(name="draw")([b, a])))
    first, second = (read_out.label for read_out in foreign.read_outs)
    reading, evident = proposed(foreign)
    assert not evident
    assert (reading.mean, reading.spread, reading.spread_is) == (1, 0, "log_var")
    order, kind, _ = evidence(foreign).values()
    assert order.startswith(f"'draw' draws z from '{second}' and '{first}', in this order")
    assert f"'{first}' can be negative, so it is a logarithm" in kind


def test_an_output_with_positive_values_only_is_a_spread(tmp_path):
    foreign = inspect(*files(tmp_path, activations=("softplus", None)))
    reading, evident = proposed(foreign)
    assert not evident
    assert (reading.mean, reading.spread, reading.spread_is) == (1, 0, "sd")
    assert "has positive values only" in evidence(foreign)["spread_is"]


def test_what_the_file_leaves_open_is_asked_with_the_words_that_would_say_it(tmp_path):
    foreign = inspect(*files(tmp_path, decoder=None))
    first, second = (read_out.label for read_out in foreign.read_outs)
    with pytest.raises(UnsaidError, match="which of its outputs is what") as refused:
        chosen(foreign)
    assert refused.value.options == {
        "mean": first,
        "spread": second,
        "spread_is": "log_var",
        "likelihood": "bernoulli",
    }
    assert f'mean="{first}"' in refused.value.remedy
    with pytest.raises(UnsaidError) as refused:
        chosen(foreign, mean=second)
    assert refused.value.options["spread"] == first, "of two outputs the other is the other"
    with pytest.raises(UnsaidError, match="logits") as refused:
        chosen(foreign, mean=second, spread=first, spread_is="sd")
    assert refused.value.options == {"likelihood": "bernoulli"}
    with pytest.raises(SettingsError, match="no output called 'z'"):
        chosen(foreign, mean="z", take_proposal=True)
    reading = chosen(foreign, mean=second, take_proposal=True)
    assert (reading.mean, reading.spread, reading.spread_is) == (1, 0, "log_var")


def test_the_command_names_the_flags_and_takes_the_proposal_where_it_is_told_to(tmp_path, capfd):
    paths = [str(path) for path in files(tmp_path, decoder=None)]
    first, second = (read_out.label for read_out in inspect(*map(type(tmp_path), paths)).read_outs)
    out = tmp_path / "run.keras"
    line = ["import", *paths, "--out", str(out)]
    flags = f"--mean {first} --spread {second} --spread-is log_var --likelihood bernoulli"
    assert cli.main(line) == 2
    told = capfd.readouterr()
    assert f"Say it: {flags}. --take-proposal takes just that." in told.err
    assert not out.exists()
    assert cli.main([*line, *flags.split()]) == 0
    said = vaegui.load(out).begun.settings
    capfd.readouterr()
    assert cli.main([*line, "--take-proposal"]) == 0
    told = capfd.readouterr()
    assert f"Taken: {flags} --scale" in told.err
    assert told.out == ""
    assert vaegui.load(out).begun.settings == said
    assert vaegui.import_keras(*paths, take_proposal=True).begun.settings == said
