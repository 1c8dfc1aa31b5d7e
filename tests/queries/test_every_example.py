"""What every example is encoded as and costs: the same numbers as evaluation and encoding give."""

import numpy as np
import pytest

from tests.queries.asking import ask
from tests.training.tiny import trainer
from vaegui.analysis.posterior import kl_by_unit
from vaegui.queries.base import run_to_end
from vaegui.queries.computing.subject import Subject
from vaegui.queries.every_example import EveryExample
from vaegui.training.trainer.trainer import Trainer


@pytest.fixture(scope="module")
def trained() -> Trainer:
    made = trainer()
    for _ in made.run(max_steps=20):
        pass
    return made


def test_every_example_of_a_part_has_its_posterior(trained: Trainer) -> None:
    dataset = trained.examples.dataset
    for part, source in dataset.parts.items():
        found = ask(trained, EveryExample(part))
        mean, log_var = trained.model.inference.encode(source.read(slice(None)).x)
        np.testing.assert_allclose(found.mean, mean, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.log_var, log_var, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.kl, kl_by_unit(mean, log_var), rtol=1e-4, atol=1e-5)
        np.testing.assert_array_equal(found.labels, source.labels)


def test_what_they_cost_is_on_average_what_evaluation_says(trained: Trainer) -> None:
    found = ask(trained, EveryExample("test"))
    *_, measured = _all(trained)
    assert found.reconstruction.mean() == pytest.approx(measured.terms.reconstruction, rel=1e-5)
    assert found.kl.mean(axis=0) == pytest.approx(measured.kl_by_unit, rel=1e-4, abs=1e-6)


def test_it_is_known_piece_by_piece_and_changes_nothing(trained: Trainer) -> None:
    before = trained.model.vae.get_weights()
    pieces = EveryExample("train").run(Subject(trained))
    first = next(pieces)
    begun = first.value().mean
    assert 0 < len(begun) == first.done < first.total
    whole = run_to_end(pieces)
    assert len(whole.mean) == first.total
    np.testing.assert_array_equal(whole.mean[: first.done], begun)
    for then, now in zip(before, trained.model.vae.get_weights(), strict=True):
        np.testing.assert_array_equal(then, now)


def test_a_part_that_is_not_there_cannot_be_asked_for(trained: Trainer) -> None:
    assert not EveryExample("validation").fits(Subject(trained))


def _all(trained: Trainer):  # type: ignore[no-untyped-def]
    events = trained.evaluate()
    while True:
        try:
            yield next(events)
        except StopIteration as end:
            yield end.value
            return
