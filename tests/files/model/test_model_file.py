from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import vaegui
from tests.training import tiny
from vaegui.cli import main as cli
from vaegui.core.architectures.imported import Graph
from vaegui.errors import Cancelled, FileError, SettingsWarning
from vaegui.files.model import model_file
from vaegui.files.model.model_file import FORMAT, open_model, read_thumbnail, save
from vaegui.files.model.thumbnail import SIZE
from vaegui.files.model.weights import variables
from vaegui.reading import reader_child
from vaegui.reading.archives import container
from vaegui.reading.reader import list_arrays
from vaegui.training.record.losses import EpochDone, StepsDone
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.run_state import RunState
from vaegui.training.trainer.trainer import Trainer

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="module")
def trained() -> Trainer:
    """A trainer in the middle of its second epoch."""
    trainer = tiny.trainer()
    list(trainer.run(max_steps=15))
    return trainer


@pytest.fixture(scope="module")
def saved(trained: Trainer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "run.keras"
    save(path, trained)
    return path


def outputs(trainer: Trainer, x: np.ndarray) -> dict[str, np.ndarray]:
    return {name: np.asarray(value) for name, value in trainer.model.vae(x).items()}


def weights(trainer: Trainer) -> list[bytes]:
    return [np.asarray(v).tobytes() for v in trainer.model.vae.variables]


def rewritten(source: Path, target: Path, changes: dict[str, bytes | None]) -> Path:
    """A copy of a file with members changed, added, or (None) left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        members = {name: old.read(name) for name in old.namelist()}
        for name, content in {**members, **changes}.items():
            if content is not None:
                new.writestr(name, content)
    return target


def member(path: Path, name: str) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(name))


@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_an_opened_run_is_the_saved_one_bit_for_bit(tmp_path: Path, architecture: str) -> None:
    options = {"architecture__kind": "conv", "architecture__filters": [4]}
    trainer = tiny.trainer(**(options if architecture == "conv" else {}), latent_units=3)
    list(trainer.run(max_steps=13))
    save(tmp_path / "run.keras", trainer)
    opened = open_model(tmp_path / "run.keras")
    x = trainer.data.scaling.to_model(trainer.examples.dataset.test.read(slice(50)).x)
    for name, value in outputs(trainer, x).items():
        assert value.tobytes() == outputs(opened, x)[name].tobytes()
    assert weights(opened) == weights(trainer)
    assert (opened.settings, opened.data) == (trainer.settings, trainer.data)
    assert opened.history.steps().tobytes() == trainer.history.steps().tobytes()
    assert repr(opened.history.epochs) == repr(trainer.history.epochs)
    assert {k: v.tobytes() for k, v in opened.model.state().items()} == {
        k: v.tobytes() for k, v in trainer.model.state().items()
    }


@pytest.mark.parametrize("format", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", ["dense", "conv"])
def test_files_of_every_format_stay_readable(format: int, kind: str) -> None:
    name = f"format-{format}-{kind}"
    opened = open_model(FIXTURES / f"{name}.keras")
    assert (opened.step, len(opened.history.epochs)) == (15, 1)
    assert opened.snapshots.steps == (() if format == 1 else (12,))
    gallery = 20 if format >= 4 else 0
    assert all(len(shot.reconstruction) == gallery for shot in opened.snapshots.all)
    x = opened.data.scaling.to_model(opened.examples.dataset.test.read(slice(4)).x)
    with np.load(FIXTURES / f"{name}.npz", allow_pickle=False) as then:
        for output, value in outputs(opened, x).items():
            np.testing.assert_allclose(value, then[output], rtol=1e-5, atol=1e-6)
    list(opened.run())
    assert opened.step == 24


def test_stopping_saving_opening_and_going_on_equals_never_stopping(tmp_path: Path) -> None:
    never_stopped, stopped = tiny.trainer(), tiny.trainer()
    list(never_stopped.run())
    list(stopped.run(max_steps=5))
    save(tmp_path / "run.keras", stopped)
    opened = open_model(tmp_path / "run.keras")
    list(opened.run())
    assert opened.step == never_stopped.step == 24
    assert weights(opened) == weights(never_stopped)
    assert opened.history.steps().tobytes() == never_stopped.history.steps().tobytes()
    for a, b in zip(opened.history.epochs, never_stopped.history.epochs, strict=True):
        assert (a.train, a.validation) == (b.train, b.validation)
        assert a.kl_by_unit.tobytes() == b.kl_by_unit.tobytes()


def test_a_run_stopped_at_an_epochs_end_within_its_warm_up_goes_on_with_the_same_bits(
    tmp_path: Path,
) -> None:
    warm_up = {"kind": "linear", "length": 3.0}
    never_stopped, stopped = (tiny.trainer(objective__warm_up=warm_up) for _ in range(2))
    list(never_stopped.run())
    running = stopped.run()
    while stopped.step < 12:
        next(running)
    running.close()
    assert not stopped.history.epochs  # its first epoch is not validated yet
    save(tmp_path / "run.keras", stopped)
    opened = open_model(tmp_path / "run.keras")
    assert weights(opened) == weights(stopped)
    list(opened.run())
    assert weights(opened) == weights(never_stopped)
    for a, b in zip(opened.history.epochs, never_stopped.history.epochs, strict=True):
        assert (a.train, a.validation) == (b.train, b.validation)


def test_an_epoch_that_was_saved_half_done_takes_the_time_of_both_halves(tmp_path: Path) -> None:
    trainer = tiny.trainer(training__batch_size=64)
    list(trainer.run(max_steps=trainer.state.batches.steps // 2))
    before = trainer.history.seconds
    assert before > 0.0
    save(tmp_path / "half.keras", trainer)
    opened = open_model(tmp_path / "half.keras")
    list(opened.run(max_steps=1))
    so_far = opened.history.seconds
    assert so_far > before
    list(opened.run(max_steps=opened.state.batches.steps - opened.step))
    (epoch,) = opened.history.epochs
    assert epoch.seconds > so_far
    assert opened.history.seconds == 0.0  # the next epoch's begins


def test_a_run_that_was_not_trained_can_be_saved_and_opened(tmp_path: Path) -> None:
    trainer = tiny.trainer()
    save(tmp_path / "run.keras", trainer)
    assert weights(open_model(tmp_path / "run.keras")) == weights(trainer)


def test_saving_in_the_midst_of_training_does_not_change_it(tmp_path: Path) -> None:
    saving, left_alone = tiny.trainer(), tiny.trainer()
    told: list[tuple[int, int | None]] = []
    for event in saving.run(wants_snapshot=lambda: True):
        if isinstance(event, StepsDone | EpochDone):
            save(
                tmp_path / "run.keras", saving, lambda what, done, total: told.append((done, total))
            )
    list(left_alone.run())
    assert weights(saving) == weights(left_alone)
    assert saving.history.steps().tobytes() == left_alone.history.steps().tobytes()
    size = (tmp_path / "run.keras").stat().st_size
    assert told[-1][0] == told[-1][1]
    assert 0.95 * size < told[-1][0] <= size


def test_a_cancelled_save_keeps_the_previous_file(
    trained: Trainer, saved: Path, tmp_path: Path
) -> None:
    def cancel(what: str, done: int, total: int | None) -> None:
        raise Cancelled(what)

    path = tmp_path / "run.keras"
    path.write_bytes(b"previous")
    with pytest.raises(Cancelled):
        save(path, trained, cancel)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"previous"]


def test_a_file_has_a_picture_and_the_snapshots_of_its_run(trained: Trainer, saved: Path) -> None:
    picture = read_thumbnail(saved)
    assert picture is not None
    with Image.open(io.BytesIO(picture)) as image:
        assert (image.format, image.size) == ("PNG", SIZE)
        assert len(image.getcolors(1 << 20)) > 50
    opened = open_model(saved)
    assert opened.snapshots.steps == trained.snapshots.steps != ()
    for one, other in zip(opened.snapshots.all, trained.snapshots.all, strict=True):
        assert one.mean.tobytes() == other.mean.tobytes()
        assert one.log_var.tobytes() == other.log_var.tobytes()
        # The digits are pictures of whole numbers from 0 to 16.
        assert one.reconstruction.shape == (20, 8, 8)
        assert np.abs(one.reconstruction - other.reconstruction).max() <= 0.5
    assert opened.begun(with_probes=False).snapshots == opened.snapshots.all


def test_a_run_that_nobody_looked_at_has_no_picture(tmp_path: Path) -> None:
    save(tmp_path / "run.keras", tiny.trainer())
    assert read_thumbnail(tmp_path / "run.keras") is None


@pytest.mark.parametrize("picture", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\xff" * 30])
def test_a_picture_that_is_none_or_vast_is_refused(
    saved: Path, tmp_path: Path, picture: bytes
) -> None:
    path = rewritten(saved, tmp_path / "run.keras", {"vaegui/thumbnail.png": picture})
    with pytest.raises(FileError, match="not a small PNG"):
        read_thumbnail(path)


@pytest.mark.parametrize("likelihood", ["bernoulli", "continuous-bernoulli", "gaussian-learned"])
@pytest.mark.parametrize("architecture", ["dense", "conv"])
def test_weights_are_named_as_keras_names_them(
    tmp_path: Path, likelihood: str, architecture: str
) -> None:
    model = tiny.trainer(
        architecture__kind=architecture, likelihood__kind=likelihood
    ).model.vae.exported()
    model.save(tmp_path / "run.keras")
    in_file = list_arrays(tmp_path / "run.keras", "h5", member="model.weights.h5")
    named = {name: tuple(variable.shape) for name, variable in variables(model).items()}
    assert {name: spec.shape for name, spec in in_file.items()} == named


def test_our_members_are_the_same_each_time(trained: Trainer, saved: Path, tmp_path: Path) -> None:
    save(tmp_path / "again.keras", trained)
    with zipfile.ZipFile(saved) as first, zipfile.ZipFile(tmp_path / "again.keras") as second:
        ours = [name for name in first.namelist() if name.startswith("vaegui/")]
        assert len(ours) == 8
        for name in ours:
            assert first.read(name) == second.read(name)
            assert first.getinfo(name).date_time == second.getinfo(name).date_time


def test_a_file_says_which_run_it_holds(trained: Trainer, saved: Path, tmp_path: Path) -> None:
    assert open_model(saved).id == trained.id
    assert open_model(saved).begun(with_probes=False).id == trained.id
    old = rewritten(saved, tmp_path / "old.keras", {"vaegui/run.json": None})
    first, second = open_model(old), open_model(old)
    assert len({first.id, second.id, trained.id}) == 3


def test_an_id_that_is_none_is_refused(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="id of the run"):
        open_model(rewritten(saved, tmp_path / "run.keras", {"vaegui/run.json": b"[1]"}))


def test_a_failed_save_keeps_the_previous_file(
    trained: Trainer, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "run.keras"
    path.write_bytes(saved.read_bytes())
    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(FileError, match="the disk is full"):
        save(path, trained)
    assert [p.name for p in tmp_path.iterdir()] == ["run.keras"]
    assert path.read_bytes() == saved.read_bytes()


def test_a_name_that_keras_would_not_open_is_refused(trained: Trainer, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"does not end in \.keras"):
        save(tmp_path / "run.h5", trained)
    assert list(tmp_path.iterdir()) == []


def test_opening_tells_its_progress_and_can_be_cancelled(saved: Path) -> None:
    def cancel(what: str, done: int, total: int | None) -> None:
        assert total is not None
        assert 0 < done <= total
        raise Cancelled(what)

    with pytest.raises(Cancelled):
        open_model(saved, cancel)


def test_opening_does_not_load_the_data(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vaegui.data import Digits8x8

    def load(self: Digits8x8, progress: object) -> None:
        raise AssertionError("the data were loaded")

    monkeypatch.setattr(Digits8x8, "load", load)
    assert open_model(saved).step == 15


def test_a_file_that_is_not_there_or_a_folder_is_explained(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        open_model(tmp_path / "none.keras")
    with pytest.raises(FileError, match="cannot be read"):
        open_model(tmp_path)


@pytest.mark.parametrize("content", [b"", b"garbage" * 100, b"PK\x05\x06" + bytes(18)])
def test_garbage_is_explained(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "run.keras"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"not a model file|it is empty"):
        open_model(path)


@pytest.mark.parametrize("part", [0.01, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_explained(saved: Path, tmp_path: Path, part: float) -> None:
    content = saved.read_bytes()
    path = tmp_path / "run.keras"
    path.write_bytes(content[: int(part * len(content))])
    with pytest.raises(FileError, match="is damaged or not a model file"):
        open_model(path)


def test_changed_bytes_are_found_or_harmless(trained: Trainer, saved: Path, tmp_path: Path) -> None:
    content = saved.read_bytes()
    path = tmp_path / "run.keras"
    found = 0
    for position in np.linspace(0, len(content) - 1, 25).astype(int):
        changed = bytearray(content)
        changed[position] ^= 0xFF
        path.write_bytes(changed)
        try:
            assert weights(open_model(path)) == weights(trained)
        except FileError:
            found += 1
    assert found > 10


def test_a_keras_model_of_somebody_else_is_explained(saved: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        ours = {name: None for name in archive.namelist() if name.startswith("vaegui/")}
    with pytest.raises(FileError, match="was not saved by vaegui"):
        open_model(rewritten(saved, tmp_path / "run.keras", dict(ours)))


def test_a_newer_format_is_explained(saved: Path, tmp_path: Path) -> None:
    newer = json.dumps({"format": FORMAT + 1}).encode()
    with pytest.raises(FileError, match=f"has format {FORMAT + 1}") as caught:
        open_model(rewritten(saved, tmp_path / "run.keras", {"vaegui/format.json": newer}))
    assert caught.value.remedy == "Open it with a newer vaegui."


@pytest.mark.parametrize(
    "name",
    [
        "model.weights.h5",
        "vaegui/settings.json",
        "vaegui/data.json",
        "vaegui/history.npz",
        "vaegui/state.npz",
    ],
)
def test_a_missing_or_broken_member_is_named(saved: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match=f"it lacks {name}"):
        open_model(rewritten(saved, tmp_path / "lacking.keras", {name: None}))
    with pytest.raises(FileError, match=r"broken\.keras"):
        open_model(rewritten(saved, tmp_path / "broken.keras", {name: b"broken"}))


@pytest.mark.parametrize("broken", [b"[]", b"{}", b'{"format": true}', b'{"format": 0}', b"\xff"])
def test_a_format_that_is_no_number_is_explained(
    saved: Path, tmp_path: Path, broken: bytes
) -> None:
    with pytest.raises(FileError, match="is damaged"):
        open_model(rewritten(saved, tmp_path / "run.keras", {"vaegui/format.json": broken}))


def test_settings_that_the_weights_do_not_fit_are_explained(saved: Path, tmp_path: Path) -> None:
    settings = member(saved, "vaegui/settings.json")
    settings["architecture"]["widths"] = [17, 8]
    changes = {"vaegui/settings.json": json.dumps(settings).encode()}
    with pytest.raises(FileError, match="ask for 2,614 numbers, and the file holds 2,468"):
        open_model(rewritten(saved, tmp_path / "run.keras", changes))


def test_settings_that_the_data_do_not_fit_are_explained(saved: Path, tmp_path: Path) -> None:
    settings = {**member(saved, "vaegui/settings.json"), "architecture": {"kind": "conv"}}
    data = {**member(saved, "vaegui/data.json"), "shape": [6]}
    changes = {
        "vaegui/settings.json": json.dumps(settings).encode(),
        "vaegui/data.json": json.dumps(data).encode(),
    }
    with pytest.raises(FileError, match="need pictures"):
        open_model(rewritten(saved, tmp_path / "run.keras", dict(changes)))


def test_weights_of_another_model_are_explained(saved: Path, tmp_path: Path) -> None:
    save(tmp_path / "other.keras", tiny.trainer(architecture__widths=[17, 8]))
    with zipfile.ZipFile(tmp_path / "other.keras") as archive:
        changes = {"model.weights.h5": archive.read("model.weights.h5")}
    with pytest.raises(FileError, match="the weights do not fit the settings"):
        open_model(rewritten(saved, tmp_path / "run.keras", changes))


def test_a_compressed_member_is_refused(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.keras"
    with (
        zipfile.ZipFile(saved) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    with pytest.raises(FileError, match="packed anew by another program"):
        open_model(path)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells which files are open")
def test_no_file_stays_open(saved: Path, tmp_path: Path) -> None:
    def files() -> set[str]:
        descriptors = Path("/proc/self/fd").iterdir()
        return {str(d.readlink()) for d in descriptors if d.is_symlink()}

    broken = rewritten(saved, tmp_path / "broken.keras", {"model.weights.h5": None})
    save(tmp_path / "other.keras", tiny.trainer(architecture__widths=[17, 8]))
    with zipfile.ZipFile(tmp_path / "other.keras") as archive:
        wrong = {"model.weights.h5": archive.read("model.weights.h5")}
    unfitting = rewritten(saved, tmp_path / "unfitting.keras", wrong)
    errors = []
    for path in (saved, broken, unfitting):
        try:
            open_model(path)
        except FileError as error:
            errors.append(error)
    assert len(errors) == 2
    assert not [name for name in files() if name.endswith((".keras", ".h5"))]


def deep(layers: int, named: str = "layer_{}") -> dict[str, Any]:
    """An imported network of so many small dense layers each way."""
    dense = {"kind": "Dense", "units": 2}
    nodes = [{"name": named.format(i), "inputs": [i], "layer": dense} for i in range(layers)]
    out = {"name": "out", "inputs": [layers], "layer": {**dense, "units": 64}}
    encoder, decoder = {"shape": [64], "nodes": nodes}, {"shape": [2], "nodes": [*nodes, out]}
    return {"kind": "imported", "encoder": encoder, "decoder": decoder}


def imported(architecture: dict[str, Any], **values: Any) -> Trainer:
    document = {**tiny.settings(**values).model_dump(mode="json"), "architecture": architecture}
    return Trainer.create(Settings.from_document(document))


def test_a_run_of_hundreds_of_weights_with_its_best_kept_is_opened_again(tmp_path: Path) -> None:
    trainer = imported(deep(90), training__keep="best")
    assert len(trainer.model.vae.trainable_variables) > 341
    trainer.model.best.keep()
    trainer.model.best.show()
    save(tmp_path / "run.keras", trainer)
    opened = open_model(tmp_path / "run.keras")
    assert len(opened.model.state()) > 1024
    assert opened.model.best.shown
    assert {k: v.tobytes() for k, v in opened.model.state().items()} == {
        k: v.tobytes() for k, v in trainer.model.state().items()
    }


def test_as_many_weights_as_an_import_allows_fit_into_a_file() -> None:
    metadata = Graph.model_fields["nodes"].metadata
    most = next(each.max_length for each in metadata if hasattr(each, "max_length"))
    read_outs, others = 4, 8
    trained = 2 * most * 2 + read_outs + 1
    slots, best, last = 2, 1, 1
    assert (slots + best + last) * trained + others <= container.MAX_MEMBERS
    groups, arrays = 2, 4
    assert 2 * most * (groups + arrays) + others <= reader_child.MAX_OBJECTS


def test_layers_whose_names_differ_in_case_alone_can_be_saved(tmp_path: Path) -> None:
    architecture = deep(2)
    architecture["encoder"]["nodes"][1]["name"] = "LAYER_0"
    trainer = imported(architecture)
    save(tmp_path / "run.keras", trainer)
    assert weights(open_model(tmp_path / "run.keras")) == weights(trainer)


def test_a_file_that_needs_64_bits_is_opened_again(
    trained: Trainer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing in the test is larger than 4 GiB; Python takes the same way from this size on.
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 20_000)
    save(tmp_path / "run.keras", trained)
    monkeypatch.undo()
    assert (tmp_path / "run.keras").read_bytes()[-42:][:4] == b"PK\x06\x07"
    assert weights(open_model(tmp_path / "run.keras")) == weights(trained)


def test_what_could_not_be_opened_again_does_not_replace_what_was_there(
    trained: Trainer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.keras"
    path.write_bytes(b"previous")
    monkeypatch.setattr(container, "MAX_MEMBERS", 20)
    with pytest.raises(FileError, match=r"was not saved.* too many members"):
        save(path, trained)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"previous"]


def test_bytes_that_came_out_wrong_are_noticed_while_saving(
    trained: Trainer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = model_file.read

    def damaged(opened: container.Container, **options: Any) -> Any:
        with opened.path.open("rb+") as file:
            file.seek(opened.archive.getinfo("vaegui/state.npz").header_offset + 2000)
            file.write(b"?" * 50)
        return checked(opened, **options)

    monkeypatch.setattr(model_file, "read", damaged)
    with pytest.raises(FileError, match="could not be opened again"):
        save(tmp_path / "run.keras", trained)
    assert not list(tmp_path.iterdir())


@pytest.mark.filterwarnings("default::vaegui.errors.SettingsWarning")
def test_a_file_of_a_gpu_that_is_not_here_is_opened_elsewhere_and_stays_as_it_is(
    trained: Trainer, saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = member(saved, "vaegui/settings.json")
    settings["training"] |= {"device": "GPU:3", "precision": "mixed"}
    changes = {"vaegui/settings.json": json.dumps(settings).encode()}
    opened = open_model(rewritten(saved, tmp_path / "gpu.keras", changes))
    assert "There is no GPU:3 here" in opened.model.placement.note
    assert opened.model.placement.device.name in opened.model.placement.note
    assert [np.asarray(v).tobytes() for v in opened.model.vae.trainable_variables] == [
        np.asarray(v).tobytes() for v in trained.model.vae.trainable_variables
    ]
    list(opened.run(max_steps=1))
    assert opened.at_last_copy().step == 15
    save(tmp_path / "again.keras", opened)
    assert member(tmp_path / "again.keras", "vaegui/settings.json") == settings
    opened.adopt(opened.settings.with_values({"training.device": "auto"}))
    assert not opened.model.placement.note
    with pytest.warns(SettingsWarning, match="There is no GPU:3 here"):
        vaegui.load(tmp_path / "again.keras")
    assert cli.main(["export", str(tmp_path / "again.keras"), "--to", str(tmp_path / "w.py")]) == 0
    assert "vaegui: There is no GPU:3 here" in capsys.readouterr().err


def test_the_compiler_of_another_kind_of_device_is_not_taken_over(saved: Path) -> None:
    opened = open_model(saved)
    settings = opened.settings.with_values({"training.compiler": "auto"})
    on_gpu = opened.model.placement.device.name != "CPU"
    for gpu in (True, False):
        trainer = Trainer(RunState(settings, opened.data, opened.history.copy()))
        state = {"engine/xla": np.array(True), "engine/gpu": np.array(gpu)}
        trainer.model.restore({**opened.model.state(), **state})
        assert (trainer.model.strategy is not None) == (gpu == on_gpu)
