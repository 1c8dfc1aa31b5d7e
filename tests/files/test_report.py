from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from matplotlib.image import imread

from tests.fakes import fake_prepared, fake_run
from vaegui.errors import FileError
from vaegui.files.report import make_folder, write_report
from vaegui.panels.all import PANELS
from vaegui.runs.run import Run


class Page(HTMLParser):
    """What a page contains: its pictures, its texts, and all addresses that it refers to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.alternatives: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(path.read_text("utf-8"))
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in ("meta", "source", "img"):
            self.open.append(tag)
        if tag == "img":
            self.alternatives.append(values["alt"] or "")
        self.addresses += [values[k] or "" for k in ("src", "srcset", "href") if k in values]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_panel_is_written_in_both_themes_at_twice_the_resolution(tmp_path: Path) -> None:
    write_report(fake_run(), tmp_path / "new" / "report")
    expected = {f"{panel.name}{end}.png" for panel in PANELS for end in ("", "-dark")}
    assert {p.name for p in (tmp_path / "new" / "report").iterdir()} == expected | {"index.html"}
    for name in expected:
        assert imread(tmp_path / "new" / "report" / name).shape[:2] == (900, 1200)
    light, dark = (imread(tmp_path / "new" / "report" / f"loss{end}.png") for end in ("", "-dark"))
    assert light[0, 0, :3].mean() > 0.8 > 0.2 > dark[0, 0, :3].mean()


def test_the_page_holds_all_its_pictures_and_describes_them(tmp_path: Path) -> None:
    write_report(fake_run(), tmp_path)
    page = Page(tmp_path / "index.html")
    assert len(page.alternatives) == len(PANELS)
    assert all(len(text) > 10 for text in page.alternatives)
    assert len(page.addresses) == 2 * len(PANELS)
    assert all(address.startswith("data:image/png;base64,") for address in page.addresses)
    assert "http" not in (tmp_path / "index.html").read_text("utf-8")


def test_the_page_has_the_settings_with_units_and_the_results(tmp_path: Path) -> None:
    run = fake_run()
    write_report(run, tmp_path)
    text = re.sub(r"\s+", " ", Page(tmp_path / "index.html").text)
    assert "training.batch_size128examplesExamples in each step" in text
    assert "architecture.widths512, 256units" in text
    assert "architecture.filters" not in text
    last = run.history.epochs[-1]
    for terms in (last.train, last.validation):
        assert terms is not None
        assert f"{terms.total:.2f}{terms.reconstruction:.2f}{terms.kl:.2f}" in text


def test_a_run_that_has_just_begun_is_reported_too(tmp_path: Path) -> None:
    write_report(Run(fake_prepared()), tmp_path)
    assert "No epoch was completed." in Page(tmp_path / "index.html").text


def test_names_of_data_are_not_taken_for_markup(tmp_path: Path) -> None:
    begun = fake_prepared()
    begun = replace(begun, data=replace(begun.data, name="<script>{x}</script>"))
    write_report(Run(begun), tmp_path)
    assert "<script>{x}</script>" in Page(tmp_path / "index.html").text


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "file", tmp_path / "file" / "report"):
        with pytest.raises(FileError, match="could not be written") as caught:
            make_folder(folder)
        assert caught.value.remedy
