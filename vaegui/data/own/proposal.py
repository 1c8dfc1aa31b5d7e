"""What a file probably is: a recipe with everything filled in, and what was guessed for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaegui.data.formats.all import detect
from vaegui.data.formats.base import Contents, FileFormat, Guess
from vaegui.data.own.layout_guesses import alternatives
from vaegui.data.own.own import OwnData
from vaegui.data.own.reading import arrays_of
from vaegui.progress import ProgressCallback

__all__ = ["Proposal", "propose"]


@dataclass(frozen=True, eq=False, slots=True)
class Proposal:
    """A recipe for a file, and what of it is a guess. Fields are named from the recipe on.

    ``contents`` is what was read for it: `OwnData.open` takes it.
    """

    data: OwnData
    guesses: tuple[Guess, ...]
    contents: Contents


def propose(
    path: Path,
    progress: ProgressCallback,
    correct: Callable[[FileFormat], FileFormat] | None = None,
) -> Proposal:
    """Look at a file or folder and fill in a recipe.

    Parameters
    ----------
    path
        The file or folder.
    correct
        Changes the format that was found, before the file is read, to what somebody said.

    Raises
    ------
    DataError
        If it is of no kind that can be opened, or damaged.
    Cancelled
        If ``progress`` raises it.
    """
    detected = detect(path)
    format = detected.format if correct is None else correct(detected.format)
    guesses = [
        Guess(f"format.{guess.field}", guess.reason, guess.alternatives)
        for guess in detected.guesses
        if getattr(format, guess.field, None) == getattr(detected.format, guess.field)
    ]
    chosen: dict[str, Any] = {"path": str(path.resolve()), "format": format}
    contents = OwnData.model_construct(**chosen).read(progress)
    arrays = arrays_of(contents)
    assert arrays is not None
    first = next(iter(arrays.values()))
    likeliest, *others = alternatives(first)
    chosen["layout"] = likeliest.layout
    different = tuple(other.layout for other in others)
    guesses.append(Guess("layout", likeliest.reason, different))
    data = OwnData(**chosen)
    shape = data.whole(contents, progress).source.spec.shape
    return Proposal(data.model_copy(update={"shape": shape}), tuple(guesses), contents)
