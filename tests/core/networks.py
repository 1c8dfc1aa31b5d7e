"""Small networks of every kind, for pictures of 8 x 8."""

from vaegui.core.architectures import Convolutional, Dense, Imported

SHAPE = (8, 8, 1)
DEPTHWISE = Imported.model_validate(
    {
        "encoder": {
            "shape": SHAPE,
            "nodes": [
                {
                    "name": "depthwise",
                    "inputs": [0],
                    "layer": {
                        "kind": "DepthwiseConv2D",
                        "kernel_size": [3, 3],
                        "depth_multiplier": 4,
                    },
                },
                {"name": "flat", "inputs": [1], "layer": {"kind": "Flatten"}},
            ],
        },
        "decoder": {
            "shape": [3],
            "nodes": [
                {"name": "wide", "inputs": [0], "layer": {"kind": "Dense", "units": 64}},
                {"name": "other", "inputs": [0], "layer": {"kind": "Dense", "units": 64}},
                {"name": "both", "inputs": [1, 2], "layer": {"kind": "Add"}},
                {
                    "name": "bent",
                    "inputs": [3],
                    "layer": {"kind": "Activation", "activation": "tanh"},
                },
            ],
        },
    }
)
ARCHITECTURES = [Dense(widths=(9, 5)), Convolutional(filters=(3, 4), hidden=5), DEPTHWISE]
