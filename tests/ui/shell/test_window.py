from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from tests.fakes import fake_epoch, fake_prepared, fake_snapshot, fake_steps
from tests.ui.fake_worker import Bench
from vaegui.errors import Fix
from vaegui.training.record.events import (
    Computing,
    Device,
    Evidence,
    Failed,
    Finished,
    Progress,
    Ready,
    Resumed,
    Saved,
    Status,
)
from vaegui.training.record.job_kind import JobKind
from vaegui.training.settings.settings import Settings
from vaegui.ui.commands.table import COMMANDS


def begin(bench: Bench, steps: int = 700, state: str = "idle") -> None:
    """TensorFlow is there, and a run with some steps."""
    bench.load()
    begun = fake_prepared()
    bench.post(begun, Status("training"), fake_steps(1, steps), fake_snapshot(begun, steps))
    if state == "idle":
        bench.post(Finished("stopped", steps))
    bench.post(Status(state))  # type: ignore[arg-type]
    # Setup shows what the run was made with, as after a real start.
    bench.window.runs.put_back.emit(begun.settings)


def label(bench: Bench, name: str) -> QLabel:
    found = bench.window.findChild(QLabel, f"status.{name}")
    assert isinstance(found, QLabel)
    return found


def details(bench: Bench) -> list[str]:
    """What the menu of the status bar says, line by line."""
    button = bench.window.findChild(QToolButton, "status.device")
    assert isinstance(button, QToolButton)
    button.menu().aboutToShow.emit()
    return [action.text() for action in button.menu().actions()]


def test_every_action_and_dock_has_its_name(bench: Bench) -> None:
    names = {action.objectName() for action in bench.window.findChildren(QAction)}
    assert {command.name for command in COMMANDS} <= names
    assert {"undo", "redo", "open_recent", "theme_system", "theme_light", "theme_dark"} <= names
    first = list(bench.window.docks)[:5]
    assert first == ["setup", "latent", "loss", "reconstructions", "input"]
    for name, dock in bench.window.docks.items():
        assert dock.objectName() == name


def test_no_shortcut_is_given_twice(bench: Bench) -> None:
    keys = [
        key.toString()
        for action in set(bench.window.findChildren(QAction))
        for key in action.shortcuts()
    ]
    assert len(keys) == len(set(keys))


def test_while_tensorflow_loads_its_controls_are_off_and_say_so(bench: Bench) -> None:
    assert bench.enabled() == set()
    assert "loading TensorFlow" in bench.window.actions_["train"].toolTip()
    assert label(bench, "state").text() == "Loading TensorFlow ..."


@pytest.mark.parametrize(
    ("state", "enabled"),
    [
        ("idle", "train train_anew step reset estimate open save save_as"),
        ("training", "pause stop estimate open save save_as"),
        ("paused", "train_anew pause step stop reset estimate open save save_as"),
        ("preparing", "stop"),
        ("saving", ""),
        ("opening", ""),
        ("estimating", ""),
        ("closed", ""),
    ],
)
def test_actions_follow_the_state_of_the_worker(bench: Bench, state: str, enabled: str) -> None:
    begin(bench, state=state)
    assert bench.enabled() == set(enabled.split())


def test_without_a_model_nothing_can_be_saved(bench: Bench) -> None:
    bench.load()
    assert bench.enabled() == {"train", "train_anew", "step", "reset", "open"}
    assert "no model yet" in bench.window.actions_["save"].toolTip()


def test_train_trains_what_setup_says(bench: Bench) -> None:
    bench.load()
    bench.press("train")
    assert bench.worker.called("train") == [(bench.window.setup.value, True)]


def test_settings_put_into_setup_by_the_program_are_trained(bench: Bench) -> None:
    bench.load()
    other = Settings().with_values({"training.epochs": 3, "latent_units": 5})
    bench.window.setup.set_value(other)
    bench.press("train")
    assert bench.worker.called("train") == [(other, True)]


def test_train_continues_the_model_there_is(bench: Bench) -> None:
    begin(bench)
    assert bench.window.actions_["train"].text().replace("&", "") == "Continue"
    bench.press("train")
    assert bench.worker.called("train") == [(bench.window.setup.value, False)]


def test_a_new_model_is_trained_only_after_asking_about_unsaved_steps(bench: Bench) -> None:
    begin(bench)
    bench.press("train_anew")
    assert bench.answers.asked == ["unsaved"]
    assert bench.worker.called("train") == []
    bench.answers.unsaved = "discard"
    bench.press("train_anew")
    assert bench.worker.called("train") == [(bench.window.setup.value, True)]


