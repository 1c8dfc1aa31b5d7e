from __future__ import annotations

import numpy as np
import pytest
from matplotlib.text import Text

from tests.fakes import fake_epoch, fake_prepared, fake_run, fake_steps, fake_style
from tests.panels.stand import Stand, data_at, seen
from vaegui.panels.drawing.stage import SMALL
from vaegui.panels.drawing.text import text_width
from vaegui.panels.loss.loss import Loss
from vaegui.panels.loss.options import LossOptions, LossView
from vaegui.queries.base import Result
from vaegui.queries.pca_floor import PcaFloor, PcaFloorFound
from vaegui.runs.run import Run
from vaegui.training.record.events import Evidence, Resumed, Rewound
from vaegui.training.record.losses import StepsDone


def _axes(stand: Stand):
    return stand.axes[0]


def _curve(stand: Stand, colour: str, width: float = 1.5):
    (line,) = (
        line
        for line in _axes(stand).lines
        if line.get_color() == colour and line.get_linewidth() == width
    )
    return line


def _with_losses(total: list[float], kl: list[float]) -> Run:
    run = Run(fake_prepared())
    t, k = np.array(total, np.float32), np.array(kl, np.float32)
    run.add(StepsDone(1, 1, t, t - k, k, 1.0))
    return run


def test_each_point_of_a_curve_is_the_mean_of_the_steps_before_it() -> None:
    stand = Stand(Loss, fake_run(steps=90), options=LossOptions(LossView(smoothing=10)))
    assert stand.run is not None
    line = _curve(stand, fake_style().kl)
    x, y = line.get_data()
    assert x.tolist() == list(range(1, 91))
    assert y[59] == pytest.approx(stand.run.history.kl[50:60].mean(), rel=1e-5)


def test_a_million_steps_are_drawn_as_a_few_points_for_each_pixel_that_keep_the_extremes() -> None:
    run = fake_run(steps=1_000_000)
    stand = Stand(Loss, run, options=LossOptions(LossView(smoothing=1)))
    raw = _curve(stand, fake_style().total, 0.7).get_ydata()
    assert len(raw) <= 2 * _axes(stand).bbox.width
    assert raw.min() == run.history.total.min()
    assert raw.max() == run.history.total.max()


def test_legend_shows_the_current_numbers() -> None:
    run = _with_losses([200.0, 160.0], [4.0, 6.0])
    stand = Stand(Loss, run, options=LossOptions(LossView(smoothing=1)))
    assert {"160.00", "154.00", "6.00"} <= set(stand.texts())
    run.add(fake_epoch(1))
    stand.draw()
    validation = run.history.epochs[-1].validation
    assert validation is not None
    assert f"○ {validation.total:.2f}" in stand.texts()


def test_legend_has_room_for_the_numbers_of_a_run_that_went_wild() -> None:
    run = _with_losses([200.0, -8.75e22], [4.0, 6.0])
    stand = Stand(Loss, run, options=LossOptions(LossView(smoothing=1)))
    assert "\N{MINUS SIGN}8.75e+22" in stand.texts()


def test_moving_inside_the_limits_changes_nothing_static() -> None:
    run = fake_run(steps=505)
    stand = Stand(Loss, run)
    assert stand.first
    run.add(fake_steps(506, 20))
    assert stand.draw() is False


def test_leaving_the_limits_changes_them() -> None:
    run = fake_run(steps=205)
    stand = Stand(Loss, run)
    before = _axes(stand).get_xlim()
    run.add(fake_steps(206, 400))
    assert stand.draw() is True
    assert _axes(stand).get_xlim()[1] >= 605 > before[1]


def test_full_redraws_are_rare_while_it_trains() -> None:
    run = fake_run(steps=1)
    stand = Stand(Loss, run)
    changes = 0
    for step in range(2, 2_000, 9):
        run.add(fake_steps(step, 9))
        changes += stand.draw()
    assert changes <= 40


def test_wheel_zooms_about_the_pointer_on_both_scales() -> None:
    for scale in ("linear", "log"):
        stand = Stand(Loss, fake_run(), options=LossOptions(LossView(scale=scale)))
        at = (150.0, 120.0)
        before = data_at(_axes(stand), at)
        width = np.ptp(_axes(stand).get_xlim())
        for _ in range(3):  # more turns than paints
            stand.point("wheel", at, turns=1)
        assert stand.draw() is True
        assert data_at(_axes(stand), at) == pytest.approx(before, rel=1e-6)
        assert np.ptp(_axes(stand).get_xlim()) == pytest.approx(width * 0.85**3)
        assert stand.options.limits is not None


def test_drag_keeps_the_grabbed_point_under_the_pointer() -> None:
    stand = Stand(Loss, fake_run())
    start, end = (150.0, 120.0), (210.0, 150.0)
    grabbed = data_at(_axes(stand), start)
    stand.drag(start, end)
    assert data_at(_axes(stand), end) == pytest.approx(grabbed, rel=1e-6)


