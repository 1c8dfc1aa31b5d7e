"""Layers as scripts make them, each with the shapes of what goes in. Imports TensorFlow."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers as L

from vaegui.core.layers import ACTIVATIONS

ROW, SEQUENCE, PICTURE, VOLUME = (6,), (7, 3), (8, 7, 4), (6, 5, 4, 2)


def normalised() -> Any:
    """Mean and variance met in data, one of them of values that never differ."""
    layer = L.Normalization()
    data = np.random.default_rng(0).normal(3.0, 2.0, (20, 3))
    data[:, 1] = 1.5
    layer.adapt(data)
    return layer


ONE_INPUT: list[tuple[Any, tuple[int, ...]]] = [
    (L.Dense(4, "relu"), ROW),
    (L.Dense(4, use_bias=False), PICTURE),
    (L.EinsumDense("abc,cd->abd", (None, 5), bias_axes="d", activation="tanh"), SEQUENCE),
    (L.EinsumDense("abc,bcd->ad", 4), SEQUENCE),
    (L.EinsumDense("abc,cde->abde", (None, 2, 5), bias_axes="de"), SEQUENCE),
    (L.Embedding(20, 3), ROW),
    (L.Conv1D(5, 3, strides=2, padding="causal", activation="elu"), SEQUENCE),
    (L.Conv1D(6, 3, dilation_rate=2, groups=3), SEQUENCE),
    (L.Conv2D(6, (3, 2), strides=(2, 1), padding="same", groups=2), PICTURE),
    (L.Conv2D(3, 3, dilation_rate=2), PICTURE),
    (L.Conv3D(3, 2, strides=(1, 2, 1), padding="same", activation="relu"), VOLUME),
    (L.Conv3D(4, 2, use_bias=False), VOLUME),
    (L.Conv1DTranspose(4, 3, strides=2), SEQUENCE),
    (L.Conv1DTranspose(4, 3, strides=2, padding="same", output_padding=1), SEQUENCE),
    (L.Conv1DTranspose(4, 2, strides=3, padding="valid"), SEQUENCE),
    (L.Conv2DTranspose(4, 3, strides=2, padding="same"), PICTURE),
    (L.Conv2DTranspose(4, (3, 2), strides=(2, 3), output_padding=(1, 2)), PICTURE),
    (L.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=0), PICTURE),
    (L.Conv3DTranspose(2, 3, strides=2, padding="same", activation="tanh"), VOLUME),
    (L.Conv3DTranspose(2, 2), VOLUME),
    (L.DepthwiseConv1D(3, strides=2, depth_multiplier=2, padding="same"), SEQUENCE),
    (L.DepthwiseConv2D(3, strides=2, depth_multiplier=3), PICTURE),
    (L.DepthwiseConv2D((3, 2), dilation_rate=2, use_bias=False), PICTURE),
    (L.SeparableConv1D(5, 3, depth_multiplier=2, activation="relu"), SEQUENCE),
    (L.SeparableConv2D(5, (3, 2), padding="same", strides=2), PICTURE),
    (L.SeparableConv2D(5, 3, dilation_rate=2, use_bias=False), PICTURE),
    *(
        (getattr(L, f"{kind}Pooling{rank}D")(2, padding=padding, strides=strides), shape)
        for rank, shape in ((1, SEQUENCE), (2, PICTURE), (3, VOLUME))
        for kind in ("Max", "Average")
        for padding, strides in (("same", None), ("valid", 1))
    ),
    (L.MaxPooling2D((3, 2), strides=(2, 3)), PICTURE),
    *(
        (getattr(L, f"Global{kind}Pooling{rank}D")(keepdims=kept), shape)
        for rank, shape in ((1, SEQUENCE), (2, PICTURE), (3, VOLUME))
        for kind, kept in (("Max", False), ("Average", True))
    ),
    *(
        (getattr(L, f"Adaptive{kind}Pooling{rank}D")(2), shape)
        for rank, shape in ((1, SEQUENCE), (2, PICTURE), (3, VOLUME))
        for kind in ("Max", "Average")
    ),
    (L.UpSampling1D(3), SEQUENCE),
    (L.UpSampling2D((2, 3)), PICTURE),
    *(
        (L.UpSampling2D(2, interpolation=how), PICTURE)
        for how in ("bilinear", "bicubic", "lanczos3", "lanczos5")
    ),
    (L.UpSampling3D((1, 2, 3)), VOLUME),
    (L.Resizing(5, 9), PICTURE),
    (L.Resizing(4, 4, interpolation="nearest"), PICTURE),
    (L.Resizing(4, 4, antialias=True), PICTURE),
    (L.ZeroPadding1D((2, 1)), SEQUENCE),
    (L.ZeroPadding2D(((1, 2), (0, 3))), PICTURE),
    (L.ZeroPadding3D((1, 0, 2)), VOLUME),
    (L.Cropping1D((1, 2)), SEQUENCE),
    (L.Cropping2D(((1, 2), (0, 3))), PICTURE),
    (L.Cropping3D(1), VOLUME),
    (L.Flatten(), PICTURE),
    (L.Reshape((4, -1)), PICTURE),
    (L.Permute((3, 1, 2)), PICTURE),
    (L.RepeatVector(4), ROW),
    (L.SimpleRNN(4), SEQUENCE),
    (L.SimpleRNN(4, activation="relu", use_bias=False, return_sequences=True), SEQUENCE),
    (L.LSTM(4), SEQUENCE),
    (L.LSTM(4, return_sequences=True, go_backwards=True, unit_forget_bias=False), SEQUENCE),
    (
        L.LSTM(4, activation="softsign", recurrent_activation="hard_sigmoid", stateful=False),
        SEQUENCE,
    ),
    (L.LSTM(4, dropout=0.3, recurrent_dropout=0.2, unroll=True, use_bias=False), SEQUENCE),
    (L.GRU(4), SEQUENCE),
    (L.GRU(4, reset_after=False, return_sequences=True), SEQUENCE),
    (L.GRU(4, go_backwards=True), SEQUENCE),
    (L.RNN(L.LSTMCell(4), return_sequences=True), SEQUENCE),
    (L.RNN(L.GRUCell(4)), SEQUENCE),
    *(
        (L.Bidirectional(L.LSTM(3, return_sequences=many), merge_mode=mode), SEQUENCE)
        for many, mode in ((False, "concat"), (True, "sum"), (True, "mul"), (False, "ave"))
    ),
    (L.Bidirectional(L.GRU(3), backward_layer=L.LSTM(5, go_backwards=True)), SEQUENCE),
    (L.ConvLSTM1D(3, 2, padding="same"), (5, 6, 2)),
    (L.ConvLSTM2D(3, 2, strides=2, return_sequences=True), (4, 6, 5, 2)),
    (L.TimeDistributed(L.Dense(4, "relu")), SEQUENCE),
    (L.TimeDistributed(L.Conv2D(3, 2)), (3, 5, 4, 2)),
    (L.TimeDistributed(L.Flatten()), (3, 5, 4, 2)),
    (L.TimeDistributed(L.LSTM(3)), (4, 5, 2)),
    (L.BatchNormalization(), PICTURE),
    (L.BatchNormalization(axis=1, scale=False, center=False, epsilon=1e-5), PICTURE),
    (L.LayerNormalization(), SEQUENCE),
    (L.LayerNormalization(axis=[1, 2], center=False), PICTURE),
    (L.GroupNormalization(2), PICTURE),
    (L.GroupNormalization(-1, epsilon=1e-5), PICTURE),
    (L.RMSNormalization(), SEQUENCE),
    (L.UnitNormalization(), SEQUENCE),
    (L.UnitNormalization(axis=(1, 2)), SEQUENCE),
    (normalised(), SEQUENCE),
    (L.Normalization(mean=[0.1, 0.2, 3.0], variance=[1.0, 4.0, 0.0]), SEQUENCE),
    (L.Normalization(axis=None, mean=0.5, variance=2.0), SEQUENCE),
    (L.SpectralNormalization(L.Conv2D(3, 3)), PICTURE),
    *((L.Activation(name), SEQUENCE) for name in sorted(ACTIVATIONS)),
    (L.Dense(4, activation=L.LeakyReLU(negative_slope=0.1)), ROW),
    (L.ReLU(max_value=0.5, negative_slope=0.1, threshold=0.2), ROW),
    (L.LeakyReLU(), ROW),
    (L.ELU(0.5), ROW),
    (L.PReLU(), SEQUENCE),
    (L.PReLU(shared_axes=[1, 2]), PICTURE),
    (L.Softmax(), SEQUENCE),
    (L.Softmax(axis=1), SEQUENCE),
    (L.Rescaling(2.0, -1.0), PICTURE),
    (L.Identity(), ROW),
    (L.Masking(), SEQUENCE),
    (L.CategoryEncoding(20, output_mode="multi_hot"), ROW),
    (L.CategoryEncoding(20, output_mode="one_hot"), (1,)),
]

SEVERAL: list[tuple[Any, tuple[tuple[int, ...], ...]]] = [
    *(
        (getattr(L, name)(), (PICTURE, PICTURE))
        for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")
    ),
    (L.Add(), (ROW, ROW, ROW)),
    (L.Concatenate(axis=1), (SEQUENCE, (4, 3))),
    (L.Concatenate(axis=-2), (SEQUENCE, (4, 3))),
    (L.Dot(1), (ROW, ROW)),
    (L.Dot((2, 1), normalize=True), (SEQUENCE, (3, 5))),
    (L.Dot(-1), (SEQUENCE, (5, 3))),
    (L.Attention(), (SEQUENCE, (5, 3))),
    (L.Attention(use_scale=True, score_mode="concat"), (SEQUENCE, (5, 2), (5, 3))),
    (L.AdditiveAttention(), (SEQUENCE, (5, 3))),
    (L.MultiHeadAttention(2, 3), (SEQUENCE, SEQUENCE)),
    (L.MultiHeadAttention(2, 3, value_dim=4, output_shape=5), (SEQUENCE, (5, 2), (5, 4))),
    (L.MultiHeadAttention(2, 3, use_bias=False), (SEQUENCE, (5, 2))),
]


def name_of(case: Any) -> str:
    """What a test of a layer is called."""
    return type(case).__name__ if isinstance(case, keras.Layer) else ""


def lively(layer: Any, seed: int = 0) -> Any:
    """The layer, built, with random weights; what has to be positive is."""
    random = np.random.default_rng(seed)
    for weight in layer.weights:
        if "float" in weight.dtype and "normalization/" not in weight.path:
            values = random.normal(0.0, 0.4, weight.shape)
            weight.assign(np.abs(values) + 0.3 if "variance" in weight.name else values)
    return layer


def example(shape: tuple[int, ...], whole: bool, seed: int = 1) -> Any:
    """Values to put into a layer, (4, *shape); numbers of rows or categories if ``whole``."""
    random = np.random.default_rng(seed)
    if whole:
        return random.integers(0, 20, (4, *shape)).astype(np.float32)
    return random.normal(size=(4, *shape)).astype(np.float32)
