"""The passes of a model that also give what lies between its input and its output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vaegui.core.elbo import Terms
from vaegui.core.vae import VAE
from vaegui.data.source import Example
from vaegui.queries.explained import Explained, LayerValues, Pass, ReadOut
from vaegui.training.model.inference import Inference

__all__ = ["WorkedExample"]

Floats = NDArray[np.float32]

MOST_WEIGHTS = 1_000_000
"""Larger matrices are not handed out: nobody reads them, and copying them takes time."""


class WorkedExample:
    """The compiled passes of a model that also give what lies between input and output.

    The layers are found in the Keras models, so that it works for whatever architecture.

    Parameters
    ----------
    model
        The model. Its present weights count at each call.
    """

    def __init__(self, model: Inference) -> None:
        self._vae, self._scaling, self._scope = model.vae, model.scaling, model.scope
        with self._scope():
            self._trace(model.vae)

    def _trace(self, vae: VAE) -> None:
        names = ("mean", "log_var") if vae.spread else ("mean",)
        self._read_outs = {name: vae.encoder.get_layer(name) for name in names}
        encoder, read_outs = _computing(vae.encoder), self._read_outs.values()
        self._encoder_layers = [layer for layer in encoder if layer not in read_outs]
        self._decoder_layers = _computing(vae.decoder)
        self._to_a = _inside(vae.encoder, self._encoder_layers, self._read_outs["mean"].input)
        self._from_z = _inside(vae.decoder, self._decoder_layers, vae.decoder.output)
        x = tf.TensorSpec((1, *vae.shape), tf.float32)
        a = tf.TensorSpec((1, vae.hidden_units), tf.float32)
        eps = tf.TensorSpec((1, vae.units), tf.float32)
        self._before = tf.function(self._to_a, input_signature=[x], autograph=False)
        self._after = tf.function(self._rest, input_signature=[x, a, eps], autograph=False)

    def explain(
        self, example: Example, eps: Floats, held: Sequence[tuple[int, float]]
    ) -> Explained:
        """Follow one input.

        Parameters
        ----------
        example
            The input.
        eps
            The noise of z, (units,).
        held
            Hidden activations that are held at a value: (index in a, value).
        """
        with self._scope():
            return self._explained(example, eps, held)

    def _explained(
        self, example: Example, eps: Floats, held: Sequence[tuple[int, float]]
    ) -> Explained:
        seen = self._scaling.to_model(example.x[None])
        told = self._scaling.to_model_with_gaps(example.x[None])
        *outputs, a = (_array(output) for output in self._before(tf.constant(seen)))
        passed = self._pass(told, a, eps)
        changed = a.copy()
        for index, value in held:
            changed[index] = value
        read_outs = {
            name: ReadOut(np.asarray(layer.kernel), np.asarray(layer.bias))
            for name, layer in self._read_outs.items()
        }
        return Explained(
            example=example,
            x=seen[0],
            encoder=_values(self._encoder_layers, outputs),
            mean=read_outs["mean"],
            log_var=read_outs.get("log_var"),
            passed=passed,
            held=self._pass(told, changed, eps) if held else None,
        )

    def _pass(self, told: Floats, a: Floats, eps: Floats) -> Pass:
        """What comes of the hidden vector ``a`` (hidden,); in ``told`` what is missing is NaN."""
        layers, numbers = self._after(
            tf.constant(told), tf.constant(a[None]), tf.constant(eps[None])
        )
        arrays = {name: _array(value) for name, value in numbers.items()}
        beta, penalty = (float(number) for number in (self._vae.beta, arrays.pop("penalty")))
        return Pass(
            a=a,
            eps=eps,
            decoder=_values(self._decoder_layers, [_array(layer) for layer in layers]),
            reconstruction=self._scaling.to_data(arrays.pop("decoded")[None])[0],
            beta=beta,
            penalty=penalty,
            **arrays,
        )

    def _rest(self, x: Any, a: Any, eps: Any) -> tuple[list[Any], dict[str, Any]]:
        """All from the hidden vector on, and the derivatives of the loss of this one input."""
        vae = self._vae
        posterior = {name: layer(a) for name, layer in self._read_outs.items()}
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(posterior)
            z, kl = vae.drawn(posterior, eps)
            *layers, parameters = self._from_z(z)
            nats = vae.likelihood.value_log_prob(vae.filled(x), parameters, vae.bounded_log_sd())
            # What is missing does not count, as in training.
            terms = -nats if vae.gaps is None else tf.where(tf.math.is_finite(x), -nats, 0.0)
            reconstruction = tf.reduce_sum(terms)[None]
            total = vae.loss_of(Terms(reconstruction, kl))[0]
        slopes = tape.gradient(total, posterior)
        numbers = {
            "log_var": tf.fill(tf.shape(z), -np.inf),
            **posterior,
            "z": z,
            "decoded": vae.likelihood.mean(parameters),
            "reconstruction_terms": terms,
            "kl_by_unit": kl,
            "penalty": vae.penalty(kl[0])[None],
            "d_mean": slopes["mean"],
            "d_log_var": slopes.get("log_var", tf.zeros_like(z)),
            "d_z": tape.gradient(reconstruction, z),
        }
        return layers, numbers


def _computing(model: Any) -> list[Any]:
    """The layers of a model that compute something, in their order."""
    return [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]


def _inside(model: Any, layers: list[Any], last: Any) -> Any:
    """The model with the outputs of these layers as its outputs, and at the end ``last``."""
    return keras.Model(model.input, [*(layer.output for layer in layers), last])


def _array(value: Any) -> Floats:
    """The first and only example of a batch, as float32."""
    array: Floats = value.numpy()[0].astype(np.float32)
    return array


def _values(layers: list[Any], outputs: list[Floats]) -> tuple[LayerValues, ...]:
    return tuple(
        _layer_values(layer, output) for layer, output in zip(layers, outputs, strict=True)
    )


def _layer_values(layer: Any, output: Floats) -> LayerValues:
    activation = getattr(layer, "activation", None)
    weights = bias = None
    if isinstance(layer, keras.layers.Dense) and layer.kernel.shape.num_elements() <= MOST_WEIGHTS:
        weights = np.asarray(layer.kernel)
        bias = np.asarray(layer.bias) if layer.use_bias else np.zeros(layer.units, np.float32)
    return LayerValues(
        name=layer.name,
        kind=type(layer).__name__,
        activation=getattr(activation, "__name__", ""),
        output=output,
        weights=weights,
        bias=bias,
    )