def test_other_settings_offer_the_present_model_or_a_new_one(bench: Bench) -> None:
    begin(bench)
    run = bench.workbench.run
    assert run is not None
    other = run.begun.settings.with_values({"latent_units": 5, "training.epochs": 7})
    bench.window.setup.set_value(other)
    bench.press("train")
    assert bench.answers.asked == ["new_model"]
    assert bench.worker.called("train") == []
    bench.answers.new_model = "continue"
    bench.press("train")
    kept = run.begun.settings.with_values({"training.epochs": 7})
    assert bench.worker.called("train") == [(kept, False)]
    assert bench.window.setup.value == kept


def test_other_settings_can_be_trained_as_a_new_model(bench: Bench) -> None:
    begin(bench)
    run = bench.workbench.run
    assert run is not None
    other = run.begun.settings.with_values({"latent_units": 5})
    bench.workbench.set_settings(other)
    bench.answers.new_model = "new"
    bench.answers.unsaved = "discard"
    bench.press("train")
    assert bench.worker.called("train") == [(other, True)]


def test_wrong_settings_say_why_training_cannot_start(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.load()
    problems = {"latent_units": "Latent units: give a whole number."}
    monkeypatch.setattr(bench.window.setup, "problems", lambda: problems)
    bench.workbench.set_settings(None)
    bench.press("train")
    assert bench.worker.called("train") == []
    assert label(bench, "state").text() == "Cannot train: Latent units: give a whole number."


def test_pause_becomes_resume_and_back(bench: Bench) -> None:
    begin(bench, state="training")
    pause = bench.window.actions_["pause"]
    bench.press("pause")
    assert bench.worker.called("pause") == [()]
    bench.post(Status("paused"))
    assert pause.text().replace("&", "") == "Resume"
    bench.press("pause")
    assert bench.worker.called("resume") == [()]
    bench.post(Status("training"))
    assert pause.text().replace("&", "") == "Pause"


def test_step_stop_and_reset_reach_the_worker(bench: Bench) -> None:
    bench.load()
    bench.press("step")
    assert bench.worker.called("step") == [(bench.window.setup.value,)]
    bench.post(fake_prepared(), fake_steps(1, 1), Finished("stepped", 1), Status("paused"))
    bench.press("stop")
    assert bench.worker.called("stop") == [()]
    bench.answers.unsaved = "discard"
    bench.press("reset")
    assert len(bench.worker.called("reset")) == 1


@pytest.mark.parametrize("state", ["idle", "training", "paused"])
def test_a_run_takes_what_may_change_within_it(bench: Bench, qtbot: QtBot, state: str) -> None:
    bench.window.show()
    begin(bench, state=state)
    apply = bench.window.findChild(QPushButton, "setup.apply")
    assert isinstance(apply, QPushButton)
    assert apply.isHidden()
    run = bench.workbench.run
    assert run is not None
    other = run.begun.settings.with_values({"optimiser.learning_rate": 0.0005})
    bench.window.setup.set_value(other)
    apply.click()
    assert bench.worker.called("change") == [(other,)]
    bench.post(Resumed(other, 700, "learning rate 0.0005"))
    assert apply.isHidden()
    assert run.history.marks == [(700, "learning rate 0.0005")]


def test_nothing_is_applied_while_a_model_is_prepared(bench: Bench) -> None:
    begin(bench, state="preparing")
    bench.window.setup.set_value(Settings().with_values({"objective.beta": 4}))
    apply = bench.window.findChild(QPushButton, "setup.apply")
    assert isinstance(apply, QPushButton)
    assert apply.isHidden()


def test_going_on_for_as_many_epochs_again_is_no_change_in_setup(bench: Bench) -> None:
    begin(bench, steps=2000)
    run = bench.workbench.run
    assert run is not None
    bench.post(Resumed(run.begun.settings.with_values({"training.epochs": 40}), 2000))
    hint = bench.window.findChild(QLabel, "setup.hint")
    assert isinstance(hint, QLabel)
    assert hint.text() == ""


FIX = Fix("Scale to 0 to 1", {"rescale.kind": "unit-interval"})


@pytest.mark.parametrize(("kind", "trained"), [(JobKind.TRAINING, True), (JobKind.OPENING, False)])
def test_a_failure_that_can_be_mended_is_mended_with_one_click(
    bench: Bench, kind: JobKind, trained: bool
) -> None:
    bench.window.show()
    bench.load()
    bench.post(Failed("Values lie outside 0 to 1.", "Rescale them.", kind=kind, fix=FIX))
    offer = bench.window.findChild(QPushButton, "offer")
    assert isinstance(offer, QPushButton)
    assert offer.text() == "Scale to 0 to 1"
    offer.click()
    mended = Settings().with_values(FIX.values)
    assert bench.window.setup.value == mended
    assert bench.worker.called("train") == ([(mended, True)] if trained else [])


@pytest.mark.parametrize(
    ("finished", "told"),
    [
        (
            Finished("early", 1200, 9),
            "Ended early after 12 epochs: validation no longer improved. "
            "The weights are those of epoch 9.",
        ),
        (Finished("early", 1200), "Ended early after 12 epochs: validation no longer improved."),
        (Finished("complete", 1200, 9), "The weights are those of epoch 9."),
        (Finished("complete", 1200), "Ready, step 1,200"),
    ],
)
def test_how_a_run_ended_is_told(bench: Bench, finished: Finished, told: str) -> None:
    begin(bench, steps=1200, state="training")
    bench.post(finished, Status("idle"))
    assert label(bench, "state").text() == told
    assert (told in details(bench)) == (not told.startswith("Ready"))


def test_details_tell_how_many_units_are_active(bench: Bench) -> None:
    begin(bench, state="training")
    assert not any("Active" in line for line in details(bench))
    bench.post(fake_epoch(7))
    assert "Active units: 2 of 2" in details(bench)


def test_reset_takes_back_the_epochs_that_going_on_added(bench: Bench) -> None:
    begin(bench)
    run = bench.workbench.run
    assert run is not None
    asked = run.begun.settings
    run.begun = fake_prepared()
    bench.answers.unsaved = "discard"
    bench.press("reset")
    assert bench.worker.called("reset") == [(asked,)]


def test_the_status_bar_tells_epoch_time_and_rate(bench: Bench, qtbot: QtBot) -> None:
    bench.window.show()
    begin(bench, steps=700, state="training")
    assert label(bench, "epoch").text() == "epoch 7/20"
    assert label(bench, "rate").text() == "12,800 examples/s"
    # 1,300 of 2,000 steps are left, 100 of them for 12,800 examples in a second.
    assert label(bench, "left").text() == "0:13 left"
    bar = bench.window.findChild(QProgressBar, "status.progress")
    assert isinstance(bar, QProgressBar)
    assert bar.value() == 350


def test_the_title_tells_the_progress_and_what_is_unsaved(bench: Bench) -> None:
    begin(bench, steps=700, state="training")
    assert bench.window.windowTitle() == "35 % - Fake data[*] - vaegui"
    assert bench.window.isWindowModified()
    bench.post(Saved("/models/digits.keras", 700), Status("idle"))
    assert bench.window.windowTitle() == "digits.keras[*] - vaegui"
    assert not bench.window.isWindowModified()


def test_what_takes_time_shows_its_progress_and_can_be_cancelled(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.window.show()
    bench.load()
    bench.post(Status("preparing"), Progress("Downloading MNIST", 25, 100))
    bench.window.status.refresh()
    assert label(bench, "state").text() == "Downloading MNIST ... 25 %"
    cancel = bench.window.findChild(QPushButton, "status.cancel")
    assert isinstance(cancel, QPushButton)
    assert cancel.isVisible()
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert bench.worker.called("cancel") == [()]
    bench.post(Status("idle"))
    assert not cancel.isVisible()


def test_closing_asks_about_unsaved_steps_and_can_be_refused(bench: Bench) -> None:
    bench.window.show()
    begin(bench)
    bench.window.close()
    assert bench.window.isVisible()
    assert bench.worker.called("close") == []
    bench.answers.unsaved = "discard"
    bench.window.close()
    assert not bench.window.isVisible()
    assert len(bench.worker.called("close")) == 1


def test_closing_during_training_stops_saves_and_then_closes(bench: Bench, tmp_path: Path) -> None:
    bench.window.show()
    begin(bench, state="training")
    bench.answers.unsaved = "save"
    path = str(tmp_path / "kept.keras")
    bench.answers.save_file = path
    bench.window.close()
    assert [call[0] for call in bench.worker.calls][-2:] == ["stop", "save"]
    assert bench.window.isVisible()
    bench.post(Finished("stopped", 700), Status("idle"), Saved(path, 700))
    assert not bench.window.isVisible()


def test_closing_while_a_save_is_under_way_waits_for_it_and_does_not_ask(bench: Bench) -> None:
    bench.window.show()
    begin(bench, state="training")
    bench.answers.save_file = "/models/digits.keras"
    bench.press("save")
    bench.window.close()
    assert bench.window.isVisible()
    assert "unsaved" not in bench.answers.asked
    bench.post(Saved("/models/digits.keras", 700), Status("training"))
    assert not bench.window.isVisible()


def test_closing_asks_again_after_a_save_that_failed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaegui.ui.shell.window.show_failure", lambda *_: None)
    bench.window.show()
    begin(bench)
    bench.answers.save_file = "/models/digits.keras"
    bench.press("save")
    bench.window.close()
    bench.post(Failed("The disk is full.", "Choose another.", kind=JobKind.SAVING))
    assert bench.window.isVisible()
    bench.window.close()
    assert bench.window.isVisible()
    assert bench.answers.asked == ["save_file", "unsaved"]


def test_a_failed_save_keeps_the_window_and_offers_another_file(
    bench: Bench, tmp_path: Path
) -> None:
    bench.window.show()
    begin(bench)
    bench.answers.unsaved = "save"
    bench.answers.save_file = str(tmp_path / "full.keras")
    bench.window.close()
    bench.post(Failed("The disk is full.", "Choose another folder.", kind=JobKind.SAVING))
    assert bench.window.isVisible()
    dialogs = bench.window.findChildren(QDialogButtonBox)
    again = [b for box in dialogs for b in box.buttons() if b.text() == "Save As ..."]
    assert len(again) == 1
    again[0].click()
    assert bench.answers.asked == ["unsaved", "save_file", "save_file"]


def test_saved_and_opened_files_are_the_recent_ones(bench: Bench) -> None:
    begin(bench)
    bench.answers.save_file = "/models/a.keras"
    bench.press("save")
    assert bench.worker.called("save") == [("/models/a.keras",)]
    bench.post(Saved("/models/a.keras", 700))
    bench.press("save")
    assert bench.answers.asked == ["save_file"]
    bench.post(fake_prepared(path="/models/b.keras"))
    shown = [action.data() for action in bench.window.files.recent_menu.actions()]
    assert shown[:2] == ["/models/b.keras", "/models/a.keras"]


def test_a_field_that_is_edited_leaves_the_key_of_explain_to_the_window(bench: Bench) -> None:
    field = bench.window.setup.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    pressed = bench.window.actions_["explain"].shortcut()[0]
    event = QKeyEvent(QEvent.Type.ShortcutOverride, pressed.key(), pressed.keyboardModifiers())
    event.ignore()
    QApplication.sendEvent(field, event)
    assert not event.isAccepted()


def test_a_file_name_is_shown_as_it_is(bench: Bench) -> None:
    bench.load()
    bench.post(fake_prepared(path="/models/<b>a & b.keras"))
    state = label(bench, "state")
    assert state.textFormat() is Qt.TextFormat.PlainText
    assert "<b>a & b.keras" in state.text()
    recent = bench.window.files.recent_menu.actions()[0]
    assert recent.text().endswith("<b>a && b.keras")
    assert "&lt;b&gt;" in recent.toolTip()


def test_a_recent_file_opens_and_one_that_is_gone_is_left_out(
    bench: Bench, tmp_path: Path, model_file: Path
) -> None:
    there = model_file
    bench.preferences.add_recent(str(tmp_path / "gone.keras"))
    bench.preferences.add_recent(str(there))
    bench.load()
    menu = bench.window.files.recent_menu
    menu.aboutToShow.emit()
    first, gone = menu.actions()[:2]
    first.trigger()
    assert bench.worker.called("open") == [(str(there),)]
    gone.trigger()
    assert bench.preferences.recent == [str(there)]


def test_an_opened_run_puts_its_settings_into_setup(bench: Bench) -> None:
    bench.load()
    begun = fake_prepared(units=7, path="/models/b.keras")
    bench.post(begun)
    assert bench.window.setup.value == begun.settings
    assert bench.workbench.settings == begun.settings


def test_the_layout_is_remembered_and_can_be_put_back(
    qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    first = Bench(qapp, tmp_path)
    first.window.show()
    first.window.docks["loss"].close()
    first.close()
    second = Bench(qapp, tmp_path)
    second.window.show()
    assert not second.window.docks["loss"].isVisible()
    second.press("reset_layout")
    assert all(dock.isVisible() for dock in second.window.docks.values())
    second.close()


def test_the_theme_is_switched_and_remembered(bench: Bench) -> None:
    action = bench.window.findChild(QAction, "theme_dark")
    assert isinstance(action, QAction)
    action.trigger()
    assert bench.theme.current == "dark"
    assert bench.preferences.theme == "dark"


def test_panels_come_after_the_first_paint_and_each_in_its_dock(bench: Bench, qtbot: QtBot) -> None:
    panels = pytest.importorskip("vaegui.panels.all").PANELS
    bench.window.show()
    bench.load(panels=True)
    docks = [bench.window.docks[panel.name] for panel in panels]
    qtbot.waitUntil(lambda: all(getattr(dock, "canvas", None) for dock in docks), timeout=10_000)
    begun = fake_prepared(units=3)
    bench.post(begun, fake_steps(1, 50), fake_snapshot(begun, 50))
    qtbot.waitUntil(lambda: bench.window.repainter.resting, timeout=10_000)
    assert bench.worker.called("painted") == [()]


def test_a_panel_without_a_place_comes_as_a_tab(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.ui.plots.test_canvas import Square
    from vaegui.panels import all as all_panels

    monkeypatch.setattr(all_panels, "PANELS", (Square,))
    bench.window.show()
    bench.load(panels=True)
    qtbot.waitUntil(lambda: "square" in bench.window.docks, timeout=5000)
    dock = bench.window.docks["square"]
    docked = dock.parent()
    assert isinstance(docked, QMainWindow)
    beside = [bench.window.docks["input"]]
    qtbot.waitUntil(lambda: docked.tabifiedDockWidgets(dock) == beside)
    bench.press("reset_layout")
    qtbot.waitUntil(lambda: docked.tabifiedDockWidgets(dock) == beside)
    qtbot.waitUntil(lambda: bench.window.repainter.resting, timeout=5000)


def test_estimating_log_p_asks_how_many_draws_and_tells_the_result(bench: Bench) -> None:
    begin(bench, state="idle")
    bench.press("estimate")
    assert bench.worker.called("estimate") == []
    bench.answers.samples = 500
    bench.press("estimate")
    assert bench.worker.called("estimate") == [(500,)]
    bench.post(Evidence(7, 500, 2000, -148.25, 1.5))
    assert "at least -148.25 nats" in label(bench, "state").text()
    assert "500 draws" in label(bench, "state").text()


def test_the_details_name_every_device_that_could_compute(bench: Bench) -> None:
    bench.load()
    first, second = Device("NVIDIA A100"), Device("NVIDIA L4")
    here = {"CPU": Device("CPU"), "GPU:0": first, "GPU:1": second}
    bench.post(Ready({"TensorFlow": "2.21"}, first, here))
    told = details(bench)
    assert told[0] == "Device: NVIDIA A100"
    assert {"CPU", "GPU:0: NVIDIA A100", "GPU:1: NVIDIA L4"} <= set(told)


def test_the_details_say_how_steps_are_computed_and_why(bench: Bench) -> None:
    begin(bench, state="training")
    bench.post(Computing("XLA, measured: 1.0 ms", "47 MB held in memory", "as many as take 50 ms"))
    assert {
        "Compiler: XLA, measured: 1.0 ms",
        "Data: 47 MB held in memory",
        "Steps in one call: as many as take 50 ms",
    } <= set(details(bench))


def test_a_network_that_does_not_fit_into_memory_is_asked_about_first(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaegui.training.settings.size.free_memory", lambda: 1000)
    bench.load()
    bench.press("train")
    assert bench.answers.asked == ["too_large"]
    assert not bench.worker.called("train")
    bench.answers.too_large = True
    bench.press("train")
    assert len(bench.worker.called("train")) == 1


def test_a_long_message_never_makes_the_window_wider(bench: Bench, qtbot: QtBot) -> None:
    bench.window.resize(1024, 700)
    bench.window.show()
    bench.window.show_message("A message that says very much. " * 20)
    assert bench.window.minimumSizeHint().width() <= 1024
    assert bench.window.width() == 1024


def test_what_takes_time_tells_the_time_left(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(bench)
    clock = [100.0]
    monkeypatch.setattr("vaegui.ui.shell.status_bar.time.monotonic", lambda: clock[0])
    bench.post(Status("estimating"), Progress("Estimating log p(x)", 0, 100))
    bench.window.status.refresh()
    assert label(bench, "state").text() == "Estimating log p(x) ... 0 %"
    clock[0] = 110.0
    bench.post(Progress("Estimating log p(x)", 25, 100))
    bench.window.status.refresh()
    assert label(bench, "state").text() == "Estimating log p(x) ... 25 %, 0:30 left"
