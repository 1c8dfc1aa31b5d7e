from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection

from tests.fakes import fake_decoded, fake_inspected, fake_ref, fake_run, fake_style
from tests.panels.stand import Stand, context
from vaegui.panels.drawing.features import Features
from vaegui.panels.examples.input import Input
from vaegui.panels.examples.reconstructions import Reconstructions
from vaegui.panels.focus import Focus
from vaegui.panels.latent.latent import Latent
from vaegui.runs.run import Run

NAMES = ("alcohol", "hue", "proline")
X = np.array([[13.2, 1.04, 1065.0], [12.4, 1.05, 520.0], [13.1, 0.7, 630.0]], np.float32)
DECODED = np.array([[13.0, 1.0, 1000.0], [12.5, 1.1, 500.0], [13.1, 0.8, 700.0]], np.float32)


@pytest.fixture
def run() -> Run:
    """Three wines of three features, one with a unit, and what was made of them."""
    made = fake_run(x=np.tile(X, (4, 1)), labels=np.arange(12) % 3, classes=3, inspect=None)
    data = replace(
        made.begun.data,
        shape=(3,),
        dtype="float32",
        feature_names=NAMES,
        feature_units=("%", "", ""),
        feature_sds=(0.8, 0.2, 300.0),
    )
    made.begun = replace(made.begun, data=data)
    assert made.snapshot is not None
    made.add(replace(made.snapshot, reconstruction=np.tile(DECODED, (4, 1))))
    return made


def test_values_have_their_unit_and_the_figures_that_their_spread_asks_for(run: Run) -> None:
    features = Features(run.begun)
    assert [features.value(i, float(v)) for i, v in enumerate(X[0])] == ["13.20 %", "1.04", "1,065"]
    assert features.number(1, -0.04, signed=True) == "−0.04"
    assert features.variables[0].title == "alcohol (%)"


def test_features_without_names_are_numbered_from_one(run: Run) -> None:
    begun = replace(run.begun, data=replace(run.begun.data, feature_names=None))
    assert Features(begun).names == ("x₁", "x₂", "x₃")


def test_a_feature_that_never_varies_can_be_shown(run: Run) -> None:
    x = run.begun.probes.x.copy()
    x[:, 1] = 1.0
    data = replace(run.begun.data, feature_sds=None)
    run.begun = replace(run.begun, probes=replace(run.begun.probes, x=x), data=data)
    features = Features(run.begun)
    assert np.isfinite(features.fraction(x)).all()
    assert np.isfinite(features.in_sds(x, x + 1)).all()
    for panel in (Input, Reconstructions):
        assert Stand(panel, run).texts()


def test_input_shows_value_reconstruction_and_difference_in_sd(run: Run) -> None:
    texts = Stand(Input, run, Focus(example=fake_ref(0)), size=(340, 500)).texts()
    for text in ("alcohol (%)", "13.20", "13.00", "1,065", "1,000", "−0.25", "−0.22"):
        assert text in texts, texts


def test_a_wide_input_shows_the_difference_in_the_own_unit_too(run: Run) -> None:
    texts = Stand(Input, run, Focus(example=fake_ref(0)), size=(900, 800)).texts()
    assert "−65" in texts
    assert "−0.20" in texts


def lines_of(stand: Stand) -> list[LineCollection]:
    """Tracks, bars and marks of the features of one input."""
    return [lines for lines in stand.sheet.collections if isinstance(lines, LineCollection)]


def test_bars_end_where_the_value_lies_between_smallest_and_largest(run: Run) -> None:
    tracks, bars, _ = lines_of(Stand(Input, run, Focus(example=fake_ref(0)), size=(340, 500)))
    features = Features(run.begun)
    (left, right), ends = tracks.get_segments()[0][:, 0], [s[1, 0] for s in bars.get_segments()]
    np.testing.assert_allclose(ends, left + features.fraction(X[0]) * (right - left))
    assert features.fraction(X[0])[0] == 1  # the strongest of the wines


def test_an_input_without_reconstruction_is_shown_alone(run: Run) -> None:
    assert run.snapshot is not None
    run.add(replace(run.snapshot, reconstruction=DECODED[:1]))
    _, bars, marks = lines_of(Stand(Input, run, Focus(example=fake_ref(5)), size=(340, 500)))
    assert bars.get_segments()
    assert marks.get_alpha() == 0


def dots_of(stand: Stand) -> np.ndarray:
    """Where the inputs' values are, (3, 12, 2)."""
    (dots,) = (each for each in stand.moving(PathCollection) if len(each.get_offsets()) == 36)
    return np.asarray(dots.get_offsets()).reshape(3, 12, 2)


