"""A foreign model brought to the bench: its layers as an architecture, its weights in place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vaegui.core.architectures.imported import Graph, Imported, Node
from vaegui.core.layers import Shape, stored
from vaegui.core.layers.shaping import Cropping2D, Flatten, Permute, Reshape
from vaegui.core.likelihoods import Likelihood
from vaegui.errors import FileError, SettingsError
from vaegui.files.foreign.document import WEIGHTS
from vaegui.files.foreign.finding import Foreign
from vaegui.files.foreign.proposal import Reading, final_activation
from vaegui.files.foreign.read_outs import Head, heads
from vaegui.files.foreign.tracing import End, WeightSource, traced
from vaegui.progress import ProgressCallback, no_progress
from vaegui.reading.reader import ArraySpec, list_arrays, read_arrays
from vaegui.training.settings.settings import Settings

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["import_model", "settings_of"]

Weights = dict[str, list[NDArray[np.float32]]]
"""Arrays of each layer in Keras' order, by the layer's name."""

Key = tuple[str, int]
"""A layer's name, and which of its weights."""

READ_OUTS = ("mean", "log_var")
"""The layers that read them off the hidden vector, by name."""

_SHAPE_ONLY = (Reshape, Flatten, Permute, Cropping2D)


def settings_of(foreign: Foreign, reading: Reading) -> Settings:
    """The settings of a run whose model is a foreign one. Raises `VaeguiError`."""
    return _settings(foreign, reading)[0]


def import_model(
    foreign: Foreign, reading: Reading, progress: ProgressCallback = no_progress
) -> Trainer:
    """Make a trainer with a foreign model.

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
    assert isinstance(architecture, Imported)
    path, shapes = foreign.encoder.path, _shapes(architecture.encoder)
    for name, head in zip(READ_OUTS, read_outs, strict=True):
        if head.source is not None:
            encoder[name] = head.source
            kernel, bias = (head.length, head.units), (head.units,)
            shapes[name] = {"kernel": kernel} | ({"bias": bias} if head.has_bias else {})
    encoded = _weights(path, shapes, encoder, progress)
    for name, head in zip(READ_OUTS, read_outs, strict=True):
        encoded[name] = head.weights(encoded.get(name, []))
    decoded = _weights(foreign.decoder.path, _shapes(architecture.decoder), decoder, progress)
    trainer = Trainer.create(settings, progress)
    if trainer.model.strategy is None:
        # To measure it takes seconds, and most who import a model want to look at it.
        nodes = (*architecture.encoder.nodes, *architecture.decoder.nodes)
        dense = all("Conv" not in type(node.layer).__name__ for node in nodes)
        trainer.model.strategy = Strategy(dense, "as usual for such layers; not measured")
    vae = trainer.model.vae
    for model, arrays in ((vae.encoder, encoded), (vae.decoder, decoded)):
        for name, values in arrays.items():
            for variable, value in zip(model.get_layer(name).weights, values, strict=True):
                variable.assign(value)
    return trainer


def _settings(
    foreign: Foreign, reading: Reading
) -> tuple[Settings, dict[str, WeightSource], dict[str, WeightSource], tuple[Head, Head]]:
    """The settings; where the weights of encoder and decoder are; and the read-outs."""
    if reading.data is None:
        raise SettingsError(
            f"No data are chosen for {foreign.name}, which takes examples of the shape "
            f"{foreign.shape}.",
            "Choose data of that shape.",
            "data",
        )
    if reading.mean == reading.spread:
        raise SettingsError(
            "Mean and spread cannot be the same output of the encoder.", "Choose two outputs."
        )
    mean, spread = (foreign.read_outs[i] for i in (reading.mean, reading.spread))
    encoder, sources, read_outs = heads(foreign, mean, spread, reading.spread_is)
    traced_decoder = traced(
        foreign.decoder, foreign.decoder_start, (foreign.units,), [End(foreign.decoder_end)]
    )
    decoder = _fitting(traced_decoder.graph(), reading.likelihood, final_activation(foreign))
    settings = Settings(
        data=reading.data,
        rescale=reading.rescale,
        architecture=Imported(encoder=encoder, decoder=decoder),
        latent_units=foreign.units,
        likelihood=reading.likelihood,
    )
    return settings, sources, traced_decoder.sources, read_outs


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
    path: Path,
    shapes: dict[str, dict[str, Shape]],
    sources: dict[str, WeightSource],
    progress: ProgressCallback,
) -> Weights:
    """The weights of these shapes from where they are in the file. Raises `FileError`."""
    found = list_arrays(path, "h5", member=WEIGHTS)
    names = {
        (layer, i): f"{sources[layer].group}/{place}"
        for layer, each in shapes.items()
        for i, place in enumerate(stored(each))
    }
    whole = {
        (layer, i): _whole(shape, sources[layer])
        for layer, each in shapes.items()
        for i, shape in enumerate(each.values())
    }
    names = _as_found(names, whole, found)
    wanted: dict[str, ArraySpec] = {}
    for (layer, i), name in names.items():
        shape = whole[layer, i]
        there = found.get(name)
        if there is None:
            raise _misfit(path, f"the weights {name} of the layer '{layer}' are missing")
        if there.shape != shape or not there.dtype.startswith("float"):
            what = f"{there.dtype} of the shape {there.shape}"
            raise _misfit(path, f"{name} of the layer '{layer}' is {what}, and not {shape}")
        wanted[name] = there
    arrays = read_arrays(path, "h5", member=WEIGHTS, wanted=wanted, others=True, progress=progress)
    return {
        layer: [_taken(arrays[names[layer, i]], sources[layer]) for i in range(len(each))]
        for layer, each in shapes.items()
    }


def _as_found(
    names: dict[Key, str], shapes: dict[Key, Shape], found: dict[str, ArraySpec]
) -> dict[Key, str]:
    """The names as they are in the file, where a model may be kept by another attribute's name."""

    def fits(beginning: str) -> bool:
        there = (found.get(beginning + end) for end in ends.values())
        return all(s and s.shape == shapes[key] for key, s in zip(ends, there, strict=True))

    start = next(iter(names.values()), "").split("layers/")[0]
    ends = {key: name.removeprefix(start) for key, name in names.items()}
    first = next(iter(ends.values()), "")
    others = sorted(n.removesuffix(first) for n in found if n.endswith(f"/{first}"))
    beginning = next(filter(fits, (start, *others)), start)
    return {key: beginning + end for key, end in ends.items()}


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
        "Save the model again with Keras 3; weights of older versions are kept otherwise.",
    )
