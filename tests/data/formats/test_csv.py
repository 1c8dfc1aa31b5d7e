from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from vaegui.data.formats.base import Contents, Detected, Table
from vaegui.data.formats.csv import CsvFile
from vaegui.data.formats.text import blocks, table
from vaegui.errors import Cancelled, DataError
from vaegui.progress import no_progress

Write = Callable[..., Path]

NUMBERS = "\n".join(f"{i},{i * 0.37:.2f}" for i in range(50)) + "\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: str | bytes, name: str = "data.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return write


def detected(path: Path) -> Detected:
    found = CsvFile.detect(path)
    assert found is not None
    return found


def opened(path: Path, **corrected: Any) -> Contents:
    return detected(path).format.model_copy(update=corrected).read(path, no_progress)


def table_of(contents: Contents) -> Table:
    found = contents.parts["all"]
    assert not hasattr(found, "x")
    return found  # type: ignore[return-value]


def values(contents: Contents) -> dict[str, list[Any]]:
    found = table_of(contents)
    names = [column.name for column in found.columns]
    cells: dict[str, list[Any]] = {name: [] for name in names}
    for batch in found.batches(names):
        for name in names:
            cells[name] += batch.column(name).to_pylist()
    assert {len(column) for column in cells.values()} == {found.length}
    return cells


def kinds(contents: Contents) -> dict[str, str]:
    return {column.name: column.kind for column in table_of(contents).columns}


def guessed(path: Path, field: str) -> tuple[Any, str, tuple[Any, ...]]:
    found = detected(path)
    guess = next(guess for guess in found.guesses if guess.field == field)
    return getattr(found.format, field), guess.reason, guess.alternatives


@pytest.mark.parametrize(
    ("delimiter", "mark"),
    [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("bar", "|"), ("blanks", "   ")],
)
def test_the_delimiter_is_found(write: Write, delimiter: str, mark: str) -> None:
    path = write("a,b,c\n1,2.5,x\n3,4.5,y\n5,6.5,x\n".replace(",", mark))
    assert guessed(path, "delimiter")[0] == delimiter
    assert values(opened(path)) == {"a": [1, 3, 5], "b": [2.5, 4.5, 6.5], "c": ["x", "y", "x"]}


def test_a_file_of_one_column_is_a_table_too(write: Write) -> None:
    assert values(opened(write("x\n1\n2\n"))) == {"x": [1, 2]}


def test_a_file_without_names_has_numbered_columns(write: Write) -> None:
    path = write("1,2\n3,4\n")
    assert guessed(path, "header_line")[0] == 0
    assert values(opened(path)) == {"column 1": [1, 3], "column 2": [2, 4]}


def test_names_are_found_in_a_table_of_words_alone(write: Write) -> None:
    rows = "red,round\nblue,round\nred,square\nred,round\n"
    assert set(values(opened(write(f"colour,form\n{rows}")))) == {"colour", "form"}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"]
)
def test_letters_are_read_in_every_usual_encoding(write: Write, encoding: str) -> None:
    path = write("größe,名\n".replace("名", "é") + "1,ä\n2,ö\n3,ä\n", encoding=encoding)
    assert values(opened(path)) == {"größe": [1, 2, 3], "é": ["ä", "ö", "ä"]}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(write: Write, end: str) -> None:
    assert values(opened(write(f"a,b{end}1,x{end}{end}2,y{end}3,x"))) == {
        "a": [1, 2, 3],
        "b": ["x", "y", "x"],
    }


def test_quoted_cells_may_contain_the_delimiter_quotes_and_ends_of_lines(write: Write) -> None:
    path = write('a,b\n1,"x, y"\n2,"he said ""no"""\n3,"two\nlines"\n4,z\n')
    assert values(opened(path))["b"] == ["x, y", 'he said "no"', "two\nlines", "z"]


def test_every_row_may_go_over_several_lines(write: Write) -> None:
    path = write("a,b\n" + "".join(f'{i},"x, {i % 3}\ny"\n' for i in range(60)))
    assert values(opened(path))["b"][:2] == ["x, 0\ny", "x, 1\ny"]