def test_strips_put_inputs_and_reconstructions_where_their_values_are(run: Run) -> None:
    stand = Stand(Reconstructions, run, size=(600, 400))
    dots = dots_of(stand)
    lines = stand.moving(LineCollection)[-1]
    dashes = np.array([s[:, 1].mean() for s in lines.get_segments()]).reshape(3, 12)
    for i in range(3):
        # Down in points, up in value: order and proportions are those of the values.
        along = np.corrcoef(-dots[i, :, 1], np.tile(X[:, i], 4))[0, 1]
        assert along == pytest.approx(1, abs=1e-6)
        lower = DECODED[:, i] < X[:, i]
        np.testing.assert_array_equal(np.tile(lower, 4), dashes[i] > dots[i, :, 1] + 1e-9)


def test_a_click_on_a_column_picks_its_probe(run: Run) -> None:
    stand = Stand(Reconstructions, run, size=(600, 400))
    centres = dots_of(stand)[0, :, 0]
    for probe in (0, 7, 11):
        at = centres[probe] * 100 / 72, 200
        assert stand.click(at).example == fake_ref(probe)
    assert stand.click((10, 200)).example == fake_ref(11)


def test_the_decoded_cursor_is_a_list_of_values_or_bars_where_there_is_no_room(run: Run) -> None:
    answer = fake_decoded(run.begun, (0.5, 0.2))
    run.add_result(replace(answer, value=replace(answer.value, reconstruction=DECODED[0])))
    chosen = Focus(cursor=(0.5, 0.2))
    wide = Stand(Latent, run, chosen, size=(700, 500)).texts()
    assert "13.00 %" in wide
    assert "proline" in wide
    assert "proline" not in Stand(Latent, run, chosen, size=(220, 200)).texts()


def input_of(stand: Stand) -> np.ndarray:
    """The line of the input over its features."""
    (line,) = (each for each in stand.axes[0].lines if each.get_color() == fake_style().text)
    return np.asarray(line.get_ydata())


@pytest.mark.parametrize("count", [13, 30, 200])
@pytest.mark.parametrize("size", [(240, 200), (340, 640), (900, 600)])
def test_many_features_are_lines_within_the_figure(count: int, size: tuple[int, int]) -> None:
    run = fake_run(shape=(count,), classes=3, inspect=0)
    stand = Stand(Input, run, size=size)
    shown, *_ = stand.axes
    np.testing.assert_allclose(input_of(stand), run.begun.probes.x[0], rtol=1e-6)
    assert 16 in [len(lines.get_segments()) for lines in shown.collections]
    for axes in stand.axes[:2]:
        assert axes.bbox.x0 >= 0
        assert axes.bbox.x1 <= size[0]
        assert axes.bbox.y0 >= 0


def test_features_of_unlike_spread_share_an_axis_in_standard_deviations() -> None:
    run = fake_run(shape=(20,), classes=3, inspect=None)
    x = run.begun.probes.x * np.logspace(0, 4, 20, dtype=np.float32)
    run.begun = replace(run.begun, probes=replace(run.begun.probes, x=x))
    stand = Stand(Input, run, size=(500, 640))
    expected = (x[0] - x.mean(axis=0)) / x.std(axis=0)
    np.testing.assert_allclose(input_of(stand), expected, atol=1e-3)
    assert any("sd from the mean" in text for text in stand.texts())


def test_descriptions_tell_values_in_their_own_units(run: Run) -> None:
    text = Stand(Input, run).panel.describe(context(run, Focus(example=fake_ref(0))))
    assert "alcohol 13.20 %, reconstructed as 13.00 % (−0.2 sd)" in text
    text = Stand(Reconstructions, run).panel.describe(context(run))
    off = np.abs((DECODED - X) / [0.8, 0.2, 300.0])
    assert f"{off.mean():.2f} standard deviations" in text
    assert f"{off.mean(axis=0).max():.2f}, in {NAMES[off.mean(axis=0).argmax()]}" in text


def test_of_many_features_those_farthest_off_are_told() -> None:
    run = fake_run(shape=(40,), classes=3, inspect=0)
    answer = fake_inspected(run.begun, run.snapshot, 0)
    x = run.begun.probes.x[0]
    off = np.where(np.arange(40) == 17, x + 9, x).astype(np.float32)
    run.add_result(replace(answer, value=replace(answer.value, reconstruction=off)))
    text = Stand(Input, run).panel.describe(context(run, Focus(example=fake_ref(0))))
    assert "feature 18 " in text
    assert text.count("reconstructed as") == 12
