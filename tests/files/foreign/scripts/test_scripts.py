"""VAEs as tutorials publish them, made by their own Keras, open here with the same numbers."""

import re

import numpy as np
import pytest

import vaegui
from tests.files.foreign.scripts import books, documentation, networks
from vaegui.data import NoData
from vaegui.errors import VaeguiError

SCRIPTS = {
    "Chollet, first edition": books.first_edition,
    "Chollet, second edition": books.second_edition,
    "Chollet, third edition": books.third_edition,
    "Generative Deep Learning, first edition": books.generative_first,
    "Generative Deep Learning, second edition": books.generative_second,
    "keras.io": documentation.keras_example,
    "subclassing guide": documentation.own_layers_guide,
    "subclassing guide, functional": documentation.functional_guide,
    "tensorflow.org": documentation.tensorflow_cvae,
    "Keras 2, dense": documentation.example_mlp,
    "Keras 2, convolutions": documentation.example_cnn,
    "conditional": networks.conditional,
    "residual": networks.residual,
    "LSTM": networks.lstm,
    "both directions": networks.bidirectional,
    "signals": networks.signals,
    "pooling": networks.pooled,
    "PReLU": networks.rectified,
    "tabular": networks.tabular,
    "KL layer": networks.divergence_layer,
    "ops.split": networks.split,
    "ops.clip": networks.clipped,
    "add_loss": networks.added_loss,
    "Lambda in one graph": networks.lambda_in_one_graph,
}


@pytest.fixture(scope="module", params=SCRIPTS, ids=lambda name: name.replace(" ", "-"))
def script(request, tmp_path_factory):
    return SCRIPTS[request.param](tmp_path_factory.mktemp("script"))


def opened(script, paths):
    return vaegui.import_keras(*paths, data=NoData(shape=script.x.shape[1:]), **script.said)


def differences(script, run):
    """By how much the numbers differ from the script's own at most."""
    mean, log_var = run.encode(script.x)
    decoded = run.decode(np.asarray(script.mean))
    pairs = (mean, script.mean), (log_var, script.log_var), (decoded, script.decoded)
    found = []
    for got, wanted in pairs:
        wanted = np.asarray(wanted)
        assert np.isfinite(wanted).all()
        assert np.ptp(wanted) > 1e-3, "numbers that are all the same show nothing"
        found.append(np.abs(np.asarray(got).reshape(wanted.shape) - wanted).max())
    return found


def test_there_are_as_many_scripts_as_were_promised():
    assert len(SCRIPTS) == 24


def test_it_opens_in_every_way_that_it_was_saved_with_the_script_s_own_numbers(script):
    assert script.opens
    for way, paths in script.opens.items():
        assert max(differences(script, opened(script, paths))) < 1e-5, way


def test_its_weights_alone_go_into_a_model_of_the_same_layers(script):
    for way, path in script.weights.items():
        run = opened(script, next(iter(script.opens.values())))
        vae = run.trainer.model.vae
        for weight in vae.weights:
            weight.assign(np.zeros(weight.shape))
        run.import_weights(path)
        assert max(differences(script, run)) < 1e-5, way


def test_what_does_not_open_is_refused_with_what_to_do(script):
    for way, (paths, words) in script.refused.items():
        with pytest.raises(VaeguiError, match=words) as refused:
            vaegui.import_keras(*paths)
        assert re.search(r"[Ss]ave|[Oo]pen|[Cc]hoose", refused.value.remedy), way
