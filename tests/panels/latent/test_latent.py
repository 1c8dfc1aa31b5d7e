from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import EllipseCollection

from tests.fakes import fake_decoded, fake_epoch, fake_ref, fake_run, fake_snapshot
from tests.panels.stand import Stand, data_at, pixels_at
from vaegui.analysis.posterior import standard_deviation
from vaegui.panels.focus import Focus
from vaegui.panels.latent.latent import Latent
from vaegui.panels.latent.options import LatentOptions, LatentView
from vaegui.runs.run import Run
from vaegui.training.record.events import Finished


def _axes(stand: Stand):
    return stand.axes[0]


def _ellipses(stand: Stand):
    return next(a for a in stand.panel.artists() if isinstance(a, EllipseCollection))


def _alone(stand: Stand) -> int:
    """A probe whose mean is far from the others'."""
    centres = _axes(stand).transData.transform(stand.run.snapshot.mean[:, :2])
    away = np.linalg.norm(centres[:, None] - centres, axis=2)
    np.fill_diagonal(away, np.inf)
    return int(away.min(axis=1).argmax())


def _empty_spot(stand: Stand) -> tuple[float, float]:
    box = _axes(stand).bbox
    spots = [(box.x0 + 6, box.y0 + 6), (box.x1 - 6, box.y1 - 6), (box.x0 + 6, box.y1 - 6)]
    return next(spot for spot in spots if not stand.panel.hover_text(*spot, stand.context))


@pytest.mark.parametrize("sigmas", [1, 2])
def test_ellipses_reach_as_many_standard_deviations_as_asked(sigmas: int) -> None:
    run = fake_run()
    stand = Stand(Latent, run, options=LatentOptions(LatentView(sigmas=sigmas)))
    sd = standard_deviation(run.snapshot.log_var)
    ellipses = _ellipses(stand)
    np.testing.assert_allclose(ellipses.get_offsets(), run.snapshot.mean, rtol=1e-6)
    np.testing.assert_allclose(ellipses.get_widths(), 2 * sigmas * sd[:, 0], rtol=1e-6)
    np.testing.assert_allclose(ellipses.get_heights(), 2 * sigmas * sd[:, 1], rtol=1e-6)


def test_both_units_have_one_scale_at_any_size() -> None:
    for size in ((300, 220), (900, 300), (320, 700)):
        stand = Stand(Latent, fake_run(), size=size)
        axes = _axes(stand)
        across = np.ptp(axes.get_xlim()) / axes.bbox.width
        assert np.ptp(axes.get_ylim()) / axes.bbox.height == pytest.approx(across, rel=0.01)


def test_click_on_an_ellipse_picks_its_probe() -> None:
    stand = Stand(Latent, fake_run(probes=60))
    probe = _alone(stand)
    at = pixels_at(_axes(stand), tuple(stand.run.snapshot.mean[probe]))
    assert stand.click(at).example == fake_ref(probe)
    assert stand.focus.cursor is None
    assert probe != 0


def test_click_beside_all_ellipses_puts_the_cursor_there() -> None:
    stand = Stand(Latent, fake_run(probes=60))
    spot = _empty_spot(stand)
    assert stand.click(spot).cursor == pytest.approx(data_at(_axes(stand), spot))
    assert stand.context.example == fake_ref(0)


def test_drag_moves_the_cursor_and_picks_nothing() -> None:
    stand = Stand(Latent, fake_run(probes=60))
    start = pixels_at(_axes(stand), tuple(stand.run.snapshot.mean[_alone(stand)]))
    end = (start[0] + 20, start[1] + 10)
    assert stand.drag(start, end).cursor == pytest.approx(data_at(_axes(stand), end))
    assert stand.context.example == fake_ref(0)


def test_cursor_keeps_the_units_that_are_not_shown() -> None:
    run = fake_run(units=5)
    stand = Stand(Latent, run, Focus(pair=(1, 3), example=fake_ref(7)))
    stand.drag((150, 120), (180, 140))
    first = stand.focus.cursor
    for unit in (0, 2, 4):
        assert first[unit] == pytest.approx(float(run.snapshot.mean[7, unit]))
    across, up = data_at(_axes(stand), (180, 140))
    assert (first[1], first[3]) == pytest.approx((across, up))
    stand.focus = stand.focus.replace(pair=(0, 2))
    stand.draw()
    stand.drag((150, 120), (160, 160))
    assert [stand.focus.cursor[unit] for unit in (1, 3, 4)] == [first[1], first[3], first[4]]


def test_decoded_cursor_shows_its_picture_and_its_z() -> None:
    run = fake_run(cursor=(0.5, -1.25))
    stand = Stand(Latent, run)
    assert not any("0.50" in text for text in stand.texts())
    stand.focus = stand.focus.replace(cursor=(0.5, -1.25))
    assert stand.draw() is False
    assert "0.50, −1.25" in stand.texts()


