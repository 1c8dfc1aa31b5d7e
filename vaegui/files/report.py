"""A report of a run: every panel as a picture, and a page that shows and explains them."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Literal

from matplotlib.figure import Figure

from vaegui.files.atomic import check_writable, replacing, write_error
from vaegui.panels.all import PANELS
from vaegui.panels.context import Context
from vaegui.panels.focus import Focus
from vaegui.panels.panel import Panel
from vaegui.panels.style import style
from vaegui.runs.run import Run
from vaegui.training.record.losses import LossTerms
from vaegui.training.settings.reference import entries

__all__ = ["make_folder", "write_report"]

PAGE = "index.html"
SIZE = (6.0, 4.5)
"""Of a picture, in inches at 100 pixels each; it is drawn with twice as many."""

ThemeName = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class _Picture:
    name: str
    title: str
    description: str
    light: bytes
    dark: bytes


def make_folder(folder: Path) -> None:
    """Make the folder of a report, if it is not there, and see that it can be written to.

    Raises
    ------
    FileError
        If not, saying why and what to do.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, folder) from error
    check_writable(folder / PAGE)


def write_report(run: Run, folder: Path) -> None:
    """Write ``index.html`` and, for each panel, ``<name>.png`` and ``<name>-dark.png``.

    The page holds all pictures itself and needs no network: it can be sent alone.

    Parameters
    ----------
    run
        What to show. It needs probes and a snapshot for all panels to have something to show.
    folder
        Where to; made if it is not there. Files of the same names are replaced.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    make_folder(folder)
    pictures = [_picture(panel, run) for panel in PANELS]
    for picture in pictures:
        _write(folder / f"{picture.name}.png", picture.light)
        _write(folder / f"{picture.name}-dark.png", picture.dark)
    _write(folder / PAGE, _page(run, pictures).encode())


def _write(path: Path, content: bytes) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def _picture(kind: type[Panel], run: Run) -> _Picture:
    light, description = _drawn(kind, run, "light")
    dark, _ = _drawn(kind, run, "dark")
    return _Picture(kind.name, kind.title, description, light, dark)


def _drawn(kind: type[Panel], run: Run, theme: ThemeName) -> tuple[bytes, str]:
    """A panel as PNG at twice the screen's resolution, and in words."""
    figure = Figure(figsize=SIZE, dpi=100)
    panel = kind()
    context = Context(run, Focus(), panel.first_options)
    panel.setup(figure, style(theme), run.begun)
    panel.draw(context)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=200)
    return file.getvalue(), panel.describe(context)


def _page(run: Run, pictures: list[_Picture]) -> str:
    data, settings = run.begun.data, run.begun.settings
    units = "unit" if settings.latent_units == 1 else "units"
    title = f"{data.name}, {settings.latent_units} latent {units}"
    done = f"{len(run.history.epochs):,} epochs, {run.step:,} steps"
    parts = f"{data.train_examples:,} training and {data.test_examples:,} test examples"
    if data.validation_examples:
        parts += f", watched on {data.validation_examples:,} others"
    return _PAGE.format(
        title=escape(f"Variational autoencoder: {title}"),
        summary=escape(f"{done} on {parts}; {run.begun.parameters:,} weights."),
        results=_results(run),
        figures="\n".join(map(_figure, pictures)),
        settings="\n".join(_setting_rows(settings.model_dump(mode="json"))),
        light=_colours("light"),
        dark=_colours("dark"),
    )


def _colours(theme: ThemeName) -> str:
    """The colours of the panels, as CSS variables for the page around them."""
    colours = style(theme)
    return (
        f"--sheet: {colours.background}; --text: {colours.text}; "
        f"--muted: {colours.muted}; --line: {colours.grid};"
    )