def test_quotes_within_words_do_not_keep_quoted_ends_of_lines_from_being_read(
    write: Write,
) -> None:
    rows = [f'{i},"two\nlines",nail' for i in range(3000)]
    rows[2000], rows[2501], rows[2900] = '2000,x,nail 3"', '2501,x,nail 4"', "1,2"
    contents = opened(write("\n".join(["a,b,c", *rows, ""])))
    assert values(contents)["a"] == [i for i in range(3000) if i != 2900]
    assert [entry.why for entry in contents.ledger] == ["it has 2 cells, not 3"]


def test_quotes_within_words_are_inches(write: Write) -> None:
    path = write("a,b\n" + "".join(f'{i},nail {i % 3}" long\n' for i in range(60)))
    contents = opened(path)
    assert values(contents)["b"][:2] == ['nail 0" long', 'nail 1" long']
    assert contents.ledger == ()


def test_a_quote_that_is_never_closed_costs_its_line_only(write: Write) -> None:
    rows = [f"{i},word,{i}" for i in range(100)]
    rows[40] = '40,"word,40'
    contents = opened(write("\n".join(["a,b,c", *rows])))
    assert values(contents)["a"] == [i for i in range(100) if i != 40]
    (entry,) = contents.ledger
    assert (entry.place.line, entry.what) == (42, "left out")
    assert "quote" in entry.why


def test_decimal_commas_and_thousands_are_read_where_they_are_certain(write: Write) -> None:
    path = write("a;b\n1,5;1.234,25\n2,25;2.000.000,5\n-0,5;3,75\n")
    assert values(opened(path)) == {"a": [1.5, 2.25, -0.5], "b": [1234.25, 2000000.5, 3.75]}
    path = write('a,b\n"1,234.5",1\n"12,345,678",2\n7,3\n')
    assert values(opened(path))["a"] == [1234.5, 12345678, 7]


def test_what_one_comma_and_three_digits_mean_is_said_to_be_in_doubt(write: Write) -> None:
    path = write("a;b\n1,234;1\n2,345;2\n")
    value, reason, alternatives = guessed(path, "decimal")
    assert (value, alternatives) == ("comma", ("point",))
    assert "three digits" in reason
    path = write('a,b\n"1,234",1\n"12,345",2\n')
    assert values(opened(path))["a"] == [1234, 12345]
    assert guessed(path, "decimal")[0] == "point"


def test_missing_values_of_several_kinds_are_found(write: Write) -> None:
    rows = [f"{i},{i / 3:.3f}" for i in range(60)]
    rows[3], rows[5], rows[7], rows[9], rows[11] = "3,NA", "5,", "7,-", "9,-999", "11,-999"
    path = write("\n".join(["a,b", *rows]))
    _, reason, alternatives = guessed(path, "missing")
    assert "2 times -999" in reason
    assert all("-999" not in texts for texts in alternatives)
    contents = opened(path)
    assert [i for i, b in enumerate(values(contents)["b"]) if b is None] == [3, 5, 7, 9, 11]
    assert contents.ledger == ()


def test_minus_999_among_numbers_like_it_is_a_number(write: Write) -> None:
    path = write("a\n" + "\n".join(str(i) for i in range(-2000, 2000, 7)) + "\n-999\n-999\n")
    assert None not in values(opened(path))["a"]


def test_a_cell_that_is_no_number_is_missing_and_told_with_its_place(write: Write) -> None:
    rows = [f"{i},{i / 3:.3f}" for i in range(5000)]
    rows[4321] = "4321,broken"
    contents = opened(write("\n".join(["a,b", *rows])))
    assert kinds(contents) == {"a": "number", "b": "number"}
    assert values(contents)["b"][4321] is None
    (entry,) = contents.ledger
    place = entry.place
    assert (place.file, place.row, place.column, place.line) == ("data.csv", 4321, "b", 4323)
    assert "'broken'" in entry.why


