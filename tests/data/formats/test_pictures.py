from __future__ import annotations

import io
import os
import signal
import struct
import sys
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.data.formats.picture_makers import fine_png, fine_tiff, packed, picture, saved
from tests.hostile.archives import zipped
from vaegui.data.formats.base import Arrays, Contents
from vaegui.data.formats.pictures import Pictures
from vaegui.data.stored import decoded
from vaegui.errors import Cancelled, DataError
from vaegui.progress import no_progress
from vaegui.reading import child
from vaegui.reading import pictures as reading

ALL = slice(0, 10**6)


def detected(path: Path) -> Pictures:
    found = Pictures.detect(path)
    assert found is not None
    assert isinstance(found.format, Pictures)
    return found.format


def changed(format: Pictures, **fields: Any) -> Pictures:
    return Pictures(**{**format.model_dump(), **fields})


def read(path: Path, **fields: Any) -> Contents:
    return changed(detected(path), **fields).read(path, no_progress)


def part(contents: Contents, name: Any = "all") -> Arrays:
    arrays = contents.parts[name]
    assert isinstance(arrays, Arrays)
    return arrays


def x_of(path: Path, **fields: Any) -> np.ndarray:
    return part(read(path, **fields)).x[ALL]


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif", "webp", "ppm", "jpg"])
@pytest.mark.parametrize("colour", [True, False])
def test_pictures_of_each_kind_come_as_they_are(tmp_path: Path, suffix: str, colour: bool) -> None:
    options = {"lossless": True} if suffix == "webp" else {}
    expected = [picture(i, colour=colour) for i in range(3)]
    for i, pixels in enumerate(expected):
        saved(tmp_path / f"{i}.{suffix}", pixels, **options)
    found = x_of(tmp_path)
    assert found.dtype == np.uint8
    if suffix == "jpg":
        assert np.abs(found.astype(int) - np.stack(expected)).mean() < 15
    else:
        np.testing.assert_array_equal(found, np.stack(expected))


@pytest.mark.parametrize("as_zip", [False, True])
@pytest.mark.parametrize("top", ["", "my pictures/"])
def test_folders_are_parts_and_labels(tmp_path: Path, as_zip: bool, top: str) -> None:
    folder = tmp_path / "data"
    for i, where in enumerate(("train/cat", "train/cat", "train/dog", "val/cat", "test/dog")):
        saved(folder / top / where / f"{i}.png", picture(i))
    saved(folder / top / "__MACOSX" / "train" / "._0.png", picture(0))
    path = packed(folder, tmp_path / "data.zip") if as_zip else folder
    contents = read(path)
    assert list(contents.parts) == ["train", "validation", "test"]
    assert [part(contents, name).labels.tolist() for name in contents.parts] == [  # type: ignore[union-attr]
        ["cat", "cat", "dog"], ["cat"], ["dog"],
    ]  # fmt: skip
    np.testing.assert_array_equal(part(contents, "test").x[ALL], picture(4)[None])
    assert part(contents, "test").files == [f"{top}test/dog/4.png"]
    together = part(read(path, parts=False, labels="none"))
    assert (together.length, together.labels) == (5, None)


@pytest.mark.parametrize(
    "table",
    [
        "file,label\n{}0.png,cat\n{}1.png,dog\n",
        "\ufefflabel;id\r\ncat;0\r\ndog;1\r\n",
        "weight\tname\tclass\n2.5\t{}0.png\tcat\n3.5\t{}1.png\tdog\n9\tother.png\tdog\n",
    ],
)
@pytest.mark.parametrize("inside", ["", "images/"])
@pytest.mark.parametrize("as_zip", [False, True])
def test_a_table_beside_has_the_labels(
    tmp_path: Path, table: str, inside: str, as_zip: bool
) -> None:
    folder = tmp_path / "data"
    for i in range(3):
        saved(folder / inside / f"{i}.png", picture(i))
    (folder / "labels.csv").write_text(table.replace("{}", inside), "utf-8", newline="")
    path = packed(folder, tmp_path / "x.zip") if as_zip else folder
    assert part(read(path)).labels.tolist() == ["cat", "dog", "(none)"]  # type: ignore[union-attr]
    with pytest.raises(DataError, match="columns"):
        read(path, label_column="colour")


def test_a_table_of_something_else_is_not_taken_for_labels(tmp_path: Path) -> None:
    saved(tmp_path / "0.png", picture(0))
    for name, content in (("a.csv", b"x,y\n1,2\n"), ("b.csv", b"\0\xff" * 99), ("c.txt", b"hello")):
        (tmp_path / name).write_bytes(content)
    assert detected(tmp_path).labels == "none"


