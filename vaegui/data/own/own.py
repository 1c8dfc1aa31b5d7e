"""Examples of one's own in files: the recipe that makes a dataset of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.data.composed.selected import SelectedRows
from vaegui.data.dataset import Dataset
from vaegui.data.formats.all import AnyFormat, require_file
from vaegui.data.formats.base import Contents
from vaegui.data.formats.npy import NpyFile
from vaegui.data.own.binarise import Binarise, NoBinarising, Threshold, Tossed
from vaegui.data.own.changed import feature_means, filled, without_features
from vaegui.data.own.columns.column import Column, log1p_features
from vaegui.data.own.layout.layout import Layout
from vaegui.data.own.left_out import LeftOut
from vaegui.data.own.opened import MOST_ENTRIES, Opened, ledger_of
from vaegui.data.own.reading import arrays_of, read_arrays, read_tables, tables_of
from vaegui.data.own.whole import OwnSplit, Whole, joined
from vaegui.data.scaling import Scaling
from vaegui.data.source import Part, Source
from vaegui.data.sources.array import ArraySource
from vaegui.data.statistics.row_facts import RowFacts, row_facts
from vaegui.declared import Choice, setting
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback

__all__ = ["MOST_COLUMNS", "OwnData"]

MOST_COLUMNS = 5000


class OwnData(Choice):
    """Examples in a file or folder of yours: arrays, pictures, tables."""

    label: ClassVar[str] = "Own data"
    local: ClassVar[bool] = False
    in_form: ClassVar[bool] = False

    kind: Literal["own"] = "own"
    path: str = setting("", title="File or folder", help="Where the examples are.", max_length=4096)
    format: AnyFormat = setting(NpyFile(), title="Format", help="How the file is read.")
    layout: Layout = setting(
        Layout(), title="Layout", help="What axes and values mean; for all but tables."
    )
    columns: tuple[Column, ...] = setting(
        (),
        title="Columns",
        help="What each column of a table is for, and how it becomes features.",
        max_length=MOST_COLUMNS,
    )
    missing: Literal["stop", "drop", "mean", "mask"] = setting(
        "stop",
        title="Missing values",
        help="Whether values that are missing or infinite are refused, leave their example out, "
        "become their feature's mean over the training part, or are masked: the encoder sees the "
        "mean, and only values that are there count in the loss.",
        words={
            "stop": "refuse to train (stop)",
            "drop": "leave the example out (drop)",
            "mean": "fill in the feature's mean (mean)",
            "mask": "mask: only values that are there count",
        },
    )
    binarise: Binarise = setting(
        NoBinarising(), title="Binarise", help="Whether values are made 0 or 1."
    )
    split: OwnSplit = setting(
        OwnSplit(), title="Parts", help="How examples are divided into parts."
    )
    left_out: LeftOut = setting(LeftOut(), title="Left out", help="Which examples are left out.")
    shape: tuple[int, ...] = setting(
        (), title="Shape", help="Shape of one example; found when the data are read.", max_length=3
    )

    def load(self, progress: ProgressCallback) -> Dataset:
        """The dataset alone. Raises as `open` does."""
        return self.open(progress).dataset

    def open(self, progress: ProgressCallback, contents: Contents | None = None) -> Opened:
        """Do all that the recipe says.

        Parameters
        ----------
        contents
            What `read` gave, if that was done already.

        Raises
        ------
        DataError
            If the files are gone, damaged, or not what the recipe is for; it says what to do.
        Cancelled
            If ``progress`` raises it.
        """
        contents = contents or self.read(progress)
        whole = self.whole(contents, progress)
        if not whole.source.spec.length:
            raise DataError(f"{self.name} has no examples.", "Choose a file that has some.")
        facts = self._facts(whole, progress)
        why = self.left_out.why(
            whole.source.spec.length, facts, whole.source.labels, self.missing == "drop"
        )
        kept = np.ones(whole.source.spec.length, np.bool_)
        kept[list(why)] = False
        rows = whole.divided(np.flatnonzero(kept), self.split)
        source = without_features(whole.source, self.left_out.features)
        dataset = self._dataset(source, rows)
        if self.missing in ("mean", "mask") and source.spec.dtype != "uint8":
            means = feature_means(SelectedRows(source, rows["train"]), progress)
            if self.missing == "mean":
                dataset = self._dataset(filled(source, means), rows)
            else:
                seen = self.binarise.apply(ArraySource(means[None])).read(slice(0, 1)).x[0]
                dataset = _masked(dataset, seen)
        gaps = None if self.missing not in ("mean", "mask") or facts is None else facts.missing
        ledger = (*contents.ledger, *ledger_of(whole, why, gaps))
        return Opened(
            dataset, whole, rows, ledger[:MOST_ENTRIES], contents.problems, self.left_out.features
        )

    def read(self, progress: ProgressCallback) -> Contents:
        """What the file has, before anything is done to it. Raises as `open` does."""
        if not self.path:
            raise DataError("It is not said which file the examples are in.", "Choose a file.")
        path = Path(self.path)
        if not path.exists():
            raise DataError(
                f"{path} is gone.", "Put it back where it was, or choose the data anew."
            )
        require_file(path)
        progress(f"Reading {self.name}", 0, None)
        return self.format.read(path, progress)

    def whole(self, contents: Contents, progress: ProgressCallback) -> Whole:
        """All examples as sources, before any is left out. Raises as `open` does."""
        arrays = arrays_of(contents)
        if arrays is not None:
            return joined(read_arrays(arrays, self.layout, progress))
        return joined(read_tables(tables_of(contents), self.columns, progress))

    @property
    def name(self) -> str:
        """What the data are called: the name of the file or folder."""
        return Path(self.path).name[:200] or "Own data"

    @property
    def binarised_each_step(self) -> bool:
        """Whether the model is trained on values of 0 and 1 that are drawn at each step."""
        return isinstance(self.binarise, Tossed)

    @property
    def white(self) -> float:
        """The largest value that there can be, where 0 is the smallest; 0 if there is none."""
        return 0.0 if self.columns else self.layout.white

    def _facts(self, whole: Whole, progress: ProgressCallback) -> RowFacts | None:
        may_be_missing = self.missing != "stop" and whole.source.spec.dtype != "uint8"
        if not (self.left_out.needs_facts or may_be_missing):
            return None
        return row_facts(whole.source, progress)

    def _dataset(self, source: Source, rows: dict[Part, NDArray[np.int64]]) -> Dataset:
        source = self.binarise.apply(source)
        parts = {name: SelectedRows(source, some) for name, some in rows.items()}
        return Dataset(
            self.name,
            parts["train"],
            parts["test"],
            self._scaling(source),
            validation=parts["validation"] if len(rows["validation"]) else None,
        )

    def _scaling(self, source: Source) -> Scaling:
        if source.spec.dtype == "uint8":
            return Scaling(1 / 255)
        if isinstance(self.binarise, Threshold):
            return Scaling()
        if not self.columns:
            return self.layout.scaling
        gone = set(self.left_out.features)
        flags = [flag for i, flag in enumerate(log1p_features(self.columns)) if i not in gone]
        return Scaling(log1p=tuple(flags) if any(flags) else None)


def _masked(dataset: Dataset, gaps: NDArray[np.float32]) -> Dataset:
    """A dataset whose gaps stay, and what stands for them where the model needs a number."""
    if len(dataset.shape) > 1:
        raise DataError(
            "Pictures with missing values cannot be masked.", "Fill them in, or leave them out."
        )
    return replace(dataset, scaling=replace(dataset.scaling, gaps=tuple(gaps.tolist())))
