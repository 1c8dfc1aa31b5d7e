"""Light and dark: palette, style sheet and icons follow the choice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from vaegui.paths import resource
from vaegui.ui.theme.icons import app_icon, icon
from vaegui.ui.theme.stylesheet import mixed
from vaegui.ui.theme.theme import Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(qapp, "light")
    yield theme
    theme.set_choice("light")
    theme.deleteLater()
    qapp.setStyleSheet("")


def lightness(app: QApplication, role: QPalette.ColorRole) -> int:
    return app.palette().color(role).lightness()


def test_dark_text_on_light_and_the_other_way_round(qapp: QApplication, theme: Theme) -> None:
    roles = QPalette.ColorRole
    assert lightness(qapp, roles.Window) > 200 > 80 > lightness(qapp, roles.WindowText)
    theme.set_choice("dark")
    assert theme.current == "dark"
    assert lightness(qapp, roles.Window) < 80 < 200 < lightness(qapp, roles.WindowText)


def test_it_tells_of_a_change_but_not_of_the_same_again(qtbot: QtBot, theme: Theme) -> None:
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_choice("light")
    with qtbot.waitSignal(theme.changed):
        theme.set_choice("dark")


def test_the_system_decides_when_it_is_asked_to(
    monkeypatch: pytest.MonkeyPatch, qapp: QApplication, theme: Theme
) -> None:
    theme.set_choice("system")
    system = System()
    monkeypatch.setattr(theme, "_hints", system)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current == "dark"
    system.scheme = Qt.ColorScheme.Light
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.current == "light"


class System:
    """A desktop whose colour scheme a test decides; the offscreen platform has none."""

    scheme = Qt.ColorScheme.Dark

    def colorScheme(self) -> Qt.ColorScheme:
        return self.scheme

    def setColorScheme(self, scheme: Qt.ColorScheme) -> None:
        self.scheme = scheme


def test_the_systems_wish_is_nothing_to_who_chose(
    monkeypatch: pytest.MonkeyPatch, qapp: QApplication, theme: Theme
) -> None:
    monkeypatch.setattr(theme, "_hints", System())
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current == "light"


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_texts_have_enough_contrast(theme: Theme, qapp: QApplication, choice: str) -> None:
    theme.set_choice("dark" if choice == "dark" else "light")
    for ground in (QPalette.ColorRole.Window, QPalette.ColorRole.Base):
        background = qapp.palette().color(ground)
        for role in ("text", "muted", "error"):
            assert contrast(theme.colour(role), background) >= 4.5, (role, ground)  # type: ignore[arg-type]


def contrast(a: QColor, b: QColor) -> float:
    """The ratio that WCAG 2 defines."""
    bright, dim = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_mixing_colours() -> None:
    assert mixed("#000000", "#ff8000", 0.5) == "#804000"
    assert mixed("#123456", "#ffffff", 0.0) == "#123456"


def test_an_icon_takes_the_themes_colour(theme: Theme) -> None:
    assert brightest(icon("train", theme)) < 80
    theme.set_choice("dark")
    assert brightest(icon("train", theme)) > 200


def test_a_disabled_icon_is_fainter_and_a_checked_one_coloured(theme: Theme) -> None:
    made = icon("train", theme)
    assert brightest(made, QIcon.Mode.Disabled) > brightest(made) + 60
    on = made.pixmap(QSize(24, 24), QIcon.Mode.Normal, QIcon.State.On).toImage()
    off = made.pixmap(QSize(24, 24)).toImage()
    assert on != off


def brightest(made: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> int:
    image = made.pixmap(QSize(24, 24), mode).toImage()
    colours = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
    opaque = [colour.lightness() for colour in colours if colour.alpha() > 250]
    assert opaque
    return max(opaque)


def test_icons_have_as_many_pixels_as_a_screen_of_scale_2_shows(theme: Theme) -> None:
    pixmap = icon("train", theme).pixmap(QSize(20, 20), 2.0)
    assert pixmap.size() == QSize(40, 40)


def test_every_icon_that_comes_along_can_be_drawn(theme: Theme) -> None:
    names = [path.stem for path in resource("icons").glob("*.svg")]
    assert len(names) > 10
    for name in names:
        assert not icon(name, theme).isNull()
        assert icon(name, theme).pixmap(QSize(24, 24)).toImage().pixelFormat() is not None


def test_the_program_has_an_icon_in_all_sizes(qapp: QApplication) -> None:
    sizes = {size.width() for size in app_icon().availableSizes()}
    assert {16, 32, 48, 256} <= sizes