def test_a_column_that_turns_out_to_have_words_is_one_of_words(write: Write) -> None:
    words = "\n".join(f"{i},{'xyz'[i % 3]}" for i in range(20_000))
    numbers = "\n".join(f"{i},1" for i in range(20_000))
    end = "\n".join(f"{i},2" for i in range(5000))
    contents = opened(write(f"a,b\n{numbers}\n{words}\n{end}\n"))
    assert kinds(contents) == {"a": "number", "b": "category"}
    assert contents.ledger == ()


def test_the_line_of_each_row_is_known(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 2000)
    rows = [f"{i},x,{i}" for i in range(3000)]
    rows[700], rows[1500] = "1,2", f"{rows[1500]}\n\n"
    contents = opened(write("\n".join(["a,b,c", *rows])))
    table, a = table_of(contents), values(contents)["a"]
    lines = {int(value): table.line(row) for row, value in enumerate(a)}
    assert [lines[i] for i in (0, 699, 701, 1500, 1501, 2999)] == [2, 701, 703, 1502, 1505, 3003]


def test_ragged_rows_are_left_out_and_told_with_their_lines(write: Write) -> None:
    rows = [f"{i},x,{i}" for i in range(3000)]
    rows[10], rows[2000] = "1,2", "1,2,3,4"
    contents = opened(write("\n".join(["a,b,c", "", *rows])))
    assert len(values(contents)["a"]) == 2998
    assert [(e.place.line, e.why) for e in contents.ledger] == [
        (13, "it has 2 cells, not 3"),
        (2003, "it has 4 cells, not 3"),
    ]


def test_short_rows_can_be_filled_up_and_long_ones_cannot(write: Write) -> None:
    rows = [f"{i},x,{i}" for i in range(3000)]
    rows[10], rows[2000] = "1,2", "1,2,3,4"
    path = write("\n".join(["a,b,c", *rows]))
    (problem,) = opened(path).problems
    assert (problem.kind, problem.count) == ("ragged rows", 2)
    assert problem.sentence.startswith("2 rows were left out, for example in line 12")
    assert [place.line for place in problem.places] == [12, 2002]
    assert problem.fix is not None
    assert problem.fix.values == {"data.format.ragged": "fill up"}
    contents = opened(path, ragged="fill up")
    cells = values(contents)
    assert len(cells["a"]) == 2999
    assert [cells[name][10] for name in "abc"] == [1, "2", None]
    assert {p.kind: p.places[0].line for p in contents.problems} == {
        "ragged rows": 2002,
        "short rows": 12,
    }
    assert [(e.place.line, e.what) for e in contents.ledger] == [
        (2002, "left out"),
        (12, "changed"),
    ]


def test_other_words_can_be_taken_for_missing_beside_those_that_were_found(write: Write) -> None:
    rows = [f"{i},{i * 0.5}" for i in range(100)]
    rows[3], rows[7], rows[9], rows[11] = "3,-", "7,k.A.", "9,k.A.", "11,-"
    path = write("\n".join(["a,b", *rows]))
    assert "-" in detected(path).format.missing  # type: ignore[attr-defined]
    (problem,) = opened(path).problems
    assert problem.kind == "wrong cells"
    assert "2 cells hold no number" in problem.sentence
    assert [(p.line, p.column) for p in problem.places] == [(9, "b"), (11, "b")]
    assert problem.fix is not None
    assert problem.fix.values == {"data.format.also_missing": ["k.A."]}
    contents = opened(path, also_missing=("k.A.",))
    assert contents.problems == ()
    assert contents.ledger == ()
    assert [i for i, b in enumerate(values(contents)["b"]) if b is None] == [3, 7, 9, 11]


def test_lines_are_counted_right_behind_quoted_ends_of_lines(write: Write) -> None:
    path = write('a,b\n1,"two\nlines"\n2,"x\ny"\nbroken,z\n' + '5,"v\nw"\n6,u\n' * 20)
    contents = opened(path)
    assert [(e.place.row, e.place.line) for e in contents.ledger] == [(2, 6)]


