"""Which of Keras' layers are left out or refused; all others are in `vaegui.core.layers`."""

from __future__ import annotations

__all__ = ["PASSED", "REFUSED", "WITHIN"]

PASSED = frozenset(
    {
        "ActivityRegularization",
        "AlphaDropout",
        "AugMix",
        "CutMix",
        "Dropout",
        "GaussianDropout",
        "GaussianNoise",
        "MixUp",
        "RandAugment",
        "RandomBrightness",
        "RandomColorDegeneration",
        "RandomColorJitter",
        "RandomContrast",
        "RandomElasticTransform",
        "RandomErasing",
        "RandomFlip",
        "RandomGaussianBlur",
        "RandomGrayscale",
        "RandomHue",
        "RandomInvert",
        "RandomPerspective",
        "RandomPosterization",
        "RandomRotation",
        "RandomSaturation",
        "RandomSharpness",
        "RandomShear",
        "RandomTranslation",
        "RandomZoom",
        "SpatialDropout1D",
        "SpatialDropout2D",
        "SpatialDropout3D",
    }
)
"""Layers that do something only while their own program trains."""

WITHIN = {"SpectralNormalization": "layer"}
"""Layers of which only the one within counts, and where Keras keeps its weights."""

_BEFORE = "is work on the data: do it before they come to the model"
_CODE = "runs code that is not in the file: make the same of Keras' own layers"
_CROP = "is not rebuilt: use Cropping2D"

REFUSED = {
    **dict.fromkeys(
        (
            "AutoContrast",
            "ContrastLimitedAdaptiveHistogramEqualization",
            "Discretization",
            "Equalization",
            "HashedCrossing",
            "Hashing",
            "IntegerLookup",
            "MaxNumBoundingBoxes",
            "MelSpectrogram",
            "STFTSpectrogram",
            "Solarization",
            "StringLookup",
            "TextVectorization",
        ),
        _BEFORE,
    ),
    **dict.fromkeys(("FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"), _CODE),
    "CenterCrop": _CROP,
    "GroupQueryAttention": "is not rebuilt: use MultiHeadAttention",
    "Lambda": "can hold any code",
    "Pipeline": "has layers that do not compute with weights: put them one after the other",
    "RandomCrop": _CROP,
    "ReversibleEmbedding": "is used in both directions: use Embedding, and Dense to go back",
    "StackedRNNCells": "is no layer of its own: put the recurrent layers one after the other",
    "Wrapper": "is only what other layers are made from: use the layer within",
}
"""Keras' own layers that are not rebuilt: why, and what to do instead."""
