import json
import zipfile
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from tests.fakes import fake_prepared
from vaegui.core.likelihoods import Bernoulli
from vaegui.data import BundledMnist, NoData, OwnData, SixFeatures
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.foreign.importing import settings_of
from vaegui.training.record.events import Failed
from vaegui.training.record.job_kind import JobKind
from vaegui.ui.notices.dialogs import FailureDialog
from vaegui.ui.notices.import_dialog import ImportDialog


def layer(kind, name, source=None, **config):
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [source, 0, 0]}}
    node = {"args": [tensor], "kwargs": {}}
    return {
        "module": "keras.layers",
        "class_name": kind,
        "config": {"name": name, **config},
        "name": name,
        "inbound_nodes": [node] if source else [],
    }


def model(path, *layers, outputs):
    ends = [[name, 0, 0] for name in outputs]
    inner = {"layers": layers, "input_layers": [layers[0]["name"], 0, 0], "output_layers": ends}
    document = {"class_name": "Functional", "config": {"name": path.stem, **inner}}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(document))
    return path


@pytest.fixture
def paths(tmp_path):
    """Encoder and decoder whose names do not say which output is what."""
    x = layer("InputLayer", "x", batch_shape=[None, 784])
    heads = [layer("Dense", name, "x", units=2) for name in ("one", "two")]
    z = layer("InputLayer", "z", batch_shape=[None, 2])
    out = layer("Dense", "out", "z", units=784, activation="sigmoid")
    return [
        model(tmp_path / "encoder.keras", x, *heads, outputs=["one", "two"]),
        model(tmp_path / "decoder.keras", z, out, outputs=["out"]),
    ]


@pytest.fixture
def dialog(qtbot, paths):
    dialog = ImportDialog(inspect(*paths), BundledMnist())
    qtbot.addWidget(dialog)
    return dialog


def choose(dialog, name, text):
    box = dialog.findChild(QComboBox, name)
    index = box.findText(text)
    assert index >= 0, [box.itemText(i) for i in range(box.count())]
    box.setCurrentIndex(index)


def test_it_proposes_what_is_likely_and_asks_to_check(dialog):
    reading = dialog.reading()
    assert (reading.mean, reading.spread, reading.spread_is) == (0, 1, "log_var")
    assert (reading.data, reading.likelihood) == (BundledMnist(), Bernoulli())
    assert "Please check" in dialog.findChild(QLabel, "doubt").text()
    said = {
        name: dialog.findChild(QLabel, f"evidence.{name}").text()
        for name in ("mean", "spread_is", "likelihood")
    }
    assert "mean first, which is 'one' here" in said["mean"]
    assert "'two' can be negative, so it is a logarithm" in said["spread_is"]
    assert "ends with a sigmoid" in said["likelihood"]


def test_what_is_chosen_is_what_is_read(dialog):
    choose(dialog, "mean", "two")
    choose(dialog, "spread", "one")
    choose(dialog, "spread_is", "standard deviation")
    choose(dialog, "rescale", "from -1 to 1")
    choose(dialog, "likelihood", "Gaussian, fixed sd")
    reading = dialog.reading()
    assert (reading.mean, reading.spread, reading.spread_is) == (1, 0, "sd")
    assert (reading.rescale.kind, reading.likelihood.kind) == ("symmetric", "gaussian")


def test_it_says_what_is_wrong_before_anything_is_imported(dialog):
    choose(dialog, "mean", "two")
    problem, accept = dialog.findChild(QLabel, "problem"), dialog.findChild(QPushButton, "accept")
    assert "cannot be the same" in problem.text()
    assert not accept.isEnabled()
    choose(dialog, "spread", "one")
    assert accept.isEnabled()
    assert problem.isHidden()


def test_without_data_of_the_shape_the_model_is_imported_without_any(qtbot, tmp_path, paths):
    x = layer("InputLayer", "x", batch_shape=[None, 5])
    heads = [layer("Dense", name, "x", units=2) for name in ("mean", "log_var")]
    z = layer("InputLayer", "z", batch_shape=[None, 2])
    encoder = model(tmp_path / "e.keras", x, *heads, outputs=["mean", "log_var"])
    decoder = model(tmp_path / "d.keras", z, layer("Dense", "o", "z", units=5), outputs=["o"])
    dialog = ImportDialog(inspect(encoder, decoder), SixFeatures())
    qtbot.addWidget(dialog)
    assert dialog.findChild(QComboBox, "data").currentText() == "No data: give it some later"
    assert dialog.findChild(QPushButton, "accept").isEnabled()
    assert dialog.reading().data == NoData(shape=(5,))


def test_own_data_of_another_shape_are_not_offered(qtbot, paths):
    def offered(data):
        dialog = ImportDialog(inspect(*paths), data)
        qtbot.addWidget(dialog)
        box = dialog.findChild(QComboBox, "data")
        return [box.itemText(i) for i in range(box.count())]

    fitting = OwnData(path="x.npy", shape=(28, 28))
    assert offered(fitting)[0] == "Own data: x.npy"
    assert offered(fitting)[-1] == "No data: give it some later"
    assert not any("x.npy" in text for text in offered(OwnData(path="x.npy", shape=(5,))))