@pytest.mark.parametrize(
    ("written", "order", "expected"),
    [
        (("2024-02-29", "2024-03-01"), "day first", ("2024-02-29", "2024-03-01")),
        (("29.02.2024", "01.03.2024"), "day first", ("2024-02-29", "2024-03-01")),
        (("02/29/2024", "03/01/2024"), "month first", ("2024-02-29", "2024-03-01")),
        (("3 Feb 2024", "15-March-2024"), "day first", ("2024-02-03", "2024-03-15")),
        (("3-Feb-24", "15-Mar-98"), "day first", ("2024-02-03", "1998-03-15")),
        (("1969-12-31T12:00:00Z", "2024-02-29 06:00"), "day first", (-0.5, "2024-02-29T06:00")),
    ],
)
def test_dates_become_days(
    write: Write, written: tuple[str, str], order: str, expected: tuple[Any, Any]
) -> None:
    path = write("when\n" + "\n".join(written) + "\n")
    assert detected(path).format.dates == order  # type: ignore[attr-defined]
    contents = opened(path)
    assert kinds(contents) == {"when": "date"}
    days = [
        day
        if isinstance(day, float)
        else (np.datetime64(day, "m") - np.datetime64("1970-01-01")) / np.timedelta64(1, "D")
        for day in expected
    ]
    assert values(contents)["when"] == days


def test_a_day_that_no_month_has_is_missing_and_told(write: Write) -> None:
    dates = [f"{i % 28 + 1:02d}.02.2023" for i in range(30)]
    contents = opened(write("\n".join(["when", *dates, "29.02.2023", "01.03.2023"])))
    assert [e.place.line for e in contents.ledger] == [32]


def test_dates_that_can_be_read_in_two_ways_are_said_to_be(write: Write) -> None:
    path = write("when,x\n01/02/2024,1\n03/04/2024,2\n")
    assert guessed(path, "dates")[2] == ("month first",)
    assert values(opened(path, dates="month first"))["when"][0] == 19724


def test_lines_before_the_table_names_units_and_comments_are_told_apart(write: Write) -> None:
    path = write(
        "# measured in May\nlength;mass;kind\n[cm];[kg];\n1;2;a\n# a pause\n3;4;b\n5;6;a\n"
    )
    format = detected(path).format
    assert isinstance(format, CsvFile)
    assert (format.header_line, format.units_line, format.first_line) == (2, 3, 4)
    contents = opened(path)
    assert [(c.name, c.unit) for c in table_of(contents).columns] == [
        ("length", "cm"),
        ("mass", "kg"),
        ("kind", ""),
    ]
    assert values(contents)["length"] == [1, 3, 5]


def test_a_unit_in_the_heading_is_taken_from_it(write: Write) -> None:
    contents = opened(write("length [cm],mass (kg)\n1,2\n3,4\n"))
    assert [(c.name, c.unit) for c in table_of(contents).columns] == [
        ("length", "cm"),
        ("mass", "kg"),
    ]


def test_names_in_a_comment_are_used(write: Write) -> None:
    contents = opened(write("# x y z\n1.5 2 3\n4 5 6\n7 8 9\n", "data.txt"))
    assert values(contents) == {"x": [1.5, 4, 7], "y": [2, 5, 8], "z": [3, 6, 9]}


def test_names_are_unique_and_can_be_shown(write: Write) -> None:
    long = "n" * 300
    contents = opened(write(f"x,x,,a\x07b,{long}\n1,2,3,4,5\n6,7,8,9,10\n"))
    names = [column.name for column in table_of(contents).columns]
    assert names[:4] == ["x", "x (2)", "column 3", "a b"]
    assert len(names[4]) == 100


def test_names_of_rows_may_have_no_name_themselves(write: Write) -> None:
    contents = opened(write("a\tb\nr1\t1\t2\nr2\t3\t4\nr3\t5\t6\n", "data.tsv"))
    assert list(values(contents)) == ["row", "a", "b"]


def test_every_guess_can_be_corrected(write: Write) -> None:
    path = write("1,5;2\n3,5;4\n")
    contents = opened(path, decimal="point", delimiter="comma", kinds={"column 2": "category"})
    assert values(contents)["column 2"] == ["5;2", "5;4"]


