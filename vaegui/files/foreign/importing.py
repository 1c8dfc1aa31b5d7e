"""A foreign model brought to the bench: its layers as an architecture, its weights in place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from vaegui.core.architectures import Conditional
from vaegui.core.architectures.imported import Graph, Imported, ImportedLayers, Node
from vaegui.core.layers import Shape
from vaegui.core.layers.shaping import Cropping2D, Flatten, Permute, Reshape
from vaegui.core.likelihoods import Likelihood
from vaegui.core.posteriors import GaussianPosterior, Point
from vaegui.data import Dataset, NoData
from vaegui.errors import FileError, SettingsError
from vaegui.files.foreign.halves.finding import Foreign
from vaegui.files.foreign.network.stored import Stored
from vaegui.files.foreign.network.tracing import End, WeightSource, traced
from vaegui.files.foreign.roles.proposal import Reading, final_activation
from vaegui.files.foreign.roles.read_outs import Head, code_head, heads
from vaegui.progress import ProgressCallback, no_progress
from vaegui.reading.reader import ArraySpec, read_arrays
from vaegui.training.settings.settings import MOST_UNITS, Settings

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["import_model", "settings_of"]

Weights = dict[str, list[NDArray[np.float32]]]
"""Arrays of each layer in Keras' order, by the layer's name."""

READ_OUTS = ("mean", "log_var")
"""The layers that read them off the hidden vector, by name."""

_SHAPE_ONLY = (Reshape, Flatten, Permute, Cropping2D)


def settings_of(foreign: Foreign, reading: Reading) -> Settings:
    """The settings of a run whose model is a foreign one. Raises `VaeguiError`."""
    return _settings(foreign, reading)[0]


def import_model(
    foreign: Foreign,
    reading: Reading,
    progress: ProgressCallback = no_progress,
    given: Dataset | None = None,
) -> Trainer:
    """Make a trainer with a foreign model, on the data of the reading, which may be ``given``.

    Raises
    ------
    FileError
        If layers or weights are not such as can be used; it says which.
    VaeguiError
        If the reading does not fit the model, or the data cannot be had.
    """
    from vaegui.training.engine.strategy import Strategy
    from vaegui.training.trainer.trainer import Trainer

    settings, encoder, decoder, read_outs = _settings(foreign, reading)
    architecture = settings.architecture
    assert isinstance(architecture, ImportedLayers)
    stored = Stored(foreign.encoder)
    encoded: Weights = {}
    if architecture.encoder is not None:
        shapes = _shapes(architecture.encoder)
        for name, head in zip(READ_OUTS, read_outs, strict=False):
            if head.source is not None:
                encoder[name] = head.source
                kernel, bias = (head.length, head.units), (head.units,)
                shapes[name] = {"kernel": kernel} | ({"bias": bias} if head.has_bias else {})
        encoded = _weights(stored, shapes, encoder, progress)
        for name, head in zip(READ_OUTS, read_outs, strict=False):
            encoded[name] = head.weights(encoded.get(name, []))
    if foreign.decoder is not foreign.encoder:
        stored = Stored(foreign.decoder)
    decoded = _weights(stored, _shapes(architecture.decoder), decoder, progress)
    if isinstance(settings.data, NoData):
        trainer = Trainer.without_data(settings)
    else:
        trainer = Trainer.create(settings, progress, given)
    if trainer.model.strategy is None:
        # To measure it takes seconds, and most who import a model want to look at it.
        graphs = architecture.graphs.values()
        kinds = {type(node.layer).__name__ for graph in graphs for node in graph.nodes}
        dense = not any(re.search("Conv|LSTM|GRU|RNN|Bidirectional|Time", kind) for kind in kinds)
        trainer.model.strategy = Strategy(dense, "as usual for such layers; not measured")
    arrays = {"encoder": encoded, "decoder": decoded}
    for part, model in trainer.model.vae.parts.items():
        for name, values in arrays[part].items():
            for variable, value in zip(model.get_layer(name).weights, values, strict=True):
                variable.assign(value)
    return trainer


def _settings(
    foreign: Foreign, reading: Reading
) -> tuple[Settings, dict[str, WeightSource], dict[str, WeightSource], tuple[Head, ...]]:
    """The settings; where the weights of encoder and decoder are; and the read-outs."""
    foreign = foreign.with_code(reading.mean)
    if foreign.units > MOST_UNITS:
        raise FileError(
            f"{foreign.name} has {foreign.units:,} latent units; this program takes up to "
            f"{MOST_UNITS:,}.",
            "A model with fewer is needed; this one can be looked at with Keras.",
        )
    encoder, sources, read_outs = _encoder(foreign, reading)
    start, end = foreign.decoder_start, End(foreign.decoder_end)
    code = foreign.decoder.places[start].shape or (foreign.units,)
    traced_decoder = traced(foreign.decoder, start, code, [end], flat=True)
    decoder = _fitting(traced_decoder.graph(), reading.likelihood, final_activation(foreign))
    settings = Settings(
        data=reading.data,
        rescale=reading.rescale,
        architecture=_layers(foreign, encoder, decoder, reading),
        latent_units=foreign.units,
        posterior=Point() if reading.spread is None else GaussianPosterior(),
        likelihood=reading.likelihood,
    )
    return settings, sources, traced_decoder.sources, read_outs


def _layers(
    foreign: Foreign, encoder: Graph | None, decoder: Graph, reading: Reading
) -> ImportedLayers:
    """The layers, under the condition of the reading if there is any."""
    if not foreign.conditional:
        return Imported(encoder=encoder, decoder=decoder)
    try:
        return Conditional(encoder=encoder, decoder=decoder, condition=reading.condition)
    except ValidationError as error:
        said = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        if not said.startswith("the condition"):
            said = "the condition must be numbers"
        raise SettingsError(
            f"{said[0].upper()}{said[1:]}.",
            "Give the number of a class, or all numbers of the second input.",
            "architecture.condition",
        ) from None


def _encoder(
    foreign: Foreign, reading: Reading
) -> tuple[Graph | None, dict[str, WeightSource], tuple[Head, ...]]:
    """The encoder up to its hidden vector, where its weights are, and its read-outs, if any."""
    if not foreign.has_encoder:
        if not isinstance(reading.data, NoData):
            raise SettingsError(
                f"{foreign.name} is a decoder alone: no data can go into it.",
                "Import its encoder with it, or leave out the data.",
                "data",
            )
        return None, {}, ()
    if reading.mean == reading.spread:
        raise SettingsError(
            "Mean and spread cannot be the same output of the encoder.", "Choose two outputs."
        )
    mean = foreign.read_outs[reading.mean]
    if reading.spread is None:
        return code_head(foreign, mean)
    return heads(foreign, mean, foreign.read_outs[reading.spread], reading.spread_is)


def _fitting(decoder: Graph, likelihood: Likelihood, activation: str) -> Graph:
    """The decoder with the outputs that a likelihood is computed from: logits for coin tosses."""
    if not likelihood.unit_interval or activation == "linear":
        return decoder
    if activation != "sigmoid":
        raise SettingsError(
            f"The likelihood {likelihood.label} needs a decoder that ends with a sigmoid, or gives "
            "logits; this one does neither.",
            "Choose the Gaussian likelihood.",
            "likelihood",
        )
    return _without_sigmoid(decoder)


def _without_sigmoid(graph: Graph) -> Graph:
    """The same layers up to the last sigmoid: what comes out are the logits of what came before."""
    number = len(graph.nodes)
    while isinstance(graph.nodes[number - 1].layer, _SHAPE_ONLY):
        (number,) = graph.nodes[number - 1].inputs
    nodes = list(graph.nodes)
    node = nodes[number - 1]
    layer = node.layer.model_copy(update={"activation": "linear"})
    nodes[number - 1] = Node(name=node.name, inputs=node.inputs, layer=layer)
    return graph.model_copy(update={"nodes": tuple(nodes)})


def _shapes(graph: Graph) -> dict[str, dict[str, Shape]]:
    """The shapes of the weights of all layers that have some."""
    return {name: each for name, each in graph.weights().items() if each}


def _weights(
    stored: Stored,
    shapes: dict[str, dict[str, Shape]],
    sources: dict[str, WeightSource],
    progress: ProgressCallback,
) -> Weights:
    """The weights of these shapes from where they are in the file. Raises `FileError`."""
    path, found = stored.path, stored.arrays
    whole = {
        layer: {name: _whole(shape, sources[layer]) for name, shape in each.items()}
        for layer, each in shapes.items()
    }
    names = stored.names({layer: sources[layer].group for layer in shapes}, whole)
    wanted: dict[str, ArraySpec] = {}
    for (layer, i), name in names.items():
        shape = list(whole[layer].values())[i]
        there = found.get(name)
        if there is None:
            raise _misfit(path, f"the weights {name} of the layer '{layer}' are missing")
        if there.shape != shape or not there.dtype.startswith("float"):
            what = f"{there.dtype} of the shape {there.shape}"
            raise _misfit(path, f"{name} of the layer '{layer}' is {what}, and not {shape}")
        wanted[name] = there
    arrays = read_arrays(
        path, "h5", member=stored.member, wanted=wanted, others=True, progress=progress
    )
    return {
        layer: [_taken(arrays[names[layer, i]], sources[layer]) for i in range(len(each))]
        for layer, each in shapes.items()
    }


def _whole(shape: tuple[int, ...], source: WeightSource) -> tuple[int, ...]:
    """The shape in the file, of which a half may be meant."""
    return shape if source.columns is None else (*shape[:-1], 2 * shape[-1])


def _taken(array: NDArray[Any], source: WeightSource) -> NDArray[np.float32]:
    if source.columns is not None:
        array = array[..., slice(*source.columns)]
    return np.ascontiguousarray(array, np.float32)


def _misfit(path: Path, what: str) -> FileError:
    return FileError(
        f"{path.name} cannot be imported: {what}.",
        "Open it with Keras, and save encoder and decoder anew, each by itself: "
        "encoder.save('encoder.keras'), decoder.save('decoder.keras').",
    )
