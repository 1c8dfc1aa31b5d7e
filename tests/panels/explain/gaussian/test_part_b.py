"""How one input can have a mean and a standard deviation: what the panels show and say."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.text import Text

from tests.fakes import fake_explained, fake_ref, fake_run
from tests.panels.stand import Stand, context, pixels_at, seen
from vaegui.analysis.explain import total_variance
from vaegui.panels.drawing.map.cloud import Cloud
from vaegui.panels.explain.all import EXPLANATIONS
from vaegui.panels.explain.gaussian.line import LinePanel
from vaegui.panels.explain.gaussian.loss_apart import LossApart
from vaegui.panels.explain.gaussian.many_times.panel import ManyTimesPanel
from vaegui.panels.explain.gaussian.population import PopulationPanel
from vaegui.panels.explain.gaussian.reparameterisation import Reparameterisation
from vaegui.panels.explain.gaussian.why_gaussian import WhyGaussian
from vaegui.panels.focus import Focus
from vaegui.queries.base import Result
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained
from vaegui.queries.line import Line, LineFound
from vaegui.queries.many_times import ManyTimesFound, RunManyTimes
from vaegui.queries.plain_autoencoder import PlainAutoencoder, PlainAutoencoderFound, Trained
from vaegui.queries.population import Population, PopulationFound
from vaegui.runs.run import Run

PART_B = [kind for kind in EXPLANATIONS if kind.part == "gaussian"]
DATA: dict[str, dict[str, Any]] = {
    "six features": {"shape": (6,), "classes": 3, "probes": 30},
    "many features": {"shape": (40,), "classes": None, "probes": 30},
    "pictures": {"shape": (28, 28), "probes": 60},
    "16 units": {"shape": (28, 28, 1), "probes": 60, "units": 16},
    "one unit": {"shape": (6,), "classes": 3, "probes": 30, "units": 1},
}
SMALL, LARGE = (533, 250), (1190, 620)


def whole_run(**data: Any) -> Run:
    """A run that knows everything that the panels of this part show."""
    run = fake_run(**data)
    run.add_result(fake_explained(run.begun, 2))
    run.add_result(times(run))
    run.add_result(everyone(run))
    run.add_result(lined(run))
    run.add_result(twins(run))
    return run


def times(run: Run, *, n: int = 500, shift: float = 0.0, probe: int = 2) -> Result[Any]:
    """Draws for one input, ``shift`` sigma beside where they should be."""
    assert run.snapshot is not None
    mean, log_var = run.snapshot.mean[probe], run.snapshot.log_var[probe]
    eps = np.random.default_rng(8).normal(size=(n, len(mean))) + shift
    z = (mean + np.exp(log_var / 2) * eps).astype(np.float32)
    x = run.begun.probes.x[probe].astype(np.float32)
    decoded = np.stack([x * (0.8 + 0.01 * i) for i in range(min(n, 20))])
    query = RunManyTimes(fake_ref(probe), n, 7)
    finding = ManyTimesFound(
        query,
        run.begun.probes.example(probe),
        mean,
        log_var,
        z,
        decoded,
        decoded.mean(axis=0),
        decoded.std(axis=0),
    )
    return Result(query, 500, finding, n, n)


def everyone(run: Run, done: int | None = None) -> Result[Any]:
    assert run.snapshot is not None
    total = len(run.snapshot.mean)
    done = total if done is None else done
    labels = run.begun.probes.labels
    finding = PopulationFound(
        Population(),
        run.snapshot.mean[:done],
        run.snapshot.log_var[:done],
        None if labels is None else labels[:done],
    )
    return Result(Population(), 500, finding, done, total)


def lined(run: Run, start: int = 2, end: int = 1) -> Result[Any]:
    assert run.snapshot is not None
    at = np.linspace(0, 1, 101).astype(np.float32)
    ends = [run.snapshot.mean[[start, end]], run.snapshot.log_var[[start, end]]]
    mean, log_var = (a + at[:, None] * (b - a) for a, b in ends)
    x = np.stack([run.begun.probes.x[start]] * 9).astype(np.float32)
    query = Line(fake_ref(start), fake_ref(end))
    return Result(query, 500, LineFound(query, at, mean, log_var, x, 0.9 * x))


def twins(run: Run, doing: str = "") -> Result[Any]:
    assert run.snapshot is not None
    mean, log_var = run.snapshot.mean, run.snapshot.log_var
    step = np.arange(0, 101, 10)
    z = np.random.default_rng(9).normal(size=(25, mean.shape[1])).astype(np.float32)
    samples = np.stack([run.begun.probes.x[i % len(mean)] for i in range(25)]).astype(np.float32)
    losses = (100 / (1 + step / 20)).astype(np.float32)
    vae = Trained(losses + 5, mean, log_var, samples)
    plain = Trained(losses, 4 * mean, log_var, samples)
    query = PlainAutoencoder(100)
    return Result(query, 500, PlainAutoencoderFound(query, step, vae, plain, z), 200, 200, doing)


def explained(run: Run) -> Explained:
    answer = run.latest(Explain)
    assert answer is not None
    return answer.value


@pytest.mark.parametrize("data", DATA.values(), ids=DATA.keys())
@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("kind", PART_B)
def test_no_text_lies_on_another_or_outside(
    kind: type, size: tuple[int, int], data: dict[str, Any]
) -> None:
    stand = Stand(kind, whole_run(**data), Focus(example=fake_ref(2)), size)
    texts = [text for text in seen(stand.moving(Text)) if text.axes is stand.sheet]
    assert texts
    boxes = [t.get_window_extent() for t in texts]
    for i, (text, box) in enumerate(zip(texts, boxes, strict=True)):
        assert box.x0 >= 0, text
        assert box.x1 <= size[0], text
        assert box.y0 >= -1, text
        assert box.y1 <= size[1], text
        for other, beside in zip(texts[:i], boxes[:i], strict=True):
            overlap = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            height = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            assert overlap <= 2 or height <= 2, (text, other)


@pytest.mark.parametrize("kind", PART_B)
def test_drawing_the_same_again_changes_nothing_static(kind: type) -> None:
    stand = Stand(kind, whole_run(**DATA["pictures"]), Focus(example=fake_ref(2)), SMALL)
    before = stand.pixels()
    assert not stand.draw()
    assert len(before) == SMALL[1]


@pytest.mark.parametrize("kind", PART_B)
def test_the_same_panel_shows_another_kind_of_data(kind: type) -> None:
    stand = Stand(kind, whole_run(**DATA["six features"]), Focus(example=fake_ref(2)), SMALL)
    stand.run = whole_run(**DATA["16 units"])
    assert stand.draw()
    assert stand.texts()


def test_draws_from_the_gaussian_are_said_to_agree() -> None:
    run = whole_run(**DATA["six features"])
    told = ManyTimesPanel().describe(context(run, Focus(example=fake_ref(2))))
    assert "Input 3 was passed through the network 500 times (seed 7" in told
    assert "they agree" in told


def test_draws_from_elsewhere_are_said_to_disagree() -> None:
    run = whole_run(**DATA["six features"])
    run.add_result(times(run, shift=0.4))
    assert "they disagree" in ManyTimesPanel().describe(context(run, Focus(example=fake_ref(2))))


def test_few_draws_are_not_judged() -> None:
    run = whole_run(**DATA["six features"])
    run.add_result(times(run, n=1))
    stand = Stand(ManyTimesPanel, run, Focus(example=fake_ref(2)), SMALL)
    told = stand.panel.describe(stand.context)
    assert "1 time (" in told
    assert "say too little" in told
    assert "agree" not in told


def test_draws_of_another_input_than_the_picked_one_are_told_apart() -> None:
    run = whole_run(**DATA["six features"])
    told = ManyTimesPanel().describe(context(run, Focus(example=fake_ref(5))))
    assert "Input 3 (press Run for input 6)" in told


def test_the_table_has_the_sample_mean_and_its_standard_error() -> None:
    run = whole_run(**DATA["six features"])
    observed = run.latest(RunManyTimes)
    assert observed is not None
    table = ManyTimesPanel().table(context(run, Focus(example=fake_ref(2))))
    assert table is not None
    z = observed.value.z.astype(np.float64)
    columns = {column.title: column.values for column in table.columns}
    np.testing.assert_allclose(columns["sample mean"], z.mean(axis=0))
    np.testing.assert_allclose(columns["± s.e."], z.std(axis=0, ddof=1) / np.sqrt(len(z)))


def axes_with(stand: Stand, head: str) -> Axes:
    """The axes whose heading begins so."""
    title = next(t for t in stand.figure.findobj(Text) if t.get_text().startswith(head))
    x, y = title.get_window_extent().min
    below = [a for a in stand.figure.axes if a.get_visible() and a.lines and a.bbox.y0 < y]
    return min(below, key=lambda a: abs(a.bbox.x0 - x) + abs(a.bbox.y1 - y))


def test_the_cloud_of_draws_has_one_scale_for_both_units() -> None:
    run = whole_run(**DATA["six features"])
    assert run.snapshot is not None
    log_var = run.snapshot.log_var.copy()
    log_var[2] = np.log([0.01, 1.0])
    run.add(replace(run.snapshot, log_var=log_var))
    run.add(times(run))
    for size in (SMALL, LARGE):
        stand = Stand(ManyTimesPanel, run, Focus(example=fake_ref(2)), size)
        cloud = next(a for a in stand.figure.findobj(Cloud))
        box, (x, y) = cloud.axes.bbox, (cloud.axes.get_xlim(), cloud.axes.get_ylim())
        assert np.ptp(x) / box.width == pytest.approx(np.ptp(y) / box.height)


def test_at_first_the_running_mean_is_seen_to_settle_on_mu() -> None:
    run = whole_run(**DATA["six features"])
    observed = run.latest(RunManyTimes)
    assert observed is not None
    finding = observed.value
    stand = Stand(ManyTimesPanel, run, Focus(example=fake_ref(2)), LARGE)
    axes = axes_with(stand, "mean of the draws")
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "linear")
    ends = [line.get_ydata()[-1] for line in axes.lines if len(line.get_ydata()) > 2]
    for mean in (*finding.z.mean(axis=0), *finding.mean):
        assert axes.get_ylim()[0] < mean < axes.get_ylim()[1]
    assert set(np.float32(finding.z.mean(axis=0, dtype=float))) <= set(np.float32(ends))


def test_z_scores_and_logarithmic_axes_are_behind_more() -> None:
    run = whole_run(**DATA["six features"])
    stand = Stand(ManyTimesPanel, run, Focus(example=fake_ref(2)), LARGE)
    plain = ManyTimesPanel().table(stand.context)
    assert plain is not None
    assert not any("z-score" in column.title for column in plain.columns)
    stand.focus = stand.focus.replace(more=True)
    assert stand.draw()
    assert axes_with(stand, "(sample mean − μ) / σ").get_xscale() == "log"
    more = ManyTimesPanel().table(stand.context)
    assert more is not None
    assert sum("z-score" in column.title for column in more.columns) == 2


def test_variances_are_shown_to_add_up() -> None:
    run = whole_run(**DATA["pictures"])
    assert run.snapshot is not None
    stand = Stand(PopulationPanel, run, Focus(), LARGE)
    law = total_variance(run.snapshot.mean, run.snapshot.log_var)
    draws = run.snapshot.mean + np.exp(run.snapshot.log_var / 2) * np.random.default_rng(1).normal(
        size=(4_000, *run.snapshot.mean.shape)
    )
    np.testing.assert_allclose(law.total, draws.var(axis=(0, 1)), rtol=0.02)
    for i, unit in enumerate("₁₂"):
        shown = next(t for t in stand.texts() if t.startswith(f"Var[z{unit}] ="))
        within, between, total = map(float, re.findall(r"\d+\.\d{4}", shown))
        assert within + between == pytest.approx(total, abs=1.1e-4)
        assert total == pytest.approx(law.total[i], abs=6e-5)


def test_while_examples_are_encoded_the_first_ones_are_shown() -> None:
    run = whole_run(**DATA["pictures"])
    run.add_result(everyone(run, done=11))
    stand = Stand(PopulationPanel, run, Focus(), LARGE)
    assert any("11 inputs" in text for text in stand.texts())
    run.add_result(everyone(run))
    assert stand.draw()
    assert any("60 inputs" in text for text in stand.texts())


def test_a_click_on_a_dot_lets_the_line_end_there() -> None:
    run = whole_run(**DATA["six features"])
    assert run.snapshot is not None
    stand = Stand(LinePanel, run, Focus(example=fake_ref(2), other=fake_ref(1)), LARGE)
    at = pixels_at(stand.axes[2], tuple(run.snapshot.mean[9]))
    assert "input" in stand.panel.hover_text(*at, stand.context)
    assert stand.click(at).other != fake_ref(1)
    assert stand.focus.example == fake_ref(2)


def test_the_curves_end_where_the_two_inputs_are() -> None:
    run = whole_run(**DATA["six features"])
    assert run.snapshot is not None
    stand = Stand(LinePanel, run, Focus(example=fake_ref(2), other=fake_ref(1)), LARGE)
    for unit in range(2):
        across, up = stand.axes[0].lines[unit].get_data()
        assert (across[0], across[-1]) == (0, 1)
        assert up[[0, -1]] == pytest.approx(run.snapshot.mean[[2, 1], unit])


def test_of_many_units_it_is_said_which_are_shown() -> None:
    run = whole_run(**DATA["16 units"])
    for kind in (ManyTimesPanel, PopulationPanel, LinePanel):
        told = kind().describe(context(run, Focus(example=fake_ref(2))))
        assert "those with the most KL; the model has 16 units" in told
        told = kind().describe(context(run, Focus(example=fake_ref(2), pair=(4, 9))))
        assert "z₅ and z₁₀, those of the latent map" in told


@pytest.mark.parametrize("data", DATA.values(), ids=DATA.keys())
def test_terms_as_shown_sum_to_the_loss(data: dict[str, Any]) -> None:
    run = whole_run(**data)
    passed = explained(run).passed
    told = LossApart().describe(context(run, Focus(example=fake_ref(2))))
    parts = re.search(r"loss of this input is (\S+) \+ 1 × (\S+) = (\S+) nats", told)
    assert parts is not None
    first, second, total = (float(part.replace(",", "")) for part in parts.groups())
    assert first == pytest.approx(passed.reconstruction_terms.sum(dtype=np.float64), abs=1e-4)
    assert second == pytest.approx(passed.kl_by_unit.sum(dtype=np.float64), abs=1e-4)
    assert first + second == pytest.approx(total, abs=2e-4)
    stand = Stand(LossApart, run, Focus(example=fake_ref(2)), LARGE)
    assert any(f"KL by unit: sum {second:.4f}" in text for text in stand.texts())


def test_densities_above_one_take_away_from_the_loss_in_another_colour() -> None:
    run = whole_run(**DATA["pictures"])
    content = explained(run)
    terms = content.passed.reconstruction_terms - 2.0
    passed = replace(content.passed, reconstruction_terms=terms)
    answer = run.latest(Explain)
    assert answer is not None
    run.add_result(replace(answer, value=replace(content, passed=passed)))
    stand = Stand(LossApart, run, Focus(example=fake_ref(2)), SMALL)
    terms_image = stand.moving(AxesImage)[-1]
    low, high = terms_image.get_clim()
    assert low == -high
    assert terms_image.get_cmap().name == "RdBu"


def test_the_bar_under_the_mouse_tells_its_feature_and_its_nats() -> None:
    run = whole_run(**DATA["six features"])
    stand = Stand(LossApart, run, Focus(example=fake_ref(2)), SMALL)
    terms = explained(run).passed.reconstruction_terms
    at = pixels_at(stand.axes[0], (0.01, 3))
    told = stand.panel.hover_text(*at, stand.context)
    assert told == f"feature 4: {terms[3]:.4f} nats".replace("-", "−")


def test_derivatives_by_z_and_by_kl_are_their_sum() -> None:
    run = whole_run(**DATA["six features"])
    table = Reparameterisation().table(context(run, Focus(example=fake_ref(2))))
    assert table is not None
    columns = {column.title: np.asarray(column.values) for column in table.columns}
    passed = explained(run).passed
    np.testing.assert_allclose(columns["by z"] + columns["by KL"], passed.d_mean, rtol=1e-6)
    both = columns["by z "] + columns["by KL "]
    np.testing.assert_allclose(both, passed.d_log_var, rtol=1e-6)


def test_z_is_the_same_number_in_both_forms() -> None:
    run = whole_run(**DATA["six features"])
    stand = Stand(Reparameterisation, run, Focus(example=fake_ref(2), unit=1), SMALL)
    z = f"z₂ = {explained(run).passed.z[1]:.4f}".replace("-", "−")
    assert stand.texts().count(z) == 2


def test_both_twins_are_told_as_measured() -> None:
    run = whole_run(**DATA["six features"])
    told = WhyGaussian().describe(context(run))
    assert "16.67 nats in the plain autoencoder and 21.67 in the VAE" in told
    run.add_result(twins(run, doing="Compiling the copies"))
    assert WhyGaussian().describe(context(run)) == "Compiling the copies ..."
