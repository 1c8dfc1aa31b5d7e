"""What a model knows of its data when the data themselves are not there."""

from __future__ import annotations

from dataclasses import dataclass

from vaegui.data.scaling import Scaling
from vaegui.data.source import OneHot, Part

__all__ = ["DataDescription"]


@dataclass(frozen=True, slots=True)
class DataDescription:
    """All that a model has to know of its data, without the data. It goes into model files."""

    name: str
    shape: tuple[int, ...]
    """Shape of one example: (features,), (height, width) or (height, width, channels)."""
    dtype: str
    train_examples: int
    test_examples: int
    scaling: Scaling
    value_range: tuple[float, float]
    """Smallest and largest value, in the data's own scale, that pictures are drawn with."""
    class_names: tuple[str, ...] | None = None
    feature_names: tuple[str, ...] | None = None
    sha256: str = ""
    model_range: tuple[float, float] = (0.0, 1.0)
    """Smallest and largest value of all parts as the model sees them."""
    feature_units: tuple[str, ...] | None = None
    """The unit of each feature, '' for a pure number; None where no feature has one."""
    feature_sds: tuple[float, ...] | None = None
    """Standard deviation of each feature over the training part; None for pictures."""
    feature_means: tuple[float, ...] | None = None
    feature_lows: tuple[float, ...] | None = None
    feature_highs: tuple[float, ...] | None = None
    """Mean, smallest and largest value of each feature over the training part; None for pictures,
    and in files that are older than this."""
    validation_examples: int = 0
    """0 also where the test part serves for validation."""
    one_hot: tuple[OneHot, ...] = ()
    """Which features are the values of categories."""
    channels: int = 0
    """Of a signal the number of its channels, which lie one after the other in the features; 0
    where features have no order."""

    @property
    def is_image(self) -> bool:
        """Whether one example is a picture (two or three axes) rather than a row of features."""
        return len(self.shape) in (2, 3)

    def examples(self, part: Part) -> int:
        """Number of examples of a part."""
        lengths: dict[Part, int] = {
            "train": self.train_examples,
            "validation": self.validation_examples,
            "test": self.test_examples,
        }
        return lengths[part]

    def class_name(self, label: int) -> str:
        """What a label is called: its name, or the number itself."""
        names = self.class_names or ()
        return names[label] if label < len(names) else str(label)

    @property
    def watched(self) -> Part:
        """The part that is measured after each epoch, where there is any beside the first."""
        return "validation" if self.validation_examples else "test"

    def same_data(self, other: DataDescription) -> bool:
        """Whether both describe the same values, with as many classes."""
        return self._essence == other._essence

    @property
    def _essence(self) -> tuple[object, ...]:
        examples = self.train_examples, self.test_examples, self.validation_examples
        return self.sha256, self.shape, self.dtype, examples, len(self.class_names or ())
