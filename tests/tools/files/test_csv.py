"""A CSV file comes back byte for byte, whatever its dialect; what is no CSV is refused by line."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tools.files.copying import copied, read

from dsvault.files import FileFormatError

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "plain": b"name,born\nAda,1815\nAlan,1912\n",
    "semicolons": b"name;born\r\nAda;1815\r\n",
    "tabs": b"name\tborn\nAda\t1815\n",
    "all quoted": b'"name","born"\n"Ada","1815"\n"Alan","1912"\n',
    "quoted where needed": b'name,said\nAda,"a ""b"", c"\nAlan,"two\nlines"\n',
    "quoted at will": b'name,born\n"Ada",1815\nAlan,"1912"\n',
    "no last line end": b"name,born\nAda,1815\nAlan,1912",
    "quoted at will without last line end": b'name,born\nAda,1815\n"Alan",1912',
    "byte order mark": b"\xef\xbb\xbfname,born\r\nAda,1815\r\n",
    "mixed line ends": b"name,born\r\nAda,1815\nAlan,1912\r\n",
    "old line ends": b"name,born\rAda,1815\rAlan,1912\r",
    "line ends in quotes": b'name,said\n"A\rd\r\na","\r"\nAlan,1912\n',
    "blanks": b"name,born\n Ada , 1815\n,\n",
    "one column": b'name\nAda\n""\n',
    "no rows": b"name,born\n",
    "a heading alone": b"name,born",
    "other delimiters in quotes": b'"a;b;c",d\n1,2\n',
    "odd heading": b'"na""me",born \nAda,1815\n',
    "other scripts": "nom,né\nÉlise,١٩٠٠\n\u2028x,\x0b\n".encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_comes_back_byte_for_byte(tmp_path: Path, name: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(FILES[name])
    assert copied(path).read_bytes() == FILES[name]


# Some releases of Python's writer leave a lone carriage return without quotes, which ends a row.
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=8)
DIALECT = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "lineterminator": st.sampled_from(["\n", "\r\n"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    }
)


@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=5), dialect=DIALECT)
def test_what_a_csv_writer_wrote_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], dialect: dict[str, object]
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, **dialect)  # type: ignore[call-overload]
    writer.writerows([["a", "b", "c"], *rows])
    path = tmp_path_factory.mktemp("csv") / "in.csv"
    path.write_bytes(text.getvalue().encode())
    assert [[record[name] for name in "abc"] for record in read(path)] == rows
    assert copied(path).read_bytes() == text.getvalue().encode()


def test_most_rows_need_no_form_of_their_own_and_a_form_holds_no_value(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(FILES["quoted at will"])
    assert read(path) == [
        {"name": "Ada", "born": "1815", "$form": '".\n'},
        {"name": "Alan", "born": "1912", "$form": '."\n'},
    ]
    path.write_bytes(FILES["all quoted"])
    assert read(path) == [{"name": "Ada", "born": "1815"}, {"name": "Alan", "born": "1912"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "in.csv is empty"),
        (b"a,b\n1,2\n1,2,3\n", "in.csv:3: this row has 3 fields"),
        (b"a,b\n1,2\n\n", "in.csv:3: this line is empty"),
        (b'a,b\n1,2\n1,"2\n', "in.csv:3: this row is no CSV"),
        (b'a,b\n1,"2"3\n', "in.csv:2: this row is no CSV"),
        (b'"a"b,c\n1,2\n', "in.csv:1: this row is no CSV"),
        (b"a,a\n1,2\n", "in.csv:1: the heading does not name every column once"),
        (b"a,\n1,2\n", "in.csv:1: the heading does not name every column once"),
        (b"a,$form\n1,2\n", "in.csv:1: the heading does not name every column once"),
        (b"a,b\n\xe9,2\n", "in.csv:2 is not UTF-8"),
    ],
)
def test_what_is_no_csv_is_refused_with_its_line_and_without_its_values(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    with pytest.raises(FileFormatError) as refused:
        read(path)
    assert refused.value.message.endswith(said)


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        (b"a,b,a\n", "column 3 is called a, as column 1 is"),
        (b"a,\n", "column 2 has no name"),
        (b"a,$form\n", "column 2 is called $form, which stands for something else here"),
        (b"\n", "no name"),
    ],
)
def test_a_heading_is_refused_with_the_column_that_is_wrong(
    tmp_path: Path, heading: bytes, found: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(heading)
    with pytest.raises(FileFormatError) as refused:
        read(path)
    assert refused.value.detail == found
