"""All checks, and the problems that they find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

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
from vaegui.data.checks.problem import Check, Examined
from vaegui.data.formats.base import Problem
from vaegui.progress import ProgressCallback

__all__ = ["CHECKS", "Findings", "findings", "in_order"]

Findings = Mapping[Check, tuple[Problem, ...]]
"""What each check found."""


def of_the_files(examined: Examined) -> Iterator[Problem]:
    """What was found when the files were read."""
    yield from examined.opened.problems


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
    of_the_files,
)
"""The gravest come first."""


OF_DATA: frozenset[Check] = frozenset({leaked, divided_groups, near_duplicates, duplicates, blank})
"""Those that come to the same as long as the data do, whatever the other settings."""


def findings(
    examined: Examined, progress: ProgressCallback, known: Findings | None = None
) -> Findings:
    """Do all checks, but for those ``OF_DATA`` that were done with the same data: ``known``.

    Raises `DataError` if examples cannot be read, and what ``progress`` does.
    """
    found: dict[Check, tuple[Problem, ...]] = {}
    for done, check in enumerate(CHECKS):
        progress("Checking the data", done, len(CHECKS))
        is_known = known is not None and check in OF_DATA
        found[check] = known[check] if known and is_known else tuple(check(examined))
    return found


def in_order(found: Findings) -> tuple[Problem, ...]:
    """The problems, the gravest first."""
    return tuple(
        sorted(chain.from_iterable(found.values()), key=lambda problem: not problem.prevents)
    )
