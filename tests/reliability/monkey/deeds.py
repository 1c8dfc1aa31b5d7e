"""What the monkey can do to the program, each chosen by dice: what in words, and how."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QDockWidget,
    QFileDialog,
    QLineEdit,
    QWidget,
)

from tests.reliability.monkey import hands
from tests.reliability.monkey.files import data_paths, paths, places
from tests.reliability.monkey.seen import named, tops
from vaegui.training.settings.settings import Settings
from vaegui.ui.shell.window import Window

__all__ = ["Deed", "Monkey"]

Deed = tuple[str, Callable[[], object]]

LIVELY = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractSlider)
KEYS = [
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape),
    *(Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Delete),
    *(Qt.Key.Key_Backspace, Qt.Key.Key_A, Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_X, Qt.Key.Key_C),
    *(Qt.Key.Key_V, Qt.Key.Key_1, Qt.Key.Key_5, Qt.Key.Key_F2, Qt.Key.Key_F4, Qt.Key.Key_F6),
    *(Qt.Key.Key_F10, Qt.Key.Key_Menu, Qt.Key.Key_Plus, Qt.Key.Key_Minus),
]
NO_KEYS = Qt.KeyboardModifier.NoModifier
HELD = (
    NO_KEYS,
    NO_KEYS,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
BUTTONS = (Qt.MouseButton.LeftButton,) * 6 + (
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
TEXTS = (
    *("0", "1", "-1", "3", "8", "0.5", "1e-3", "1e999", "nan", "16, 8", "2,", ", ,", "abc", "σ²"),
    *("99999999999999999999", "x" * 300, "%s %d {0}", "<b>bold</b>", "/", "..", "\t", "\n"),
)
TRAINING = ("train", "train", "train", "train_anew", "pause", "pause", "step", "stop", "reset")
LONG = {"training.epochs": 10_000, "training.compiler": "graph"}
SIX = {**LONG, "data.kind": "six-features", "architecture.widths": [8]}
SMALL = {**LONG, "data.kind": "digits", "architecture.widths": [16, 8]}
SETTINGS = (
    *(SIX, SIX, SMALL, SMALL, {**SMALL, "training.epochs": 2}),
    *({**SMALL, "latent_units": 1}, {**SIX, "latent_units": 3}, {}),
)
EAGER = {"idle": 0.3, "paused": 0.15}
"""How likely it begins to train, or goes on, as its next action, in states without training."""
CROWD = 3
"""Windows beside the program's own, from which on one of them is closed first."""


