"""The import dialog for plain autoencoders and conditional models, and their settings in Setup."""

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton

from tests.ui.forms.test_form import type_into
from tests.ui.notices.test_import_dialog import layer, model
from vaegui.core.architectures import Conditional
from vaegui.data import BundledMnist
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.foreign.importing import settings_of
from vaegui.training.settings.settings import Settings
from vaegui.ui.forms.setup_panel import SetupPanel
from vaegui.ui.notices.import_dialog import ImportDialog


@pytest.fixture
def plain(tmp_path):
    """One row of layers with a bottleneck."""
    x = layer("InputLayer", "x", batch_shape=[None, 784])
    row = [
        layer("Dense", "wide", "x", units=32),
        layer("Dense", "narrow", "wide", units=3),
        layer("Dense", "out", "narrow", units=784, activation="sigmoid"),
    ]
    return inspect(model(tmp_path / "autoencoder.keras", x, *row, outputs=["out"]))


@pytest.fixture
def conditional(tmp_path):
    """An encoder, and a decoder that is told a class."""
    x = layer("InputLayer", "x", batch_shape=[None, 784])
    heads = [layer("Dense", name, "x", units=2) for name in ("mean", "log_var")]
    z = layer("InputLayer", "z", batch_shape=[None, 2])
    c = layer("InputLayer", "label", batch_shape=[None, 10])
    both = layer("Concatenate", "both", "z", axis=-1)
    tensors = [
        {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}
        for name in ("z", "label")
    ]
    both["inbound_nodes"] = [{"args": [tensors], "kwargs": {}}]
    out = layer("Dense", "out", "both", units=784, activation="sigmoid")
    encoder = model(tmp_path / "encoder.keras", x, *heads, outputs=["mean", "log_var"])
    return inspect(encoder, _two_inputs(tmp_path / "decoder.keras", z, c, both, out))


def _two_inputs(path, *layers):
    import json
    import zipfile

    model(path, *layers, outputs=["out"])
    with zipfile.ZipFile(path) as archive:
        document = json.loads(archive.read("config.json"))
    document["config"]["input_layers"] = [["z", 0, 0], ["label", 0, 0]]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(document))
    return path


@pytest.fixture
def shown(qtbot):
    def show(foreign):
        dialog = ImportDialog(foreign, BundledMnist())
        qtbot.addWidget(dialog)
        return dialog

    return show


def said(dialog, name):
    return dialog.findChild(QLabel, name).text()


def test_a_plain_autoencoder_is_asked_for_its_code_and_for_no_spread(plain, shown):
    dialog = shown(plain)
    assert "plain autoencoder" in said(dialog, "evidence.mean")
    assert dialog.findChild(QComboBox, "spread").isHidden()
    assert dialog.findChild(QComboBox, "mean").accessibleName() == "Code"
    assert "3 numbers of code" in said(dialog, "what")
    assert dialog.reading().spread is None
    assert settings_of(plain, dialog.reading()).latent_units == 3
    dialog.findChild(QComboBox, "mean").setCurrentIndex(1)
    assert "32 numbers of code" in said(dialog, "what")
    assert settings_of(plain, dialog.reading()).latent_units == 32


def test_a_conditional_model_is_asked_for_its_condition(conditional, shown):
    dialog = shown(conditional)
    condition, accept = (
        dialog.findChild(kind, name)
        for kind, name in ((QLineEdit, "condition"), (QPushButton, "accept"))
    )
    assert not condition.isHidden()
    assert "a class from 0 to 9" in said(dialog, "what")
    for wrong in ("12", "three", ""):
        condition.setText(wrong)
        assert not accept.isEnabled()
        assert "ondition" in said(dialog, "problem")
    condition.setText("3")
    assert accept.isEnabled()
    assert dialog.reading().condition == (3.0,)
    network = settings_of(conditional, dialog.reading()).architecture
    assert isinstance(network, Conditional)
    assert network.told == "class 3"


def test_other_models_are_asked_for_neither(conditional, shown, tmp_path):
    x = layer("InputLayer", "x", batch_shape=[None, 784])
    heads = [layer("Dense", name, "x", units=2) for name in ("mean", "log_var")]
    z = layer("InputLayer", "z", batch_shape=[None, 2])
    out = layer("Dense", "out", "z", units=784, activation="sigmoid")
    foreign = inspect(
        model(tmp_path / "one.keras", x, *heads, outputs=["mean", "log_var"]),
        model(tmp_path / "two.keras", z, out, outputs=["out"]),
    )
    dialog = shown(foreign)
    assert dialog.findChild(QLineEdit, "condition").isHidden()
    assert not dialog.findChild(QComboBox, "spread").isHidden()


def test_the_condition_is_changed_in_setup_and_the_run_can_take_it(conditional, shown, qtbot):
    dialog = shown(conditional)
    settings = settings_of(conditional, dialog.reading())
    panel = SetupPanel(settings)
    qtbot.addWidget(panel)
    panel.set_run_settings(settings, settings.another_condition)
    panel.set_can_apply(True)
    panel.show()
    type_into(qtbot, panel.form, "architecture.condition", "7")
    assert panel.value is not None
    assert isinstance(panel.value.architecture, Conditional)
    assert panel.value.architecture.condition == (7.0,)
    assert settings.another_condition(panel.value)
    with qtbot.waitSignal(panel.applied):
        panel.findChild(QPushButton, "setup.apply").click()
    type_into(qtbot, panel.form, "architecture.condition", "17")
    assert panel.value is None
    assert "0 to 9" in said(panel, "setup.reason")


def test_a_plain_autoencoder_is_chosen_in_setup(qtbot):
    panel = SetupPanel(Settings())
    qtbot.addWidget(panel)
    panel.set_value(Settings().with_values({"posterior.kind": "point"}))
    assert panel.value is not None
    assert not panel.value.has_spread
    assert not panel.value.check()
