"""A model's forward pass in NumPy and float64, from nothing but its raw weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.core.vae import VAE

__all__ = ["likelihood_mean", "log_prob", "loss", "outputs"]

Array = NDArray[np.float64]

ACTIVATIONS = {
    "linear": lambda h: h,
    "relu": lambda h: np.maximum(h, 0.0),
    "tanh": np.tanh,
}


def outputs(model: Any, x: Array) -> list[tuple[str, Array]]:
    """Name and output of each layer but the read-outs, for one input."""
    seen = []
    h = x
    for layer in model.layers:
        if type(layer).__name__ == "InputLayer" or layer.name in ("mean", "log_var"):
            continue
        h = _layer(layer, h)
        seen.append((layer.name, h))
    return seen


def read_out(vae: VAE, name: str, a: Array) -> Array:
    """One of the two linear read-outs of the hidden vector."""
    kernel, bias = _weights(vae.encoder.get_layer(name))
    return np.array([sum(a * kernel[:, i]) + bias[i] for i in range(len(bias))])


def loss(vae: VAE, x: Array, mean: Array, log_var: Array, eps: Array) -> tuple[float, float]:
    """The total loss of one input, and its reconstruction term; log_var within [-10, 10]."""
    z = mean + np.exp(log_var / 2) * eps
    reconstruction = -log_prob(vae, x, outputs(vae.decoder, z)[-1][1]).sum()
    kl = 0.5 * (np.exp(log_var) + mean**2 - 1 - log_var).sum()
    return reconstruction + float(vae.beta) * kl, reconstruction


def log_prob(vae: VAE, x: Array, out: Array) -> Array:
    """log p of each value, by the textbook's formulas."""
    match vae.likelihood.kind:
        case "bernoulli" | "continuous-bernoulli" as kind:
            p = 1 / (1 + np.exp(-out))
            coin = x * np.log(p) + (1 - x) * np.log(1 - p)
            if kind == "bernoulli":
                return coin
            return coin + np.log(2 * np.arctanh(1 - 2 * p) / (1 - 2 * p))
        case "laplace":
            b = vae.likelihood.scale
            return -np.log(2 * b) - np.abs(x - out) / b
        case "gaussian":
            sd = np.float64(vae.likelihood.sd)
        case _:
            low = np.log(1e-3)
            sd = np.exp(low + np.log1p(np.exp(np.asarray(vae.log_sd, float) - low)))
    return np.log(np.exp(-0.5 * ((x - out) / sd) ** 2) / (sd * np.sqrt(2 * np.pi)) + 1e-300)


def likelihood_mean(vae: VAE, out: Array) -> Array:
    """E[x|z]."""
    p = 1 / (1 + np.exp(-out))
    match vae.likelihood.kind:
        case "bernoulli":
            return p
        case "continuous-bernoulli":
            return p / (2 * p - 1) + 1 / (2 * np.arctanh(1 - 2 * p))
        case _:
            return out


def _layer(layer: Any, h: Array) -> Array:
    match type(layer).__name__:
        case "Flatten":
            return h.ravel()
        case "Reshape":
            return h.reshape(list(layer.target_shape))
        case "Dense":
            kernel, bias = _weights(layer)
            return ACTIVATIONS[layer.activation.__name__](h @ kernel + bias)
        case "Conv2D":
            kernel, bias = _weights(layer)
            return ACTIVATIONS[layer.activation.__name__](
                _convolved(h, kernel, layer.strides[0]) + bias
            )
        case "Conv2DTranspose":
            kernel, bias = _weights(layer)
            spread = _spread(h, kernel, layer.strides[0])
            return ACTIVATIONS[layer.activation.__name__](spread + bias)
        case "Cropping2D":
            (top, bottom), (left, right) = layer.cropping
            return h[top : h.shape[0] - bottom, left : h.shape[1] - right]
        case other:
            raise NotImplementedError(other)


def _convolved(h: Array, kernel: Array, stride: int) -> Array:
    """Convolution with padding "same": each output looks at a window of the padded input."""
    rows, columns = -(-h.shape[0] // stride), -(-h.shape[1] // stride)
    size = kernel.shape[0]
    out = np.empty((rows, columns, kernel.shape[3]))
    padded = _padded(h, size, stride)
    for i in range(rows):
        for j in range(columns):
            window = padded[i * stride : i * stride + size, j * stride : j * stride + size]
            out[i, j] = np.einsum("xyc,xycf->f", window, kernel)
    return out


def _spread(h: Array, kernel: Array, stride: int) -> Array:
    """The transposed convolution: each input adds a window to the padded output."""
    size = kernel.shape[0]
    whole = np.zeros((h.shape[0] * stride, h.shape[1] * stride, kernel.shape[2]))
    padded = _padded(whole, size, stride)
    for i in range(h.shape[0]):
        for j in range(h.shape[1]):
            window = np.einsum("f,xycf->xyc", h[i, j], kernel)
            padded[i * stride : i * stride + size, j * stride : j * stride + size] += window
    before = max(size - stride, 0) // 2
    return padded[before : before + whole.shape[0], before : before + whole.shape[1]]


def _padded(h: Array, size: int, stride: int) -> Array:
    """Zeros around, the smaller half before, as TensorFlow's padding "same" has them."""
    pads = []
    for length in h.shape[:2]:
        total = max((-(-length // stride) - 1) * stride + size - length, 0)
        pads.append((total // 2, total - total // 2))
    return np.pad(h, [*pads, (0, 0)])


def _weights(layer: Any) -> tuple[Array, Array]:
    return np.asarray(layer.kernel, float), np.asarray(layer.bias, float)
