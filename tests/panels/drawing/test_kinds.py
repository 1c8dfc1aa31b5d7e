"""Each kind of data is drawn as what it is, in every panel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.image import AxesImage

from tests.fakes import fake_decoded, fake_inspected, fake_ref, fake_run, fake_style
from tests.panels.stand import Stand, context, pixels_at
from vaegui.data.scaling import Scaling
from vaegui.data.source import OneHot
from vaegui.panels.all import PANELS
from vaegui.panels.drawing.features import Features
from vaegui.panels.examples.input import Input
from vaegui.panels.examples.reconstructions import Reconstructions
from vaegui.panels.focus import Focus
from vaegui.panels.latent.latent import Latent
from vaegui.panels.panel import Panel
from vaegui.runs.run import Run

COLOUR = OneHot("colour", 1, ("red", "green", "blue"))
FIRST = Focus(example=fake_ref(0))


def table(x: np.ndarray, decoded: np.ndarray, **described: object) -> Run:
    """A run on a table (n, features), of which the first example is picked."""
    x, decoded = np.asarray(x, np.float32), np.asarray(decoded, np.float32)
    run = fake_run(x=x, labels=np.arange(len(x)) % 2, classes=2, inspect=None)
    facts = {
        "dtype": "float32",
        "scaling": Scaling(),
        "feature_names": None,
        "value_range": (0.0, 1.0),
        **described,
    }
    run.begun = replace(run.begun, data=replace(run.begun.data, **facts))  # type: ignore[arg-type]
    assert run.snapshot is not None
    snapshot = replace(run.snapshot, reconstruction=decoded[: run.begun.probes.gallery])
    run.add(snapshot)
    answer = fake_inspected(run.begun, snapshot, 0)
    draws = np.repeat(decoded[:1], len(answer.value.decoded), axis=0)
    found = replace(answer.value, reconstruction=decoded[0], decoded=draws)
    run.add_result(replace(answer, value=found))
    return run


def people() -> Run:
    """An age in years, and a colour of three."""
    x = [[30, 1, 0, 0], [40, 0, 1, 0], [50, 0, 0, 1], [60, 1, 0, 0]]
    decoded = [[35, 0.2, 0.7, 0.1], [40, 0, 1, 0], [50, 0, 0, 1], [60, 1, 0, 0]]
    names = ("age", "colour = red", "colour = green", "colour = blue")
    units = ("years", "", "", "")
    facts = {"feature_names": names, "feature_units": units, "one_hot": (COLOUR,)}
    return table(np.array(x), np.array(decoded), **facts)


def many_numbers_and_a_colour() -> Run:
    """Fifty numbers, of which the second to fourth feature are a category."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(8, 53))
    x[:, 1:4] = np.eye(3)[np.arange(8) % 3]
    names = tuple(f"measure {i + 1}" for i in range(53))
    return table(x, x * 0.9, feature_names=names, one_hot=(COLOUR,))


def signal(channels: int = 1) -> Run:
    """Curves of 200 samples that swing alike and are far from zero."""
    at = np.linspace(0, 6, 200)
    x = 50 + np.stack([np.sin(at + i) for i in range(8)])
    return table(x, x + 0.25, channels=channels)


def plane() -> Run:
    x = np.random.default_rng(2).normal(size=(12, 2))
    return table(x, x + 0.5, feature_names=("x", "y"))


def amounts() -> Run:
    """An amount over many magnitudes, of which the model sees the logarithm."""
    x = np.array([[9.0, 1], [99, 2], [999, 3], [99_999, 4]])
    return table(x, x * 1.1, feature_names=("EUR", "n"), scaling=Scaling(log1p=(True, False)))


KINDS = [people, many_numbers_and_a_colour, signal, plane, amounts]


def test_a_category_is_one_variable_with_the_numbers_of_its_values() -> None:
    run = people()
    features = Features(run.begun)
    assert [variable.name for variable in features.variables] == ["age", "colour"]
    texts = Stand(Input, run, FIRST, size=(420, 560)).texts()
    for text in ("age (years)", "colour", "red", "green 0.70"):
        assert text in texts, texts
    assert not any("colour =" in text for text in texts)
    told = Stand(Input, run, FIRST).describe()
    assert "colour red, reconstructed as green 0.70" in told


