"""Write docs/settings.md, the reference of all settings, from their declarations.

``python tools/settings_reference.py`` after a setting was added or changed; a test says when it is
due.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vaegui.training.settings.reference import Entry

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "settings.md"

INTRODUCTION = """\
# Settings

All settings of a run, made from their declarations by `tools/settings_reference.py`. The
[user guide](user-guide.md#settings) says what to choose. The names are those of `--set` on the
[command line](command-line.md), of `Settings.with_values` in Python, and of the JSON that
`vaegui settings` prints; the form in the window shows the same settings by their titles.

A name that ends in `.kind` chooses between alternatives. A setting that only some of these have
says which.
"""


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")
    return 0


def page() -> str:
    """The whole page, as Markdown."""
    sys.path.insert(0, str(ROOT))
    from vaegui.training.settings.reference import entries

    sections = groupby(entries(), key=lambda entry: entry.path.partition(".")[0])
    return "\n".join([INTRODUCTION, *(_section(name, list(found)) for name, found in sections)])


def _section(name: str, found: list[Entry]) -> str:
    from vaegui.training.settings.settings import Settings

    lines = [
        f"## {Settings.model_fields[name].title}",
        "",
        "| setting | default | accepted | what it does |",
        "| --- | --- | --- | --- |",
        *_rows(found),
        "",
    ]
    return "\n".join(lines)


def _rows(found: list[Entry]) -> Iterator[str]:
    """A row for each setting; one that several alternatives have in common stands once."""
    from vaegui.training.settings.accepted import one_of

    choices: dict[tuple[str, str, str, str, str], list[str]] = {}
    for entry in found:
        accepted = f"{entry.accepted}, in {entry.unit}" if entry.unit else entry.accepted
        row = entry.path, entry.owner, _written(entry.default), accepted, entry.help
        choices.setdefault(row, []).append(entry.choice)
    kinds = {path: accepted for path, _, _, accepted, _ in choices}
    for (path, owner, default, accepted, help_), having in choices.items():
        chooser = f"{owner}.kind"
        those = one_of(dict.fromkeys(having))
        only = "" if those in ("", kinds.get(chooser)) else f" Only for `{chooser}` {those}."
        yield f"| `{path}` | `{default}` | {accepted} | {help_}{only} |"


def _written(default: object) -> str:
    """A default as it is typed after ``--set PATH=``."""
    if isinstance(default, list):
        return ",".join(map(str, default))
    return default if isinstance(default, str) else json.dumps(default)


if __name__ == "__main__":
    sys.exit(main())
