"""Data of one's own on the command line: what a file is, and settings to train on it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, get_args

from cyclopts import Parameter

from vaegui.cli.data_words import (
    check_document,
    check_words,
    guess_words,
    options,
    problem_words,
)
from vaegui.cli.progress import Display
from vaegui.cli.settings import parsed
from vaegui.data import DataChoice, Dataset, NoData
from vaegui.data.own.ledger import ledger_csv, ledger_json
from vaegui.data.own.own import OwnData
from vaegui.errors import DataError
from vaegui.training.settings.accepted import kind_of, one_of
from vaegui.training.settings.data_check import DataCheck, check_data, proposed_settings, taken
from vaegui.training.settings.settings import Settings

__all__ = [
    "MissingWords",
    "also_missing",
    "named_data",
    "own_path",
    "ready_to_train",
    "show_data",
]


MissingWords = Annotated[
    tuple[str, ...], Parameter(name="--missing", negative="", show_default=False)
]


def show_data(
    path: Path,
    *,
    set_: Annotated[tuple[str, ...], Parameter(name="--set", negative="", show_default=False)] = (),
    missing: MissingWords = (),
    ledger: Path | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative="", show_default=False)] = False,
) -> int:
    """Say what a file or folder holds, what is wrong with it, and what settings suit it.

    Parameters
    ----------
    path
        The file or folder.
    set_
        PATH=VALUE for a setting that goes before what was found out, such as
        data.format.delimiter=semicolon; "vaegui train --help" lists them all.
    missing
        A word that stands in cells of a text file without a value, beside those that were found;
        may be given again and again.
    ledger
        A .csv or .json file to write, with every example that is left out or changed.
    json_
        Print one line of JSON on stdout.
    """
    check = _checked(path, {**also_missing(missing), **parsed(set_)}, Settings())
    if ledger is not None:
        _write_ledger(ledger, check)
    print(json.dumps(check_document(check)) if json_ else check_words(check))
    return 0


def also_missing(words: tuple[str, ...]) -> dict[str, Any]:
    """The settings that ``--missing`` is short for."""
    return {"data.format.also_missing": list(words)} if words else {}


def own_path(data: str | None, values: dict[str, Any]) -> Path | None:
    """The file that ``--data`` names, or ``--set data.path``; None if it names other data.

    Raises
    ------
    DataError
        If it is neither a name nor a file.
    """
    if data is None:
        return Path(str(values["data.path"])) if "data.path" in values else None
    kinds = [kind_of(choice) for choice in get_args(get_args(DataChoice)[0]) if choice.offered]
    if data in kinds and data != kind_of(OwnData):
        return None
    if not Path(data).exists():
        names = one_of(kind for kind in kinds if kind != kind_of(OwnData))
        raise DataError(
            f"There are no data and no file called {data}.",
            f"Give the name of a file or folder, or {names}.",
        )
    return Path(data)


def named_data(data: str) -> DataChoice:
    """The data that a word names: some of the program's, none, or a file or folder.

    Raises
    ------
    DataError
        If it is neither a name nor a file, or the file cannot be read.
    """
    if data == kind_of(NoData):
        return NoData()
    path = own_path(data, {})
    if path is None:
        return Settings().with_values({"data.kind": data}).data
    with Display() as display:
        return proposed_settings(path, progress=display.progress).settings.data


def ready_to_train(
    path: Path, values: dict[str, Any], base: Settings, *, take_advice: bool
) -> tuple[Settings, Dataset] | None:
    """Settings for a file, and its examples; stderr says what was decided, and why.

    Parameters
    ----------
    values
        Settings by dotted path that go before what is found out.
    base
        All others.
    take_advice
        Whether to take every remedy and every advice.

    Returns
    -------
    tuple or None
        None if training would fail; stderr then says why, where, and what options mend it.
    """
    check = _checked(path, values, base, take_advice=take_advice)
    data = check.settings.data
    assert isinstance(data, OwnData)
    for guess in check.guesses:
        _tell(guess_words(data, guess))
    for problem in check.problems:
        first, *others = problem_words(problem)
        _tell(first)
        for line in others:
            _tell(f"    {line}")
    if any(problem.prevents for problem in check.problems):
        _tell("Nothing was trained. --take-advice takes every remedy and every advice.")
        return None
    for advice in check.advice:
        _tell(f"{advice.sentence} {options(advice.fix)}")
    return check.settings, check.opened.dataset


def _checked(
    path: Path, values: dict[str, Any], base: Settings, *, take_advice: bool = False
) -> DataCheck:
    with Display() as display:
        proposed = proposed_settings(path, values, display.progress, base)
        check = check_data(proposed.settings, display.progress, proposed)
        if not take_advice:
            return check
        check, fixes = taken(check, display.progress, proposed)
    for fix in fixes:
        _tell(f"{fix.label}: {options(fix)}")
    return check


def _write_ledger(path: Path, check: DataCheck) -> None:
    from vaegui.files.atomic import replacing

    if path.suffix not in (".csv", ".json"):
        raise DataError(f"{path} ends neither in .csv nor in .json.", "Give such a name.")
    text = ledger_csv(check.ledger) if path.suffix == ".csv" else ledger_json(check.ledger)
    with replacing(path) as temporary:
        temporary.write_text(text, "utf-8")


def _tell(sentence: str) -> None:
    print(f"vaegui: {sentence}", file=sys.stderr)
