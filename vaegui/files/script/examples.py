"""The data and their scale as source text: functions that load and scale examples."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import assert_never

from vaegui.data import (
    BundledMnist,
    DataDescription,
    Digits8x8,
    FashionMnist,
    GivenArray,
    Mnist,
    SixFeatures,
)
from vaegui.data.rescale import AsIs, Raw, Rescale, Standardise, Symmetric, UnitInterval
from vaegui.data.sources import digits as digits_module
from vaegui.data.sources import wine as wine_module
from vaegui.files.script.source import block, joined, literal
from vaegui.paths import resource
from vaegui.training.settings.settings import Settings

__all__ = ["Examples", "examples", "scaling"]

SPLIT = ("from sklearn.model_selection import train_test_split",)


@dataclass(frozen=True, slots=True)
class Examples:
    """How data are loaded: modules to import, constants, and the function ``load_data``."""

    load: str
    constants: str = ""
    imports: tuple[str, ...] = ()
    in_a_file: bool = False
    """Whether they are in a file of their own, which the option ``--data`` names."""
    in_three: bool = False
    """Whether ``load_data`` gives a validation part, too, between the two others."""


def examples(settings: Settings) -> Examples:
    """How the data of these settings are loaded, in their own scale."""
    match settings.data:
        case BundledMnist():
            path = resource("mnist-sample.npz").as_posix()
            return Examples(MNIST_SAMPLE, f"DATA = {literal(path)}", in_a_file=True)
        case Digits8x8():
            imports = ("from sklearn.datasets import load_digits", *SPLIT)
            return Examples(DIGITS, imports=imports)
        case SixFeatures():
            return Examples(WINE, _features(), ("from sklearn.datasets import load_wine", *SPLIT))
        case Mnist() | FashionMnist() as source:
            module = "mnist" if isinstance(source, Mnist) else "fashion_mnist"
            return Examples(KERAS.replace("MODULE", module))
        case GivenArray(split=split):
            shares = f"TEST_SHARE = {split.test_share!r}\nSPLIT_SEED = {split.seed}"
            constants, load = f'DATA = "x.npy"\n{shares}', GIVEN
            if split.validation_share:
                constants += f"\nVALIDATION_SHARE = {split.validation_share!r}"
                load = GIVEN_IN_THREE
            return Examples(load, constants, in_a_file=True, in_three=bool(split.validation_share))
        case other:
            assert_never(other)


def scaling(settings: Settings, data: DataDescription) -> str:
    """The functions ``find_scaling`` and ``to_model``."""
    rule, meaning = _rule(settings.rescale, data)
    head = block(f'''
        def find_scaling(x_train, x_test):
            """Find scale and offset, model = data * scale + offset.

            The model sees values {meaning}.
            """
    ''')
    return joined(f"{head}\n{textwrap.indent(rule, '    ')}", TO_MODEL)


def _rule(rescale: Rescale, data: DataDescription) -> tuple[str, str]:
    """The body of ``find_scaling``, and what it makes of the data."""
    axis = "axis=0" if len(data.shape) == 1 else ""
    what = "each feature" if axis else "all pixels together"
    interval = INTERVAL.replace("AXIS", axis)
    match rescale:
        case AsIs():
            # The source says it, and it is the same for every value.
            own = data.scaling.scale
            assert isinstance(own, float)
            if own == 1.0:
                return "return 1.0, 0.0", "as they are in the data"
            return f"return 1 / {round(1 / own)}, 0.0", "from 0 to 1"
        case Raw():
            return "return 1.0, 0.0", "as they are in the data"
        case Symmetric() if data.dtype == "uint8":
            return "return 2 / 255, -1.0", "from -1 to 1"
        case Standardise():
            body = STANDARDISE.replace("AXIS", f", {axis}" if axis else "")
            return body, f"with mean 0 and sd 1 over the training part, for {what}"
        case UnitInterval():
            body = f"{interval}\nreturn 1 / spread, -low / spread"
            return body, f"from 0 to 1, over {what}"
        case Symmetric():
            body = f"{interval}\nreturn 2 / spread, -2 * low / spread - 1"
            return body, f"from -1 to 1, over {what}"
        case other:
            assert_never(other)


def _features() -> str:
    rows = "".join(f"    {literal(name)},\n" for name in wine_module.FEATURES)
    return f"FEATURES = (\n{rows})"


TO_MODEL = block('''
    def to_model(x, scaling):
        """Examples as the model sees them, float32."""
        scale, offset = np.float32(scaling[0]), np.float32(scaling[1])
        return x.astype(np.float32) * scale + offset
''')

STANDARDISE = block("""
    mean = np.mean(x_trainAXIS, dtype=np.float64)
    sd = np.std(x_trainAXIS, dtype=np.float64)
    sd = np.where(sd > 0, sd, 1.0)
    return 1 / sd, -mean / sd
""")

INTERVAL = block("""
    parts = np.concatenate([x_train, x_test]).astype(np.float64)
    low = parts.min(AXIS)
    spread = parts.max(AXIS) - low
    spread = np.where(spread > 0, spread, 1.0)
""")

MNIST_SAMPLE = block('''
    def load_data(path):
        """Training and test pictures, uint8."""
        with np.load(path) as arrays:
            return arrays["x_train"], arrays["x_test"]
''')

DIGITS = block(f'''
    def load_data():
        """Training and test pictures of 8 by 8 pixels from 0 to 16, each class with its share."""
        digits = load_digits()
        return train_test_split(
            digits.images.astype(np.float32),
            test_size={digits_module.TEST_EXAMPLES},
            random_state={digits_module.SPLIT_SEED},
            stratify=digits.target,
        )
''')

WINE = block(f'''
    def load_data():
        """Training and test wines, as they were measured, each class with its share."""
        wine = load_wine()
        columns = [wine.feature_names.index(name) for name in FEATURES]
        return train_test_split(
            wine.data[:, columns].astype(np.float32),
            test_size={wine_module.TEST_EXAMPLES},
            random_state={wine_module.SPLIT_SEED},
            stratify=wine.target,
        )
''')

GIVEN = block('''
    def load_data(path):
        """Training and test examples of an array that np.save wrote, divided as in the run."""
        x = np.load(path)
        x = x if x.dtype == np.uint8 else x.astype(np.float32)
        tests = min(round(len(x) * TEST_SHARE), len(x) - 1)
        order = np.random.Generator(np.random.Philox(SPLIT_SEED)).permutation(len(x))
        return x[np.sort(order[tests:])], x[np.sort(order[:tests])]
''')

GIVEN_IN_THREE = block('''
    def load_data(path):
        """Training, validation and test examples of an array that np.save wrote, as in the run."""
        x = np.load(path)
        x = x if x.dtype == np.uint8 else x.astype(np.float32)
        tests = min(round(len(x) * TEST_SHARE), len(x) - 1)
        end = min(tests + round(len(x) * VALIDATION_SHARE), len(x) - 1)
        order = np.random.Generator(np.random.Philox(SPLIT_SEED)).permutation(len(x))
        return x[np.sort(order[end:])], x[np.sort(order[tests:end])], x[np.sort(order[:tests])]
''')

KERAS = block('''
    def load_data():
        """Training and test pictures, uint8; they are downloaded the first time."""
        (x_train, _), (x_test, _) = keras.datasets.MODULE.load_data()
        return x_train, x_test
''')
