from __future__ import annotations

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text

from tests.fakes import fake_explained, fake_prepared, fake_run
from tests.panels.stand import Stand, context, seen
from vaegui.panels.explain.all import EXPLANATIONS
from vaegui.panels.explain.mu.equal_rows import EqualRowsPanel
from vaegui.panels.explain.mu.mean_of_a import MeanOfA
from vaegui.panels.explain.shared.base import PARTS
from vaegui.panels.panel import HasHoverText
from vaegui.queries.base import Result
from vaegui.queries.equal_rows import EqualRows, EqualRowsFound
from vaegui.queries.explain import Explain
from vaegui.runs.run import Run


def rows_found(run: Run, *, same: bool = False, steps: int = 100) -> Result[EqualRowsFound]:
    assert run.snapshot is not None
    original = run.snapshot.mean
    before = original.copy()
    before[:, 1] = before[:, 0]
    at = np.arange(0, steps + 1, 10)
    apart = np.zeros(len(at)) if same else at / 50
    pull = np.ones((len(at), 2))
    gradient = np.zeros(len(at)) if same else 1 + apart
    floats = [np.asarray(v, np.float32) for v in (apart, pull, gradient, original, before)]
    query = EqualRows(steps)
    finding = EqualRowsFound(query, at, *floats, before if same else original)
    return Result(query, 500, finding, steps, steps)


def test_every_explanation_has_its_own_name_and_a_question_in_one_of_the_parts() -> None:
    assert len({kind.name for kind in EXPLANATIONS}) == len(EXPLANATIONS)
    parts = [kind.part for kind in EXPLANATIONS]
    assert parts == sorted(parts, key=list(PARTS).index)
    for kind in EXPLANATIONS:
        assert kind.question
        assert isinstance(kind(), HasHoverText)


@pytest.mark.parametrize("kind", EXPLANATIONS)
def test_before_there_is_a_run_each_says_what_will_appear(kind: type) -> None:
    stand = Stand(kind, Run(fake_prepared()))
    assert " ".join(" ".join(stand.texts()).split()) == " ".join(kind.empty.split())
    assert kind().describe(stand.context)


def test_the_plain_mean_of_a_stands_beside_each_mean() -> None:
    run = fake_run(shape=(6,), classes=3, probes=20)
    run.add_result(fake_explained(run.begun, 1))
    stand = Stand(MeanOfA, run, size=(760, 420))
    answer = run.latest(Explain)
    assert answer is not None
    passed = answer.value.passed
    texts = stand.texts()
    assert f"mean of a = {passed.a.mean():.4f}" in texts
    for i, mean in enumerate(passed.mean):
        assert f"μ{'₁₂'[i]} = {mean:.4f}".replace("-", "−") in texts


def test_labels_of_means_that_are_close_do_not_overlap() -> None:
    run = fake_run(shape=(28, 28), units=16, probes=20)
    run.add_result(fake_explained(run.begun, 1, widths=(16,)))
    stand = Stand(MeanOfA, run, size=(690, 330))
    labels = [t for t in seen(stand.moving(Text)) if " = " in t.get_text()]
    boxes = [t.get_window_extent() for t in labels]
    assert len(boxes) == 9
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])


def test_equal_rows_lie_on_the_diagonal_first() -> None:
    run = fake_run(shape=(6,), classes=3, probes=20)
    run.add_result(rows_found(run))
    stand = Stand(EqualRowsPanel, run, size=(760, 420))
    x, y = stand.moving(Line2D)[1].get_data()
    np.testing.assert_array_equal(x, y)
    told = stand.panel.describe(context(run))
    assert "μ₁ = μ₂ exactly for all 20 inputs" in told
    assert "the rows are 2 apart" in told


def test_rows_that_nothing_parts_are_said_to_be_still_the_same() -> None:
    run = fake_run(shape=(6,), classes=3, probes=20)
    run.add_result(rows_found(run, same=True))
    told = EqualRowsPanel().describe(context(run))
    assert "nothing parts them" in told
    assert "After 100 steps the rows are still the same." in told


def test_a_single_unit_has_no_second_row() -> None:
    run = fake_run(shape=(6,), units=1, classes=3, probes=20)
    assert "no second row" in EqualRowsPanel().describe(context(run))
    stand = Stand(EqualRowsPanel, run, size=(760, 420))
    assert any("no second row" in text.replace("\n", " ") for text in stand.texts())
