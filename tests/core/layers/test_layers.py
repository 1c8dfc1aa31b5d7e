"""Layers that are described and built anew compute what plain Keras computes."""

import inspect
import json
import math

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers as L

from tests.core.layers.cases import ONE_INPUT, SEVERAL, example, lively, name_of
from vaegui.core.architectures.imported import Graph
from vaegui.core.initialisers import Initialisers
from vaegui.core.layers import ACTIVATIONS, LAYERS, stored
from vaegui.core.layers.operations import Operation
from vaegui.files.foreign.network.known_layers import PASSED, REFUSED, WITHIN
from vaegui.files.foreign.network.layer_config import LayerRefused, described
from vaegui.files.model.weights import snake_case

CASES = [*((layer, (shape,)) for layer, shape in ONE_INPUT), *SEVERAL]


def descriptions(layer, shape):
    """The layer as the importer reads it from what Keras writes of it."""
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
    return described(config["class_name"], config["module"], config["config"], len(shape) + 1)


def graph_of(layer, shapes):
    """What a file says of the layer, as a graph whose inputs are parts of one row."""
    sizes = [math.prod(shape) for shape in shapes]
    starts = np.cumsum([0, *sizes])
    nodes = []

    def add(kind, inputs, **fields):
        nodes.append(
            {"name": f"n{len(nodes)}", "inputs": inputs, "layer": {"kind": kind, **fields}}
        )
        return len(nodes)

    row = add("Reshape", [0], target_shape=[int(starts[-1]), 1])
    inputs = []
    for i, shape in enumerate(shapes):
        ends = (int(starts[i]), int(starts[-1] - starts[i + 1]))
        part = add("Cropping1D", [row], cropping=ends)
        inputs.append(add("Reshape", [part], target_shape=list(shape)))
    name = f"n{len(nodes)}"
    for each in descriptions(layer, shapes[0]):
        inputs = [add(each.kind, inputs, **each.model_dump(exclude={"kind"}))]
    return Graph.model_validate({"shape": [int(starts[-1])], "nodes": nodes}), name


def built(graph, seed=3):
    x = keras.Input(graph.shape)
    with keras.name_scope("encoder"):
        return keras.Model(x, graph.built(x, Initialisers(seed)))


def called(layer, tensors):
    if isinstance(layer, L.MultiHeadAttention):
        return layer(*tensors)
    return layer(tensors[0] if len(tensors) == 1 else tensors)


def shapes_in(path, layer, wanted):
    """The shapes of a layer's weights where Keras' file has to have them."""
    kind = type(layer).__name__
    group = "/".join(["layers", snake_case(kind), *filter(None, [WITHIN.get(kind)])])
    with h5py.File(path) as file:
        return [file[f"{group}/{place}"].shape for place in stored(wanted)]


@pytest.mark.parametrize(("layer", "shapes"), CASES, ids=name_of)
def test_a_layer_has_the_shapes_the_weights_and_the_numbers_of_keras(layer, shapes, tmp_path):
    whole = isinstance(layer, L.Embedding | L.CategoryEncoding)
    values = [example(shape, whole, seed) for seed, shape in enumerate(shapes)]
    inputs = [keras.Input(shape) for shape in shapes]
    truth = keras.Model(inputs, called(layer, inputs))
    lively(layer)
    graph, name = graph_of(layer, shapes)
    model = built(graph)
    assert graph.parameters == model.count_params()

    ours = model.get_layer(name)
    theirs = [w for w in layer.weights if w.name not in ("count", "vector_u")]
    wanted = graph.weights()[name]
    assert [tuple(w.shape) for w in ours.weights] == list(wanted.values())
    assert [tuple(w.shape) for w in theirs] == list(wanted.values())
    for weight, value in zip(ours.weights, theirs, strict=True):
        weight.assign(value)
    row = np.concatenate([value.reshape(4, -1) for value in values], axis=1)
    got, expected = np.asarray(model(row)), np.asarray(truth(values))
    assert got.shape[1:] == graph.output
    np.testing.assert_allclose(got, expected, 1e-5, 1e-5)

    truth.save_weights(tmp_path / "truth.weights.h5")
    assert shapes_in(tmp_path / "truth.weights.h5", layer, wanted) == list(wanted.values())

    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(row) ** 2)
    gradients = tape.gradient(loss, model.trainable_variables)
    for gradient in gradients:
        assert np.isfinite(tf.convert_to_tensor(gradient)).all()


def test_every_layer_of_keras_is_supported_left_out_or_refused_with_what_to_do():
    named = {
        cls.__name__
        for _, cls in inspect.getmembers(L, inspect.isclass)
        if issubclass(cls, keras.Layer) and not cls.__name__.endswith("Cell")
    }
    elsewhere = {"Identity", "InputLayer", "Layer", "Normalization", "RNN", *WITHIN}
    # Keras gives this one, and no other, two names.
    named ^= {"GroupedQueryAttention", "GroupQueryAttention"}
    assert named - set(LAYERS) - PASSED - set(REFUSED) - elsewhere == set()
    assert not set(LAYERS) & (PASSED | set(REFUSED))


RANDOM = {
    type(layer): (layer, shapes)
    for layer, shapes in CASES
    if any(each.initialisers(Initialisers(0)) for each in descriptions(layer, shapes[0]))
}


@pytest.mark.parametrize(("layer", "shapes"), RANDOM.values(), ids=name_of)
def test_first_weights_follow_from_the_seed_alone(layer, shapes):
    graph, _ = graph_of(layer, shapes)

    def kernels(seed, state):
        keras.utils.set_random_seed(state)
        return [w for w in built(graph, seed).get_weights() if w.ndim > 1]

    first = kernels(4, state=1)
    for one, again, other in zip(first, kernels(4, state=2), kernels(5, state=1), strict=True):
        assert np.array_equal(one, again)
        assert one.ndim < 2 or not one.any() or not np.array_equal(one, other)


def test_every_layer_that_is_supported_is_tested():
    tested = {each.kind for layer, shapes in CASES for each in descriptions(layer, shapes[0])}
    operations = {kind for kind, layer in LAYERS.items() if issubclass(layer, Operation)}
    # A condition is no layer of Keras: tests/files/foreign/test_conditional.py.
    assert set(LAYERS) - tested - operations == {"Condition", "ConvLSTM3D"}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_refusal_names_the_layer_and_says_what_to_do(name):
    with pytest.raises(LayerRefused, match=name[:30]):
        described(name, "keras.layers", {})


def test_every_activation_of_keras_by_name_is_known_but_those_that_need_more():
    module = keras.activations
    named = {name for name in dir(module) if inspect.isfunction(getattr(module, name))}
    others = {"deserialize", "get", "serialize"}
    assert named - others - ACTIVATIONS == {"glu", "threshold"}


@pytest.mark.parametrize(
    ("kind", "shapes", "settings"),
    [
        ("TimeDistributed", [(20_000, 2)], {"layer": {"kind": "Dense", "units": 2}}),
        ("MultiHeadAttention", [(5000, 2), (5000, 2)], {"num_heads": 1, "key_dim": 1}),
        ("AdditiveAttention", [(500, 200), (500, 200)], {}),
        ("Attention", [(5000, 2), (5000, 2)], {}),
    ],
)
def test_a_layer_that_would_take_far_more_than_its_output_is_refused(kind, shapes, settings):
    layer = LAYERS[kind].model_validate(settings)
    with pytest.raises(ValueError, match=kind):
        layer.shape(*shapes)
