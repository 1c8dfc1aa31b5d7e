"""The engine's rates against other tools' as a picture."""

from __future__ import annotations

import re
from pathlib import Path

from matplotlib.figure import Figure

__all__ = ["draw"]

_RATIO = re.compile(
    r"\| (?P<net>.+): training rate, engine / (?P<peer>\S+) "
    r"\| (?P<ratio>[\d.]+) \((?P<low>[\d.]+) to (?P<high>[\d.]+)\) \| at least (?P<target>[\d.]+)"
)
COLOURS = {True: "#2a7f62", False: "#b5651d"}


def draw(rows: list[str], path: Path) -> None:
    """Draw all rows of the table that are ratios of training rates, as PNG.

    A bar is the median over pairs, its whisker goes from the smallest to the largest ratio, and a
    line across it is the target.
    """
    found = [match for row in rows if (match := _RATIO.match(row))]
    figure = Figure((7.2, 0.9 + 0.42 * len(found)), layout="constrained")
    axes = figure.subplots()
    for place, match in enumerate(found):
        ratio, low, high, target = (float(match[n]) for n in ("ratio", "low", "high", "target"))
        colour = COLOURS[ratio >= target]
        whisker = [[ratio - low], [high - ratio]]
        axes.barh(place, ratio - 1, 0.6, 1, color=colour, xerr=whisker, ecolor="#555555")
        axes.plot([target, target], [place - 0.4, place + 0.4], color="black", linewidth=1.5)
    labels = [f"{match['net']}\nagainst {match['peer']}" for match in found]
    axes.set_yticks(range(len(found)), labels, fontsize=8)
    axes.set_facecolor("white")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("times as many examples a second (bar: median; line across: target)")
    axes.axvline(1, color="#999999", linewidth=0.8)
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)