def test_double_click_follows_the_data_again() -> None:
    stand = Stand(Loss, fake_run())
    followed = _axes(stand).get_xlim()
    stand.point("wheel", (200.0, 150.0), turns=4)
    stand.draw()
    stand.double_click((200.0, 150.0))
    assert stand.options.limits is None
    assert _axes(stand).get_xlim() == followed


def test_last_steps_are_the_only_ones_drawn() -> None:
    run = fake_run(steps=1_000)
    stand = Stand(Loss, run, options=LossOptions(LossView(last=200)))
    x = _curve(stand, fake_style().total).get_xdata()
    assert x.min() > 800
    assert x.max() == 1_000
    assert _axes(stand).get_xlim()[0] >= 750


def test_a_loss_below_zero_is_shown_on_a_linear_axis_that_says_why() -> None:
    stand = Stand(Loss, _with_losses([5.0, -3.0, -40.0], [1.0, 1.0, 1.0]))
    assert _axes(stand).get_yscale() == "linear"
    assert any("linear: some ≤ 0" in text for text in stand.texts())


def test_kl_of_zero_leaves_the_log_axis_useful() -> None:
    run = _with_losses([500.0] * 50, [0.0] * 20 + [1e-9] * 30)
    stand = Stand(Loss, run, options=LossOptions(LossView(smoothing=1)))
    low, high = _axes(stand).get_ylim()
    assert _axes(stand).get_yscale() == "log"
    assert 0 < low < 500 < high


def test_values_that_are_not_finite_do_not_break_the_drawing() -> None:
    stand = Stand(Loss, _with_losses([500.0, float("nan"), float("inf"), 300.0], [1.0] * 4))
    assert np.all(np.isfinite(_axes(stand).get_ylim()))


def test_another_run_starts_another_picture() -> None:
    stand = Stand(Loss, fake_run(steps=2_000))
    stand.run = fake_run(steps=50)
    assert stand.draw() is True
    assert _curve(stand, fake_style().total).get_xdata().max() == 50


def test_description_gives_the_numbers_of_the_run() -> None:
    run = _with_losses([200.0, 160.0], [4.0, 6.0])
    stand = Stand(Loss, run, options=LossOptions(LossView(smoothing=1)))
    text = stand.panel.describe(stand.context)
    assert "After step 2, epoch 1 of 20: total 160.00 nats" in text


def _marked(*marks: tuple[int, str], steps: int = 500) -> Run:
    run = fake_run(steps=steps)
    run.history.marks.extend(marks)
    return run


def _mark_lines(stand: Stand):
    """What stands still among the lines."""
    still = set(_axes(stand).lines) - set(stand.panel.artists())
    (line,) = (line for line in still if line.get_visible())
    return line


def test_a_change_of_settings_is_a_line_at_its_step_with_what_changed() -> None:
    stand = Stand(Loss, _marked((200, "learning rate 0.0005"), (300, "beta 4")))
    assert {"learning rate 0.0005", "beta 4"} <= set(stand.texts())
    x, y = _mark_lines(stand).get_data()
    assert x.reshape(-1, 3)[:, 0].tolist() == [200, 300]
    assert y.reshape(-1, 3)[0, :2].tolist() == [0, 1]


def test_marks_stand_still_until_there_is_another() -> None:
    run = _marked((200, "beta 2"), steps=505)
    stand = Stand(Loss, run)
    run.add(fake_steps(506, 20))
    assert stand.draw() is False
    assert not set(stand.panel.artists()) & {_mark_lines(stand), *_axes(stand).texts}
    run.history.add_mark(510, "beta 3")
    assert stand.draw() is True
    assert "beta 3" in stand.texts()


def test_marks_close_together_do_not_cover_each_other() -> None:
    run = _marked(*((200 + i, f"learning rate {i / 1000}") for i in range(8)))
    stand = Stand(Loss, run)
    renderer = stand.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in seen(_axes(stand).texts)]
    assert 2 <= len(boxes) <= 3
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_a_mark_at_the_right_edge_stays_within_the_panel() -> None:
    stand = Stand(
        Loss, _marked((499, "learning rate 0.00025")), options=LossOptions(limits=(0, 500, 1, 900))
    )
    (text,) = seen(_axes(stand).texts)
    box = text.get_window_extent(stand.canvas.get_renderer())
    assert box.x1 <= _axes(stand).bbox.x1


def test_a_mark_that_was_rewound_is_gone() -> None:
    run = _marked((400, "beta 9"))
    stand = Stand(Loss, run)
    run.history.marks.clear()
    assert stand.draw() is True
    assert "beta 9" not in stand.texts()


def test_a_run_that_was_taken_back_shows_only_what_is_left() -> None:
    run = fake_run()
    stand = Stand(Loss, run)
    left = run.history.epochs[0]
    run.add(Rewound(left.step + 3))
    stand.draw()
    assert f"○ {left.validation.total:.2f}" in stand.texts()