def test_the_window_asks_and_lets_the_worker_import(bench, paths, dialog):
    bench.load()
    bench.answers.foreign_files = [str(path) for path in paths]
    bench.answers.reading = dialog.reading()
    bench.press("import_model")
    ((foreign, reading),) = bench.worker.called("import_model")
    assert foreign.name == "encoder.keras and decoder.keras"
    assert reading == dialog.reading()


def test_nothing_happens_when_the_user_thinks_better_of_it(bench, paths):
    bench.load()
    bench.answers.foreign_files = [str(path) for path in paths]
    bench.press("import_model")
    assert bench.answers.asked[-1] == "reading"
    assert not bench.worker.called("import_model")


def test_opening_a_foreign_model_leads_to_the_import_and_to_the_missing_half(bench, paths):
    bench.load()
    paths[1] = paths[1].rename(paths[1].with_name("other.keras"))
    bench.window.files.open(str(paths[0]))
    assert not bench.worker.called("open")
    (failure,) = bench.window.findChildren(FailureDialog)
    assert "No encoder and decoder" in failure.failed.message
    bench.answers.foreign_files = [str(paths[1])]
    failure.findChild(QPushButton, "offer").click()
    assert bench.answers.asked[-2:] == ["foreign_files", "reading"]


def test_the_half_that_lies_beside_is_found(bench, paths):
    bench.load()
    bench.window.files.open(str(paths[1]))
    assert bench.answers.asked == ["reading"]
    assert not bench.window.findChildren(FailureDialog)


def test_nothing_else_can_be_started_while_a_model_is_on_its_way(
    bench, paths, dialog, qtbot, model_file
):
    bench.window.show()
    bench.window.pages.turn_to("welcome")
    bench.load()
    bench.answers.foreign_files = [str(path) for path in paths]
    bench.answers.reading = dialog.reading()
    bench.press("import_model")
    first = bench.window.pages["welcome"].findChild(QPushButton, "welcome.train.six-features")
    assert not first.isEnabled()
    told = bench.window.pages["welcome"].findChild(QLabel, "welcome.told").text()
    assert told.startswith("encoder and decoder: loading")
    qtbot.keyClick(bench.window.focusWidget() or bench.window, Qt.Key.Key_Return)
    assert not bench.worker.called("train")
    bench.post(Failed("It did not work.", "Try another file.", kind=JobKind.IMPORTING))
    assert first.isEnabled()
    bench.window.files.open(str(model_file))
    assert not first.isEnabled()


def test_an_output_without_bounds_for_pictures_is_asked_about(qtbot, tmp_path, paths):
    z = layer("InputLayer", "z", batch_shape=[None, 2])
    decoder = model(tmp_path / "d.keras", z, layer("Dense", "o", "z", units=784), outputs=["o"])
    dialog = ImportDialog(inspect(paths[0], decoder), BundledMnist())
    qtbot.addWidget(dialog)
    assert "may give logits" in dialog.findChild(QLabel, "evidence.likelihood").text()
    assert dialog.reading().likelihood == Bernoulli(), "most scripts of this kind give logits"


def test_weights_are_imported_and_exported_where_the_user_says(bench):
    bench.load()
    assert not bench.window.actions_["import_weights"].isEnabled(), "there is no model yet"
    bench.post(fake_prepared())
    bench.answers.weights_file = "/tmp/some.weights.h5"
    bench.press("import_weights")
    bench.answers.export_file = "/tmp/some.safetensors"
    bench.press("export_weights")
    assert bench.worker.called("import_weights") == [("/tmp/some.weights.h5",)]
    assert bench.worker.called("export_weights") == [("/tmp/some.safetensors",)]


def test_an_imported_model_names_the_window_and_fills_setup(bench, paths, dialog):
    bench.load()
    settings = settings_of(inspect(*paths), dialog.reading())
    begun = replace(fake_prepared(), settings=settings, imported="encoder and decoder")
    bench.post(begun)
    assert bench.window.windowTitle().startswith("encoder and decoder")
    assert bench.window.setup.value == settings
    assert bench.window.setup.problems() == {}


def test_imported_layers_are_no_choice_for_a_new_model(bench):
    box = bench.window.setup.findChild(QComboBox, "architecture")
    assert "Imported layers" not in [box.itemText(i) for i in range(box.count())]


def test_a_decoder_alone_is_asked_of_its_values_only(qtbot, tmp_path):
    z = layer("InputLayer", "z", batch_shape=[None, 2])
    out = layer("Dense", "o", "z", units=5)
    dialog = ImportDialog(inspect(model(tmp_path / "d.keras", z, out, outputs=["o"])))
    qtbot.addWidget(dialog)
    dialog.show()
    seen = [name for name in NAMES if dialog.findChild(QComboBox, name).isVisible()]
    assert seen == ["rescale", "likelihood"]
    assert dialog.findChild(QLabel, "what").text() == "Gives 5 values; 2 latent units."
    assert "decoder alone" in dialog.findChild(QLabel, "note_0").text()
    assert dialog.findChild(QPushButton, "accept").isEnabled()


NAMES = ("mean", "spread", "spread_is", "data", "rescale", "likelihood")
