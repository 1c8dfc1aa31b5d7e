from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from tests.fakes import fake_explained, fake_run
from tests.panels.stand import Stand, context
from vaegui.panels.explain.mu.read_outs import ReadOuts
from vaegui.panels.focus import Focus
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained
from vaegui.runs.run import Run


def explained_run(widths: tuple[int, ...] = (64, 16), units: int = 3) -> Run:
    run = fake_run(shape=(28, 28), units=units, probes=30)
    run.add_result(fake_explained(run.begun, 2, widths=widths))
    return run


def content(run: Run) -> Explained:
    answer = run.latest(Explain)
    assert answer is not None
    return answer.value


@pytest.mark.parametrize("read_out", ["mean", "log_var"])
def test_sum_and_bias_are_the_models_output_digit_for_digit(read_out: str) -> None:
    run = explained_run()
    focus = Focus(unit=2, beside=0, read_out=read_out)  # type: ignore[arg-type]
    table = ReadOuts().table(context(run, focus))
    assert table is not None
    bias, model = table.footer[:2]
    values = [f"{getattr(content(run).passed, read_out)[u]:.4f}".replace("-", "−") for u in (2, 0)]
    assert [bias[4], bias[7]] == values
    assert [model[4], model[7]] == values


def test_a_log_variance_goes_on_to_the_standard_deviation() -> None:
    run = explained_run()
    stand = Stand(ReadOuts, run, Focus(read_out="log_var"), size=(1000, 400))
    table = stand.panel.table(stand.context)
    assert table is not None
    for unit, number in enumerate("₁₂"):
        sigma = f"{np.exp(content(run).passed.log_var[unit] / 2):.4f}"
        assert f"σ{number} = exp(log σ{number}² / 2) = {sigma}" in stand.texts()
        assert sigma in table.footer[-1]
        assert f"= {sigma}" in stand.panel.describe(stand.context)


@pytest.mark.parametrize("width", range(300, 1000, 50))
def test_sigma_stands_beside_both_log_variances_or_beside_none(width: int) -> None:
    run = explained_run(widths=(4,))
    stand = Stand(ReadOuts, run, Focus(read_out="log_var"), size=(width, 300))
    assert len([text for text in stand.texts() if text.startswith("σ")]) != 1


def test_an_activation_that_is_held_is_named() -> None:
    run = fake_run(shape=(28, 28), units=2, probes=30)
    run.add_result(fake_explained(run.begun, 2, held=((1, 0.5),)))
    focus = Focus(held=((1, 0.5),))
    was = f"{content(run).passed.a[1]:.4f}"
    said = ReadOuts().describe(context(run, focus))
    assert said.endswith(f"Held: a₂ at 0.5000 instead of {was}.")
    assert "Held" not in ReadOuts().describe(context(explained_run()))


def test_the_running_sum_follows_the_order_of_the_rows() -> None:
    run = explained_run()
    table = ReadOuts().table(context(run))
    assert table is not None
    order = np.arange(16)[::-1]
    products, running = (table.columns[i].shown(order) for i in (3, 4))
    np.testing.assert_allclose(np.cumsum(products), running)


def test_another_input_changes_activations_and_no_weight() -> None:
    run, panel = explained_run(), ReadOuts()
    panel.table(context(run))
    run.add_result(fake_explained(run.begun, 7, widths=(64, 16)))
    table = panel.table(context(run))
    assert table is not None
    a, weight = table.columns[1].changed, table.columns[2].changed
    assert a is not None
    assert weight is not None
    assert a.any()
    assert not weight.any()
    assert "Another input (3 → 8)" in panel.describe(context(run))
    assert "0 of 102 weights and biases" in panel.describe(context(run))


def test_a_training_step_changes_weights() -> None:
    run, panel = explained_run(), ReadOuts()
    panel.table(context(run))
    run.add_result(fake_explained(run.begun, 2, widths=(64, 16), step=501))
    table = panel.table(context(run))
    assert table is not None
    changed = table.columns[2].changed
    assert changed is not None
    assert changed.all()
    assert "step 500 → 501" in panel.describe(context(run))


def test_the_steps_of_a_wide_layer_end_at_the_result() -> None:
    run = explained_run(widths=(64, 256))
    stand = Stand(ReadOuts, run, size=(760, 300))
    for bars, unit in zip(stand.moving(PolyCollection), (0, 1), strict=True):
        *_, bias, total = [path.vertices[1, 1] for path in bars.get_paths()]
        assert total == pytest.approx(content(run).passed.mean[unit], rel=1e-5)
        assert bias == pytest.approx(total)


def test_a_model_with_one_unit_has_one_sum() -> None:
    run = explained_run(units=1)
    table = ReadOuts().table(context(run))
    assert table is not None
    assert len(table.columns) == 5
    assert len(Stand(ReadOuts, run).axes) == 1