def test_legend_toggles_a_class_and_shows_its_ellipses_no_more() -> None:
    stand = Stand(Latent, fake_run(probes=100))
    mark = stand.sheet.lines[3]
    at = tuple(mark.get_transform().transform(mark.get_xydata()[0]))
    stand.click(at)
    assert stand.options.hidden_classes == {3}
    assert len(_ellipses(stand).get_offsets()) == 90
    stand.click(at)
    assert stand.options.hidden_classes == frozenset()
    assert len(_ellipses(stand).get_offsets()) == 100


def test_double_click_on_a_class_shows_only_it_and_then_all() -> None:
    stand = Stand(Latent, fake_run(probes=100))
    mark = stand.sheet.lines[3]
    at = tuple(mark.get_transform().transform(mark.get_xydata()[0]))
    stand.double_click(at)
    assert stand.options.hidden_classes == frozenset(range(10)) - {3}
    stand.double_click(at)
    assert stand.options.hidden_classes == frozenset()


def test_a_toggled_class_changes_the_static_part() -> None:
    stand = Stand(Latent, fake_run())
    stand.options = replace(stand.options, hidden_classes=frozenset({1}))
    assert stand.draw() is True
    assert stand.draw() is False


def test_hidden_probes_cannot_be_picked() -> None:
    stand = Stand(Latent, fake_run(probes=60))
    probe = _alone(stand)
    label = int(stand.run.begun.probes.labels[probe])
    at = pixels_at(_axes(stand), tuple(stand.run.snapshot.mean[probe]))
    stand.options = replace(stand.options, hidden_classes=frozenset({label}))
    stand.draw()
    assert stand.click(at).example != fake_ref(probe)


def test_wheel_zooms_about_the_pointer() -> None:
    stand = Stand(Latent, fake_run())
    at = (150.0, 120.0)
    before = data_at(_axes(stand), at)
    for turns in (1, 1, -0.5):
        stand.point("wheel", at, turns=turns)
    assert stand.draw() is True
    assert data_at(_axes(stand), at) == pytest.approx(before, abs=1e-6)


@pytest.mark.parametrize("button", [2, 3])
def test_other_buttons_pan(button: int) -> None:
    stand = Stand(Latent, fake_run())
    start, end = (150.0, 120.0), (190.0, 100.0)
    grabbed = data_at(_axes(stand), start)
    stand.drag(start, end, button=button)
    assert data_at(_axes(stand), end) == pytest.approx(grabbed, abs=1e-6)
    assert stand.focus.cursor is None


def test_double_click_follows_the_data_again() -> None:
    stand = Stand(Latent, fake_run(), options=LatentOptions(limits=(0, 1, 0, 1), zoomed=(0, 1)))
    stand.double_click(_empty_spot(stand))
    assert stand.options.limits is None
    assert np.ptp(_axes(stand).get_xlim()) > 4


def test_a_snapshot_inside_the_limits_changes_nothing_static() -> None:
    run = fake_run(steps=500)
    stand = Stand(Latent, run)
    run.add(replace(run.snapshot, step=510, mean=run.snapshot.mean * 0.99))
    assert stand.draw() is False
    run.add(replace(run.snapshot, step=520, mean=run.snapshot.mean * 3))
    assert stand.draw() is True


def test_the_two_units_with_the_most_kl_are_shown_and_named() -> None:
    run = fake_run(units=20)
    mean = np.zeros_like(run.snapshot.mean)
    mean[:, 4], mean[:, 11] = 2.0, 1.0
    run.add(replace(run.snapshot, mean=mean, log_var=np.zeros_like(mean)))
    stand = Stand(Latent, run)
    assert "unit 5 (2.00 nats) ▾" in stand.texts()
    assert "unit 12 (0.50 nats) ▾" in stand.texts()


def test_click_on_an_axis_label_shows_the_next_unit_and_never_one_twice() -> None:
    stand = Stand(Latent, fake_run(units=4), Focus(pair=(0, 1)))
    below = (_axes(stand).bbox.x0 + 100, 8.0)
    assert stand.click(below).pair == (2, 1)
    assert stand.click(below).pair == (3, 1)
    assert stand.click(below).pair == (0, 1)
    assert stand.click(below, button=3).pair == (3, 1)
    assert stand.double_click(below).pair is None


def test_two_units_have_no_other_pair() -> None:
    stand = Stand(Latent, fake_run(units=2))
    before = stand.focus
    assert stand.click((_axes(stand).bbox.x0 + 100, 8.0)) is before


def test_one_unit_has_a_row_for_each_probe_and_a_cursor_of_one_number() -> None:
    run = fake_run(units=1, probes=40, classes=4)
    stand = Stand(Latent, run)
    offsets = np.asarray(_ellipses(stand).get_offsets())
    np.testing.assert_allclose(offsets[:, 0], run.snapshot.mean[:, 0], rtol=1e-6)
    assert sorted(offsets[:, 1]) == list(range(40))
    labels = run.begun.probes.labels
    assert np.all(np.diff(labels[np.argsort(offsets[:, 1])]) >= 0)
    stand.drag((150, 100), (200, 140))
    assert stand.focus.cursor == pytest.approx((data_at(_axes(stand), (200, 140))[0],))
    at = pixels_at(_axes(stand), tuple(offsets[17]))
    assert stand.click(at).example == fake_ref(17)


