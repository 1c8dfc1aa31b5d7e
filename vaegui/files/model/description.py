"""What a model file says of the data that its model was trained on."""

from __future__ import annotations

import math

import numpy as np
from pydantic import TypeAdapter

from vaegui import strict_json
from vaegui.data.description import DataDescription

__all__ = ["description_from_json"]

MOST_FEATURES = 1 << 24
"""Values of one example."""
MOST_CLASSES = 1 << 16
LONGEST_NAME = 1000

_DESCRIPTION = TypeAdapter(DataDescription)


def description_from_json(content: bytes, *, none: bool = False) -> DataDescription:
    """The description of the data that a model was trained on, or of ``none``.

    Raises `ValueError` if it cannot be one, or is larger than any that this program writes.
    """
    strict_json.parse(content)
    description = _DESCRIPTION.validate_json(content, strict=True)
    features = math.prod(description.shape)
    if not 1 <= len(description.shape) <= 3 or min(description.shape) < 1:
        raise ValueError(f"examples cannot have the shape {description.shape}")
    if features > MOST_FEATURES:
        raise ValueError(f"examples of {features:,} values are too large")
    others = description.test_examples, description.validation_examples
    if description.dtype not in ("uint8", "float32"):
        raise ValueError(f"values cannot have the type {description.dtype}")
    if none and (description.train_examples or any(others)):
        raise ValueError("a model without data cannot have examples")
    if description.train_examples < (not none) or min(others) < 0:
        raise ValueError("the numbers of examples are impossible")
    _check_numbers(description, features)
    _check_names(description, features)
    return description


def _check_numbers(description: DataDescription, features: int) -> None:
    scaling = description.scaling
    numbers = {
        "scaling": (scaling.scale, scaling.offset, scaling.gaps or ()),
        "range": (description.value_range, description.model_range),
        "standard deviations": (description.feature_sds or (),),
        "statistics": tuple(each or () for each in _statistics(description)),
    }
    for what, values in numbers.items():
        for value in values:
            # Beyond that they are infinite as soon as they are float32.
            if not np.all(np.abs(value) < np.finfo(np.float32).max):
                raise ValueError(f"{what} of the data must be finite numbers")
    if np.any(np.equal(np.asarray(scaling.scale, np.float32), 0.0)):
        raise ValueError("the scale of the data is zero")
    by_scaling = scaling.scale, scaling.offset, scaling.log1p, scaling.gaps
    by_feature = *by_scaling, description.feature_sds
    for each in (*by_feature, *_statistics(description)):
        if isinstance(each, tuple) and len(each) not in (features, description.shape[-1]):
            raise ValueError("numbers for each feature do not fit the shape of the data")


def _statistics(description: DataDescription) -> tuple[tuple[float, ...] | None, ...]:
    return description.feature_means, description.feature_lows, description.feature_highs


def _check_names(description: DataDescription, features: int) -> None:
    classes = description.class_names or ()
    if len(classes) > MOST_CLASSES:
        raise ValueError("the data have too many classes")
    for each in (description.feature_names, description.feature_units):
        if each is not None and len(each) not in (features, description.shape[-1]):
            raise ValueError("names for each feature do not fit the shape of the data")
    if not 0 <= description.channels <= features or features % max(1, description.channels):
        raise ValueError("the channels of the data do not fit their shape")
    end = 0
    for category in description.one_hot:
        if category.first < end or not category.values:
            raise ValueError("the categories of the data do not follow each other")
        end = category.first + len(category.values)
    if end > (description.shape[0] if len(description.shape) == 1 else 0):
        raise ValueError("the categories of the data do not fit their shape")
    words = [word for each in description.one_hot for word in (each.name, *each.values)]
    names = (
        *classes,
        *(description.feature_names or ()),
        *(description.feature_units or ()),
        *words,
    )
    if any(len(name) > LONGEST_NAME for name in (description.name, description.sha256, *names)):
        raise ValueError("the data have a name that is too long")