def _results(run: Run) -> str:
    """A table with the terms of the last epoch, in nats per example."""
    if not run.history.epochs:
        return "<p>No epoch was completed.</p>"
    last, beta = run.history.epochs[-1], run.begun.settings.objective.beta
    spread = run.begun.settings.has_spread
    weight = "" if beta == 1.0 else f"{beta:g} × "
    rows = [_terms_row("Training", last.train, has_spread=spread)]
    if last.validation is not None:
        rows.append(_terms_row("Test", last.validation, has_spread=spread))
    units = "".join(
        f"<tr><th scope='row'>{i}</th><td>{kl:.3f}</td></tr>"
        for i, kl in enumerate(last.kl_by_unit.tolist(), 1)
    )
    by_unit = (
        f"<details><summary>KL of each latent unit</summary><table><thead><tr>"
        "<th scope='col'>unit</th><th scope='col'>KL (nats)</th></tr></thead>"
        f"<tbody>{units}</tbody></table></details>"
    )
    return (
        "<table><caption>Loss of the last epoch in nats per example; total = reconstruction"
        f"{f' + {weight}KL' if spread else ''}</caption><thead><tr><th></th>"
        "<th scope='col'>total</th><th scope='col'>reconstruction</th><th scope='col'>KL</th>"
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table>{by_unit if spread else ''}"
    )


def _terms_row(name: str, terms: LossTerms, *, has_spread: bool) -> str:
    cells = "".join(f"<td>{value:.2f}</td>" for value in (terms.total, terms.reconstruction))
    cells += f"<td>{terms.kl:.2f}</td>" if has_spread else "<td>not defined</td>"
    return f"<tr><th scope='row'>{name}</th>{cells}</tr>"


def _setting_rows(document: dict[str, Any]) -> Iterator[str]:
    """A table row for each setting that the run has."""
    for entry in entries():
        *parents, leaf = entry.path.split(".")
        group = document
        for parent in parents:
            group = group.get(parent, {})
        if leaf in group and entry.choice in ("", group.get("kind")):
            value = group[leaf]
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield (
                f"<tr><th scope='row'><code>{escape(entry.path)}</code></th>"
                f"<td>{escape(shown)}</td><td>{escape(entry.unit)}</td>"
                f"<td>{escape(entry.help)}</td></tr>"
            )


def _figure(picture: _Picture) -> str:
    light, dark = (base64.b64encode(png).decode() for png in (picture.light, picture.dark))
    return _FIGURE.format(
        title=escape(picture.title),
        description=escape(picture.description),
        light=light,
        dark=dark,
        width=round(SIZE[0] * 100),
        height=round(SIZE[1] * 100),
    )


_FIGURE = """<figure>
<h2>{title}</h2>
<picture><source media="(prefers-color-scheme: dark)" srcset="data:image/png;base64,{dark}">
<img src="data:image/png;base64,{light}" width="{width}" height="{height}" alt="{description}">
</picture>
<figcaption>{description}</figcaption>
</figure>"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; {light} }}
@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}
body {{ margin: 0 auto; padding: 1.5rem; max-width: 96rem; background: var(--sheet);
  color: var(--text); font: 16px/1.5 system-ui, sans-serif; }}
h1 {{ font-size: 1.5rem; margin: 0; }} h2 {{ font-size: 1.05rem; margin: 0 0 .5rem; }}
p, figcaption, caption, td:last-child {{ color: var(--muted); }}
.figures {{ display: grid; gap: 1rem; margin: 1.5rem 0;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); }}
figure, section {{ margin: 0; padding: 1rem; background: var(--sheet); border-radius: .5rem;
  border: 1px solid var(--line); }}
section {{ margin-top: 1rem; overflow-x: auto; }}
img {{ display: block; width: 100%; height: auto; }}
figcaption {{ margin-top: .5rem; font-size: .875rem; }}
table {{ border-collapse: collapse; font-size: .9rem; }}
caption {{ text-align: left; padding-bottom: .5rem; }}
th, td {{ text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; font-variant-numeric: tabular-nums; }}
.results td, .results th:not(:first-child) {{ text-align: right; color: var(--text); }}
summary {{ margin-top: .75rem; cursor: pointer; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{summary}</p>
<section class="results"><h2>Results</h2>
{results}</section>
<div class="figures">
{figures}
</div>
<section><h2>Settings</h2>
<table><thead><tr><th scope="col">setting</th><th scope="col">value</th>
<th scope="col">unit</th><th scope="col">what it does</th></tr></thead>
<tbody>
{settings}
</tbody></table></section>
</body>
</html>
"""
