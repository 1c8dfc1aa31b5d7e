from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import vaegui
from vaegui.cli import main as cli
from vaegui.errors import FileError
from vaegui.files import autosave, recovery
from vaegui.training.record.events import Event
from vaegui.training.record.losses import StepsDone
from vaegui.training.settings.settings import Settings

TINY = ["--data", "digits", "--set", "architecture.widths=8", "--set", "training.compiler=graph"]


def chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *options: str) -> Settings:
    """The settings that a command line would train with."""
    found: list[Settings] = []

    def trained(settings: Settings, *_: Any) -> Any:
        found.append(settings)
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_trained", trained)
    assert cli.main(["train", "--out", str(tmp_path / "run.keras"), *options]) == 130
    return found[0]


def test_training_writes_the_model_and_the_report_and_prints_one_line_of_json(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out, report = tmp_path / "run.keras", tmp_path / "report"
    options = ["--out", str(out), "--report", str(report), "--epochs", "2", "--json"]
    assert cli.main(["train", *TINY, *options]) == 0
    stdout, stderr = capfd.readouterr()
    assert stdout.count("\n") == 1
    results = json.loads(stdout)
    assert list(results) == ["epochs", "train", "test", "examples_per_s"]
    assert results["epochs"] == 2
    assert results["examples_per_s"] > 0
    run = vaegui.load(out)
    for part, terms in (("train", run.history.epochs[-1].train), ("test", _test_terms(run))):
        expected = {"total": terms.total, "reconstruction": terms.reconstruction, "kl": terms.kl}
        assert results[part] == expected
    assert [line[:10] for line in stderr.splitlines()[:2]] == ["epoch 1/2:", "epoch 2/2:"]
    assert f"Saved to {out} after 24 steps." in stderr
    assert (report / "index.html").stat().st_size > 10_000


def _test_terms(run: vaegui.Run) -> Any:
    terms = run.history.epochs[-1].validation
    assert terms is not None
    return terms


def test_without_json_the_results_are_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", *TINY, "--epochs", "1", "--out", str(tmp_path / "run.keras")]) == 0
    train, test = capsys.readouterr().out.splitlines()
    assert train.startswith("train: ")
    assert test.startswith("test:  ")
    assert "nats (reconstruction " in test


def test_what_cannot_be_saved_at_the_end_is_offered_by_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave, "SHARE", 1e9)  # however long keeping takes
    monkeypatch.setattr(autosave.Autosave.__init__, "__defaults__", (None, 0.0))
    monkeypatch.setattr(recovery, "autosave_folder", lambda: tmp_path / "kept")
    out = tmp_path / "folder" / "run.keras"
    out.parent.mkdir()
    command = ["train", *TINY, "--epochs", "2", "--out", str(out)]
    assert cli.main(command) == 0
    assert recovery.take_left_runs(tmp_path / "kept") == []

    def full(*_: Any, **__: Any) -> None:
        raise FileError("The disk is full.", "Free some space.")

    monkeypatch.setattr("vaegui.model_run.ModelRun.save", full)
    assert cli.main(command) == 2
    gc.collect()
    (left,) = recovery.take_left_runs(tmp_path / "kept")
    assert (left.about.epochs, left.about.origin) == (2, str(out))
    left.discard()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was trained for an epoch."""
    out = tmp_path_factory.mktemp("saved") / "run.keras"
    assert cli.main(["train", *TINY, "--epochs", "1", "--out", str(out)]) == 0
    return out


def test_a_saved_model_is_measured_as_it_was_after_its_last_epoch(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", str(saved), "--samples", "20", "--json"]) == 0
    stdout = capsys.readouterr().out
    assert stdout.count("\n") == 1
    results = json.loads(stdout)
    epoch = vaegui.load(saved).history.epochs[-1]
    assert epoch.validation is not None
    assert results["total"] == epoch.validation.total
    assert results["kl_by_unit"] == epoch.kl_by_unit.tolist()
    assert (results["active_units"], results["step"]) == (epoch.active_units, 12)
    assert (results["part"], results["examples"]) == ("test", 360)
    assert results["log_p"]["samples"] == 20
    assert results["log_p"]["mean"] > -epoch.validation.total
    assert results["log_p"]["standard_error"] > 0
    assert "no density" in results["log_p"]["caveat"]


def test_a_measurement_in_words_says_what_the_numbers_are(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", str(saved), "--samples", "2"]) == 0
    test, units, evidence, caveat = capsys.readouterr().out.splitlines()
    assert test.startswith("test: ")
    assert test.endswith("360 examples")
    assert "of 2 latent units" in units
    assert evidence.startswith("log p(x) at least -")
    assert "±" in evidence
    assert "no density" in caveat
    assert cli.main(["evaluate", str(saved), "--samples", "0"]) == 0
    assert "log p(x)" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "told"), [(["none.keras"], "no such file"), (["--samples", "-1"], "-1 samples")]
)
def test_a_measurement_that_cannot_be_made_is_told(
    saved: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    model = [] if options[0].endswith(".keras") else [str(saved)]
    assert cli.main(["evaluate", *model, *options]) == 2
    assert told in capsys.readouterr().err


def test_a_warm_up_that_outlasts_the_run_is_pointed_out_once_and_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--set", "objective.warm_up.kind=linear", "--set", "objective.warm_up.length=9"]
    out = ["--epochs", "1", "--out", str(tmp_path / "run.keras")]
    assert cli.main(["train", *TINY, *options, *out]) == 0
    first, *others = capsys.readouterr().err.splitlines()
    assert first == "vaegui: beta reaches 1 only after 9 of 1 epoch."
    assert not [line for line in others if "beta reaches" in line]


def test_devices_are_listed_with_the_reason_why_no_gpu_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["devices"]) == 0
    first, *gpus = capsys.readouterr().out.splitlines()
    assert first.startswith("CPU")
    assert gpus or first.endswith(".")


def test_ctrl_c_stops_saves_and_ends_with_130(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from vaegui.cli.progress import Display

    show = Display.show

    def press(self: Display, event: Event) -> None:
        show(self, event)
        if isinstance(event, StepsDone) and event.last < 6:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Display, "show", press)
    before = signal.getsignal(signal.SIGINT)
    out = tmp_path / "run.keras"
    assert cli.main(["train", *TINY, "--epochs", "50", "--out", str(out), "--json"]) == 130
    assert signal.getsignal(signal.SIGINT) is before
    stdout, stderr = capsys.readouterr()
    assert "Stopping to save" in stderr
    assert json.loads(stdout) == {
        "epochs": 0,
        "train": None,
        "test": None,
        "examples_per_s": None,
    }
    assert 0 < vaegui.load(out).step < 12


def test_ctrl_c_before_training_saves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen(monkeypatch, tmp_path)
    assert "nothing was saved" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_options_go_before_the_settings_file_and_lists_are_written_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.json"
    base = Settings().with_values({"training.epochs": 5, "latent_units": 7})
    file.write_text(base.model_dump_json(), "utf-8")
    options = ["--settings", str(file), "--epochs", "3", "--seed", "9", "--data", "digits"]
    options += ["--set", "architecture.widths=400", "--set", "objective.beta=2"]
    assert chosen(monkeypatch, tmp_path, *options) == base.with_values(
        {
            "training.epochs": 3,
            "training.seed": 9,
            "data.kind": "digits",
            "architecture.widths": [400],
            "objective.beta": 2,
        }
    )


@pytest.mark.parametrize("text", ["400,200", "400, 200", "[400, 200]"])
def test_a_list_of_several_numbers_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    settings = chosen(monkeypatch, tmp_path, "--set", f"architecture.widths={text}")
    assert settings == Settings().with_values({"architecture.widths": [400, 200]})


def test_a_kind_and_its_own_settings_can_be_set_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ["--set", "architecture.filters=8,16", "--set", "architecture.kind=conv"]
    settings = chosen(monkeypatch, tmp_path, *options)
    assert settings.model_dump()["architecture"]["filters"] == (8, 16)


def test_the_printed_settings_are_a_settings_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["settings"]) == 0
    assert Settings.from_json(capsys.readouterr().out) == Settings()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--set", "training.epoch=3"], ["training.epoch.", "Do you mean training.epochs?"]),
        (["--set", "nonsense=3"], ["nonsense", "--help"]),
        (["--set", "training.epochs"], ["training.epochs", "PATH=VALUE"]),
        (
            ["--set", "training.epochs=two"],
            ["training.epochs must be a whole number from 1 to 100000"],
        ),
        (
            ["--set", "architecture.widths=5,x"],
            ["1 to 16 whole numbers from 1 to 65536", "got 'x'"],
        ),
        (["--set", "architecture.filters=5"], ["architecture.filters", "kind=conv"]),
        (["--data", "frobs"], ["frobs", "digits"]),
        (["--epochs", "0"], ["training.epochs must be a whole number from 1 to 100000"]),
        (["--epochs", "two"], ["--epochs", "two"]),
        (["--frobs"], ["--frobs"]),
        (["--settings", "none.json"], ["none.json", "No such file"]),
        (["--out", "run.h5"], ["run.h5", ".keras"]),
        (["--out", "missing/run.keras"], ["missing", "folder does not exist"]),
        (["--report", "file.txt/report"], ["file.txt", "not a folder"]),
        (["--report", "file.txt"], ["file.txt"]),
    ],
)
def test_what_a_user_gets_wrong_is_told_before_training_with_exit_code_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    told: list[str],
) -> None:
    def trained(settings: Settings, *_: Any) -> None:
        raise AssertionError("training began")

    monkeypatch.setattr(cli, "_trained", trained)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.txt").write_text("", "utf-8")
    out = [] if "--out" in options else ["--out", "run.keras"]
    assert cli.main(["train", *out, *options]) == 2
    stdout, stderr = capsys.readouterr()
    assert stdout == ""
    assert stderr.startswith("vaegui: ")
    assert "Traceback" not in stderr
    for part in told:
        assert part in stderr
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]


def test_settings_that_are_not_json_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in (b"{", b"\xff\xfe", b"[]", b'{"latent_units": 0}'):
        (tmp_path / "s.json").write_bytes(content)
        options = ["--settings", str(tmp_path / "s.json"), "--out", str(tmp_path / "a.keras")]
        assert cli.main(["train", *options]) == 2
        assert capsys.readouterr().err.startswith("vaegui: ")


def test_data_that_do_not_fit_are_told_after_loading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from vaegui.data import Digits8x8
    from vaegui.errors import DataError

    def load(self: Digits8x8, progress: object) -> None:
        raise DataError("The data are gone.", "Look elsewhere.")

    monkeypatch.setattr(Digits8x8, "load", load)
    assert cli.main(["train", *TINY, "--out", str(tmp_path / "run.keras")]) == 2
    assert capsys.readouterr().err.splitlines()[-2:] == [
        "vaegui: The data are gone.",
        "        Look elsewhere.",
    ]


def test_help_lists_every_setting_with_default_bounds_unit_and_help(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert cli.main(["train", "--help"]) == 0
    text = capsys.readouterr().out
    assert "architecture.widths  (default 512,256; 1 to 16 whole numbers from 1 to 65536" in text
    assert "training.batch_size  (default 128; a whole number from 1 to 65536; in examples)" in text
    assert (
        "architecture.kernel  (default 3; 3, 5 or 7; in pixels; for architecture.kind=conv)" in text
    )
    assert "How often training goes through all examples." in text
    assert "--report" in text


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == vaegui.__version__


def test_the_command_line_imports_no_qt_and_help_no_tensorflow(tmp_path: Path) -> None:
    script = """
