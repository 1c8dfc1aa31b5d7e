"""A plain autoencoder, which gives each input a point: what it trains, says, keeps and shows."""

from pathlib import Path

import keras
import numpy as np
import pytest

import vaegui
from tests.panels.stand import Stand
from tests.training.tiny import settings
from vaegui.analysis.codes import draws_like
from vaegui.errors import FileError, SettingsError
from vaegui.files.report import write_report
from vaegui.model_run import ModelRun
from vaegui.panels.all import PANELS
from vaegui.panels.drawing.navigation import over
from vaegui.panels.examples.input import Input
from vaegui.panels.explain.all import EXPLANATIONS
from vaegui.panels.explain.gaussian.why_gaussian import WhyGaussian
from vaegui.panels.explain.mu.read_outs import ReadOuts
from vaegui.panels.explain.network.network import NetworkPanel
from vaegui.panels.focus import Focus
from vaegui.panels.latent.latent import Latent
from vaegui.panels.loss.loss import Loss
from vaegui.queries.base import Result, run_to_end
from vaegui.queries.computing.subject import Subject
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained


def trained(**changes: object) -> ModelRun:
    return vaegui.train(settings(posterior="point", training__epochs=1, **changes))


@pytest.fixture(scope="module")
def run() -> ModelRun:
    return trained(latent_units=3)


@pytest.fixture(scope="module")
def explained(run: ModelRun) -> ModelRun:
    subject, query = Subject(run.trainer), Explain(run.begun.probes.refs[0])
    run.add_result(Result(query, run.step, run_to_end(query.run(subject))))
    return run


def test_its_loss_is_the_reconstruction_term_alone_whatever_the_objective(run: ModelRun) -> None:
    np.testing.assert_array_equal(run.history.total, run.history.reconstruction)
    assert run.history.total[-1] < run.history.total[0]
    capacity = trained(objective__constraint__kind="capacity")
    np.testing.assert_array_equal(capacity.history.total, capacity.history.reconstruction)


def test_its_points_have_no_spread_and_a_log_variance_of_minus_infinity(run: ModelRun) -> None:
    mean, log_var = run.encode(run.begun.probes.x[:4])
    assert mean.shape == (4, 3)
    assert np.all(log_var == -np.inf)


def test_it_is_saved_opened_by_both_programs_and_trained_further(
    run: ModelRun, tmp_path: Path
) -> None:
    path, x = tmp_path / "plain.keras", run.begun.probes.x[:3]
    run.save(path)
    opened = vaegui.load(path)
    np.testing.assert_array_equal(opened.encode(x)[0], run.encode(x)[0])
    assert opened.begun.snapshots, "its points are kept as other models' Gaussians are"
    keras_model = keras.saving.load_model(path)
    outputs = keras_model(run.trainer.data.scaling.to_model(x))
    assert sorted(outputs) == ["mean", "reconstruction"]
    np.testing.assert_allclose(outputs["mean"], run.encode(x)[0], 1e-6, 1e-6)
    opened.go_on(2)
    np.testing.assert_array_equal(opened.history.total, opened.history.reconstruction)


def test_it_generates_what_is_like_its_codes_as_it_has_no_prior(run: ModelRun) -> None:
    codes = np.random.default_rng(0).normal([5.0, -2.0], [0.1, 3.0], (4_000, 2))
    drawn = draws_like(codes, 4_000, seed=1)
    np.testing.assert_allclose(drawn.mean(axis=0), [5.0, -2.0], atol=0.2)
    np.testing.assert_allclose(drawn.std(axis=0), [0.1, 3.0], rtol=0.1)
    np.testing.assert_array_equal(run.sample(2, seed=3), run.sample(2, seed=3))


def test_what_has_no_meaning_is_refused_with_what_to_do(run: ModelRun, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nothing of p") as refused:
        run.log_p(2)
    assert "VAE" in refused.value.remedy
    with pytest.raises(FileError, match="plain autoencoder"):
        run.export_script(tmp_path / "script.py")


@pytest.mark.parametrize("panel", PANELS)
def test_no_panel_speaks_of_numbers_that_are_not_there(run: ModelRun, panel: type) -> None:
    stand = Stand(panel, run)
    said = f"{' '.join(stand.texts())} {stand.describe()}"
    assert "nan" not in said.lower()
    assert "inf" not in said.lower()
    assert stand.draw() is False


def test_the_map_shows_points_without_the_priors_rings(run: ModelRun) -> None:
    stand = Stand(Latent, run)
    assert "no Gaussian, and there is no prior" in stand.describe()
    assert "1σ" not in stand.texts()
    assert "unit 1 ▾" in stand.texts(), "its axes have no KL"
    assert run.snapshot is not None
    places = stand.axes[0].transData.transform(run.snapshot.mean[:, list(_pair(stand))])
    near = next(place for place in places if over(stand.axes[0], *place))
    told = stand.panel.hover_text(*near, stand.context)
    assert "unit" in told
    assert "sd" not in told
    assert "KL" not in told


def _pair(stand: Stand) -> tuple[int, int]:
    names = [text for text in stand.texts() if text.startswith("unit ")]
    return int(names[0].split()[1]) - 1, int(names[1].split()[1]) - 1


def test_the_loss_says_that_kl_is_not_defined(run: ModelRun) -> None:
    stand = Stand(Loss, run, size=(600, 300))
    assert "KL: not defined" in stand.texts()
    assert "–" in stand.texts()
    assert "KL not defined" in stand.describe()


def test_the_picked_input_has_a_code_and_draws_like_all_codes(run: ModelRun) -> None:
    stand = Stand(Input, run, size=(420, 520))
    assert "code" in " ".join(stand.texts())
    assert "16 draws from the Gaussian that fits all codes, decoded" in stand.texts()
    assert "not defined" in stand.describe()


@pytest.mark.parametrize("panel", [e for e in EXPLANATIONS if e.part == "gaussian"])
def test_what_takes_gaussians_apart_says_why_there_is_nothing(
    explained: ModelRun, panel: type
) -> None:
    stand = Stand(panel, explained)
    lacking = stand.panel.lacking(stand.context)
    if panel is WhyGaussian:
        assert not lacking, "it trains both kinds side by side"
    else:
        assert "plain autoencoder" in lacking
        assert "VAE" in lacking
        assert any("plain autoencoder" in text.replace("\n", " ") for text in stand.texts())


def test_the_sum_that_gives_a_code_is_explained(explained: ModelRun) -> None:
    stand = Stand(ReadOuts, explained, Focus(read_out="log_var"))
    answer = explained.latest(Explain)
    assert answer is not None
    found: Explained = answer.value
    passed = found.passed
    np.testing.assert_allclose(
        passed.a @ found.mean.weights + found.mean.bias, passed.mean, 1e-5, 1e-5
    )
    np.testing.assert_array_equal(passed.z, passed.mean)
    assert passed.total == pytest.approx(float(passed.reconstruction_terms.sum()), rel=1e-5)
    assert stand.draw() is False
    network = Stand(NetworkPanel, explained, size=(900, 500))
    assert "there is no σ and no noise" in network.describe().replace("\N{NO-BREAK SPACE}", " ")
    assert not any("ε" in text or "σ" in text for text in network.texts())


def test_a_report_of_it_is_written(run: ModelRun, tmp_path: Path) -> None:
    write_report(run, tmp_path)
    page = next(tmp_path.glob("*.html")).read_text()
    assert "not defined" in page
    assert "KL of each latent unit" not in page
