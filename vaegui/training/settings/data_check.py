"""What is wrong with the data of some settings, and which settings would suit them better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaegui.data.advice.advice import Advice, sample_size
from vaegui.data.advice.latent_units import LinearFloor, latent_units_advice, linear_floor
from vaegui.data.advice.likelihood import likelihood_advice
from vaegui.data.advice.logarithms import logarithm_advice
from vaegui.data.checks.all import Findings, findings, in_order
from vaegui.data.checks.duplicates.near import MOST_OTHERS, MOST_TRAINING
from vaegui.data.checks.problem import Examined
from vaegui.data.dataset import Dataset
from vaegui.data.formats.base import Contents, FileFormat, Guess, LedgerEntry, Problem
from vaegui.data.own.columns.profile import ColumnProfile
from vaegui.data.own.opened import Opened
from vaegui.data.own.own import OwnData
from vaegui.data.own.proposal import propose
from vaegui.data.source import Part, Source
from vaegui.data.statistics.looks import FeatureLooks, feature_looks
from vaegui.data.statistics.row_facts import RowFacts
from vaegui.errors import DataError, Fix
from vaegui.progress import ProgressCallback, no_progress
from vaegui.training.settings.settings import Settings

__all__ = ["DataCheck", "Proposed", "check_data", "proposed_settings", "taken"]

_FORMAT = "data.format."
_ROUNDS = 5


@dataclass(frozen=True, eq=False, slots=True)
class Proposed:
    """Settings for a file: what is read how, and what of it is a guess.

    Fields of guesses are named from ``data`` on: ``layout`` is the setting ``data.layout``.
    ``contents`` is what was read for it; ``profiles`` are the columns of a table.
    """

    settings: Settings
    guesses: tuple[Guess, ...]
    contents: Contents
    profiles: tuple[ColumnProfile, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Read:
    """What depends on the data alone, and is found by reading them through.

    Attributes
    ----------
    opened
        What the recipe made.
    dataset
        The same in the data's own units, with its summary.
    facts
        Of the examples of each part.
    looks
        What the features look like over all examples that are used.
    findings
        What each check found.
    """

    opened: Opened
    dataset: Dataset
    facts: Mapping[Part, RowFacts]
    looks: tuple[FeatureLooks, ...]
    findings: Findings


@dataclass(frozen=True, eq=False, slots=True)
class DataCheck:
    """What a check of own data found.

    Attributes
    ----------
    settings
        Those that were checked, with the shape that the data turned out to have.
    read
        What depends on the data alone.
    dataset
        The data as the model will see them.
    problems
        The gravest first.
    advice
        What differs from the settings.
    floor
        What the best linear reconstruction leaves, or None if that cannot be found.
    guesses
        What of the settings was found out by looking; fields are named from ``data`` on.
    """

    settings: Settings
    read: Read
    dataset: Dataset
    problems: tuple[Problem, ...]
    advice: tuple[Advice, ...]
    floor: LinearFloor | None
    guesses: tuple[Guess, ...] = ()

    @property
    def opened(self) -> Opened:
        """What the recipe made."""
        return self.read.opened

    @property
    def looks(self) -> tuple[FeatureLooks, ...]:
        """What the features look like over all examples that are used."""
        return self.read.looks

    @property
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """Every example, or value of one, that was left out or changed."""
        return self.opened.ledger

    @property
    def source(self) -> Source:
        """All examples of the files in their order, before any is left out."""
        return self.opened.whole.source

    @property
    def sampled(self) -> str:
        """What was judged by some of the examples only, a sentence; '' if nothing was."""
        train, *others = (part.spec for part in self.dataset.parts.values())
        told = []
        if train.length > MOST_TRAINING or any(part.length > MOST_OTHERS for part in others):
            told.append(
                f"near-duplicates by up to {MOST_TRAINING:,} training examples and "
                f"{MOST_OTHERS:,} of each other part"
            )
        if sample_size(train) < train.length:
            told.append(f"advice by {sample_size(train):,} training examples")
        if not told:
            return ""
        return f"Found with some examples, evenly chosen: {', '.join(told)}. All else with all."

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """Whatever would mend a problem or follow an advice."""
        fixes = (*(problem.fix for problem in self.problems), *(a.fix for a in self.advice))
        return tuple(fix for fix in fixes if fix is not None)

    @property
    def advised(self) -> DataCheck:
        """The same data with every remedy and every advice taken. It reads them again."""
        return taken(self)[0]


def proposed_settings(
    path: Path,
    values: Mapping[str, Any] | None = None,
    progress: ProgressCallback = no_progress,
    base: Settings | None = None,
) -> Proposed:
    """Find out what a file is, and make settings of it.

    Parameters
    ----------
    path
        A file or folder.
    values
        Settings by dotted path that go before what is found out.
    base
        All settings but those of the data.

    Raises
    ------
    DataError
        If it cannot be opened.
    SettingsError
        If a value is wrong; it names the setting.
    """
    base, values = base or Settings(), dict(values or {})
    of_format = {name: value for name, value in values.items() if name.startswith(_FORMAT)}
    found = propose(path, progress, lambda format: _corrected(format, of_format))
    rest = {name: value for name, value in values.items() if name not in of_format}
    settings = base.with_data(found.data).with_values(rest)
    return Proposed(settings, found.guesses, found.contents, found.profiles)


def check_data(
    settings: Settings,
    progress: ProgressCallback = no_progress,
    proposed: Proposed | None = None,
    known: DataCheck | None = None,
    on_opened: Callable[[Opened], object] | None = None,
) -> DataCheck:
    """Read the data of some settings through and judge them.

    Parameters
    ----------
    settings
        With data of one's own.
    proposed
        What was found out and read of them already.
    known
        An earlier check. If its data are the same, they are not read through again.
    on_opened
        Called with what the recipe made, before that is judged.

    Raises
    ------
    DataError
        If they cannot be read.
    Cancelled
        If ``progress`` raises it.
    """
    data = settings.data
    if not isinstance(data, OwnData):
        raise DataError(f"{data.label} needs no check.", "Choose a file or folder of yours.")
    same = known.read if known is not None and known.settings.data == data else None
    read_so = proposed is not None and _own(proposed.settings).format == data.format
    contents = proposed.contents if proposed is not None and read_so else None
    opened = same.opened if same else data.open(progress, contents)
    if on_opened is not None:
        on_opened(opened)
    read, facts = (same.dataset, same.facts) if same else opened.dataset.examined_by_row(progress)
    settings = settings.with_data(data.model_copy(update={"shape": read.shape}))
    dataset = settings.rescale.apply(read)
    examined = Examined(
        opened,
        dataset,
        facts,
        (0.0, 1.0) if settings.likelihood.unit_interval or data.binarised_each_step else None,
        settings.training.batch_size,
        progress,
    )
    looks = same.looks if same else feature_looks(read.train, tuple(read.summary.parts.values()))
    found = findings(examined, progress, same.findings if same else None)
    progress("Looking for settings that suit the data", 0, None)
    floor = linear_floor(dataset)
    advised = [
        likelihood_advice(read, data.white, binarised_each_step=data.binarised_each_step),
        logarithm_advice(read, data.columns),
    ]
    advised += [latent_units_advice(floor, settings.latent_units)] if floor else []
    advice = tuple(a for a in advised if a is not None and not _has(settings, a.fix))
    guesses = proposed.guesses if proposed else ()
    whole = Read(opened, read, facts, looks, found)
    return DataCheck(settings, whole, dataset, in_order(found), advice, floor, guesses)


def taken(
    check: DataCheck, progress: ProgressCallback = no_progress, proposed: Proposed | None = None
) -> tuple[DataCheck, tuple[Fix, ...]]:
    """Take every remedy and every advice, until there is nothing more to take.

    Returns
    -------
    check
        Of the settings that come of it.
    fixes
        What was taken, in order.
    """
    done: list[Fix] = []
    for _ in range(_ROUNDS):
        new = [fix for fix in check.fixes if fix not in done]
        if not new:
            break
        settings = check.settings
        for fix in new:
            settings = settings.with_values(fix.values)
        done += new
        check = check_data(settings, progress, proposed, check)
    return check, tuple(done)


def _own(settings: Settings) -> OwnData:
    assert isinstance(settings.data, OwnData)
    return settings.data


def _has(settings: Settings, fix: Fix) -> bool:
    return settings.with_values(fix.values) == settings


def _corrected(format: FileFormat, values: dict[str, Any]) -> FileFormat:
    """A format with some of its settings set otherwise, named from ``data`` on."""
    if not values:
        return format
    settings = Settings(data=OwnData.model_validate({"format": format.model_dump()}))
    data = settings.with_values(values).data
    assert isinstance(data, OwnData)
    return data.format
