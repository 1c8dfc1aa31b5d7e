import subprocess
import sys
from typing import get_args

import pytest

from vaegui.declared import Declared
from vaegui.errors import SettingsError
from vaegui.training.settings.settings import Settings


def test_importing_settings_imports_no_tensorflow():
    code = (
        "import sys, vaegui.training.settings.settings;"
        " print({'tensorflow', 'keras'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_settings_survive_json():
    settings = Settings().with_values({"architecture.kind": "conv", "latent_units": 16})
    assert Settings.from_json(settings.model_dump_json()) == settings


def test_values_are_changed_by_dotted_path():
    settings = Settings().with_values({"training.epochs": 3, "optimiser.learning_rate": 0.01})
    assert (settings.training.epochs, settings.optimiser.learning_rate) == (3, 0.01)
    assert Settings().training.epochs == 20


def test_choosing_a_kind_brings_its_defaults_whatever_the_order():
    settings = Settings().with_values({"architecture.hidden": 9, "architecture.kind": "conv"})
    assert (settings.architecture.kind, settings.architecture.hidden) == ("conv", 9)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("training.epochs", 0),
        ("training.epochs", "many"),
        ("latent_units", 100_000),
        ("optimiser.learning_rate", float("nan")),
        ("architecture.widths", []),
        ("data.kind", "nowhere"),
        ("training.nothing", 1),
        ("nothing.at.all", 1),
    ],
)
def test_a_wrong_value_is_refused_and_named(path, value):
    with pytest.raises(SettingsError) as caught:
        Settings().with_values({path: value})
    assert path.split(".")[0] in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("training.epochs", 0, "training.epochs must be a whole number from 1 to 100000; got 0."),
        ("training.epochs", "many", "must be a whole number from 1 to 100000; got 'many'."),
        ("optimiser.learning_rate", 0, "must be a number above 0 and at most"),
        ("optimiser.learning_rate", float("nan"), "got NaN."),
        ("architecture.widths", [], "1 to 16 whole numbers from 1 to 65536, separated by commas"),
        ("architecture.widths", [5, "x"], "architecture.widths must be 1 to 16 whole numbers"),
        ("training.deterministic", "maybe", "training.deterministic must be true or false"),
        ("training.compiler", "foo", "must be auto, xla or graph; got 'foo'. The default is auto."),
        ("data.kind", "nowhere", "data.kind must be mnist-sample, "),
        ("data.kind", None, "got nothing."),
        ("training.nothing", 1, "There is no setting called training.nothing."),
        ("architecture.nothing", 1, "There is no setting called architecture.nothing."),
        (
            "architecture.filters",
            [4],
            "architecture.filters does not go with architecture.kind=dense. "
            "It is a setting of architecture.kind=conv.",
        ),
        ("training", 5, "training must be a group of settings; got 5."),
        ("latent_units", {"a": 1}, 'whole number from 1 to 1024; got {"a": 1}.'),
        ("latent_units", "9" * 99, "99…"),
    ],
)
def test_what_would_be_right_is_told_in_plain_english(path, value, told):
    with pytest.raises(SettingsError) as caught:
        Settings().with_values({path: value})
    assert told in str(caught.value)
    assert caught.value.path == path
    assert "nput" not in str(caught.value)


@pytest.mark.parametrize("document", [None, 5, [], "text"])
def test_what_is_no_group_of_settings_is_refused(document):
    with pytest.raises(SettingsError, match="must be a group of named values"):
        Settings.from_document(document)


def test_text_that_is_not_json_is_refused():
    with pytest.raises(SettingsError, match="not JSON"):
        Settings.from_json("{")


def declared(model):
    for name, field in model.model_fields.items():
        yield name, field
        for member in (field.annotation, *get_args(field.annotation)):
            # What cannot be chosen comes as it is with a model, and nobody sets anything in it.
            if isinstance(member, type) and issubclass(member, Declared):
                yield from declared(member) if getattr(member, "offered", True) else ()


def test_every_setting_is_declared_with_title_and_help():
    fields = [(name, field) for name, field in declared(Settings) if name != "kind"]
    assert len(fields) > 12
    for name, field in fields:
        assert field.title, name
        assert field.description.endswith("."), name


def test_only_the_epochs_may_change_within_a_run():
    assert Settings().same_model(Settings().with_values({"training.epochs": 99}))
    assert not Settings().same_model(Settings().with_values({"training.batch_size": 64}))
