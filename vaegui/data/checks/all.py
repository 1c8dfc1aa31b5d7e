"""All checks, and the problems that they find."""

from __future__ import annotations

from vaegui.data.checks.blank import blank
from vaegui.data.checks.classes import single_examples
from vaegui.data.checks.constant_features import constant_features
from vaegui.data.checks.duplicates.exact import duplicates, leaked
from vaegui.data.checks.duplicates.near import near_duplicates
from vaegui.data.checks.few_examples import few_examples
from vaegui.data.checks.groups import divided_groups
from vaegui.data.checks.logarithms import no_logarithms
from vaegui.data.checks.missing import missing
from vaegui.data.checks.out_of_range import out_of_range
from vaegui.data.checks.problem import Check, Examined, Problem
from vaegui.data.checks.skipped import skipped
from vaegui.progress import ProgressCallback

__all__ = ["CHECKS", "problems_of"]

CHECKS: tuple[Check, ...] = (
    missing,
    no_logarithms,
    out_of_range,
    leaked,
    divided_groups,
    near_duplicates,
    duplicates,
    blank,
    constant_features,
    single_examples,
    few_examples,
    skipped,
)
"""The gravest come first."""


def problems_of(examined: Examined, progress: ProgressCallback) -> tuple[Problem, ...]:
    """Do all checks. Raises `DataError` if examples cannot be read, and what ``progress`` does."""
    found: list[Problem] = []
    for done, check in enumerate(CHECKS):
        progress("Checking the data", done, len(CHECKS))
        found += check(examined)
    return tuple(sorted(found, key=lambda problem: not problem.prevents))
