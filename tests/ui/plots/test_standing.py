"""Which queries are answered: those of the panels that can be seen."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from tests.fakes import fake_prepared, fake_ref, fake_snapshot
from tests.ui.fake_worker import Bench
from vaegui.panels.latent.options import LatentOptions, LatentView
from vaegui.queries.base import Query
from vaegui.queries.decode import Decode
from vaegui.queries.inspect import Inspect
from vaegui.queries.population import Population
from vaegui.ui.plots.canvas import Canvas


def wanted(bench: Bench) -> set[Query[Any]]:
    """What the worker was told last to answer."""
    told = bench.worker.called("want")
    return set(told[-1][0]) if told else set()


def shown(bench: Bench, panel: str) -> Canvas:
    return next(c for c in bench.window.findChildren(Canvas) if c.panel.name == panel)


def begin(bench: Bench) -> None:
    bench.window.resize(1300, 800)
    bench.window.show()
    bench.load(panels=True)
    begun = fake_prepared()
    bench.post(begun, fake_snapshot(begun))


def test_each_panel_on_screen_asks_for_what_it_draws(bench: Bench, qtbot: QtBot) -> None:
    begin(bench)
    qtbot.waitUntil(lambda: wanted(bench) == {Inspect(fake_ref(0))}, timeout=10_000)
    bench.workbench.look_at(bench.workbench.focus.replace(example=fake_ref(3), cursor=(0.5, 0.5)))
    shown(bench, "latent").set_options(LatentOptions(LatentView(all_examples=True)))
    assert wanted(bench) == {Inspect(fake_ref(3)), Decode((0.5, 0.5)), Population()}


def test_a_panel_that_is_closed_asks_for_nothing_until_it_is_back(
    bench: Bench, qtbot: QtBot
) -> None:
    begin(bench)
    qtbot.waitUntil(lambda: wanted(bench) == {Inspect(fake_ref(0))}, timeout=10_000)
    bench.window.docks["input"].close()
    qtbot.waitUntil(lambda: wanted(bench) == set())
    bench.window.docks["input"].show()
    qtbot.waitUntil(lambda: wanted(bench) == {Inspect(fake_ref(0))})


def test_another_run_is_asked_again_even_if_it_is_asked_the_same(
    bench: Bench, qtbot: QtBot
) -> None:
    begin(bench)
    qtbot.waitUntil(lambda: wanted(bench) == {Inspect(fake_ref(0))}, timeout=10_000)
    before = len(bench.worker.called("want"))
    bench.post(fake_prepared())
    assert len(bench.worker.called("want")) > before
    assert wanted(bench) == {Inspect(fake_ref(0))}


def test_nothing_is_asked_about_an_earlier_step_whose_model_is_gone(
    bench: Bench, qtbot: QtBot
) -> None:
    begin(bench)
    qtbot.waitUntil(lambda: wanted(bench) == {Inspect(fake_ref(0))}, timeout=10_000)
    run = bench.workbench.run
    assert run is not None
    bench.post(fake_snapshot(run.begun, 900))
    bench.workbench.look_at(bench.workbench.focus.replace(step=500))
    assert wanted(bench) == set()
    bench.workbench.look_at(bench.workbench.focus.replace(step=None))
    assert wanted(bench) == {Inspect(fake_ref(0))}