def test_data_without_labels_have_one_colour_and_no_legend() -> None:
    stand = Stand(Latent, fake_run(classes=None))
    assert len(np.unique(_ellipses(stand).get_edgecolor(), axis=0)) == 1
    assert not stand.sheet.lines


def test_a_cursor_of_another_model_is_passed_over() -> None:
    run = fake_run(units=2)
    stand = Stand(Latent, run, Focus(cursor=(1.0, 2.0, 3.0), example=fake_ref(10_000), pair=(7, 9)))
    run.add_result(fake_decoded(run.begun, (0.0, 0.0)))
    assert stand.draw() is False
    assert len(stand.drag((150, 100), (200, 140)).cursor) == 2


def test_another_run_starts_another_picture() -> None:
    stand = Stand(Latent, fake_run(units=2))
    stand.run = fake_run(units=1, classes=None, probes=30)
    assert stand.draw() is True
    assert len(_ellipses(stand).get_offsets()) == 30


def test_a_run_without_a_snapshot_shows_the_empty_text() -> None:
    run = fake_run()
    snapshot = run.snapshot
    run.snapshots.rewind(-1)
    stand = Stand(Latent, run)
    assert stand.panel.artists() == []
    run.add(snapshot)
    assert stand.draw() is True
    assert stand.panel.artists()


def test_drawing_anew_at_each_snapshot_is_rare() -> None:
    run = fake_run(steps=1)
    stand = Stand(Latent, run)
    changes = 0
    for step in range(2, 600, 4):
        run.add(fake_snapshot(run.begun, step))
        changes += stand.draw()
    assert changes <= 30


def test_description_names_units_and_the_picked_probe() -> None:
    run = fake_run()
    stand = Stand(Latent, run, Focus(example=fake_ref(4)))
    text = stand.panel.describe(stand.context)
    assert "500 inputs after step 500" in text
    assert "Input 5 is picked" in text
    assert f"mean {run.snapshot.mean[4, 0]:.2f}" in text


def with_kl(run: Run, *mean: float) -> None:
    """The next snapshot: every probe has these means, hence the units so much KL."""
    assert run.snapshot is not None
    ones = np.ones_like(run.snapshot.mean)
    run.add(replace(run.snapshot, mean=ones * np.float32(mean), log_var=0 * ones))


def axes_of(stand: Stand) -> list[str]:
    """Which units the axes say they show."""
    return [text.split(" (")[0] for text in stand.texts() if text.startswith("unit")]


def test_the_axes_keep_their_units_until_training_ends() -> None:
    run = fake_run(units=4, steps=300)
    with_kl(run, 0, 0, 1, 1)
    stand = Stand(Latent, run)
    for mean in ((2, 0, 1, 1), (3, 3, 1, 1), (0, 9, 0, 9)):
        with_kl(run, *mean)
        stand.draw()
        assert axes_of(stand) == ["unit 3", "unit 4"]
    run.add(Finished("complete", run.step))
    stand.draw()
    assert axes_of(stand) == ["unit 2", "unit 4"]


def test_the_axes_show_what_matters_once_the_first_epoch_has_told() -> None:
    run = fake_run(units=4, steps=20)
    with_kl(run, 1, 1, 0, 0)
    stand = Stand(Latent, run)
    with_kl(run, 0, 0, 1, 1)
    stand.draw()
    assert axes_of(stand) == ["unit 1", "unit 2"]
    run.add(fake_epoch(1, units=4))
    stand.draw()
    assert axes_of(stand) == ["unit 3", "unit 4"]


def test_the_user_can_ask_for_the_units_with_the_most_kl_of_now() -> None:
    run = fake_run(units=4, steps=300)
    with_kl(run, 0, 0, 1, 1)
    stand = Stand(Latent, run)
    with_kl(run, 1, 1, 0, 0)
    label = stand.figure.bbox.width / 2, 4
    stand.double_click(label)
    assert stand.focus.pair is None
    assert axes_of(stand) == ["unit 1", "unit 2"]


def test_another_model_has_its_own_leading_units() -> None:
    run = fake_run(units=4, steps=300)
    with_kl(run, 0, 0, 1, 1)
    stand = Stand(Latent, run)
    stand.run = fake_run(units=4, steps=300)
    with_kl(stand.run, 1, 1, 0, 0)
    stand.draw()
    assert axes_of(stand) == ["unit 1", "unit 2"]


def test_matplotlib_has_nothing_to_complain_of_when_a_hidden_map_is_resized(
    caplog: pytest.LogCaptureFixture,
) -> None:
    run = fake_run()
    stand = Stand(Latent, run)
    stand.run = Run(run.begun)
    stand.draw()
    stand.figure.set_size_inches(3, 6)
    stand.draw()
    stand.run = run
    stand.draw()
    assert caplog.records == []