class Monkey:
    """Chooses what is done next to the program as it is on screen.

    Parameters
    ----------
    window
        The program's.
    dice
        Decide what.
    folder
        Files that it may open, drop and overwrite.
    """

    def __init__(self, window: Window, dice: random.Random, folder: Path) -> None:
        self._window, self._dice, self._folder = window, dice, folder
        self._anywhere: dict[Callable[[], Deed], float] = {
            self._click: 30,
            self._key: 9,
            self._type: 5,
            self._wheel: 5,
            self._drag: 7,
            self._double_click: 3,
            self._hover: 5,
        }
        self._unblocked: dict[Callable[[], Deed], float] = {
            **self._anywhere,
            self._action: 9,
            self._train: 7,
            self._shortcut: 5,
            self._drop: 2,
            self._look_at_data: 2,
            self._dock: 3,
            self._shape: 2,
            self._settings: 3,
            self._rest: 3,
            self._leave: 0.1,
        }

    def choose(self) -> Deed:
        """What to do next, in words, and how to do it."""
        modal, popup = QApplication.activeModalWidget(), QApplication.activePopupWidget()
        if isinstance(modal, QFileDialog):
            return self._file_dialog(modal)
        if modal is not None and popup is None and self._dice.random() < 0.3:
            return f"Escape in {named(modal)}", partial(hands.press, Qt.Key.Key_Escape, NO_KEYS)
        if popup is not None and self._dice.random() < 0.4:
            return self._click()
        others = [top for top in tops() if top is not self._window and top.isWindow()]
        dialogs = [top for top in others if not isinstance(top, QDockWidget)]
        if popup is None and modal is None and len(dialogs) > CROWD:
            return f"close {named(dialogs[0])}", dialogs[0].close
        free = modal is None and popup is None
        if free and self._dice.random() < EAGER.get(self._window.workbench.state, 0):
            return self._begin()
        deeds = self._unblocked if free else self._anywhere
        return self._dice.choices(list(deeds), list(deeds.values()))[0]()

    # --- where -------------------------------------------------------------------------------

    def _target(self) -> tuple[QWidget, QPoint, str]:
        """A widget that is seen, a place in it, and both in words."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if top is None:
            there = tops()
            here = self._window in there and self._dice.random() < 0.8
            top = self._window if here else self._dice.choice(there or [self._window])
        seen = [w for w in (top, *top.findChildren(QWidget)) if w.isVisible() and w.window() is top]
        lively = [w for w in seen if isinstance(w, LIVELY) and w.isEnabled()]
        some = lively if lively and self._dice.random() < 0.6 else seen or [top]
        widget = self._dice.choice(some)
        at = hands.place_in(widget, self._dice) or QPoint(1, 1)
        return widget, at, f"{named(widget)} at {at.x()}, {at.y()}"

    # --- what --------------------------------------------------------------------------------

    def _click(self) -> Deed:
        widget, at, words = self._target()
        button, held = self._dice.choice(BUTTONS), self._dice.choice(HELD)
        return (
            f"{button.name} {held.name} on {words}",
            partial(hands.click, widget, at, button, held),
        )

    def _double_click(self) -> Deed:
        widget, at, words = self._target()
        return f"double click on {words}", partial(hands.double_click, widget, at)

    def _hover(self) -> Deed:
        widget, at, words = self._target()
        return f"hover over {words}", partial(hands.hover, widget, at)

    def _wheel(self) -> Deed:
        widget, at, words = self._target()
        turns, held = self._dice.choice((-3, -1, 1, 3)), self._dice.choice(HELD)
        return (
            f"wheel by {turns} {held.name} on {words}",
            partial(hands.wheel, widget, at, turns, held),
        )

    def _drag(self) -> Deed:
        widget, at, words = self._target()
        far = self._dice.choice((5, 40, 400))
        way = [at]
        for _ in range(self._dice.randint(1, 6)):
            way.append(
                way[-1] + QPoint(self._dice.randint(-far, far), self._dice.randint(-far, far))
            )
        steps = ", ".join(f"({p.x()}, {p.y()})" for p in way[1:])
        return f"drag {words} to {steps}", partial(hands.drag, widget, way)

    def _key(self) -> Deed:
        key, held = self._dice.choice(KEYS), self._dice.choice(HELD)
        return f"key {held.name} {key.name}", partial(hands.press, key, held)

    def _type(self) -> Deed:
        text = self._dice.choice(TEXTS)
        fields = [
            field
            for field in self._window.findChildren(QLineEdit)
            if field.isVisible() and field.isEnabled() and not QApplication.activeModalWidget()
        ]
        field = self._dice.choice(fields) if fields and self._dice.random() < 0.7 else None

        def write() -> None:
            if field is not None:
                field.setFocus()
                field.selectAll()
            hands.write(text)

        where = named(field) if field is not None else "where the keyboard is"
        return f"type {text!r} {where}", write

    def _action(self) -> Deed:
        return self._triggered(self._dice.choice(self._enabled_actions()))

    def _train(self) -> Deed:
        action = self._window.actions_[self._dice.choice(TRAINING)]
        return self._triggered(action) if action.isEnabled() else self._rest()

    def _begin(self) -> Deed:
        """Have something train: what is paused, or another model."""
        if self._window.workbench.state == "paused":
            return self._triggered(self._window.actions_["pause"])
        settings, apply = self._settings()
        train = self._window.actions_["train"]

        def begin() -> None:
            apply()
            train.trigger()

        return f"train with {settings}", begin

    def _triggered(self, action: QAction) -> Deed:
        return f"trigger {action.objectName() or action.text()}", action.trigger

    def _enabled_actions(self) -> list[QAction]:
        quits = self._window.actions_["quit"]
        return [a for a in self._window.findChildren(QAction) if a.isEnabled() and a is not quits]

    def _shortcut(self) -> Deed:
        chords = [key[0] for a in self._enabled_actions() for key in a.shortcuts()]
        chord = self._dice.choice(chords)
        press = partial(hands.press, chord.key(), chord.keyboardModifiers())
        return f"shortcut {chord.keyboardModifiers().name} {chord.key().name}", press

    def _drop(self) -> Deed:
        widget, at, words = self._target()
        chosen = self._dice.sample(paths(self._folder), self._dice.choice((1, 1, 1, 2, 3)))
        return f"drop {chosen} on {words}", partial(hands.drop, widget, at, chosen)

    def _look_at_data(self) -> Deed:
        path = self._dice.choice(data_paths(self._folder))
        return f"open the data {path!r}", partial(self._window.data.open, path)

    def _dock(self) -> Deed:
        dock = self._dice.choice(list(self._window.docks.values()))
        kind, how = self._dice.choice(
            [
                ("float", partial(dock.setFloating, not dock.isFloating())),
                ("close", dock.close),
                ("show", dock.show),
                ("raise", dock.raise_),
            ]
        )
        return f"{kind} dock {dock.objectName()}", how

    def _shape(self) -> Deed:
        window, dice = self._window, self._dice
        size = dice.randint(300, 1700), dice.randint(200, 1100)
        kind, how = dice.choice(
            [
                (f"resize to {size}", partial(window.resize, *size)),
                ("maximise", window.showMaximized),
                ("full screen", window.showFullScreen),
                ("minimise", window.showMinimized),
                ("restore", window.showNormal),
                ("restore", window.showNormal),
            ]
        )
        return f"window: {kind}", how

    def _settings(self) -> Deed:
        values = self._dice.choice(SETTINGS)
        settings = Settings().with_values(values)
        return f"settings {values}", partial(self._window.setup.set_value, settings)

    def _rest(self) -> Deed:
        return "rest", lambda: None

    def _leave(self) -> Deed:
        return "close the window", self._window.close

    def _file_dialog(self, dialog: QFileDialog) -> Deed:
        if self._dice.random() < 0.4:
            return f"cancel {named(dialog)}", dialog.reject
        saves = dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
        path = self._dice.choice((places if saves else paths)(self._folder))

        def accept() -> None:
            dialog.findChild(QLineEdit, "fileNameEdit").setText(path)
            dialog.findChild(QDialogButtonBox, "buttonBox").buttons()[0].click()

        return f"accept {path!r} in {named(dialog)}", accept
