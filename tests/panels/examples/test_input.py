from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.image import AxesImage
from matplotlib.text import Text

from tests.fakes import fake_inspected, fake_ref, fake_run
from tests.panels.stand import Stand, context, seen
from vaegui.analysis.posterior import kl_by_unit, standard_deviation
from vaegui.panels.examples.input import Input
from vaegui.panels.focus import Focus

ROW = re.compile(r" *\d+( *−?\d+\.\d+){3}")


def _rows(stand: Stand) -> list[list[float]]:
    """The table's figures."""
    lines = [text.get_text() for text in seen(stand.moving(Text))]
    rows = [line.replace("−", "-").split() for line in lines if ROW.fullmatch(line)]
    return [[float(figure) for figure in row] for row in rows]


def test_table_has_the_posterior_of_the_picked_probe() -> None:
    run = fake_run(inspect=5)
    stand = Stand(Input, run, Focus(example=fake_ref(5)))
    mean, log_var = run.snapshot.mean[5], run.snapshot.log_var[5]
    sd, kl = standard_deviation(log_var), kl_by_unit(mean, log_var)
    for unit, row in enumerate(_rows(stand)):
        assert row[0] == unit + 1
        assert row[1] == pytest.approx(mean[unit], abs=0.0051)
        assert row[2] == pytest.approx(sd[unit], abs=0.00051)
        assert row[3] == pytest.approx(kl[unit], abs=0.0051)


def test_figures_of_a_model_far_from_the_prior_keep_to_their_columns() -> None:
    run = fake_run(inspect=5)
    run.snapshot.mean[5] = [-12345.678, 7.0]
    run.snapshot.log_var[5] = [14.0, 8.0]
    stand = Stand(Input, run, Focus(example=fake_ref(5)))
    lines = [text.get_text() for text in seen(stand.moving(Text))]
    rows = [line.split() for line in lines if re.match(r" *[12] +\S*\d", line)]
    assert [len(row) for row in rows] == [4, 4]
    assert rows[0][:3] == ["1", "−12346", "331.86"]
    assert rows[0][3] == "8e+07"


def test_many_units_show_those_with_the_most_kl_and_sum_up_the_rest() -> None:
    run = fake_run(units=20, inspect=5)
    stand = Stand(Input, run, Focus(example=fake_ref(5)), size=(420, 300))
    shown = [int(row[0]) - 1 for row in _rows(stand)]
    kl = kl_by_unit(run.snapshot.mean[5], run.snapshot.log_var[5])
    rest = np.setdiff1d(np.arange(20), shown)
    assert 2 <= len(shown) < 20
    assert kl[shown].min() >= kl[rest].max()
    assert f"and {len(rest)} more, KL {kl[rest].sum():.2f} nats" in stand.texts()


def test_each_bell_peaks_at_its_mean_and_is_as_wide_as_its_sd() -> None:
    run = fake_run(inspect=5)
    stand = Stand(Input, run, Focus(example=fake_ref(5)))
    bells = stand.moving(PolyCollection)[-1].get_paths()
    sd = standard_deviation(run.snapshot.log_var[5])
    for unit, path in enumerate(bells):
        x, y = path.vertices[:81].T
        assert x[np.argmin(y)] == pytest.approx(run.snapshot.mean[5, unit], abs=1e-5)
        half = x[y < y.max() - 0.84 * np.exp(-0.5)]
        assert np.ptp(half) / 2 == pytest.approx(sd[unit], rel=0.11)


def test_sixteen_draws_are_shown_with_a_caption() -> None:
    stand = Stand(Input, fake_run(inspect=5), Focus(example=fake_ref(5)))
    assert "16 draws from its posterior, decoded" in stand.texts()
    assert len(stand.moving(AxesImage)) == 2


def test_an_answer_about_another_probe_is_not_shown() -> None:
    run = fake_run(inspect=5)
    stand = Stand(Input, run, Focus(example=fake_ref(40)))
    assert not any("draws" in text for text in stand.texts())
    assert len(stand.moving(AxesImage)) == 1
    assert "Input 41, class 0" in stand.texts()
    assert _rows(stand)[0][1] == pytest.approx(run.snapshot.mean[40, 0], abs=0.0051)
    run.add_result(fake_inspected(run.begun, run.snapshot, 40))
    assert stand.draw() is False
    assert any("draws" in text for text in stand.texts())


def test_picking_another_probe_inside_the_limits_changes_nothing_static() -> None:
    run = fake_run(inspect=5)
    mean = np.clip(run.snapshot.mean, -1, 1)
    log_var = np.full_like(run.snapshot.log_var, -2.0)
    run.add(replace(run.snapshot, mean=mean, log_var=log_var))
    stand = Stand(Input, run, Focus(example=fake_ref(20)))
    stand.focus = stand.focus.replace(example=fake_ref(31))
    assert stand.draw() is False


def test_a_mean_far_out_moves_the_limits() -> None:
    run = fake_run(inspect=None)
    stand = Stand(Input, run)
    mean = run.snapshot.mean.copy()
    mean[0] = 30.0
    run.add(replace(run.snapshot, mean=mean))
    assert stand.draw() is True
    assert stand.axes[-1].get_xlim()[1] > 30


@pytest.mark.parametrize("units", [1, 2, 20])
@pytest.mark.parametrize("shape", [(6,), (28, 28), (8, 8, 3)])
@pytest.mark.parametrize("size", [(300, 220), (320, 600), (900, 700)])
def test_everything_stays_within_the_figure(
    units: int, shape: tuple[int, ...], size: tuple[int, int]
) -> None:
    stand = Stand(Input, fake_run(units=units, shape=shape, inspect=0), size=size)
    renderer = stand.canvas.get_renderer()
    for artist in stand.panel.artists():
        if artist.get_visible():
            box = artist.get_window_extent(renderer)
            if np.all(np.isfinite(box.get_points())) and box.width:
                assert box.x1 <= size[0] + 1, artist
                assert box.y0 >= -1, artist


def test_data_without_labels_name_no_class() -> None:
    stand = Stand(Input, fake_run(classes=None))
    assert "Input 1" in stand.texts()


def test_description_gives_the_numbers_of_the_picked_probe() -> None:
    run = fake_run(inspect=5)
    text = Stand(Input, run).panel.describe(context(run, Focus(example=fake_ref(5))))
    assert text.startswith("Input 6, class 5: unit")
    assert f"mean {run.snapshot.mean[5, 0]:.2f}" in text


@pytest.mark.parametrize("size", [(190, 118), (200, 330), (300, 160), (420, 300)])
@pytest.mark.parametrize("data", [{"shape": (6,), "classes": 3}, {"shape": (28, 28), "units": 16}])
def test_at_the_smallest_sizes_no_text_lies_on_another(
    data: dict[str, Any], size: tuple[int, int]
) -> None:
    stand = Stand(Input, fake_run(probes=30, **data), Focus(), size)
    sheet = stand.sheet
    texts = [t for t in sheet.texts if t.get_visible() and t.get_text()]
    assert len(texts) > 1
    boxes = [text.get_window_extent() for text in texts]
    for i, (text, box) in enumerate(zip(texts, boxes, strict=True)):
        assert box.x0 >= 0, text
        assert box.x1 <= size[0] + 1, text
        assert box.y0 >= -1, text
        for other, beside in zip(texts[:i], boxes[:i], strict=True):
            across = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            up = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            assert across <= 2 or up <= 3, (text, other)