import sys
from vaegui.cli.main import main
assert main(["train", "--help"]) == 0
assert "tensorflow" not in sys.modules and "matplotlib" not in sys.modules
assert main(sys.argv[1:]) == 0
assert not [name for name in sys.modules if name.startswith(("PySide6", "vaegui.ui"))]
"""
    options = ["--epochs", "1", "--out", str(tmp_path / "a.keras"), "--report", str(tmp_path / "r")]
    done = subprocess.run(
        [sys.executable, "-c", script, "train", *TINY, *options],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "80"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        "epoch 1/1",
        f"Saved to {tmp_path / 'a.keras'} after 12 steps.",
    ]


def test_a_preset_and_a_settings_file_cannot_both_be_the_beginning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--preset", "six-features", "--settings", str(tmp_path / "mine.json")]
    assert cli.main(["train", "--out", str(tmp_path / "a.keras"), *options]) == 2
    assert "one of the two" in capsys.readouterr().err


def test_an_unknown_preset_is_told_with_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", "--out", str(tmp_path / "a.keras"), "--preset", "none"]) == 2
    assert "six-features" in capsys.readouterr().err


def test_a_network_that_does_not_fit_into_memory_is_refused_unless_any_size_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("vaegui.training.settings.size.free_memory", lambda: 1000)
    command = ["train", *TINY, "--epochs", "1", "--out", str(tmp_path / "run.keras")]
    assert cli.main(command) == 2
    assert "--any-size" in capsys.readouterr().err
    assert cli.main([*command, "--any-size"]) == 0


@pytest.mark.parametrize("command", ["train", "sample", "encode"])
def test_an_unknown_option_points_to_the_help_of_its_own_command(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([command, "--no-such-option", "1"]) == 2
    assert f"vaegui {command} --help lists all options." in capsys.readouterr().err