def test_sizes_are_made_equal_as_is_chosen(tmp_path: Path) -> None:
    red = np.zeros((40, 80, 3), np.uint8)
    red[:, 20:60] = (255, 0, 0)
    saved(tmp_path / "0.png", red)
    for i in range(1, 4):
        saved(tmp_path / f"{i}.png", np.full((40, 40, 3), (255, 0, 0), np.uint8))
    found = Pictures.detect(tmp_path)
    assert found is not None
    assert (found.format.width, found.format.height, found.format.fit) == (40, 40, "crop")  # type: ignore[attr-defined]
    assert {guess.field for guess in found.guesses} >= {"width", "height", "fit"}
    cropped, stretched, fitted = (x_of(tmp_path, fit=fit)[0] for fit in ("crop", "stretch", "fit"))
    assert (cropped[:, :, 0] > 250).all()
    assert (stretched[:, 0] == 0).all()
    assert (stretched[20, 20] == (255, 0, 0)).all()
    assert (fitted[0] == 255).all()
    assert (fitted[20, 20] == (255, 0, 0)).all()
    assert (x_of(tmp_path, fit="fit", background="black")[0, 0] == 0).all()


def test_large_pictures_are_proposed_small_and_may_stay_large(tmp_path: Path) -> None:
    saved(tmp_path / "0.jpg", picture(0, 1000, 500))
    found = Pictures.detect(tmp_path)
    assert found is not None
    assert (found.format.width, found.format.height) == (64, 32)  # type: ignore[attr-defined]
    assert 1000 in next(g for g in found.guesses if g.field == "width").alternatives
    assert x_of(tmp_path, width=1000, height=500).shape == (1, 500, 1000, 3)


def test_grey_pictures_saved_in_colour_are_found_to_be_grey(tmp_path: Path) -> None:
    grey = picture(0, colour=False)
    saved(tmp_path / "0.png", np.stack([grey] * 3, axis=-1))
    saved(tmp_path / "1.png", grey)
    np.testing.assert_array_equal(x_of(tmp_path), np.stack([grey, grey]))
    assert x_of(tmp_path, colour=True).shape == (2, 8, 12, 3)


def test_palettes_and_transparency_are_resolved(tmp_path: Path) -> None:
    clear = np.zeros((8, 12, 4), np.uint8)
    clear[:4] = (10, 200, 30, 255)
    saved(tmp_path / "0.png", clear)
    Image.fromarray(clear).convert("P").save(tmp_path / "1.png")
    Image.fromarray(clear[..., 3]).convert("1").save(tmp_path / "2.png")
    Image.fromarray(clear).convert("LA").save(tmp_path / "3.png")
    Image.fromarray(picture(0)).convert("CMYK").save(tmp_path / "4.tif")
    found = x_of(tmp_path)
    assert (found[0, 0, 0] == (10, 200, 30)).all()
    assert (found[0, 7, 0] == 255).all()
    assert np.abs(found[1, 0, 0].astype(int) - (10, 200, 30)).max() < 40
    assert (found[2, 0, 0] == 255).all()
    assert (found[3, 7, 0] == 255).all()
    assert np.abs(found[4].astype(int) - picture(0)).mean() < 30
    assert (x_of(tmp_path, background="black")[0, 7, 0] == 0).all()


def test_pictures_are_turned_as_the_camera_says(tmp_path: Path) -> None:
    upright = picture(0, 12, 8)
    exif = Image.Exif()
    exif[0x0112] = 6  # its top is on the right
    turned = np.rot90(upright)
    saved(tmp_path / "0.png", turned, exif=exif)
    np.testing.assert_array_equal(x_of(tmp_path), upright[None])


@pytest.mark.parametrize("suffix", ["png", "tif", "pgm"])
def test_sixteen_bits_stay_sixteen_bits(tmp_path: Path, suffix: str) -> None:
    fine = (picture(0, colour=False).astype(np.uint16) * 200) + 7
    saved(tmp_path / f"0.{suffix}", fine)
    found = x_of(tmp_path)
    assert found.dtype == np.uint16
    np.testing.assert_array_equal(found[0], fine)
    assert np.abs(x_of(tmp_path, bits=8)[0].astype(int) - fine / 257).max() <= 1
    np.testing.assert_array_equal(
        x_of(tmp_path, width=24, height=16, fit="stretch").shape, (1, 16, 24)
    )


FINE = np.random.default_rng(0).integers(0, 1 << 16, (9, 12, 3))