def test_lines_in_the_cells_of_a_category_are_as_tall_as_its_values_are_likely() -> None:
    stand = Stand(Input, people(), FIRST, size=(420, 560))
    _, bars, marks = (c for c in stand.sheet.collections if isinstance(c, LineCollection))
    _, *values = (np.ptp(segment[:, 1]) for segment in marks.get_segments())
    np.testing.assert_allclose(np.array(values) / values[1], [0.2 / 0.7, 1, 0.1 / 0.7], rtol=1e-5)
    cell, places = bars.get_segments()[1], [s[0, 0] for s in marks.get_segments()[1:]]
    assert cell[0, 0] < places[0] < cell[1, 0] < places[1]  # the input is red, the first


def test_the_tooltip_of_a_category_tells_all_its_values() -> None:
    stand = Stand(Input, people(), FIRST, size=(420, 560))
    (name,) = (text for text in stand.sheet.texts if text.get_text() == "colour")
    x, y = pixels_at(stand.sheet, name.get_position())
    at = x + 3, y
    told = stand.panel.hover_text(*at, stand.context)
    assert told == "colour\ninput: red\nreconstruction:\ngreen: 0.70\nred: 0.20\nblue: 0.10"
    assert stand.panel.hover_text(1, 1, stand.context) == ""


def test_strips_have_a_level_for_each_value_of_a_category() -> None:
    stand = Stand(Reconstructions, people(), size=(600, 300))
    assert {"red", "green", "blue"} <= set(stand.texts())
    (dots,) = stand.moving(PathCollection)
    levels = np.asarray(dots.get_offsets())[4:, 1]
    assert levels[0] == levels[3] < levels[1] < levels[2]
    assert "25 %" not in stand.describe()
    assert "75 % of the categories are the same" in stand.describe()


def test_the_decoded_cursor_names_the_likeliest_value() -> None:
    run = people()
    answer = fake_decoded(run.begun, (0.5, 0.2))
    decoded = np.array([44, 0.1, 0.2, 0.6], np.float32)
    run.add_result(replace(answer, value=replace(answer.value, reconstruction=decoded)))
    texts = Stand(Latent, run, Focus(cursor=(0.5, 0.2)), size=(700, 500)).texts()
    assert "blue 0.60" in texts
    assert "44.0 years" in texts


def test_many_variables_are_lines_that_categories_interrupt() -> None:
    stand = Stand(Input, many_numbers_and_a_colour(), FIRST, size=(420, 600))
    shown, _ = stand.axes[:2]
    (line,) = (each for each in shown.lines if each.get_color() == fake_style().text)
    values = np.asarray(line.get_ydata())
    assert values.shape == (51,)
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(values)), [1])
    at = pixels_at(shown, (20.0, np.mean(shown.get_ylim())))
    told = stand.panel.hover_text(*at, stand.context).splitlines()
    assert told[0] == "measure 22"
    assert told[1].startswith("input: ")
    assert told[2].startswith("reconstruction: ")


def test_a_signal_is_a_curve_in_its_own_unit_below_its_reconstruction() -> None:
    run = signal()
    stand = Stand(Input, run, FIRST, size=(420, 600))
    curve, below = stand.axes[:2]
    lines = {line.get_color(): np.asarray(line.get_ydata()) for line in curve.lines}
    style = fake_style()
    np.testing.assert_allclose(lines[style.text], run.begun.probes.x[0])
    np.testing.assert_allclose(lines[style.reconstruction], run.begun.probes.x[0] + 0.25)
    (off,) = (line for line in below.lines if line.get_color() == style.kl)
    np.testing.assert_allclose(np.asarray(off.get_ydata()), 0.25, atol=1e-5)
    assert "difference" in stand.texts()


def test_a_curve_in_a_tile_keeps_its_form() -> None:
    """Samples scaled one by one would all look alike."""
    run = signal()
    stand = Stand(Reconstructions, run, size=(600, 300))
    lines = [segment for c in stand.moving(LineCollection) for segment in c.get_segments()]
    drawn = -next(line for line in lines if len(line) == 200)[:, 1]
    assert np.corrcoef(drawn, run.begun.probes.x[0])[0, 1] == pytest.approx(1, abs=1e-6)


