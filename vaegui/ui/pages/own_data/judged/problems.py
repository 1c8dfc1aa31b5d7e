"""What is wrong: each problem with its effect, its places, and the button that mends it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vaegui.data.formats.base import Problem
from vaegui.data.own.ledger import place_text
from vaegui.session.data_worker import Found
from vaegui.ui.pages.own_data.section import PAGE, Section, button, clear, label
from vaegui.ui.state.data_recipe import DataRecipe
from vaegui.ui.theme.theme import Theme

__all__ = ["Problems"]

_PLACES = 8
UNCHECKED = "Not checked yet."
NOTHING = "Nothing is wrong as far as the checks can tell."


class Problems(Section):
    """The problems, the gravest first, and what leads to the list of what was left out."""

    ledger_wanted = Signal()
    """The user wants to see all that was left out or changed."""

    def __init__(self, recipe: DataRecipe, theme: Theme) -> None:
        super().__init__("problems", "What is wrong with it", NOTHING, recipe, theme)
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.column.addLayout(self._list)
        self._ledger = button(
            "ledger.show",
            "",
            "A table of every example that is left out or changed, with its place and the reason.",
            self.ledger_wanted.emit,
        )
        self._sampled = label("", "muted", self)
        self._sampled.setObjectName(f"{PAGE}.problems.sampled")
        self.column.addWidget(self._sampled)
        foot = QHBoxLayout()
        foot.addWidget(self._ledger)
        foot.addStretch(1)
        self.column.addLayout(foot)

    def show_found(self, found: Found) -> None:
        """Show the problems."""
        problems = () if found.check is None else found.check.problems
        entries = len(found.opened.ledger)
        grave = sum(problem.prevents for problem in problems)
        self.words.setText(UNCHECKED if found.check is None else _summary(len(problems), grave))
        sampled = "" if found.check is None else found.check.sampled
        self._sampled.setText(sampled)
        self._sampled.setVisible(bool(sampled))
        clear(self._list)
        for problem in problems:
            self._list.addWidget(self._row(problem))
        what = "example is" if entries == 1 else "examples are"
        self._ledger.setText(f"{entries:,} {what} left out or changed ...")
        self._ledger.setVisible(entries > 0)

    def _row(self, problem: Problem) -> QWidget:
        row = QWidget(self)
        name = problem.kind.replace(" ", "_")
        row.setObjectName(f"{PAGE}.problems.{name}")
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(label(problem.sentence, "problem" if problem.prevents else "hint"))
        text.addWidget(label(problem.effect))
        if problem.places:
            text.addWidget(label(_places(problem), "muted"))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addLayout(text, 1)
        if problem.fix is not None:
            mend = button(
                f"problems.{name}.fix",
                problem.fix.label,
                "Change the recipe so that this is mended. Can be undone.",
                partial(self.recipe.apply, problem.fix),
            )
            line.addWidget(mend)
        return row


def _summary(count: int, grave: int) -> str:
    if not count:
        return NOTHING
    things = "1 thing" if count == 1 else f"{count} things"
    must = "training is refused until it is mended" if grave == 1 else f"{grave} prevent training"
    return f"{things} found; {must}." if grave else f"{things} found; none prevents training."


def _places(problem: Problem) -> str:
    shown = [place_text(place) for place in problem.places[:_PLACES]]
    more = problem.count - len(shown)
    return "Where: " + "; ".join(shown) + (f"; and {more:,} more" if more > 0 else "") + "."
