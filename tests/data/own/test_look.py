from __future__ import annotations

from pathlib import Path

import numpy as np

from vaegui.data.own.look import Look, look_at
from vaegui.data.own.proposal import propose
from vaegui.progress import no_progress


def look(path: Path) -> Look:
    proposal = propose(path, no_progress)
    opened = proposal.data.open(no_progress, proposal.contents)
    return look_at(proposal.data, opened, proposal.contents, proposal.profiles)


def test_examples_from_all_over_come_with_their_labels_and_every_layout(tmp_path: Path) -> None:
    y, x = np.mgrid[:12, :12]
    pictures = np.stack([np.uint8(127 + 100 * np.sin((x + y + i) / 4)) for i in range(90)])
    np.save(tmp_path / "x.npy", pictures)
    np.save(tmp_path / "y.npy", np.arange(90) % 3)
    seen = look(tmp_path / "x.npy")
    rows = [place.row for place in seen.places]
    assert (len(rows), rows[0], rows[-1]) == (60, 0, 89)
    assert np.array_equal(seen.examples, pictures[rows])
    assert seen.labels == tuple(str(row % 3) for row in rows)
    assert seen.classes == (("0", 30), ("1", 30), ("2", 30))
    assert sum(seen.parts.values()) == 90
    assert (seen.low, seen.high) == (0.0, 255.0)
    present, *others = seen.layouts
    assert np.array_equal(present.examples, pictures[:4])
    assert any(np.array_equal(o.examples, pictures[:4].swapaxes(1, 2)) for o in others)


def test_large_pictures_are_seen_as_thumbnails(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((5, 700, 500, 3), np.uint8))
    seen = look(tmp_path / "x.npy")
    assert seen.examples.shape == (5, 140, 100, 3)


def test_the_first_rows_of_a_table_are_words(tmp_path: Path) -> None:
    lines = ["length,colour,day", "1.5,red,2024-01-05", ",blue,2024-01-06"]
    lines += [f"{i}.25,red,2024-02-{1 + i % 28:02d}" for i in range(40)]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    seen = look(tmp_path / "t.csv")
    assert len(seen.examples) == 0
    assert seen.cells[:2] == (("1.5", "red", "2024-01-05"), ("", "blue", "2024-01-06"))
    assert [profile.name for profile in seen.profiles] == ["length", "colour", "day"]
    assert seen.layouts == ()
