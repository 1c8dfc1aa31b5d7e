"""What is known of own data, in words for a terminal and as a document for other programs."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from vaegui.data.formats.base import Guess, Problem
from vaegui.data.own.columns.column import Column
from vaegui.data.own.ledger import ledger_summary, place_text
from vaegui.data.own.own import OwnData
from vaegui.data.statistics.looks import FeatureLooks
from vaegui.declared import Declared
from vaegui.errors import Fix
from vaegui.training.settings.data_check import DataCheck

__all__ = ["check_document", "check_words", "guess_words", "options", "problem_words"]

_PLACES = 5
"""So many places of a problem are printed; `--json` has more."""
_MOST_CLASSES = 1000
_SHOWN_FEATURES = 20


def options(fix: Fix) -> str:
    """What is to be typed to have the settings of a fix."""
    return " ".join(f"--set {_assigned(path, value)}" for path, value in fix.values.items())


def guess_words(data: OwnData, guess: Guess) -> str:
    """A guess with its reason, and what is to be typed if something else is meant."""
    value: Any = data
    path = "data"
    for name in guess.field.split("."):
        value = value[int(name)] if isinstance(value, tuple) else getattr(value, name)
        path += f".{name}"
        if isinstance(value, Column) and "." not in value.name:
            path = path.removesuffix(name) + value.name
    others = [_other(path, value, other) for other in guess.alternatives]
    meant = f" Or else: {'; '.join(others)}" if others else ""
    shown = "" if isinstance(value, Declared) else f" = {_written(value)}"
    return f"{path}{shown}: {guess.reason}.{meant}"


def problem_words(problem: Problem) -> list[str]:
    """A problem in some lines: what, its effect, where, and what mends it."""
    lines = [f"{problem.sentence} {problem.effect}"]
    if problem.places:
        shown = "; ".join(place_text(place) for place in problem.places[:_PLACES])
        more = problem.count - min(_PLACES, len(problem.places))
        lines.append(f"where: {shown}{f'; and {more:,} more' if more > 0 else ''}")
    if problem.fix is not None:
        lines.append(f"{problem.fix.label}: {options(problem.fix)}")
    return lines


def check_words(check: DataCheck) -> str:
    """All that was found, for a terminal."""
    data = check.settings.data
    assert isinstance(data, OwnData)
    lines = [f"{data.path}: {data.format.label}", *_indented(_about(check))]
    sections = {
        "Guessed": [[guess_words(data, guess)] for guess in check.guesses],
        "Problems": [problem_words(problem) for problem in check.problems],
        "Advice": [[advice.sentence, options(advice.fix)] for advice in check.advice],
        "Left out or changed": [[line] for line in ledger_summary(check.ledger)],
    }
    for heading, entries in sections.items():
        lines += ["", f"{heading}:"]
        for first, *others in entries:
            lines += [f"  {first}", *(f"      {other}" for other in others)]
        if not entries:
            lines.append("  nothing")
    return "\n".join(lines)


def check_document(check: DataCheck) -> dict[str, Any]:
    """All that was found, for JSON. What may be long is cut: features, places, classes."""
    dataset, data = check.dataset, check.settings.data
    assert isinstance(data, OwnData)
    return {
        "path": data.path,
        "format": data.format.label,
        "shape": list(dataset.shape),
        "dtype": dataset.train.spec.dtype,
        "examples": {name: part.spec.length for name, part in dataset.parts.items()},
        "classes": _classes(check),
        "features": [_feature(looks) for looks in check.looks],
        "guesses": [
            {
                "setting": f"data.{guess.field}",
                "reason": guess.reason,
                "alternatives": [_plain(other) for other in guess.alternatives],
            }
            for guess in check.guesses
        ],
        "problems": [_problem(problem) for problem in check.problems],
        "advice": [
            {"kind": a.kind, "sentence": a.sentence, "settings": a.fix.values} for a in check.advice
        ],
        "pca_errors": list(check.floor.errors) if check.floor else None,
        "sampled": check.sampled,
        "ledger_entries": len(check.ledger),
        "settings": check.settings.model_dump(mode="json"),
    }


def _about(check: DataCheck) -> Iterator[str]:
    dataset = check.dataset
    shape = " by ".join(map(str, dataset.shape))
    yield f"{check.source.spec.length:,} examples of {shape} values ({dataset.train.spec.dtype})"
    counts = ", ".join(f"{name} {part.spec.length:,}" for name, part in dataset.parts.items())
    yield f"parts: {counts}"
    if classes := _classes(check):
        shown = ", ".join(f"{name} ({count:,})" for name, count in list(classes.items())[:20])
        yield f"classes: {shown}{', ...' if len(classes) > 20 else ''} (labels only colour points)"
    if check.sampled:
        yield check.sampled
    for looks in check.looks[:_SHOWN_FEATURES]:
        unit = f" {looks.unit}" if looks.unit else ""
        gaps = f", {looks.missing:,} missing" if looks.missing else ""
        yield (
            f"{looks.name}: {looks.low:.6g} to {looks.high:.6g}{unit}, mean {looks.mean:.6g}, "
            f"sd {looks.sd:.6g}{gaps}"
        )
    if len(check.looks) > _SHOWN_FEATURES:
        yield f"... {dataset.shape[0]:,} features"


def _classes(check: DataCheck) -> dict[str, int]:
    labels, names = check.source.labels, check.source.spec.names.classes
    if labels is None or names is None:
        return {}
    counts = np.bincount(labels, minlength=len(names)).tolist()
    return dict(list(zip(names, counts, strict=True))[:_MOST_CLASSES])


def _feature(looks: FeatureLooks) -> dict[str, Any]:
    numbers = {n: _finite(getattr(looks, n)) for n in ("low", "high", "mean", "sd")}
    return {**asdict(looks), **numbers}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "sentence": problem.sentence,
        "effect": problem.effect,
        "places": [place_text(place) for place in problem.places],
        "count": problem.count,
        "prevents": problem.prevents,
        "remedy": problem.fix and {"label": problem.fix.label, "settings": problem.fix.values},
    }


def _other(path: str, value: Any, other: Any) -> str:
    """What is to be typed to have another value."""
    if not isinstance(other, Declared):
        return f"--set {_assigned(path, other)}"
    now, then = value.model_dump(mode="json"), other.model_dump(mode="json")
    changed = {name: new for name, new in then.items() if now.get(name) != new}
    return " ".join(f"--set {_assigned(f'{path}.{name}', new)}" for name, new in changed.items())


def _assigned(path: str, value: Any) -> str:
    return shlex.quote(f"{path}={_written(value)}")


def _written(value: Any) -> str:
    """A value as it is typed after ``--set PATH=``."""
    if isinstance(value, list | tuple) and all(isinstance(one, int | float) for one in value):
        return ",".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, Declared) else value


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _indented(lines: Iterator[str]) -> list[str]:
    return [f"  {line}" for line in lines]