def test_a_large_file_is_read_portion_by_portion_and_gives_the_same(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f'{i},{i / 3:.3f},"word {i % 7}"' for i in range(20_000)]
    rows[15_000] = "x,1,2"
    path = write("\n".join(["a,b,c", *rows]))
    resident = values(opened(path))
    monkeypatch.setattr(table, "_IN_MEMORY", 0)
    monkeypatch.setattr(blocks, "BLOCK", 1000)
    contents = opened(path)
    assert values(contents) == resident
    assert [entry.place.line for entry in contents.ledger] == [15_002]
    batches = table_of(contents).batches(["b"])
    assert next(batches).num_rows < 2000
    batches.close()  # type: ignore[attr-defined]


def test_a_file_that_changes_between_two_readings_is_told(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "_IN_MEMORY", 0)
    path = write(f"a,b\n{NUMBERS}")
    contents = opened(path)
    write(f"a,b\n{NUMBERS}1,1\n")
    with pytest.raises(DataError, match="changed while it was read"):
        values(contents)
    path.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        values(contents)


def test_reading_can_be_cancelled(write: Write) -> None:
    def cancel(what: str, done: int, total: int | None) -> None:
        raise Cancelled(what)

    path = write(f"a,b\n{NUMBERS}")
    with pytest.raises(Cancelled):
        detected(path).format.read(path, cancel)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x00" * 100_000, "data.csv"),
        (bytes(range(256)) * 400, "data.csv"),
        (b"x" * (20 << 20), "data.csv"),
        (b"a,b\n" + b"1" * (20 << 20), "data.csv"),
        (b"," * (6 << 20) + b"\n" + b"," * (6 << 20), "data.csv"),
        (b"", "data.csv"),
        (b"\n\n\n", "data.csv"),
        (b"a,b\n", "data.csv"),
    ],
    ids=[
        "zeros",
        "bytes",
        "one line",
        "long line",
        "columns",
        "empty",
        "lines",
        "head",
    ],
)
def test_what_cannot_be_a_table_is_refused_in_words_quickly(
    write: Write, content: bytes, name: str
) -> None:
    path = write(content, name)
    process = psutil.Process()
    before, began = process.memory_info().rss, time.perf_counter()
    with pytest.raises(DataError) as caught:
        opened(path)
    assert caught.value.remedy
    assert time.perf_counter() - began < 3
    assert process.memory_info().rss - before < 100 << 20


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Dear Sir,\n\nhow are you?\nI am well, thank you.\n", "letter.txt"),
        ("import os, sys\nprint(1, 2)\n", "program.py"),
        ('{"a": [1, 2]}', "data.json"),
        ("<html><body>1,2\n3,4</body></html>", "page.txt"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture.png"),
    ],
)
def test_other_files_are_left_to_other_formats(
    write: Write, content: str | bytes, name: str
) -> None:
    assert CsvFile.detect(write(content, name)) is None


def test_a_line_of_absurd_length_in_the_middle_names_its_line(write: Write) -> None:
    path = write(f"a,b\n{NUMBERS * 4000}" + "1" * (20 << 20) + "\n1,2\n")
    with pytest.raises(DataError, match=r"line 200,002: .* more than"):
        opened(path)


def test_names_with_control_characters_do_not_reach_messages(write: Write) -> None:
    contents = opened(write("a,b\n" + "1,2\n" * 60 + "\x1b[31m,2\n"))
    assert re.search(r"\x1b", contents.ledger[0].why) is None


def test_how_a_very_wide_table_is_written_is_found_with_some_of_its_columns(
    tmp_path: Path,
) -> None:
    width = 20_000
    values = np.random.default_rng(0).normal(size=(6, width))
    path = tmp_path / "wide.csv"
    lines = [",".join(f"f{i}" for i in range(width))]
    for row, cells in enumerate(values.tolist()):
        lines.append(
            ",".join("?" if (i + row) % 7 == 3 else f"{x:.2f}" for i, x in enumerate(cells))
        )
    path.write_text("\n".join(lines))
    begin = time.process_time()
    detected = CsvFile.detect(path)
    assert detected is not None
    assert time.process_time() - begin < 3
    assert isinstance(detected.format, CsvFile)
    assert (detected.format.header_line, detected.format.delimiter) == (1, "comma")
    assert "?" in detected.format.missing