@pytest.mark.parametrize("kind", ["png", "little-endian tiff", "big-endian tiff"])
def test_colours_of_sixteen_bits_keep_all_of_them(tmp_path: Path, kind: str) -> None:
    if kind == "png":
        fine_png(tmp_path / "0.png", FINE)
    else:
        fine_tiff(tmp_path / "0.tif", FINE, "<" if kind.startswith("little") else ">")
    found = x_of(tmp_path)
    assert found.dtype == np.uint16
    np.testing.assert_array_equal(found[0], FINE)
    assert np.abs(x_of(tmp_path, bits=8)[0] - FINE / 257).max() <= 1
    assert x_of(tmp_path, width=5, height=4, fit="fit").shape == (1, 4, 5, 3)


@pytest.mark.parametrize("order", ["<", ">"])
def test_colours_of_sixteen_bits_in_planes_are_refused_rather_than_read_wrong(
    tmp_path: Path, order: str
) -> None:
    path = fine_tiff(tmp_path / "0.tif", FINE, order, planes=True)
    with Image.open(path) as opened:  # a picture, which Pillow decodes to other colours
        assert opened.size == (12, 9)
    with pytest.raises(DataError, match="in planes"):
        x_of(tmp_path)


def test_behind_transparent_colours_of_sixteen_bits_is_the_background(tmp_path: Path) -> None:
    alpha = np.where(np.arange(9)[:, None, None] < 4, 0, 65535) * np.ones((1, 12, 1))
    fine_png(tmp_path / "0.png", np.concatenate([FINE, alpha], axis=2))
    found = x_of(tmp_path, background="black")[0]
    np.testing.assert_array_equal(found[4:], FINE[4:])
    assert not found[:4].any()


def test_pictures_of_eight_bits_among_finer_ones_span_the_same_range(tmp_path: Path) -> None:
    fine_png(tmp_path / "0.png", FINE)
    coarse = picture(1, 12, 9)
    saved(tmp_path / "1.png", coarse)
    np.testing.assert_array_equal(x_of(tmp_path)[1], coarse.astype(int) * 257)


def test_numbers_of_any_size_in_a_tiff_stay_what_they_are(tmp_path: Path) -> None:
    values = picture(0, colour=False).astype(np.float32) / 7 - 3
    saved(tmp_path / "0.tiff", values)
    found = x_of(tmp_path)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found[0], values)


def test_pages_of_a_tiff_are_examples(tmp_path: Path) -> None:
    pages = [Image.fromarray(picture(i, colour=False)) for i in range(4)]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    pages[0].save(tmp_path / "a" / "stack.tif", save_all=True, append_images=pages[1:3])
    pages[3].save(tmp_path / "b" / "one.tif")
    saved(tmp_path / "b" / "two.png", picture(5, colour=False))
    arrays = part(read(tmp_path))
    expected = np.stack([picture(i, colour=False) for i in (0, 1, 2, 3, 5)])
    np.testing.assert_array_equal(arrays.x[ALL], expected)
    assert arrays.labels.tolist() == ["a", "a", "a", "b", "b"]  # type: ignore[union-attr]
    assert arrays.files == ["a/stack.tif"] * 3 + ["b/one.tif", "b/two.png"]
    np.testing.assert_array_equal(x_of(tmp_path, pages="first"), expected[[0, 3, 4]])
    np.testing.assert_array_equal(x_of(tmp_path / "a" / "stack.tif"), expected[:3])


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_corrupt_picture_is_in_the_ledger_and_the_others_are_there(
    tmp_path: Path, as_zip: bool
) -> None:
    folder = tmp_path / "data"
    for i in range(100):
        saved(folder / "ab"[i % 2] / f"{i:03}.png", picture(i))
    broken = folder / "a" / "042.png"
    broken.write_bytes(broken.read_bytes()[:150])
    (folder / "b" / "043.png").write_bytes(b"")
    contents = read(packed(folder, tmp_path / "x.zip") if as_zip else folder)
    arrays = part(contents)
    assert arrays.length == 98
    assert [entry.place.file for entry in contents.ledger] == ["a/042.png", "b/043.png"]
    assert all(entry.what == "left out" and entry.why for entry in contents.ledger)
    expected = [i for i in [*range(0, 100, 2), *range(1, 100, 2)] if i not in (42, 43)]
    np.testing.assert_array_equal(arrays.x[ALL], np.stack([picture(i) for i in expected]))
    assert arrays.labels.tolist() == ["ab"[i % 2] for i in expected]  # type: ignore[union-attr]


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_decoder_that_crashes_costs_one_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(40):
        saved(tmp_path / f"{i:02}.png", picture(i))
    format = detected(tmp_path)
    read, killed = child.read, []

    def killing(process: Any, count: int) -> bytes:
        answer = read(process, count)
        if not killed:  # it has just said that it is ready
            killed.append(process)
            os.kill(process.pid, signal.SIGSEGV)
            process.wait()
        return answer

    monkeypatch.setattr(child, "read", killing)
    contents = format.read(tmp_path, no_progress)
    assert part(contents).length == 39
    (entry,) = contents.ledger
    assert entry.place.file in ("00.png", "32.png")  # the first of those asked for together
    assert "crash" in entry.why


