"""Forms: what is typed becomes a value, or a sentence that says what would be right."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import Field, model_validator
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from vaegui.declared import Choice, Declared, setting
from vaegui.panels.loss.options import LossView
from vaegui.training.settings.settings import Settings
from vaegui.ui.forms import Form
from vaegui.ui.forms.form_field import FormField
from vaegui.ui.forms.rules import InvalidText, Number, NumberList


class Round(Choice):
    """Without corners."""

    label: ClassVar[str] = "Round shape"
    kind: Literal["round"] = "round"


class Angular(Choice):
    """With corners."""

    label: ClassVar[str] = "Angular shape"
    kind: Literal["angular"] = "angular"
    corners: int = setting(4, title="Corners", help="How many corners.", ge=3, le=9)


class Square(Choice):
    """All alike."""

    label: ClassVar[str] = "Square shape"
    kind: Literal["square"] = "square"
    corners: int = setting(4, title="Corners", help="Always four.", ge=4, le=4, more=True)


class Frame(Declared):
    corner: Annotated[Round | Angular, Field(discriminator="kind")] = setting(
        Round(), title="Corner", help="How its corners are.", more=True
    )
    width: float = setting(1.0, title="Width", help="How wide it is.")


class Drawing(Declared):
    filled: bool = setting(False, title="Filled", help="Whether it is filled.")
    shape: Annotated[Round | Angular | Square, Field(discriminator="kind")] = setting(
        Round(), title="Shape", help="The outline."
    )
    low: float = setting(0.0, title="Low", help="Lower end.")
    high: float = setting(1.0, title="High", help="Upper end.", ge=0.0)

    @model_validator(mode="after")
    def _ordered(self) -> Drawing:
        if self.low >= self.high:
            raise ValueError("Low must be below High")
        return self


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    return shown(qtbot, Settings())


def shown(qtbot: QtBot, model: Declared, *, compact: bool = False) -> Form:
    form = Form(model, compact=compact)
    qtbot.addWidget(form)
    with qtbot.waitExposed(form):
        form.show()
    return form


def field(form: Form, path: str) -> QWidget:
    found = form.findChildren(QWidget, path)
    assert len(found) == 1, f"{len(found)} widgets are called {path}"
    return found[0]


def type_into(qtbot: QtBot, form: Form, path: str, text: str) -> None:
    widget = field(form, path)
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(widget, Qt.Key.Key_Delete)
    qtbot.keyClicks(widget, text)


def choose(qtbot: QtBot, form: Form, path: str, text: str) -> None:
    box = field(form, path)
    assert isinstance(box, QComboBox)
    box.setFocus()
    while box.currentText() != text:
        before = box.currentIndex()
        key = Qt.Key.Key_Down if box.findText(text) > before else Qt.Key.Key_Up
        qtbot.keyClick(box, key)
        assert box.currentIndex() != before


def sentences(form: Form) -> list[str]:
    labels = form.findChildren(QLabel)
    return [x.text() for x in labels if x.isVisible() and x.property("problem")]


def settings(form: Form) -> Settings:
    value = form.value
    assert isinstance(value, Settings)
    return value


def form_fields(form: Form) -> list[str]:
    """Paths of all values that belong to the chosen alternatives, in order."""
    return [part.path for part in form.findChildren(FormField) if "?" not in part.path]


def test_an_untouched_form_says_what_it_was_given(form: Form) -> None:
    assert form.value == Settings()
    assert form.problems() == {}


def test_what_is_set_is_what_comes_out(qtbot: QtBot, form: Form) -> None:
    changes = {
        "architecture.kind": "conv",
        "architecture.filters": [8, 16, 32],
        "architecture.kernel": 5,
        "optimiser.learning_rate": 3.3e-7,
        "data.kind": "digits",
        "training.seed": 2**31 - 1,
    }
    other = Settings().with_values(changes)
    with qtbot.assertNotEmitted(form.changed):
        form.set_value(other)
    assert form.value == other


def test_typing_changes_the_value(qtbot: QtBot, form: Form) -> None:
    with qtbot.waitSignal(form.changed):
        type_into(qtbot, form, "training.epochs", "7")
    assert settings(form).training.epochs == 7


def test_a_wrong_text_is_told_under_the_field_and_mending_it_clears_that(
    qtbot: QtBot, form: Form
) -> None:
    type_into(qtbot, form, "training.epochs", "abc")
    wanted = "Epochs must be a whole number from 1 to 100,000; got 'abc'."
    assert form.value is None
    assert form.problems() == {"training.epochs": wanted}
    assert sentences(form) == [wanted]
    assert field(form, "training.epochs").property("wrong") is True
    assert field(form, "training.epochs").accessibleDescription() == wanted
    type_into(qtbot, form, "training.epochs", "12")
    assert settings(form).training.epochs == 12
    assert sentences(form) == []
    assert field(form, "training.epochs").property("wrong") is False


def test_a_wrong_text_stays_when_the_field_is_left(qtbot: QtBot, form: Form) -> None:
    type_into(qtbot, form, "training.epochs", "x")
    field(form, "latent_units").setFocus()
    assert form.problems()["training.epochs"].endswith("got 'x'.")


def test_a_wrong_text_of_one_field_does_not_hide_that_of_another(qtbot: QtBot, form: Form) -> None:
    type_into(qtbot, form, "training.epochs", "0")
    type_into(qtbot, form, "architecture.widths", "512, no")
    assert list(form.problems()) == ["architecture.widths", "training.epochs"]


NUMBERS = [
    ("1e-3", 1e-3),
    ("1E-3", 1e-3),
    (".5", 0.5),
    ("1,000", 1000.0),
    ("1,000.5", 1000.5),
    (" 2 ", 2.0),
    ("+3.", 3.0),
]


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_numbers_may_be_written_as_people_write_them(text: str, number: float) -> None:
    assert Number("Rate", whole=False).read(text) == number


@pytest.mark.parametrize(("text", "number"), [("1e3", 1000), ("20.0", 20), ("65,536", 65536)])
def test_whole_numbers_may_be_written_with_point_or_exponent(text: str, number: int) -> None:
    read = Number("Count", whole=True).read(text)
    assert read == number
    assert isinstance(read, int)


WRONG = [
    "",
    "abc",
    "1.5",
    "0",
    "101",
    "1,00",
    "0x10",
    "nan",
    "inf",
    "1e999999999",
    "-3",
    "1 2",
    "²",
]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_such_number_is_refused_with_what_would_be_right(text: str) -> None:
    rule = Number("Count", whole=True, ge=1, le=100)
    got = f"'{text}'" if text else "nothing"
    with pytest.raises(
        InvalidText, match=r"^Count must be a whole number from 1 to 100; got "
    ) as caught:
        rule.read(text)
    assert f"got {got}." in str(caught.value)


def test_a_decimal_comma_is_not_taken_for_thousands() -> None:
    with pytest.raises(InvalidText, match=r"got '0,001'\. Write decimals with a point: 0\.001\."):
        Number("Rate", whole=False, gt=0.0, le=10.0).read("0,001")


def test_bounds_are_said_in_words() -> None:
    number = Number
    assert number("", False, gt=0.0, le=10.0).wanted == "a number above 0 and at most 10"
    assert number("", False, ge=0.0, lt=1.0).wanted == "a number of at least 0 and below 1"
    assert number("", True, ge=1).wanted == "a whole number of at least 1"
    assert number("", False, lt=0.5).wanted == "a number below 0.5"
    assert number("", False).wanted == "a number"
    item = number("", True, ge=1, le=4096)
    assert NumberList("", item, 1, 8).wanted == (
        "1 to 8 whole numbers from 1 to 4,096, separated by commas"
    )


@pytest.mark.parametrize("value", [0.1, 1e-5, 1.5e-7, 1 / 3, 123456.789, 1e22, 0.0, -2.5])
def test_a_number_is_written_so_that_it_reads_back_the_same(value: float) -> None:
    rule = Number("x", whole=False)
    assert rule.read(rule.write(value)) == value


STEPS = [
    ("0.001", 1, "0.002"),
    ("0.002", 1, "0.005"),
    ("0.005", 1, "0.01"),
    ("0.001", -1, "0.0005"),
    ("0.003", 1, "0.005"),
    ("0.003", -1, "0.002"),
    ("0.5", 2, "2"),
    ("10", 1, "10"),
    ("999", -1, "10"),
    ("x", 1, None),
]


@pytest.mark.parametrize(("text", "steps", "after"), STEPS)
def test_real_numbers_step_through_one_two_five(text: str, steps: int, after: str | None) -> None:
    assert Number("Rate", whole=False, gt=0.0, le=10.0).stepped(text, steps) == after


def test_a_step_goes_to_zero_where_zero_is_allowed() -> None:
    rule = Number("Weight", whole=False, ge=0.0)
    assert rule.stepped("0.001", -1) == "0"
    assert rule.stepped("0", -1) == "0"
    assert rule.stepped("0", 1) == "0.001"
    signed = Number("Offset", whole=False)
    assert signed.stepped("0", -1) == "-0.001"
    assert signed.stepped("-0.2", -1) == "-0.5"


def test_arrows_step_and_stop_at_the_bounds(qtbot: QtBot, form: Form) -> None:
    box = field(form, "latent_units")
    for _ in range(3):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert settings(form).latent_units == 1
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert settings(form).latent_units == 2
    qtbot.keyClick(box, Qt.Key.Key_PageUp)
    assert settings(form).latent_units == 12


def test_the_wheel_steps_a_number_only_when_it_has_the_focus(qtbot: QtBot, form: Form) -> None:
    box = field(form, "latent_units")
    assert isinstance(box, QAbstractSpinBox)
    field(form, "training.epochs").setFocus()
    wheel(box)
    assert settings(form).latent_units == 2
    box.setFocus()
    wheel(box)
    assert settings(form).latent_units == 3


def test_the_wheel_changes_a_choice_only_when_it_has_the_focus(form: Form) -> None:
    box = field(form, "architecture")
    field(form, "training.epochs").setFocus()
    wheel(box, -120)
    assert settings(form).architecture.kind == "dense"
    box.setFocus()
    wheel(box, -120)
    assert settings(form).architecture.kind == "conv"


def wheel(widget: QWidget, delta: int = 120) -> None:
    centre = QPointF(widget.rect().center())
    event = QWheelEvent(
        centre,
        QPointF(widget.mapToGlobal(centre)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_a_number_is_tidied_when_the_field_is_left(qtbot: QtBot, form: Form) -> None:
    type_into(qtbot, form, "optimiser.learning_rate", "1E-3")
    qtbot.keyClick(field(form, "optimiser.learning_rate"), Qt.Key.Key_Return)
    assert form.state()["optimiser[0].learning_rate"] == "0.001"


def test_another_architecture_brings_its_own_fields_and_back_what_was_typed(
    qtbot: QtBot, form: Form
) -> None:
    type_into(qtbot, form, "architecture.widths", "64, 32")
    choose(qtbot, form, "architecture", "Convolutional layers")
    assert field(form, "architecture.filters").isVisible()
    assert form.findChild(QWidget, "architecture.widths") is None
    assert settings(form).architecture.kind == "conv"
    choose(qtbot, form, "architecture", "Dense layers")
    assert settings(form) == Settings().with_values({"architecture.widths": [64, 32]})
    assert field(form, "architecture.widths").isVisible()


def test_a_wrong_text_in_an_alternative_out_of_sight_stands_in_nobodys_way(
    qtbot: QtBot, form: Form
) -> None:
    type_into(qtbot, form, "architecture.widths", "0")
    assert form.value is None
    choose(qtbot, form, "architecture", "Convolutional layers")
    assert settings(form).architecture.kind == "conv"
    choose(qtbot, form, "architecture", "Dense layers")
    assert list(form.problems()) == ["architecture.widths"]


class Canvas(Declared):
    shape: Round = setting(Round(), title="Shape", help="The outline.")
    margin: Annotated[Round | Angular, Field(discriminator="kind")] = setting(
        Round(), title="Margin", help="What is around it.", more=True
    )
    frame: Frame = setting(Frame(), title="Frame", help="What holds it.")


def test_a_choice_of_one_shows_its_name_and_no_combo_box(qtbot: QtBot) -> None:
    label = field(shown(qtbot, Canvas()), "shape")
    assert isinstance(label, QLabel)
    assert label.text() == "Round shape"


def test_a_section_behind_more_shows_with_it_and_hides_without(qtbot: QtBot) -> None:
    form = shown(qtbot, Canvas())
    corner, more = field(form, "frame.corner"), field(form, "frame.more")
    assert not corner.isVisible()
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert corner.isVisible()
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert not corner.isVisible()


def test_a_section_behind_more_without_one_around_it_belongs_to_the_one_before(
    qtbot: QtBot,
) -> None:
    form = shown(qtbot, Canvas())
    margin = field(form, "margin")
    assert not margin.isVisible()
    qtbot.mouseClick(field(form, "shape.more"), Qt.MouseButton.LeftButton)
    assert margin.isVisible()
    choose(qtbot, form, "margin", "Angular shape")
    assert form.value == Canvas(margin=Angular())
    assert margin.mapTo(form, QPoint()).y() < field(form, "frame.width").mapTo(form, QPoint()).y()


@pytest.mark.parametrize("path", ["frame.corner", "frame.corner.corners", "margin"])
def test_a_problem_within_a_section_behind_more_is_brought_to_light(
    qtbot: QtBot, path: str
) -> None:
    form = shown(qtbot, Canvas(frame=Frame(corner=Angular())))
    form.show_problem(path, "That will not do.")
    assert field(form, path).isVisible()
    assert sentences(form) == ["That will not do."]


def test_only_a_choice_that_is_a_card_describes_itself_at_length(qtbot: QtBot) -> None:
    form = shown(qtbot, Canvas())
    qtbot.mouseClick(field(form, "frame.more"), Qt.MouseButton.LeftButton)
    words = [x.text() for x in form.findChildren(QLabel) if x.isVisible() and x.property("muted")]
    assert words.count("Without corners.") == 1
    assert "Without corners." in field(form, "frame.corner").toolTip()


def test_setup_shows_first_what_everybody_sets(qtbot: QtBot, form: Form) -> None:
    visible = [path for path in form_fields(form) if field(form, path).isVisible()]
    assert all(field(form, path).isVisible() for path in ("data", "architecture", "likelihood"))
    assert not field(form, "rescale").isVisible()
    assert visible == [
        "architecture.widths",
        "latent_units",
        "objective.beta",
        "optimiser.learning_rate",
        "training.epochs",
        "training.batch_size",
    ]


def test_every_value_behind_more_is_within_reach_and_no_card_is_empty(form: Form) -> None:
    posterior = field(form, "posterior")
    assert not posterior.isVisible()
    cards = [c for c in form.findChildren(QWidget) if c.property("card") and c.isVisible()]
    assert all(any(x.isVisible() for x in c.findChildren(QWidget)) for c in cards)
    field(form, "architecture.more").click()
    assert posterior.isVisible()


def test_alternatives_may_have_fields_of_the_same_name(qtbot: QtBot) -> None:
    form = shown(qtbot, Drawing(shape=Angular()))
    type_into(qtbot, form, "shape.corners", "7")
    choose(qtbot, form, "shape", "Square shape")
    qtbot.mouseClick(field(form, "shape.more"), Qt.MouseButton.LeftButton)
    assert field(form, "shape.corners").isVisible()
    assert form.value == Drawing(shape=Square())
    choose(qtbot, form, "shape", "Angular shape")
    assert form.value == Drawing(shape=Angular(corners=7))


def test_a_check_box_is_a_flag(qtbot: QtBot) -> None:
    form = shown(qtbot, Drawing())
    qtbot.keyClick(field(form, "filled"), Qt.Key.Key_Space)
    assert form.value == Drawing(filled=True)


def test_what_fields_demand_of_each_other_is_told_too(qtbot: QtBot) -> None:
    form = shown(qtbot, Drawing())
    type_into(qtbot, form, "low", "2")
    assert form.value is None
    assert "Low must be below High" in "".join(form.problems().values())


def test_more_shows_the_rest_and_less_hides_it(qtbot: QtBot, form: Form) -> None:
    seed, more = field(form, "training.seed"), field(form, "training.more")
    assert not seed.isVisible()
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert seed.isVisible()
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert not seed.isVisible()


def test_a_problem_behind_more_is_brought_to_light(form: Form) -> None:
    form.show_problem("training.seed", "This seed is cursed.")
    assert field(form, "training.seed").isVisible()
    assert sentences(form) == ["This seed is cursed."]


def test_a_problem_from_outside_is_gone_with_the_next_change(qtbot: QtBot, form: Form) -> None:
    form.show_problem("architecture", "Convolutional layers need pictures.")
    assert form.problems() == {"architecture": "Convolutional layers need pictures."}
    assert field(form, "architecture").property("wrong") is True
    type_into(qtbot, form, "training.epochs", "3")
    assert form.problems() == {}
    assert field(form, "architecture").property("wrong") is False


def test_a_problem_of_something_the_form_has_no_field_for_marks_what_is_nearest(form: Form) -> None:
    form.show_problem("architecture.widths.0", "The first is too wide.")
    assert form.problems() == {"architecture.widths": "The first is too wide."}


def test_every_field_has_a_tooltip_an_accessible_name_and_a_label_for_it(form: Form) -> None:
    form.set_value(Settings().with_values({"architecture.kind": "conv"}))
    form.set_value(Settings())
    paths = form_fields(form)
    assert "training.compiler" in paths
    assert "optimiser.learning_rate" in paths
    buddies = {label.buddy() for label in form.findChildren(QLabel)}
    for path in [*paths, "data", "architecture"]:
        widget = field(form, path)
        assert "." in widget.toolTip(), path
        assert widget.accessibleName(), path
        assert widget in buddies, path


def test_tab_goes_through_the_fields_from_top_to_bottom(qtbot: QtBot, form: Form) -> None:
    choose(qtbot, form, "architecture", "Convolutional layers")
    field(form, "data").setFocus()
    names = ["data"]
    while names[-1] != "training.batch_size":
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        after = QApplication.focusWidget()
        assert after is not None
        names.append(after.objectName())
        assert len(names) < 30
    assert [name for name in names if not name.endswith(".more")] == [
        "data",
        "architecture",
        "architecture.filters",
        "architecture.hidden",
        "latent_units",
        "likelihood",
        "objective.beta",
        "optimiser",
        "optimiser.learning_rate",
        "training.epochs",
        "training.batch_size",
    ]


def test_state_put_back_brings_wrong_texts_and_hidden_alternatives_back(
    qtbot: QtBot, form: Form
) -> None:
    type_into(qtbot, form, "architecture.widths", "8, x")
    choose(qtbot, form, "architecture", "Convolutional layers")
    state = form.state()
    form.set_value(Settings())
    form.set_state(state)
    assert settings(form).architecture.kind == "conv"
    choose(qtbot, form, "architecture", "Dense layers")
    assert "got '8, x'" in form.problems()["architecture.widths"]


def test_a_compact_form_is_one_row_and_tells_what_is_wrong_in_the_tooltip(qtbot: QtBot) -> None:
    form = shown(qtbot, LossView(), compact=True)
    tops = {field(form, path).geometry().center().y() for path in form_fields(form)}
    assert max(tops) - min(tops) <= 2
    type_into(qtbot, form, "smoothing", "0")
    assert form.value is None
    assert sentences(form) == []
    assert "from 1 to 10,000; got &#x27;0&#x27;" in field(form, "smoothing").toolTip()
    choose(qtbot, form, "scale", "linear")
    type_into(qtbot, form, "smoothing", "5")
    assert form.value == LossView(scale="linear", smoothing=5)