def test_channels_lie_beside_each_other_and_are_not_joined() -> None:
    stand = Stand(Input, signal(channels=2), FIRST, size=(500, 600))
    (line,) = (each for each in stand.axes[0].lines if each.get_color() == fake_style().text)
    assert np.flatnonzero(np.isnan(np.asarray(line.get_ydata()))).tolist() == [100]
    assert "channel 2, sample 1" in Features(signal(channels=2).begun).names
    assert "channel 2" in [label.get_text() for label in stand.axes[1].get_xticklabels()]


def test_a_tile_of_curves_can_be_picked_and_tells_what_it_is() -> None:
    stand = Stand(Reconstructions, many_numbers_and_a_colour(), size=(600, 300))
    tiles = next(axes for axes in stand.figure.axes[1:] if axes.get_visible())
    at = pixels_at(tiles, (1.6, 0.4))
    assert stand.click(at).example == fake_ref(1)
    name, *lines = stand.panel.hover_text(*at, stand.context).splitlines()
    assert name.startswith("Input 2")
    assert len(lines) == 6


def test_two_numbers_are_points_in_the_plane_joined_with_their_reconstructions() -> None:
    run = plane()
    stand = Stand(Reconstructions, run, size=(420, 300))
    (dots,) = stand.moving(PathCollection)
    x = run.begun.probes.x
    np.testing.assert_allclose(dots.get_offsets(), x, atol=1e-6)
    links = stand.moving(LineCollection)[0].get_segments()
    np.testing.assert_allclose([link[1] for link in links], x + 0.5, atol=1e-6)
    (axes,) = stand.axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "y")
    assert stand.click(pixels_at(axes, tuple(x[5]))).example == fake_ref(5)


def test_what_the_model_sees_as_logarithm_has_a_logarithmic_axis_in_its_own_unit() -> None:
    run = amounts()
    features = Features(run.begun)
    np.testing.assert_allclose(features.fraction(run.begun.probes.x)[:, 0], [0, 0.25, 0.5, 1])
    assert features.value(0, 99_999.0) == "99,999"
    texts = Stand(Reconstructions, run, size=(420, 300)).axes[0].get_xlabel()
    assert texts == "log(1 + EUR)"


def test_colour_pictures_are_shown_in_colour() -> None:
    red = np.zeros((12, 32, 32, 3), np.uint8)
    red[..., 0] = 255
    run = fake_run(x=red, labels=np.arange(12) % 2, classes=2, inspect=None)
    assert run.snapshot is not None
    run.add(replace(run.snapshot, reconstruction=red[:, :, :, ::-1].astype(np.float32)))
    image = np.asarray(
        Stand(Reconstructions, run, size=(900, 300)).moving(AxesImage)[0].get_array()
    )
    rows = image.shape[0] // 3
    assert image[5, 5].tolist() == [255, 0, 0]
    assert image[5 + rows, 5].tolist() == [0, 0, 255]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("size", [(240, 200), (900, 500)])
def test_what_is_missing_is_said_to_be_and_breaks_nothing(
    kind: object, panel: type[Panel], size: tuple[int, int]
) -> None:
    assert callable(kind)
    whole: Run = kind()
    x = whole.begun.probes.x.copy()
    x[0, 0] = np.nan
    x[:, -1] = np.nan
    data = whole.begun.data
    facts = {name: getattr(data, name) for name in ("feature_names", "one_hot", "channels")}
    run = table(x, np.nan_to_num(x), scaling=data.scaling, **facts)
    stand = Stand(panel, run, FIRST, size=size)
    assert stand.texts()
    assert stand.describe()
    if panel is Input:
        told = Features(run.begun).text(x[0], np.nan_to_num(x)[0], most=99)
        assert "missing" in told
        assert "nan" not in stand.describe() + told


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(240, 200), (420, 300), (900, 500)])
def test_every_kind_fits_every_size(kind: object, size: tuple[int, int]) -> None:
    assert callable(kind)
    for panel in (Input, Reconstructions):
        stand = Stand(panel, kind(), FIRST, size=size)
        for axes in stand.axes:
            box = axes.bbox
            assert box.x0 >= 0
            assert box.x1 <= size[0]
            assert box.y0 >= 0
            assert box.y1 <= size[1] + 1
        assert "nan" not in " ".join(stand.texts())
        assert stand.panel.describe(context(stand.run, FIRST))