def test_an_estimate_of_log_p_stays_below_the_numbers_with_its_error_draws_and_step() -> None:
    run = fake_run(steps=700)
    stand = Stand(Loss, run, size=(420, 200))
    before = stand.pixels()
    run.add(Evidence(step=600, samples=50, examples=54, log_p=-98.321, standard_error=0.412))
    assert stand.draw(), "the curves make room for it"
    assert (stand.pixels() != before).any()
    texts = shown(stand)
    assert "log p(x) ≥ −98.32 ± 0.41 nats" in texts
    made = next(text for text in texts if "draws" in text)
    assert made.startswith("50 draws, step 600")
    assert made.endswith("…")
    above = stand.figure.bbox.height - 45
    caveat = run.begun.settings.likelihood.caveat
    assert stand.panel.hover_text(100, above, stand.context).endswith(caveat)
    assert stand.panel.hover_text(100, 60, stand.context) == ""
    roomy = Stand(Loss, run, size=(420, 600))
    assert caveat.split()[0] in next(text for text in shown(roomy) if "draws each" in text)
    run.add(fake_steps(701, 100))
    stand.draw()
    assert "log p(x) ≥ −98.32 ± 0.41 nats" in shown(stand)
    assert "≥ −98.32 ± 0.41 nats, 50 draws" in stand.panel.describe(stand.context)


def shown(stand: Stand) -> list[str]:
    """All texts that can be seen."""
    return [
        text.get_text()
        for text in stand.figure.findobj(Text)
        if text.get_visible() and text.get_text()
    ]


@pytest.mark.parametrize("height", [120, 150, 180, 260, 420])
@pytest.mark.parametrize("lowest", [0.5, 4.0, 150.0])
def test_numbers_beside_the_axes_neither_touch_nor_leave_the_panel(
    height: int, lowest: float
) -> None:
    steps = 12_000
    total = np.geomspace(600.0, 2 * lowest, steps)
    stand = Stand(Loss, _with_losses(list(total), list(np.full(steps, lowest))), size=(220, height))
    renderer = stand.canvas.get_renderer()
    for axis in (_axes(stand).xaxis, _axes(stand).yaxis):
        low, high = sorted(axis.get_view_interval())
        boxes = [
            label.get_window_extent(renderer)
            for label, at in zip(axis.get_ticklabels(), axis.get_ticklocs(), strict=True)
            if low <= at <= high
        ]
        assert all(box.x0 >= 0 and box.x1 <= stand.figure.bbox.width for box in boxes)
        for i, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[:i])


def test_the_step_that_all_panels_show_has_a_line() -> None:
    stand = Stand(Loss, fake_run(steps=90), step=40)
    line = _curve(stand, fake_style().accent, 1.2)
    assert line.get_visible()
    assert list(line.get_xdata()) == [40, 40]
    stand.focus = stand.focus.replace(step=None)
    stand.draw()
    assert not line.get_visible()


def _gaussian_run(nats: float | None = 120.0) -> Run:
    run = _with_losses([200.0, 160.0], [4.0, 6.0])
    settings = run.begun.settings.with_values({"likelihood.kind": "gaussian"})
    run.add(Resumed(settings))
    query = PcaFloor(settings.latent_units, settings.likelihood)
    run.add_result(Result(query, 0, PcaFloorFound(query, nats, 400)))
    return run


def test_what_principal_components_leave_is_a_named_line_for_gaussian_likelihoods() -> None:
    stand = Stand(Loss, _gaussian_run())
    assert "PCA, 2 components" in stand.texts()
    low, high = _axes(stand).get_ylim()
    assert low < 120.0 < high
    assert "2 principal components leave a reconstruction term of 120.00" in stand.describe()
    x, y = _axes(stand).transData.transform((1.5, 120.0))
    assert "a VAE should come below" in stand.panel.hover_text(x, y, stand.context)
    assert stand.panel.queries(stand.context) == ()


def test_the_floor_is_asked_for_only_where_it_can_be_compared() -> None:
    bernoulli = Stand(Loss, _with_losses([200.0, 160.0], [4.0, 6.0]))
    assert bernoulli.panel.queries(bernoulli.context) == ()


def test_a_floor_below_the_end_of_a_log_axis_is_told_there() -> None:
    stand = Stand(Loss, _gaussian_run(-12.5))
    (told,) = [text for text in stand.texts() if text.startswith("PCA")]
    assert told == "PCA, 2 components: −12.50 nats ↓"


def test_a_narrow_panel_names_the_floor_in_fewer_words() -> None:
    stand = Stand(Loss, _gaussian_run(-12.5), size=(190, 150))
    (told,) = [text for text in stand.texts() if text.startswith("PCA")]
    assert text_width(told, SMALL) <= _axes(stand).bbox.width * 72 / stand.figure.dpi
    assert told == "PCA: −12.50 nats ↓"


def test_a_floor_that_cannot_be_found_is_not_drawn_and_not_asked_for_again() -> None:
    stand = Stand(Loss, _gaussian_run(None))
    assert "PCA, 2 components" not in stand.texts()
    assert stand.panel.queries(stand.context) == ()