def test_reading_can_be_cancelled_and_leaves_no_process(tmp_path: Path) -> None:
    for i in range(300):
        saved(tmp_path / f"{i}.png", picture(i))
    format = detected(tmp_path)

    def progress(what: str, done: int, total: int | None) -> None:
        if done > 30 and total:
            raise Cancelled

    with pytest.raises(Cancelled):
        format.read(tmp_path, progress)


def test_a_folder_is_decoded_once_and_again_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(decoded, "HELD_BYTES", 0)
    folder = tmp_path / "data"
    for i in range(3):
        saved(folder / f"{i}.png", picture(i))
    (folder / "3.png").write_bytes(b"broken")
    first, asked = read(folder), []
    answers = reading.answers
    monkeypatch.setattr(
        "vaegui.data.formats.pictures.answers", lambda *a: asked.append(a) or answers(*a)
    )
    again = read(folder)
    assert not asked
    np.testing.assert_array_equal(part(again).x[ALL], part(first).x[ALL])
    assert again.ledger == first.ledger
    saved(folder / "3.png", picture(3))
    assert part(read(folder)).length == 4
    assert asked
    assert part(first).fingerprint != part(read(folder)).fingerprint


def test_links_that_lead_out_of_the_folder_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    outside = saved(tmp_path / "secret.png", picture(9))
    saved(folder / "0.png", picture(0))
    (folder / "1.png").symlink_to(outside)
    (folder / "2.png").symlink_to(folder / "0.png")
    (folder / "sub").symlink_to(tmp_path)
    contents = read(folder)
    assert part(contents).files == ["0.png", "2.png"]
    assert [entry.place.file for entry in contents.ledger] == ["1.png"]


def png(width: int, height: int, content: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        sum_ = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", sum_)

    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", content) + chunk(b"IEND", b"")
    )


def bombs() -> dict[str, bytes]:
    grey = io.BytesIO()
    Image.new("L", (9000, 9000)).save(grey, "WEBP", lossless=True, method=0)
    return {
        "claims.png": png(2**31 - 1, 2**31 - 1),
        "zeros.png": png(20_000, 20_000, zlib.compress(bytes(60_001) * 400, 9)),
        "large.webp": grey.getvalue(),
        "claims.bmp": b"BM" + struct.pack("<IHHIIiiHH24x", 99, 0, 0, 54, 40, 2**30, 2**30, 1, 24),
        "claims.pgm": b"P5 100000 100000 255\n",
        "text.ppm": b"P6\n" + b"9" * 10**6,
    }  # fmt: skip


def test_bombs_are_refused_at_once(tmp_path: Path) -> None:
    for name, content in bombs().items():
        folder = tmp_path / name.replace(".", "_")
        folder.mkdir()
        (folder / name).write_bytes(content)
        begin = time.perf_counter()
        with pytest.raises(DataError):
            detected(folder)
        with pytest.raises(DataError, match="None of 1 pictures"):
            Pictures(width=8, height=8).read(folder, no_progress)
        assert time.perf_counter() - begin < 6, name


def flat_zip(count: int, name: str = "{}.png") -> bytes:
    return zipped(*((name.format(i), b"x") for i in range(count)))


@pytest.mark.parametrize(
    "content",
    [
        zipped(("../out.png", b"x")),
        zipped(("/etc/out.png", b"x")),
        zipped(("C:\\out.png", b"x")),
        zipped(("a.png", bytes(10**8)), compression=zipfile.ZIP_DEFLATED),
        zipped(("a.png", b"x"), compression=zipfile.ZIP_LZMA),
        flat_zip(3)[:-1],
        flat_zip(3)[:-22] + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**31, 0, 0),
    ],
)
def test_a_hostile_archive_is_refused_at_once(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    begin = time.perf_counter()
    with pytest.raises(DataError):
        read(path)
    assert time.perf_counter() - begin < 3


def test_another_folder_is_left_to_other_formats(tmp_path: Path) -> None:
    (tmp_path / "x.npy").write_bytes(b"x")
    (tmp_path / "x.zip").write_bytes(zipped(("x.txt", b"x")))
    assert Pictures.detect(tmp_path) is None
    assert Pictures.detect(tmp_path / "x.npy") is None
    assert Pictures.detect(tmp_path / "x.zip") is None
