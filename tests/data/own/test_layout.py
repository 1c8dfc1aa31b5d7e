from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vaegui.data.formats.base import Arrays
from vaegui.data.own.layout.guesses import alternatives
from vaegui.data.own.layout.layout import Layout, LayoutError, laid_out, ready
from vaegui.data.stored.file_array import FileArray
from vaegui.progress import no_progress

CHANCE = np.random.default_rng(0)
ALL = slice(0, 10**6)


def smooth(n: int, side: int = 12) -> np.ndarray:
    """Grey blobs on black, uint8 (n, side, side)."""
    y, x = np.mgrid[:side, :side]
    centres = CHANCE.uniform(3, side - 3, (n, 2, 1, 1))
    far = (y - centres[:, 0]) ** 2 + (x - centres[:, 1]) ** 2
    return (255 * np.exp(-far / 8)).astype(np.uint8)


GREY = smooth(50)
COLOUR = np.stack([smooth(50), smooth(50), smooth(50)], axis=-1)


def best(x: Any, labels: Any = None) -> Layout:
    return alternatives(Arrays(x, labels))[0].layout


def shown(x: Any, layout: Layout, labels: Any = None) -> np.ndarray:
    return laid_out(Arrays(x, labels), layout)[ALL]


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (GREY, GREY),
        (GREY[..., None], GREY),
        (GREY[:, None], GREY),
        (np.moveaxis(GREY, 0, -1).repeat(2, axis=-1), GREY.repeat(2, axis=0)),
        (GREY.reshape(50, -1), GREY),
        (COLOUR, COLOUR),
        (np.moveaxis(COLOUR, -1, 1), COLOUR),
        (COLOUR.reshape(50, -1), COLOUR),
        (np.moveaxis(COLOUR, -1, 1).reshape(50, -1), COLOUR),
        (np.moveaxis(COLOUR, 0, -1), COLOUR),
        (GREY / np.float32(255), GREY / np.float32(255)),
        (GREY * np.uint16(257), GREY * np.float32(257)),
        (GREY.astype(float) - 128, GREY.astype(np.float32) - 128),
    ],
)
def test_the_likeliest_layout_is_the_right_one(x: np.ndarray, expected: np.ndarray) -> None:
    found = shown(x, best(x))
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("x", "white"),
    [
        (GREY, 255),
        (GREY > 9, 1),
        (GREY / 255, 1),
        (GREY * np.uint16(16), 4095),
        (GREY * np.uint16(257), 65535),
        (GREY // 16, 0),
        (GREY - 1.5, 0),
        (GREY * 1.37, 0),
    ],
)
def test_white_is_told_by_the_values(x: np.ndarray, white: float) -> None:
    assert best(x).white == white


def test_numbers_that_are_no_picture_are_features() -> None:
    noise = CHANCE.normal(size=(50, 144))
    assert best(noise).form == "features"
    assert {guess.layout.form for guess in alternatives(Arrays(noise))} == {"features", "picture"}


def test_a_curve_is_a_signal_and_channels_follow_each_other() -> None:
    curves = np.sin(np.linspace(0, 9, 101) + CHANCE.uniform(0, 6, (50, 1)))
    assert best(curves).form == "signal"
    two = np.stack([curves, -curves], axis=-1)
    assert best(two) == Layout(form="signal", channels="last")
    expected = np.concatenate([curves, -curves], axis=1).astype(np.float32)
    np.testing.assert_array_equal(shown(two, best(two)), expected)
    np.testing.assert_array_equal(
        shown(np.moveaxis(two, 2, 1), best(np.moveaxis(two, 2, 1))), expected
    )


def test_labels_say_which_axis_counts_the_examples() -> None:
    x = CHANCE.normal(size=(6, 50))
    assert best(x).examples == 0
    assert best(x, np.zeros(50)).examples == 1
    with pytest.raises(LayoutError, match="50 labels for 6 examples"):
        laid_out(Arrays(x, np.zeros(50)), Layout(form="features"))


def test_each_alternative_differs_can_be_shown_and_says_why() -> None:
    for x in (
        GREY,
        COLOUR,
        GREY.reshape(50, -1),
        np.moveaxis(COLOUR, 0, -1),
        CHANCE.normal(size=(9, 60)),
    ):
        guesses = alternatives(Arrays(x))
        assert len({str(guess.layout) for guess in guesses}) == len(guesses) > 1
        assert all(guess.reason for guess in guesses)
        assert all(shown(x, guess.layout).ndim in (2, 3, 4) for guess in guesses)


def test_pictures_on_bright_paper_are_offered_inverted_first() -> None:
    paper = 255 - GREY
    second = alternatives(Arrays(paper))[1]
    assert second.reason == "the edges are bright"
    np.testing.assert_array_equal(shown(paper, second.layout), GREY)


def test_pictures_on_their_side_are_set_up() -> None:
    layout = best(COLOUR).model_copy(update={"transposed": True})
    np.testing.assert_array_equal(shown(COLOUR.swapaxes(1, 2), layout), COLOUR)


def test_what_is_inverted_stays_in_its_own_units() -> None:
    x = GREY * np.uint16(16)
    layout = Layout(white=4095, inverted=True)
    np.testing.assert_array_equal(shown(x, layout), 4095 - x.astype(np.float32))
    assert layout.scaling.scale == 1 / 4095
    with pytest.raises(ValueError, match="white"):
        Layout(inverted=True)


@pytest.mark.parametrize(
    ("x", "layout"),
    [
        (GREY, Layout(channels="last")),
        (COLOUR, Layout()),
        (GREY, Layout(examples=3)),
        (GREY.reshape(50, -1), Layout()),
        (GREY.reshape(50, -1), Layout(width=13)),
        (GREY.reshape(50, -1), Layout(width=12, depth=5, channels="last")),
    ],
)
def test_a_layout_that_the_array_does_not_have_is_refused(x: np.ndarray, layout: Layout) -> None:
    with pytest.raises(LayoutError):
        laid_out(Arrays(x), layout)


def test_an_array_of_too_many_axes_holds_no_examples() -> None:
    with pytest.raises(LayoutError, match="neither"):
        alternatives(Arrays(np.zeros((5, 4, 4, 4, 4))))


@pytest.mark.parametrize("axis", [0, 1, 2, 3])
def test_examples_of_a_file_may_be_counted_by_any_axis(tmp_path: Path, axis: int) -> None:
    x = np.moveaxis(COLOUR, 0, axis).astype(">u2")
    (tmp_path / "x").write_bytes(x.tobytes())
    arrays = Arrays(FileArray(tmp_path / "x", x.shape, x.dtype), fingerprint="x")
    layout = Layout(examples=axis, channels="last")
    for rows in (laid_out(arrays, layout), ready(arrays, layout, no_progress)):
        assert rows.shape == COLOUR.shape
        np.testing.assert_array_equal(rows[ALL], COLOUR.astype(np.float32))
        chosen = np.array([49, 0, 7, 7])
        np.testing.assert_array_equal(rows[chosen], COLOUR[chosen].astype(np.float32))
